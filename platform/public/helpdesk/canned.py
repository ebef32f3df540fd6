"""Ready answers of the desk. Runs on the platform."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from infra.kit.errors import DomainError
from public.helpdesk import diary
from public.helpdesk.diary import Desk, require_desk
from public.helpdesk.locking import words
from public.helpdesk.models import Canned


def ready() -> Sequence[Canned]:
    """Return the answers in use, the most used first."""
    return list(Canned.objects.filter(is_retired=False).order_by("-used", "title"))


@transaction.atomic
def save(*, title: str, text: str, desk: Desk, canned: int | None = None) -> Canned:
    """Write an answer, or change one.

    :raises DomainError: 403; 404 ``not_found``; 409 ``title_taken``; 422 ``text_missing``
    """
    require_desk(desk)
    title = words(title, field="title", message=_("请写一个标题，方便查找。"))[:60]
    text = words(text, field="text", message=_("请写答复内容。"), least=4)
    row = _held(canned) if canned is not None else Canned()
    row.title, row.text, row.changed_by, row.changed_at = title, text, desk.actor, desk.at
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise DomainError("title_taken", _("已有同名的常用答复，请换一个标题。"), status=409, field="title") from error
    diary.log(desk, "help.canned", target=f"canned:{row.pk}")
    return row


@transaction.atomic
def retire(*, canned: int, desk: Desk) -> None:
    """Take an answer out of use.

    :raises DomainError: 403; 404 ``not_found``
    """
    require_desk(desk)
    row = _held(canned)
    row.is_retired, row.changed_by, row.changed_at = True, desk.actor, desk.at
    row.save(update_fields=["is_retired", "changed_by", "changed_at"])
    diary.log(desk, "help.canned_retired", target=f"canned:{row.pk}")


def _held(canned: int) -> Canned:
    row = Canned.objects.select_for_update().filter(pk=canned, is_retired=False).first()
    if row is None:
        raise DomainError("not_found", _("这条常用答复已停用，请刷新页面。"), status=404)
    return row
