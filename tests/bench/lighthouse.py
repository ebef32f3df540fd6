"""What a worker on a phone waits for, and whether everybody can use it: Lighthouse at its phone profile (slow 4G, a slow processor).

Every page of a learner comes from the product's own server in demo mode, which is production without TLS and without a vendor for
text messages: debugging is off, static files are hashed and compressed.
Budget: performance and accessibility at least 90 on each.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

from infra.wiring import chromium, node
from infra.wiring.management.commands.bench import FOLDER
from tests.bench.ground import say
from tests.web import ROOT, serving

PACKAGE = ROOT / "tests/lighthouse/node_modules/lighthouse/cli/index.js"
_SECRET = "a-bench-of-this-machine-opens-nothing-elsewhere-0123456789"
_PREPARE = """
import django; django.setup()
import json, sys
from django.test import Client
from apps.people.models import Learner
from apps.plans import api as plans
from infra.kit import clock
from tenants.scope import enterprise_scope
from tests.apps.plans import ground, signed
from tests.tenants.ground import open_for_test

site = open_for_test(sys.argv[1])
with enterprise_scope(site):
    someone, duty = signed.finished(1, code=f"LH-{sys.argv[1]}")
    ground.open_plan(title="年度再培训", version_ids=[ground.make_course(f"LH-{sys.argv[1]}", lessons=(600_000, 600_000))],
        exam_needed=False, requirement_id=ground.requirement(code=f"CY-{sys.argv[1]}"), due_on=clock.shanghai_date(clock.now()).replace(year=clock.now().year + 1))
    running = next(one for one in plans.assignments_of(someone.id) if one.state == "ASSIGNED")
    browser = Client(headers={"host": site.host})
    browser.force_login(Learner.objects.get(pk=someone.id).credential)
    pages = {"sign-in": "/sign-in", "home": "/learn", "plans": "/learn/plans", "archive": "/learn/archive", "me": "/learn/me",
        "sign": f"/learn/sign/{duty.uuid}", "course": f"/learn/{running.uuid}", "privacy": "/learn/privacy",
        "player": f"/learn/{running.uuid}/{running.courseware_ids[0]}"}
print(json.dumps({"host": site.host, "session": browser.cookies["sessionid"].value, "pages": pages}))
"""


def run(options: dict[str, Any]) -> dict[str, Any]:
    """Return ``{"worst": 97, "pages": {name: {"performance", "accessibility", "lcp_ms", "bytes"}}}``.

    :raises SystemExit: the package is not installed
    """
    if not PACKAGE.exists():
        raise SystemExit("没有安装 Lighthouse：请运行 make lighthouse。")
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    name = f"lh{secrets.token_hex(4)}"
    done = subprocess.run(
        [sys.executable, "-c", _PREPARE, name], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    known = json.loads(done.stdout.splitlines()[-1])
    with serving(environment, log=FOLDER / "web.log", workers=1) as web:
        found = {
            page: _judged(f"http://{known['host']}:{web.port}{path}", page, known["session"])
            for page, path in known["pages"].items()
        }
    worst = min(min(one["performance"], one["accessibility"]) for one in found.values())
    return {"worst": worst, "pages": found}


def _judged(url: str, name: str, session: str) -> dict[str, int]:
    report = FOLDER / f"lighthouse-{name}.json"
    report.unlink(missing_ok=True)
    headers = json.dumps({"Cookie": f"sessionid={session}"} if name != "sign-in" else {})
    flags = " ".join(["--headless=new", *chromium.ARGUMENTS])
    command = [str(node.program()), str(PACKAGE), url, "--output=json", f"--output-path={report}", "--quiet"]
    command += ["--only-categories=performance,accessibility", f"--extra-headers={headers}", f"--chrome-flags={flags}"]
    settings = {**os.environ, **chromium.environment(), "CHROME_PATH": str(chromium.path())}
    subprocess.run(command, cwd=FOLDER, env=settings, check=True, stdout=sys.stderr)
    return _figures(report, name)


def _figures(report: Path, name: str) -> dict[str, int]:
    read = json.loads(report.read_text("utf-8"))
    scores = {key: round(100 * (read["categories"][key]["score"] or 0)) for key in ("performance", "accessibility")}
    audits = read["audits"]
    lcp, weight = (int(audits[key]["numericValue"]) for key in ("largest-contentful-paint", "total-byte-weight"))
    say(f"{name}: {scores} {lcp} ms, {weight // 1024} KiB")
    return {**scores, "lcp_ms": lcp, "bytes": weight}
