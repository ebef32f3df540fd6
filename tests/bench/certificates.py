"""A whole training of 1,000 people: certificates issued by one batch, then printed, as pages to hang up and as signed files.

What a worker does is done by a process of its own (`printing`), so that its time and memory can be seen. Learning itself is written into
the tables.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from typing import Any

from apps.people import api as people
from apps.people.models import Manager
from apps.plans import api as plans
from apps.plans.certificates import batches
from apps.plans.models import CertificateBatch
from apps.records import api as records
from infra.kit import clock
from infra.wiring.settings.env import BASE_DIR
from tenants.scope import enterprise_scope
from tests.apps.plans import ground
from tests.bench.ground import say
from tests.tenants.ground import open_for_test, remove_enterprises

PEOPLE = 1_000
PREFIX = "certco-"


def run(options: dict[str, Any]) -> dict[str, Any]:
    """Return for each batch of ``people`` its seconds, megabytes of the ZIP, and of the process before and at most; ``per_s`` of issuing.

    ``sheets_ratio``: how many times the memory of a process that prints nothing
    """
    remove_enterprises(PREFIX)
    site = open_for_test(f"{PREFIX}{secrets.token_hex(3)}")
    try:
        with enterprise_scope(site):
            plan, me = _fill()
            told, row = _worked(site, batches.order_issue(plan=plan, by=me, at=clock.now()))
            assert row.made == PEOPLE, row.made
            found = {"people": PEOPLE, "issue": told, "per_s": round(PEOPLE / told["s"])}
            for kind in (batches.Kind.SHEETS, batches.Kind.FILES):
                ids = [paper.id for paper in _papers(plan)]
                order = batches.order_print(kind=kind, ids=ids, origin="https://anxue.example", by=me, at=clock.now())
                told, row = _worked(site, order)
                found[kind.lower()] = {**told, "zip_mb": round(row.size / 1e6, 1)}
                say(f"{kind}: {found[kind.lower()]}")
            found["sheets_ratio"] = round(found["sheets"]["peak_mb"] / found["sheets"]["before_mb"], 2)
            return found
    finally:
        remove_enterprises(PREFIX)


def _fill() -> tuple[Any, int]:
    began, mark = time.monotonic(), secrets.token_hex(3)
    people.open_owner(name="安全员", mobile="13900000001", password=None, at=clock.now())
    for n in range(PEOPLE):
        ground.learner(n)
    courses = [ground.make_course(f"AQ-{mark}-{n}", title=f"安全须知第 {n} 讲") for n in range(1, 7)]
    wanted = ground.requirement(code=f"FZ-{mark}")
    plan = ground.open_plan(title="主要负责人安全培训", version_ids=courses, requirement_id=wanted, exam_needed=False)
    for learner_id in people.active_ids(_everybody()):
        (duty,) = plans.assignments_of(learner_id)
        ground.learn_all(duty)
    say(f"filled in {time.monotonic() - began:.0f} s")
    return plan, Manager.objects.get().pk


def _everybody() -> list[Any]:
    from apps.people.models import Learner

    return list(Learner.objects.values_list("uuid", flat=True))


def _papers(plan: Any) -> list[records.CertificateView]:
    from apps.plans.models import Assignment

    ids = Assignment.objects.filter(plan__uuid=plan, certificate__isnull=False).values_list("certificate_id", flat=True)
    return list(records.certificates(list(ids)).values())


def _worked(site: Any, row: CertificateBatch) -> tuple[dict[str, Any], CertificateBatch]:
    command = [sys.executable, "-m", "tests.bench.printing", site.schema_name, str(row.uuid)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "infra.wiring.settings"}
    done = subprocess.run(command, cwd=BASE_DIR, env=environment, check=True, stdout=subprocess.PIPE)
    told = json.loads(done.stdout)
    assert told.pop("state") == "DONE"
    row.refresh_from_db()
    return told, row
