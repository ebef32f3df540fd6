"""Forms of operations about what the platform says in public."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from public.site.announcing.models import Announcement
from public.site.papers.models import SitePaper
from public.site.status.models import STAGES, Component, Incident, Word
from tenants import divisions

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


def _rows(count: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": count})


class AnnouncementForm(forms.Form):
    """What is announced, to whom, from when to when."""

    audience = forms.ChoiceField(label=_("对象"), choices=Announcement.Audience.choices)
    division = forms.ChoiceField(label=_("地区"), required=False, help_text=_("只给这个市的企业；不选就是全部。"))
    level = forms.ChoiceField(label=_("级别"), choices=Announcement.Level.choices)
    title = forms.CharField(label=_("标题"), max_length=80)
    text = forms.CharField(label=_("正文"), max_length=4000, widget=_rows(6))
    title_en = forms.CharField(label=_("英文标题"), max_length=160, required=False)
    text_en = forms.CharField(label=_("英文正文"), max_length=8000, required=False, widget=_rows(4))
    is_pinned = forms.BooleanField(label=_("置顶，没看过的人在首页会看到提示"), required=False)
    starts_at = forms.DateTimeField(label=_("开始"), required=False, widget=_moment(), help_text=_("不填就是现在。"))
    ends_at = forms.DateTimeField(label=_("结束"), required=False, widget=_moment(), help_text=_("不填就一直显示。"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        cities = [(city.code[:4], city.name) for city in divisions.CITIES]
        self.fields["division"].choices = [("", _("全部地区")), *cities]  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """Why something is taken away."""

    reason = forms.CharField(label=_("原因"), max_length=200, min_length=2)


class IncidentForm(forms.Form):
    """What does not work, or will not while work is done."""

    kind = forms.ChoiceField(label=_("类别"), choices=Incident.Kind.choices)
    title = forms.CharField(label=_("标题"), max_length=80)
    text = forms.CharField(label=_("说明"), max_length=1000, widget=_rows(3), help_text=_("影响谁、有多大、在做什么。"))
    title_en = forms.CharField(label=_("英文标题"), max_length=160, required=False)
    text_en = forms.CharField(label=_("英文说明"), max_length=2000, required=False, widget=_rows(2))
    components = forms.MultipleChoiceField(
        label=_("受影响的部分"), choices=Component.choices, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选择受影响的部分。")},
    )  # fmt: skip
    starts_at = forms.DateTimeField(
        label=_("开始"), required=False, widget=_moment(), help_text=_("故障不填就是现在；计划维护要填将来的时间。")
    )
    ends_at = forms.DateTimeField(
        label=_("结束"), required=False, widget=_moment(), help_text=_("计划维护必填。故障还没恢复就不填。")
    )


class WordForm(forms.Form):
    """How far an incident is."""

    stage = forms.ChoiceField(label=_("阶段"))
    text = forms.CharField(label=_("进展"), max_length=1000, min_length=4, widget=_rows(3))
    text_en = forms.CharField(label=_("英文进展"), max_length=2000, required=False, widget=_rows(2))

    def __init__(self, data: Any = None, *, kind: str) -> None:
        super().__init__(data)
        stages = [(stage.value, stage.label) for stage in STAGES[Incident.Kind(kind)] if stage != Word.Stage.PLANNED]
        self.fields["stage"].choices = stages  # type: ignore[attr-defined]


class PaperForm(forms.Form):
    """What a licence of the operator says."""

    kind = forms.ChoiceField(label=_("类别"), choices=SitePaper.Kind.choices)
    title = forms.CharField(label=_("名称"), max_length=120)
    title_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    number = forms.CharField(label=_("编号"), max_length=80, required=False)
    issuer = forms.CharField(label=_("发证机关"), max_length=120)
    valid_from = forms.DateField(label=_("有效期自"), widget=_DAY)
    valid_until = forms.DateField(
        label=_("有效期至"), required=False, widget=_DAY, help_text=_("长期的不填。到期前 60、30、7 天和过期时提醒平台运营。")
    )
    upload = forms.UUIDField(widget=forms.HiddenInput, required=False)

    @property
    def scan(self) -> UUID | None:
        """The upload that was chosen."""
        found: UUID | None = self.cleaned_data.get("upload")
        return found
