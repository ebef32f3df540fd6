"""Figures and three notices of an authority for whoever tries the portal out. Loaded once; made-up enterprises only."""

from datetime import datetime, timedelta

from apps.people import api as people
from infra.kit import clock
from public.portal import answering, asking, counting, watching
from public.portal.models import Rectification
from public.portal.shapes import Answerer, Asker, Wanted
from public.regulators import accounts as regulators
from tenants.accounts.models import Credential
from tenants.api import Site, enterprise_scope
from tenants.models import Enterprise

_IP = "127.0.0.1"
_LAW = "《中华人民共和国安全生产法》第二十八条"


def load(*, site: Site, at: datetime) -> None:
    """Count the figures and send three notices: one waits, one is answered, one is accepted. Stands on the platform."""
    counting.count_now(at=at)
    login = Credential.objects.by_login("regulator")
    who = regulators.authority_of(credential_id=login.pk) if login else None
    if who is None or Rectification.objects.exists():
        return
    with enterprise_scope(site):
        managers = people.managers_who(people.Permission.AUTHORITY_ANSWER)
    if not managers:
        return
    enterprise = Enterprise.objects.get(schema_name=site.schema_name).uuid
    today, days = clock.shanghai_date(at), timedelta(days=1)

    def by(moment: datetime) -> Answerer:
        return Answerer(f"manager:{managers[0]}", "安全员", site.schema_name, moment, _IP)

    done = asking.ask(
        enterprise=enterprise,
        wanted=Wanted(
            "焊工未做复训",
            "抽查发现两名焊工的年度再培训超过 12 个月未完成。",
            _LAW,
            clock.shanghai_date(at - 20 * days) + 10 * days,
        ),
        asker=Asker(who, at - 20 * days, _IP),
    )
    answering.see(rectification=done, by=by(at - 19 * days))
    answering.answer(
        rectification=done, text="两名焊工已完成复训并考试合格，证明见平台；已设置到期前两个月提醒。", by=by(at - 14 * days)
    )
    asking.accept(rectification=done, text="已核对平台记录，整改到位。", asker=Asker(who, at - 13 * days, _IP))
    answered = asking.ask(
        enterprise=enterprise,
        wanted=Wanted("派遣工未纳入培训", "花名册中部分劳务派遣人员没有培训计划。", _LAW, today + 6 * days),
        asker=Asker(who, at - 6 * days, _IP),
    )
    answering.see(rectification=answered, by=by(at - 5 * days))
    answering.answer(
        rectification=answered, text="派遣人员已全部加入岗前培训计划，由车间主管每周检查进度。", by=by(at - 2 * days)
    )
    asking.ask(
        enterprise=enterprise,
        wanted=Wanted("三级安全教育进度落后", "岗前培训计划完成率偏低，部分新进人员已上岗。", _LAW, today - days),
        asker=Asker(who, at - 8 * days, _IP),
    )
    watching.watch(at=at)
