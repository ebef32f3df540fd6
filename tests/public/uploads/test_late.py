"""Files that came before such files were encrypted: sealed one by one, read back first, whenever the run is killed."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from infra.wiring.settings.services import _storage
from public.audit.models import AuditEvent
from public.operators.ports import FilesStand
from public.uploads import api, late, rules, sealing, tasks
from public.uploads.models import Upload
from public.uploads.stores import name_of, sealed_name
from tenants.scope import platform_scope
from tests.conftest import NOON
from tests.public.desk import desk
from tests.public.uploads.ground import pdf
from tests.s3 import BUCKET, s3_service
from tests.web import ROOT

pytestmark = pytest.mark.req("R5.1")
PURPOSES = ("complaint", "rectification", "evidence")


def old(text: str, purpose: str = "complaint") -> Upload:
    """A file of before: checked, and in clear."""
    data = pdf(text=text)
    row = Upload.objects.create(
        owner_id=1, purpose=purpose, file_name="材料.pdf", size=len(data), part_size=rules.PART_SIZE, state="READY", kind="document",
        content_type="application/pdf", sha256=hashlib.sha256(data).hexdigest(), created_at=NOON, touched_at=NOON,
    )  # fmt: skip
    default_storage.save(name_of(row), ContentFile(data))
    return row


def lies_sealed(row: Upload, text: str) -> bool:
    """Whether it lies encrypted, only so, and comes back as it was."""
    row.refresh_from_db()
    with api.open_upload(row.uuid) as file:
        is_whole = file.read() == pdf(text=text)
    with default_storage.open(sealed_name(row)) as file:
        is_secret = text.encode() not in file.read()
    return is_whole and is_secret and row.key_sealed is not None and not default_storage.exists(name_of(row))


def sealed_late() -> list[str]:
    return sorted(AuditEvent.objects.filter(action="file.sealed_late").values_list("target", flat=True))


@pytest.mark.usefixtures("kept")
def test_what_came_before_is_sealed_and_written_down():
    rows = [old(f"Li Si {purpose}", purpose) for purpose in PURPOSES]
    assert late.standing() == FilesStand(sealed=0, clear=3, broken=0)
    assert late.seal_all(now=lambda: NOON) == FilesStand(sealed=3, clear=0, broken=0)
    assert all(lies_sealed(row, f"Li Si {row.purpose}") for row in rows)
    assert sealed_late() == sorted(f"upload:{row.uuid}" for row in rows)
    assert late.seal_all(now=lambda: NOON).sealed == 3
    assert len(sealed_late()) == 3, "a second run finds nothing to do"


@pytest.mark.usefixtures("kept")
def test_what_everybody_may_see_is_left_alone():
    row = old("Cover", "document")
    assert late.seal_all(now=lambda: NOON) == FilesStand(0, 0, 0)
    row.refresh_from_db()
    assert row.key_sealed is None
    assert default_storage.exists(name_of(row))


@pytest.mark.usefixtures("kept")
def test_a_file_that_is_lost_or_was_altered_stays_as_it_is_and_the_others_are_sealed():
    altered, lost, fine = (old(f"Wang Wu {n}") for n in range(3))
    default_storage.delete(name_of(altered))
    default_storage.save(name_of(altered), ContentFile(pdf(text="somebody else")))
    default_storage.delete(name_of(lost))
    assert late.seal_all(now=lambda: NOON) == FilesStand(sealed=1, clear=0, broken=2)
    assert lies_sealed(fine, "Wang Wu 2")
    assert default_storage.exists(name_of(altered))
    why = AuditEvent.objects.filter(action="file.seal_refused", result="FAILED")
    assert sorted(event.details["why"] for event in why) == ["altered", "lost"]
    default_storage.save(name_of(lost), ContentFile(pdf(text="Wang Wu 1")))  # out of a backup
    assert late.seal_all(now=lambda: NOON).broken == 2, "only somebody's word has them looked at again"
    assert late.seal_all(now=lambda: NOON, again=True) == FilesStand(sealed=2, clear=0, broken=1)
    assert why.count() == 2


@pytest.mark.usefixtures("kept")
def test_a_file_that_does_not_come_back_keeps_its_plain_one(monkeypatch):
    row, whole = old("Zhao Liu"), sealing.seal

    def torn(row: Upload, plain: Path) -> bytes:
        key = whole(row, plain)
        with default_storage.open(sealed_name(row)) as file:
            cut = file.read()[:-1]
        default_storage.delete(sealed_name(row))
        default_storage.save(sealed_name(row), ContentFile(cut))
        return key

    monkeypatch.setattr(sealing, "seal", torn)
    with pytest.raises(OSError, match=str(row.uuid)):
        late.seal_all(now=lambda: NOON)
    row.refresh_from_db()
    assert (row.key_sealed, row.reason, sealed_late()) == (None, "", [])
    assert default_storage.exists(name_of(row))
    monkeypatch.undo()


@pytest.mark.usefixtures("kept")
def test_a_turn_stops_when_it_is_told_and_the_next_goes_on(monkeypatch):
    rows = [old(f"Sun Qi {n}") for n in range(3)]
    turns = iter((False, True))
    assert late.seal_all(now=lambda: NOON, stop=lambda: next(turns)) == FilesStand(sealed=1, clear=2, broken=0)
    rung: list[object] = []
    monkeypatch.setattr(tasks, "ring", lambda task, *_: rung.append(task))
    monkeypatch.setattr(tasks, "_TURN_S", -1.0)
    assert (tasks.seal_clear(), rung) == (2, []), "a turn that moved nothing does not ring again"
    monkeypatch.setattr(tasks, "_TURN_S", 45.0)
    assert tasks.seal_clear() == 0
    assert all(lies_sealed(row, f"Sun Qi {n}") for n, row in enumerate(rows))


@pytest.mark.usefixtures("kept")
def test_the_key_page_says_how_it_stands_and_has_them_sealed(monkeypatch, django_capture_on_commit_callbacks):
    old("Zhou Ba")
    operations = desk("OPERATIONS")
    page = operations.get("/desk/keys").content.decode()
    assert "还有 1 份早期附件未加密" in page
    assert "现在加密" in page
    rung: list[tuple[str, tuple[object, ...]]] = []
    monkeypatch.setattr("tenants.ringing.ring", lambda task, *args, **_: rung.append((task.name, args)) or True)
    with django_capture_on_commit_callbacks(execute=True):
        assert operations.post("/desk/keys/seal-files").status_code == 302
    assert rung == [("uploads.seal_clear", (True,))]
    assert AuditEvent.objects.filter(action="keys.files_sealing_asked").count() == 1
    late.seal_all(now=lambda: NOON)
    page = operations.get("/desk/keys").content.decode()
    assert "已加密 1 份" in page
    assert "没有未加密的附件" in page
    assert "现在加密" not in page
    assert desk("AUTHOR").post("/desk/keys/seal-files").status_code == 403


def test_in_an_object_store_it_is_the_same(platform, settings):
    with s3_service() as service:
        settings.STORAGES = {**settings.STORAGES, "default": _storage(service.url)}
        rows = [old(f"Qian Er {n}") for n in range(3)]
        default_storage.delete(name_of(rows[2]))
        default_storage.save(sealed_name(rows[0]), ContentFile(b"what a killed run left"))
        assert late.seal_all(now=lambda: NOON) == FilesStand(sealed=2, clear=0, broken=1)
        assert all(lies_sealed(row, f"Qian Er {n}") for n, row in enumerate(rows[:2]))
        keys = [one["Key"] for one in service.client().list_objects_v2(Bucket=BUCKET, Prefix="platform/uploads/")["Contents"]]
        assert sorted(keys) == sorted(sealed_name(row) for row in rows[:2])


@pytest.mark.usefixtures("kept")
def test_one_file_that_fails_keeps_no_other_waiting(monkeypatch):
    rows, whole = [old(f"Zheng Shi {n}") for n in range(3)], sealing.seal

    def refuse_the_first(row: Upload, plain: Path) -> bytes:
        if row.pk == rows[0].pk:
            raise OSError("this one the store does not take")
        return whole(row, plain)

    monkeypatch.setattr(sealing, "seal", refuse_the_first)
    assert late.seal_all(now=lambda: NOON) == FilesStand(sealed=2, clear=1, broken=0)
    with pytest.raises(OSError, match="does not take"):
        late.seal_all(now=lambda: NOON)
    monkeypatch.undo()
    assert late.seal_all(now=lambda: NOON) == FilesStand(sealed=3, clear=0, broken=0)
    assert all(lies_sealed(row, f"Zheng Shi {n}") for n, row in enumerate(rows))


@pytest.mark.usefixtures("kept")
def test_while_the_store_is_away_a_run_gives_up_soon(monkeypatch):
    for n in range(5):
        old(f"Feng {n}")
    asked: list[Upload] = []

    def away(row: Upload) -> bool:
        asked.append(row)
        raise OSError("away")

    monkeypatch.setattr(sealing, "has_plain", away)
    with pytest.raises(OSError, match="away"):
        late.seal_all(now=lambda: NOON)
    assert len(asked) == 3


@pytest.mark.usefixtures("kept")
def test_who_read_the_row_before_it_was_sealed_still_gets_the_file():
    row = old("Chen Yi")
    before = Upload.objects.get(pk=row.pk)
    late.seal_all(now=lambda: NOON)
    with sealing.opened(before) as file:
        assert file.read() == pdf(text="Chen Yi")


RUN = """
import os, signal, sys
import django; django.setup()
from public.uploads import late, sealing

def killed_at_the_second(name):
    was, count = getattr(sealing, name), [0]
    def call(*args):
        count[0] += 1
        if count[0] == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return was(*args)
    setattr(sealing, name, call)

if sys.argv[1]:
    killed_at_the_second(sys.argv[1])
print(late.seal_all())
"""


@pytest.fixture
def committed(database: None, settings: object, tmp_path: Path) -> Iterator[tuple[list[Upload], Callable[[str], int]]]:
    """Three old files that every process sees, and a run over them that may be killed at a step of its second file."""
    url = (tmp_path / "kept").as_uri()
    settings.STORAGES = {**settings.STORAGES, "default": _storage(url)}  # type: ignore[attr-defined]
    own = {"DJANGO_SETTINGS_MODULE": "infra.wiring.settings", "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "STORAGE_URL": url}

    def run(kill_at: str) -> int:
        return subprocess.run([sys.executable, "-c", RUN, kill_at], cwd=ROOT, env={**os.environ, **own}, check=False).returncode

    with platform_scope():
        rows = [old(f"Wu Jiu {n}") for n in range(3)]
        yield rows, run
        Upload.objects.filter(pk__in=[row.pk for row in rows]).delete()


@pytest.mark.parametrize(
    ("step", "sealed"),
    [
        ("opened", [True, False, False]),  # the second one is written, and not read back yet
        ("forget_plain", [True, True, False]),  # the second one is said to be sealed, and lies in clear yet
    ],
)
def test_a_run_that_is_killed_loses_nothing_and_the_next_ends_it(committed, step, sealed):
    rows, run = committed
    assert run(step) == -signal.SIGKILL
    for n, (row, is_sealed) in enumerate(zip(rows, sealed, strict=True)):
        row.refresh_from_db()
        assert (row.key_sealed is not None) == is_sealed
        with api.open_upload(row.uuid) as file:
            assert file.read() == pdf(text=f"Wu Jiu {n}")
    assert default_storage.exists(name_of(rows[1]))
    assert run("") == 0
    assert all(lies_sealed(row, f"Wu Jiu {n}") for n, row in enumerate(rows))
    for row in rows:
        assert row.reason == ""
        assert AuditEvent.objects.filter(action="file.sealed_late", target=f"upload:{row.uuid}").count() == 1
