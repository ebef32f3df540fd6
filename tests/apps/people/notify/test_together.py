"""Two workers at the same moment, on real connections."""

import random

import pytest
from stdnum.cn import uscc

from apps.people import api as people
from apps.people.models import Delivery, Notice, NoticeSettings, SmsDay
from apps.people.notify import choosing, claiming, delivering, planning
from infra.adapters.sms import outbox
from tenants.opening import Application
from tenants.scope import enterprise_scope
from tests.apps.people.rosters import resident_id
from tests.conftest import NOON
from tests.tenants.ground import opened
from tests.together import together

WORKERS, NOTICES = 4, 12


@pytest.fixture
def fresh(database):
    """An enterprise of its own: what several connections do is not rolled back."""
    body = f"91330106MA2{random.randint(100_000, 999_999)}"
    application = Application(
        "杭州丁机械有限公司",
        body + uscc.calc_check_digit(body),
        f"notify-{random.randint(10_000, 99_999)}",
        "C34",
        "GENERAL",
        "330106",
    )
    return opened(application, at=NOON)


def test_each_notice_is_laid_out_and_sent_once_and_the_limit_holds(fresh, known):
    people.register_notice("t.race", title="第 %(n)s 号", body="", url="/x", channels=("sms",))
    with enterprise_scope(fresh):
        learner = people.add_learner(name="学员丁", id_number=resident_id(7), mobile="13900007007", password=None, at=NOON)
        NoticeSettings.objects.create(pk=choosing.SETTINGS_ID, sms_per_day=NOTICES - 2)
    told = {"kind": "t.race", "learner_id": learner.id, "context": {}, "at": NOON, "about": "same"}
    assert together(fresh, lambda: people.notify(**told), WORKERS) == [None] * WORKERS
    with enterprise_scope(fresh):
        assert Notice.objects.count() == 1
        for n in range(1, NOTICES):
            people.notify(**{**told, "about": f"{n}", "context": {"n": n}})
    assert sum(together(fresh, lambda: planning.plan(at=NOON), WORKERS)) == NOTICES
    tried = together(fresh, lambda: delivering.deliver(at=NOON), WORKERS)
    with enterprise_scope(fresh):
        assert sum(tried) == NOTICES == Delivery.objects.count()
        sent = [one.text for one in outbox.messages() if one.mobile == "13900007007"]
        assert len(sent) == len(set(sent)) == NOTICES - 2 == SmsDay.objects.get().used
        assert Delivery.objects.filter(state="WAITING", code="budget", next_at=claiming.tomorrow(NOON)).count() == 2
