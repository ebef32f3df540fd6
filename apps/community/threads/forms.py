"""Forms of questions and answers. Length and content are judged by `checking`, so that words are the same everywhere."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from apps.community.threads import pictures, rules
from apps.community.threads.models import Report

_ALONE = _("请不要写姓名、电话、证件号等个人信息。")


class PictureField(forms.FileField):
    """One picture; what it really is `pictures.keep` finds out."""

    def __init__(self) -> None:
        widget = forms.FileInput(attrs={"accept": pictures.ACCEPT})
        super().__init__(label=_("照片"), required=False, widget=widget, help_text=_("JPG、PNG 或 WebP，不超过 8 MB。"))


class WordsForm(forms.Form):
    """Words with a picture beside them."""

    words = forms.CharField(
        label=_("问题"),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": rules.LONGEST}),
        help_text=_ALONE,
        error_messages={"required": _("请写下您的问题。")},
    )
    picture = PictureField()

    def picture_bytes(self) -> bytes | None:
        """Return the picture as it came, None without one; a byte too many is read so that it can be refused."""
        file: Any = self.cleaned_data.get("picture")
        return file.read(pictures.MOST_BYTES + 1) if isinstance(file, UploadedFile) else None


class AskForm(WordsForm):
    """A question at a place, which the page has noted."""

    lesson = forms.IntegerField(required=False, widget=forms.HiddenInput())
    at = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput())
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput())


class FollowUpForm(WordsForm):
    """Asking on."""

    words = forms.CharField(
        label=_("追问"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": rules.LONGEST}),
        help_text=_ALONE,
        error_messages={"required": _("请写下要追问的内容。")},
    )


class AnswerForm(WordsForm):
    """An answer."""

    words = forms.CharField(
        label=_("解答"),
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": rules.LONGEST_ANSWER}),
        help_text=_("涉及法规请写明条款。学员都能看到，请不要写个人信息。"),
        error_messages={"required": _("请写下解答。")},
    )


class MendForm(forms.Form):
    """Other words in place of one's own."""

    words = forms.CharField(widget=forms.Textarea)
    post = forms.UUIDField(required=False)


class PostForm(forms.Form):
    """Which post is meant; none means the question itself."""

    post = forms.UUIDField(required=False)


class ReportForm(PostForm):
    """Why something should not stand here."""

    reason = forms.ChoiceField(choices=Report.Reason.choices, error_messages={"required": _("请选择举报的原因。")})


class HideForm(PostForm):
    """Why something is hidden."""

    reason = forms.CharField(max_length=300, error_messages={"required": _("请写明隐藏的原因，发布的人会看到。")})


class ShareForm(forms.Form):
    """What leaves for the platform."""

    question = forms.CharField(label=_("问题"), widget=forms.Textarea(attrs={"rows": 4, "maxlength": rules.LONGEST}))
    answer = forms.CharField(
        label=_("解答"), required=False, widget=forms.Textarea(attrs={"rows": 7, "maxlength": rules.LONGEST_ANSWER})
    )
    sure = forms.BooleanField(
        label=_("文字里与人名相同的只是普通词语，不是指人"), required=False, help_text=_("只在提示有姓名、而实际不是时勾选。")
    )


class RuleForm(forms.Form):
    """How the enterprise answers."""

    answer_days = forms.IntegerField(label=_("解答期限（工作日）"), min_value=1, max_value=30)
    edit_minutes = forms.IntegerField(label=_("发布后可修改（分钟）"), min_value=0, max_value=1440)
    per_hour = forms.IntegerField(label=_("每人每小时最多提问（次）"), min_value=1, max_value=100)
    names_shown = forms.BooleanField(
        label=_("向其他学员显示提问人姓名"), required=False, help_text=_("不勾选时，其他学员只看到“学员”和人员类别。")
    )


class BannedForm(forms.Form):
    """The enterprise's own banned words."""

    words = forms.CharField(
        label=_("本企业的禁用词"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("每行一个词，2 到 30 个字。系统自带的禁用词始终有效。"),
    )


class CannedForm(forms.Form):
    """One more answer that is given again and again."""

    title = forms.CharField(label=_("标题"), max_length=60)
    words = forms.CharField(
        label=_("内容"),
        max_length=rules.LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": rules.LONGEST_ANSWER}),
    )
