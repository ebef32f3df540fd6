"""The person's lease and day, over two enterprises."""

from uuid import uuid4

import pytest

from infra.kit import clock
from infra.kit.errors import DomainError
from public.persons import api as persons
from tenants.scope import enterprise_scope
from tests.conftest import NOON

PERSON = "f" * 64
DAY = clock.shanghai_date(NOON)
CAP = 21_600_000


@pytest.mark.req("R2.3")
def test_the_newest_session_takes_the_lease_from_another_enterprise(db, jia, yi):
    here, there = uuid4(), uuid4()
    with enterprise_scope(jia):
        assert persons.take_lease(person_key=PERSON, session=here, at=NOON) is None
        assert persons.holds_lease(person_key=PERSON, session=here)
    with enterprise_scope(yi):
        assert persons.take_lease(person_key=PERSON, session=there, at=NOON) == here
    with enterprise_scope(jia):
        assert not persons.holds_lease(person_key=PERSON, session=here)
        persons.release_lease(person_key=PERSON, session=there)
        assert persons.holds_lease(person_key=PERSON, session=there), "one enterprise gave away another's lease"


@pytest.mark.req("R3.5")
def test_a_day_is_one_over_all_enterprises_and_ends_at_the_cap(db, jia, yi):
    with enterprise_scope(jia):
        assert persons.lock_day(person_key=PERSON, day=DAY) == 0
        assert persons.debit_day(person_key=PERSON, day=DAY, ms=CAP - 1000, cap_ms=CAP) == CAP - 1000
    with enterprise_scope(yi):
        assert persons.lock_day(person_key=PERSON, day=DAY) == CAP - 1000
        with pytest.raises(DomainError, match="day_used_up"):
            persons.debit_day(person_key=PERSON, day=DAY, ms=1001, cap_ms=CAP)


@pytest.mark.req("R3.5")
def test_no_caller_can_raise_the_cap_of_the_law(in_jia):
    persons.lock_day(person_key=PERSON, day=DAY)
    with pytest.raises(DomainError, match="day_used_up"):
        persons.debit_day(person_key=PERSON, day=DAY, ms=1, cap_ms=CAP + 1)
