"""Versions of what people are told: they hold from a day on, only grow, and no enterprise writes them."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.utils import translation

from infra.kit.errors import DomainError
from public.operators import api as operators
from public.privacy import api as privacy
from public.privacy import services
from public.privacy.models import NoticeVersion, PrivacyRule
from tenants.scope import enterprise_scope
from tests.conftest import NOON
from tests.public.desk import desk

ME = operators.Me(7, "运营甲", "OPERATIONS")
TODAY = date(2026, 11, 23)
SAID = {
    "kind": "PRIVACY",
    "version": "2026-12",
    "valid_from": TODAY + timedelta(days=8),
    "text": "谁在处理：您的企业。\n为什么处理：依法培训。",
    "text_en": "Who: your enterprise.\nWhy: training by law.",
    "changes": "写明了保存期限。",
    "changes_en": "Says how long data are kept.",
}


def publish(**changes: object) -> NoticeVersion:
    return services.publish(**{**SAID, **changes}, me=ME, at=NOON, ip="10.0.0.1")  # type: ignore[arg-type]


@pytest.mark.req("R1.4")
def test_a_version_holds_from_its_day_on_and_says_what_changed(platform: None) -> None:
    before = privacy.notice("PRIVACY", TODAY)
    publish()
    assert privacy.notice("PRIVACY", TODAY) == before
    assert privacy.notice("PRIVACY", TODAY + timedelta(days=7)).version == before.version
    after = privacy.notice("PRIVACY", TODAY + timedelta(days=8))
    assert (after.version, after.changes, after.digest != before.digest) == ("2026-12", "写明了保存期限。", True)
    assert after.parts[0] == ("谁在处理", "您的企业。")


def test_english_is_shown_and_the_digest_is_of_the_chinese(platform: None) -> None:
    chinese = privacy.notice("FACE", TODAY)
    with translation.override("en"):
        english = privacy.notice("FACE", TODAY)
    assert english.shown != chinese.shown == chinese.paragraphs == english.paragraphs
    assert english.digest == chinese.digest


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"valid_from": TODAY}, "in_the_past"),
        ({"version": "2026-11"}, "version_taken"),
        ({"valid_from": date(2026, 11, 1)}, "in_the_past"),
        ({"text": "只有一段"}, "text_missing"),
        ({"text": "字" * 700 + "\n两段"}, "text_too_long"),
    ],
)
def test_refuses_what_cannot_be_a_version_and_keeps_what_is_there(platform: None, change: dict[str, object], code: str) -> None:
    with pytest.raises(DomainError, match=code):
        publish(**change)
    assert NoticeVersion.objects.count() == 2


def test_two_versions_never_begin_on_one_day(platform: None) -> None:
    publish()
    with pytest.raises(DomainError, match="day_taken"):
        publish(version="2026-13")
    assert NoticeVersion.objects.count() == 3


@pytest.mark.req("R4.2")
def test_what_people_were_told_is_never_changed(platform: None) -> None:
    for change in ({"paragraphs": []}, {"valid_from": TODAY}):
        with pytest.raises(DatabaseError), transaction.atomic():
            NoticeVersion.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        PrivacyRule.objects.update(answer_days=1)


def test_an_enterprise_reads_and_cannot_write(db: None, jia: object) -> None:
    with enterprise_scope(jia):  # type: ignore[arg-type]
        assert privacy.notice("PRIVACY", TODAY).version == "2026-11"
        assert privacy.rule(TODAY).answer_days == 15
        with pytest.raises(DatabaseError), transaction.atomic():
            NoticeVersion.objects.create(
                kind="FACE", version="x", valid_from=TODAY, paragraphs=[], paragraphs_en=[], by="x", at=NOON
            )


def test_operations_publish_on_the_desk_and_everybody_reads_the_public_page(platform: None) -> None:
    browser = desk("OPERATIONS")
    form = browser.get("/desk/privacy/publish?kind=FACE").content.decode()
    assert "登记的照片任何人都调不出来" in form
    refused = browser.post("/desk/privacy/publish", {**SAID, "text_en": "Only one."})
    assert refused.status_code == 422
    assert "中文有 2 段，英文有 1 段" in refused.content.decode()
    answer = browser.post("/desk/privacy/publish", {**SAID, "valid_from": "2099-01-01"})
    assert answer.status_code == 302
    html = browser.get("/desk/privacy").content.decode()
    assert re.search("尚未生效", html)
    assert "写明了保存期限" in html
    public = Client(HTTP_HOST="anxue.localhost:8000").get("/privacy").content.decode()
    assert "浙江省安全生产条例第十四条" in public
    assert "写明了保存期限" not in public
