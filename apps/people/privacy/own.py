"""What people holds about a person; `recorded` says what the rooms below it do."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.people import history, sealing
from apps.people.identity import consent
from apps.people.joining.models import Application
from apps.people.models import FaceCheck, Identity, PrivacyRequest, Proof
from apps.people.notify import inbox
from apps.people.notify.choosing import MAIL, MOBILE
from apps.people.organisation.qualifications import NUMBER
from apps.people.privacy import recorded
from apps.people.privacy.holdings import Fate, Holding, Subject, by_the_way, drop_files, exempt, register_holdings

_NO_FACE = _("人脸照片和特征只以密文保存，任何人都调不出来；为防止被冒用，不提供副本，您可以随时撤回同意把它们销毁。")
_NO_SECRET = _("登录密码的摘要和内部编号，对您没有用处，外泄却可能被人利用。")
_NO_PLACE = _("文件在服务器上的存放位置。")


def _text(purpose: str) -> Callable[[bytes], str]:
    return lambda raw: sealing.unseal(raw, purpose)


def register() -> None:
    """Make them known; called once at start."""
    register_holdings(*_person(), *_way_in(), *_identity(), *_told(), *recorded.record(), *recorded.logs())
    exempt(
        {
            "people.Delivery": "how a Notice of the person left the house: goes and is exported with the notice's row",
            "people.SsoSetup": "settings of the enterprise",
            "retention.Order": "who asked to see a person's old months: an internal number, and a file that is gone within days",
            "records.Leaf": "place of a LedgerEntry in the tree: a number and a hash",
            "regulators.CertificateListing": "what strangers see of a Certificate, which is exported: masked name only",
            "persons.Lease": "an irreversible key and the session's uuid; enterprises reach it through functions only",
            "persons.Day": "an irreversible key and a day's sum of milliseconds; enterprises reach it through functions only",
            "monitor.Sitting": "the card of a StudySession, which is exported; masked name",
            "monitor.Mark": "marks on a StudySession's timeline; the session, its checks and voids are exported",
            "appeals.Case": "the platform's copy of an Appeal, which is exported; masked name",
            "complaints.Complaint": "the platform's case, kept from the enterprise on purpose; who filed it reads it by number and code",
            "helpdesk.Ticket": "a question to the platform, kept from the enterprise; its asker reads it under help, contacts go half a year after its end",
        }
    )


def _person() -> list[Holding]:
    return [
        Holding(
            model="people.Learner",
            title=_("学员资料"),
            why=_("单位依法组织培训、建立档案需要知道是谁。"),
            path="pk",
            opened={"id_sealed": _text(sealing.ID), "mobile_sealed": _text(sealing.MOBILE)},
            left_out={"mobile_index": _NO_SECRET, "person_key": _NO_SECRET},
            shown={"name": _("姓名"), "id_sealed": _("身份证号"), "mobile_sealed": _("手机号"), "sex": _("性别"), "position": _("岗位"),
                   "employee_no": _("工号"), "role": _("人员类别"), "employment": _("用工形式"), "hired_on": _("入职日期"), "status": _("状态")},
            erase=by_the_way,
        ),
        Holding(model="people.Membership", title=_("兼属部门"), shown={"unit": _("部门")}),
        Holding(
            model="people.Qualification",
            title=_("特种作业证"),
            opened={"number_sealed": _text(NUMBER)},
            shown={"kind": _("类别"), "item": _("操作项目"), "number_sealed": _("证号"), "expires_on": _("有效期至"), "review_on": _("复审日期")},
        ),
        Holding(
            model="people.Change",
            title=_("资料的变更记录"),
            path="subject",
            by=lambda who: str(who.uuid),
            shown={"at": _("时间"), "action": _("动作"), "changes": _("改动")},
            worded={"action": lambda row: history.told(row).action, "changes": _changes},
            erase=by_the_way,
        ),
        Holding(
            model="people.PrivacyRequest",
            title=_("个人信息请求"),
            left_out={"storage_key": _NO_PLACE},
            opened={"wanted_sealed": _text("privacy-request")},
            shown={"at": _("提出时间"), "kind": _("请求"), "state": _("结果"), "words": _("您写的原因"), "reason": _("答复理由"), "decided_at": _("答复时间")},
            erase=_quiet_requests,
        ),
    ]  # fmt: skip


def _way_in() -> list[Holding]:
    return [
        Holding(
            model="accounts.Credential",
            title=_("登录身份"),
            path="pk",
            by="credential_id",
            left_out={"password": _NO_SECRET, "login_key": _NO_SECRET},
            shown={"name": _("姓名"), "last_login": _("最近登录"), "created_at": _("建立时间")},
            fate=Fate.AT_ONCE,
            erase=by_the_way,
        ),
        Holding(
            model="people.Manager",
            title=_("管理员身份"),
            path="credential",
            by="credential_id",
            shown={"name": _("姓名"), "role": _("角色"), "left_at": _("离任时间")},
            fate=Fate.STAYS,
            why_kept=_("担任管理员期间经办的事，要留下经办人姓名备查。"),
        ),
        Holding(
            model="people.Application",
            title=_("登记申请"),
            opened={"id_sealed": _text(sealing.ID), "mobile_sealed": _text(sealing.MOBILE)},
            left_out={"person_key": _NO_SECRET, "mobile_index": _NO_SECRET},
            shown={"at": _("提交时间"), "name": _("姓名"), "state": _("结果"), "reason": _("原因")},
            fate=Fate.AT_ONCE,
            erase=_forget_application,
        ),
        Holding(
            model="people.PhoneChange",
            title=_("换手机号的申请"),
            opened={"mobile_sealed": _text(sealing.MOBILE)},
            shown={"at": _("提交时间"), "state": _("结果"), "reason": _("原因")},
            fate=Fate.AT_ONCE,
        ),
        Holding(
            model="people.OutsideAccount",
            title=_("绑定的外部账号"),
            path="credential",
            by="credential_id",
            left_out={"subject": _NO_SECRET},
            shown={"kind": _("来自"), "label": _("账号"), "at": _("绑定时间")},
            fate=Fate.AT_ONCE,
        ),
        Holding(
            model="people.Device",
            title=_("登录过的设备"),
            path="credential",
            by="credential_id",
            left_out={"session_key": _NO_SECRET},
            shown={
                "kind": _("设备"),
                "system": _("系统"),
                "browser": _("浏览器"),
                "first_seen": _("首次"),
                "last_seen": _("最近"),
            },
            fate=Fate.AT_ONCE,
        ),
    ]


def _identity() -> list[Holding]:
    return [
        Holding(
            model="people.Identity",
            title=_("身份核验方式和告知"),
            left_out=dict.fromkeys(("key_sealed", "template_sealed", "photo"), _NO_FACE),
            shown={"method": _("方式"), "notice_version": _("人脸告知版本"), "chosen_at": _("选择时间"), "enrolled_at": _("登记人脸"),
                   "told_version": _("隐私告知版本"), "told_at": _("阅读时间")},
            fate=Fate.AT_ONCE,
            erase=_forget_face,
        ),
        Holding(model="people.Liveness", title=_("活体动作"), shown={"purpose": _("用途"), "issued_at": _("时间")}),
        Holding(
            model="people.FaceCheck",
            title=_("人脸核验记录"),
            left_out=dict.fromkeys(("frames", "features_sealed"), _NO_FACE),
            shown={"at": _("时间"), "purpose": _("用途"), "outcome": _("结果"), "decided_at": _("人工复核")},
            erase=_quiet_checks,
        ),
        Holding(model="people.Proof", title=_("身份证明"), shown={"at": _("时间"), "method": _("方式")}, erase=_quiet_proofs),
    ]  # fmt: skip


def _told() -> list[Holding]:
    return [
        Holding(
            model="people.Notice",
            title=_("收到的消息"),
            shown={"at": _("时间"), "kind": _("标题"), "context": _("内容"), "read_at": _("阅读时间")},
            worded={"kind": lambda row: inbox.item(row).title, "context": lambda row: inbox.item(row).body},
            fate=Fate.AT_ONCE,
        ),
        Holding(
            model="people.NoticeChoice",
            title=_("消息设置"),
            path="credential",
            by="credential_id",
            opened={"mail_sealed": _text(MAIL), "mobile_sealed": _text(MOBILE)},
            shown={"mail_sealed": _("邮箱"), "digest": _("汇总发送")},
            fate=Fate.AT_ONCE,
        ),
    ]


def _changes(row: Any) -> str:
    return "；".join(f"{label}：{before} → {after}" for label, before, after in history.told(row).lines)


def _forget_face(subject: Subject, at: datetime) -> None:
    row = Identity.objects.select_for_update().filter(learner_id=subject.id).first()
    if row is not None:
        consent.forget(row, at)
        row.method = ""
        row.save()


def _quiet_checks(subject: Subject, at: datetime) -> None:
    """The row leaves by way of a package only (decision 0064); the device, the challenge, pictures and remarks go now."""
    rows = FaceCheck.objects.filter(learner_id=subject.id)
    drop_files(rows.exclude(frames="").values_list("frames", flat=True))
    rows.update(terminal="", challenge=None, flags=[], frames="", features_sealed=b"", note="")


def _quiet_proofs(subject: Subject, at: datetime) -> None:
    Proof.objects.filter(learner_id=subject.id).update(terminal="")


def _forget_application(subject: Subject, at: datetime) -> None:
    empty = dict.fromkeys(("id_sealed", "mobile_sealed"), b"") | dict.fromkeys(("person_key", "mobile_index"), "")
    Application.objects.filter(learner_id=subject.id).update(name="—", learner=None, **empty)


def _quiet_requests(subject: Subject, at: datetime) -> None:
    rows = PrivacyRequest.objects.filter(learner_id=subject.id)
    drop_files(rows.exclude(storage_key="").values_list("storage_key", flat=True))
    rows.exclude(reason="").update(reason="—")
    rows.update(words="", wanted_sealed=b"", storage_key="")
