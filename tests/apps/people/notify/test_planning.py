"""Which channels carry a notice, from when on."""

from datetime import UTC, datetime, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.people import api as people
from apps.people import sealing
from apps.people.models import Delivery, Notice, NoticeChoice, NoticeSettings, Robot
from apps.people.notify import choosing, planning
from apps.people.notify.delivering import ROBOT_TOKEN
from infra.kit.errors import DomainError
from tests.apps.people.rosters import resident_id
from tests.conftest import NOON

from .conftest import LEARNER, OWNER, tell

EVENING = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
"""22:30 in Zhejiang."""
MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
"""08:00 the day after."""


def robot(kinds, **more):
    said = {"name": "安全群", "vendor": "WECOM", "kinds": kinds, "at": NOON, **more}
    return Robot.objects.create(token_sealed=sealing.seal("k" * 36, ROBOT_TOKEN), **said)


def planned(at=NOON):
    planning.plan(at=at)
    return sorted(Delivery.objects.values_list("channel", flat=True))


@pytest.fixture
def mail(settings):
    settings.MAIL_READY = True


def test_lays_out_one_delivery_for_each_channel_that_reaches_the_person(crew, mail):
    choosing.keep_mail(credential=crew.learner.credential, mail="jia@example.com")
    tell("t.normal", crew.learner)
    assert planned() == ["mail", "sms"]
    assert planned() == ["mail", "sms"], "a second run lays nothing out"


def test_a_manager_is_reached_by_text_only_with_a_known_number(crew):
    tell("t.normal", crew.owner)
    assert planned() == []
    with pytest.raises(DomainError) as refusal:
        choosing.keep_mobile(credential=crew.owner.credential, mobile=LEARNER)
    assert (refusal.value.code, NoticeChoice.objects.count()) == ("not_own_mobile", 0)
    choosing.keep_mobile(credential=crew.owner.credential, mobile=OWNER)
    tell("t.normal", crew.owner, about="b")
    assert planned() == ["sms"]
    assert OWNER.encode() not in bytes(NoticeChoice.objects.get().mobile_sealed)


def test_neither_enterprise_nor_person_hears_what_was_switched_off_but_must_stays(crew):
    choosing.save_choice(credential=crew.learner.credential, audience="learner", digest=False, on=[])
    tell("t.normal", crew.learner)
    tell("t.must", crew.learner)
    assert planned() == ["sms"]
    assert Delivery.objects.get().notice.kind == "t.must"
    NoticeChoice.objects.all().delete()
    quiet = {"quiet_from": time(21), "quiet_to": time(8), "digest": False, "digest_at": time(9), "sms_per_day": 5}
    choosing.save_settings(**quiet, on=["t.low/sms"], by=crew.owner.pk, at=NOON)
    tell("t.normal", crew.learner, about="b")
    tell("t.low", crew.learner, about="b")
    assert planned() == ["sms", "sms"]
    assert NoticeSettings.objects.get().off.count("t.must/sms") == 0


def test_who_chooses_on_one_side_keeps_the_choices_of_the_other(crew):
    people.register_notice("t.console", title="x", body="", url="/x", channels=("sms",), audience=("manager",))
    choosing.save_choice(credential=crew.owner.credential, audience="manager", digest=False, on=[])
    before = set(NoticeChoice.objects.get().off)
    assert "t.console/sms" in before
    choosing.save_choice(credential=crew.owner.credential, audience="learner", digest=True, on=["t.normal/sms"])
    after = NoticeChoice.objects.get()
    assert "t.console/sms" in after.off
    assert "t.normal/sms" not in after.off
    assert len(after.off) == len(set(after.off))


def test_who_has_left_is_told_nothing_outside(crew):
    tell("t.urgent", crew.learner)
    people.archive_learner(learner_uuid=crew.learner.uuid, by=crew.owner.pk, at=NOON)
    assert planned() == []
    assert Notice.objects.get().planned_at == NOON


def test_a_group_chat_hears_a_thing_once_however_many_are_told(crew):
    robot(["t.normal"])
    robot(["t.low"])
    robot(["t.normal"], is_on=False)
    tell("t.normal", crew.learner)
    tell("t.normal", crew.owner)
    assert planned().count("robot") == 1


def test_waits_for_the_end_of_quiet_hours_unless_it_is_urgent(crew):
    tell("t.normal", crew.learner)
    tell("t.urgent", crew.learner)
    planning.plan(at=EVENING)
    assert dict(Delivery.objects.values_list("notice__kind", "next_at")) == {"t.normal": MORNING, "t.urgent": EVENING}


def test_what_is_of_little_urgency_always_goes_with_the_days_digest(crew):
    tell("t.low", crew.learner)
    planning.plan(at=NOON)
    assert [(row.in_digest, row.next_at) for row in Delivery.objects.all()] == [(True, datetime(2026, 11, 24, 1, 0, tzinfo=UTC))]


def test_goes_with_the_digest_of_the_person_unless_it_is_urgent(crew):
    choosing.save_choice(credential=crew.learner.credential, audience="learner", digest=True, on=["t.normal/sms", "t.urgent/sms"])
    tell("t.normal", crew.learner)
    tell("t.urgent", crew.learner)
    planning.plan(at=NOON)
    found = {row.notice.kind: (row.in_digest, row.next_at) for row in Delivery.objects.select_related("notice")}
    assert found == {"t.normal": (True, datetime(2026, 11, 24, 1, 0, tzinfo=UTC)), "t.urgent": (False, NOON)}


def test_a_limit_of_no_text_messages_lays_none_out(crew):
    NoticeSettings.objects.create(pk=choosing.SETTINGS_ID, sms_per_day=0)
    tell("t.normal", crew.learner)
    assert planned() == []


def test_a_batch_costs_the_same_however_many_people_it_has(crew):
    def cost():
        with CaptureQueriesContext(connection) as seen:
            planning.plan(at=NOON)
        return len(seen)

    tell("t.normal", crew.learner)
    one = cost()
    ids = [
        people.add_learner(name="学员乙", id_number=resident_id(n), mobile=f"1390000{n:04d}", password=None, at=NOON).id
        for n in range(1, 6)
    ]
    people.notify_all(kind="t.normal", learner_ids=ids, context={}, at=NOON, about="many")
    assert (cost(), Delivery.objects.count()) == (one, 6)
