"""Refusals about people, and the checks that raise them. Messages never repeat a number in full."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from apps.people.models import Learner, Manager
from infra.kit import identity
from infra.kit.errors import DomainError


class IdTaken(DomainError):
    """Somebody of this enterprise has the ID number already."""

    def __init__(self, known: Learner | None = None) -> None:
        message = _("这个身份证号已经登记过，请在学员名单里搜索并修改。")
        if known is not None and not known.is_active:
            message = _("这位学员在已归档名单里，请找到后恢复，不必重新添加。")
        super().__init__("id_taken", message, status=409, field="id_number")


class MobileTaken(DomainError):
    """Somebody else of this enterprise has the mobile number."""

    def __init__(self, holder: Learner | Manager | None = None) -> None:
        name = identity.mask_name(holder.name) if holder else _("其他人")
        message = _("这个手机号已被%(name)s使用，请核对；如已换号，请先修改对方的手机号。") % {"name": name}
        super().__init__("mobile_taken", message, status=409, field="mobile")


def checked_name(value: str) -> str:
    """Return the normalised name.

    :raises DomainError: ``name_invalid``
    """
    name = identity.normalise_name(value)
    if not identity.is_person_name(name):
        raise DomainError("name_invalid", _("姓名请写 2–50 个字，不含数字和符号，与身份证一致。"), field="name")
    return name


def checked_mobile(value: str) -> str:
    """Return the 11 digits.

    :raises DomainError: ``mobile_invalid``
    """
    mobile = identity.normalise_mobile(value)
    if not identity.is_mobile(mobile):
        raise DomainError("mobile_invalid", _("请输入 11 位手机号码，例如 138 0013 8000。"), field="mobile")
    return mobile


def checked_id(value: str, *, on: date) -> str:
    """Return the 18 places.

    :raises DomainError: ``id_invalid``
    """
    resident_id = identity.normalise_resident_id(value)
    if not identity.is_resident_id(resident_id, on=on):
        raise DomainError("id_invalid", _("身份证号不正确：请核对 18 位号码，末位可能是 X；须年满 16 周岁。"), field="id_number")
    return resident_id
