"""Coming in by another system, over HTTP against servers on this machine: setting up, the round trip, whose account is whose."""

from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from apps.people import managing, ports
from apps.people.joining import sso
from apps.people.models import Change, OutsideAccount, SsoSetup
from infra.adapters.sso import OutsideSignOn, wecom
from tenants.api import Credential
from tenants.scope import enterprise_scope
from tests.infra.adapters.outside import AGENT, APP, CORP, SECRET, outside

from .conftest import LEARNER, NOON, OWNER, browser, code_for, is_in

KINDS = ("WECOM", "DINGTALK", "FEISHU")


@pytest.fixture
def kind(request):
    """One of the three; the whole way is tested with each of them, what is the same for all with one."""
    return getattr(request, "param", "FEISHU")


all_kinds = pytest.mark.parametrize("kind", KINDS, indirect=True)


@pytest.fixture
def server(kind):
    wecom._known.clear()
    before = ports.SSO.get()
    with outside(kind) as state:
        ports.SSO.plug(OutsideSignOn({kind: state.base}, timeout_s=0.5))
        try:
            yield state
        finally:
            ports.SSO.plug(before)


@pytest.fixture
def opened(kind, server, owner):
    """The owner has set the system up."""
    return sso.write(kind=kind, app_id=APP[kind], secret=SECRET, agent_id=AGENT, corp_id=CORP, is_open=True, by=owner.pk, at=NOON)


def words(kind, **more):
    said = {"app_id": APP[kind], "secret": SECRET, "agent_id": AGENT, "corp_id": CORP, "is_open": "on"}
    return said | more


def off(client, kind, **query):
    """Begin, and return the state that went to the other system."""
    answer = client.get(f"/sso/{kind.lower()}/start", query)
    assert answer.status_code == 302
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert asked["redirect_uri"][0].endswith(f"/sso/{kind.lower()}/callback")
    return asked["state"][0]


def back(client, kind, state, code="code-1"):
    name = "authCode" if kind == "DINGTALK" else "code"
    return client.get(f"/sso/{kind.lower()}/callback", {name: code, "state": state})


def come(client, kind, server, **query):
    server.codes.add("code-1")
    return back(client, kind, off(client, kind, **query))


# --- Setting up


@pytest.mark.req("R5.7")
@all_kinds
def test_the_owner_writes_the_secret_down_and_nobody_reads_it_again(kind, server, manager, jia):
    url = f"/console/sign-in/{kind.lower()}"
    assert manager.post(url, words(kind)).status_code == 302
    page = manager.get(url).content.decode()
    assert SECRET not in page
    assert APP[kind] in page
    with enterprise_scope(jia):
        row = SsoSetup.objects.get()
        assert SECRET.encode() not in bytes(row.secret_sealed)
        assert SECRET not in str(Change.objects.get(subject=f"sso:{kind}").changes)


@all_kinds
def test_the_test_button_tells_right_from_wrong(kind, server, manager, jia):
    url = f"/console/sign-in/{kind.lower()}"
    manager.post(url, words(kind, secret="not-it"))
    assert "没有接受本单位的应用设置" in manager.post(f"{url}/test", follow=True).content.decode()
    with enterprise_scope(jia):
        assert SsoSetup.objects.get().tested_at is None
    manager.post(url, words(kind))
    assert "连接正常" in manager.post(f"{url}/test", follow=True).content.decode()
    with enterprise_scope(jia):
        assert SsoSetup.objects.get().tested_at is not None
    server.mood = "broken"
    assert "暂时没有响应" in manager.post(f"{url}/test", follow=True).content.decode()


def test_an_empty_secret_keeps_the_one_there_is(kind, server, opened, manager, jia):
    assert manager.post(f"/console/sign-in/{kind.lower()}", words(kind, secret="")).status_code == 302
    with enterprise_scope(jia):
        assert sso.app_of(SsoSetup.objects.get()).secret == SECRET


@pytest.mark.parametrize("missing", ["app_id", "secret"])
def test_what_is_missing_is_said_and_nothing_is_written(kind, server, manager, jia, missing):
    assert manager.post(f"/console/sign-in/{kind.lower()}", words(kind, **{missing: ""})).status_code == 422
    with enterprise_scope(jia):
        assert not SsoSetup.objects.exists()


def test_the_neighbour_has_nothing_of_it(kind, opened, neighbour, yi):
    assert neighbour.get("/console/sign-in").content.decode().count(APP[kind]) == 0
    assert browser(yi).get(f"/sso/{kind.lower()}/start").status_code == 404


def test_a_closed_system_is_not_offered(kind, opened, jia, owner):
    assert f"/sso/{kind.lower()}/start" in browser(jia).get("/sign-in").content.decode()
    with enterprise_scope(jia):
        sso.write(kind=kind, app_id=APP[kind], secret="", agent_id=AGENT, corp_id=CORP, is_open=False, by=owner.pk, at=NOON)
    assert f"/sso/{kind.lower()}/start" not in browser(jia).get("/sign-in").content.decode()
    assert browser(jia).get(f"/sso/{kind.lower()}/start").status_code == 404


# --- Signing in


@pytest.mark.req("R2.1")
@all_kinds
def test_a_learner_whose_mobile_is_told_is_bound_and_signed_in(kind, server, opened, jia):
    client = browser(jia)
    answer = come(client, kind, server, next="/me")
    assert (answer.status_code, answer["Location"]) == (302, "/me")
    assert is_in(client)
    with enterprise_scope(jia):
        row = OutsideAccount.objects.get()
        assert "zhangsan" not in row.subject
        assert row.credential == Credential.objects.by_login(LEARNER)
    again = browser(jia)
    server.me["mobile"] = ""
    assert come(again, kind, server)["Location"] == "/"
    assert is_in(again)


def test_a_manager_is_never_let_in_by_a_told_mobile(kind, server, opened, jia):
    server.me["mobile"] = OWNER
    client = browser(jia)
    assert come(client, kind, server)["Location"] == "/sso/bind"
    assert not is_in(client)
    with enterprise_scope(jia):
        assert not OutsideAccount.objects.exists()


@all_kinds
def test_who_is_not_known_shows_the_phone_and_is_bound(kind, server, opened, jia):
    server.me["mobile"] = ""
    client = browser(jia)
    assert come(client, kind, server)["Location"] == "/sso/bind"
    assert "zhangsan" not in str(dict(client.session)), "who it is lies sealed in the session"
    assert client.post("/sso/bind", {"do": "send", "mobile": OWNER}).status_code == 200
    wrong = client.post("/sso/bind", {"do": "enter", "mobile": OWNER, "code": "000000"})
    assert (wrong.status_code, is_in(client)) == (422, False)
    assert client.post("/sso/bind", {"do": "enter", "mobile": OWNER, "code": code_for(OWNER)}).status_code == 302
    assert is_in(client)
    with enterprise_scope(jia):
        assert OutsideAccount.objects.get().credential == Credential.objects.by_login(OWNER)
        assert Change.objects.filter(action="bound").count() == 1


def test_a_stranger_with_a_phone_nobody_knows_stays_outside(kind, server, opened, jia):
    server.me["mobile"] = ""
    client = browser(jia)
    come(client, kind, server)
    client.post("/sso/bind", {"do": "send", "mobile": "13999990000"})
    answer = client.post("/sso/bind", {"do": "enter", "mobile": "13999990000", "code": code_for("13999990000")})
    assert "还没有在本单位登记" in answer.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("forged", ["", "a" * 64, "swap"])
def test_a_state_that_is_not_ours_lets_nobody_in(kind, server, opened, jia, forged):
    server.codes.add("code-1")
    client = browser(jia)
    state = off(client, kind)
    answer = back(client, kind, off(browser(jia), kind) if forged == "swap" else forged)
    assert answer["Location"] == "/sign-in"
    assert not is_in(client)
    assert server.asked == [], "the code was not even used"
    assert back(client, kind, state)["Location"] == "/sign-in", "the trip is over"


def test_a_round_trip_is_good_once_and_for_ten_minutes(kind, server, opened, jia):
    with time_machine.travel(NOON, tick=False) as clock:
        late = browser(jia)
        server.codes.add("code-1")
        state = off(late, kind)
        clock.shift(601)
        assert back(late, kind, state)["Location"] == "/sign-in"
        assert not is_in(late)
    once = browser(jia)
    state = off(once, kind)
    kept = once.session["sso_trip"]
    assert back(once, kind, state)["Location"] == "/"
    thief = browser(jia)
    thief.get("/sign-in")
    session = thief.session
    session["sso_trip"] = kept
    with enterprise_scope(jia):
        session.save()
    thief.cookies["sessionid"] = session.session_key
    server.codes.add("code-1")
    assert back(thief, kind, state)["Location"] == "/sign-in"


@pytest.mark.parametrize("mood", ["broken", "silent", "nonsense"])
def test_a_lost_vendor_is_told_in_words_and_the_phone_still_works(kind, server, opened, jia, mood):
    server.mood = mood
    client = browser(jia)
    assert come(client, kind, server)["Location"] == "/sign-in"
    assert "暂时没有响应" in client.get("/sign-in").content.decode()


def test_saying_no_there_is_told_in_words(kind, server, opened, jia):
    client = browser(jia)
    assert back(client, kind, off(client, kind), code="")["Location"] == "/sign-in"
    assert "没有同意授权" in client.get("/sign-in").content.decode()


@pytest.mark.parametrize("next_url", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_sent_elsewhere_afterwards(kind, server, opened, jia, next_url):
    assert come(browser(jia), kind, server, next=next_url)["Location"] == "/"


# --- Whose account is whose


def test_an_account_is_bound_by_who_is_signed_in_and_unbound_again(kind, server, opened, learner, jia):
    server.me["mobile"] = ""
    assert come(learner, kind, server, bind="1")["Location"] == "/me"
    with enterprise_scope(jia):
        assert OutsideAccount.objects.get().credential == Credential.objects.by_login(LEARNER)
    assert learner.post(f"/me/outside/{kind}/unbind").status_code == 302
    with enterprise_scope(jia):
        assert not OutsideAccount.objects.exists()
        rows = Change.objects.filter(action__in=["bound", "unbound"]).order_by("id")
        assert list(rows.values_list("action", flat=True)) == ["bound", "unbound"]
    stranger = browser(jia)
    assert come(stranger, kind, server)["Location"] == "/sso/bind"


def test_an_account_belongs_to_one_person(kind, server, opened, learner, manager, jia):
    come(learner, kind, server, bind="1")
    assert come(manager, kind, server, bind="1")["Location"] == "/me"
    assert "已经绑定了本单位的另一个人" in manager.get("/me").content.decode()
    with enterprise_scope(jia):
        assert OutsideAccount.objects.get().credential == Credential.objects.by_login(LEARNER)


def test_who_left_is_not_let_in_by_the_account(kind, server, opened, owner, jia):
    with enterprise_scope(jia):
        row = managing.invite(name="安全员乙", mobile="13600000001", role="TRAINING", unit_id=None, by=owner.pk, at=NOON)
        sso.bind(kind=kind, person=_person(kind), credential=row.credential, at=NOON)
        managing.remove(manager_id=row.pk, by=owner.pk, at=NOON)
    client = browser(jia)
    assert come(client, kind, server)["Location"] == "/sso/bind"
    assert not is_in(client)


def test_another_application_forgets_the_accounts_of_the_former_one(kind, server, opened, owner, jia):
    with enterprise_scope(jia):
        sso.bind(kind=kind, person=_person(kind), credential=Credential.objects.by_login(LEARNER), at=NOON)
        sso.write(kind=kind, app_id="other", secret="new", agent_id=AGENT, corp_id=CORP, is_open=True, by=owner.pk, at=NOON)
        assert not OutsideAccount.objects.exists()


def _person(kind):
    subject = f"{APP[kind]}/zhangsan" if kind == "WECOM" else "zhangsan"
    return ports.OutsidePerson(subject, "学员甲", "")
