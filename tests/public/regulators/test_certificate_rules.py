"""The desk writes rules of certificates for days to come; what has begun stays."""

from datetime import timedelta

import pytest
from django.test import Client

from infra.kit import clock
from public.regulators import api as regulators
from public.regulators.models import CertificateRule
from tests.public.desk import desk

URL = "/desk/certificate-rules"


@pytest.fixture
def browser(platform: None) -> Client:
    return desk("OPERATIONS")


def said(days: int, **changes: object) -> dict[str, object]:
    begins = clock.shanghai_date(clock.now()) + timedelta(days=days)
    base = {"requirement": "FZ", "stage": "", "title": "新证明", "design": "worker", "months": "36", "basis": "新规"}
    return base | {"valid_from": begins.isoformat()} | changes


def months(days: int) -> int | None:
    on = clock.shanghai_date(clock.now()) + timedelta(days=days)
    return regulators.rule_for(requirement="FZ-GEN", stage="INITIAL", on=on).months


def test_a_rule_to_come_counts_from_its_day_and_may_be_written_anew(browser: Client) -> None:
    assert browser.post(URL, said(10)).status_code == 302
    assert (months(9), months(10)) == (12, 36)
    assert browser.post(URL, said(10, months="")).status_code == 302
    assert months(10) is None
    html = browser.get(URL).content.decode()
    for words in ("将生效", "生效中", "新证明", "主要负责人安全培训证明", "12 个月"):
        assert words in html


@pytest.mark.parametrize("days", [0, -30])
def test_nothing_is_written_for_days_that_have_begun(browser: Client, days: int) -> None:
    before = CertificateRule.objects.count()
    answer = browser.post(URL, said(days))
    assert answer.status_code == 422
    assert "不能倒签" in answer.content.decode()
    assert (CertificateRule.objects.count(), months(0)) == (before, 12)


def test_a_code_in_small_letters_is_the_same_code(browser: Client) -> None:
    assert browser.post(URL, said(10, requirement=" fz ")).status_code == 302
    assert months(10) == 36


@pytest.mark.parametrize(
    "changes", [{"title": ""}, {"design": "pink"}, {"months": "-1"}, {"valid_from": "soon"}, {"requirement": "负责人"}]
)
def test_what_is_wrong_is_shown_again(browser: Client, changes: dict[str, object]) -> None:
    before = CertificateRule.objects.count()
    assert browser.post(URL, said(10, **changes)).status_code == 422
    assert CertificateRule.objects.count() == before
