"""Courses that an enterprise wrote for itself go when it is destroyed; those that others learn by stay whole, and the neighbour's are not touched."""

from __future__ import annotations

import re
from collections import defaultdict
from importlib import import_module
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import ForeignObjectRel, Model
from django.db.utils import ProgrammingError

from public.catalogue import media_making
from public.catalogue.models import Course, CourseVersion, MediaAsset, PublishLog, Trainer
from public.complaints import queries as complaints
from public.complaints.content import settle
from public.complaints.models import Complaint
from public.lifecycle.destruction import planning, running
from public.lifecycle.models import Destruction
from public.review.models import Decision
from public.uploads.models import Upload
from tenants.errors import Unavailable
from tenants.scope import enterprise_scope, platform_scope
from tenants.sites import Site
from tests.public.complaints.ground import desk as complaint_desk
from tests.public.complaints.ground import file
from tests.public.lifecycle.courses import Own, written
from tests.public.lifecycle.ends import after, closed, planned
from tests.public.review.ground import house

pytestmark = pytest.mark.req("R4.6")
_POINTING = """
SELECT DISTINCT f.conrelid::regclass::text FROM pg_constraint f WHERE f.contype = 'f' AND f.confrelid::regclass::text = ANY(%s)
"""
_DESTROYED = import_module("public.lifecycle.migrations.0007_own_courses").DESTROY


@pytest.fixture
def jia(leaving: Site) -> Site:
    """What is sealed of it no other test leaves open."""
    return leaving


@pytest.fixture
def courses(platform: None, jia: Any, yi: Any) -> dict[str, Own]:
    """One for itself, one for all, one for all that nobody ever saw, and the neighbour's own."""
    people = house()
    return {
        "own": written(jia.schema_name, code="AQ-CY-ALL-SJ-0931", is_private=True, house=people),
        "for_all": written(jia.schema_name, code="AQ-CY-ALL-SJ-0932", is_private=False, house=people),
        "unseen": written(jia.schema_name, code="AQ-CY-ALL-SJ-0933", is_private=False),
        "neighbours": written(yi.schema_name, code="AQ-CY-ALL-SJ-0934", is_private=True, house=people),
    }


@pytest.fixture
def begun(courses: dict[str, Own], jia: Any) -> Destruction:
    """Its destruction runs; no step is done."""
    waiting = planned(jia, at=after(closed(jia)))
    with platform_scope():
        assert running.begin(waiting.pk, at=waiting.starts_at)
        return planning.one_by_id(waiting.pk)


def do(row: Destruction, *steps: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with platform_scope():
        for step in steps:
            found |= running._STEPS[step](row, row.starts_at)
    return found


def rows_of(own: Own) -> dict[str, int]:
    """Return table -> rows that hang on a course, its film and its trainer, however far away."""
    found: defaultdict[str, set[Any]] = defaultdict(set)
    waiting: list[tuple[type[Model], list[Any]]] = [(Course, [own.course]), (MediaAsset, [own.film.pk]), (Trainer, [own.trainer])]
    with platform_scope():
        while waiting:
            model, keys = waiting.pop()
            new = set(keys) - found[model._meta.db_table]
            found[model._meta.db_table] |= new
            for link in model._meta.get_fields(include_hidden=True) if new else ():
                if isinstance(link, ForeignObjectRel):
                    rows = link.related_model._base_manager.filter(**{f"{link.field.name}__in": new})
                    waiting.append((link.related_model, list(rows.values_list("pk", flat=True))))
    return {table: len(keys) for table, keys in found.items() if keys}


def test_what_was_written_for_itself_goes_with_films_trainers_and_reviews(courses, begun, jia):
    own, unseen = courses["own"], courses["unseen"]
    hang = {"review_findingentry", "rights_expiryalert", "subtitles_trackrevision", "search_entry", "search_coursequality"}
    assert hang <= set(rows_of(own))
    assert "catalogue_quiz" in rows_of(unseen)
    listed = do(begun, "LIST")["courses"]
    assert (listed["courses"], listed["versions"], listed["kept"]) == (2, 2, 1)
    assert listed["films"]["count"] == 2
    assert listed["films"]["bytes"] >= 2 * len(b"a piece of a film" + b"of a former making")
    do(begun, "KEYS")
    with platform_scope():
        film = MediaAsset.objects.get(pk=own.film.pk)
        assert (film.keys_sealed, film.state) == (None, "FAILED"), "what a locked store still has opens no more"
    assert default_storage.exists(own.file)
    do(begun, "COURSES")
    with platform_scope(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing points at what is gone
        for one in (own, unseen):
            assert not Course.objects.filter(pk=one.course).exists()
            assert not CourseVersion.objects.filter(pk=one.version).exists()
            assert not MediaAsset.objects.filter(pk=one.film.pk).exists()
            assert not Trainer.objects.filter(pk=one.trainer).exists()
            assert not default_storage.exists(one.file)
        assert not Decision.objects.filter(version_id=own.version).exists()
        assert not PublishLog.objects.filter(course_id=own.course).exists()
    do(begun, "FILES")
    with platform_scope():
        gone = [part for one in (own, unseen) for part in (one.source, one.evidence, one.diploma)]
        assert not Upload.objects.filter(uuid__in=gone).exists()
    do(begun, "KEYS", "COURSES", "FILES")  # safe to repeat


@pytest.mark.parametrize("which", ["for_all", "neighbours"])
def test_what_others_learn_by_and_the_neighbours_own_stay_whole(courses, begun, which):
    kept = courses[which]
    before = rows_of(kept)
    do(begun, "LIST", "KEYS", "COURSES", "FILES", "ROWS")
    assert rows_of(kept) == before
    with platform_scope():
        film = MediaAsset.objects.get(pk=kept.film.pk)
        assert (film.state, bytes(film.keys_sealed or b"")) == ("READY", b"x")
        assert Upload.objects.filter(uuid__in=[kept.source, kept.evidence, kept.diploma]).count() == 3, (
            "what proves that it may be shown stays with it"
        )
    assert default_storage.exists(kept.file)


def test_a_film_that_a_course_which_stays_shows_too_stays(courses, begun):
    own, for_all = courses["own"], courses["for_all"]
    with platform_scope():
        shared = CourseVersion.objects.create(
            course_id=for_all.course,
            number=9,
            title="下一版",
            format="视频",
            trainer_id=own.trainer,
            author_id=0,
            created_at=begun.starts_at,
        )
        shared.coursewares.create(no=1, title="第一课", media=own.film)
    do(begun, "KEYS", "COURSES", "FILES")
    with platform_scope():
        assert not Course.objects.filter(pk=own.course).exists()
        assert MediaAsset.objects.get(pk=own.film.pk).state == "READY"
        assert Trainer.objects.filter(pk=own.trainer).exists()
    assert default_storage.exists(own.file)


def test_a_film_that_is_being_made_is_waited_for(courses, begun):
    """Who makes it would write its files, and its keys, after they were destroyed."""
    own, other = courses["own"], connection.copy()
    do(begun, "KEYS")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [media_making._LOCKS, own.film.pk])
        with pytest.raises(Unavailable):
            do(begun, "COURSES")
        assert Course.objects.filter(pk=own.course).exists()
        assert default_storage.exists(own.file)
    finally:
        other.close()
    do(begun, "COURSES")
    assert not default_storage.exists(own.file)


def test_a_complaint_about_a_course_that_is_gone_can_still_be_read_and_decided(courses, begun):
    own = courses["own"]
    case = file(version_id=own.version)
    do(begun, "KEYS", "COURSES")
    with platform_scope():
        assert complaints.detail(case.uuid, at=begun.starts_at).course == "课程已随企业数据销毁"
        held = Complaint.objects.get(uuid=case.uuid)
        held.held_at = begun.starts_at
        settle(held, choice="recall", desk=complaint_desk(at=begun.starts_at))
        assert held.held_at is None


def test_before_it_runs_nobody_deletes_a_course_and_while_it_runs_nobody_anothers(courses, jia, yi):
    own, neighbours = courses["own"], courses["neighbours"]

    def refused(sql: str, *values: object) -> None:
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)

    with platform_scope():
        refused("SELECT public.destruction_courses(%s)", jia.schema_name)
        refused("DELETE FROM catalogue_courseversion WHERE id = %s", own.version)
        refused("DELETE FROM review_decision WHERE version_id = %s", own.version)
    waiting = planned(jia, at=after(closed(jia)))
    with platform_scope():
        assert running.begin(waiting.pk, at=waiting.starts_at)
        refused("SELECT public.destruction_courses(%s)", yi.schema_name)
        for version in (neighbours.version, courses["for_all"].version):
            refused("DELETE FROM catalogue_courseversion WHERE id = %s", version)
            refused("DELETE FROM review_decision WHERE version_id = %s", version)
            refused("DELETE FROM catalogue_courseware WHERE version_id = %s", version)
        refused("UPDATE catalogue_courseversion SET title = '改' WHERE id = %s", own.version)
    with enterprise_scope(yi):
        refused("SELECT public.destruction_courses(%s)", jia.schema_name)


def test_every_table_that_hangs_on_a_course_is_cleared_with_it(db):
    """Whoever adds one puts it into the list of `destruction_courses`, in a migration of its own."""
    known = set(re.findall(r"\(\d+, '(\w+)'", _DESTROYED))
    with platform_scope(), connection.cursor() as cursor:
        cursor.execute(_POINTING, [sorted(known)])
        assert {str(name) for (name,) in cursor.fetchall()} - known == set()
