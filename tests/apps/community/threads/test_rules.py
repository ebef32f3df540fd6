"""Pure rules: what looks like personal data, what is kept of a text, and what becomes of a picture."""

import io
import zlib
from datetime import timedelta

import pytest
from PIL import Image

from apps.community.threads import pictures, rules
from infra.kit.errors import DomainError
from tests.apps.community.threads import ground
from tests.apps.plans.ground import resident_id
from tests.conftest import NOON


@pytest.mark.parametrize(
    ("text", "what", "shown"),
    [
        ("打我电话13800001234谢谢", "手机号", "138****1234"),
        ("１３８ ００００ １２３４", "手机号", "138****1234"),
        ("+86 138-0000-1234", "手机号", "138****1234"),
        (f"证号{resident_id(1)}。", "身份证号", "3301************"),
        ("卡号6222 0000 1111 2222 333", "银行卡号", "6222*************"),
        ("发到 someone@example.com", "邮箱", "s***"),
    ],
)
def test_sees_numbers_of_persons_and_shows_them_masked(text, what, shown):
    ((found, masked),) = rules.personal_data(text)
    assert found == what
    assert masked.startswith(shown[:6])
    assert "0000" not in masked[2:]


@pytest.mark.parametrize(
    "text",
    [
        "GB 50140-2005 第6.1.1条每处不少于2具",
        "2024年11月28日10时30分",
        "额定电压380V，功率15000W，编号12345678",
        "灭火器 4kg 共 100000 元",
        "安全生产法第二十八条",
    ],
)
def test_takes_no_figures_of_work_for_persons(text):
    assert rules.personal_data(text) == []


def test_keeps_words_without_invisible_marks():
    assert rules.plain("  灭\u200b火器\r\n\r\n\r\n\r\n检查\x00 ") == "灭火器\n\n检查"


def test_words_may_be_changed_for_some_minutes():
    assert rules.may_edit(at=NOON + timedelta(minutes=29), said_at=NOON, minutes=30)
    assert not rules.may_edit(at=NOON + timedelta(minutes=30), said_at=NOON, minutes=30)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_drawn_anew_without_place_and_device(kind):
    made = pictures.drawn_anew(ground.picture(kind, (3200, 1000)))
    with Image.open(io.BytesIO(made)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (1600, 500), {})
    assert b"Phone-X" not in made


def _bomb() -> bytes:
    """A PNG whose header claims 40,000 x 40,000 points."""
    head = b"IHDR" + (40_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    chunk = len(head[4:]).to_bytes(4, "big") + head + zlib.crc32(head).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + chunk


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "picture_unfit"),
        (b"%PDF-1.7", "picture_unfit"),
        (b"", "picture_unfit"),
        (ground.picture("PNG")[:60], "picture_unfit"),
        (_bomb(), "picture_unfit"),
        (b"\xff\xd8" + b"0" * pictures.MOST_BYTES, "picture_too_large"),
    ],
)
def test_refuses_what_is_no_picture_or_too_large(data, code):
    with pytest.raises(DomainError) as refusal:
        pictures.drawn_anew(data)
    assert refusal.value.code == code
