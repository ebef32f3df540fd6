"""Forms of the authors."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from public.catalogue.api import authoring
from public.questions import api as questions

FORMATS = (("场景视频", _("场景视频")), ("动画", _("动画")), ("音频", _("音频")), ("图文", _("图文")), ("混合", _("混合")))
DIFFICULTIES = (("基础", _("基础")), ("提高", _("提高")), ("专业", _("专业")))
_LINES_MOST, _LINE_LONGEST = 20, 120


class LinesField(forms.CharField):
    """Several short texts, one a line; its value is a list."""

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=_LINES_MOST * (_LINE_LONGEST + 2), **options)

    def prepare_value(self, value: Any) -> Any:
        """Show a list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """Return the lines that say something.

        :raises ValidationError: too many or too long ones
        """
        lines = [line.strip() for line in (super().clean(value) or "").splitlines() if line.strip()]
        if len(lines) > _LINES_MOST:
            raise forms.ValidationError(_("最多 %(n)s 条，请合并或删减。") % {"n": _LINES_MOST})
        if any(len(line) > _LINE_LONGEST for line in lines):
            raise forms.ValidationError(_("每条不超过 %(n)s 个字，请分成几条。") % {"n": _LINE_LONGEST})
        return lines


class TitleForm(forms.Form):
    """The heading of a chapter or lesson."""

    title = forms.CharField(label=_("标题"), max_length=120)


class WordsForm(forms.Form):
    """What a version says of itself."""

    title = forms.CharField(label=_("课程名称"), max_length=120)
    trainer = forms.TypedChoiceField(label=_("讲师"), coerce=int, help_text=_("提交审核时，讲师须有在有效期内的资格。"))
    key_points = LinesField(label=_("要点"), widget=forms.Textarea(attrs={"rows": 4}), help_text=_("每行一条，学员选课时看到。"))
    legal_basis = LinesField(
        label=_("法律依据"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一条，例如：安全生产法第二十八条。法规变化时按此查找课程。"),
    )
    format = forms.ChoiceField(label=_("形式"), choices=FORMATS)
    difficulty = forms.ChoiceField(label=_("难度"), choices=DIFFICULTIES)
    review_cycle_months = forms.IntegerField(
        label=_("复审周期（月）"), min_value=1, max_value=36, initial=12, help_text=_("发布后最迟多少个月重新审核一次。")
    )
    question_topics = forms.MultipleChoiceField(
        label=_("考试题目范围"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        help_text=_("不选则从全部题目中抽取。"),
    )

    def __init__(self, *args: Any, by: authoring.Writer, **options: Any) -> None:
        super().__init__(*args, **options)
        lines = authoring.trainers(by=by, on=clock.shanghai_date(clock.now()), in_use=True)
        self.fields["trainer"].choices = [("", _("请选择")), *((line.id, line.name) for line in lines)]  # type: ignore[attr-defined]
        topics = questions.topics()
        self.fields["question_topics"].choices = [(topic, topic) for topic in topics]  # type: ignore[attr-defined]
        self.has_trainers = bool(lines)

    def draft(self) -> authoring.Draft:
        """Return the words; only for a valid form."""
        words = {name: self.cleaned_data[name] for name in WordsForm.base_fields if name != "trainer"}
        return authoring.Draft(**words, trainer_id=self.cleaned_data["trainer"])


class CourseForm(WordsForm):
    """A new course: where it stands, and the words of its first version."""

    audience = forms.ChoiceField(label=_("培训对象"))
    industry = forms.ChoiceField(label=_("行业"))
    topic = forms.ChoiceField(label=_("主题（大纲章节）"))
    training_category = forms.CharField(label=_("培训类别"), max_length=60, help_text=_("例如：其他从业人员岗前（厂级）。"))
    serial = forms.IntegerField(
        label=_("流水号"), required=False, min_value=1, max_value=9999, help_text=_("留空由系统接着编号；校验符自动生成。")
    )
    is_private = forms.BooleanField(
        label=_("只给本企业使用"), required=False, help_text=_("不勾选则提供给全部企业选用。两种都要通过平台审核后才能使用。")
    )

    def __init__(self, *args: Any, by: authoring.Writer, **options: Any) -> None:
        super().__init__(*args, by=by, **options)
        for name, choices in authoring.places().items():
            self.fields[name].choices = [("", _("请选择")), *choices]  # type: ignore[attr-defined]
        if not by.provider_schema:
            del self.fields["is_private"]

    @property
    def place(self) -> str:
        """Code of the chapter that was chosen; only for a valid form."""
        return "/".join(self.cleaned_data[name] for name in ("audience", "industry", "topic"))


class TrainerForm(forms.Form):
    """A trainer."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    about = forms.CharField(label=_("简介"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class QualificationForm(forms.Form):
    """A certificate of a trainer."""

    title = forms.CharField(label=_("资格名称"), max_length=80, help_text=_("例如：注册安全工程师。"))
    number = forms.CharField(label=_("证书编号"), required=False, max_length=60)
    issuer = forms.CharField(label=_("发证机关"), required=False, max_length=80)
    valid_from = forms.DateField(label=_("有效期自"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    valid_to = forms.DateField(
        label=_("有效期至"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("长期有效则留空。"),
    )
    evidence = forms.UUIDField(required=False, widget=forms.HiddenInput())
    upload = forms.UUIDField(required=False, widget=forms.HiddenInput())
    """What the upload box fills in: a new scan, in place of the one that ``evidence`` already names."""

    def clean(self) -> dict[str, Any]:
        """Let the newer scan count."""
        found = dict(super().clean() or self.cleaned_data)
        found["evidence"] = found.pop("upload", None) or found.get("evidence")
        return found


class TopicForm(forms.Form):
    """How a node of the taxonomy reads and where it stands."""

    title = forms.CharField(label=_("名称"), max_length=80)
    outline = forms.CharField(
        label=_("大纲文件"), required=False, max_length=200, help_text=_("这一章出自哪份培训大纲和考核标准。")
    )
    position = forms.IntegerField(label=_("排列次序"), min_value=0, max_value=9999)
