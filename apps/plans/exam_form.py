"""The part of a form that says how an exam is held: which paper, and how strictly. Used by plans and by papers."""

from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.plans.fields import number
from apps.plans.ports import PAPERS, PaperOffer
from apps.plans.shapes import MOST_COOL_HOURS, MOST_LEAVES, MOST_RESTUDY, ExamPolicy
from infra.kit.errors import DomainError

_NUMBERS = ("leave_limit", "cool_hours", "restudy_minutes")
_CHOICES = ("face", "leave_action", "reveal")


class PolicyFields(forms.Form):
    """How strictly an exam is held."""

    exam_face = forms.ChoiceField(
        label=_("人脸核验"),
        required=False,
        choices=[("none", _("不核验")), ("start", _("开考前核验一次")), ("random", _("开考前核验，考试中再随机抽查"))],
    )
    exam_leave_limit = number(_("离开考试页面超过几次"), min_value=0, max_value=MOST_LEAVES)
    exam_leave_action = forms.ChoiceField(
        label=_("超过后"), required=False, choices=[("note", _("做标记，由管理员判断")), ("submit", _("自动交卷"))]
    )
    exam_cool_hours = number(_("隔多久才能补考（小时）"), min_value=0, max_value=MOST_COOL_HOURS)
    exam_restudy_minutes = number(_("补考前要再学（分钟）"), min_value=0, max_value=MOST_RESTUDY)
    exam_reveal = forms.ChoiceField(
        label=_("交卷后给学员看"), required=False, choices=[("wrong", _("分数、错题和正确答案")), ("score", _("只看分数"))]
    )

    def policy(self) -> ExamPolicy:
        """Return what was answered; what was left empty is as by default."""
        said = self.cleaned_data
        numbers = {name: said.get(f"exam_{name}") or 0 for name in _NUMBERS}
        choices = {name: said[f"exam_{name}"] for name in _CHOICES if said.get(f"exam_{name}")}
        return ExamPolicy(**numbers, **choices)


def policy_answers(policy: ExamPolicy) -> dict[str, str]:
    """Return the answers that say a policy."""
    return {f"exam_{name}": str(value) for name, value in policy.as_json().items()}


class PaperFields(PolicyFields):
    """Which paper a plan's exam takes; ``paper_seen`` is the one whose numbers the form shows."""

    exam_paper = forms.UUIDField(label=_("试卷"), required=False, error_messages={"invalid": _("请从列表里选择试卷。")})
    paper_seen = forms.CharField(required=False, max_length=36)

    def paper(self) -> PaperOffer | None:
        """Return the chosen paper; None where questions are drawn from the courses' topics, or for one that does not exist."""
        return _offer(self.cleaned_data.get("exam_paper"))

    def papers(self) -> list[PaperOffer]:
        """Return the papers to choose from; one that a plan holds is among them, also when it is not offered any more."""
        offers, chosen = PAPERS.get().offers(), self.paper()
        return offers if chosen is None or any(one.uuid == chosen.uuid for one in offers) else [chosen, *offers]


def take_over(data: QueryDict) -> bool:
    """Put the numbers of a paper that was chosen just now into the answers. Returns whether another one was chosen."""
    chosen = data.get("exam_paper", "")
    if chosen == data.get("paper_seen", ""):
        return False
    data["paper_seen"] = chosen
    try:
        paper = _offer(UUID(chosen)) if chosen else None
    except ValueError:
        paper = None
    if paper is not None:
        for name in ("questions", "pass_score", "minutes", "tries"):
            data[f"exam_{name}"] = str(getattr(paper, name))
        for name, value in policy_answers(paper.policy).items():
            data[name] = value
    return True


def _offer(uuid: UUID | None) -> PaperOffer | None:
    try:
        return PAPERS.get().offer(uuid) if uuid else None
    except DomainError:
        return None
