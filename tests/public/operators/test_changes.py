"""One administrator asks, one of another office decides; nobody about the own account; what was approved is done at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from public.operators import changes, policies
from public.operators.models import Operator, OperatorChange, Passkey, SecondFactor
from tenants.accounts.models import Credential
from tests.public.desk import House, house, identity_number

pytestmark = pytest.mark.req("R5.7")
IP = "198.51.100.7"


@pytest.fixture
def people(platform: None) -> House:
    return house()


def ask(people: House, kind: str, subject: int | None, wanted: dict | None = None, *, by: str = "system") -> OperatorChange:
    return changes.ask(
        kind=kind, subject=subject, wanted=wanted or {}, reason="岗位调整", me=people.me(by), at=clock.now(), ip=IP
    )


def decide(people: House, row: OperatorChange, *, by: str = "security", approve: bool = True, later: timedelta = timedelta()):
    return changes.decide(uuid=row.uuid, approve=approve, reason="已核对", me=people.me(by), at=clock.now() + later, ip=IP)


def refused(call, *args, **kwargs) -> str:
    with pytest.raises(DomainError) as found:
        call(*args, **kwargs)
    return found.value.code


def role_of(credential_id: int) -> str:
    return Operator.objects.get(credential_id=credential_id).role


def test_a_role_changes_when_two_agree_and_the_log_says_from_what_to_what(people):
    row = ask(people, "ROLE", people.author, {"role": "REVIEWER"})
    assert role_of(people.author) == "AUTHOR", "asking alone changes nothing"
    decide(people, row)
    assert role_of(people.author) == "REVIEWER"
    told = AuditEvent.objects.get(action="operators.change_approved", target=f"change:{row.uuid}")
    assert (told.actor, told.ip) == (f"operator:{people.security}", IP)
    assert told.details["before"]["role"] == "AUTHOR"
    assert told.details["after"]["role"] == "REVIEWER"


def test_what_is_refused_changes_nothing(people):
    row = decide(people, ask(people, "ROLE", people.author, {"role": "REVIEWER"}), approve=False)
    assert (row.state, role_of(people.author)) == ("REFUSED", "AUTHOR")
    assert refused(decide, people, row) == "change_decided"
    assert role_of(people.author) == "AUTHOR"


@pytest.mark.parametrize(
    ("by", "code"),
    [("system", "change_office"), ("system_too", "change_office"), ("audit", "change_office"), ("operations", "change_office")],
)
def test_only_the_other_office_decides(people, by, code):
    row = ask(people, "ROLE", people.author, {"role": "REVIEWER"})
    assert refused(decide, people, row, by=by) == code
    assert (OperatorChange.objects.get(pk=row.pk).state, role_of(people.author)) == ("OPEN", "AUTHOR")


@pytest.mark.parametrize("by", ["audit", "operations", "author", "security"])
def test_only_the_system_administrator_asks_about_accounts(people, by):
    assert refused(ask, people, "RESET", people.author if by != "author" else people.operations, by=by) == "change_office"
    assert not OperatorChange.objects.exists()


def test_nobody_asks_or_decides_about_the_own_account(people):
    assert refused(ask, people, "ROLE", people.system, {"role": "AUDIT"}) == "change_self"
    row = ask(people, "RESET", people.security)
    assert refused(decide, people, row, by="security") == "change_self"
    assert decide(people, row, by="security_too").state == "APPROVED"


def test_the_last_one_of_an_office_keeps_it(people):
    row = ask(people, "ROLE", people.audit, {"role": "AUTHOR"})
    assert refused(decide, people, row) == "last_of_office"
    assert (role_of(people.audit), OperatorChange.objects.get(pk=row.pk).state) == ("AUDIT", "OPEN")


def test_a_person_without_a_known_identity_becomes_no_administrator(people):
    assert refused(ask, people, "ROLE", people.operations, {"role": "AUDIT"}) == "person_unknown"
    assert role_of(people.operations) == "OPERATIONS"


def test_two_who_leave_an_office_at_once_do_not_empty_it(people):
    row = ask(people, "BLOCK", people.system_too)
    with CaptureQueriesContext(connection) as asked:
        decide(people, row)
    locks = [one["sql"] for one in asked if "FOR NO KEY UPDATE" in one["sql"] and "operators_operator" in one["sql"]]
    assert len(locks) == 1
    assert "'SYSTEM'" in locks[0], "the whole office, before anybody of it is counted"
    assert refused(decide, people, ask(people, "BLOCK", people.system, by="security"), by="system_too") == "last_of_office"
    assert Credential.objects.get(pk=people.system).is_active


def test_who_asked_does_not_decide_after_moving_to_the_other_office(people):
    row = ask(people, "ROLE", people.author, {"role": "REVIEWER"}, by="system_too")
    decide(people, ask(people, "ROLE", people.system_too, {"role": "SECURITY"}))
    assert refused(decide, people, row, by="system_too") == "change_self"
    assert (OperatorChange.objects.get(pk=row.pk).state, role_of(people.author)) == ("OPEN", "AUTHOR")


def test_what_lapsed_may_be_asked_again_at_once(people):
    row = ask(people, "ROLE", people.author, {"role": "REVIEWER"})
    later = clock.now() + timedelta(days=8)
    again = changes.ask(
        kind="ROLE",
        subject=people.author,
        wanted={"role": "OPERATIONS"},
        reason="重新提出",
        me=people.me("system"),
        at=later,
        ip=IP,
    )
    assert (OperatorChange.objects.get(pk=row.pk).state, again.state) == ("LAPSED", "OPEN")


def test_a_request_lapses_after_a_week(people):
    row = ask(people, "ROLE", people.author, {"role": "REVIEWER"})
    assert refused(decide, people, row, later=timedelta(days=7)) == "change_lapsed"
    assert changes.lapse(at=clock.now() + timedelta(days=6)) == 0
    assert changes.lapse(at=clock.now() + timedelta(days=8)) == 1
    assert (OperatorChange.objects.get(pk=row.pk).state, role_of(people.author)) == ("LAPSED", "AUTHOR")


def test_one_open_request_of_a_kind_and_account(people):
    row = ask(people, "ROLE", people.author, {"role": "REVIEWER"})
    assert refused(ask, people, "ROLE", people.author, {"role": "OPERATIONS"}) == "change_open"
    changes.withdraw(uuid=row.uuid, me=people.me("system"), at=clock.now(), ip=IP)
    assert ask(people, "ROLE", people.author, {"role": "OPERATIONS"}).state == "OPEN"
    assert refused(decide, people, row) == "change_decided"


def test_only_the_asker_withdraws(people):
    row = ask(people, "ROLE", people.author, {"role": "REVIEWER"})
    assert refused(changes.withdraw, uuid=row.uuid, me=people.me("system_too"), at=clock.now(), ip=IP) == "change_office"
    assert OperatorChange.objects.get(pk=row.pk).state == "OPEN"


def open_account(people: House, *, login: str = "author2", role: str = "AUTHOR", person: int = 30) -> OperatorChange:
    return changes.ask_open(
        login=login,
        name="课程作者乙",
        role=role,
        identity_number=identity_number(person),
        reason="新人到岗",
        me=people.me("system"),
        at=clock.now(),
        ip=IP,
    )


def test_a_new_account_is_there_once_two_agreed_and_waits_for_its_person(people):
    row = open_account(people)
    assert Credential.objects.by_login("author2") is None
    decide(people, row)
    made = Credential.objects.by_login("author2")
    assert made is not None
    assert (made.name, made.has_usable_password(), role_of(made.pk)) == ("课程作者乙", False, "AUTHOR")


def test_neither_login_nor_identity_number_lies_in_the_request_or_the_log(people):
    row = open_account(people)
    kept = f"{OperatorChange.objects.get(pk=row.pk).wanted} {list(AuditEvent.objects.values_list('details', flat=True))}"
    assert identity_number(30) not in kept
    assert "author2" not in kept
    told = AuditEvent.objects.get(action="operators.change_asked")
    assert set(told.details["after"]) == {"name", "role"}


@pytest.mark.parametrize(
    ("login", "person", "code"),
    [("AUTHOR", 31, "login_taken"), ("author2", 20, "person_known")],
)
def test_one_person_has_one_account(people, login, person, code):
    assert refused(open_account, people, login=login, person=person) == code
    assert not OperatorChange.objects.exists()


def test_a_login_taken_meanwhile_ends_the_approval_and_not_the_platform(people):
    first, second = open_account(people, person=30), open_account(people, person=31)
    decide(people, first)
    assert refused(decide, people, second) == "login_taken"
    assert OperatorChange.objects.get(pk=second.pk).state == "OPEN"
    assert Operator.objects.filter(credential__login_key=Credential.objects.by_login("author2").login_key).count() == 1


def test_an_operator_is_shut_out_at_once_by_one_and_let_in_by_two(people):
    changes.block(credential_id=people.operations, reason="涉嫌违规", me=people.me("security"), at=clock.now(), ip=IP)
    assert not Credential.objects.get(pk=people.operations).is_active
    decide(people, ask(people, "UNBLOCK", people.operations))
    assert Credential.objects.get(pk=people.operations).is_active


def test_an_administrator_is_shut_out_by_two_only(people):
    at = clock.now()
    assert (
        refused(changes.block, credential_id=people.system_too, reason="离职", me=people.me("security"), at=at, ip=IP)
        == "change_by_two"
    )
    assert Credential.objects.get(pk=people.system_too).is_active
    decide(people, ask(people, "BLOCK", people.system_too, by="security"), by="system")
    assert not Credential.objects.get(pk=people.system_too).is_active


def test_who_has_not_come_for_ninety_days_is_shut_out_and_administrators_are_not(people):
    at = clock.now()
    Credential.objects.filter(pk=people.operations).update(last_login=at)
    assert changes.block_stale(at=at + timedelta(days=89)) == 0
    assert changes.block_stale(at=at + timedelta(days=90, seconds=60)) == 2, "the author never came, operations not since"
    assert changes.block_stale(at=at + timedelta(days=91)) == 0
    active = set(Credential.objects.filter(operator__isnull=False, is_active=True).values_list("operator__role", flat=True))
    assert active == {"SYSTEM", "SECURITY", "AUDIT"}
    assert AuditEvent.objects.filter(action="operators.blocked", actor="system").count() == 2


@pytest.mark.parametrize("by", ["audit", "operations", "author"])
def test_nobody_else_shuts_anybody_out(people, by):
    subject = people.operations if by == "author" else people.author
    at = clock.now()
    assert refused(changes.block, credential_id=subject, reason="试一试", me=people.me(by), at=at, ip=IP) == "change_office"
    assert Credential.objects.get(pk=subject).is_active


def test_a_reset_takes_every_way_in(people):
    who = Credential.objects.get(pk=people.author)
    Passkey.objects.create(credential=who, handle=b"h", public_key=b"k", name="蓝色", made_at=clock.now())
    decide(people, ask(people, "RESET", people.author))
    assert not Credential.objects.get(pk=people.author).has_usable_password()
    assert not SecondFactor.objects.filter(credential_id=people.author).exists()
    assert not Passkey.objects.filter(credential_id=people.author).exists()


def test_networks_hold_once_the_system_administrator_agrees(people):
    row = ask(people, "NETWORKS", None, {"networks": ["198.51.100.9/24", " ", "2001:db8::/32", "198.51.100.0/24"]}, by="security")
    assert policies.chosen_networks() == []
    decide(people, row, by="system")
    assert policies.chosen_networks() == ["198.51.100.0/24", "2001:db8::/32"]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["203.0.113.0/24"], "shuts_out"),
        (["nonsense"], "bad_network"),
        (["10.0.0.0/33"], "bad_network"),
        ([f"10.0.{n}.0/24" for n in range(51)], "too_many_networks"),
    ],
)
def test_a_list_that_shuts_out_or_says_nothing_is_refused(people, lines, code):
    assert refused(ask, people, "NETWORKS", None, {"networks": lines}, by="security") == code
    assert not OperatorChange.objects.exists()


def test_whoever_decides_is_not_shut_out_either(people):
    row = ask(people, "NETWORKS", None, {"networks": ["198.51.100.0/24"]}, by="security")
    at = clock.now()
    assert (
        refused(changes.decide, uuid=row.uuid, approve=True, reason="已核对", me=people.me("system"), at=at, ip="203.0.113.5")
        == "shuts_out"
    )
    assert OperatorChange.objects.get(pk=row.pk).state == "OPEN"


def test_the_newest_clearance_holds(people):
    from infra.kit.labels import Label

    assert policies.clearance("OPERATIONS").code == "2-FINANCE+TRAINING"
    for code in ("1-TRAINING", "2-TRAINING"):
        decide(people, ask(people, "CLEARANCE", None, {"role": "OPERATIONS", "label": code}, by="security"), by="system")
    assert policies.clearance("OPERATIONS") == Label.parse("2-TRAINING")
    assert dict(policies.clearances())["OPERATIONS"].code == "2-TRAINING"
    assert policies.clearance("AUTHOR").code == "1-TRAINING"


@pytest.mark.parametrize(
    ("ip", "networks", "may"),
    [
        ("198.51.100.7", [], True),
        ("198.51.100.7", ["198.51.100.0/24"], True),
        ("::ffff:198.51.100.7", ["198.51.100.0/24"], True),
        ("198.51.101.7", ["198.51.100.0/24"], False),
        ("2001:db8::5", ["2001:db8::/32"], True),
        ("nonsense", ["198.51.100.0/24"], False),
        ("192.0.2.1", ["198.51.100.0/24"], True),  # named by the machine's settings
    ],
)
def test_who_is_admitted(settings, ip, networks, may):
    settings.ADMIN_NETWORKS = ["192.0.2.0/24"]
    assert policies.admits(ip, networks) is may
