"""Takes one notice for a change, or refuses in words."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from infra.kit import identity
from infra.kit.errors import DomainError
from infra.kit.texts import worded
from public.portal.models import Rectification
from public.portal.shapes import Asker
from public.regulators import api as regulators

State = Rectification.State


def seen_by(prefix: str, uuid: UUID) -> Rectification:
    """Return a notice to an enterprise of a jurisdiction.

    :raises DomainError: 404 ``not_found``, also where the enterprise lies elsewhere
    """
    schemas = regulators.enterprises_in(prefix).values("schema_name")
    row = Rectification.objects.filter(uuid=uuid, schema_name__in=schemas).first()
    if row is None:
        raise not_found()
    return row


def held_by(asker: Asker, uuid: UUID, *states: str) -> Rectification:
    """Return the row, locked, if the asker's own authority sent it and it is in one of ``states``.

    :raises DomainError: 403 ``other_authority``; 404 ``not_found``; 409 ``wrong_state``
    """
    known = seen_by(asker.who.division_prefix, uuid)
    if not is_own(asker.who, known):
        raise DomainError("other_authority", _("这份整改通知由其他部门发出，只能查看，不能处理。"), status=403)
    return _fresh(known.pk, states)


def held_in(schema: str, uuid: UUID, *states: str) -> Rectification:
    """Return the row, locked, if it is the enterprise's and in one of ``states`` (any, where none is named).

    :raises DomainError: 404 ``not_found``; 409 ``wrong_state``
    """
    known = Rectification.objects.filter(uuid=uuid, schema_name=schema).first()
    if known is None:
        raise not_found()
    return _fresh(known.pk, states)


def is_own(who: regulators.Authority, row: Rectification) -> bool:
    """Say whether a notice is that of somebody's own authority."""
    return (row.organisation, row.division_prefix) == (who.organisation, who.division_prefix)


def _fresh(pk: int, states: tuple[str, ...]) -> Rectification:
    row = Rectification.objects.select_for_update().get(pk=pk)
    if states and row.state not in states:
        words = _("整改通知现在的状态是“%(state)s”，不能这样处理，可能刚刚有人处理过。请刷新页面。")
        raise DomainError("wrong_state", words % {"state": row.get_state_display()}, status=409, state=row.state)
    return row


def not_found() -> DomainError:
    """Return the refusal for a notice that is not there."""
    return DomainError("not_found", _("没有找到这份整改通知，请从列表重新进入。"), status=404)


def words(text: str, *, field: str, message: object, least: int = 4) -> str:
    """Return the text without blanks around it.

    :raises DomainError: 422 ``words_missing`` where it has fewer than ``least`` signs; ``personal`` for an ID or mobile number in it
    """
    return nameless(worded(text, "words_missing", message, field=field, least=least), field=field)


def nameless(text: str, *, field: str) -> str:
    """Return words fit for a record that only grows and that both sides read.

    :raises DomainError: 422 ``personal`` for a resident ID or a mobile number in them
    """
    if identity.without_numbers(text) != text:
        raise DomainError("personal", _("请去掉其中的身份证号、手机号。涉及个人时写姓氏和岗位即可。"), status=422, field=field)
    return text
