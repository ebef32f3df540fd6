"""Which subdomains may be taken."""

import pytest

from tenants import subdomains
from tenants.subdomains import BadSubdomain

pytestmark = pytest.mark.req("S1")


def refused(value: str) -> BadSubdomain:
    with pytest.raises(BadSubdomain) as error:
        subdomains.check(value)
    return error.value


@pytest.mark.parametrize(
    ("typed", "kept"), [("hangji", "hangji"), (" HangJi-2 ", "hangji-2"), ("ｈａｎｇｊｉ", "hangji"), ("a1c", "a1c")]
)
def test_takes_a_free_name_in_lower_case(platform: None, typed: str, kept: str) -> None:
    assert subdomains.check(typed) == kept


@pytest.mark.parametrize(
    "value", ["", "a", "ab", "1abc", "-abc", "abc-", "a--b", "xn--fiq228c", "a_b", "a.b", "杭机", "a" * 41, "a b", "hangji\n2", "аррlе", "a\u200bbc"]
)  # fmt: skip
def test_refuses_a_wrong_shape_and_suggests(platform: None, value: str) -> None:
    error = refused(value)
    assert error.code == "subdomain_shape"
    for name in error.details["suggestions"]:
        assert subdomains.check(name) == name


@pytest.mark.parametrize(
    "value", ["admin", "www", "api", "ADMIN", "adm1n", "ad-min", "vvww", "anxue", "anxue-help", "anxve".replace("v", "u")]
)
def test_keeps_reserved_names_and_what_looks_like_them(platform: None, value: str) -> None:
    assert refused(value).code == "subdomain_reserved"


@pytest.mark.parametrize("value", ["jia", "j1a", "jla", "ji-a", "JIA", "yl-neighbour", "yi-nelghbour", "yi-ne1ghb0ur"])
def test_refuses_a_taken_name_and_its_look_alikes(platform: None, jia: object, yi: object, value: str) -> None:
    error = refused(value)
    assert error.code == "subdomain_taken"
    assert error.details["suggestions"]


def test_sees_rn_as_m_and_vv_as_w() -> None:
    assert subdomains.skeleton("rnachine") == subdomains.skeleton("machine")
    assert subdomains.skeleton("vvenzhou") == subdomains.skeleton("wenzhou")
