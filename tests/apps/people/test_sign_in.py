"""The ways in, and what a stranger can learn from them."""

import re

import pytest
from django.contrib.auth.hashers import get_hasher
from django.contrib.sessions.backends.db import SessionStore

from apps.people import api as people
from apps.people import signing_in
from infra.adapters.sms import outbox
from tenants import codes
from tenants.api import Credential
from tenants.scope import enterprise_scope

from .conftest import LEARNER, NOON, OWNER, PASSWORD, browser, is_in, sign_in

UNKNOWN = "13912345678"


def post(client, **data):
    return client.post("/sign-in", data)


def code_sent_to(mobile):
    return next(message.code for message in outbox.messages() if message.mobile == mobile)


def text(response):
    """The page without what differs by chance."""
    said = re.sub(r'<meta name="ax-timing"[^>]*><script[^>]*></script>', "", response.content.decode())
    return re.sub(r'(csrfmiddlewaretoken" value="|csrf-token" content=")[^"]+', "", said)


@pytest.mark.req("R2.1")
@pytest.mark.parametrize("mobile", [OWNER, LEARNER, "+86 138 0000 0001"])
def test_a_password_lets_managers_and_learners_in(staff, jia, mobile):
    client = browser(jia)
    assert client.get("/sign-in").status_code == 200
    answer = post(client, way="password", do="enter", mobile=mobile, password=PASSWORD)
    assert (answer.status_code, answer.url) == (302, "/")
    assert is_in(client)


@pytest.mark.req("R2.1")
def test_a_text_message_lets_a_learner_in_and_offers_a_password(staff, jia):
    with enterprise_scope(jia):
        Credential.objects.by_login(LEARNER)
        people.add_learner(name="学员乙", id_number="330203198511120024", mobile="13800000002", at=NOON)
    client = browser(jia)
    sent = post(client, way="code", do="send", mobile="138 0000 0002")
    assert "138****0002" in sent.content.decode()
    assert 'data-countdown="60"' in sent.content.decode()
    answer = post(client, way="code", do="enter", mobile="13800000002", code=code_sent_to("13800000002"))
    assert answer.url == "/password?next=%2F"
    page = client.get(answer.url)
    assert "以后再说" in page.content.decode()
    done = client.post(answer.url, {"new_password": "tiger-climbs-9", "repeat": "tiger-climbs-9"})
    assert (done.status_code, done.url) == (302, "/")
    assert sign_in(browser(jia), "13800000002", "tiger-climbs-9").status_code == 302


def test_who_lost_the_page_goes_on_with_the_code_that_came(staff, jia):
    client = browser(jia)
    post(client, way="code", do="send", mobile=LEARNER)
    again = post(client, way="code", do="send", mobile=LEARNER)
    page = again.content.decode()
    assert (again.status_code, 'name="code"' in page, "刚刚发过" in page) == (200, True, True)
    assert 0 < int(re.search(r'data-countdown="(\d+)"', page)[1]) <= 60
    assert [message.mobile for message in outbox.messages()] == [LEARNER]
    assert post(client, way="code", do="enter", mobile=LEARNER, code=code_sent_to(LEARNER)).status_code == 302


def used_up(monkeypatch, sends=2):
    """Let a phone have so many codes an hour, one right after the other."""
    monkeypatch.setattr(codes, "PER_MOBILE", (f"{sends}/hour",))


def test_who_may_ask_for_no_other_code_types_the_one_that_came(staff, jia, monkeypatch):
    used_up(monkeypatch)
    client = browser(jia)
    for _ in range(2):
        post(client, way="code", do="send", mobile=LEARNER)
    refused = post(client, way="code", do="send", mobile=LEARNER)
    page = refused.content.decode()
    assert (refused.status_code, 'name="code"' in page) == (429, True)
    assert "分钟后再试。已收到的验证码还有效" in page
    assert post(client, way="code", do="enter", mobile=LEARNER, code=code_sent_to(LEARNER)).status_code == 302


def test_no_code_is_asked_for_where_none_is_open(staff, jia, monkeypatch):
    used_up(monkeypatch, sends=1)
    client = browser(jia)
    post(client, way="code", do="send", mobile=LEARNER)
    post(client, way="code", do="enter", mobile=LEARNER, code=code_sent_to(LEARNER))
    refused = post(browser(jia), way="code", do="send", mobile=LEARNER)
    page = refused.content.decode()
    assert (refused.status_code, 'name="code"' in page, "分钟后再试" in page) == (429, False, True)


def test_a_whole_workshop_may_enter_its_codes_from_one_address(staff, jia):
    with enterprise_scope(jia):
        for n in range(120):
            with pytest.raises(codes.WrongCode):
                signing_in.by_code(mobile=f"1390000{n:04d}", code="123456", ip="10.0.0.1")


def test_a_refused_code_does_not_stand_in_the_way_of_the_next_one(staff, jia):
    client = browser(jia)
    post(client, way="code", do="send", mobile=LEARNER)
    wrong = f"{(int(code_sent_to(LEARNER)) + 1) % 1_000_000:06d}"
    page = post(client, way="code", do="enter", mobile=LEARNER, code=wrong).content.decode()
    assert "验证码不正确" in page
    assert wrong not in page


def test_the_session_is_a_new_one_after_signing_in(staff, jia):
    with enterprise_scope(jia):
        planted = SessionStore()
        planted["planted"] = "by a stranger"
        planted.save()
    client = browser(jia)
    client.cookies["sessionid"] = planted.session_key
    post(client, way="password", do="enter", mobile=OWNER, password=PASSWORD)
    with enterprise_scope(jia):
        fresh = SessionStore(client.cookies["sessionid"].value)
        assert fresh.session_key != planted.session_key
        assert "planted" not in fresh
        assert not SessionStore().exists(planted.session_key)


@pytest.mark.parametrize("way", ["password", "code"])
def test_unknown_and_known_numbers_get_the_same_answer(staff, jia, way):
    answers = set()
    for mobile in (LEARNER, UNKNOWN):
        page = post(browser(jia), way=way, do="enter", mobile=mobile, password="wrong-password", code="000000")
        answers.add((page.status_code, text(page).replace(mobile, "number")))
    assert len(answers) == 1


def test_a_code_is_sent_alike_to_unknown_and_known_numbers(staff, jia):
    answers = set()
    for mobile in (LEARNER, UNKNOWN):
        page = post(browser(jia), way="code", do="send", mobile=mobile)
        shown = text(page).replace(mobile, "number").replace(f"{mobile[:3]}****{mobile[-4:]}", "masked")
        answers.add((page.status_code, shown))
    assert len(answers) == 1


def test_an_unknown_number_costs_one_password_hash_like_a_known_one(staff, jia, monkeypatch):
    hasher, runs = type(get_hasher()), []
    for work in ("encode", "verify"):
        done = getattr(hasher, work)
        monkeypatch.setattr(hasher, work, lambda *a, done=done, **k: runs.append(1) or done(*a, **k))
    counts = []
    for mobile in (LEARNER, UNKNOWN):
        runs.clear()
        sign_in(browser(jia), mobile, "wrong-password")
        counts.append(len(runs))
    assert counts == [1, 1]


def test_only_who_holds_the_phone_learns_that_it_is_not_registered(staff, jia):
    client = browser(jia)
    post(client, way="code", do="send", mobile=UNKNOWN)
    answer = post(client, way="code", do="enter", mobile=UNKNOWN, code=code_sent_to(UNKNOWN))
    assert answer.status_code == 422
    assert "还没有在本单位登记" in answer.content.decode()
    assert not is_in(client)


def test_five_wrong_passwords_close_the_login_but_not_the_code(staff, jia):
    for _ in range(5):
        assert sign_in(browser(jia), LEARNER, "wrong-password").status_code == 422
    refused = sign_in(browser(jia), LEARNER)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert "已暂停密码登录，还要 15 分钟" in refused.content.decode()
    client = browser(jia)
    post(client, way="code", do="send", mobile=LEARNER)
    assert post(client, way="code", do="enter", mobile=LEARNER, code=code_sent_to(LEARNER)).status_code == 302
    assert sign_in(browser(jia), LEARNER).status_code == 302, "a right code begins a new count"


def test_unknown_logins_are_closed_in_the_same_way(staff, jia):
    answers = [sign_in(browser(jia), UNKNOWN, "wrong-password").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_signing_in_often_does_not_lock_anybody_out(staff, jia):
    assert {sign_in(browser(jia), LEARNER).status_code for _ in range(8)} == {302}


def test_a_code_is_good_for_one_entry_on_one_host(staff, jia, yi):
    client = browser(jia)
    post(client, way="code", do="send", mobile=LEARNER)
    code = code_sent_to(LEARNER)
    assert post(browser(yi), way="code", do="enter", mobile=LEARNER, code=code).status_code == 422
    assert post(client, way="code", do="enter", mobile=LEARNER, code=code).status_code == 302
    assert post(browser(jia), way="code", do="enter", mobile=LEARNER, code=code).status_code == 422


@pytest.mark.parametrize("mobile", ["", "123", "abc", "1380000000１２", "1" * 40, "<script>"])
@pytest.mark.parametrize("do", ["send", "enter"])
def test_a_wrong_number_gets_words_on_the_field(staff, jia, mobile, do):
    page = post(browser(jia), way="code", do=do, mobile=mobile, code="123456")
    assert page.status_code == 422
    assert "id_mobile_error" in page.content.decode()
    assert "<script>" not in page.content.decode().replace('<script src="', "")


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil",
        "http:///x",
        "\n//evil.example",
    ],
)
def test_goes_on_only_to_own_paths(staff, jia, wanted):
    answer = browser(jia).post(
        "/sign-in", {"way": "password", "do": "enter", "mobile": OWNER, "password": PASSWORD, "next": wanted}
    )
    assert answer.url == "/"


def test_goes_on_to_where_the_person_wanted(staff, jia):
    client = browser(jia)
    stopped = client.get("/console/people?role=CY")
    assert stopped.url == "/sign-in?next=/console/people%3Frole%3DCY"
    answer = client.post(stopped.url, {"way": "password", "do": "enter", "mobile": OWNER, "password": PASSWORD})
    assert answer.url == "/console/people?role=CY"


def test_switching_keeps_the_number(staff, jia):
    page = post(browser(jia), way="password", do="switch", mobile="138 0000").content.decode()
    assert 'name="way" value="code"' in page
    assert 'value="138 0000"' in page


def test_htmx_leaves_the_page_when_signed_in_and_shows_refusals_in_place(staff, jia):
    client = browser(jia)
    wrong = client.post("/sign-in", {"mobile": OWNER, "password": "no", "do": "enter"}, HTTP_HX_REQUEST="true")
    assert (wrong.status_code, wrong["HX-Retarget"]) == (422, "#sign-in")
    right = client.post("/sign-in", {"mobile": OWNER, "password": PASSWORD, "do": "enter"}, HTTP_HX_REQUEST="true")
    assert (right.status_code, right["HX-Redirect"]) == (204, "/")


def test_signing_out_ends_the_session(manager):
    assert manager.get("/sign-out").status_code == 405
    assert manager.post("/sign-out").url == "/sign-in"
    assert not is_in(manager)


def test_an_archived_learner_is_out_at_once_and_cannot_come_back(staff, learner, jia):
    with enterprise_scope(jia):
        people.archive_learner(learner_uuid=staff.uuid, at=NOON)
    assert learner.get("/password").url.startswith("/sign-in")
    assert sign_in(browser(jia), LEARNER).status_code == 422


@pytest.mark.req("R5.7")
def test_a_session_of_one_enterprise_means_nothing_to_another(manager, yi):
    stranger = browser(yi)
    stranger.cookies["sessionid"] = manager.cookies["sessionid"].value
    assert stranger.get("/console/people").url.startswith("/sign-in")


def test_an_entry_token_signs_the_owner_in_once(staff, jia):
    with enterprise_scope(jia):
        token = people.entry_token(Credential.objects.by_login(OWNER))
    client = browser(jia)
    assert client.get("/enter", {"token": token}).url == "/"
    assert is_in(client)
    again = browser(jia).get("/enter", {"token": token})
    assert again.status_code == 403
    assert "已失效" in again.content.decode()


@pytest.mark.parametrize("spoil", [lambda t: "", lambda t: t[:-2], lambda t: "x" + t, lambda t: t.replace(":", "")])
def test_a_forged_entry_token_opens_nothing(staff, jia, spoil):
    with enterprise_scope(jia):
        token = people.entry_token(Credential.objects.by_login(OWNER))
    client = browser(jia)
    assert client.get("/enter", {"token": spoil(token)}).status_code == 403
    assert not is_in(client)


def test_an_entry_token_is_worth_nothing_on_another_host_or_after_a_minute(staff, jia, yi, monkeypatch):
    from apps.people import tokens

    with enterprise_scope(jia):
        token = people.entry_token(Credential.objects.by_login(OWNER))
    assert browser(yi).get("/enter", {"token": token}).status_code == 403
    monkeypatch.setattr(tokens, "LIFE_S", -1)
    assert browser(jia).get("/enter", {"token": token}).status_code == 403


def test_a_password_change_asks_for_the_old_one(staff, learner, jia):
    new = {"new_password": "tiger-climbs-9", "repeat": "tiger-climbs-9"}
    assert learner.post("/password", new).status_code == 422
    wrong = learner.post("/password", {**new, "old": "wrong"})
    assert "现在的密码不正确" in wrong.content.decode()
    assert learner.post("/password", {**new, "old": PASSWORD}).status_code == 302
    assert learner.get("/password").status_code == 200, "the own session goes on"


@pytest.mark.req("R2.1")
def test_the_menu_leads_managers_and_learners_to_their_password_and_back(manager, learner):
    for client, home, old in ((manager, "/console", PASSWORD), (learner, "/learn", PASSWORD)):
        (link,) = re.findall(r'class="ax-menu-item" href="(/password[^"]*)"', client.get(home).content.decode())
        page = client.get(link).content.decode()
        assert f'href="{home}"' in page, "there is a way back without a change"
        assert "现在的密码" in page
        new = {"old": old, "new_password": "tiger-climbs-9", "repeat": "tiger-climbs-9", "next": home}
        done = client.post(link, new, follow=True)
        assert done.redirect_chain == [(home, 302)]
        assert "密码已保存" in done.content.decode()


def test_a_password_change_ends_other_sessions(staff, learner, jia):
    other = browser(jia)
    sign_in(other, LEARNER)
    learner.post("/password", {"old": PASSWORD, "new_password": "tiger-climbs-9", "repeat": "tiger-climbs-9"})
    assert other.get("/password").url.startswith("/sign-in")


@pytest.mark.parametrize(
    ("new", "repeat", "words"),
    [
        ("short1", "short1", "8"),
        ("password", "password", "常见"),
        ("8273645182", "8273645182", "数字"),
        ("tiger-climbs-9", "other-one-9", "不一致"),
    ],
)
def test_refuses_a_weak_or_mistyped_password(staff, learner, new, repeat, words):
    page = learner.post("/password", {"old": PASSWORD, "new_password": new, "repeat": repeat})
    assert page.status_code == 422
    assert words in page.content.decode()


def test_a_lost_valkey_is_503_and_nothing_happens(staff, jia, monkeypatch):
    from redis.exceptions import ConnectionError as Lost

    from tenants import limits

    class Gone:
        def hit(self, *_parts):
            raise Lost

    client = browser(jia)
    with monkeypatch.context() as broken:
        broken.setattr(limits, "_limiter", Gone)
        assert post(client, way="password", do="enter", mobile=OWNER, password=PASSWORD).status_code == 503
    assert not is_in(client)
