"""The three other systems: one class of tests for all, then what each of them alone can answer."""

from urllib.parse import parse_qs, urlsplit

import pytest

from apps.people.ports import SsoApp, SsoDown, SsoRefused
from infra.adapters.sso import OutsideSignOn, wecom, wire

from .outside import AGENT, APP, CORP, SECRET, outside

KINDS = ("WECOM", "DINGTALK", "FEISHU")
BACK = "https://demo.anxue.example/sso/x/callback"
STATE = "a1" * 32


def app(kind, **more):
    words = {"app_id": APP[kind], "secret": SECRET, "agent_id": AGENT, "corp_id": CORP} | more
    return SsoApp(kind, **words)


def desk(kind, server, timeout_s=5.0):
    return OutsideSignOn({kind: server.base}, timeout_s=timeout_s)


@pytest.fixture(autouse=True)
def no_tokens():
    wecom._known.clear()


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def server(kind):
    with outside(kind) as state:
        yield state


class TestAll:
    def test_names_the_person_behind_a_code_once(self, kind, server):
        server.codes.add("code-1")
        person = desk(kind, server).person(app(kind), code="code-1", redirect_uri=BACK)
        assert person.subject.endswith("zhangsan")
        assert person.mobile == "13800000001"
        with pytest.raises(SsoRefused) as refusal:
            desk(kind, server).person(app(kind), code="code-1", redirect_uri=BACK)
        assert refusal.value.reason == "code"

    def test_tells_right_and_wrong_secrets_apart(self, kind, server):
        desk(kind, server).check(app(kind))
        for wrong in ({"secret": "other"}, {"app_id": "other"}):
            with pytest.raises(SsoRefused) as refusal:
                desk(kind, server).check(app(kind, **wrong))
            assert refusal.value.reason == "setup"
            assert "other" not in str(refusal.value)

    @pytest.mark.parametrize("mood", ["broken", "throttled", "nonsense", "list", "moved", "silent"])
    def test_no_answer_is_neither_yes_nor_no(self, kind, server, mood):
        server.codes.add("code-1")
        server.mood = mood
        with pytest.raises(SsoDown) as down:
            desk(kind, server, timeout_s=0.2).person(app(kind), code="code-1", redirect_uri=BACK)
        assert SECRET not in str(down.value)

    def test_nobody_there_is_no_answer(self, kind):
        with pytest.raises(SsoDown):
            OutsideSignOn({kind: "http://127.0.0.1:9"}, timeout_s=0.5).check(app(kind))

    def test_sends_the_browser_to_the_vendors_own_page_with_state_and_return_address(self, kind):
        for inside in (False, True):
            url = urlsplit(OutsideSignOn().address(app(kind), redirect_uri=BACK, state=STATE, inside=inside))
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            assert url.scheme == "https"
            assert (asked["state"], asked["redirect_uri"]) == (STATE, BACK)
            assert SECRET not in url.geturl()
            hosts = {"WECOM": "weixin.qq.com", "DINGTALK": "login.dingtalk.com", "FEISHU": "accounts.feishu.cn"}
            assert (url.hostname or "").endswith(hosts[kind])


@pytest.mark.parametrize(
    "base", ["https://evil.example", "http://qyapi.weixin.qq.com", "https://169.254.169.254", "http://10.0.0.1", "http://localhost:80",
             "https://api.dingtalk.com:8443", "https://api.dingtalk.com@evil.example", "file:///etc/passwd"]
)  # fmt: skip
def test_no_other_host_is_ever_asked(base):
    with pytest.raises(ValueError, match="not one of those"):
        wire.Line(base)


@pytest.mark.parametrize(("told", "known"), [("+8613800000001", "13800000001"), ("86-13800000001", "13800000001"), ("+85291234567", ""),
                                             ("138****0001", ""), ("", "")])  # fmt: skip
def test_only_whole_numbers_of_the_mainland_count(told, known):
    assert wire.mobile(told) == known


class TestWecom:
    @pytest.mark.parametrize(
        ("number", "reason"),
        [("40029", "code"), ("42003", "code"), ("41008", "code"), ("50001", "setup"), ("60020", "setup"), ("48002", "setup"),
         ("301002", "setup"), ("99999", "other")],
    )  # fmt: skip
    def test_documented_errors_have_a_meaning(self, number, reason):
        with outside("WECOM") as server:
            server.mood = number
            with pytest.raises(SsoRefused) as refusal:
                desk("WECOM", server).person(app("WECOM"), code="code-1", redirect_uri=BACK)
            assert (refusal.value.reason, refusal.value.trace) == (reason, f"wecom {number}")

    def test_busy_is_no_answer(self):
        with outside("WECOM") as server:
            server.mood = "-1"
            with pytest.raises(SsoDown):
                desk("WECOM", server).person(app("WECOM"), code="code-1", redirect_uri=BACK)

    def test_keeps_its_token_and_asks_anew_when_it_is_too_old(self):
        with outside("WECOM") as server:
            server.codes |= {"1", "2", "3"}
            one = desk("WECOM", server)
            one.person(app("WECOM"), code="1", redirect_uri=BACK)
            one.person(app("WECOM"), code="2", redirect_uri=BACK)
            assert server.asked.count("/cgi-bin/gettoken") == 1
            server.mood = "stale"
            one.person(app("WECOM"), code="3", redirect_uri=BACK)
            assert server.asked.count("/cgi-bin/gettoken") == 2

    def test_who_is_no_member_is_a_stranger(self):
        with outside("WECOM") as server:
            server.codes.add("1")
            server.mood = "stranger"
            with pytest.raises(SsoRefused) as refusal:
                desk("WECOM", server).person(app("WECOM"), code="1", redirect_uri=BACK)
            assert refusal.value.reason == "stranger"

    def test_without_the_right_to_the_mobile_the_person_is_still_named(self):
        with outside("WECOM") as server:
            server.codes.add("1")
            server.mood = "no right"
            person = desk("WECOM", server).person(app("WECOM"), code="1", redirect_uri=BACK)
            assert (person.subject, person.mobile) == ("ww-corp/zhangsan", "")

    def test_within_its_app_the_consent_page_is_asked_else_the_code_to_scan(self):
        one = OutsideSignOn()
        inside = one.address(app("WECOM"), redirect_uri=BACK, state=STATE, inside=True)
        assert inside.startswith("https://open.weixin.qq.com/connect/oauth2/authorize?")
        assert inside.endswith("#wechat_redirect")
        assert "scope=snsapi_privateinfo" in inside
        out = one.address(app("WECOM"), redirect_uri=BACK, state=STATE, inside=False)
        assert out.startswith("https://login.work.weixin.qq.com/wwlogin/sso/login?login_type=CorpApp&")


class TestDingtalk:
    @pytest.mark.parametrize(
        ("code", "reason"),
        [("invalidParameter.authCode.notFound", "code"), ("invalidClientIdOrSecret", "setup"), ("unknown", "other")],
    )
    def test_documented_errors_have_a_meaning(self, code, reason):
        with outside("DINGTALK") as server:
            server.mood = f"error:{code}"
            with pytest.raises(SsoRefused) as refusal:
                desk("DINGTALK", server).person(app("DINGTALK"), code="1", redirect_uri=BACK)
            assert refusal.value.reason == reason

    def test_throttling_is_no_answer(self):
        with outside("DINGTALK") as server:
            server.mood = "error:Throttling.User"
            with pytest.raises(SsoDown):
                desk("DINGTALK", server).person(app("DINGTALK"), code="1", redirect_uri=BACK)

    @pytest.mark.parametrize(("mood", "reason"), [("stranger", "stranger"), ("no right", "setup")])
    def test_people_of_another_enterprise_and_missing_rights_are_refused(self, mood, reason):
        with outside("DINGTALK") as server:
            server.codes.add("1")
            server.mood = mood
            with pytest.raises(SsoRefused) as refusal:
                desk("DINGTALK", server).person(app("DINGTALK"), code="1", redirect_uri=BACK)
            assert refusal.value.reason == reason

    def test_a_number_from_abroad_is_not_taken_for_one_of_ours(self):
        with outside("DINGTALK") as server:
            server.codes.add("1")
            server.mood = "abroad"
            assert desk("DINGTALK", server).person(app("DINGTALK"), code="1", redirect_uri=BACK).mobile == ""


class TestFeishu:
    @pytest.mark.parametrize(
        ("number", "reason"),
        [("20003", "code"), ("20004", "code"), ("20024", "code"), ("20065", "code"), ("20002", "setup"), ("20048", "setup"),
         ("20071", "setup"), ("20010", "stranger"), ("20008", "stranger"), ("29999", "other")],
    )  # fmt: skip
    def test_documented_errors_have_a_meaning(self, number, reason):
        with outside("FEISHU") as server:
            server.mood = number
            with pytest.raises(SsoRefused) as refusal:
                desk("FEISHU", server).person(app("FEISHU"), code="1", redirect_uri=BACK)
            assert refusal.value.reason == reason

    @pytest.mark.parametrize("number", ["20050", "20072"])
    def test_its_own_trouble_is_no_answer(self, number):
        with outside("FEISHU") as server:
            server.mood = number
            with pytest.raises(SsoDown):
                desk("FEISHU", server).person(app("FEISHU"), code="1", redirect_uri=BACK)

    def test_the_return_address_is_sent_again_and_must_be_the_same(self):
        with outside("FEISHU") as server:
            server.codes |= {"1"}
            server.back = BACK
            with pytest.raises(SsoRefused) as refusal:
                desk("FEISHU", server).person(app("FEISHU"), code="1", redirect_uri="https://evil.example/")
            assert refusal.value.reason == "setup"
            assert desk("FEISHU", server).person(app("FEISHU"), code="1", redirect_uri=BACK).subject == "zhangsan"


def test_spaces_of_the_scope_travel_as_the_document_writes_them():
    assert "scope=openid%20corpid" in OutsideSignOn().address(app("DINGTALK"), redirect_uri=BACK, state=STATE, inside=False)
