"""What the numbers mean: one sentence, and what to do next, the most urgent first."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.plans.dashboards.filters import Filters
from apps.plans.dashboards.queries import Overview
from apps.plans.ports import Waiting


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: tone, icon, what is the matter, where to go."""

    tone: str
    icon: str
    text: str
    url: str
    action: str


def verdict(found: Overview) -> tuple[str, str]:
    """Return (tone, sentence): are we compliant?"""
    if not found.any_plan:
        return "info", _("还没有开始培训。按下面几步，大约 10 分钟就能开出第一个计划。")
    if not found.learners:
        return "info", _("这里没有在册学员。")
    if found.overdue or found.expired:
        return "stop", _failing(found)
    if found.uncovered:
        words = ngettext(
            "没有人逾期；还有 %(n)d 名学员不在任何计划里。", "没有人逾期；还有 %(n)d 名学员不在任何计划里。", found.uncovered
        )
        return "attention", words % {"n": found.uncovered}
    if found.done < found.duties:
        return "info", _("按期进行：全部在册学员都已纳入计划，没有人逾期。")
    return "proven", _("达标：全部在册学员都已纳入计划，没有人逾期。")


def _failing(found: Overview) -> str:
    counts = {"n": found.overdue, "m": found.expired}
    if found.overdue and found.expired:
        return _("不达标：有 %(n)d 人逾期未完成培训，%(m)d 个特种作业证已过期。") % counts
    if found.overdue:
        return (
            ngettext(
                "不达标：有 %(n)d 人逾期未完成培训，请尽快督促。",
                "不达标：有 %(n)d 人逾期未完成培训，请尽快督促。",
                found.overdue,
            )
            % counts
        )
    words = ngettext(
        "不达标：%(m)d 个特种作业证已过期，持证人不能上岗。", "不达标：%(m)d 个特种作业证已过期，持证人不能上岗。", found.expired
    )
    return words % counts


Offer = tuple[int, str, Step]
"""How many it is about, the permission that the page behind it asks for, the step."""


def steps(
    found: Overview,
    asked: Filters,
    *,
    can: frozenset[str],
    objected: int,
    unread: int,
    ending: int,
    waiting: Waiting,
    notices: int,
) -> list[Step]:
    """Return what to do next, the most urgent first.

    :param can: permissions of the asker; nobody is sent to a page that is closed to them
    :param notices: of an authority, that wait for the enterprise's answer
    """
    offers = [*_from_authorities(notices), *_urgent(found, asked, waiting, objected), *_later(found, asked, unread, ending)]
    return [step for n, needs, step in offers if n and needs in can]


def _from_authorities(n: int) -> Iterator[Offer]:
    text = ngettext("监管部门的 %(n)d 份整改通知等您答复", "监管部门的 %(n)d 份整改通知等您答复", n) % {"n": n}
    url = f"{reverse('console-rectifications')}?show=waiting"
    yield n, "authority.answer", Step("stop", "clipboard-check", text, url, _("去答复"))


def _urgent(found: Overview, asked: Filters, waiting: Waiting, objected: int) -> Iterator[Offer]:
    n = found.overdue
    text = ngettext("督促 %(n)d 名逾期学员", "督促 %(n)d 名逾期学员", n) % {"n": n}
    yield n, "plans.see", Step("stop", "clock-exclamation", text, _people(asked, "OVERDUE"), _("查看名单"))
    n = found.expired
    text = ngettext("%(n)d 个特种作业证已过期", "%(n)d 个特种作业证已过期", n) % {"n": n}
    papers = reverse("console-qualifications")
    yield n, "people.see", Step("stop", "id-badge-2", text, f"{papers}?show=expired", _("安排换证"))
    n = waiting.locked
    text = ngettext("%(n)d 名学员被锁定，等您处理", "%(n)d 名学员被锁定，等您处理", n) % {"n": n}
    yield n, "study.see", Step("attention", "lock", text, reverse("console-live"), _("去解锁"))
    n = objected
    text = ngettext("学员对 %(n)d 份培训记录有异议", "学员对 %(n)d 份培训记录有异议", n) % {"n": n}
    yield n, "archive.see", Step("attention", "writing-sign", text, f"{reverse('console-signing')}?state=OBJECTED", _("去答复"))
    n = waiting.appeals
    text = ngettext("%(n)d 件学时申诉待处理", "%(n)d 件学时申诉待处理", n) % {"n": n}
    yield n, "study.decide", Step("attention", "scale", text, reverse("console-appeals"), _("去处理"))


def _later(found: Overview, asked: Filters, unread: int, ending: int) -> Iterator[Offer]:
    n = found.uncovered if found.any_plan else 0
    text = ngettext("%(n)d 名学员不在任何计划里", "%(n)d 名学员不在任何计划里", n) % {"n": n}
    yield n, "plans.change", Step("attention", "user-plus", text, reverse("console-plan-new"), _("为他们新建计划"))
    n = found.refresh
    text = ngettext("%(n)d 名学员该安排年度再培训了", "%(n)d 名学员该安排年度再培训了", n) % {"n": n}
    yield n, "plans.see", Step("attention", "refresh", text, _people(asked, "REFRESH"), _("查看名单"))
    n = found.due_soon
    text = ngettext("提醒 %(n)d 名 7 天内到期的学员", "提醒 %(n)d 名 7 天内到期的学员", n) % {"n": n}
    yield n, "plans.see", Step("info", "bell", text, _people(asked, "SOON"), _("查看名单"))
    n = found.expiring
    text = ngettext("%(n)d 个特种作业证 90 天内到期", "%(n)d 个特种作业证 90 天内到期", n) % {"n": n}
    yield n, "people.see", Step("attention", "id-badge-2", text, f"{reverse('console-qualifications')}?show=soon", _("安排复审"))
    text = ngettext("有 %(n)d 条课程通知没有读", "有 %(n)d 条课程通知没有读", unread) % {"n": unread}
    yield unread, "console", Step("attention", "mail", text, f"{reverse('console-notices')}?unread=1", _("查看课程通知"))
    text = ngettext("自编课程有 %(n)d 项版权 60 天内到期", "自编课程有 %(n)d 项版权 60 天内到期", ending) % {"n": ending}
    rights = f"{reverse('console-rights-all')}?state=soon&stage=PUBLISHED"
    yield ending, "courses.write", Step("attention", "license", text, rights, _("查看版权登记"))


def _people(asked: Filters, state: str) -> str:
    return f"{reverse('console-figures-people')}?{urlencode({**address(asked), 'state': state})}"


def address(asked: Filters) -> dict[str, str]:
    """Return what is asked as it stands in an address."""
    chosen = {"unit": str(asked.unit_id or ""), "plan": str(asked.plan.uuid) if asked.plan else ""}
    return {key: value for key, value in chosen.items() if value}
