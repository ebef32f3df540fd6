"""Operations keep the public texts."""

import pytest
from django.test import Client

from public.audit.models import AuditEvent
from public.site.models import SiteFact
from tests.public.desk import HOST, desk


@pytest.mark.req("R6.1.5")
def test_what_operations_write_is_public_at_once(platform: None) -> None:
    browser = desk("OPERATIONS")
    assert browser.post("/desk/facts", {"complaint_phone_zh": "0571-00000000"}).status_code == 302
    assert "0571-00000000" in Client(HTTP_HOST=HOST).get("/supervision").content.decode()
    assert AuditEvent.objects.filter(action="site.facts_saved").count() == 1
    assert 'value="0571-00000000"' in browser.get("/desk/facts").content.decode()


def test_refuses_a_text_that_is_too_long_and_keeps_the_former(platform: None) -> None:
    browser = desk("OPERATIONS")
    browser.post("/desk/facts", {"operator_name_zh": "某某公司"})
    assert browser.post("/desk/facts", {"operator_name_zh": "长" * 201}).status_code == 422
    assert SiteFact.objects.get(key="operator_name").text_zh == "某某公司"


def test_markup_stays_text(platform: None) -> None:
    browser = desk("OPERATIONS")
    browser.post("/desk/facts", {"complaint_rules_zh": "<script>alert(1)</script>"})
    assert "<script>alert" not in Client(HTTP_HOST=HOST).get("/supervision").content.decode()


def test_a_mail_address_is_one_and_what_stands_there_meanwhile_shines_through(platform: None) -> None:
    browser = desk("OPERATIONS")
    refused = browser.post("/desk/facts", {"complaint_email_zh": "tousu.example.cn", "operator_name_zh": "某某公司"})
    assert (refused.status_code, 'value="某某公司"' in refused.content.decode()) == (422, True)
    assert not SiteFact.objects.exists()
    assert 'placeholder="12350"' in browser.get("/desk/facts").content.decode()
