"""A question as people read it. Pure."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from public.questions.content import BLANK, CASE, JUDGE, KINDS, ORDER, TEXT


def answer_words(content: Mapping[str, Any]) -> str:
    """Return the right answer in words: letters, 「B → A → C」 for a sequence, spellings of each gap, the model answer."""
    answer = content.get("answer") or []
    if content["kind"] == BLANK:
        return "；".join("/".join(gap) for gap in answer)
    if content["kind"] == TEXT:
        return str(answer[0]) if answer else ""
    if content["kind"] == JUDGE:
        return "".join(option["text"] for option in content.get("options", []) if option["key"] in answer)
    return (" → " if content["kind"] == ORDER else "").join(answer)


def as_text(content: Mapping[str, Any]) -> str:
    """Return a question as lines of text, to be compared or copied."""
    lines = [f"[{KINDS[content['kind']]}] {content['stem']}"]
    lines += [f"{option['key']}. {option['text']}" for option in content.get("options") or []]
    if content["kind"] != CASE:
        lines.append(_("答案：%(words)s") % {"words": answer_words(content)})
    for label, name in ((_("解析"), "explanation"), (_("依据"), "basis")):
        if content.get(name):
            lines.append(f"{label}：{content[name]}")
    lines += [f"（{no}）{as_text(part)}" for no, part in enumerate(content.get("parts") or [], 1)]
    return "\n".join(lines)


def readable(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a question with its answer, as the template ``questions/_item.html`` shows it; parts likewise."""
    parts = [readable(part) for part in content.get("parts") or []]
    told = answer_words(content) if content["kind"] in {BLANK, TEXT, ORDER} else ""
    return {**content, "kind_name": KINDS[content["kind"]], "told": told, "parts": parts}
