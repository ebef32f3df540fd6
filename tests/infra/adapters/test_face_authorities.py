"""All plugs of `AUTHORITY`: they answer same, different or unsure, and nothing else ever counts as an answer."""

import hashlib

import pytest

from apps.people.ports import AuthorityDown, Claim
from infra.adapters.face import authority_of
from tests.infra.adapters.vendors import KEY, vendor

CLAIM = Claim("学员甲·一", "330106199003070014")
IMAGE = bytes(range(256)) * 40
URLS = {
    "aliyun": "aliyun://{key}:secret%2Fwith%2Bsigns@127.0.0.1:{port}?scene=1000000006&scheme=http",
    "tencent": "tencent://{key}:secret%2Fwith%2Bsigns@127.0.0.1:{port}?scheme=http",
}


@pytest.mark.parametrize("kind", URLS)
class TestEveryVendor:
    @pytest.fixture
    def at(self, kind):
        with vendor(kind) as state:
            yield state

    def plug(self, kind, at, **changes):
        values = {"key": KEY, "port": at.port, **changes}
        return authority_of(URLS[kind].format(**values), timeout_s=0.3)

    @pytest.mark.parametrize("answer", ["same", "different", "unsure"])
    def test_tells_what_the_vendor_answered_to_a_signed_question(self, kind, at, answer):
        at.mood = answer
        found = self.plug(kind, at).confirm(CLAIM, IMAGE)
        assert (found.answer, found.is_same, found.trace) == (answer, answer == "same", "r-1")
        (asked,) = at.asked
        assert (asked["name"], asked["id"]) == (CLAIM.name, CLAIM.id_number)
        assert asked["image"] == hashlib.sha256(IMAGE).hexdigest()
        assert at.unsigned == 0

    @pytest.mark.parametrize("mood", ["down", "throttled", "broken", "silent", "nonsense", "refused"])
    def test_no_answer_is_never_a_yes_and_tells_nobody_who_was_asked_about(self, kind, at, mood):
        at.mood = mood
        with pytest.raises(AuthorityDown) as trouble:
            self.plug(kind, at).confirm(CLAIM, IMAGE)
        assert CLAIM.name not in str(trouble.value)
        assert CLAIM.id_number not in str(trouble.value)

    def test_a_wrong_key_is_no_answer(self, kind, at):
        with pytest.raises(AuthorityDown):
            self.plug(kind, at, key="somebody").confirm(CLAIM, IMAGE)
        assert (at.unsigned, at.asked) == (1, [])

    def test_a_vendor_that_is_not_there_is_no_answer(self, kind, at):
        with pytest.raises(AuthorityDown):
            self.plug(kind, at, port=1).confirm(CLAIM, IMAGE)


def test_without_a_vendor_nobody_is_asked():
    assert authority_of("").confirm(CLAIM, IMAGE) is None


@pytest.mark.parametrize("url", ["aliyun://host", "aliyun://k:s@host", "baidu://k:s@host", "tencent://k@host"])
def test_a_setting_that_is_incomplete_or_names_nobody_stops_the_start(url):
    with pytest.raises(ValueError, match="FACE_AUTHORITY_URL"):
        authority_of(url)
