"""A large file of questions is read and written by a worker: nothing is lost or half done when that is cut off, and the page tells."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import TestCase

from apps.exams.bank import importing, queueing, working
from apps.exams.bank.models import BankImport, ImportLine, Question
from infra.kit import clock
from infra.kit.errors import DomainError
from public.questions import reading
from tenants.scope import enterprise_scope
from tests.conftest import NOON

from .conftest import choice

pytestmark = pytest.mark.req("R2.8")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def large(monkeypatch):
    """Let a handful of questions be many."""
    monkeypatch.setattr(queueing, "LARGE_BYTES", 100)
    monkeypatch.setattr(queueing, "LARGE_LETTERS", 20)
    monkeypatch.setattr(queueing, "LARGE_LINES", 2)


def receive(bank, by, n=5, **more):
    data = reading.workbook([choice(f"第{no}问？") for no in range(n)], title="题")
    return importing.receive(bank=bank.uuid, file_name="题.xlsx", by=by, at=NOON, **({"data": data} | more))


def run(job, at=NOON):
    """What the worker does when it is rung for."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return working.run(job.uuid, at=at)


def test_reading_and_writing_are_each_rung_for_and_done_once(bank, by, large):
    job = receive(bank, by)
    assert (job.state, job.rung_at, job.lines.count()) == ("READING", NOON, 0)
    kept = job.storage_key
    assert (run(job), run(job)) == ("READY", "")
    assert importing.counts(job)["NEW"] == 5
    assert not default_storage.exists(kept)
    done = importing.commit(job_uuid=job.uuid, whole=True, by=by, at=NOON + MINUTE)
    assert (done.state, done.rung_at, Question.objects.count()) == ("WRITING", NOON + MINUTE, 0)
    assert (run(job), run(job)) == ("DONE", "")
    job.refresh_from_db()
    assert (job.added, Question.objects.count(), ImportLine.objects.count()) == (5, 5, 0)
    assert queueing.told(job.uuid) == (5, 5)


def test_a_pasted_text_is_read_as_it_was_pasted(bank, by, large):
    job = receive(bank, by, data=b"", text="1. 甲？\nA. 一 B. 二\n答案：A\n")
    assert run(job) == "READY"
    assert importing.line_of(job, 1).content["stem"] == "甲？"


def test_a_file_that_cannot_be_read_is_told_and_leaves_nothing(bank, by, large):
    job = receive(bank, by, data=b"%PDF-1.7" + b"x" * 200)
    assert run(job) == "FAILED"
    job.refresh_from_db()
    assert "这不是 Word" in job.problem
    assert (job.storage_key, ImportLine.objects.count()) == ("", 0)


def test_what_is_wrong_is_refused_before_a_worker_is_asked_and_by_the_worker(bank, by, large):
    job = receive(bank, by)
    run(job)
    importing.mend(job_uuid=job.uuid, place=2, content=choice("第1问？") | {"answer": ["A", "B"]})
    with pytest.raises(DomainError) as refusal:
        importing.commit(job_uuid=job.uuid, whole=True, by=by, at=NOON)
    assert refusal.value.code == "not_all_right"
    importing.commit(job_uuid=job.uuid, whole=False, by=by, at=NOON)
    ImportLine.objects.update(dropped=True)  # somebody else, meanwhile
    assert run(job) == "READY"
    job.refresh_from_db()
    assert "没有可以导入的题" in job.problem
    assert Question.objects.count() == 0


def test_a_worker_that_is_cut_off_leaves_everything_as_it_was(bank, by, large):
    job = receive(bank, by)
    run(job)
    importing.commit(job_uuid=job.uuid, whole=True, by=by, at=NOON)
    with transaction.atomic():
        assert working.run(job.uuid, at=NOON) == "DONE"
        transaction.set_rollback(True)  # killed just before it was committed
    job.refresh_from_db()
    assert (job.state, Question.objects.count(), job.lines.count()) == ("WRITING", 0, 5)
    assert working.go_on(at=NOON + 4 * MINUTE) == 0
    assert working.go_on(at=NOON + 6 * MINUTE) == 1
    job.refresh_from_db()
    assert job.rung_at == NOON + 6 * MINUTE
    assert run(job) == "DONE"
    assert Question.objects.count() == 5


def test_what_is_cut_off_again_and_again_ends_after_an_hour_in_words(bank, by, large):
    reading_one, writing_one = receive(bank, by), receive(bank, by)
    run(writing_one)
    importing.commit(job_uuid=writing_one.uuid, whole=True, by=by, at=NOON)
    assert working.go_on(at=NOON + 61 * MINUTE) == 2
    found = {row.pk: row for row in BankImport.objects.all()}
    assert (found[reading_one.pk].state, found[writing_one.pk].state) == ("FAILED", "READY")
    assert all("导入中断了" in row.problem for row in found.values())
    assert Question.objects.count() == 0


def test_the_page_shows_how_far_it_is_and_then_what_came_of_it(bank, by, manager, large):
    job = receive(bank, by)
    url = f"/console/banks/imports/{job.uuid}"
    page = manager.get(url).content.decode()
    assert "正在读取文件" in page
    assert f'hx-get="{url}?watch=1"' in page
    run(job)
    assert manager.get(url, {"watch": "1"})["HX-Redirect"] == url
    assert manager.post(f"{url}/commit", {"what": "whole"})["Location"] == url
    queueing.tell(job.uuid, 2, 5)
    assert "已写入 2 / 5 题" in manager.get(url).content.decode()
    assert manager.post(f"{url}/give-up")["Location"] == url, "not while it is written"
    run(job, at=clock.now())
    assert "新增 5 题" in manager.get(url).content.decode()


def test_the_neighbour_s_worker_and_page_find_no_such_import(bank, by, neighbour, yi, large):
    job = receive(bank, by)
    with enterprise_scope(yi):
        assert working.run(job.uuid, at=NOON) == ""
    assert neighbour.get(f"/console/banks/imports/{job.uuid}").status_code == 404
    job.refresh_from_db()
    assert job.state == "READING"


def test_a_refusal_that_comes_late_does_not_wake_a_job_that_has_ended(bank, by, large):
    job = receive(bank, by)
    run(job)
    importing.give_up(job_uuid=job.uuid, at=NOON)
    assert working._refused(job.uuid, DomainError("nothing_right", "没有可以导入的题。", status=409), NOON) == ""
    job.refresh_from_db()
    assert (job.state, job.problem) == ("GIVEN_UP", "")
