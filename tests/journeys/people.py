"""Made-up people and companies of journeys, new in each run."""

import base64
import secrets
from io import BytesIO
from typing import Any

import xlsxwriter

from public.questions import seed

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def mobile() -> str:
    """Return a number nobody has."""
    return f"139{secrets.randbelow(10**8):08d}"


def uscc() -> str:
    """Return a credit code with a right check character (GB 32100)."""
    body = "91330100MA2" + "".join(secrets.choice(_USCC) for _ in range(6))
    return body + _USCC[(31 - sum(_USCC.index(c) * pow(3, i, 31) for i, c in enumerate(body)) % 31) % 31]


def resident_id() -> str:
    """Return an ID of Xihu district with a right check digit (GB 11643)."""
    body = f"330106{1970 + secrets.randbelow(30)}0{secrets.randbelow(9) + 1}1{secrets.randbelow(9)}{secrets.randbelow(1000):03d}"
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, _WEIGHTS, strict=True)) % 11]


def roster(rows: list[tuple[str, str, str]]) -> bytes:
    """Return an Excel list of (name, ID, mobile), columns in an order of its own."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["手机号", "姓名", "身份证号", "部门"])
        for number, (name, identity, phone) in enumerate(rows, 1):
            sheet.write_row(number, 0, [phone, name, identity, "一车间"])
    return out.getvalue()


def answers(stem: str) -> list[str]:
    """Return the texts of the right options of a seed question; white space does not count."""
    found = next(question for question in seed.questions() if plain(question["stem"]) == plain(stem))
    return [plain(option["text"]) for option in found["options"] if option["key"] in found["answer"]]


def plain(text: str) -> str:
    """Return the text without any white space."""
    return "".join(text.split())


def published_keys(document: dict[str, Any]) -> dict[str, bytes]:
    """Return key id to raw 32-byte public key of the published key document."""
    return {key["key_id"]: base64.b64decode(key["public_key"]) for key in document["keys"]}
