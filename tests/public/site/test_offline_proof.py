"""A stranger checks a certificate on a machine of the own, with no network and without us; whatever was altered is refused."""

from __future__ import annotations

import base64
import copy
import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.test import Client

from apps.records import api as records
from apps.records.sealing import sealing
from infra.kit import canonical, clock, merkle, notes, signing
from public.seals import api as seals
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.records.test_certificates import facts

pytestmark = pytest.mark.req("R4.2", "R4.5")
ALONE = """
import socket, sys, runpy
def no_network(*_args, **_more): raise OSError("there is no network here")
socket.socket = socket.create_connection = no_network
sys.argv = ["anxue_verify.py", *sys.argv[1:]]
runpy.run_path({program!r}, run_name="__main__")
"""


@pytest.fixture
def issued(in_jia):
    return records.issue_certificate(facts=facts(requirement="CY-GEN", stage="INITIAL"), at=clock.now())


def seal(site):
    with platform_scope():
        signers = seals.signers(at=clock.now())
    with enterprise_scope(site):
        assert sealing.seal(signers=signers, at=clock.now()).added >= 1


@pytest.fixture
def package(in_jia, issued):
    seal(in_jia)
    answer = Client().get(f"/verify/{issued.code}/proof.json", headers={"host": "anxue.localhost"})
    assert answer.status_code == 200
    return json.loads(answer.content)


def check(tmp_path, package, *more):
    """Run the program as a stranger does; returns (exit code, output)."""
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(package, ensure_ascii=False), "utf-8")
    command = [sys.executable, "-I", "-c", ALONE.format(program=str(seals.PROGRAM)), str(path), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_real_certificate_is_genuine_without_a_network(tmp_path, package, issued):
    published = json.loads(Client().get("/.well-known/anxue-keys.json", headers={"host": "anxue.localhost"}).content)
    keys = [word for one in published["log"] for word in ("--key", one["verifier"])]
    code, said = check(tmp_path, package, *keys)
    assert (code, said.splitlines()[0]) == (0, "GENUINE")
    assert issued.number in said
    assert "entry " in said
    assert "only the public page can say" in said
    code, said = check(tmp_path, package)
    assert (code, "GENUINE" in said) == (3, False), "keys of the package itself are no proof, and it says so"


def another_name(found):
    found["certificate"]["body"]["name"] = "李*"


def more_hours(found):
    found["certificate"]["body"]["earned_ms"] += 45 * 60_000
    found["entry"]["body"]["earned_ms"] += 45 * 60_000


def another_day(found):
    found["entry"]["at"] = (clock.now() - timedelta(days=365)).isoformat()


def another_place(found):
    found["proof"]["index"] += 1


def another_size(found):
    found["proof"]["size"] += 1


def a_bit_of_the_path(found):
    found["prev"] = "00" * 31 + "01"


def a_step_more(found):
    found["proof"]["path"].append("00" * 32)


def the_root(found):
    lines = found["proof"]["checkpoint"].splitlines(keepends=True)
    found["proof"]["checkpoint"] = "".join([*lines[:2], "A" * 43 + "=\n", *lines[3:]])


def the_time_of_the_head(found):
    found["proof"]["checkpoint"] = found["proof"]["checkpoint"].replace("at 2", "at 1")


def the_signature(found):
    found["certificate"]["signature"] = "A" * 86 + "=="


def another_signer(found):
    found["certificate"]["public_key"] = "A" * 43 + "="


def another_kind(found):
    found["entry"]["kind"] = "EXAM"


def no_number(found):
    found["entry"]["body"]["earned_ms"] = 2**60


def longer_valid(found):
    found["certificate"]["body"]["valid_until"] = "2099-12-31"


def another_person(found):
    found["entry"]["subject"] = "00000000-0000-4000-8000-000000000000"


def another_ledger(found):
    found["proof"]["checkpoint"] = found["proof"]["checkpoint"].replace("/ledger/", "/ledger/x")


def nothing_of_it(found):
    found.clear()


@pytest.mark.parametrize(
    "alter",
    [another_name, more_hours, another_day, another_place, another_size, a_bit_of_the_path, a_step_more, the_root, the_time_of_the_head,
     the_signature, another_signer, another_kind, no_number, longer_valid, another_person, another_ledger, nothing_of_it],
    ids=lambda alter: alter.__name__,
)  # fmt: skip
def test_what_was_altered_is_not_genuine(tmp_path, package, alter):
    altered = copy.deepcopy(package)
    alter(altered)
    assert altered != package
    code, said = check(tmp_path, altered)
    assert (code, said[:11]) == (1, "NOT GENUINE")


def made(body, entry_body):
    """A package of a ledger with one entry and keys of our own: what it says of the certificate need not be what was entered."""
    signer = signing.Signer("of this test", purpose="trial")
    entry = {"at": "2026-11-23T04:00:00.000000+00:00", "body": entry_body, "kind": "CERTIFICATE", "n": 1, "subject": "s"}
    root = merkle.leaf_hash(bytes(32) + canonical.encode(entry))
    key = signing.NoteKey("here.example", signer)
    listing = {
        "body": body,
        "public_key": base64.b64encode(signer.public_key).decode(),
        "signature": signer.sign(canonical.encode(body)),
    }
    return {
        "format": "anxue-certificate-proof/1",
        "entry": entry,
        "prev": "00" * 32,
        "proof": {"index": 0, "size": 1, "path": [], "checkpoint": notes.sign(notes.Checkpoint("here", 1, root).text(), [key])},
        "certificate": listing,
        "keys": [notes.verifier_text(key.name, key.kind, key.public_key)],
    }


SAID = {"number": "AQPX-1", "name": "学*", "training": "三级教育", "enterprise": "杭州甲机械有限公司", "exam_score": 1}


@pytest.mark.parametrize(("until", "has_ended"), [("2020-01-01", True), ("2999-01-01", False), (None, False)])
def test_what_has_ended_is_said_to_have_ended(tmp_path, until, has_ended):
    body = {**SAID, "valid_until": until}
    code, said = check(tmp_path, made(body, {**body, "certificate": "c"}))
    assert (code, "HAS ENDED" in said) == (3, has_ended)


def test_true_is_not_one(tmp_path):
    entered = {**SAID, "certificate": "c"}
    assert check(tmp_path, made(SAID, entered))[0] == 3
    assert check(tmp_path, made({**SAID, "exam_score": True}, entered))[0] == 1


def test_what_is_said_twice_is_not_genuine(tmp_path):
    """The program would read the second, and whoever looks into the file the first."""
    path = tmp_path / "proof.json"
    text = json.dumps(made(SAID, {**SAID, "certificate": "c"}), ensure_ascii=False)
    path.write_text(text.replace('{"body": {"number"', '{"body": {"name": "李*"}, "body": {"number"'), "utf-8")
    command = [sys.executable, "-I", str(seals.PROGRAM), str(path)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_part_of_the_content_cannot_be_taken_for_the_hash_before_it(tmp_path):
    package = made(SAID, {**SAID, "certificate": "c"})
    package["prev"] = ""
    root = merkle.leaf_hash(canonical.encode(package["entry"]))
    key = signing.NoteKey("here.example", signing.Signer("of this test", purpose="trial"))
    package["proof"]["checkpoint"] = notes.sign(notes.Checkpoint("here", 1, root).text(), [key])
    assert check(tmp_path, package)[0] == 1


def test_a_terminal_without_chinese_gets_the_whole_answer(tmp_path):
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(made(SAID, {**SAID, "certificate": "c"})), "utf-8")
    told = "import sys, runpy; sys.stdout.reconfigure(encoding='ascii'); sys.argv = ['check', sys.argv[1]]; "
    command = [sys.executable, "-I", "-c", f"{told}runpy.run_path({str(seals.PROGRAM)!r}, run_name='__main__')", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (3, "")
    assert "AQPX-1" in done.stdout


ONE, TWO = records.Decider(1, "管理员甲", None), records.Decider(2, "管理员乙", None)


@pytest.fixture
def revoked(in_jia, issued):
    """The package of a certificate that was renewed and then revoked."""
    who = {"subject": issued.subject, "requirement": "CY-GEN", "stage": "ANNUAL"}
    records.issue_certificate(facts=facts(**who), at=clock.now())
    row = records.propose_revocation(certificate=issued.uuid, reason="UNTRUE", words="记录与监控不符", by=ONE, at=clock.now())
    records.decide_revocation(revocation=row.uuid, approve=True, answer="", by=TWO, at=clock.now())
    seal(in_jia)
    answer = Client().get(f"/verify/{issued.code}/proof.json", headers={"host": "anxue.localhost"})
    return json.loads(answer.content)


def test_what_became_of_it_is_proven_too(tmp_path, revoked):
    keys = [word for key in revoked["keys"] for word in ("--key", key)]
    code, said = check(tmp_path, revoked, *keys)
    assert (code, said.splitlines()[0]) == (4, "GENUINE, BUT REVOKED")
    assert "REVOKED      " in said
    assert "UNTRUE" in said
    assert "renewed      " in said
    assert "记录与监控不符" not in json.dumps(revoked, ensure_ascii=False)


def another_reason(found):
    found["later"][-1]["entry"]["body"]["reason"] = "MISTAKE"


def a_revocation_of_another(found):
    found["later"][-1]["entry"]["body"]["certificate"] = "00000000-0000-4000-8000-000000000000"


def a_later_entry_twice_itself(found):
    found["later"].append({key: found[key] for key in ("entry", "prev", "hash", "proof")})


def a_head_of_another_time(found):
    found["later"][0]["proof"]["checkpoint"] = found["later"][0]["proof"]["checkpoint"].replace("at 2", "at 3")


def a_later_entry_without_proof(found):
    del found["later"][0]["proof"]


@pytest.mark.parametrize(
    "alter",
    [another_reason, a_revocation_of_another, a_later_entry_twice_itself, a_head_of_another_time, a_later_entry_without_proof],
    ids=lambda alter: alter.__name__,
)
def test_what_was_altered_of_later_days_is_not_genuine(tmp_path, revoked, alter):
    altered = copy.deepcopy(revoked)
    alter(altered)
    code, said = check(tmp_path, altered)
    assert (code, said[:11]) == (1, "NOT GENUINE")


def test_somebody_elses_keys_do_not_do(tmp_path, package):
    stranger = "else.example+2f1b5b5e+AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"
    assert check(tmp_path, package, "--key", stranger)[0] == 1


def test_within_the_first_minute_the_page_says_to_wait(in_jia, issued):
    answer = Client().get(f"/verify/{issued.code}/proof.json", headers={"host": "anxue.localhost"})
    assert answer.status_code == 409
    assert "请稍后再试" in answer.content.decode()


def test_an_unknown_code_proves_nothing(in_jia):
    assert Client().get("/verify/aaaaaaaaaaaaaaaa/proof.json", headers={"host": "anxue.localhost"}).status_code == 404


def test_the_program_is_handed_out_as_it_is(db):
    answer = Client().get("/verify/check.py", headers={"host": "anxue.localhost"})
    assert answer.content == seals.PROGRAM.read_bytes()
