"""What the manager of an import is told, and the doorbells."""

import pytest

from apps.people import api as people
from apps.people.models import ImportJob, Manager, Notice
from apps.people.notify import kinds, own
from apps.people.roster import jobs
from apps.people.tasks import forget_notices, revive_notices, watch_qualifications
from infra.wiring.celery import app
from tenants.scope import platform_scope
from tests.apps.people.rosters import A, B
from tests.apps.people.test_import import bring
from tests.conftest import NOON

from .conftest import tell


@pytest.fixture
def by(in_jia):
    people.open_owner(name="安全员", mobile="13800000008", password=None, at=NOON)
    return Manager.objects.get().pk


def test_a_finished_import_is_told_with_its_figures(by):
    job = bring([A, B], by)
    row = Notice.objects.get()
    assert (row.kind, row.manager_id) == ("import.done", by)
    assert row.context == {"created": 2, "updated": 0, "skipped": 0, "job": str(job.uuid)}
    assert kinds.kind_of(row.kind).url_of(row.context) == f"/console/people/import/{job.uuid}"


def test_a_broken_import_is_told(by):
    job = ImportJob.objects.create(file_name="x.xlsx", by_id=by, at=NOON, state="RUNNING")
    jobs.give_up(job, NOON)
    assert Notice.objects.get().kind == "import.failed"


def test_the_schedule_rings_where_something_waits(crew):
    tell("t.normal", crew.learner)
    with platform_scope():
        assert revive_notices() >= 0  # sends messages to a broker; in tests nobody takes them
        assert watch_qualifications() >= 0
        assert forget_notices() >= 0
    tasks = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert {"people.revive_notices", "people.watch_qualifications", "people.forget_notices"} <= tasks


def test_every_kind_of_the_product_has_words_and_a_page_behind_it():
    from django.urls import resolve

    own.register()
    uuid = "00000000-0000-4000-8000-000000000000"
    named = "job void appeal plan assignment objection class thread uuid attempt proposal request correction package ticket complaint case key hook rectification"
    context = {**dict.fromkeys(named.split(), uuid), "n": 1}
    for kind in kinds.kinds():
        path = kind.url_of(context).partition("?")[0]
        assert resolve(path, "infra.wiring.urls.enterprise"), kind.name
        assert "…" not in kinds.label_of(kind), f"settings show {kind.name} without a context: it needs a label"
        assert str(kind.title)
        assert not (kind.must and kind.name.startswith("import."))
