"""Courses that an enterprise wrote for itself go with it, with their films, trainers and reviews; what others learn by stays.

Which ones go is said once, here. What keeps rows of courses from being deleted lets go of these alone, and only while their enterprise is destroyed.
"""

from typing import ClassVar

from django.db import migrations, models

STEPS = [
    ("LIST", "清点"), ("KEYS", "销毁数据密钥"), ("COURSES", "删除自编课程"), ("FILES", "删除文件"), ("ROWS", "清除共用表中的数据"),
    ("SCHEMA", "删除数据库模式和角色"), ("CERTIFICATE", "签发销毁证明"),
]  # fmt: skip
# A course for all that was never published was never shown to anybody else.
COURSES = """
CREATE FUNCTION public.courses_to_go(of_schema text) RETURNS SETOF bigint STABLE LANGUAGE sql AS $$
  SELECT c.id FROM public.catalogue_course c WHERE c.provider_schema = of_schema AND of_schema <> '' AND (c.is_private OR NOT EXISTS (
    SELECT 1 FROM public.catalogue_courseversion v WHERE v.course_id = c.id AND v.published_at IS NOT NULL))
$$
"""
# A film that a course shows which stays, whosever it is, stays.
FILMS = """
CREATE FUNCTION public.films_to_go(of_schema text) RETURNS SETOF bigint STABLE LANGUAGE sql AS $$
  WITH shown AS (
    SELECT w.media_id, v.course_id IN (SELECT public.courses_to_go(of_schema)) AS goes
    FROM public.catalogue_courseware w JOIN public.catalogue_courseversion v ON v.id = w.version_id)
  SELECT m.id FROM public.catalogue_mediaasset m
  WHERE NOT EXISTS (SELECT 1 FROM shown s WHERE s.media_id = m.id AND NOT s.goes)
    AND CASE WHEN m.upload IS NULL THEN EXISTS (SELECT 1 FROM shown s WHERE s.media_id = m.id)
             ELSE EXISTS (SELECT 1 FROM public.uploads_upload u WHERE u.uuid = m.upload AND u.provider_schema = of_schema) END
$$
"""
TRAINERS = """
CREATE FUNCTION public.trainers_to_go(of_schema text) RETURNS SETOF bigint STABLE LANGUAGE sql AS $$
  SELECT t.id FROM public.catalogue_trainer t WHERE t.provider_schema = of_schema AND of_schema <> '' AND NOT EXISTS (
    SELECT 1 FROM public.catalogue_courseversion v WHERE v.trainer_id = t.id AND v.course_id NOT IN (SELECT public.courses_to_go(of_schema)))
$$
"""
# Asked with each row that is deleted: in an enterprise's own place, or while nothing is destroyed, it costs next to nothing.
GOES = """
CREATE FUNCTION public.course_row_goes(of_table text, gone jsonb) RETURNS boolean STABLE LANGUAGE plpgsql AS $$
DECLARE of_schema text; course bigint;
BEGIN
  IF public.enterprise_schema() <> 'platform' THEN
    RETURN false;
  END IF;
  FOR of_schema IN SELECT e.schema_name FROM public.lifecycle_destruction d JOIN public.tenants_enterprise e ON e.id = d.enterprise_id
                   WHERE d.state = 'RUNNING' LOOP
    IF of_table = 'subtitles_trackrevision' THEN
      IF EXISTS (SELECT 1 FROM public.subtitles_subtitletrack t WHERE t.id = (gone->>'track_id')::bigint
                 AND t.media_id IN (SELECT public.films_to_go(of_schema))) THEN
        RETURN true;
      END IF;
    ELSE
      course := CASE of_table
        WHEN 'catalogue_courseversion' THEN (gone->>'course_id')::bigint
        WHEN 'catalogue_publishlog' THEN (gone->>'course_id')::bigint
        WHEN 'review_findingentry' THEN (SELECT v.course_id FROM public.review_finding f
          JOIN public.catalogue_courseversion v ON v.id = f.version_id WHERE f.id = (gone->>'finding_id')::bigint)
        WHEN 'rights_expiryalert' THEN (SELECT v.course_id FROM public.rights_rightsasset a
          JOIN public.catalogue_courseversion v ON v.id = a.version_id WHERE a.id = (gone->>'asset_id')::bigint)
        ELSE (SELECT v.course_id FROM public.catalogue_courseversion v WHERE v.id = (gone->>'version_id')::bigint)
      END;
      IF course IN (SELECT public.courses_to_go(of_schema)) THEN
        RETURN true;
      END IF;
    END IF;
  END LOOP;
  RETURN false;
END $$
"""
# Films and trainers are chosen before the rows go that say whose they are. What hangs on a row goes before it.
DESTROY = """
CREATE FUNCTION public.destruction_courses(of_schema text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  courses bigint[] := ARRAY(SELECT courses_to_go(of_schema));
  films bigint[] := ARRAY(SELECT films_to_go(of_schema));
  trainers bigint[] := ARRAY(SELECT trainers_to_go(of_schema));
  versions bigint[] := ARRAY(SELECT v.id FROM catalogue_courseversion v WHERE v.course_id = ANY(courses));
  done bigint := 0; more bigint; one record;
BEGIN
  IF public.enterprise_schema() <> 'platform' OR NOT public.destruction_runs(of_schema) THEN
    RAISE EXCEPTION 'no destruction of % runs here', of_schema USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE catalogue_course SET alternative_to_id = NULL WHERE alternative_to_id = ANY(courses) AND id <> ALL(courses);
  FOR one IN SELECT * FROM (VALUES
      (1, 'review_findingentry', 'finding_id IN (SELECT f.id FROM review_finding f WHERE f.version_id = ANY($1))'),
      (2, 'review_finding', 'version_id = ANY($1)'),
      (3, 'review_decision', 'version_id = ANY($1)'),
      (4, 'review_citation', 'version_id = ANY($1)'),
      (5, 'review_rereview', 'version_id = ANY($1)'),
      (6, 'review_reviewtask', 'version_id = ANY($1)'),
      (7, 'review_submission', 'version_id = ANY($1)'),
      (8, 'rights_expiryalert', 'asset_id IN (SELECT a.id FROM rights_rightsasset a WHERE a.version_id = ANY($1))'),
      (9, 'rights_rightsasset', 'version_id = ANY($1)'),
      (10, 'rights_peopleanswer', 'version_id = ANY($1)'),
      (11, 'search_entry', 'version_id = ANY($1)'),
      (12, 'search_coursequality', 'course_id = ANY($2)'),
      (13, 'subtitles_trackrevision', 'track_id IN (SELECT t.id FROM subtitles_subtitletrack t WHERE t.media_id = ANY($3))'),
      (14, 'subtitles_subtitletrack', 'media_id = ANY($3)'),
      (15, 'catalogue_quiz', 'version_id = ANY($1)'),
      (16, 'catalogue_courseware', 'version_id = ANY($1)'),
      (17, 'catalogue_chapter', 'version_id = ANY($1)'),
      (18, 'catalogue_notice', 'version_id = ANY($1)'),
      (19, 'catalogue_publishlog', 'course_id = ANY($2)'),
      (20, 'catalogue_courseversion', 'id = ANY($1)'),
      (21, 'catalogue_course', 'id = ANY($2)'),
      (22, 'catalogue_mediaasset', 'id = ANY($3)'),
      (23, 'catalogue_trainerqualification', 'trainer_id = ANY($4)'),
      (24, 'catalogue_trainer', 'id = ANY($4)')
    ) AS step(n, name, which) ORDER BY n LOOP
    EXECUTE format('DELETE FROM %I WHERE ', one.name) || one.which USING versions, courses, films, trainers;
    GET DIAGNOSTICS more = ROW_COUNT;
    done := done + more;
  END LOOP;
  RETURN done;
END $$
"""
_GROWS = ("only_grows", "UPDATE", "refuse_change", True)
_PART = ("stays", "INSERT OR UPDATE", "keep_part_of_version", True)
_DRAFTS = ("only_in_drafts", "UPDATE", "rights_only_in_drafts", False)
GUARDED = {
    "catalogue_courseversion": ("stays", "UPDATE", "keep_version", True),
    "catalogue_chapter": _PART,
    "catalogue_courseware": _PART,
    "catalogue_quiz": _PART,
    "catalogue_notice": _GROWS,
    "catalogue_publishlog": _GROWS,
    "review_decision": _GROWS,
    "review_findingentry": _GROWS,
    "review_submission": _GROWS,
    "review_rereview": ("rereview_law", "UPDATE", "review_rereview_law", False),
    "rights_expiryalert": _GROWS,
    "rights_rightsasset": _DRAFTS,
    "rights_peopleanswer": _DRAFTS,
    "subtitles_trackrevision": _GROWS,
}
"""Table -> trigger, what it guards besides deleting, its function, and whether it fires in replica mode too."""


def _lets_go(table: str, name: str, events: str, function: str, is_always: bool) -> migrations.RunSQL:
    """Ask before the guard of deletions speaks; all else is guarded as before."""
    runs = f'ON "{table}" FOR EACH ROW'
    always = [f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER {one}' for one in (name, f"{name}_d")] if is_always else []
    return migrations.RunSQL(
        [
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {events} {runs} EXECUTE FUNCTION public.{function}()",
            f"CREATE TRIGGER {name}_d BEFORE DELETE {runs} WHEN (NOT public.course_row_goes('{table}', to_jsonb(OLD))) "
            f"EXECUTE FUNCTION public.{function}()",
            *always,
        ],
        [
            f'DROP TRIGGER {name}_d ON "{table}"',
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {events} OR DELETE {runs} EXECUTE FUNCTION public.{function}()",
            *always[:1],
        ],
    )


class Migration(migrations.Migration):
    """A step, functions, triggers."""

    dependencies: ClassVar = [
        ("lifecycle", "0006_closed_counts"),
        ("catalogue", "0010_hold"),
        ("review", "0005_question_batches"),
        ("rights", "0002_frozen"),
        ("search", "0005_aspects"),
        ("subtitles", "0002_rights"),
        ("uploads", "0003_key_sealed"),
    ]
    operations: ClassVar = [
        migrations.AlterField("destruction", "step", models.CharField(choices=STEPS, default="LIST", max_length=11)),
        migrations.RunSQL(COURSES, "DROP FUNCTION public.courses_to_go(text)"),
        migrations.RunSQL(FILMS, "DROP FUNCTION public.films_to_go(text)"),
        migrations.RunSQL(TRAINERS, "DROP FUNCTION public.trainers_to_go(text)"),
        migrations.RunSQL(GOES, "DROP FUNCTION public.course_row_goes(text, jsonb)"),
        *(_lets_go(table, *how) for table, how in GUARDED.items()),
        migrations.RunSQL(DESTROY, "DROP FUNCTION public.destruction_courses(text)"),
    ]
