"""Sending: states, retries, limits, what a crash may do; nothing personal in logs."""

import logging
from datetime import timedelta

import pytest
from django.conf import settings as django_settings

from apps.people import api as people
from apps.people.models import Delivery, NoticeSettings, SmsDay
from apps.people.notify import choosing, claiming, delivering, planning, rules
from infra.adapters.notify.robots import WebhookRobots
from infra.adapters.sms import outbox
from infra.kit.ports import Socket
from tenants import valkey
from tenants.ports import SMS, SmsSender
from tests.conftest import NOON
from tests.infra.adapters.group_chat import group_chat
from tests.infra.adapters.postbox import postbox

from .conftest import LEARNER, MINUTE, plugged, tell
from .test_planning import robot

State = Delivery.State


def one():
    return Delivery.objects.get()


def run(at=NOON):
    planning.plan(at=at)
    return delivering.deliver(at=at)


@pytest.fixture
def lost_valkey(settings):
    """The outbox of text messages does not answer."""

    def lose():
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        valkey.client.cache_clear()

    def find():
        settings.REDIS_URL = known
        valkey.client.cache_clear()

    known = django_settings.REDIS_URL
    yield lose, find
    find()


def test_sends_a_text_message_once_and_writes_it_down(crew):
    tell("t.normal", crew.learner)
    assert (run(), run()) == (1, 0)
    sent = outbox.messages()
    assert [(one.mobile, one.text) for one in sent] == [(LEARNER, "第 1 号。请看 1")]
    row = one()
    assert (row.state, row.tries, row.code, row.sent_at) == (State.SENT, 1, "", NOON)
    assert SmsDay.objects.get().used == 1


def test_tries_again_later_and_later_and_gives_up_in_the_end(crew, lost_valkey, caplog):
    lose, find = lost_valkey
    tell("t.normal", crew.learner)
    planning.plan(at=NOON)
    lose()
    moment, seen = NOON, []
    with caplog.at_level(logging.INFO):
        for _turn in range(len(rules.BACK_OFF) + 1):
            assert delivering.deliver(at=moment) == 1
            row = one()
            seen.append(row.state)
            assert row.code == "sms_down"
            assert delivering.deliver(at=moment) == 0, "not before its time"
            moment = row.next_at
    find()
    assert seen == [State.FAILED] * len(rules.BACK_OFF) + [State.GIVEN_UP]
    assert outbox.messages() == []
    assert "sms_down" in caplog.text
    for private in (LEARNER, crew.learner.name, "第 1 号"):
        assert private not in caplog.text


def test_comes_through_after_a_failure(crew, lost_valkey):
    lose, find = lost_valkey
    tell("t.normal", crew.learner)
    planning.plan(at=NOON)
    lose()
    delivering.deliver(at=NOON)
    find()
    assert delivering.deliver(at=NOON + MINUTE) == 1
    assert (one().state, one().tries, one().code, len(outbox.messages())) == (State.SENT, 2, "", 1)


def test_a_crash_repeats_a_message_at_most_once(crew):
    """Both workers sent, and died before writing it down: the person has two messages, never three."""
    tell("t.normal", crew.learner)
    planning.plan(at=NOON)
    moment = NOON
    for _crash in range(2):
        rows = claiming.claim(at=moment)
        assert len(rows) == 1
        delivering._send(rows, moment)
        assert claiming.claim(at=moment + MINUTE) == [], "held while the worker may still be at it"
        moment += rules.LEASE
    assert delivering.deliver(at=moment) == 0
    assert (one().state, one().code, len(outbox.messages())) == (State.GIVEN_UP, "outcome_unknown", 2)


def test_a_worker_that_comes_back_too_late_changes_nothing(crew):
    tell("t.normal", crew.learner)
    planning.plan(at=NOON)
    slow = claiming.claim(at=NOON)
    fast = claiming.claim(at=NOON + rules.LEASE)
    claiming.sent(fast, at=NOON + rules.LEASE)
    claiming.failed(slow, code="sms_down", again=True, at=NOON + rules.LEASE)
    assert (one().state, one().tries) == (State.SENT, 2)


def test_old_news_is_not_sent_any_more(crew):
    tell("t.normal", crew.learner)
    planning.plan(at=NOON)
    late = NOON + rules.TOO_LATE + MINUTE
    assert delivering.deliver(at=late) == 0
    assert (one().state, one().code, outbox.messages()) == (State.GIVEN_UP, "stale", [])


def test_who_left_meanwhile_is_not_written_to(crew):
    tell("t.normal", crew.learner)
    planning.plan(at=NOON)
    people.archive_learner(learner_uuid=crew.learner.uuid, at=NOON)
    delivering.deliver(at=NOON)
    assert (one().state, one().code, outbox.messages()) == (State.GIVEN_UP, "off_books", [])


def test_the_days_limit_holds_text_messages_back_until_tomorrow(crew):
    NoticeSettings.objects.create(pk=choosing.SETTINGS_ID, sms_per_day=2)
    for n in range(3):
        tell("t.normal", crew.learner, about=f"{n}")
    run()
    assert (len(outbox.messages()), SmsDay.objects.get().used) == (2, 2)
    held = Delivery.objects.exclude(state=State.SENT).get()
    assert (held.state, held.code, held.tries) == (State.WAITING, "budget", 0)
    assert held.next_at == claiming.tomorrow(NOON)
    assert run(held.next_at) == 1
    assert len(outbox.messages()) == 3


def test_a_digest_is_one_message(crew):
    choosing.save_choice(
        credential=crew.learner.credential, audience="learner", digest=True, on=["t.normal/sms", "t.low/sms", "t.urgent/sms"]
    )
    for n in range(12):
        tell("t.normal", crew.learner, about=f"{n}", n=n)
    planning.plan(at=NOON)
    assert delivering.deliver(at=NOON) == 0
    when = Delivery.objects.values_list("next_at", flat=True).distinct().get()
    assert delivering.deliver(at=when) == 1
    (said,) = outbox.messages()
    assert said.text.startswith("您有 12 条培训提醒")
    assert "共 12 条" in said.text
    assert set(Delivery.objects.values_list("state", "tries")) == {(State.SENT, 1)}


def test_mail_leaves_to_the_address_as_it_is_now_and_says_why_not(crew, settings):
    with postbox() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.MAIL_READY = "127.0.0.1", box.port, True
        choosing.keep_mail(credential=crew.owner.credential, mail="old@example.com")
        tell("t.normal", crew.owner, about="a")
        planning.plan(at=NOON)
        choosing.keep_mail(credential=crew.owner.credential, mail="new@example.com")
        assert delivering.deliver(at=NOON) == 1
        (letter,) = box.kept
        assert (letter.to, letter.message["subject"]) == (["new@example.com"], f"第 1 号 - {crew.site.name}")
        assert f"http://{crew.site.host}/learn/archive" in letter.message.get_content()
        box.refuses = "550 no such user"
        tell("t.normal", crew.owner, about="b")
        run()
        assert Delivery.objects.get(notice__about="b").code == "mail_refused"
        tell("t.normal", crew.owner, about="c")
        planning.plan(at=NOON)
        choosing.keep_mail(credential=crew.owner.credential, mail="")
        delivering.deliver(at=NOON)
    assert {row.notice.about: row.state for row in Delivery.objects.all()} == {"a": "SENT", "b": "GIVEN_UP", "c": "GIVEN_UP"}
    assert Delivery.objects.get(notice__about="c").code == "no_address"


def test_posts_into_a_group_chat_without_names_and_not_more_than_it_takes(crew):
    with group_chat() as chat, plugged_robots(chat):
        robot(["t.normal"])
        for n in range(20):
            tell("t.normal", crew.owner, about=f"{n}", who="学员甲")
        run()
        assert len(chat.posts) == 18
        assert "群 1" in chat.posts[0]["text"]
        assert crew.site.host in chat.posts[0]["text"]
        held = Delivery.objects.filter(state=State.WAITING)
        assert {row.code for row in held} == {"robot_busy"}
        assert all(NOON < row.next_at <= NOON + 2 * MINUTE for row in held)


def test_a_robot_that_is_gone_is_given_up_at_once_and_a_silent_one_is_asked_again(crew):
    with group_chat() as chat, plugged_robots(chat):
        robot(["t.normal"])
        chat.mood = "gone"
        tell("t.normal", crew.owner)
        run()
        assert (one().state, one().code) == (State.GIVEN_UP, "robot_gone")
        chat.mood = "broken"
        assert delivering.resend(delivery_ids=[one().pk], at=NOON) == 1
        delivering.deliver(at=NOON)
        assert (one().state, one().code, one().tries) == (State.FAILED, "robot_down", 1)


def test_stops_after_three_unanswered_tries_so_that_other_work_goes_on(crew):
    with group_chat() as chat, plugged_robots(chat):
        robot(["t.normal"])
        chat.mood = "broken"
        for n in range(10):
            tell("t.normal", crew.owner, about=f"{n}")
        planning.plan(at=NOON)
        assert delivering.deliver(at=NOON) == 3
        assert Delivery.objects.filter(tries=0).count() == 7


def test_without_a_vendor_it_is_said_and_not_tried_again(crew, monkeypatch):
    empty: Socket[SmsSender] = Socket("test.no-vendor")
    monkeypatch.setattr(delivering, "SMS", empty)
    tell("t.normal", crew.learner)
    run()
    empty.plug(SMS.get())
    assert (one().state, one().code) == (State.GIVEN_UP, "not_configured")


def test_knows_whether_anything_waits(crew):
    assert not delivering.has_due(at=NOON)
    tell("t.normal", crew.learner)
    assert delivering.has_due(at=NOON)
    run()
    assert not delivering.has_due(at=NOON + timedelta(days=1))


def plugged_robots(chat):
    from apps.people.ports import ROBOTS

    return plugged(ROBOTS, WebhookRobots(chat.endpoints, timeout_s=1))
