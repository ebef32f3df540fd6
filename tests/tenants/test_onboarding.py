"""A company signs up alone: the service below the form."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection

from billing.models import Subscription
from infra.kit import clock, identity
from infra.kit.errors import DomainError
from tenants import divisions, onboarding
from tenants.errors import TooMany
from tenants.models import Enterprise, PooledSchema
from tenants.ports import FIRST_MANAGER
from tenants.scope import current, enterprise_scope, platform_scope
from tests.tenants.signing_up import USCC, code_for, fresh_uscc, typed

pytestmark = pytest.mark.req("S1")
IP = "10.1.1.1"


def sign_up(**changes: object) -> onboarding.Opened:
    return onboarding.sign_up(form=typed(**changes), at=clock.now(), ip=IP)


def refusal(**changes: object) -> DomainError:
    before = count()
    with pytest.raises(DomainError) as error:
        sign_up(**changes)
    assert count() == before, "a refusal changes nothing"
    return error.value


def count() -> tuple[int, int]:
    with platform_scope():
        return Enterprise.objects.count(), PooledSchema.objects.count()


def test_opens_a_workspace_with_its_first_manager(db: None, database: None) -> None:
    opened = sign_up()
    assert opened.site.subdomain == "shiyan"
    assert opened.entry_token
    with enterprise_scope(opened.site), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), name FROM accounts_credential")
        assert cursor.fetchall() == [(opened.site.schema_name, "安全员")]


def test_the_trial_lasts_thirty_days(db: None, database: None) -> None:
    at = clock.now()
    opened = onboarding.sign_up(form=typed(), at=at, ip=IP)
    with platform_scope():
        row = Subscription.objects.get(enterprise_id=opened.site.id)
    assert (row.plan, row.ends_at - row.started_at) == ("TRIAL", timedelta(days=30))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("uscc", "91330100MA2TEPT14G", "uscc_invalid"),
        ("uscc", "9133010009999999XX", "uscc_invalid"),
        ("uscc", "", "uscc_invalid"),
        ("industry_code", "Z", "industry_invalid"),
        ("hazard", "SOME", "hazard_invalid"),
        ("division_code", "330100", "division_invalid"),
        ("division_code", "999999", "division_invalid"),
        ("company", "甲", "company_invalid"),
        ("company", "<b>杭州机械</b>", "company_invalid"),
        ("company", "杭州\u202e机械公司", "company_invalid"),
        ("name", "1", "name_invalid"),
        ("password", "12345678", "password_weak"),
        ("password", "短", "password_weak"),
        ("mobile", "12345", "mobile_invalid"),
        ("subdomain", "admin", "subdomain_reserved"),
        ("subdomain", "аррlе", "subdomain_shape"),
    ],
)
def test_refuses_a_wrong_field_and_changes_nothing(db: None, database: None, field: str, value: str, code: str) -> None:
    proof = onboarding.prove_phone(mobile="13800138000", code=code_for("13800138000"))
    error = refusal(**{field: value, "proof": proof})
    assert error.code == code


@pytest.mark.parametrize("subdomain", ["jia", "j1a", "ji-a"])
def test_refuses_a_taken_subdomain_and_suggests(db: None, jia: object, subdomain: str) -> None:
    error = refusal(subdomain=subdomain)
    assert error.code == "subdomain_taken"
    assert error.details["suggestions"]


def test_refuses_a_company_that_is_signed_up_and_says_what_to_do(db: None, jia: object) -> None:
    error = refusal(uscc="91330106MA2BKXT393")
    assert (error.code, error.status) == ("uscc_taken", 409)
    assert "管理员" in str(error.message)


def test_tells_a_stranger_without_a_phone_nothing_about_customers(db: None, jia: object) -> None:
    known, unknown = (refusal(uscc=uscc, proof="made-up") for uscc in ("91330106MA2BKXT393", USCC))
    assert known.code == unknown.code == "phone_unproven"


def test_a_proof_is_good_only_for_its_phone_and_half_an_hour(db: None, database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    proof = onboarding.prove_phone(mobile="13800138000", code=code_for("13800138000"))
    assert onboarding.is_proven(mobile="+86 138 0013 8000", proof=proof)
    assert not onboarding.is_proven(mobile="13800138001", proof=proof)
    assert not onboarding.is_proven(mobile="13800138000", proof=proof[:-1])
    monkeypatch.setattr(onboarding, "PROOF_LIFE_S", -1)
    assert not onboarding.is_proven(mobile="13800138000", proof=proof)


def test_an_empty_pool_is_503_and_nothing_is_written(db: None, database: None) -> None:
    with platform_scope():
        PooledSchema.objects.all().delete()
    error = refusal()
    assert (error.code, error.status) == ("pool_empty", 503)
    with platform_scope():
        assert not Enterprise.objects.filter(uscc=USCC).exists()


class NoManager:
    """A plug whose room cannot write: it has already stood in the new schema."""

    def open_owner(self, *, name: str, mobile: str, password: str, at: datetime) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM accounts_credential")
        raise DomainError("mobile_invalid", "不能写入", field="mobile")


@pytest.fixture
def no_manager() -> Iterator[None]:
    former = FIRST_MANAGER.get()
    FIRST_MANAGER.plug(NoManager())
    yield
    FIRST_MANAGER.plug(former)


def test_without_its_manager_no_enterprise_remains(db: None, database: None, no_manager: None) -> None:
    assert refusal().details == {"field": "mobile"}
    with platform_scope():
        assert not Enterprise.objects.filter(uscc=USCC).exists()
        assert not Subscription.objects.filter(enterprise__uscc=USCC).exists()
    assert current() is None, "standing nowhere again"


def test_one_phone_opens_five_a_day(db: None, database: None) -> None:
    proof = onboarding.prove_phone(mobile="13800138000", code=code_for("13800138000"))
    for n in range(5):
        refusal(proof=proof, uscc=USCC, subdomain="admin" if n else "www")
    with pytest.raises(TooMany):
        sign_up(proof=proof)


def test_one_address_tries_thirty_an_hour(db: None, database: None) -> None:
    for _ in range(30):
        with pytest.raises(DomainError):
            sign_up(proof="none", uscc="wrong")
    with pytest.raises(TooMany):
        sign_up(proof="none", uscc="wrong")


def test_made_codes_have_a_right_check_character() -> None:
    assert all(identity.is_uscc(fresh_uscc()) for _ in range(50))


def test_knows_the_eleven_cities_and_ninety_counties() -> None:
    assert len(divisions.CITIES) == 11
    assert sum(len(counties) for counties in divisions.COUNTIES.values()) == 90
    names = {
        "330106": "杭州市西湖区",
        "330113": "杭州市临平区",
        "330122": "杭州市桐庐县",
        "330383": "温州市龙港市",
        "331127": "丽水市景宁畲族自治县",
        "3302": "宁波市",
        "33": "浙江省",
        "990101": "990101",
    }
    assert {code: divisions.full_name(code) for code in names} == names


@pytest.mark.parametrize(
    ("code", "known"), [("C", True), ("C34", True), ("C3411", True), ("U", False), ("C3", False), ("", False), ("34", False)]
)
def test_knows_industry_codes(code: str, known: bool) -> None:
    assert divisions.is_industry(code) is known
