"""A real mail server beside a test, and an operator who has proved an address to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.infra.adapters.postbox import Postbox, postbox

MAIL = "yunying@example.com"


@pytest.fixture
def post(settings: Any) -> Iterator[Postbox]:
    """A mail server of this test, and settings that name it."""
    with postbox() as box:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        settings.EMAIL_TIMEOUT, settings.MAIL_READY = 2, True
        yield box


def proven(browser: Any, box: Postbox, mail: str = MAIL) -> None:
    """Walk through both forms, with the code out of the mail that really came."""
    assert browser.post("/desk/security/mail", {"mail": mail}).status_code == 302
    (code,) = re.findall(r"验证码是 (\d{6})", box.kept[-1].message.get_content())
    assert browser.post("/desk/security/mail/confirm", {"code": code}).status_code == 302
