"""The statistics as a workbook; cells are never formulas."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from apps.exams.statistics import items, papers
from apps.exams.statistics.models import SimilarPair

Table = tuple[str, Sequence[str], Iterable[Sequence[str | int | float]]]


def kind_word(kind: str) -> str:
    """Return what a kind of question is called."""
    words = {
        "single": _("单选题"),
        "multiple": _("多选题"),
        "judge": _("判断题"),
        "blank": _("填空题"),
        "order": _("排序题"),
        "text": _("简答题"),
    }
    return words.get(kind, kind)


def of_items(found: Iterable[items.Line]) -> Table:
    """Return the questions."""
    heads = [
        _("题目"),
        _("题型"),
        _("知识点"),
        _("版本"),
        _("作答人次"),
        _("难度 p"),
        _("区分度 D"),
        _("题总相关 r"),
        _("空白率"),
        _("提示"),
    ]
    return _("题目"), heads, (_item(line) for line in found)


def _item(line: items.Line) -> Sequence[str | int | float]:
    f, few = line.figures, _("样本不足")
    return [
        line.stem,
        kind_word(line.kind),
        line.topic,
        line.key[2],
        f.n,
        round(f.p, 3) if f.tells_p else few,
        round(f.d, 3) if f.tells_d and f.d is not None else few,
        round(f.r, 3) if f.tells_d and f.r is not None else few,
        round(f.blank, 3),
        "；".join(flag.name for flag in line.flags),
    ]


def of_options(found: Iterable[items.Option]) -> Table:
    """Return how often each answer was chosen."""
    heads = [_("选项"), _("正确答案"), _("人次"), _("占比"), _("高分组占比"), _("低分组占比")]
    rows: Iterable[Sequence[str | int | float]] = (
        [o.text, _("是") if o.right else "", o.count, round(o.share, 3), round(o.best, 3), round(o.weak, 3)] for o in found
    )
    return _("选项"), heads, rows


def of_paper(found: papers.Paper, reliability: papers.Reliability, bands: Iterable[tuple[str, int]]) -> list[Table]:
    """Return the figures of one plan's exam."""
    value = round(reliability.value, 3) if reliability.value is not None else _("样本不足")
    facts: list[Sequence[str | int | float]] = [
        [_("答卷"), found.tries],
        [_("通过"), found.passed],
        [_("通过率（%）"), found.pass_percent],
        [_("平均分"), round(found.mean, 1)],
        [_("标准差"), round(found.spread, 1)],
        [_("平均用时（分钟）"), round(found.minutes, 1)],
        [f"{_('信度')}（{reliability.name}）", value],
        [_("测量误差（分）"), round(reliability.error, 1) if reliability.error is not None else ""],
    ]
    return [(_("概况"), [_("项目"), _("数值")], facts), (_("分数段"), [_("分数段"), _("人次")], [list(pair) for pair in bands])]


def of_pairs(rows: Iterable[SimilarPair]) -> Table:
    """Return pairs with what was noted about them; names, for whoever may see both."""
    heads = [
        _("培训计划"),
        _("学员"),
        _("学员"),
        _("共同题数"),
        _("相同错答"),
        _("都答错"),
        _("答得不同"),
        _("偶然可能"),
        _("同一终端"),
        _("同时作答（分钟）"),
        _("查看记录"),
    ]
    return _("雷同待查"), heads, (_pair(row) for row in rows)


def _pair(row: SimilarPair) -> Sequence[str | int | float]:
    more = row.circumstances
    return [
        row.plan.title, row.one.learner.name, row.other.learner.name, row.common, row.same_wrong, row.both_wrong, row.different,
        row.chance, _("是") if more.get("terminal") else "", int(more.get("together_s", 0)) // 60, row.note,
    ]  # fmt: skip
