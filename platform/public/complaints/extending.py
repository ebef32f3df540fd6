"""The one extension of a time: asked for by who deals with it, granted by somebody else, told to the complainant (domain facts §6)."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from infra.kit.errors import DomainError
from public.complaints import diary, promises, reporting, rules, telling
from public.complaints.diary import Desk, Kind, require_desk
from public.complaints.locking import State, held, words
from public.complaints.models import Complaint

Extension = Complaint.Extension


@transaction.atomic
def ask(*, complaint: UUID, reason: str, desk: Desk) -> None:
    """Ask for the extension, once and before the time is over.

    :raises DomainError: 403; 404; 409 ``wrong_state``, ``not_extendable``, ``asked``, ``too_late``; 422 ``reason_missing``
    """
    require_desk(desk)
    row = held(complaint, State.OPEN, State.WAITING)
    if not row.promise.extend_days:
        raise DomainError("not_extendable", _("这一类投诉不能延期，请在期限内办结。"), status=409)
    if row.extension != Extension.NONE:
        raise DomainError("asked", _("延期只能申请一次。"), status=409)
    if row.state == State.OPEN and desk.at >= row.due_at:
        raise DomainError("too_late", _("期限已过，不能再申请延期。请尽快办结。"), status=409)
    row.extension = Extension.ASKED
    row.extension_reason = words(reason, field="reason", message=_("请写明为什么需要延期，投诉人会看到。"))[:300]
    row.extension_by = desk.me.credential_id
    row.save(update_fields=["extension", "extension_reason", "extension_by"])
    diary.by_desk(row, Kind.EXT_ASKED, desk, text=row.extension_reason)


@transaction.atomic
def decide(*, complaint: UUID, grant: bool, desk: Desk) -> None:
    """Grant or refuse an extension that a colleague asked for.

    :raises DomainError: 403 ``forbidden``, ``own_request``; 404; 409 ``wrong_state``, ``nothing_asked``
    """
    require_desk(desk)
    row = held(complaint, State.OPEN, State.WAITING)
    if row.extension != Extension.ASKED:
        raise DomainError("nothing_asked", _("没有等待批准的延期申请，可能同事刚刚处理过。请刷新页面。"), status=409)
    if row.extension_by == desk.me.credential_id:
        raise DomainError("own_request", _("延期须由申请人以外的同事批准。"), status=403)
    row.extension = Extension.GRANTED if grant else Extension.REFUSED
    row.extension_decided_by = desk.me.credential_id
    if grant:
        row.due_at = rules.extended(promises.view_of(row.promise), row.due_at)
        row.stage = 0
    row.save(update_fields=["extension", "extension_decided_by", "due_at", "stage"])
    kind = Kind.EXT_GRANTED if grant else Kind.EXT_REFUSED
    diary.by_desk(row, kind, desk, text=row.extension_reason if grant else "", shown=grant)
    if grant:
        reporting.report(row, at=desk.at)
        telling.leave(row, telling.EXTENDED)
