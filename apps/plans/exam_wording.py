"""How an exam is held, in words that a safety manager reads."""

from django.utils.translation import gettext as _

from apps.plans.ports import PaperOffer
from apps.plans.shapes import ExamPolicy


def policy_lines(policy: ExamPolicy) -> list[str]:
    """Return a policy in words, a line for each thing."""
    face = {
        "none": _("不核验人脸"),
        "start": _("开考前核验人脸"),
        "random": _("开考前核验人脸，考试中随机抽查"),
    }
    lines = [face.get(policy.face, policy.face), _leaving(policy)]
    if policy.cool_hours:
        lines.append(_("没考过的，%(n)s 小时后才能补考") % {"n": policy.cool_hours})
    if policy.restudy_minutes:
        lines.append(_("没考过的，再学 %(n)s 分钟课程才能补考") % {"n": policy.restudy_minutes})
    lines.append(_("交卷后能看错题和正确答案") if policy.reveal == "wrong" else _("交卷后只能看分数"))
    return lines


def policy_words(policy: ExamPolicy) -> str:
    """Return a policy in one line."""
    return "；".join(policy_lines(policy))


def exam_source(paper: PaperOffer | None) -> str:
    """Return where the questions come from."""
    if paper is None:
        return _("按课程知识点随机抽题")
    said = {"title": paper.title, "n": paper.number}
    return _("%(title)s（第 %(n)s 版）") % said if paper.number > 1 else paper.title


def _leaving(policy: ExamPolicy) -> str:
    if not policy.leave_limit:
        return _("离开考试页面只记次数")
    said = {"n": policy.leave_limit}
    if policy.leave_action == "submit":
        return _("离开考试页面超过 %(n)s 次自动交卷") % said
    return _("离开考试页面超过 %(n)s 次做标记") % said
