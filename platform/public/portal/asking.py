"""What an authority does with notices: asks, asks again, accepts, takes back. Runs on the platform."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from public.portal import attaching, diary
from public.portal.diary import Kind
from public.portal.locking import State, held_by, nameless, words
from public.portal.models import Rectification
from public.portal.shapes import Asker, Wanted
from public.regulators import api as regulators

_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
MOST_DAYS = 365


@transaction.atomic
def ask(*, enterprise: UUID, wanted: Wanted, asker: Asker, files: Sequence[UUID] = ()) -> UUID:
    """Send a notice to an enterprise of the asker's division; its managers are told at once.

    :param files: checked uploads of the asker's that show what was found
    :raises DomainError: 404 ``no_enterprise``, also of another division; 409 ``closed``; 422 ``words_missing``, ``personal``, ``bad_day``;
        those of :func:`public.portal.attaching.attach`
    """
    found = regulators.enterprises_in(asker.who.division_prefix).filter(uuid=enterprise).first()
    if found is None:
        raise DomainError("no_enterprise", _("本辖区没有这家企业，请从企业列表选择。"), status=404)
    if found.status == found.Status.CLOSED:
        raise DomainError("closed", _("这家企业已注销平台账号，无法在线通知，请用其他方式送达。"), status=409)
    row = Rectification.objects.create(
        number=_number(asker.at),
        schema_name=found.schema_name,
        regulator_id=asker.who.id,
        organisation=asker.who.organisation,
        division_prefix=asker.who.division_prefix,
        title=words(wanted.title, field="title", message=_("请用一句话写明要整改的事项。"))[:80],
        found=words(wanted.found, field="found", message=_("请写明发现的问题。"), least=6)[:2000],
        basis=words(wanted.basis, field="basis", message=_("请写明依据的法律法规和条款。"))[:300],
        due_on=_day(wanted.due_on, asker.at),
        asked_at=asker.at,
    )
    diary.by_authority(row, Kind.ASKED, asker, text=row.found, due_on=row.due_on)
    for upload in files:
        attaching.add(row, upload, asker)
    return row.uuid


@transaction.atomic
def ask_again(*, rectification: UUID, text: str, due_on: date, asker: Asker) -> None:
    """Send an answer back with what is still missing, until another day.

    :raises DomainError: 403; 404; 409 ``wrong_state``; 422 ``words_missing``, ``personal``, ``bad_day``
    """
    row = held_by(asker, rectification, State.ANSWERED)
    said = words(text, field="text", message=_("请写明还有什么没有整改到位。"))
    row.due_on = _day(due_on, asker.at)
    row.state, row.round, row.stage, row.answered_at = State.AGAIN, row.round + 1, 0, None
    row.save(update_fields=["due_on", "state", "round", "stage", "answered_at"])
    diary.by_authority(row, Kind.AGAIN, asker, text=said, due_on=row.due_on)


@transaction.atomic
def accept(*, rectification: UUID, text: str, asker: Asker) -> None:
    """Close a notice: what was found is mended.

    :raises DomainError: 403; 404; 409 ``wrong_state``; 422 ``personal``
    """
    row = held_by(asker, rectification, State.ANSWERED)
    said = nameless(text.strip(), field="text")
    _close(row, State.ACCEPTED, asker)
    diary.by_authority(row, Kind.ACCEPTED, asker, text=said)


@transaction.atomic
def take_back(*, rectification: UUID, text: str, asker: Asker) -> None:
    """Take a notice back that should not have been sent; what was said stays readable.

    :raises DomainError: 403; 404; 409 ``wrong_state``; 422 ``words_missing``, ``personal``
    """
    row = held_by(asker, rectification, State.ASKED, State.ANSWERED, State.AGAIN)
    said = words(text, field="text", message=_("请写明为什么撤回。"))
    _close(row, State.WITHDRAWN, asker)
    diary.by_authority(row, Kind.WITHDRAWN, asker, text=said)


def _close(row: Rectification, state: str, asker: Asker) -> None:
    row.state, row.closed_at = state, asker.at
    row.save(update_fields=["state", "closed_at"])


def _day(day: date, at: datetime) -> date:
    today = clock.shanghai_date(at)
    if not today < day <= today + timedelta(days=MOST_DAYS):
        raise DomainError("bad_day", _("整改期限请选明天至一年内的一天。"), status=422, field="due_on")
    return day


def _number(at: datetime) -> str:
    """Return ``ZG`` + day + five random signs, e.g. ``ZG261129K7M3Q``: tells nothing of how many there are."""
    return f"ZG{clock.shanghai_date(at):%y%m%d}" + "".join(secrets.choice(_SIGNS) for _turn in range(5))
