"""Content that is complained about: which course it is, hidden first, then given back or taken down. Runs on the platform."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.complaints import diary
from public.complaints.diary import Desk, Kind, require_desk
from public.complaints.locking import RUNNING, State, held, words
from public.complaints.models import Complaint
from public.review import api as review

GIVE_BACK, TAKE_DOWN = "release", "recall"
_WHY_HIDDEN, _WHY_BACK, _WHY_GONE = "收到对课程内容的反映，正在核实", "内容已经核实", "内容经核实不宜继续使用"
"""What every enterprise with the course is told, in Chinese as all news of courses: no number of a complaint, and no word of its decision,
which its complainant alone reads."""
_WHY_KEPT = gettext_lazy("按规定应先隐藏被举报的课程。请关联课程后隐藏，或写明为什么不隐藏。")


def name_of(version_id: int | None) -> str:
    """Return code and title of a course version, empty for none; of one that went with its enterprise, that it did."""
    if version_id is None:
        return ""
    found = catalogue.labels([version_id]).get(version_id)
    return f"{found.code} {found.title}" if found else _("课程已随企业数据销毁")


@transaction.atomic
def link_course(*, complaint: UUID, code: str, desk: Desk) -> None:
    """Say which course is meant, by its code: the version that is current now, or the one that another report has hidden.

    :raises DomainError: 403; 404 ``not_found`` also for an unknown code; 409 ``wrong_state``, ``held``
    """
    require_desk(desk)
    row = held(complaint, *RUNNING)
    if row.held_at:
        raise DomainError("held", _("这件投诉已隐藏一门课程，请先办结或恢复后再更换关联。"), status=409)
    code = code.strip().upper()
    hidden = catalogue.all_versions(search=code, state="HELD")  # another report was faster
    known = [*catalogue.published(search=code), *hidden]
    card = next((one for one in known if one.code == code), None)
    if card is None:
        raise DomainError("unknown_course", _("没有找到这个编号的已发布课程，请核对课程编号。"), status=404, field="course")
    row.version_id = card.version_id
    row.save(update_fields=["version_id"])
    diary.by_desk(row, Kind.LINKED, desk, text=f"{card.code} {card.title}")


def hide_first(row: Complaint, *, kept_because: str, desk: Desk) -> None:
    """Hide the course of a held row, or write down why it stays. Part of the caller's transaction.

    :raises DomainError: 422 ``reason_missing`` where there is neither a course nor a reason
    """
    if row.version_id is None or kept_because.strip():
        keep(row, because=kept_because, desk=desk)
        return
    _hold(row, desk)


@transaction.atomic
def hide(*, complaint: UUID, desk: Desk) -> None:
    """Hide the course of a running complaint whenever that turns out to be needed.

    :raises DomainError: 403; 404; 409 ``wrong_state``, ``held``; 422 ``no_course``
    """
    require_desk(desk)
    row = held(complaint, State.OPEN, State.WAITING)
    if row.version_id is None:
        raise DomainError("no_course", _("请先关联被投诉的课程。"), status=422, field="course")
    if row.held_at:
        raise DomainError("held", _("这门课程已因本投诉隐藏。"), status=409)
    _hold(row, desk)


def _hold(row: Complaint, desk: Desk) -> None:
    state = _state(row.version_id or 0)
    if state not in {"PUBLISHED", "RETIRED", "HELD"}:
        diary.by_desk(row, Kind.KEPT, desk, text=_("课程已不在使用中，无需隐藏"))
        return
    if state != "HELD":  # else another report hid it already; who has begun a retired one learns from it still
        catalogue.hold(version_id=row.version_id or 0, by_id=desk.me.credential_id, reason=_WHY_HIDDEN, at=desk.at)
    row.held_at = desk.at
    row.save(update_fields=["held_at"])
    diary.by_desk(row, Kind.HELD, desk, shown=True)


def _state(version_id: int) -> str:
    """Return where a version stands, locked for the transaction; empty where it went with its enterprise."""
    return catalogue.standing(version_id, hold=True).state if catalogue.labels([version_id]) else ""


def settle(row: Complaint, *, choice: str, desk: Desk) -> None:
    """Give the hidden course of a held row back, or take it down; part of the decision's transaction.

    A course that another complaint hides too stays hidden until that one is decided as well.

    :param choice: ``release`` or ``recall``; not looked at where nothing is hidden
    :raises DomainError: 422 ``choice_missing``
    """
    if row.held_at is None or row.version_id is None:
        return
    if choice not in {GIVE_BACK, TAKE_DOWN}:
        raise DomainError("choice_missing", _("课程正隐藏着，请选择恢复还是撤下。"), status=422, field="content")
    row.held_at = None
    row.save(update_fields=["held_at"])
    if _state(row.version_id) == "HELD":
        others = Complaint.objects.filter(version_id=row.version_id, held_at__isnull=False)
        if choice == GIVE_BACK and others.exists():
            diary.by_desk(row, Kind.NOTE, desk, text=_("另有投诉在核实同一门课程，课程继续隐藏"))
            return
        if choice == GIVE_BACK:
            catalogue.release(version_id=row.version_id, by_id=desk.me.credential_id, reason=_WHY_BACK, at=desk.at)
        else:
            review.recall(version_id=row.version_id, reason=_WHY_GONE, me=desk.me, at=desk.at)
    elif choice == GIVE_BACK:  # taken down meanwhile: nobody is told that it is back
        diary.by_desk(row, Kind.NOTE, desk, text=_("课程已另行撤下，没有恢复"))
        return
    diary.by_desk(row, Kind.RELEASED if choice == GIVE_BACK else Kind.REMOVED, desk, shown=True)


def keep(row: Complaint, *, because: str, desk: Desk) -> None:
    """Write down why the course of a held row stays. Part of the caller's transaction.

    :raises DomainError: 422 ``reason_missing``
    """
    diary.by_desk(row, Kind.KEPT, desk, text=words(because, field="kept_because", message=_WHY_KEPT))
