"""What else an erasure reaches: what was asked for beside, holds, files of other rooms, rows that only a package may take away."""

from __future__ import annotations

import io
from datetime import date, timedelta
from uuid import uuid4

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import TestCase
from PIL import Image

from apps.people import api as people
from apps.people.models import FaceCheck, Identity, Learner, Liveness, Proof
from apps.people.privacy import deciding, erasing, files, watching
from apps.records import api as records
from apps.records.retention import holding
from infra.kit.errors import DomainError
from tenants import storage
from tenants.database.provision import owner_connection
from tests.apps.people.privacy.conftest import NOON, ask, decide, erased, exported

pytestmark = pytest.mark.req("R1.4")


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "#0b5cad").save(out, "PNG")
    return out.getvalue()


def test_what_files_tell_of_work_and_health_goes_too(pupil, owner):
    known = {
        "trade": "焊工",
        "education": "HIGH",
        "fitness": "UNFIT",
        "fitness_on": date(2026, 3, 1),
        "hired_on": date(2020, 1, 1),
    }
    Learner.objects.filter(pk=pupil.pk).update(**known, employment="DISPATCH")
    erased(pupil, owner)
    pupil.refresh_from_db()
    said = (pupil.trade, pupil.education, pupil.fitness, pupil.fitness_on, pupil.employment, pupil.hired_on, pupil.position)
    assert not any(said)


def test_what_was_asked_for_beside_ends_with_an_erasure(trained, owner):
    wish, file = ask(trained, "CORRECTION", wanted={"name": "学员丙"}), exported(trained)
    erased(trained, owner)
    wish.refresh_from_db()
    file.refresh_from_db()
    assert (wish.state, bytes(wish.wanted_sealed)) == ("WITHDRAWN", b"")
    assert (file.state, file.storage_key) == ("EXPIRED", "")
    with pytest.raises(DomainError, match="decided_already"), transaction.atomic():
        decide(wish, owner)
    trained.refresh_from_db()
    assert trained.name == "学员甲"
    assert watching.watch(at=wish.due_at) == 0


def test_an_export_under_way_comes_to_nothing(trained, owner, folder):
    making = files.order(learner_id=trained.pk, at=NOON)
    erased(trained, owner)
    files.build(making.uuid, at=NOON + timedelta(days=1))
    making.refresh_from_db()
    assert (making.state, making.storage_key) == ("FAILED", "")
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_evidence_beside_a_correction_goes_and_stays_where_an_erasure_is_taken_back(pupil, owner):
    paper = records.Evidence("学员甲身份证.png", picture())
    made = records.propose_correction(
        subject=pupil.uuid, n=1, values={"unit": "仓储部"}, reason="登记时部门写错", evidence=paper,
        by=records.Acting("manager:1", "安全员"), at=NOON,
    )  # fmt: skip
    key = made.evidence_key
    with transaction.atomic():
        row = ask(pupil, "ERASURE")
        deciding.decide(uuid=row.uuid, approved=True, reason="已离职", by=owner.pk, own=None, at=NOON)
        transaction.set_rollback(True)
    assert default_storage.exists(key), "nothing was erased"
    erased(pupil, owner)
    made.refresh_from_db()
    assert (made.evidence_key, made.evidence_name) == ("", "")
    assert made.evidence_sha256
    assert not default_storage.exists(key)


def test_a_file_that_erasure_drops_is_there_until_the_commit(in_jia, folder):
    name = default_storage.save(storage.key("signatures/x"), ContentFile(b"png"))
    with TestCase.captureOnCommitCallbacks(execute=True):
        with transaction.atomic():
            people.drop_files([name])
            transaction.set_rollback(True)
        assert default_storage.exists(name)
        people.drop_files([name])
        assert default_storage.exists(name)
    assert not default_storage.exists(name)


def test_a_hold_keeps_what_would_go_at_once_and_its_end_lets_it_go(trained, seen, owner):
    hold = holding.place(subject=seen.uuid, reason="劳动争议仲裁", until=None, by="manager:1", by_name="安全员", at=NOON)
    photo, index = Identity.objects.get(learner=seen).photo, seen.mobile_index
    assert not erasing.outlook(seen, at=NOON).at_once
    erased(seen, owner)
    seen.refresh_from_db()
    assert (seen.is_active, seen.mobile_index, seen.erase_on) == (False, index, date(2026, 12, 24))
    assert default_storage.exists(photo)
    holding.end(hold=hold.uuid, reason="仲裁已结案", by="manager:1", by_name="安全员", at=NOON)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert erasing.run_due(at=NOON + timedelta(days=31)) == 0
    seen.refresh_from_db()
    assert (seen.name, seen.erase_on, seen.mobile_index == index) == ("学员甲", date(2029, 11, 23), False)
    assert not default_storage.exists(photo)


def test_checks_of_a_face_that_only_a_package_may_take_away_lose_what_tells_who_it_was(seen, owner):
    challenge = Liveness.objects.create(
        learner=seen, purpose="open", actions=["left"], issued_at=NOON, expires_at=NOON + timedelta(minutes=1)
    )
    frames = default_storage.save(storage.key("identity/burst"), ContentFile(b"sealed"))
    FaceCheck.objects.create(
        learner=seen,
        purpose="open",
        terminal="b" * 32,
        challenge=challenge,
        outcome="pass",
        frames=frames,
        at=NOON,
        note="像学员甲",
    )
    Proof.objects.create(learner=seen, terminal="b" * 32, method="face", at=NOON)
    erased(seen, owner)
    check = FaceCheck.objects.get()
    assert (check.outcome, check.terminal, check.frames, check.note, check.challenge) == ("pass", "", "", "", None)
    assert Proof.objects.get().terminal == ""
    assert not Liveness.objects.exists()
    assert not default_storage.exists(frames)


@pytest.mark.req("R4.2")
def test_the_owner_of_the_tables_empties_nobody_s_history_who_is_not_erased(jia):
    row = "(kind, subject, name, action, changes, at) VALUES (%s, %s, '学员甲', 'added', '{\"name\": [\"\", \"学员甲\"]}', now())"
    with owner_connection() as db:
        db.execute(f'SET search_path TO "{jia.schema_name}", public')
        for kind, subject in (("LEARNER", str(uuid4())), ("MANAGER", "1")):
            db.execute("BEGIN")
            db.execute(f"INSERT INTO people_change {row}", [kind, subject])
            with pytest.raises(psycopg.Error, match="only grows"):
                db.execute("UPDATE people_change SET name = '—', changes = '{}'")
            db.execute("ROLLBACK")
