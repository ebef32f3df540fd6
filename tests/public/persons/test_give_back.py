"""A day gets back what was voided, and never more than the same enterprise debited of it."""

import pytest
from django.db import transaction

from infra.kit.errors import DomainError
from public.persons import api as persons
from tenants.scope import enterprise_scope
from tests.conftest import NOON

pytestmark = pytest.mark.req("R3.5")
PERSON, DAY, CAP = "e" * 64, NOON.date(), 21_600_000


def debit(ms):
    persons.lock_day(person_key=PERSON, day=DAY)
    return persons.debit_day(person_key=PERSON, day=DAY, ms=ms, cap_ms=CAP)


def refused(ms):
    with pytest.raises(DomainError, match="not_debited"), transaction.atomic():
        persons.give_back(person_key=PERSON, day=DAY, ms=ms)


def test_what_was_debited_can_be_given_back_once(in_jia):
    debit(10_000)
    assert persons.give_back(person_key=PERSON, day=DAY, ms=4_000) == 6_000
    assert persons.give_back(person_key=PERSON, day=DAY, ms=6_000) == 0
    refused(1)
    assert debit(CAP) == CAP


def test_no_enterprise_gives_back_what_another_has_debited(in_jia, yi):
    debit(10_000)
    with enterprise_scope(yi):
        debit(5_000)
        refused(5_001)
        assert persons.give_back(person_key=PERSON, day=DAY, ms=5_000) == 10_000
        refused(1)
    assert persons.day_used(person_key=PERSON, day=DAY) == 10_000


def test_nothing_is_given_back_to_nobody_and_nothing_negative(in_jia):
    refused(1)
    debit(10_000)
    refused(-1)
    assert persons.day_used(person_key=PERSON, day=DAY) == 10_000
