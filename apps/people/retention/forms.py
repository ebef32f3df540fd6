"""What managers say about holds, old months and exports."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.people import queries
from apps.people.shapes import LearnerView

MOST_FOUND = 10
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_MONTH = forms.TextInput(attrs={"type": "month", "placeholder": "2024-03"})
EVERYBODY = "all"


def found_people(text: str) -> list[LearnerView]:
    """Return the first people whom a search finds, those who have left too; [] without words."""
    return queries.search_learners(text=text, status="", limit=MOST_FOUND) if text.strip() else []


class _About(forms.Form):
    """A choice among the people found; each page adds what else it needs."""

    learner = forms.ChoiceField(
        label=_("学员"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择学员。"), "invalid_choice": _("请重新选择学员。")},
    )

    def __init__(self, data: Any = None, *, people: list[LearnerView], first: tuple[str, Any] | None = None) -> None:
        super().__init__(data)
        names = [(str(one.uuid), f"{one.name} · {one.masked_id} · {one.unit or '—'}") for one in people]
        self.fields["learner"].choices = [*([first] if first else []), *names]  # type: ignore[attr-defined]

    @property
    def subject(self) -> UUID | None:
        """The learner who was chosen; None for everybody, or nobody."""
        chosen = self.cleaned_data.get("learner") or EVERYBODY
        return None if chosen == EVERYBODY else UUID(chosen)


class HoldForm(_About):
    """Whom to hold, why, until when."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        help_text=_("例如：3·12 事故调查，案号……"),
        error_messages={"required": _("请写明理由。")},
    )
    until = forms.DateField(label=_("保留到"), required=False, widget=_DAY, help_text=_("不填就一直保留，直到有人结束"))


class EndForm(forms.Form):
    """Why a hold ends."""

    reason = forms.CharField(label=_("结束理由"), max_length=200, error_messages={"required": _("请写明理由。")})


class RestoreForm(_About):
    """Whose old months to see again, or which month of everybody."""

    month = forms.CharField(label=_("月份"), required=False, widget=_MONTH, help_text=_("不填就是这名学员的全部归档月份"))
    reason = forms.CharField(label=_("调阅理由"), max_length=200, error_messages={"required": _("请写明调阅理由。")})

    def clean_month(self) -> date | None:
        """Return the first day of the month, None where none was said."""
        said = str(self.cleaned_data["month"]).strip()
        if not said:
            return None
        try:
            return date.fromisoformat(f"{said}-01")
        except ValueError as error:
            raise forms.ValidationError(_("请写成 2024-03 这样。")) from error

    def clean(self) -> dict[str, Any]:
        """Ask for a learner or a month."""
        said = super().clean() or {}
        if said.get("learner") == EVERYBODY and not said.get("month") and "month" not in self.errors:
            self.add_error("month", _("请选择学员，或者填写月份。"))
        return said


class ExportForm(forms.Form):
    """The name of the enterprise, typed, so that nobody orders by a slip."""

    name = forms.CharField(label=_("企业全称"), max_length=120, error_messages={"required": _("请输入企业全称。")})

    def __init__(self, data: Any = None, *, expected: str) -> None:
        super().__init__(data)
        self._expected = expected
        self.fields["name"].help_text = _("请完整输入：%(name)s") % {"name": expected}

    def clean_name(self) -> str:
        """Refuse another name."""
        said = str(self.cleaned_data["name"]).strip()
        if said != self._expected:
            raise forms.ValidationError(_("与企业全称不一致，请照着输入。"))
        return said


class PasswordForm(forms.Form):
    """The password once more, before everything leaves."""

    password = forms.CharField(
        label=_("登录密码"), widget=forms.PasswordInput(render_value=False), error_messages={"required": _("请输入登录密码。")}
    )
