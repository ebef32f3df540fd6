"""What an enterprise may find, by the database itself; and the one function through which it searches.

Under row-level security the planner may not hand `@@` and LIKE to an index, because they are not leakproof; it would read
all rows. So the match runs in a function of the owner that tells no more than ids of visible rows and how well they fit.
"""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only, own_rows_only

# Asked once for a statement, not once for a row.
VISIBLE = """
CREATE POLICY visible ON search_entry USING ((SELECT public.enterprise_schema()) = 'platform'
  OR is_open AND visible_to IN ('', (SELECT public.enterprise_schema())))
"""

_SHOWN = (
    "e.version_id, {fit}::real, {close}, e.quality, e.audience, e.industry, e.topic, e.hours, e.category, e.rating, "
    "e.trainer, e.provider, e.published_at, e.duration_ms, e.rating_bound, e.ratings"
)
_FROM = "FROM search_entry e WHERE e.is_open AND (e.visible_to IN ('', here) OR here = 'platform')"
_FIT = """CASE
      WHEN e.title_key = exact THEN 64 WHEN strpos(e.title_key, exact) > 0 THEN 32 WHEN e.head @@ in_title THEN 24
      WHEN strpos(split_part(e.letters, '|', 1), typed) > 0 THEN 14 WHEN e.head @@ in_head THEN 12
      WHEN e.letters LIKE pattern THEN 6 ELSE 4 END"""
HITS = f"""
CREATE FUNCTION public.search_hits(strict tsquery, in_title tsquery, in_head tsquery, loose tsquery, heard tsquery, exact text,
  typed text, pattern text) RETURNS TABLE (id bigint, fit real, is_close boolean, quality float, audience varchar, industry varchar,
  topic varchar, hours varchar, category varchar, rating varchar, trainer varchar, provider varchar, published_at timestamptz,
  duration_ms bigint, rating_bound float, ratings integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan
SET enable_seqscan = off SET pg_trgm.word_similarity_threshold = 0.55 AS $$
#variable_conflict use_column
DECLARE here text := public.enterprise_schema();
BEGIN
  RETURN QUERY SELECT {_SHOWN.format(fit=_FIT, close="false")} {_FROM} AND (e.body @@ strict OR e.letters LIKE pattern);
  IF FOUND THEN RETURN; END IF;
  RETURN QUERY SELECT {_SHOWN.format(fit="CASE WHEN e.near @@ heard THEN 3 ELSE 2 END", close="true")} {_FROM} AND e.near @@ loose;
  IF FOUND OR coalesce(length(typed), 0) < 4 THEN RETURN; END IF;
  RETURN QUERY SELECT {_SHOWN.format(fit="word_similarity(typed, e.letters)", close="true")} {_FROM} AND typed <% e.letters;
END $$
"""

# A version that is no longer the published one is not found from the same moment on, whatever happens to the index.
FOLLOW = """
CREATE FUNCTION public.search_follow_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE search_entry SET is_open = NEW.state = 'PUBLISHED', visible_to = NEW.visible_to WHERE version_id = NEW.id;
  RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    """Row-level security, trigger, function."""

    dependencies: ClassVar = [("search", "0001_initial"), ("catalogue", "0004_visibility"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        migrations.RunSQL(
            ["ALTER TABLE search_entry ENABLE ROW LEVEL SECURITY", VISIBLE],
            ["DROP POLICY visible ON search_entry", "ALTER TABLE search_entry DISABLE ROW LEVEL SECURITY"],
        ),
        # Ranking reads `head` and `letters` of every hit, so they stay in the row as they are; what only the indexes need leaves it.
        migrations.RunSQL(
            "ALTER TABLE search_entry ALTER head SET STORAGE MAIN, ALTER letters SET STORAGE MAIN, "
            "ALTER near SET STORAGE EXTERNAL, ALTER body SET STORAGE EXTERNAL",
            migrations.RunSQL.noop,
        ),
        own_rows_only("search_quality_daily"),
        append_only("search_quality_daily"),
        migrations.RunSQL(HITS, "DROP FUNCTION public.search_hits"),
        migrations.RunSQL(FOLLOW, "DROP FUNCTION public.search_follow_version"),
        migrations.RunSQL(
            "CREATE TRIGGER search_follows AFTER UPDATE OF state, visible_to ON catalogue_courseversion FOR EACH ROW "
            "WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.visible_to IS DISTINCT FROM NEW.visible_to) "
            "EXECUTE FUNCTION public.search_follow_version()",
            "DROP TRIGGER search_follows ON catalogue_courseversion",
        ),
    ]
