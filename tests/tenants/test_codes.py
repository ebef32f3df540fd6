"""One-time codes by text message."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from django.conf import settings

from infra.adapters.sms import outbox
from infra.kit.errors import DomainError
from tenants import codes, limits, valkey
from tenants.errors import TooMany, Unavailable
from tenants.ports import SMS
from tenants.scope import enterprise_scope, platform_scope

pytestmark = pytest.mark.req("S1")
MOBILE = "13800138000"


def send(mobile: str = MOBILE, purpose: str = "sign-in", ip: str = "10.0.0.1") -> str:
    codes.send(mobile, purpose=purpose, ip=ip)
    return outbox.messages()[0].code


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def pass_a_minute() -> None:
    """Forget what was spent; the window itself is the limiter's business."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    for key in client.keys("LIMITS*"):
        client.delete(key)


def test_opens_once_and_only_once(platform: None) -> None:
    code = send()
    codes.verify(MOBILE, code, purpose="sign-in")
    with pytest.raises(codes.WrongCode) as refused:
        codes.verify(MOBILE, code, purpose="sign-in")
    assert refused.value.code == "code_expired"


def test_takes_a_number_however_it_is_written(platform: None) -> None:
    code = send("+86 138-0013-8000")
    codes.verify("138 0013 8000", f" {code} ", purpose="sign-in")


def test_refuses_a_wrong_code_and_says_so(platform: None) -> None:
    code = send()
    with pytest.raises(codes.WrongCode) as refused:
        codes.verify(MOBILE, wrong(code), purpose="sign-in")
    assert refused.value.code == "code_wrong"
    codes.verify(MOBILE, code, purpose="sign-in")


def test_refuses_even_the_right_code_after_five_wrong_ones(platform: None) -> None:
    code = send()
    for _ in range(codes.MAX_TRIES):
        with pytest.raises(codes.WrongCode):
            codes.verify(MOBILE, wrong(code), purpose="sign-in")
    with pytest.raises(codes.WrongCode) as refused:
        codes.verify(MOBILE, code, purpose="sign-in")
    assert refused.value.code == "code_spent"


def test_refuses_an_expired_code(platform: None) -> None:
    code = send()
    key = valkey.client().keys("anxue:public:code:*")[0]
    assert 0 < valkey.client().ttl(key) <= codes.LIFE_S
    valkey.client().pexpire(key, 1)
    while valkey.client().exists(key):
        pass
    with pytest.raises(codes.WrongCode) as refused:
        codes.verify(MOBILE, code, purpose="sign-in")
    assert refused.value.code == "code_expired"


def test_a_newer_code_replaces_the_older(platform: None) -> None:
    old = send()
    pass_a_minute()
    new = send()
    if old != new:
        with pytest.raises(codes.WrongCode):
            codes.verify(MOBILE, old, purpose="sign-in")
    codes.verify(MOBILE, new, purpose="sign-in")


def test_serves_only_its_own_purpose(platform: None) -> None:
    code = send(purpose="sign-in")
    with pytest.raises(codes.WrongCode):
        codes.verify(MOBILE, code, purpose="sign-up")


@pytest.mark.req("R2.6")
def test_serves_only_its_own_enterprise(db: None, jia: object, yi: object) -> None:
    with enterprise_scope(jia):  # type: ignore[arg-type]
        code = send()
    with enterprise_scope(yi), pytest.raises(codes.WrongCode):  # type: ignore[arg-type]
        codes.verify(MOBILE, code, purpose="sign-in")
    with enterprise_scope(jia):  # type: ignore[arg-type]
        codes.verify(MOBILE, code, purpose="sign-in")


def test_one_code_lets_one_of_two_racers_in(database: None) -> None:
    with platform_scope():
        code = send()

    def race(_: int) -> bool:
        with platform_scope():
            try:
                codes.verify(MOBILE, code, purpose="sign-in")
            except codes.WrongCode:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(race, range(4))) == 1


def test_sends_one_a_minute_to_one_phone(platform: None) -> None:
    send()
    with pytest.raises(TooMany) as refused:
        send()
    assert 0 < refused.value.details["retry_after_s"] <= 60
    assert len(outbox.messages()) == 1


def test_sends_five_an_hour_to_one_phone(platform: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "PER_MOBILE", codes.PER_MOBILE[1:])
    for _ in range(5):
        send()
    with pytest.raises(TooMany):
        send()


def test_sends_thirty_an_hour_from_one_address(platform: None) -> None:
    for n in range(30):
        send(f"1390000{n:04d}")
    with pytest.raises(TooMany):
        send("13900009999")
    send("13900009998", ip="10.0.0.2")


def test_a_whole_workshop_may_ask_from_one_address_of_an_enterprise(db: None, jia: object) -> None:
    with enterprise_scope(jia):  # type: ignore[arg-type]
        sent = {send(f"1390000{n:04d}") and outbox.messages()[0].mobile for n in range(200)}
    assert len(sent) == 200


def test_who_uses_up_an_address_is_told_to_take_another_one(platform: None) -> None:
    for n in range(30):
        send(f"1390000{n:04d}")
    with pytest.raises(TooMany) as refused:
        send("13900009999")
    assert refused.value.code == "too_many_here"
    assert "手机流量" in str(refused.value.message)
    assert "分钟" in str(refused.value.message)


def test_pressing_again_costs_the_others_behind_the_address_nothing(platform: None) -> None:
    send()
    for _ in range(40):
        with pytest.raises(codes.JustSent):
            send()
    send("13900009999")


def test_an_address_that_has_used_up_its_own_shuts_nobodys_phone(platform: None) -> None:
    for n in range(30):
        send(f"1390000{n:04d}")
    with pytest.raises(TooMany):
        send()
    send(ip="10.0.0.2")


def test_who_goes_from_one_enterprise_to_the_next_meets_a_limit(
    db: None, jia: object, yi: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "PER_ADDRESS", "3/hour")
    for n, site in enumerate((jia, yi, jia)):
        with enterprise_scope(site):  # type: ignore[arg-type]
            send(f"1390000{n:04d}")
    with enterprise_scope(yi):  # type: ignore[arg-type]
        with pytest.raises(TooMany) as refused:
            send()
        send(ip="10.0.0.2")
    assert refused.value.code == "too_many_here"


def test_who_has_used_up_the_hour_is_told_that_the_code_before_still_opens(
    platform: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "PER_MOBILE", codes.PER_MOBILE[1:])
    sent = [send() for _ in range(5)]
    with pytest.raises(codes.StillOpen) as refused:
        send()
    assert not isinstance(refused.value, codes.JustSent)
    assert refused.value.details["retry_after_s"] > 60
    assert "分钟后再试" in str(refused.value.message)
    assert "已收到的验证码还有效" in str(refused.value.message)
    codes.verify(MOBILE, sent[-1], purpose="sign-in")


def test_the_hour_refuses_before_the_minute_is_counted(platform: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the second press would say: in a minute."""
    monkeypatch.setattr(codes, "PER_MOBILE", codes.PER_MOBILE[1:])
    codes.verify(MOBILE, [send() for _ in range(5)][-1], purpose="sign-in")
    monkeypatch.undo()
    for _ in range(2):
        with pytest.raises(TooMany) as refused:
            send()
        assert refused.value.details["retry_after_s"] > 60


def test_an_address_that_is_full_leaves_the_code_that_came(platform: None) -> None:
    code = send()
    for n in range(29):
        send(f"1390000{n:04d}")
    with pytest.raises(codes.StillOpen) as refused:
        send()
    assert "手机流量" in str(refused.value.message)
    assert "已收到的验证码还有效" in str(refused.value.message)
    codes.verify(MOBILE, code, purpose="sign-in")


class Down(outbox.OutboxSms):
    """A vendor that takes no message."""

    def send_code(self, *, mobile: str, code: str, purpose: str) -> None:
        raise Unavailable


def test_a_code_that_never_left_is_not_said_to_be_open(platform: None) -> None:
    vendor = SMS.get()
    SMS.plug(Down())
    try:
        with pytest.raises(Unavailable):
            send()
    finally:
        SMS.plug(vendor)
    with pytest.raises(TooMany) as refused:
        send()
    assert refused.value.code == "too_many"
    assert valkey.client().keys("anxue:public:code:*") == []


def test_a_code_that_was_tried_too_often_is_not_said_to_be_open(platform: None) -> None:
    code = send()
    for _ in range(codes.MAX_TRIES):
        with pytest.raises(codes.WrongCode):
            codes.verify(MOBILE, wrong(code), purpose="sign-in")
    with pytest.raises(TooMany) as refused:
        send()
    assert refused.value.code == "too_many"


def test_a_used_code_is_not_said_to_be_open(platform: None) -> None:
    codes.verify(MOBILE, send(), purpose="sign-in")
    with pytest.raises(TooMany) as refused:
        send()
    assert refused.value.code == "too_many"


@pytest.mark.parametrize("mobile", ["", "1380013800", "23800138000", "138001380000", "1380013800a", "१३८००१३८०००"])
def test_refuses_what_is_not_a_mobile(platform: None, mobile: str) -> None:
    with pytest.raises(DomainError) as refused:
        codes.send(mobile, purpose="sign-in", ip="10.0.0.1")
    assert refused.value.code == "mobile_invalid"
    assert outbox.messages() == []


@pytest.mark.req("R5.1")
def test_keeps_neither_the_number_nor_the_code_in_its_keys(platform: None) -> None:
    code = send()
    client = valkey.client()
    kept = [key for key in client.keys("*") if b"outbox" not in key]
    assert kept
    for key in kept:
        assert MOBILE.encode() not in key
    for key in client.keys("anxue:public:code:*"):
        assert code.encode() not in client.hget(key, "hash")


def test_without_valkey_nothing_is_sent_or_accepted(platform: None, settings: object) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"  # type: ignore[attr-defined]
    valkey.client.cache_clear()
    limits._limiter.cache_clear()
    try:
        with pytest.raises(Unavailable):
            codes.send(MOBILE, purpose="sign-in", ip="10.0.0.1")
        with pytest.raises(Unavailable):
            codes.verify(MOBILE, "123456", purpose="sign-in")
    finally:
        valkey.client.cache_clear()
        limits._limiter.cache_clear()
