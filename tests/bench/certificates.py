"""A whole training of 1,000 people: certificates issued by one batch, then printed, as pages to hang up and as signed files.

What a worker does is done here in the process, so that its time and memory can be seen. Learning itself is written into the tables.
"""

from __future__ import annotations

import resource
import secrets
import time
from typing import Any

from apps.people import api as people
from apps.people.models import Manager
from apps.plans import api as plans
from apps.plans.certificates import batches, building
from apps.plans.models import CertificateBatch
from apps.records import api as records
from infra.kit import clock
from tenants.scope import enterprise_scope
from tests.apps.plans import ground
from tests.bench.ground import say
from tests.tenants.ground import open_for_test, remove_enterprises

PEOPLE = 1_000
PREFIX = "certco-"


def run(options: dict[str, Any]) -> dict[str, Any]:
    """Return seconds of each batch for ``people``, ``per_s`` of issuing, megabytes of the ZIPs, and the process's peak before and after."""
    remove_enterprises(PREFIX)
    site = open_for_test(f"{PREFIX}{secrets.token_hex(3)}")
    try:
        with enterprise_scope(site):
            plan, me = _fill()
            before = _peak_mb()
            issued, row = _timed(batches.order_issue(plan=plan, by=me, at=clock.now()))
            assert row.made == PEOPLE, row.made
            found = {"people": PEOPLE, "issue_s": issued, "per_s": round(PEOPLE / issued), "peak_mb": {"before": before}}
            for kind in (batches.Kind.SHEETS, batches.Kind.FILES):
                ids = [paper.id for paper in _papers(plan)]
                spent, row = _timed(
                    batches.order_print(kind=kind, ids=ids, origin="https://anxue.example", by=me, at=clock.now())
                )
                found[f"{kind.lower()}_s"], found[f"{kind.lower()}_mb"] = spent, round(row.size / 1e6, 1)
                found["peak_mb"][kind.lower()] = _peak_mb()
                say(f"{kind}: {spent} s, {row.size} bytes")
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


def _timed(row: CertificateBatch) -> tuple[float, CertificateBatch]:
    began = time.monotonic()
    done = building.work(row.uuid, at=clock.now())
    assert done.state == "DONE", done.state
    return round(time.monotonic() - began, 1), done


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
