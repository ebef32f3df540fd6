"""Every enterprise begins with a trial."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from billing import api as billing
from billing.models import Subscription
from infra.kit import clock
from infra.wiring.receivers import subscription_returning
from tenants.models import Enterprise
from tenants.opening import Application
from tenants.scope import enterprise_scope, platform_scope
from tests.tenants.ground import opened

pytestmark = pytest.mark.req("S1")


def test_opening_begins_a_trial_of_thirty_days(db: None, database: None) -> None:
    at = clock.now()
    site = opened(Application("杭州试用有限公司", "91330100MA2TEPT14F", "shiyong", "C", "GENERAL", "330106"), at=at)
    found = billing.subscription(enterprise_id=site.id)
    assert found is not None
    assert (found.plan, found.plan_name, found.ends_at) == ("TRIAL", "试用", at + timedelta(days=30))
    assert [found.days_left(at + timedelta(days=d)) for d in (0, 29, 30, 400)] == [30, 1, 0, 0]


def test_there_is_one_trial_for_an_enterprise(platform: None, jia: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.create(
            enterprise_id=jia.id, plan="TRIAL", started_at=clock.now(), ends_at=clock.now() + timedelta(days=1)
        )


def test_a_subscription_ends_after_it_began(platform: None, jia: Any) -> None:
    Subscription.objects.filter(enterprise_id=jia.id).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscription.objects.create(
            enterprise_id=jia.id, plan="TRIAL", started_at=clock.now(), ends_at=clock.now() - timedelta(days=1)
        )


def test_an_unknown_enterprise_has_none(platform: None) -> None:
    assert billing.subscription(enterprise_id=0) is None


def test_on_its_last_day_a_subscription_has_not_ended_for_who_opens_an_enterprise_again(platform: None, jia: Any) -> None:
    row = Enterprise.objects.get(pk=jia.id)
    for hours, comes_back in ((5, True), (-5, False)):
        Subscription.objects.filter(enterprise_id=jia.id).update(
            started_at=clock.now() - timedelta(days=30), ends_at=clock.now() + timedelta(hours=hours)
        )
        (line,) = subscription_returning(row)
        assert line.comes_back is comes_back, line.text


@pytest.mark.req("R2.6")
def test_an_enterprise_cannot_read_subscriptions_itself(db: None, jia: Any, yi: Any) -> None:
    with platform_scope():
        assert Subscription.objects.count() >= 2
    with enterprise_scope(jia), pytest.raises(DatabaseError), transaction.atomic():
        Subscription.objects.count()
