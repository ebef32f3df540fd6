"""Forms of classes, trainers and rooms."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.people import api as people
from apps.plans.classes.arranging import ClassOrder
from apps.plans.classes.models import ClassFile, ClassTrainer, OfflineClass, Room
from apps.plans.models import TrainingPlan
from apps.plans.rules import HOUR_MS
from infra.kit import clock
from infra.kit.errors import DomainError

_DAY = {"required": gettext_lazy("请填写日期。"), "invalid": gettext_lazy("请写成 2026-03-01 这样。")}
_TIME = {"required": gettext_lazy("请填写时间。"), "invalid": gettext_lazy("请写成 09:00 这样。")}


def _day(**attrs: str) -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", **attrs}, format="%Y-%m-%d")


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class ClassForm(forms.Form):
    """One class; ``plan`` and ``everybody`` only when it is new."""

    plan = forms.ChoiceField(
        label=gettext_lazy("培训计划"),
        error_messages={"required": gettext_lazy("请选择培训计划。"), "invalid_choice": gettext_lazy("这个计划已结束，请另选。")},
        help_text=gettext_lazy("课后确认的学时计入这个计划"),
    )
    topic = forms.CharField(
        label=gettext_lazy("课程主题"), max_length=80, error_messages={"required": gettext_lazy("请填写课程主题。")}
    )
    content = forms.CharField(
        label=gettext_lazy("培训内容"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("请填写培训内容。")},
        help_text=gettext_lazy("大纲、要点、使用的教材；写入一期一档"),
    )
    trainer = forms.ChoiceField(label=gettext_lazy("培训教师"), error_messages={"required": gettext_lazy("请选择培训教师。")})
    room = forms.ChoiceField(label=gettext_lazy("场地"), error_messages={"required": gettext_lazy("请选择场地。")})
    day = forms.DateField(label=gettext_lazy("日期"), widget=_day(), error_messages=_DAY)
    starts = forms.TimeField(label=gettext_lazy("开始"), widget=_clock(), error_messages=_TIME)
    ends = forms.TimeField(label=gettext_lazy("结束"), widget=_clock(), error_messages=_TIME)
    hours = forms.DecimalField(
        label=gettext_lazy("学时"),
        max_digits=3,
        decimal_places=1,
        min_value=Decimal("0.1"),
        help_text=gettext_lazy("45 分钟为 1 学时，不超过上课时间"),
        error_messages={"required": gettext_lazy("请填写学时。"), "invalid": gettext_lazy("请填写数字，例如 2 或 1.5。")},
    )
    exam_needed = forms.BooleanField(label=gettext_lazy("课后现场考核"), required=False)
    everybody = forms.BooleanField(label=gettext_lazy("把这个计划的学员都加入"), required=False)

    def __init__(self, *args: Any, row: OfflineClass | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if row is not None:
            del self.fields["plan"], self.fields["everybody"]
        else:
            running = TrainingPlan.objects.filter(state=TrainingPlan.State.RUNNING).order_by("due_on", "id")
            self._offer("plan", _("请选择计划"), [(str(plan.uuid), plan.title) for plan in running])
        keep = {"trainer": row.trainer_id, "room": row.room_id} if row else {"trainer": 0, "room": 0}
        trainers = ClassTrainer.objects.filter(archived_at=None) | ClassTrainer.objects.filter(pk=keep["trainer"])
        rooms = Room.objects.filter(archived_at=None) | Room.objects.filter(pk=keep["room"])
        self._offer("trainer", _("请选择教师"), [(str(one.uuid), _trainer_label(one)) for one in trainers.order_by("name", "id")])
        seats = _("%(name)s（%(n)s 座）")
        self._offer(
            "room",
            _("请选择场地"),
            [(str(one.uuid), seats % {"name": one.name, "n": one.seats}) for one in rooms.order_by("name")],
        )

    def _offer(self, field: str, nothing: str, choices: list[tuple[str, str]]) -> None:
        self.fields[field].choices = [("", nothing), *choices]  # type: ignore[attr-defined]

    def order(self) -> ClassOrder:
        """Return what a valid form asks for."""
        data = self.cleaned_data
        return ClassOrder(
            topic=data["topic"],
            content=data["content"],
            trainer=data["trainer"],
            room=data["room"],
            starts_at=moment(data["day"], data["starts"]),
            ends_at=moment(data["day"], data["ends"]),
            credit_ms=int(data["hours"] * HOUR_MS),
            exam_needed=data["exam_needed"],
        )


def known(row: OfflineClass) -> dict[str, Any]:
    """Return what the form of a class shows of it."""
    start, end = row.starts_at.astimezone(clock.SHANGHAI), row.ends_at.astimezone(clock.SHANGHAI)
    return {
        "topic": row.topic,
        "content": row.content,
        "trainer": str(row.trainer.uuid),
        "room": str(row.room.uuid),
        "day": start.date(),
        "starts": start.time(),
        "ends": end.time(),
        "hours": (Decimal(row.credit_ms) / HOUR_MS).normalize(),
        "exam_needed": row.exam_needed,
    }


def moment(day: date, at: time) -> datetime:
    """Return the moment of a time on a day in Zhejiang."""
    return datetime.combine(day, at, tzinfo=clock.SHANGHAI)


def _trainer_label(row: ClassTrainer) -> str:
    whose = row.employer or str(row.get_origin_display())
    return f"{row.name}（{whose}）"


class MarkForm(forms.Form):
    """When somebody was there, by hand."""

    how = forms.ChoiceField(
        label=gettext_lazy("到课情况"),
        choices=[("there", gettext_lazy("到课")), ("absent", gettext_lazy("缺课"))],
        widget=forms.RadioSelect,
        initial="there",
    )
    since = forms.TimeField(label=gettext_lazy("到课时间"), required=False, widget=_clock(), error_messages=_TIME)
    until = forms.TimeField(label=gettext_lazy("离开时间"), required=False, widget=_clock(), error_messages=_TIME)
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=200,
        error_messages={"required": gettext_lazy("请写明原因，例如：手机没电，本人到课。")},
        help_text=gettext_lazy("写入一期一档和学员档案，不能修改"),
    )

    def span(self, row: OfflineClass) -> dict[str, datetime | None]:
        """Return ``since`` and ``until`` of a valid form, both None for absence."""
        day, data = clock.shanghai_date(row.starts_at), self.cleaned_data
        if data["how"] == "absent":
            return {"since": None, "until": None}
        return {name: moment(day, data[name]) if data[name] else None for name in ("since", "until")}


class SubmitForm(forms.Form):
    """What is told when a class is over."""

    summary = forms.CharField(
        label=gettext_lazy("培训总结"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    cost_yuan = forms.DecimalField(
        label=gettext_lazy("费用（元）"), required=False, min_value=0, max_digits=9, decimal_places=2,
        error_messages={"invalid": gettext_lazy("请填写数字，例如 1200。")},
    )  # fmt: skip


class FileForm(forms.Form):
    """A file of a class."""

    kind = forms.ChoiceField(
        label=gettext_lazy("附件类别"),
        choices=[choice for choice in ClassFile.Kind.choices if choice[0] != ClassFile.Kind.CERTIFICATE],
    )
    file = forms.FileField(
        label=gettext_lazy("文件"),
        error_messages={"required": gettext_lazy("请选择文件。"), "empty": gettext_lazy("文件是空的，请检查后重新选择。")},
    )


class TrainerForm(forms.Form):
    """A trainer of the enterprise."""

    name = forms.CharField(
        label=gettext_lazy("姓名"), max_length=40, error_messages={"required": gettext_lazy("请填写教师姓名。")}
    )
    origin = forms.ChoiceField(
        label=gettext_lazy("来源"), choices=ClassTrainer.Origin.choices, widget=forms.RadioSelect, initial=ClassTrainer.Origin.OWN
    )
    employer = forms.CharField(
        label=gettext_lazy("所在单位"), max_length=60, required=False, help_text=gettext_lazy("外聘教师填写")
    )
    qualification = forms.CharField(
        label=gettext_lazy("资格"),
        max_length=120,
        error_messages={"required": gettext_lazy("请填写教师的资格，例如 注册安全工程师。")},
        help_text=gettext_lazy("例如 注册安全工程师、企业内训师、消防设施操作员"),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("资格有效期至"), required=False, widget=_day(), error_messages=_DAY,
        help_text=gettext_lazy("长期有效的不填；过期后不能安排上课"),
    )  # fmt: skip
    manager_id = forms.TypedChoiceField(
        label=gettext_lazy("登录账号"), required=False, coerce=int, empty_value=None,
        help_text=gettext_lazy("对应的管理人员；角色是培训教师的，登录后只看到自己的课"),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("资格证书"), required=False, help_text=gettext_lazy("照片或 PDF，加密保存，不超过 9 MB")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(row.pk, f"{row.name}（{row.get_role_display()}）") for row in people.managers()]
        self.fields["manager_id"].choices = [("", _("没有账号")), *found]  # type: ignore[attr-defined]


class RoomForm(forms.Form):
    """A room."""

    name = forms.CharField(
        label=gettext_lazy("场地名称"), max_length=40, error_messages={"required": gettext_lazy("请填写场地名称。")}
    )
    place = forms.CharField(
        label=gettext_lazy("位置"), max_length=120, required=False, help_text=gettext_lazy("例如 行政楼 3 楼 301")
    )
    seats = forms.IntegerField(
        label=gettext_lazy("座位数"), min_value=1, max_value=5000,
        error_messages={"required": gettext_lazy("请填写座位数。"), "invalid": gettext_lazy("请填写整数。")},
    )  # fmt: skip


def on_field(form: forms.Form, refusal: DomainError) -> None:
    """Put a refusal where it belongs: on its field, or above the form."""
    field = refusal.details.get("field")
    form.add_error(field if field in form.fields else None, str(refusal.message))
