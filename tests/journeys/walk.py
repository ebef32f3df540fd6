"""Every page of the product that somebody can open, found from the URL lists, with a browser session for who opens it.

Run beside the served product (`prepare`); prints one JSON object: people with their cookies, and the addresses each may see.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.journeys import people
from tests.journeys.stage import Product
from tests.web import ROOT

_PREPARE = """
import django; django.setup()
import json, sys
from tests.journeys.walk import found
print(json.dumps(found(json.loads(sys.argv[1]))))
"""


def prepare(product: Product) -> dict[str, Any]:
    """Return ``{"who": {"host", "cookies", "paths"}}`` for learner, owner, each desk, regulator and strangers."""
    numbers = {"id_number": people.resident_id(), "mobile": people.mobile()}
    command = [sys.executable, "-c", _PREPARE, json.dumps(numbers)]
    environment = {**product.environment, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def finish_training(numbers: dict[str, str], *, title: str = "新进人员岗前培训", password: str | None = None) -> Any:
    """Stand in the demo enterprise: a learner of these numbers who has done everything but sign; returns learner and duty."""
    from datetime import timedelta

    from apps.people import api as people_api
    from apps.plans import api as plans
    from infra.kit import clock
    from infra.wiring.devdata import FIRST_COURSES
    from public.catalogue import api as catalogue
    from tests.apps.plans import ground

    now = clock.now()
    someone = people_api.add_learner(name="学员甲", at=now, password=password, unit_path="生产部/一车间", **numbers)
    courses = {card.code: card.version_id for card in catalogue.published()}
    wanted = next(row for row in catalogue.requirements(on=now.date()) if row.code == "CY-NEW4" and row.stage == "EVENT")
    due = clock.shanghai_date(now) + timedelta(days=30)
    for name, code in ((title, FIRST_COURSES[1]), (f"{title}（下一期）", FIRST_COURSES[0])):
        order = plans.PlanOrder(title=name, requirement_id=wanted.id, version_ids=[courses[code]], exam_needed=False, due_on=due)
        plans.open_plan(order=order, who=plans.Who("picked", learner_ids=[someone.id]), by="安全员", at=now)
        if name == title:
            (duty,) = plans.assignments_of(someone.id)
            ground.learn_all(duty)
            plans.review_completion(learner_id=someone.id, at=now)
    return someone, duty


def found(numbers: dict[str, str]) -> dict[str, Any]:
    """Look at every GET route as everybody who may be let in, and keep those that show a page. Stands nowhere."""
    from django.conf import settings
    from django.test import Client

    from apps.people.models import Learner, Manager
    from infra.wiring.devdata import DEMO
    from public.operators import api as operators
    from tenants import sites
    from tenants.api import Credential
    from tenants.scope import enterprise_scope, platform_scope

    host = sites.host_of(DEMO.subdomain)
    site = sites.resolve(host)
    assert site is not None
    clients: dict[str, tuple[str, Client]] = {}
    with enterprise_scope(site):
        someone, duty = finish_training(numbers)
        ids = _ids_of_enterprise(someone, duty)
        who = {"learner": Learner.objects.get(pk=someone.id).credential}
        who |= {row.role.lower(): row.credential for row in Manager.objects.filter(role="OWNER")}
        for name, credential in who.items():
            clients[name] = (host, Client(headers={"host": host}))
            clients[name][1].force_login(credential)
    platform = str(settings.PLATFORM_HOST)
    with platform_scope():
        for login in ("author", "reviewer", "operations", "regulator", "system", "security", "audit"):
            browser = Client(headers={"host": platform})
            credential = Credential.objects.by_login(login)
            browser.force_login(credential)
            session = browser.session
            session[operators.SECOND_FACTOR] = credential.pk
            session.save()
            clients[login] = (platform, browser)
        ids |= _ids_of_platform()
    clients = {
        "visitor": (platform, Client(headers={"host": platform})),
        "guest": (host, Client(headers={"host": host})),
        **clients,
    }
    return _pages(clients, ids, platform)


def _ids_of_enterprise(someone: Any, duty: Any) -> dict[str, Any]:
    from apps.people.models import Manager, Position, Qualification, Unit
    from apps.plans.models import TrainingPlan

    plan = TrainingPlan.objects.order_by("id").first()
    return {
        "learner": someone.uuid,
        "assignment": duty.uuid,
        "courseware": duty.courseware_ids[0],
        "console_archive": someone.uuid,
        "console_plan": plan.uuid,
        "training": plan.uuid,
        "console_plan_add": plan.uuid,
        "console_archive_class": plan.uuid,
        **_ids_of_files(someone),
        "manager": Manager.objects.order_by("id")[1].pk,
        "unit": Unit.objects.order_by("id").first().pk,
        "position": Position.objects.order_by("id").first().pk,
        "qualification": Qualification.objects.order_by("id").first().uuid,
        **_ids_of_talk(someone, duty),
        **_ids_of_interfaces(),
    }


def _ids_of_interfaces() -> dict[str, Any]:
    """A key, a webhook, and something that it is told."""
    from apps.openapi.hooks import addressing
    from apps.people.models import Manager
    from infra.kit import clock
    from tests.apps.openapi import ground

    ground.token(name="人事系统")
    order = addressing.Order(name="门禁系统", url="https://hooks.example.com/anxue", kinds=("EXAM", "CERTIFICATE"))
    me, at = Manager.objects.filter(role="OWNER").values_list("pk", flat=True)[0], clock.now()
    hook, _secret = addressing.add(order=order, by=me, at=at)
    sent = addressing.trial(hook=hook.uuid, by=me, at=at)
    return {
        "console_interfaces_key": ground.newest_key(),
        "console_interfaces_hook": hook.uuid,
        "console_interfaces_delivery": sent.uuid,
    }


def _ids_of_files(someone: Any) -> dict[str, Any]:
    """The first entry of a file, with a correction that waits."""
    from apps.records import api as records
    from infra.kit import clock

    row = records.propose_correction(
        subject=someone.uuid, n=1, values={"position": "钳工班长"}, reason="登记时岗位写错", evidence=None,
        by=records.Acting("manager:0", "管理员甲"), at=clock.now(),
    )  # fmt: skip
    return {"n": 1, "console_correction": row.uuid}


def _ids_of_talk(someone: Any, duty: Any) -> dict[str, Any]:
    """A question with an answer that was sent to the platform."""
    from apps.community.threads import answering, asking, places, sharing
    from apps.people import api as people_api
    from apps.people.models import Manager
    from infra.kit import clock

    at, owner = clock.now(), Manager.objects.get(role="OWNER")
    by, version = people_api.ManagerView(owner.pk, owner.name, owner.role), duty.courses[0].version_id
    place = places.place(
        learner_id=someone.id, assignment=duty.uuid, version_id=version, courseware_id=duty.courseware_ids[0], at_ms=5000
    )
    row = asking.ask(learner_id=someone.id, place=place, words="机器没停稳就伸手清料，会有什么后果？", at=at)
    post = answering.answer(thread=row.uuid, by=by, within=None, words="会被卷入。必须停机、断电、挂牌后再清理。", at=at)
    words = {"question": "机器没停稳能不能清料？", "answer": "不能。停机、断电、挂牌后再清理。"}
    sent = sharing.propose(thread=row.uuid, post=post.uuid, by=by, within=None, at=at, **words)
    return {"course_version": version, "thread": row.uuid, "said": row.uuid, "proposal": sent.uuid}


def _ids_of_platform() -> dict[str, Any]:
    from public.catalogue.models import Course, CourseVersion, Trainer
    from public.complaints.models import Complaint
    from public.helpdesk.models import Article, Canned, Ticket
    from public.portal.models import Rectification
    from public.questions.models import Question
    from public.regulators.models import CertificateListing, Partner
    from tenants.models import Enterprise

    version = CourseVersion.objects.filter(state="PUBLISHED").order_by("id").first()
    return {
        "version_id": version.pk,
        "version": version.pk,
        "course": Course.objects.get(pk=version.course_id).pk,
        "question": Question.objects.order_by("id").values_list("uuid", flat=True).first(),
        "complaint": Complaint.objects.order_by("id").values_list("uuid", flat=True).first(),
        "article": Article.objects.order_by("id").values_list("uuid", flat=True).first(),
        "desk_help_ticket": Ticket.objects.order_by("id").values_list("uuid", flat=True).first(),
        "canned": Canned.objects.order_by("id").first().pk,
        "role": "learner",
        "name": "study",
        "trainer": Trainer.objects.order_by("id").first().pk,
        "enterprise": Enterprise.objects.order_by("id").first().pk,
        **_ids_of_lives(),
        "company": Enterprise.objects.order_by("id").first().uuid,
        "rectification": Rectification.objects.order_by("id").values_list("uuid", flat=True).first(),
        **_ids_of_administrators(),
        "partner": Partner.objects.order_by("id").values_list("uuid", flat=True).first(),
        "code": CertificateListing.objects.order_by("-id").values_list("code", flat=True).first(),
    }


def _ids_of_lives() -> dict[str, Any]:
    """Of the demo enterprise: its papers and a visit that waits; of the platform: an announcement, a paper, an outage.

    The database is kept from run to run, so what waits since an earlier one is taken.
    """
    from infra.kit import clock
    from infra.wiring.devdata import DEMO
    from public.lifecycle import visiting
    from public.lifecycle.models import Verification, Visit
    from public.lifecycle.words import Desk
    from public.load.models import LoadWarning
    from public.operators import api as operators
    from public.site.models import Announcement, SitePaper
    from public.site.status import services as status
    from tenants.api import Credential
    from tenants.models import Enterprise

    at, credential = clock.now(), Credential.objects.by_login("operations")
    assert credential is not None
    me = operators.operator_of(credential)
    assert me is not None
    demo = Enterprise.objects.get(subdomain=DEMO.subdomain)
    report = status.Report(kind="OUTAGE", title="部分课程视频加载缓慢", text="正在排查。", components=["MEDIA"], starts_at=at)
    waiting = Visit.objects.filter(enterprise=demo, state="ASKED").values_list("uuid", flat=True).first()
    return {
        "enterprise_id": demo.pk,
        "visit": waiting or visiting.ask(enterprise_id=demo.pk, reason="核对报送失败的记录", minutes=30, desk=Desk(me, at)),
        "verification": Verification.objects.filter(enterprise=demo).values_list("uuid", flat=True).first(),
        "announcement": Announcement.objects.order_by("id").values_list("uuid", flat=True).first(),
        "paper": SitePaper.objects.order_by("id").values_list("uuid", flat=True).first(),
        "meter": "QUEUE",
        "audience": "LEARNER",
        "episode": LoadWarning.objects.create(
            meter="QUEUE", stage="BEGAN", level="WARN", value=1_500, design=2_000, at=at
        ).episode,
        "incident": status.begin(report=report, me=me, at=at).uuid,
    }


def _ids_of_administrators() -> dict[str, Any]:
    """An account, a change that waits, and an event of the log."""
    from infra.kit import clock
    from public.audit import api as audit
    from public.operators import api as operators
    from public.operators import changes
    from public.operators.models import OperatorChange
    from tenants.api import Credential

    author, system = (Credential.objects.by_login(login) for login in ("author", "system"))
    assert author is not None
    assert system is not None
    me = operators.operator_of(system)
    assert me is not None
    waiting = OperatorChange.objects.filter(kind="ROLE", subject_id=author.pk, state="OPEN").first()
    asked = waiting or changes.ask(
        kind="ROLE", subject=author.pk, wanted={"role": "REVIEWER"}, reason="岗位调整", me=me, at=clock.now(), ip="127.0.0.1"
    )
    event = audit.search(audit.Wanted(action="operators."), most=1).rows[0]
    return {"credential_id": author.pk, "change": asked.uuid, "event": event.uuid, "moment": event.at.isoformat()}


_LIKELY = {"learner": ("/learn",), "owner": ("/console",), "operations": ("/desk",), "regulator": ("/regulator",)}
"""Whom to ask first."""


def _pages(clients: dict[str, Any], ids: dict[str, Any], platform: str) -> dict[str, Any]:
    """Give each address to the first person who gets a page there."""
    shown: dict[str, list[str]] = {name: [] for name in clients}
    for table, host in (("infra.wiring.urls.platform", platform), ("infra.wiring.urls.enterprise", "")):
        for path in _addresses(table, ids):
            for name, (at, client) in sorted(
                clients.items(), key=lambda one, path=path: not path.startswith(_LIKELY.get(one[0], ()))
            ):
                if (at == platform) == (host == platform) and _is_page(client, path):
                    shown[name].append(path)
                    break
    return {
        name: {"host": at, "cookies": {key: one.value for key, one in client.cookies.items()}, "paths": shown[name]}
        for name, (at, client) in clients.items()
    }


def _is_page(client: Any, path: str) -> bool:
    answer = client.get(path)
    return answer.status_code == 200 and not answer.streaming and b"</html>" in answer.content[-200:]


def _addresses(table: str, ids: dict[str, Any]) -> list[str]:
    from django.urls import get_resolver

    from tests.infra.wiring.permission_ground import Route
    from tests.infra.wiring.permission_ground import _pages as routes

    listed = (route for route in routes(get_resolver(table), "/") if isinstance(route, Route) and route.method == "GET")
    return list(dict.fromkeys(route.url(**ids) for route in listed if not route.pattern.startswith(("/dev/", "/i18n/"))))
