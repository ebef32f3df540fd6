"""The rule of two does not rest on our code: constraints and triggers refuse what a mistake or an intruder would write past it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators.models import Operator, OperatorChange
from public.operators.services import open_operator
from tenants.accounts.models import Credential
from tests.public.desk import House, house, operator

pytestmark = pytest.mark.req("R5.7")


@pytest.fixture
def people(platform: None) -> House:
    return house()


def row_of(credential_id: int) -> Operator:
    return Operator.objects.get(credential_id=credential_id)


def made(people: House, **values: Any) -> OperatorChange:
    at = clock.now()
    plain = {
        "kind": "ROLE",
        "subject": row_of(people.author),
        "wanted": {"role": "REVIEWER"},
        "reason": "x",
        "asked_by": row_of(people.system),
        "asked_role": "SYSTEM",
        "asked_at": at,
        "expires_at": at + timedelta(days=7),
    }
    return OperatorChange.objects.create(**plain | values)


def refuses(write: Any) -> bool:
    """Whether the database refuses a write; the transaction of the test goes on."""
    try:
        with transaction.atomic():
            write()
    except DatabaseError:
        return True
    return False


def approve(row: OperatorChange, by: Operator, role: str) -> None:
    OperatorChange.objects.filter(pk=row.pk).update(state="APPROVED", decided_by=by, decided_role=role, decided_at=clock.now())


def test_a_role_written_by_hand_is_refused(people):
    for role in ("REVIEWER", "SYSTEM"):
        assert refuses(lambda role=role: Operator.objects.filter(credential_id=people.author).update(role=role))
    assert row_of(people.author).role == "AUTHOR"


def test_an_account_written_by_hand_is_refused(people):
    def write() -> None:
        credential = Credential.objects.create_credential(login="smuggled", name="甲", password="x")
        Operator.objects.create(credential=credential, role="OPERATIONS")

    assert refuses(write)
    assert Credential.objects.by_login("smuggled") is None


def test_an_account_is_never_deleted(people):
    assert refuses(lambda: Operator.objects.filter(credential_id=people.operations).delete())
    assert row_of(people.operations)


@pytest.mark.parametrize(
    ("by", "role"),
    [
        ("system", "SYSTEM"),
        ("system_too", "SYSTEM"),
        ("audit", "AUDIT"),
        ("operations", "OPERATIONS"),
        ("system_too", "SECURITY"),
    ],
)
def test_only_a_security_administrator_approves_what_a_system_administrator_asked(people, by, role):
    row = made(people)
    assert refuses(lambda: approve(row, row_of(getattr(people, by)), role))
    assert OperatorChange.objects.get(pk=row.pk).state == "OPEN"


def test_nobody_asks_or_approves_for_oneself(people):
    assert refuses(lambda: made(people, subject=row_of(people.system)))
    row = made(people, subject=row_of(people.security), wanted={"role": "AUTHOR"})
    assert refuses(lambda: approve(row, row_of(people.security), "SECURITY"))


def test_nobody_asks_in_another_office_s_name(people):
    assert refuses(lambda: made(people, asked_by=row_of(people.operations)))
    assert refuses(lambda: made(people, asked_by=row_of(people.audit), asked_role="AUDIT"))
    assert refuses(lambda: made(people, state="APPROVED", decided_by=row_of(people.security), decided_role="SECURITY"))
    assert not OperatorChange.objects.exists()


def test_an_approved_change_serves_its_own_account_and_role_once(people):
    row = made(people)
    approve(row, row_of(people.security), "SECURITY")
    other = row_of(people.operations)
    assert refuses(lambda: Operator.objects.filter(pk=other.pk).update(role="REVIEWER", change=row)), "another account"
    mine = Operator.objects.filter(credential_id=people.author)
    assert refuses(lambda: mine.update(role="OPERATIONS", change=row)), "another role"
    mine.update(role="REVIEWER", change=row)
    assert refuses(lambda: mine.update(role="AUTHOR")), "back by hand"
    assert refuses(lambda: mine.update(role="AUTHOR", change=None)), "forgetting what it rests on"
    assert row_of(people.author).role == "REVIEWER"


def test_what_was_asked_and_decided_stands(people):
    row = made(people)
    rows = OperatorChange.objects.filter(pk=row.pk)
    assert refuses(lambda: rows.update(wanted={"role": "SYSTEM"}))
    assert refuses(lambda: rows.update(reason="y"))
    approve(row, row_of(people.security), "SECURITY")
    assert refuses(lambda: rows.update(state="OPEN"))
    assert refuses(lambda: rows.delete())
    assert rows.get().wanted == {"role": "REVIEWER"}


def test_the_last_of_an_office_keeps_it(people):
    row = made(people, subject=row_of(people.audit), wanted={"role": "AUTHOR"})
    approve(row, row_of(people.security), "SECURITY")
    assert refuses(lambda: Operator.objects.filter(credential_id=people.audit).update(role="AUTHOR", change=row))
    assert row_of(people.audit).role == "AUDIT"


def test_one_person_holds_one_office(platform):
    operator("SYSTEM", person=5)
    with pytest.raises(DomainError) as refused:
        operator("AUDIT", person=5)
    assert refused.value.code == "person_known"

    def write() -> None:
        credential = Credential.objects.create_credential(login="second", name="甲", password="x")
        Operator.objects.create(credential=credential, role="AUDIT", person_key=Operator.objects.get(role="SYSTEM").person_key)

    assert refuses(write), "not past our code either"
    assert Operator.objects.count() == 1


def test_an_administrator_has_a_known_identity(platform):
    operator("REVIEWER")  # needs none
    with pytest.raises(ValueError, match="identity"):
        open_operator(login="x", name="x", password="x", role="AUDIT", at=clock.now())

    def write() -> None:
        credential = Credential.objects.create_credential(login="nobody", name="甲", password="x")
        Operator.objects.create(credential=credential, role="AUDIT")

    assert refuses(write)


def test_once_the_offices_are_filled_nobody_opens_accounts_past_them(people):
    with pytest.raises(DomainError) as refused:
        operator("REVIEWER")
    assert refused.value.code == "opened_by_two"
    assert not Operator.objects.filter(role="REVIEWER").exists()
