"""Forms of the shared banks: one form for every kind of question, and the small ones around it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from public.questions import api as questions

ROWS = 10
"""Rows for options; the empty ones do not count."""
_JUDGEMENTS = (("A", _("正确")), ("B", _("错误")))
LEVELS = ((1, _("1 很容易")), (2, _("2 容易")), (3, _("3 适中")), (4, _("4 较难")), (5, _("5 很难")))


def _words(label: Any, *, rows: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **more)


class BodyForm(forms.Form):
    """What a question, or a part of a case, says. ``body`` is its content; a draft may still lack things."""

    stem = _words(_("题干"), rows=4, max_length=4000)
    explanation = _words(
        _("解析"), rows=3, max_length=4000, required=False, help_text=_("为什么对、为什么错，学员答错时会看到。")
    )
    basis = forms.CharField(
        label=_("法规依据"), max_length=200, required=False, help_text=_("写到条款，例如《中华人民共和国安全生产法》第四十三条")
    )

    def __init__(self, *args: Any, kind: str, content: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        if content is not None:
            kwargs["initial"] = {**_initial(kind, content), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields |= _fields(kind)
        if kind == "blank":
            self.fields["stem"].help_text = _("空写成（　）或 ____，按出现的先后对应下面的答案。")
        if kind == "case":
            self.fields["stem"].label = _("案例正文")
        self.order_fields(["topic", "points", "difficulty", "stem", *_fields(kind), "explanation", "basis"])

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows for options: letter, bound text, whether it is a right one."""
        right = set(self["right"].value() or [])
        return [
            {"letter": letter, "field": self[f"option-{no}"], "is_right": str(no) in right, "no": no}
            for no, letter in enumerate(questions.LETTERS[:ROWS])
        ]

    @property
    def is_long(self) -> bool:
        """Whether more than six rows are filled in."""
        return any(self[f"option-{no}"].value() for no in range(6, ROWS))

    @property
    def is_choice(self) -> bool:
        """Whether it is answered by choosing among options of its own."""
        return self.kind in {"single", "multiple"}

    @property
    def body(self) -> dict[str, Any]:
        """The content, from what was typed."""
        said = self.cleaned_data
        body = {"kind": self.kind, "options": [], "answer": [], **{key: said[key] for key in ("stem", "explanation", "basis")}}
        if self.is_choice:
            kept = [no for no in range(ROWS) if said[f"option-{no}"]]
            body["options"] = _lettered([said[f"option-{no}"] for no in kept])
            body["answer"] = sorted(questions.LETTERS[kept.index(int(no))] for no in said["right"] if int(no) in kept)
        elif self.kind == "judge":
            body["options"] = _lettered([str(words) for _key, words in _JUDGEMENTS])
            body["answer"] = [said["right"]] if said["right"] else []
        elif self.kind == "order":
            body["options"] = _lettered(_lines(said["steps"]))
            body["answer"] = [option["key"] for option in body["options"]]
        elif self.kind == "blank":
            body["answer"] = [
                [one.strip() for one in line.replace("／", "/").split("/") if one.strip()] for line in _lines(said["gaps"])
            ]
        elif self.kind == "text":
            body["answer"] = [said["model"]] if said["model"] else []
        return body


def _fields(kind: str) -> dict[str, forms.Field]:
    if kind in {"single", "multiple"}:
        found: dict[str, forms.Field] = {
            f"option-{no}": forms.CharField(label=letter, max_length=500, required=False)
            for no, letter in enumerate(questions.LETTERS[:ROWS])
        }
        choices = [(str(no), letter) for no, letter in enumerate(questions.LETTERS[:ROWS])]
        return {**found, "right": forms.MultipleChoiceField(label=_("正确选项"), choices=choices, required=False)}
    if kind == "judge":
        return {"right": forms.ChoiceField(label=_("这句话"), choices=_JUDGEMENTS, widget=forms.RadioSelect())}
    if kind == "order":
        hint = _("每行一步，按正确的先后写；出卷时系统会打乱。")
        return {"steps": _words(_("步骤"), rows=5, max_length=5000, help_text=hint)}
    if kind == "blank":
        hint = _("每行对应一个空；同一个空的几种正确写法用“/”隔开，例如：灭火器/灭火机")
        return {"gaps": _words(_("各空的答案"), rows=3, max_length=5000, help_text=hint)}
    if kind == "text":
        hint = _("批改的人对照它给分，写清得分点。")
        return {"model": _words(_("参考答案"), rows=5, max_length=4000, help_text=hint)}
    return {}


def _initial(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {key: content.get(key, "") for key in ("stem", "explanation", "basis", "topic", "difficulty")}
    found["points"] = "、".join(content.get("points", []))
    options, answer = content.get("options", []), content.get("answer", [])
    if kind in {"single", "multiple"}:
        found |= {f"option-{no}": option["text"] for no, option in enumerate(options)}
        found["right"] = [str(no) for no, option in enumerate(options) if option["key"] in answer]
    elif kind == "judge":
        texts = {option["key"]: option["text"] for option in options}
        found["right"] = "B" if answer and texts.get(answer[0], "") in {"错误", "错", "不正确", "×"} else "A" if answer else ""
    elif kind == "order":
        texts = {option["key"]: option["text"] for option in options}
        found["steps"] = "\n".join(texts[key] for key in answer if key in texts)
    elif kind == "blank":
        found["gaps"] = "\n".join("/".join(gap) for gap in answer)
    elif kind == "text":
        found["model"] = "".join(answer[:1])
    return found


def _lettered(texts: list[str]) -> list[dict[str, str]]:
    return [{"key": key, "text": text} for key, text in zip(questions.LETTERS, texts, strict=False)]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class QuestionForm(BodyForm):
    """A whole question."""

    topic = forms.CharField(label=_("知识主题"), max_length=40, help_text=_("课程按主题出题，请尽量用已有的主题。"))
    points = forms.CharField(
        label=_("知识点"), max_length=340, required=False, help_text=_("更细的考点，用“、”隔开，最多 8 个；错题本按它归类。")
    )
    difficulty = forms.TypedChoiceField(label=_("难度"), choices=LEVELS, coerce=int, initial=2)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, kind=kind, **kwargs)
        if kind != "case":  # whose parts may explain themselves and name their law
            self.fields["explanation"].required = self.fields["basis"].required = True

    @property
    def content(self) -> dict[str, Any]:
        """The whole content; ``media`` and ``parts`` are not of this form."""
        said = self.cleaned_data
        points = [one.strip() for one in said["points"].replace("，", "、").replace(",", "、").split("、")]
        whole = {
            "topic": said["topic"].strip(),
            "points": list(dict.fromkeys(filter(None, points))),
            "difficulty": said["difficulty"],
        }
        if self.kind != "case":
            return {**whole, "media": [], **self.body}
        body = {key: value for key, value in self.body.items() if key not in {"options", "answer"}}
        return {**whole, "media": [], "parts": [], **body}


class BankForm(forms.Form):
    """A new bank."""

    title = forms.CharField(label=_("题库名称"), max_length=60, min_length=2)
    about = _words(_("说明"), rows=2, required=False, max_length=300)


class ReasonForm(forms.Form):
    """Words on why."""

    reason = forms.CharField(label=_("原因"), max_length=200, min_length=4)


class BatchForm(forms.Form):
    """What goes before the reviewers together."""

    title = forms.CharField(label=_("这批试题的名称"), max_length=80, min_length=4, help_text=_("审核员和运营靠它认出这批题。"))
