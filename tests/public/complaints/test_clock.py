"""The desk is told at 50, 80 and 100 percent, once each; complainants are told by text message, also after a vendor's outage."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from infra.adapters.sms import outbox
from public.audit.models import AuditEvent
from public.complaints import escalating, handling, queries, queues, statistics, tasks, telling
from public.complaints.models import Complaint
from public.complaints.shapes import Contact
from tenants.errors import Unavailable
from tenants.ports import SMS
from tests.public.complaints.ground import ME, NOON, OTHER, accepted, desk, file, kinds, row

pytestmark = pytest.mark.req("R6.1.6")
HOUR = timedelta(hours=1)


def test_each_stage_is_told_once_and_the_end_stands_in_the_log(platform):
    receipt = file(category="FAULT")  # 24 hours
    for hours, stage, told in [(11, 0, 0), (12, 50, 1), (13, 50, 0), (20, 80, 1), (24, 100, 1), (30, 100, 0)]:
        assert escalating.watch(at=NOON + hours * HOUR) == told, hours
        assert row(receipt.uuid).stage == stage, hours
    assert kinds(receipt.uuid).count("ESCALATED") == 3
    assert AuditEvent.objects.filter(action="complaint.late", target=f"complaint:{receipt.uuid}").count() == 1


def test_a_watch_that_was_away_tells_the_last_stage_only(platform):
    receipt = file(category="FAULT")
    assert escalating.watch(at=NOON + 40 * HOUR) == 1
    assert kinds(receipt.uuid) == ["FILED", "ESCALATED"]


def test_nothing_is_told_while_the_clock_stands_still_or_after_the_end(platform):
    uuid = accepted(category="FAULT")
    handling.ask(complaint=uuid, question="请说明用的什么手机。", desk=desk(at=NOON + HOUR))
    assert escalating.watch(at=NOON + 40 * HOUR) == 0
    assert escalating.percent_of(row(uuid), NOON + 40 * HOUR) == 4


def test_the_desks_home_shows_what_is_late_and_what_is_near(platform):
    late, near = file(category="FAULT"), file(category="FAULT", at=NOON + 10 * HOUR)
    at = NOON + 30 * HOUR
    escalating.watch(at=at)
    assert [one.uuid for one in queries.listing(show="late", at=at)] == [late.uuid]
    assert [one.uuid for one in queries.listing(show="soon", at=at)] == [near.uuid]
    assert next(queue.count for queue in queues.complaint_queues(ME)) == 2


def test_complainants_with_a_phone_get_a_message_without_words_of_the_case(platform):
    accepted(contact=Contact(mobile="13800000077"))
    accepted(contact=Contact())
    assert telling.send_waiting() == 1
    (message,) = [one for one in outbox.messages() if one.mobile == "13800000077"]
    assert "已受理" in message.text
    assert "学时" not in message.text
    assert telling.send_waiting() == 0


class Silent:
    """A vendor that is down."""

    def send_code(self, **_said: str) -> None:
        raise Unavailable

    def send_text(self, **_said: str) -> None:
        raise Unavailable


def test_a_vendor_that_is_down_loses_no_message(platform):
    uuid, vendor = accepted(), SMS.get()
    SMS.plug(Silent())
    try:
        assert telling.send_waiting() == 0
        assert row(uuid).tell == "ACCEPTED"
    finally:
        SMS.plug(vendor)
    assert telling.send_waiting() == 1
    assert row(uuid).tell == ""


def test_who_left_a_mail_address_only_gets_a_mail_also_while_the_phone_is_silent(platform, settings):
    settings.MAIL_READY, settings.EMAIL_BACKEND = True, "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    by_phone = accepted()
    by_mail = accepted(contact=Contact(mail="xueyuan@example.com"))
    vendor = SMS.get()
    SMS.plug(Silent())
    try:
        assert telling.send_waiting() == 1
    finally:
        SMS.plug(vendor)
    (sent,) = mail.outbox
    assert (sent.to, "已受理" in sent.body, "学时" in sent.body) == (["xueyuan@example.com"], True, False)
    assert (row(by_mail).tell, row(by_phone).tell) == ("", "ACCEPTED")


def test_one_message_that_cannot_be_made_holds_up_no_other(platform):
    broken, whole = accepted(), accepted(contact=Contact(mobile="13800000079"))
    Complaint.objects.filter(uuid=broken).update(contact_sealed=b"not ours")
    with pytest.raises(ExceptionGroup, match="1 messages to complainants failed, 1 went out"):
        telling.send_waiting()
    assert (row(broken).tell, row(whole).tell) == ("ACCEPTED", "")
    assert [one.mobile for one in outbox.messages()].count("13800000079") == 1


def test_without_a_mail_server_nothing_waits_for_ever(platform, settings):
    settings.MAIL_READY = False
    uuid = accepted(contact=Contact(mail="xueyuan@example.com"))
    assert telling.send_waiting() == 0
    assert row(uuid).tell == ""


def test_the_schedule_rings_for_both(platform):
    from infra.wiring.celery import app

    assert app.conf.beat_schedule["watch complaints"]["task"] == tasks.watch.name


def test_figures_of_all_and_of_one_enterprise(platform, jia):
    from public.complaints import deciding, following

    first = accepted(schema_name=jia.schema_name)
    deciding.decide(complaint=first, outcome="UPHELD", reason="已核对并补记学时，特此告知。", desk=desk(at=NOON + 2 * HOUR))
    following.rate(complaint=first, stars=5, text="", at=NOON)
    second = accepted(category="FAULT")
    deciding.decide(complaint=second, outcome="ANSWERED", reason="已指导更换浏览器，恢复正常。", desk=desk(at=NOON + 30 * HOUR))
    file()
    everything = statistics.totals(since=NOON - HOUR)
    assert (everything.filed, everything.decided, everything.in_time, everything.satisfied) == (3, 2, 0.5, 1.0)
    assert everything.mean_hours == pytest.approx(16)
    own = statistics.totals(since=NOON - HOUR, schemas=[jia.schema_name])
    assert (own.filed, own.in_time) == (1, 1.0)
    assert statistics.totals(since=NOON + HOUR).filed == 0
    assert [label for label, _totals in statistics.by_category(since=NOON - HOUR)] == ["故障（不能学习或考试）", "一般投诉、建议"]


def test_what_is_decided_while_it_waits_was_not_late_for_the_wait(platform):
    from public.complaints import deciding

    uuid = accepted(category="FAULT")  # 24 hours
    handling.ask(complaint=uuid, question="请说明用的什么手机。", desk=desk(at=NOON + HOUR))
    later = NOON + 50 * HOUR
    deciding.decide(complaint=uuid, outcome="ANSWERED", reason="多次联系未果，已写明更换浏览器的办法。", desk=desk(at=later))
    found = row(uuid)
    assert (found.state, found.paused_at, found.due_at - NOON) == ("DECIDED", None, 73 * HOUR)
    assert statistics.totals(since=NOON - HOUR).in_time == 1.0
    assert not queries.detail(uuid, at=later).line.is_late


def test_what_has_ended_waits_for_no_second_person(platform):
    from public.complaints import deciding, extending, following

    decided, withdrawn, running = accepted(), accepted(), accepted()
    for uuid in (decided, withdrawn, running):
        extending.ask(complaint=uuid, reason="需要企业配合核对监控。", desk=desk())
    deciding.decide(complaint=decided, outcome="UPHELD", reason="已核对并补记学时，特此告知。", desk=desk())
    following.withdraw(complaint=withdrawn, at=NOON)
    (approve,) = [queue for queue in queues.complaint_queues(OTHER) if queue.url.endswith("show=approve")]
    assert approve.count == 1
    assert [one.uuid for one in queries.listing(show="approve", at=NOON)] == [running]


def test_who_withdraws_hears_no_more_by_when_it_is_decided(platform):
    from public.complaints import following

    uuid = accepted(contact=Contact(mobile="13800000078"))
    following.withdraw(complaint=uuid, at=NOON)
    assert telling.send_waiting() == 0
    assert [one for one in outbox.messages() if one.mobile == "13800000078"] == []


def test_contacts_go_a_year_after_the_end_and_running_ones_stay(platform):
    from public.complaints import deciding, forgetting

    ended, running = accepted(), accepted()
    deciding.decide(complaint=ended, outcome="UPHELD", reason="已核对并补记学时，特此告知。", desk=desk())
    assert forgetting.forget(at=NOON + timedelta(days=300)) == 0
    assert forgetting.forget(at=NOON + timedelta(days=400)) == 1
    assert (row(ended).contact_sealed, row(ended).tell, row(ended).title) == (None, "", "学完一课没有记学时")
    assert row(running).contact_sealed is not None


def test_who_was_answered_late_is_still_reached_for_a_year(platform):
    from public.complaints import deciding, forgetting

    uuid, at = accepted(), NOON + timedelta(days=400)
    deciding.decide(complaint=uuid, outcome="UPHELD", reason="已核对并补记学时，特此告知。", desk=desk(at=at))
    assert forgetting.forget(at=at) == 0
    assert row(uuid).tell == "DECIDED", "the news of the decision is not lost"
    assert forgetting.forget(at=at + timedelta(days=366)) == 1
