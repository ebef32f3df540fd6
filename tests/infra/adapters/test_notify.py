"""Mail before a real server on this machine, and robots before group chats that read the vendors' documents."""

import pytest

from apps.people.ports import MAILER, ROBOTS, NotSent, RobotKey
from infra.adapters.notify.mail import DjangoMailer
from infra.adapters.notify.robots import DINGTALK, WECOM, WebhookRobots
from tests.infra.adapters.group_chat import KEY, SECRET, group_chat
from tests.infra.adapters.postbox import postbox

VENDORS = ("WECOM", "DINGTALK")


@pytest.fixture
def post(settings):
    """A mail server of this test, and settings that name it."""
    with postbox() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        settings.EMAIL_TIMEOUT, settings.MAIL_READY = 2, True
        yield box


def send(**more):
    DjangoMailer().send(**{"to": "jia@example.com", "subject": "培训提醒", "text": "请看\n\nhttp://x/y", **more})


def test_mail_reaches_the_server_with_chinese_subject_and_body(post):
    send()
    (kept,) = post.kept
    assert (kept.to, kept.message["subject"]) == (["jia@example.com"], "培训提醒")
    assert "http://x/y" in kept.message.get_content()


def test_a_subject_never_becomes_another_header(post):
    send(subject="a\r\nBcc: spy@example.com")
    (kept,) = post.kept
    assert (kept.to, kept.message["bcc"]) == (["jia@example.com"], None)


@pytest.mark.parametrize(
    ("refuses", "full", "code", "again"),
    [
        ("550 no such user", "", "mail_refused", False),
        ("451 greylisted", "", "mail_down", True),
        ("", "452 full", "mail_down", True),
        ("", "554 spam", "mail_refused", False),
    ],
)
def test_a_refusal_for_good_is_not_repeated_one_for_now_is(post, refuses, full, code, again):
    post.refuses, post.full = refuses, full
    with pytest.raises(NotSent) as refusal:
        send()
    assert (refusal.value.code, refusal.value.again, post.kept) == (code, again, [])
    assert "example.com" not in str(refusal.value)
    assert refusal.value.__suppress_context__, "the server's words name the address"


def test_a_server_that_takes_nothing_from_us_at_all_is_tried_again_whatever_its_number(post):
    """A password that ran out or a lock on our address says nothing about a mail: 5xx there would throw away everything that waits."""
    post.greets = "554 not from you"
    with pytest.raises(NotSent) as refusal:
        send()
    assert (refusal.value.code, refusal.value.again) == ("mail_down", True)


def test_a_server_that_is_not_there_is_tried_again(settings, post):
    settings.EMAIL_PORT = 1
    with pytest.raises(NotSent) as refusal:
        send()
    assert (refusal.value.code, refusal.value.again) == ("mail_down", True)


def test_without_a_server_nothing_is_tried(settings):
    settings.MAIL_READY = False
    assert not MAILER.get().is_ready
    with pytest.raises(NotSent, match="not_configured"):
        send()


@pytest.mark.parametrize("vendor", VENDORS)
def test_posts_a_message_that_leads_to_us(vendor):
    with group_chat() as chat:
        chat.signs = True
        key = RobotKey(vendor, KEY, SECRET if vendor == "DINGTALK" else "")
        WebhookRobots(chat.endpoints).post(key, title="名单导入完成", text="新增 3 人", url="http://jia.localhost/console")
        (said,) = chat.posts
    assert said["vendor"] == vendor
    assert all(part in said["text"] for part in ("**名单导入完成**", "新增 3 人", "](http://jia.localhost/console)"))


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize(
    ("mood", "code", "again"),
    [
        ("gone", "robot_gone", False),
        ("busy", "robot_busy", True),
        ("refused", "robot_refused", False),
        ("broken", "robot_down", True),
        ("silent", "robot_down", True),
        ("nonsense", "robot_down", True),
        ("away", "robot_refused", False),
    ],
)
def test_reads_every_documented_refusal(vendor, mood, code, again):
    with group_chat() as chat:
        chat.mood = mood
        with pytest.raises(NotSent) as refusal:
            WebhookRobots(chat.endpoints, timeout_s=0.3).post(RobotKey(vendor, KEY), title="a", text="", url="http://x")
        assert (refusal.value.code, refusal.value.again, chat.posts, chat.asked) == (code, again, [], 1)
    assert KEY not in repr(refusal.value)


def test_dingtalk_checks_the_signature():
    with group_chat() as chat:
        chat.signs = True
        robots = WebhookRobots(chat.endpoints)
        for secret in ("", "SECwrong"):
            with pytest.raises(NotSent, match="robot_signature"):
                robots.post(RobotKey("DINGTALK", KEY, secret), title="a", text="", url="http://x")
        assert chat.posts == []
        robots.post(RobotKey("DINGTALK", KEY, SECRET), title="a", text="", url="http://x")
        assert len(chat.posts) == 1


def test_what_people_wrote_becomes_no_link_and_no_mention_and_stays_short():
    with group_chat() as chat:
        nasty = "[点我](http://evil.example) <@all> `x` " + "安" * 5000
        WebhookRobots(chat.endpoints).post(RobotKey("WECOM", KEY), title="标题[a](b)", text=nasty, url="http://ok")
    said = chat.posts[0]["text"]
    assert said.count("](") == 1
    assert "<@all>" not in said


@pytest.mark.parametrize(
    ("vendor", "address", "key"),
    [
        ("WECOM", f"{WECOM}?key={KEY}", KEY),
        ("DINGTALK", f" {DINGTALK}?access_token={KEY} ", KEY),
        ("WECOM", f"{DINGTALK}?access_token={KEY}", None),
        ("WECOM", f"http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}", None),
        ("WECOM", f"https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key={KEY}", None),
        ("WECOM", f"https://qyapi.weixin.qq.com@127.0.0.1/cgi-bin/webhook/send?key={KEY}", None),
        ("WECOM", f"https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key={KEY}", None),
        ("WECOM", f"https://qyapi.weixin.qq.com/cgi-bin/webhook/../send?key={KEY}", None),
        ("WECOM", f"{WECOM}?key={KEY}&key=b", None),
        ("WECOM", f"{WECOM}?key=short", None),
        ("WECOM", f"{WECOM}?key={KEY}%0d%0aHost:x", None),
        ("DINGTALK", "http://169.254.169.254/latest/meta-data", None),
        ("DINGTALK", "https://[::1", None),
        ("DINGTALK", "", None),
    ],
)
def test_keeps_only_a_key_of_the_vendors_own_address(vendor, address, key):
    assert WebhookRobots({}).key_of(vendor, address) == key


def test_both_sockets_are_filled():
    assert isinstance(MAILER.get(), DjangoMailer)
    assert isinstance(ROBOTS.get(), WebhookRobots)
