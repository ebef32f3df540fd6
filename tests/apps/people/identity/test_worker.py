"""A real face worker beside committed data: nothing passes while it is down, everything is judged once it is there."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from apps.people import api as people
from apps.people.identity import liveness, revival, waiting
from apps.people.identity.models import Liveness
from apps.records import api as records
from infra.kit import clock
from tenants.opening import Application
from tenants.scope import enterprise_scope
from tests import faces
from tests.houses import house
from tests.web import ROOT

TERMINAL = "f" * 32


@contextmanager
def face_worker(log) -> Iterator[None]:
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "infra.wiring.celery",
        "worker",
        "-Q",
        waiting.QUEUE,
        "-c",
        "1",
        "-P",
        "prefork",
    ]
    with log.open("w") as out:
        options = ["--without-mingle", "--without-gossip", "--loglevel", "INFO"]
        process = subprocess.Popen([*command, *options], cwd=ROOT, stdout=out, stderr=out)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def until(check, learner_id, seconds=90.0):
    """Ask how a check stands until it has an outcome, as the browser does."""
    end = time.monotonic() + seconds
    while (view := people.check_of(check, learner_id=learner_id)).outcome == "pending" and time.monotonic() < end:
        time.sleep(0.1)
    return view


@pytest.mark.req("R2.1")
def test_pending_while_the_pool_is_down_and_judged_by_a_real_worker_when_it_is_up(database, tmp_path, monkeypatch):
    site = house(Application("杭州人脸试验有限公司", "91330100MA2FACEW0X", "face-worker", "C34", "GENERAL", "330106"))
    with enterprise_scope(site):
        learner = people.add_learner(name="学员甲", id_number="330106199003070014", mobile="13800000001", at=clock.now())
        people.choose_method(learner_id=learner.id, method="face", at=clock.now())
        people.note_proof(learner_id=learner.id, terminal=TERMINAL, method="code", at=clock.now())
        monkeypatch.setattr(liveness, "draw", lambda length: ["left", "straight", "right", "straight"][:length])
        drawn = people.start_liveness(learner_id=learner.id, purpose="enrol", at=clock.now())
        begun = time.monotonic()
        waits = people.check_face(
            learner_id=learner.id, purpose="enrol", frames=faces.burst(drawn.actions), challenge=drawn.uuid, about="",
            at=clock.now(), terminal=TERMINAL,
        )  # fmt: skip
        assert waits.outcome == "pending", "nobody is there to judge"
        assert time.monotonic() - begun < 10, "the web gives up after 3 s"
        assert Liveness.objects.get(uuid=drawn.uuid).used_at is not None
        assert not people.identity_of(learner.id, at=clock.now()).is_enrolled
        monkeypatch.setattr(waiting, "PATIENCE_S", 60.0)  # the machine may be busy; what is shown is that the answer is awaited
        with face_worker(tmp_path / "worker.log"):
            assert revival.revive(at=clock.now() + timedelta(minutes=1)) == 1, "as after a broker lost the message"
            assert until(waits.uuid, learner.id).outcome == "pass", (tmp_path / "worker.log").read_text()[-2000:]
            seen = people.check_face(
                learner_id=learner.id, purpose="presence", frames=faces.burst(["straight"], straight="obama3"), challenge=None,
                about="p", at=clock.now(),
            )  # fmt: skip
            assert (seen.outcome, seen.provider) == ("pass", "local-sface-2021dec-int8bq"), "the same request brings the verdict"
        assert [entry.kind for entry in records.entries_of(learner.uuid)] == ["REGISTRATION", "CONSENT", "IDENTITY"]
