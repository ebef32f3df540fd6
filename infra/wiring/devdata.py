"""Demo data: accounts of every role, the catalogue with real films, one enterprise at work. Safe to load again.

Two courses' films are made at once (a few seconds each), the rest, with the one that lasts a whole credit hour, by the worker.
Each course is published through the ordinary review as soon as its films are there.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from apps.community import api as community
from apps.people import api as people
from apps.plans import api as plans
from infra.kit import clock
from infra.wiring import (
    demo_complaints,
    demo_exchange,
    demo_helpdesk,
    demo_interface,
    demo_portal,
    demo_quizzes,
    demo_rights,
    demo_site,
)
from infra.wiring.demo_accounts import ADMINISTRATORS, PASSWORD, REVIEWERS, TOTP
from public.catalogue import api as catalogue
from public.catalogue import seed
from public.catalogue import tasks as catalogue_tasks
from public.operators import api as operators
from public.operators.api import Me
from public.regulators import accounts as regulators
from public.review import api as review
from public.subtitles import api as subtitles
from tenants import sites
from tenants.accounts.models import Credential
from tenants.opening import Application, open_enterprise
from tenants.scope import enterprise_scope, platform_scope

Progress = Callable[[int, int], None]

FIRST_COURSES = ("AQ-CY-ALL-SX-0028-4", "AQ-CY-C-TS-0021-A")
DEMO = Application("浙江示范机械制造有限公司", "91330106MA2BKXT393", "demo", "C34", "GENERAL", "330106")
OWNER_MOBILE = "13800000000"
LEARNERS = 24
UNITS = ("生产部/一车间/甲班", "生产部/一车间/乙班", "生产部/二车间", "仓储部")
POSITIONS = (("操作工", ["MACHINE"]), ("焊工", ["FIRE", "HEIGHT"]), ("叉车司机", ["VEHICLE"]), ("电工", ["ELECTRIC", "POWER"]))
MANAGERS = (("安全员乙", "TRAINING", ""), ("车间主管", "UNIT", "一车间"), ("培训教师", "TRAINER", ""), ("审计员", "AUDITOR", ""))
"""Besides the owner one of each role; the supervisor with the unit."""


@dataclass(frozen=True, slots=True)
class Account:
    """One way in for whoever tries the demo; ``host`` without port."""

    role: str
    host: str
    login: str
    password: str
    path: str
    totp_secret: str = ""


def load(*, at: datetime, progress: Progress, in_background: bool = True) -> list[dict[str, str]]:
    """Load everything that is missing and return the accounts.

    :param progress: called with (done, total) while films are made
    :param in_background: leave the other films to the worker; False leaves them unmade
    """
    with platform_scope():
        author = _platform_people(at)
        todo = catalogue.load_seed(author_id=author, at=at)
        _make_films(todo, progress, in_background=in_background)
        publish_finished(at=at)
        demo_rights.complete_published(author_id=author, at=at)
        demo_exchange.open_partner(at=at)
    _demo_enterprise(at)
    _demo_complaints(at)
    _demo_help(at)
    demo_site.load(DEMO.subdomain, at=at)
    _demo_portal(at)
    return [asdict(account) for account in accounts()]


def accounts() -> list[Account]:
    """Return the demo accounts."""
    platform, demo = settings.PLATFORM_HOST, sites.host_of(DEMO.subdomain)
    return [
        Account("企业安全管理员", demo, OWNER_MOBILE, PASSWORD, "/console/"),
        *(Account(name, demo, _manager_mobile(no), PASSWORD, "/console/") for no, (name, *_) in enumerate(MANAGERS, 1)),
        Account("学员甲", demo, _mobile(1), PASSWORD, "/learn"),
        Account("学员乙", demo, _mobile(2), PASSWORD, "/learn"),
        Account("课程作者", platform, "author", PASSWORD, "/desk/", TOTP["author"]),
        *(Account(name, platform, login, PASSWORD, "/desk/", TOTP[login]) for login, name in REVIEWERS.items()),
        Account("平台运营", platform, "operations", PASSWORD, "/desk/", TOTP["operations"]),
        Account("平台运营乙（复核）", platform, "operations2", PASSWORD, "/desk/", TOTP["operations2"]),
        *(Account(name, platform, login, PASSWORD, "/desk/", TOTP[login]) for login, (name, *_) in ADMINISTRATORS.items()),
        Account("监管人员（杭州）", platform, "regulator", PASSWORD, "/regulator/statistics", TOTP["regulator"]),
    ]


def _platform_people(at: datetime) -> int:
    for login, name, role in (
        ("author", "课程作者", "AUTHOR"),
        *((login, name, "REVIEWER") for login, name in REVIEWERS.items()),
        ("operations", "平台运营", "OPERATIONS"),
        ("operations2", "平台运营乙", "OPERATIONS"),
    ):
        if Credential.objects.by_login(login) is None:
            operators.open_operator(login=login, name=name, password=PASSWORD, role=role, at=at, totp_secret=TOTP[login])
    for login, (name, role, identity) in ADMINISTRATORS.items():
        if Credential.objects.by_login(login) is None and not operators.is_set_up():
            operators.open_operator(
                login=login, name=name, password=PASSWORD, role=role, at=at, totp_secret=TOTP[login], identity_number=identity
            )
    if Credential.objects.by_login("regulator") is None:
        regulators.open_regulator(
            login="regulator",
            name="监管人员",
            password=PASSWORD,
            organisation="杭州市应急管理局",
            division_prefix="3301",
            at=at,
            totp_secret=TOTP["regulator"],
        )
    author = Credential.objects.by_login("author")
    assert author is not None  # noqa: S101 - made above
    return author.pk


def _make_films(todo: list[int], progress: Progress, *, in_background: bool) -> None:
    first = [media for media in todo if catalogue.film_course(media) in FIRST_COURSES]
    for done, media in enumerate(first, 1):
        catalogue.make_media(media, now=clock.now)
        progress(done, len(first))
    for media in todo if in_background else []:
        if media not in first:
            catalogue_tasks.make_media.delay(media_id=media)


def publish_finished(*, at: datetime) -> list[int]:
    """Put every demo draft whose films are ready through submit, four angles and publish; return the versions.

    Stands on the platform. The four demo reviewers sign one angle each, as the rules ask.
    """
    author, operations = Credential.objects.by_login("author"), Credential.objects.by_login("operations")
    if author is None or operations is None:
        return []
    subtitles.adopt(at=at)
    codes = {entry["code"] for entry in seed.courses()}
    # A visitor's own drafts stay theirs.
    ours = [card for card in catalogue.all_versions(state="DRAFT") if card.version_no == 1 and card.code in codes]
    return [card.version_id for card in ours if _publish(card.version_id, author, operations, at)]


@transaction.atomic
def _publish(version_id: int, author: Credential, operations: Credential, at: datetime) -> bool:
    if any(film["media__state"] != "READY" for film in catalogue.media_states(version_id)):
        return False
    demo_quizzes.add(version_id, author_id=author.pk, author_name=author.name)
    demo_rights.register(version_id, author_id=author.pk, author_name=author.name, at=at)
    review.submit(version_id=version_id, me=Me(author.pk, author.name, "AUTHOR"), at=at)
    for angle, me in review.assignees(version_id).items():
        checks = review.every_check(angle)
        review.decide(version_id=version_id, angle=angle, verdict="PASS", note="演示数据", checks=checks, me=me, at=at)
    review.publish(version_id=version_id, me=Me(operations.pk, operations.name, "OPERATIONS"), at=at)
    return True


def _demo_enterprise(at: datetime) -> None:
    site = sites.resolve(sites.host_of(DEMO.subdomain)) or open_enterprise(DEMO, at=at)
    with enterprise_scope(site), transaction.atomic():
        if Credential.objects.by_login(OWNER_MOBILE) is not None:
            return
        people.open_owner(name="安全员", mobile=OWNER_MOBILE, password=PASSWORD, at=at)
        for number in range(1, LEARNERS + 1):
            people.add_learner(
                name=_name(number),
                id_number=_resident_id(number),
                mobile=_mobile(number),
                role="CY",
                position=POSITIONS[number % len(POSITIONS)][0],
                unit_path=UNITS[number % len(UNITS)],
                employment="DISPATCH" if number % 6 == 0 else "OWN",
                at=at,
                password=PASSWORD if number <= 2 else None,
            )
        _open_plan(at)
        _order_people(at)
        community.add_demo_questions(at=at)
        demo_interface.add_key(at=at)


def _demo_complaints(at: datetime) -> None:
    site = sites.resolve(sites.host_of(DEMO.subdomain))
    with platform_scope(), transaction.atomic():
        demo_complaints.load(schema_name=site.schema_name if site else "", at=at)


def _demo_portal(at: datetime) -> None:
    site = sites.resolve(sites.host_of(DEMO.subdomain))
    if site is not None:
        with platform_scope(), transaction.atomic():
            demo_portal.load(site=site, at=at)


def _demo_help(at: datetime) -> None:
    site = sites.resolve(sites.host_of(DEMO.subdomain))
    if site is None:
        return
    with enterprise_scope(site):
        (learner,) = people.search_learners(limit=1)
    with platform_scope(), transaction.atomic():
        demo_helpdesk.load(schema_name=site.schema_name, asker=f"learner:{learner.uuid}", at=at)


def _order_people(at: datetime) -> None:
    """Write down posts with hazards, two certificates that need attention, and a manager of each role."""
    first, second = people.search_learners(limit=2)
    people.order_demo(
        posts=POSITIONS,
        managers=[(name, _manager_mobile(no), role, unit) for no, (name, role, unit) in enumerate(MANAGERS, 1)],
        certificates=[(first.uuid, "WELDING", -5), (second.uuid, "ELECTRIC", 40)],
        password=PASSWORD,
        at=at,
    )


def _manager_mobile(number: int) -> str:
    return f"1380000{9000 + number}"


def _open_plan(at: datetime) -> None:
    rows = {(r.code, r.stage): r for r in catalogue.requirements(on=clock.shanghai_date(at))}
    versions = [card.version_id for card in catalogue.published() if card.code in FIRST_COURSES]
    order: dict[str, Any] = {
        "title": "换岗与“四新”安全培训",
        "requirement_id": rows["CY-NEW4", "EVENT"].id,
        "version_ids": versions,
        "due_on": clock.shanghai_date(at) + timedelta(days=30),
        "exam_questions": 5,
        "exam_minutes": 15,
    }
    plans.open_plan(order=plans.PlanOrder(**order), who=plans.Who(), by="安全员", at=at)


def _name(number: int) -> str:
    stems = "甲乙丙丁戊己庚辛壬癸"
    return f"学员{stems[(number - 1) % 10]}{'' if number <= 10 else '一二三'[(number - 1) // 10 - 1]}"


def _mobile(number: int) -> str:
    return f"1380000{number:04d}"


def _resident_id(number: int) -> str:
    """Return a made-up ID of Xihu district with a right check digit."""
    body = f"33010619{80 + number % 20:02d}0315{number:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]
