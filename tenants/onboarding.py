"""A company signs up alone: who asks (a proven phone), what it says of itself, and one transaction that opens it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit import identity
from infra.kit.errors import DomainError
from tenants import codes, divisions, keys, limits, sites, subdomains
from tenants.models import Enterprise
from tenants.opening import Application, open_enterprise
from tenants.ports import FIRST_MANAGER
from tenants.scope import enterprise_scope, platform_scope

PURPOSE = "sign-up"
PROOF_LIFE_S = 1800
"""How long a proven phone may go on correcting the form before it needs a new code."""
OPENINGS_PER_MOBILE, TRIES_PER_IP = "5/day", "30/hour"
_COMPANY_NAME = (4, 100)
_SALT = "tenants.onboarding.proof"


@dataclass(frozen=True, slots=True)
class SignUp:
    """What the person typed. ``proof`` comes from :func:`prove_phone`."""

    mobile: str
    proof: str
    name: str
    password: str
    company: str
    uscc: str
    industry_code: str
    hazard: str
    division_code: str
    subdomain: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The new enterprise and the token with which its first manager enters (``/enter?token=…``)."""

    site: sites.Site
    entry_token: str


def send_code(*, mobile: str, ip: str) -> None:
    """Send the code that proves the phone; says the same whether or not the phone is known to us.

    :raises DomainError: see :func:`tenants.codes.send`
    """
    with platform_scope():
        codes.send(mobile, purpose=PURPOSE, ip=ip)


def prove_phone(*, mobile: str, code: str) -> str:
    """Use the code up and return a proof, so that a mistake further down the form does not cost a second message.

    :raises WrongCode: wrong, expired or tried too often
    """
    with platform_scope():
        codes.verify(mobile, code, purpose=PURPOSE)
    return signing.dumps(_index(mobile), salt=_SALT)


def is_proven(*, mobile: str, proof: str) -> bool:
    """Say whether ``proof`` is ours, fresh and for this mobile."""
    try:
        return bool(signing.loads(proof, salt=_SALT, max_age=PROOF_LIFE_S) == _index(mobile))
    except signing.BadSignature:
        return False


def sign_up(*, form: SignUp, at: datetime, ip: str) -> Opened:
    """Open the enterprise with its first manager, all or nothing.

    Order matters: shapes first, then the phone, and only then whether the company is known, so that a stranger
    without a phone learns nothing about who our customers are.

    :raises DomainError: with ``field`` in its details where one field is to blame: ``company_invalid``, ``uscc_invalid``,
        ``industry_invalid``, ``hazard_invalid``, ``division_invalid``, ``name_invalid``, ``password_weak``, ``phone_unproven``,
        ``uscc_taken``, ``subdomain_…``, ``pool_empty``, ``too_many``
    """
    limits.spend(TRIES_PER_IP, "sign-up-ip", ip)
    application = _application(form)
    name = check_name(form.name)
    check_password(form.password)
    mobile = check_mobile(form.mobile)
    if not is_proven(mobile=mobile, proof=form.proof):
        raise DomainError("phone_unproven", _("请先获取并填写短信验证码。"), field="code")
    limits.spend(OPENINGS_PER_MOBILE, "sign-up", _index(mobile))
    with platform_scope(), transaction.atomic():
        site = open_enterprise(application, at=at)
        with enterprise_scope(site):
            token = FIRST_MANAGER.get().open_owner(name=name, mobile=mobile, password=form.password, at=at)
        transaction.on_commit(sites.announce_change)
    return Opened(site, token)


def _application(form: SignUp) -> Application:
    if not divisions.is_industry(form.industry_code):
        raise DomainError("industry_invalid", _("请选择所属行业。"), field="industry_code")
    if form.hazard not in Enterprise.Hazard.values:
        raise DomainError("hazard_invalid", _("请选择企业类别。"), field="hazard")
    if divisions.county(form.division_code) is None:
        raise DomainError("division_invalid", _("请选择企业所在的县（市、区）。"), field="division_code")
    company, uscc = check_company(form.company), check_uscc(form.uscc)
    subdomain = subdomains.normalise(form.subdomain)
    return Application(company, uscc, subdomain, form.industry_code, form.hazard, form.division_code)


def check_company(value: str) -> str:
    """Return the company's name with single spaces.

    :raises DomainError: ``company_invalid``
    """
    name = " ".join(value.split())
    low, high = _COMPANY_NAME
    if not low <= len(name) <= high or any(mark in name for mark in "<>{}\\") or not name.isprintable():
        raise DomainError("company_invalid", _("请填写营业执照上的企业全称，4–100 个字。"), field="company")
    return name


def check_uscc(value: str) -> str:
    """Return the normalised credit code.

    :raises DomainError: ``uscc_invalid``
    """
    uscc = identity.normalise_uscc(value)
    if not identity.is_uscc(uscc):
        raise DomainError(
            "uscc_invalid", _("统一社会信用代码不正确，请对照营业执照核对 18 位代码（没有字母 I、O、S、V、Z）。"), field="uscc"
        )
    return uscc


def check_name(value: str) -> str:
    """Return the person's name.

    :raises DomainError: ``name_invalid``
    """
    name = identity.normalise_name(value)
    if not identity.is_person_name(name):
        raise DomainError("name_invalid", _("请填写真实姓名，2–50 个字。"), field="name")
    return name


def check_mobile(value: str) -> str:
    """Return the 11 digits.

    :raises DomainError: ``mobile_invalid``
    """
    mobile = identity.normalise_mobile(value)
    if not identity.is_mobile(mobile):
        raise DomainError("mobile_invalid", _("请输入 11 位手机号码，例如 138 0013 8000。"), field="mobile")
    return mobile


def check_password(value: str) -> str:
    """Return a password that is long enough and not a common one.

    :raises DomainError: ``password_weak``
    """
    try:
        validate_password(value)
    except ValidationError as error:
        raise DomainError("password_weak", " ".join(error.messages), field="password") from error
    return value


def _index(mobile: str) -> str:
    return keys.index(identity.normalise_mobile(mobile), purpose="mobile")
