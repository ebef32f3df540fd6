"""Querysets whose SQL is made once: the same rows as Django's, in whichever place one stands, for whatever values."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Upper
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from tenants.accounts.models import Credential
from tenants.database.compiled import Compiled
from tenants.scope import enterprise_scope


def named(name: str, most: int) -> QuerySet[Credential]:
    return Credential.objects.filter(name=name, pk__lte=most).annotate(loud=Upper(F("name"))).order_by("-pk")


@pytest.fixture
def people(in_jia):
    return [Credential.objects.create(login_key=uuid4().hex, name=name) for name in ("jia", "yi", "jia")]


def test_gives_the_rows_that_the_queryset_gives_for_all_values_after_the_first(people):
    compiled, last = Compiled(named), people[-1].pk
    for name, most in (("nobody", last), ("jia", last), ("yi", last), ("jia", last - 1)):
        expected = list(named(name, most))
        found = compiled.all(name=name, most=most)
        assert [(row.pk, row.uuid, row.loud, row.is_active) for row in found] == [
            (row.pk, row.uuid, row.loud, row.is_active) for row in expected
        ]
    assert compiled.first(name="nobody", most=last) is None


def test_what_stands_beside_comes_in_the_same_query(people):
    compiled = Compiled(lambda key: Credential.objects.select_related("learner__unit").filter(uuid=key))
    compiled.first(key=people[0].uuid)
    with CaptureQueriesContext(connection) as seen:
        row = compiled.first(key=people[0].uuid)
        assert getattr(row, "learner", None) is None
    assert len(seen) == 1


def test_each_enterprise_finds_its_own(people, jia, yi):
    compiled = Compiled(lambda key: Credential.objects.filter(uuid=key))
    assert compiled.first(key=people[0].uuid) is not None
    with enterprise_scope(yi):
        assert compiled.first(key=people[0].uuid) is None
    assert compiled.first(key=people[0].uuid) is not None


def test_a_value_is_a_parameter_and_never_part_of_the_sql(people):
    compiled = Compiled(named)
    for name in ("jia", "'; SELECT 1 --", "%s"):
        compiled.all(name=name, most=1)
    with CaptureQueriesContext(connection) as seen:
        assert compiled.all(name="' OR 1=1 --", most=people[-1].pk) == []
    assert len(seen) == 1


@pytest.mark.parametrize("value", [None, 1.5, object()])
def test_refuses_values_of_which_it_knows_no_mark(in_jia, value):
    with pytest.raises(TypeError):
        Compiled(lambda key: Credential.objects.filter(pk=key)).first(key=value)


def test_refuses_a_queryset_that_does_not_ask_for_a_value(in_jia):
    with pytest.raises(TypeError):
        Compiled(lambda key, other: Credential.objects.filter(pk=key)).first(key=1, other=UUID(int=7))


@pytest.mark.parametrize("value", [None, 1.5])
def test_refuses_such_values_after_the_first_too(people, value):
    compiled = Compiled(lambda key: Credential.objects.filter(uuid=key))
    assert compiled.first(key=people[0].uuid) is not None
    with pytest.raises(TypeError):
        compiled.first(key=value)


def test_rows_are_locked_in_a_transaction_or_not_given(people, monkeypatch):
    compiled = Compiled(lambda key: Credential.objects.filter(uuid=key).select_for_update())
    assert compiled.first(key=people[0].uuid) is not None
    monkeypatch.setattr(connection, "get_autocommit", lambda: True)
    with pytest.raises(TransactionManagementError):
        compiled.first(key=people[0].uuid)
