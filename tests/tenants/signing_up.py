"""What a safety manager types when signing up, and the two steps in between."""

from __future__ import annotations

import secrets
from typing import Any

from django.test import Client

from infra.adapters.sms import outbox
from tenants import onboarding

HOST = "anxue.localhost:8000"
USCC = "91330100MA2TEPT14F"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def fresh_uscc() -> str:
    """A credit code with a right check character that nobody has (GB 32100)."""
    body = "9133010" + "0MA2" + "".join(secrets.choice(_ALPHABET) for _ in range(6))
    total = sum(_ALPHABET.index(c) * pow(3, n, 31) for n, c in enumerate(body))
    return body + _ALPHABET[(31 - total % 31) % 31]


def fresh_mobile() -> str:
    return f"139{secrets.randbelow(10**8):08d}"


def answers(**changes: Any) -> dict[str, Any]:
    """A form that is right in every field."""
    return {
        "mobile": "138 0013 8000",
        "name": "安全员",
        "password": "Sao-chu-ying-1",
        "company": "杭州试验机械有限公司",
        "uscc": USCC,
        "industry_code": "C",
        "hazard": "GENERAL",
        "city": "330100",
        "division_code": "330106",
        "subdomain": "shiyan",
        "agree": "on",
    } | changes


def code_for(mobile: str, *, ip: str = "10.1.1.1") -> str:
    """Have a code sent and read it in the outbox."""
    onboarding.send_code(mobile=mobile, ip=ip)
    return outbox.messages()[0].code


def typed(**changes: Any) -> onboarding.SignUp:
    """What the service gets, with a proven phone."""
    form = answers(**changes)
    proof = changes.get("proof")
    if proof is None:
        proof = onboarding.prove_phone(mobile=form["mobile"], code=code_for(form["mobile"]))
    names = ("mobile", "name", "password", "company", "uscc", "industry_code", "hazard", "division_code", "subdomain")
    return onboarding.SignUp(proof=proof, **{name: form[name] for name in names})


def client(ip: str = "10.1.1.1") -> Client:
    return Client(HTTP_HOST=HOST, REMOTE_ADDR=ip)
