"""The ledger of one learner as lines of a file: what each entry says. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.records.archives import words
from apps.records.archives.shapes import Mark, Table
from apps.records.archives.sorting import code
from apps.records.correcting import fields
from apps.records.ports import PaperFields
from apps.records.shapes import EntryView


def _title(body: Mapping[str, Any], key: str) -> str:
    found = body.get(key)
    return str(found.get("title", "")) if isinstance(found, dict) else ""


def study(entries: Iterable[EntryView]) -> Table:
    """Return the course of learning: each sitting and each class, with terminal, address, snapshots and what was odd."""
    entries = list(entries)
    corrected = corrections_by_number(entries)
    heads = [_("课程与课件"), _("起止时间"), _("有效学习"), _("方式"), _("终端"), _("登录地址"), _("抓拍索引"), _("异常与更正")]
    rows = []
    for entry in entries:
        if entry.kind == "STUDY_SESSION":
            rows.append(_online(entry, corrected))
        elif entry.kind == "CLASS":
            rows.append(_offline(entry, corrected))
    return Table(_("学习过程"), heads, rows, (5, 4, 3, 2, 3, 4, 4, 5))


def _online(entry: EntryView, corrected: Mapping[int, list[EntryView]]) -> list[str]:
    body = entry.body
    course = body.get("course") or {}
    version = _("第 %(n)s 版") % {"n": course["version"]} if "version" in course else ""
    odd = [*words.voided(body.get("voids", [])), *_held(body), *_said(corrected.get(entry.n, []))]
    return [
        " ".join(filter(None, [f"《{_title(body, 'course')}》", version, _title(body, "courseware")])),
        words.span(words.said_moment(body.get("start")), words.said_moment(body.get("end"))),
        words.time(int(body.get("effective_ms", 0))),
        _("线上"),
        str(body.get("terminal", ""))[:8] or words.NONE,
        str(body.get("ip") or words.NONE),
        words.snapshots(body.get("checks", [])),
        "；".join(odd) or _("无"),
    ]


def _offline(entry: EntryView, corrected: Mapping[int, list[EntryView]]) -> list[str]:
    body = entry.body
    phones = sorted({str(one.get("terminal", ""))[:8] for one in body.get("attendance", []) if one.get("terminal")})
    addresses = sorted({str(one.get("ip", "")) for one in body.get("attendance", []) if one.get("ip")})
    odd = [_("到课更正")] if body.get("event") == "class_correction" else []
    if body.get("overlap_ms"):
        odd.append(_("与线上学习重叠 %(time)s，不重复计") % {"time": words.time(int(body["overlap_ms"]))})
    return [
        f"{_title(body, 'course')}（{code(body)}）",
        words.span(words.said_moment(body.get("start")), words.said_moment(body.get("end"))),
        words.time(int(body.get("effective_ms", 0))),
        _("线下"),
        "、".join(phones) or words.NONE,
        "、".join(addresses) or words.NONE,
        words.NONE,
        "；".join([*odd, *_said(corrected.get(entry.n, []))]) or _("无"),
    ]


def _held(body: Mapping[str, Any]) -> list[str]:
    held = int(body.get("held_ms", 0))
    return [_("%(time)s 待课程测验通过后计入") % {"time": words.time(held)}] if held else []


def _said(entries: Sequence[EntryView]) -> list[str]:
    return [
        _("第 %(n)d 条更正：%(what)s %(before)s → %(after)s") % {"n": one.n, "what": label, "before": before, "after": after}
        for one in entries
        for label, before, after in correction_lines(one)
    ]


def exams(entries: Iterable[EntryView], papers: Mapping[str, PaperFields]) -> Table:
    """Return every try with its paper, how it was watched and marked, and what a correction made of it."""
    heads = [_("次数"), _("开始与交卷"), _("成绩"), _("结论"), _("试卷版本"), _("监考"), _("评卷"), _("试卷指纹")]
    rows = []
    for entry in entries:
        body = entry.body
        if entry.kind == "EXAM":
            held = papers.get(str(body.get("attempt")), PaperFields(words.NONE, words.NONE, words.NONE))
            at = words.span(words.said_moment(body.get("started_at")), words.said_moment(body.get("submitted_at")))
            rows.append([_nth(body), at, _score(body), _passed(body), held.paper, held.watched, held.marker,
                         words.digest(str(body.get("paper_sha256", "")))])  # fmt: skip
        elif body.get("event") == "score_correction":
            why = _("更正：%(reason)s（%(one)s提出，%(two)s批准）")
            told = why % {"reason": body["reason"], "one": body["proposed_by"], "two": body["approved_by"]}
            rows.append([_nth(body), words.moment(entry.at), _score(body), _passed(body), told, words.NONE, words.NONE,
                         words.digest(str(body.get("paper_sha256", "")))])  # fmt: skip
    return Table(_("考核"), heads, rows, (2, 4, 3, 2, 5, 4, 3, 4))


def _nth(body: Mapping[str, Any]) -> str:
    return _("第 %(n)s 次") % {"n": body.get("number", "")}


def _score(body: Mapping[str, Any]) -> str:
    return _("%(score)s 分（及格 %(pass)s）") % {"score": body.get("score"), "pass": body.get("pass_score")}


def _passed(body: Mapping[str, Any]) -> str:
    return _("合格") if body.get("passed") else _("不合格")


def quizzes(entries: Iterable[EntryView]) -> Table | None:
    """Return the tests of courses, or None where there were none."""
    rows = [
        [f"《{_title(e.body, 'course')}》{_title(e.body, 'courseware')}", _nth(e.body), words.said_moment(e.body.get("end")),
         _score(e.body), _passed(e.body)]
        for e in entries if e.kind == "QUIZ"
    ]  # fmt: skip
    heads = [_("课程测验"), _("次数"), _("时间"), _("成绩"), _("结论")]
    return Table(_("课程测验"), heads, rows, (6, 2, 4, 4, 2)) if rows else None


def marks(entries: Iterable[EntryView], *, learner: str, is_done: bool) -> list[Mark]:
    """Return the learner's signature and that of whoever is in charge of training, each there or not yet."""
    if not is_done:
        return []
    signed = [entry for entry in entries if entry.kind == "SIGN_OFF"]
    own = next((entry for entry in signed if entry.body.get("event") == "signed"), None)
    second = next((entry for entry in signed if entry.body.get("event") == "countersigned"), None)
    first = Mark(_("学员本人"), learner, "", _("等待学员核对签名"), "", None, "", is_there=False)
    if own is not None:
        way = _("手写签名") if own.body["method"] == "DRAWN" else _("输入姓名并用短信确认")
        first = Mark(_("学员本人"), learner, words.moment(own.at), way, str(own.body.get("picture", "")), own.n, own.hash_hex)
    waits = _("等待培训负责人签名") if own is not None else _("学员签名后，由培训负责人签名")
    other = Mark(_("培训负责人"), "", "", waits, "", None, "", is_there=False)
    if second is not None:
        name = f"{second.body.get('name', '')}（{second.body.get('role', '')}）"
        at = words.moment(second.at)
        other = Mark(_("培训负责人"), name, at, _("审核后输入姓名签署"), "", second.n, second.hash_hex)
    return [first, other]


def corrections_by_number(entries: Iterable[EntryView]) -> dict[int, list[EntryView]]:
    """Return number of a corrected entry -> the corrections that name it."""
    found: dict[int, list[EntryView]] = defaultdict(list)
    for entry in entries:
        if entry.kind == "CORRECTION" and entry.body.get("event") == "entry_correction":
            found[int(entry.body["corrects"]["n"])].append(entry)
    return dict(found)


def correction_lines(entry: EntryView) -> list[tuple[str, str, str]]:
    """Return what a correction of an entry says as (label, before, after)."""
    return fields.lines({one["field"]: [one["before"], one["after"]] for one in entry.body.get("changes", [])})


def corrections(entries: Iterable[EntryView], kinds: Mapping[str, Any]) -> Table | None:
    """Return all corrections by two: which entry, from what to what, why, by whom; None where there are none."""
    rows = []
    for entry in entries:
        body = entry.body
        if entry.kind != "CORRECTION" or body.get("event") != "entry_correction":
            continue
        of = body["corrects"]
        which = _("第 %(n)s 条 %(kind)s") % {"n": of["n"], "kind": kinds.get(of["kind"], of["kind"])}
        what = "；".join(f"{label}：{before} → {after}" for label, before, after in correction_lines(entry))
        paper = f"（{_('依据')} {body['evidence']['name']}）" if body.get("evidence") else ""
        rows.append([str(entry.n), which, words.digest(str(of["hash"])), what, f"{body['reason']}{paper}", body["proposed_by"],
                     body["approved_by"], words.moment(entry.at)])  # fmt: skip
    heads = [_("更正条号"), _("被更正的记录"), _("原记录指纹"), _("更正内容"), _("理由"), _("提出"), _("批准"), _("时间")]
    return Table(_("更正（原记录保留不变）"), heads, rows, (2, 4, 4, 6, 6, 2, 2, 4)) if rows else None


def identity(entries: Iterable[EntryView]) -> Table | None:
    """Return the choices of how somebody is checked, and each check of a face, by digest; None where there are none."""
    rows = [row for entry in entries if (row := _identity(entry))]
    heads = [_("时间"), _("事项"), _("结果"), _("方式与依据"), _("终端"), _("抓拍索引")]
    return Table(_("身份核验与告知同意"), heads, rows, (4, 4, 3, 5, 3, 4)) if rows else None


def _identity(entry: EntryView) -> list[str]:
    body = entry.body
    if entry.kind == "CONSENT":
        withdrawn = body.get("event") == "withdrawn"
        way = _("人脸识别") if body.get("method") == "face" else _("短信验证码")
        what = _("撤回人脸识别同意") if withdrawn else _("选择核验方式")
        done = _("照片和特征已销毁") if withdrawn else way
        return [words.moment(entry.at), what, done, _("告知书版本 %(n)s") % {"n": body.get("notice", "")}, words.NONE, words.NONE]
    if entry.kind != "IDENTITY":
        return []
    what = _("登记人脸") if body.get("purpose") == "enrol" else _("人脸核验")
    result = {"pass": _("通过"), "fail": _("未通过"), "review": _("转人工复核")}.get(
        str(body.get("outcome")), str(body.get("outcome"))
    )
    by = _("管理员复核") if body.get("decided_by") else _("系统核验")
    likeness = f"{by} · {_('相似度')} {body['score']}" if body.get("score") else by
    return [words.moment(entry.at), what, result, likeness, str(body.get("terminal", ""))[:8] or words.NONE,
            words.snapshots([{"digests": body.get("digests", [])}])]  # fmt: skip


def ledger(entries: Iterable[EntryView], kinds: Mapping[str, Any], sealed: frozenset[int]) -> Table:
    """Return every entry with its hash and whether it is sealed."""
    rows = [
        [str(e.n), words.moment(e.at), str(kinds.get(e.kind, e.kind)), words.digest(e.hash_hex, 32), _("已封存") if e.n in sealed else _("一分钟内封存")]
        for e in entries
    ]  # fmt: skip
    return Table(
        _("全部记录与封存"), [_("条号"), _("写入时间"), _("类别"), _("指纹（SHA-256）"), _("封存")], rows, (1, 3, 3, 6, 2)
    )
