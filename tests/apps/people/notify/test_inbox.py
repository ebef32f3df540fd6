"""Messages in the product: read, undone, filtered; nobody else's."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.people import api as people
from apps.people.models import Notice, NoticeChoice
from apps.people.ports import MAILER
from infra.adapters.notify.mail import DjangoMailer
from tenants.scope import enterprise_scope
from tests.apps.people.conftest import PASSWORD, browser, sign_in
from tests.conftest import NOON

from .conftest import LEARNER, OWNER, tell


@pytest.fixture
def seats(crew):
    """Browsers of 学员甲 and 安全员, with passwords."""
    made = []
    for row, mobile in ((crew.learner, LEARNER), (crew.owner, OWNER)):
        row.credential.set_password(PASSWORD)
        row.credential.save()
        client = browser(crew.site)
        assert sign_in(client, mobile).status_code == 302
        made.append(client)
    return made


@pytest.mark.req("S5")
@pytest.mark.parametrize("side", ["learn", "console"])
def test_a_message_appears_is_read_and_made_unread_again(crew, seats, side):
    client = seats[0] if side == "learn" else seats[1]
    person = crew.learner if side == "learn" else crew.owner
    for n in range(3):
        tell("t.normal", person, about=f"{n}", n=n, at=NOON + timedelta(minutes=n))
    page = client.get(f"/{side}/messages")
    assert [one.title for one in page.context["items"]] == ["第 2 号", "第 1 号", "第 0 号"]
    assert "3 条未读" in page.content.decode()
    done = client.post(f"/{side}/messages/read")
    assert done.status_code == 302
    after = client.get(done["Location"])
    assert (after.context["unread"], after.context["marked"]) == (0, 3)
    assert client.get(f"/{side}/messages?unread=1").context["items"] == []
    client.post(f"/{side}/messages/undo", {"at": after.context["undo"]})
    assert client.get(f"/{side}/messages").context["unread"] == 3


def test_opening_leads_on_and_marks_only_that_one(crew, seats):
    first, second = (tell("t.normal", crew.learner, about=about) for about in "ab")
    gone = seats[0].get(f"/learn/messages/{first.uuid}")
    assert (gone.status_code, gone["Location"]) == (302, "/learn/archive")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.read_at is not None, second.read_at) == (True, None)
    seats[0].post("/learn/messages/read", {"notice": str(second.uuid)})
    second.refresh_from_db()
    assert second.read_at is not None


def test_undo_brings_back_only_what_was_marked_together(crew, seats):
    tell("t.normal", crew.learner, about="a")
    seats[0].post("/learn/messages/read")
    tell("t.normal", crew.learner, about="b")
    marked = seats[0].post("/learn/messages/read")["Location"]
    seats[0].post("/learn/messages/undo", {"at": seats[0].get(marked).context["undo"]})
    assert list(Notice.objects.filter(read_at=None).values_list("about", flat=True)) == ["b"]


@pytest.mark.parametrize("nonsense", ["", "gestern", "2026-99-99T00:00:00", "2026-11-23T00:00:00"])
def test_nonsense_undoes_nothing(crew, seats, nonsense):
    tell("t.normal", crew.learner)
    seats[0].post("/learn/messages/read")
    assert seats[0].post("/learn/messages/undo", {"at": nonsense}).status_code == 302
    assert not Notice.objects.filter(read_at=None).exists()
    assert seats[0].get("/learn/messages", {"undo": nonsense, "n": "3"}).context["undo"] == ""


def test_filters_pages_and_a_kind_that_is_no_more(crew, seats):
    people.notify_all(kind="t.low", learner_ids=[crew.learner.pk], context={}, at=NOON, about="x")
    for n in range(25):
        tell("t.normal", crew.learner, about=f"{n}", n=n)
    Notice.objects.create(kind="gone.kind", learner_id=crew.learner.pk, about="x", at=NOON - timedelta(days=9))
    page = seats[0].get("/learn/messages?page=2")
    assert page.context["items"][-1].title == "较早的消息"
    assert len(seats[0].get("/learn/messages?kind=t.low").context["items"]) == 1
    assert seats[0].get("/learn/messages?kind=nothing").context["items"] == []


def test_the_bell_costs_one_query_and_the_list_a_constant_number(crew, seats):
    def cost(url):
        with CaptureQueriesContext(connection) as seen:
            assert seats[0].get(url).status_code == 200
        return [query["sql"] for query in seen]

    few = cost("/learn/messages")
    assert len([sql for sql in few if "COUNT" in sql and "people_notice" in sql]) == 3, "pages, unread, bell"
    for n in range(30):
        tell("t.normal", crew.learner, about=f"{n}")
    many = cost("/learn/messages")
    assert len(many) - len(few) in {0, 1}
    home = [sql for sql in cost("/learn/archive") if "people_notice" in sql]
    assert len(home) == 1


def test_nobody_reads_or_marks_what_is_somebody_elses(crew, seats, yi):
    mine, theirs = tell("t.normal", crew.learner), tell("t.normal", crew.owner)
    assert seats[0].get(f"/learn/messages/{theirs.uuid}").status_code == 404
    assert seats[1].get(f"/console/messages/{mine.uuid}").status_code == 404
    assert seats[1].get(f"/console/messages/{uuid4()}").status_code == 404
    assert seats[1].post("/console/messages/read", {"notice": str(mine.uuid)}).status_code == 302
    assert seats[1].post("/console/messages/read", {"notice": "x"}).status_code == 404
    with enterprise_scope(yi):
        people.open_owner(name="邻居", mobile="13700000008", password=PASSWORD, at=NOON)
    neighbour = browser(yi)
    assert sign_in(neighbour, "13700000008").status_code == 302
    assert neighbour.get("/console/messages").context["items"] == []
    assert neighbour.get(f"/console/messages/{theirs.uuid}").status_code == 404
    assert neighbour.post("/console/messages/read").status_code == 302
    assert Notice.objects.filter(read_at=None).count() == 2


def test_choices_are_kept_and_what_must_be_told_cannot_be_switched_off(crew, seats):
    page = seats[0].get("/learn/messages/choices").content.decode()
    assert "法规要求。" in page
    seats[0].post("/learn/messages/choices", {"on": ["t.low/sms"], "digest": "1"})
    kept = NoticeChoice.objects.get()
    assert (kept.digest, "t.normal/sms" in kept.off, "t.low/sms" in kept.off, "t.must/sms" in kept.off) == (
        True,
        True,
        False,
        False,
    )


def test_a_mail_address_is_kept_only_with_the_code_that_was_sent_to_it(crew, seats, settings, mailoutbox_of):
    client = seats[0]
    for wrong in ("", "nobody", "a@b", "x" * 130 + "@example.com"):
        assert client.post("/learn/messages/address", {"do": "mail", "mail": wrong}).status_code == 400
    assert client.post("/learn/messages/address", {"do": "mail", "mail": "jia@example.com"}).status_code == 200
    (sent,) = mailoutbox_of()
    code = "".join(filter(str.isdigit, sent.body.split("验证码是")[1]))[:6]
    assert (
        client.post("/learn/messages/address", {"do": "code", "code": "000000" if code != "000000" else "1"}).status_code == 400
    )
    assert not NoticeChoice.objects.exists()
    assert client.post("/learn/messages/address", {"do": "code", "code": code}).status_code == 302
    assert b"jia@" not in bytes(NoticeChoice.objects.get().mail_sealed)
    assert "ji***@example.com" in client.get("/learn/messages/choices").content.decode()
    assert client.post("/learn/messages/address", {"do": "code", "code": code}).status_code == 400, "a code works once"
    client.post("/learn/messages/address", {"do": "forget-mail"})
    assert bytes(NoticeChoice.objects.get().mail_sealed) == b""


def test_without_a_mail_server_the_page_says_so_and_nothing_is_sent(crew, seats, settings):
    settings.MAIL_READY = False
    assert isinstance(MAILER.get(), DjangoMailer)
    assert "平台没有开通邮件" in seats[0].get("/learn/messages/choices").content.decode()
    assert seats[0].post("/learn/messages/address", {"do": "mail", "mail": "jia@example.com"}).status_code == 503
    assert not NoticeChoice.objects.exists()


def test_a_manager_opens_text_messages_with_the_login_number_only(crew, seats):
    assert seats[1].post("/console/messages/address", {"do": "mobile", "mobile": LEARNER}).status_code == 400
    assert not NoticeChoice.objects.exists()
    assert seats[1].post("/console/messages/address", {"do": "mobile", "mobile": OWNER}).status_code == 302
    page = seats[1].get("/console/messages/choices").content.decode()
    assert "138****0008" in page
    assert OWNER not in page
    seats[1].post("/console/messages/address", {"do": "forget-mobile"})
    assert bytes(NoticeChoice.objects.get().mobile_sealed) == b""
    assert seats[0].post("/learn/messages/address", {"do": "mobile", "mobile": LEARNER}).status_code == 302
    assert NoticeChoice.objects.count() == 1, "a learner's number is known, nothing is kept of it here"


@pytest.fixture
def mailoutbox_of(settings):
    """Django's outbox in memory, for what the page says; the server itself is tested with the adapter."""
    from django.core import mail

    settings.MAIL_READY, settings.EMAIL_BACKEND = True, "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return lambda: mail.outbox
