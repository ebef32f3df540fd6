"""What the end of an enterprise, or its coming back, means for its people."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from apps.people.models import Learner, Manager
from public.lifecycle import api as lifecycle
from public.lifecycle.api import Blocker, Returning
from tenants.api import Enterprise, enterprise_scope, site_of


def standing_in_the_way(rows: Sequence[Enterprise], on: date) -> lifecycle.Found:
    """Return what keeps the data from being destroyed: requests about personal data that nobody has answered; one query."""
    waiting = lifecycle.counted(rows, "requests")
    return {schema: [Blocker(_("个人信息请求没有答复"), str(_("%(n)d 件") % {"n": n}))] for schema, n in waiting.items() if n}


def returning(row: Enterprise) -> list[Returning]:
    """Return what comes back of logins when an enterprise is opened again: all, with their passwords; figures only."""
    with enterprise_scope(site_of(row)):
        learners = Learner.objects.filter(credential__is_active=True).count()
        managers = Manager.objects.filter(credential__is_active=True).count()
    said = _("学员 %(learners)d 人、管理人员 %(managers)d 人，密码不变")
    return [
        Returning(True, _("登录账号"), str(said % {"learners": learners, "managers": managers})),
        Returning(False, _("进行中的学习"), str(_("注销时已结束，已确认的学时在档案里"))),
    ]


def register() -> None:
    """Let the platform ask; called once at start."""
    lifecycle.add_guard(lifecycle.Guard(standing_in_the_way))
    lifecycle.add_returning(returning)
