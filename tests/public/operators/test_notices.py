"""What operators are told: once each, on the desk and by mail to an address that they proved; nobody else sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from infra.kit import clock
from infra.kit.labels import Category, Level, label
from infra.kit.marking import PLAIN
from public.audit.models import AuditEvent
from public.operators import api as operators
from public.operators import changes
from public.operators.notices import addresses, sending, telling
from public.operators.notices.models import OperatorMail, OperatorNotice
from tenants.accounts.models import Credential
from tests.conftest import NOON
from tests.public.desk import house, inside, operator
from tests.public.operators.post import MAIL, post, proven

__all__ = ["post"]


@pytest.fixture(autouse=True)
def spoken() -> Iterator[None]:
    """A kind of notice that is due until its facts say it is settled."""

    def words(facts: Any) -> operators.Words:
        return operators.Words(f"{facts['what']}要办", f"{facts['what']}还没有办。", "/desk/", "工作台")

    telling.register("trial", operators.NoticeKind(words, lambda facts: facts["what"] != "办好了的"))
    yield
    telling._kinds.pop("trial")


def tell(about: str = "trial:1", **more: Any) -> int:
    said = {"role": "OPERATIONS", "label": PLAIN, "kind": "trial", "about": about, "facts": {"what": "第一件"}, "at": NOON}
    return telling.tell(**{**said, **more})


def outcome() -> list[str]:
    return list(OperatorNotice.objects.order_by("id").values_list("mail", flat=True))


def test_whoever_holds_the_role_and_may_sign_in_is_told_once(platform):
    first, second = operator("OPERATIONS"), operator("OPERATIONS", login="ops2", name="运营乙")
    blocked, stranger = operator("OPERATIONS", login="ops3", name="运营丙"), operator("AUTHOR")
    Credential.objects.filter(pk=blocked).update(is_active=False)
    assert tell() == 2
    assert tell() == 0
    assert sorted(OperatorNotice.objects.values_list("credential_id", flat=True)) == sorted([first, second])
    assert telling.unseen(stranger) == 0


def test_a_role_that_may_not_read_it_is_not_told(platform):
    operator("OPERATIONS")
    assert tell(label=label(Level.CORE, Category.SECURITY)) == 0


def test_notices_stand_on_the_own_desk_only_and_count_as_seen_then(platform):
    me, other = operator("OPERATIONS"), operator("AUTHOR")
    tell()
    assert telling.unseen(me) == 1
    page = inside(me).get("/desk/notices").content.decode()
    assert "第一件还没有办" in page
    assert telling.unseen(me) == 0
    assert "第一件还没有办" not in inside(other).get("/desk/notices").content.decode()


def test_an_address_counts_when_its_code_was_typed_and_is_only_shown_masked(platform, post):
    me = operator("OPERATIONS")
    browser = inside(me)
    assert browser.post("/desk/security/mail", {"mail": "no address"}).status_code == 422
    assert post.kept == []
    browser.post("/desk/security/mail", {"mail": MAIL})
    assert browser.post("/desk/security/mail/confirm", {"code": "0"}).status_code == 422
    assert not OperatorMail.objects.exists()
    proven(browser, post)
    row = OperatorMail.objects.get(credential_id=me)
    assert MAIL.encode() not in bytes(row.sealed)
    page = browser.get("/desk/security").content.decode()
    assert "yu***@example.com" in page
    assert MAIL not in page
    assert MAIL not in str(list(AuditEvent.objects.values_list("details", flat=True)))
    assert browser.post("/desk/security/mail/remove").status_code == 302
    assert addresses.address_of(me) == ""
    assert AuditEvent.objects.filter(action__in=["operators.mail_proven", "operators.mail_removed"]).count() == 2


def test_the_code_of_one_person_proves_nothing_for_another(platform, post):
    mine, theirs = inside(operator("OPERATIONS")), inside(operator("AUTHOR"))
    mine.post("/desk/security/mail", {"mail": MAIL})
    (code,) = re.findall(r"\d{6}", post.kept[-1].message.get_content())
    assert theirs.post("/desk/security/mail/confirm", {"code": code}).status_code == 422
    assert not OperatorMail.objects.exists()


@pytest.mark.parametrize(("words", "status"), [("554 spam", 422), ("452 full", 503)])
def test_a_code_that_did_not_go_out_is_not_said_to_be_on_its_way(platform, post, words, status):
    browser, post.full = inside(operator("OPERATIONS")), words
    answer = browser.post("/desk/security/mail", {"mail": MAIL})
    assert answer.status_code == status
    assert "验证码已发到" not in answer.content.decode()
    assert "验证码已发到" not in browser.get("/desk/security").content.decode()


def test_without_a_mail_server_the_page_says_so_and_takes_no_address(platform, settings):
    settings.MAIL_READY = False
    browser = inside(operator("OPERATIONS"))
    assert "还没有设置邮件服务器" in browser.get("/desk/security").content.decode()
    assert browser.post("/desk/security/mail", {"mail": MAIL}).status_code == 503


def test_mail_goes_once_to_who_left_an_address(platform, post):
    me = operator("OPERATIONS")
    operator("OPERATIONS", login="ops2", name="运营乙")
    proven(inside(me), post)
    post.kept.clear()
    tell()
    assert sending.send_waiting(at=NOON) == 1
    assert sending.send_waiting(at=NOON) == 0
    (letter,) = post.kept
    assert (letter.to, letter.message["subject"]) == ([MAIL], "安学平台：第一件要办")
    assert "http" not in letter.message.get_content(), "nobody is led anywhere by a mail"
    assert sorted(outcome()) == ["NO_ADDRESS", "SENT"]
    told = telling.told(["trial:1"])["trial:1"]
    assert (told.people, told.mailed, told.waiting, told.failed) == (2, 1, 0, 0)


def test_mail_waits_for_a_server_that_is_silent_and_is_given_up_where_it_is_refused(platform, post):
    me = operator("OPERATIONS")
    proven(inside(me), post)
    post.kept.clear()
    tell()
    post.full = "452 full"
    assert sending.send_waiting(at=NOON) == 0
    assert outcome() == ["WAITING"]
    post.full = "554 spam"
    assert sending.send_waiting(at=NOON) == 0
    assert (outcome(), post.kept) == (["FAILED"], [])


def test_what_is_settled_or_whose_reader_has_left_is_not_sent(platform, post):
    me, gone = operator("OPERATIONS"), operator("OPERATIONS", login="ops2", name="运营乙")
    proven(inside(me), post)
    post.kept.clear()
    tell(facts={"what": "办好了的"})
    Credential.objects.filter(pk=gone).update(is_active=False)
    assert sending.send_waiting(at=NOON + timedelta(minutes=1)) == 0
    assert (outcome(), post.kept) == (["MOOT", "MOOT"], [])


def test_one_that_cannot_be_sent_holds_up_no_other(platform, post):
    broken, whole = operator("OPERATIONS"), operator("OPERATIONS", login="ops2", name="运营乙")
    proven(inside(broken), post)
    proven(inside(whole), post, "yi@example.com")
    post.kept.clear()
    OperatorMail.objects.filter(credential_id=broken).update(sealed=b"not ours")
    tell()
    with pytest.raises(ExceptionGroup, match="1 mails to operators failed, 1 went out"):
        sending.send_waiting(at=NOON)
    assert [letter.to for letter in post.kept] == [["yi@example.com"]]


def test_who_is_shut_out_keeps_no_address_with_us(platform, post):
    people = house()
    proven(inside(people.operations), post)
    changes.block(credential_id=people.operations, reason="已离职", me=people.me("security"), at=NOON, ip="10.0.0.1")
    assert addresses.address_of(people.operations) == ""
    proven(inside(people.author), post)
    assert changes.block_stale(at=clock.now() + timedelta(days=91)) == 1
    assert not OperatorMail.objects.exists()
