"""Who steals a database dump, the object store or the logs learns no number, mail, secret or face of anybody (clause 五.1)."""

from __future__ import annotations

import base64
import json
import os
import re
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.wiring.embedded.account import Account
from tenants.pool import _pg_dump
from tests.journeys.stage import Product
from tests.web import ROOT

FOLDER = Path(os.environ.get("ANXUE_JOURNEY_FOLDER") or ROOT / "build/journeys")
MAIL, PORTRAIT = "xueyuan.jia@example.com", b"portrait of somebody"
FEW = 7
"""Of so many numbers one is looked for in every disguise."""
_PEOPLE = """
import django; django.setup()
import json, random
from apps.people import sealing
from apps.people.identity import vault
from apps.people.identity.models import Identity
from apps.people.identity.rules import Known
from apps.people.models import Learner
from apps.people.notify import choosing
from django.contrib.sessions.models import Session
from tenants.api import each_enterprise
drawn = random.Random(7)
numbers, faces, sessions = set(), [], []
for site in each_enterprise(include_suspended=True):
    learners = list(Learner.objects.filter(sample=False))
    for row in learners:
        numbers |= {sealing.unseal(row.id_sealed, sealing.ID), sealing.unseal(row.mobile_sealed, sealing.MOBILE)}
    sessions += [json.dumps(one.get_decoded(), default=str) for one in Session.objects.all()]
    if site.subdomain == "demo":
        someone = next(row for row in learners if row.credential_id)
        choosing.keep_mail(credential=someone.credential, mail="%s")
        known = Known(tuple(drawn.uniform(-1, 1) for _ in range(128)), drawn.getrandbits(256))
        identity, _ = Identity.objects.get_or_create(learner=someone)
        identity.template_sealed = vault.seal(vault.pack(known), identity, "template")
        identity.photo = vault.put([b"\\xff\\xd8\\xff %s"], identity, "enrolled/test")
        identity.save()
        faces.append(vault.pack(known).hex())
print(json.dumps({"numbers": sorted(numbers), "faces": faces, "sessions": sessions}))
"""


def people_of(product: Product) -> dict[str, Any]:
    """Open every number of every enterprise, as only the product can, after giving a learner a mail address and a face."""
    environment = {**product.environment, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    command = [sys.executable, "-c", _PEOPLE % (MAIL, PORTRAIT.decode())]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def disguises(text: bytes) -> list[bytes]:
    """Return a secret as it may lie somewhere: as it is, in hex, in base64 at each of the three positions."""
    shifted = [base64.b64encode(b"\0" * lead + text)[4 if lead else 0 :].rstrip(b"=")[:-1] for lead in range(3)]
    return [text, text.hex().encode(), *shifted]


def secrets_of(known: dict[str, Any]) -> list[bytes]:
    """Return what may lie nowhere: numbers of some people and the mail in every disguise, of a face any eight of its numbers in a row."""
    found = [form for text in [*known["numbers"][::FEW], MAIL] for form in disguises(text.encode())]
    for face in known["faces"]:
        raw = bytes.fromhex(face)
        found += [part for at in range(0, 512, 32) for part in (raw[at : at + 32], raw[at : at + 32].hex().encode())]
        found += [f"{value:.6f}".encode() for value in struct.unpack_from("<128f", raw)[:4]]
    return [*found, PORTRAIT]


def found_in(content: bytes, known: dict[str, Any]) -> list[bytes]:
    """Return the secrets in ``content``; the numbers of everybody as they are and in hex, by the runs of digits in it."""
    numbers = {number.encode() for number in known["numbers"]}
    runs = re.findall(rb"[0-9]{11,}[Xx]?", content)
    runs += [bytes.fromhex(run.decode()) for run in re.findall(rb"(?:3[0-9]){11,}(?:58|78)?", content)]
    met = {run[at : at + size] for run in runs for size in (11, 18) for at in range(len(run) - size + 1)}
    return [*(met & numbers), *(secret for secret in secrets_of(known) if secret in content)]


@pytest.mark.req("R5.1")
@pytest.mark.req("R1.4")
def test_dump_store_and_logs_hold_nobody_s_data_in_clear(product: Product) -> None:
    known = people_of(product)
    assert len(known["numbers"]) > 40

    dump = subprocess.run([_pg_dump(), "--no-owner", product.owner_url], capture_output=True, check=True).stdout
    assert dump.count(b"CREATE SCHEMA") > 1
    assert b"people_learner" in dump
    assert found_in(dump, known) == []
    assert found_in("\n".join(known["sessions"]).encode(), known) == [], "nor in what sessions hold packed"

    logs = [FOLDER / "web.log", FOLDER / "worker.log", Account.for_server().home(FOLDER.resolve() / "postgres") / "server.log"]
    for log in logs:
        assert log.stat().st_size > 0, log
        assert found_in(log.read_bytes(), known) == [], log
    files = [path for path in (FOLDER / "storage/enterprises").rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert found_in(path.read_bytes(), known) == [], path.name


def test_the_search_would_find_what_it_looks_for() -> None:
    number, face = b"330106199003070014", struct.pack("<128f", *(n / 128 for n in range(128))) + bytes(32)
    known = {"numbers": [number.decode(), "13800000001"], "faces": [face.hex()]}
    clear = [
        b"a " + number,
        b"x13800000001",
        b"\\\\x" + number.hex().encode(),
        face.hex().encode(),
        b"<" + face + b">",
        MAIL.encode(),
    ]
    clear += [base64.b64encode(b"x" * lead + number + b"tail") for lead in range(4)]
    assert all(found_in(content, known) for content in clear)
    assert found_in(b"3301************14 138****0001", known) == []
