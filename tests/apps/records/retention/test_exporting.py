"""An enterprise takes everything along, and whoever gets the package can check it offline; whatever was altered is refused."""

import io
import json
import subprocess
import sys
import zipfile
from hashlib import sha256

import pytest
from django.apps import apps
from django.conf import settings
from PIL import Image

from apps.people.models import Learner
from apps.records import api as records
from apps.records.retention import dumping, making, orders
from apps.records.retention.orders import By, Kind, State
from apps.records.retention.ports import OPENERS
from infra.kit import canonical, clock, notes, signing
from public.seals import api as seals
from tenants.keys.registry import columns
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.records.retention import ground
from tests.apps.records.test_certificates import facts

pytestmark = pytest.mark.req("R4.2", "R4.6")
WHO = By("manager:1", "安全员")
DAYS = "a file that was asked for, gone after days"
NOT_ALONG = {
    "people.identity.key_sealed": "opens a face",
    "people.robot.token_sealed": "opens a door elsewhere",
    "people.robot.secret_sealed": "opens a door elsewhere",
    "people.ssosetup.secret_sealed": "opens a door elsewhere",
    "people.ldapsetup.secret_sealed": "opens a door elsewhere",
    "people.importjob.storage_key": "a list that was read into the tables, gone after days",
    "people.importjob.table_key": "a list that was read into the tables, gone after days",
    "people.privacyrequest.storage_key": DAYS,
    "plans.certificatebatch.storage_key": DAYS,
    "plans.inspectionpackage.storage_key": DAYS,
    "records.archivepackage.storage_key": DAYS,
    "openapi.hook.secret_sealed": "signs as this house",
    "openapi.hook.former_sealed": "signs as this house",
    "openapi.repeatedcall.body_sealed": "an answer that may be asked for again, gone after a day",
}
"""What is sealed and stays here, and why."""


def exported():
    order = orders.place(kind=Kind.EXPORT, by=WHO, at=clock.now())
    order = making.carry_out(order.uuid, signers=ground.signers(), at=clock.now())
    assert order.state == State.DONE
    return order, b"".join(orders.pieces(order, at=clock.now()))


@pytest.fixture
def whole(pupil):
    """The export of 甲: one learner, one certificate, one old month in a package."""
    records.issue_certificate(facts=facts(subject=pupil.uuid), at=clock.now())
    ground.keep()
    ground.face(pupil, clock.now())
    return exported()


def check(tmp_path, data, *more):
    path = tmp_path / "export.zip"
    path.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-I", str(seals.PROGRAM), str(path), *more], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def trusted():
    with platform_scope():
        return [word for one in seals.public_keys() for word in ("--key", one["verifier"])]


def opened(data):
    return zipfile.ZipFile(io.BytesIO(data))


def lines(data, name):
    return [json.loads(line) for line in opened(data).read(name).splitlines()]


def test_everything_is_in_it_and_a_stranger_finds_it_genuine(whole, pupil, in_jia, tmp_path):
    order, data = whole
    code, said = check(tmp_path, data, *trusted())
    assert (code, said.splitlines()[0]) == (0, "GENUINE"), said
    assert "make the root of the signed head" in said
    assert in_jia.uscc in said
    assert check(tmp_path, data)[0] == 3, "keys of the package itself are no proof"
    (person,) = [row for row in lines(data, "data/people.learner.jsonl") if row["uuid"] == str(pupil.uuid)]
    assert (person["id_number"], person["name"]) == (ground.ID, "学员甲")
    names = opened(data).namelist()
    (pdf,) = [name for name in names if name.endswith(".pdf")]
    assert opened(data).read(pdf).startswith(b"%PDF")
    told = json.loads(opened(data).read("manifest.json"))
    assert (told["what"], told["missing"], order.rows) == ("EXPORT", [], order.rows)
    assert len(lines(data, "ledger/entries.jsonl")) == told["ledger"]["size"] > 0
    cold = opened(data).read("cold/2024-03-process-001.zip")
    assert check(tmp_path, cold, *trusted())[0] == 0


def test_no_table_is_forgotten_and_no_secret_goes_along(whole):
    _order, data = whole
    names = set(opened(data).namelist())
    models = [model for config in apps.get_app_configs() if config.name in settings.TENANT_APPS for model in config.get_models()]
    missing = {m._meta.label_lower for m in models if f"data/{m._meta.label_lower}.jsonl" not in names}
    assert missing == dumping.LEFT_OUT
    left = json.loads(opened(data).read("manifest.json"))["left_out"]
    assert left["accounts.credential"] == ["password"]
    assert {"key_sealed", "template_sealed"} <= set(left["people.identity"])
    assert "password" not in lines(data, "data/accounts.credential.jsonl")[0]
    assert "features" not in lines(data, "data/people.facecheck.jsonl")[0]


def rebuilt(data, change):
    """Return the package with ``change(name, bytes)`` applied: bytes, or None to leave the file out."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in opened(data).namelist():
            changed = change(name, opened(data).read(name))
            if changed is not None:
                made.writestr(name, changed)
    return out.getvalue()


def other_hours(name, data):
    return data.replace(b"24", b"48", 1) if name == "ledger/entries.jsonl" else data


def one_person_less(name, data):
    return b"" if name == "data/people.learner.jsonl" else data


def without_the_log(name, data):
    return None if name == "data/people.change.jsonl" else data


def without_a_note(name, data):
    return None if name == "manifest.note" else data


def another_name_of_the_enterprise(name, data):
    return data.replace("甲".encode(), "乙".encode()) if name == "manifest.json" else data


def another_head(name, data):
    return data.replace(b"\n", b"\n0", 1) if name == "ledger/head.note" else data


def another_certificate(name, data):
    return data + b"%" if name.endswith(".pdf") else data


def another_old_month(name, data):
    return data[:-1] + b"x" if name.startswith("cold/") else data


MUTATIONS = (other_hours, one_person_less, without_the_log, without_a_note, another_name_of_the_enterprise, another_head,
             another_certificate, another_old_month)  # fmt: skip


def test_every_mutation_is_refused(whole, tmp_path):
    _order, data = whole
    keys = trusted()
    assert check(tmp_path, rebuilt(data, lambda _name, found: found), *keys)[0] == 0, "packed anew it is still the same"
    for change in MUTATIONS:
        code, said = check(tmp_path, rebuilt(data, change), *keys)
        assert (code, said.startswith("NOT GENUINE")) == (1, True), change.__name__
    more = {
        "cut": data[:-40],
        "half": data[: len(data) // 2],
        "added": _with_a_file_more(data),
        "forged": _signed_by_another(data),
    }
    assert {name: check(tmp_path, wrong, *keys)[0] for name, wrong in more.items()} == dict.fromkeys(more, 1)


def _with_a_file_more(data):
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as made:
        made.writestr("data/people.manager2.jsonl", b"{}")
    return out.getvalue()


def _signed_by_another(data):
    """A forger makes everything fit, under a key of the same name."""
    forger = signing.NoteKey(seals.log_name(), signing.Signer("somebody else's secret", purpose="ledger"))
    manifest = json.loads(opened(data).read("manifest.json"))
    manifest["enterprise"]["name"] = "别家"
    written = canonical.encode(manifest)
    text = opened(data).read("manifest.note").decode().partition("\n\n")[0] + "\n"
    old = sha256(opened(data).read("manifest.json")).hexdigest()
    note = notes.sign(text.replace(old, sha256(written).hexdigest()), [forger]).encode()
    return rebuilt(data, lambda name, found: {"manifest.json": written, "manifest.note": note}.get(name, found))


def test_the_neighbour_s_rows_are_not_in_it(whole, yi):
    with enterprise_scope(yi):
        ground.pupil("邻居甲")
    _order, data = whole
    assert "邻居甲" not in opened(data).read("data/people.learner.jsonl").decode()


def test_entries_that_were_forged_in_the_ledger_do_not_make_the_root(whole, tmp_path):
    """Whoever signs a manifest over another ledger still cannot make its entries fit the head."""
    _order, data = whole

    def shorter(name, found):
        return b"".join(found.splitlines(keepends=True)[:-1]) if name == "ledger/entries.jsonl" else found

    changed = rebuilt(data, shorter)
    manifest = json.loads(opened(changed).read("manifest.json"))
    body = opened(changed).read("ledger/entries.jsonl")
    for line in manifest["files"]:
        if line["name"] == "ledger/entries.jsonl":
            line |= {"sha256": sha256(body).hexdigest(), "bytes": len(body)}
    written = canonical.encode(manifest)
    old = sha256(opened(data).read("manifest.json")).hexdigest()
    text = opened(data).read("manifest.note").decode().partition("\n\n")[0] + "\n"
    note = notes.sign(text.replace(old, sha256(written).hexdigest()), ground.signers()).encode()
    forged = rebuilt(changed, lambda name, found: {"manifest.json": written, "manifest.note": note}.get(name, found))
    code, said = check(tmp_path, forged, *trusted())
    assert (code, "not the one that the head was signed for" in said) == (1, True)


def test_what_is_sealed_goes_along_opened_or_stays_here_for_a_reason():
    sealed = {column.title.lower() for column in columns(of_platform=False) if not column.is_shared}
    opened_by_somebody = {title for title in sealed if OPENERS.text_of(title) or OPENERS.file_of(title)}
    assert sealed - opened_by_somebody == set(NOT_ALONG)


def test_evidence_of_corrections_goes_along(pupil):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "#0b5cad").save(out, "PNG")
    records.propose_correction(
        subject=pupil.uuid, n=1, values={"position": "操作工"}, reason="登记时岗位写错", at=clock.now(),
        evidence=records.Evidence("签到表.png", out.getvalue()), by=records.Acting("manager:1", "安全员"),
    )  # fmt: skip
    _order, data = exported()
    (name,) = [name for name in opened(data).namelist() if name.startswith("files/records.correction/")]
    assert opened(data).read(name) == out.getvalue()


def test_a_value_that_no_key_opens_is_named_and_keeps_nothing_else_here(pupil, tmp_path):
    Learner.objects.filter(uuid=pupil.uuid).update(mobile_sealed=b"\x01" + b"x" * 40)
    _order, data = exported()
    told = json.loads(opened(data).read("manifest.json"))
    assert told["missing"] == [f"people.learner.mobile_sealed of row {pupil.id}"]
    (person,) = [row for row in lines(data, "data/people.learner.jsonl") if row["uuid"] == str(pupil.uuid)]
    assert (person["mobile"], person["id_number"]) == (None, ground.ID)
    code, said = check(tmp_path, data, *trusted())
    assert (code, "not put in   1" in said) == (0, True), said
