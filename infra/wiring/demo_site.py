"""What the demo platform says of itself, and the demo enterprise's papers: one look done, the second waits for 平台运营乙."""

from datetime import datetime, timedelta

from infra.kit import clock
from infra.wiring.demo_rights import pdf_of, upload
from public.lifecycle import verifying
from public.lifecycle.models import Verification
from public.lifecycle.rules import LOOKS
from public.lifecycle.words import By, Desk
from public.operators.api import Me
from public.site.announcing import services as announcing
from public.site.facts import save_facts
from public.site.models import Announcement, SiteFact, SitePaper
from public.site.papers import services as papers
from tenants import sites
from tenants.accounts.models import Credential
from tenants.scope import platform_scope

_SAMPLE = "演示样张，无任何效力。\n\n{title}\n\n编号：{number}\n"
_FACTS = {
    "operator_name": ("安学演示运营单位", "Anxue demo operator"),
    "operator_address": ("浙江省杭州市演示路 1 号（演示）", "1 Demo Road, Hangzhou, Zhejiang (demo)"),
    "service_phone": ("0571-00000000", ""),
    "complaint_phone": ("0571-00000001", ""),
    "complaint_email": ("ts@anxue.example", ""),
    "icp": ("浙ICP备00000000号（演示）", "ICP filing 00000000 (demo)"),
    "telecom_licence": ("浙B2-00000000（演示）", "Telecom licence B2-00000000 (demo)"),
    "police_record": ("浙公网安备00000000000000号（演示）", "Police filing 00000000000000 (demo)"),
}
_PAPERS = (("BUSINESS", "营业执照", "Business licence", "演示市场监督管理局", None),
           ("TELECOM", "增值电信业务经营许可证", "Telecom licence", "演示通信管理局", 50),
           ("LEVEL", "网络安全等级保护第三级备案证明", "Level 3 filing", "演示公安机关", 400))  # fmt: skip


def load(subdomain: str, *, at: datetime) -> None:
    """Load what is missing; safe to repeat."""
    with platform_scope():
        operator = Credential.objects.by_login("operations")
        if operator is None:
            return
        me = Me(operator.pk, operator.name, "OPERATIONS")
        _facts(me, at)
        _papers(me, at)
        _announcement(me, at)
        _verification(subdomain, me, at)


def _facts(me: Me, at: datetime) -> None:
    known = set(SiteFact.objects.values_list("key", flat=True))
    missing = {key: texts for key, texts in _FACTS.items() if key not in known}
    if missing:
        save_facts(texts=missing, me=me, at=at, ip="127.0.0.1")


def _papers(me: Me, at: datetime) -> None:
    if SitePaper.objects.exists():
        return
    today = clock.shanghai_date(at)
    for place, (kind, title, english, issuer, days) in enumerate(_PAPERS, 1):
        number = f"演示〔2026〕{place} 号"
        scan = upload(pdf_of(_SAMPLE.format(title=title, number=number)), f"{title}.pdf", owner_id=me.credential_id, at=at)
        facts = papers.Facts(
            kind=kind, title=title, title_en=english, issuer=issuer, number=number, valid_from=today - timedelta(days=300),
            valid_until=today + timedelta(days=days) if days else None, scan=scan,
        )  # fmt: skip
        papers.show(facts=facts, me=me, at=at)


def _announcement(me: Me, at: datetime) -> None:
    if Announcement.objects.exists():
        return
    draft = announcing.Draft(
        audience="EVERYBODY", title="演示环境，数据都是编造的", title_en="This is a demo with made-up data",
        text="这里的企业、人员和记录都是编造的，请不要填写真实信息。", text_en="Everything here is made up. Please enter nothing real.",
        starts_at=at, is_pinned=False,
    )  # fmt: skip
    announcing.publish(draft=draft, me=me, at=at)


def _verification(subdomain: str, me: Me, at: datetime) -> None:
    site = sites.resolve(sites.host_of(subdomain))
    if site is None or Verification.objects.filter(enterprise_id=site.id).exists():
        return
    data = pdf_of(_SAMPLE.format(title=f"营业执照：{site.name}", number=site.uscc))
    scan = upload(data, "营业执照.pdf", owner_id=1, at=at, provider_schema=site.schema_name)
    said = verifying.HandIn(name=site.name, uscc=site.uscc, licence_until=None, words="首次核验", papers=[("LICENCE", scan)])
    made = verifying.submit(enterprise_id=site.id, said_=said, by=By("manager:1", "安全员", at))
    verifying.passes(verification=made, looks=LOOKS, note_="演示数据", desk=Desk(me, at))
