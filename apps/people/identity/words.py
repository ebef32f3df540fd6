"""What people are told of a check: what to do next, never how near a stranger came."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.people.identity.shapes import FaceCheckView

_OUTCOMES: dict[str, Any] = {
    "pass": _("核验通过。"),
    "retry": _("没有看清，请再拍一次：光线充足，正对镜头，按提示慢慢转头。"),
    "review": _("照片不够清楚，已转给本单位管理员复核，结果会自动更新。您可以先改用短信验证码。"),
    "fail": _("没有通过核验。请由本人正对镜头再试一次，或改用短信验证码。"),
    "pending": _("核验有点忙，还没有结果，不需要重拍。您可以等一会儿，或改用短信验证码。"),
}
_FLAGS: dict[str, Any] = {
    "no_face": _("没有看到人脸。请正对镜头，不要遮挡面部，再拍一次。"),
    "several_faces": _("画面里不止一个人。请只留您自己在画面里，再拍一次。"),
    "too_far": _("离镜头太远了。请靠近一些，让脸占画面的三分之一，再拍一次。"),
    "poses": _("动作没有跟上提示。请看到提示后再转头，并保持住，再拍一次。"),
    "not_straight": _("没有正面的照片。请按提示正对镜头，再拍一次。"),
    "still": _("画面一直没有变化。请由本人在镜头前拍摄，不要使用照片。"),
    "id_photo_no_face": _("证件照上没有看清人脸。请重拍证件的照片面，避免反光。"),
    "id_photo_differs": _("现场照片与证件照不一致。请核对是否为本人证件，重拍后再试。"),
}
REASONS: dict[str, Any] = {
    "several_faces": _("画面里不止一个人"),
    "reused": _("与以前的照片过于相似，可能重复使用"),
    "resent": _("重复提交了以前的照片"),
    "still": _("画面静止，可能是翻拍照片"),
    "swapped": _("中途换人"),
    "other_person": _("与登记人脸不符"),
    "id_photo_differs": _("现场照片与证件照不够相似"),
    "authority_unsure": _("权威身份核验没有给出明确结果"),
    "authority_different": _("权威身份核验认为不是同一人"),
    "authority_down": _("权威身份核验暂时没有答复"),
    "withdrawn": _("学员撤回了同意"),
    "unreadable": _("照片无法读取"),
}
"""Words for managers."""


def told(view: FaceCheckView) -> Any:
    """Return the sentence for the learner."""
    named = [_FLAGS[flag] for flag in view.flags if flag in _FLAGS]
    return named[0] if named and view.outcome in {"retry", "fail"} else _OUTCOMES[view.outcome]
