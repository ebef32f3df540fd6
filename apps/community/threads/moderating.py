"""Hiding with a reason, showing again, and what becomes of reports."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.community.threads import locking, notices, sharing
from apps.community.threads.models import Post, Report, Thread
from apps.people import api as people
from infra.kit.errors import DomainError
from public.audit import api as audit


@transaction.atomic
def hide(*, thread: UUID, post: UUID | None, by: people.ManagerView, within: people.Units, reason: str, at: datetime) -> None:
    """Hide a question or one post of it; open reports about it are settled, and what was published of it is taken back.

    :raises DomainError: 404 ``not_found``; 422 ``reason_missing``; 409 ``hidden``
    """
    if not (text := reason.strip()):
        raise DomainError("reason_missing", _("请写明隐藏的原因，发布的人会看到。"), status=422, field="reason")
    row = locking.for_manager(thread, within=within)
    said: Thread | Post = locking.post_of(row, post) if post else row
    if said.hidden_at is not None:
        raise DomainError("hidden", _("这条内容已经隐藏。"), status=409)
    said.hidden_at, said.hidden_reason, said.hidden_by_id = at, text[:300], by.id
    if isinstance(said, Post):
        said.is_best = False
        said.save()
    locking.note_words(row)
    row.save()
    _settle(row, post, by, at, is_hidden=True)
    sharing.pull_back_all(row, said if isinstance(said, Post) else None, at=at)
    if isinstance(said, Thread) or said.learner_id is not None:
        notices.tell_learner("talk.hidden", row, at=at)
    audit.record("talk.hidden", actor=f"manager:{by.id}", target=_target(row, post), at=at, reason=text[:300])


@transaction.atomic
def restore(*, thread: UUID, post: UUID | None, by: people.ManagerView, within: people.Units, at: datetime) -> None:
    """Show something again; done twice, nothing happens.

    :raises DomainError: 404 ``not_found``
    """
    row = locking.for_manager(thread, within=within)
    said: Thread | Post = locking.post_of(row, post) if post else row
    if said.hidden_at is None:
        return
    said.hidden_at, said.hidden_reason, said.hidden_by_id = None, "", None
    if isinstance(said, Post):
        said.save()
    locking.note_words(row)
    row.save()
    if isinstance(said, Thread) or said.learner_id is not None:
        notices.tell_learner("talk.restored", row, at=at)
    audit.record("talk.restored", actor=f"manager:{by.id}", target=_target(row, post), at=at)


@transaction.atomic
def keep(*, thread: UUID, post: UUID | None, by: people.ManagerView, within: people.Units, at: datetime) -> int:
    """Settle open reports about something that stays; return how many.

    :raises DomainError: 404 ``not_found``
    """
    row = locking.for_manager(thread, within=within)
    settled = _settle(row, post, by, at, is_hidden=False)
    if settled:
        audit.record("talk.kept", actor=f"manager:{by.id}", target=_target(row, post), at=at, reports=settled)
    return settled


def _settle(row: Thread, post: UUID | None, by: people.ManagerView, at: datetime, *, is_hidden: bool) -> int:
    """Settle the open reports and tell those who made them what came of it."""
    rows = Report.objects.filter(thread=row, settled_at=None)
    rows = rows.filter(post__uuid=post) if post else rows.filter(post=None)
    found = list(rows.values_list("pk", "learner_id"))
    Report.objects.filter(pk__in=[pk for pk, _learner in found]).update(settled_at=at, settled_by_id=by.id)
    if found:
        notices.tell_settled(row, learners={learner for _pk, learner in found}, is_hidden=is_hidden, at=at)
    return len(found)


def _target(row: Thread, post: UUID | None) -> str:
    return f"talk:{row.uuid}" + (f"/{post}" if post else "")
