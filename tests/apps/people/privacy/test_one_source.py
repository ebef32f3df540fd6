"""How long records are kept is said in one place: packages of old months and erasure both follow it."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps

from apps.people.models import Learner
from apps.people.privacy import erasing
from infra.kit import clock
from public.privacy import api as privacy
from public.privacy.models import PrivacyRule
from public.retention import api as retention
from public.retention.models import Period
from tenants.scope import platform_scope
from tests.apps.people.privacy.conftest import NOON

pytestmark = pytest.mark.req("R1.4", "R4.6")
TODAY = date(2026, 11, 24)


def law(months, **more):
    with platform_scope():
        Period.objects.create(what="PROCESS", law="新的规定", months_total=months, **({"since": TODAY} | more))


def test_a_longer_law_keeps_packages_and_people_longer(trained):
    assert erasing.kept_until(trained, today=TODAY)[0] == date(2029, 11, 23)
    assert retention.terms(TODAY)["PROCESS"].total == 72
    law(120)
    assert erasing.kept_until(trained, today=TODAY) == (date(2036, 11, 23), "新的规定")
    assert retention.terms(TODAY)["PROCESS"].total == 120
    before = date(2026, 11, 23)
    assert (privacy.rule(before).record_months, retention.terms(before)["PROCESS"].total) == (36, 72), "dated"


def test_a_law_that_ended_counts_for_neither(trained):
    law(120, since=date(2026, 1, 1), until=TODAY)
    assert erasing.kept_until(trained, today=TODAY)[0] == date(2029, 11, 23)
    assert retention.terms(TODAY)["PROCESS"].total == 72


def test_a_law_on_special_operations_counts_for_them_and_for_packages_that_hold_everybody(trained):
    law(96, is_special=True)
    assert erasing.kept_until(trained, today=TODAY)[0] == date(2029, 11, 23)
    assert retention.terms(TODAY)["PROCESS"].total == 96
    Learner.objects.filter(pk=trained.pk).update(role="TZ")
    trained.refresh_from_db()
    assert erasing.kept_until(trained, today=TODAY)[0] == date(2034, 11, 23)


def test_a_law_without_an_end_ends_for_nobody_alive(trained):
    law(None)
    until = erasing.kept_until(trained, today=TODAY)[0]
    assert until is not None
    assert until > date(2120, 1, 1)
    assert retention.terms(TODAY)["PROCESS"].total is None


def test_what_the_rules_of_privacy_once_asked_beyond_the_laws_is_taken_over_with_its_dates(platform):
    told = {"answer_days": 15, "file_days": 7, "by": "seed", "at": clock.now()}
    PrivacyRule.objects.create(
        valid_from=date(2028, 1, 1), record_months=48, record_law="省令", special_months=72, special_law="同前", **told
    )
    PrivacyRule.objects.create(
        valid_from=date(2029, 1, 1), record_months=36, record_law="旧", special_months=84, special_law="特令", **told
    )
    move = import_module("public.retention.migrations.0006_one_source").move
    for _ in range(2):
        move(apps, SimpleNamespace(connection=SimpleNamespace(alias="default")))
    rows = Period.objects.filter(since__gte=date(2028, 1, 1)).order_by("since")
    assert [(row.law, row.months_total, row.since, row.until, row.is_special) for row in rows] == [
        ("省令", 48, date(2028, 1, 1), date(2029, 1, 1), False),
        ("特令", 84, date(2029, 1, 1), None, True),
    ]
    found = [privacy.rule(day) for day in (NOON.date(), date(2028, 6, 1), date(2029, 6, 1))]
    assert [(one.record_months, one.special_months) for one in found] == [(36, 72), (48, 72), (36, 84)]
