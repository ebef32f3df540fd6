"""Forms of authorities."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from public.portal.asking import MOST_DAYS
from public.portal.shapes import Wanted


def _area(label: Any, most: int, *, rows: int = 4, hint: Any = "", needed: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=needed, help_text=hint, widget=forms.Textarea(attrs={"rows": rows})
    )


def _day(label: Any, hint: Any = "") -> forms.DateField:
    return forms.DateField(label=label, help_text=hint, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class _WithDay(forms.Form):
    """A form that sets a last day: the calendar offers what :mod:`public.portal.asking` takes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.shanghai_date(clock.now())
        offered = {"min": today + timedelta(days=1), "max": today + timedelta(days=MOST_DAYS)}
        self.fields["due_on"].widget.attrs |= {name: day.isoformat() for name, day in offered.items()}


class AskForm(_WithDay):
    """A notice."""

    title = forms.CharField(label=_("整改事项"), max_length=80, help_text=_("用一句话说明，例如：新员工未完成三级安全教育。"))
    found = _area(_("发现的问题"), 2000, rows=6, hint=_("写清时间、范围和依据的数据。不要写个人证件号、手机号。"))
    basis = forms.CharField(label=_("依据"), max_length=300, help_text=_("法律法规名称和条款，例如：《安全生产法》第二十八条。"))
    due_on = _day(_("整改期限"), _("到这一天为止，企业要提交整改情况。"))

    def wanted(self) -> Wanted:
        """Return what was asked for."""
        got = self.cleaned_data
        return Wanted(got["title"], got["found"], got["basis"], got["due_on"])


class AcceptForm(forms.Form):
    """What was mended is enough."""

    prefix = "accept"
    text = _area(_("复核意见"), 1000, rows=2, needed=False)


class AgainForm(_WithDay):
    """What was mended is not enough."""

    prefix = "again"
    text = _area(_("还需整改的内容"), 2000)
    due_on = _day(_("新的期限"))


class TakeBackForm(forms.Form):
    """The notice was a mistake."""

    prefix = "back"
    text = _area(_("撤回原因"), 500, rows=2)


class FindForm(forms.Form):
    """A certificate by its number, code or address."""

    code = forms.CharField(label=_("证书编号、查验码或二维码内容"), max_length=300)
