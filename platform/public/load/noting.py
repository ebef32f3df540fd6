"""What somebody did about a warning."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from infra.kit.texts import worded
from public.audit import api as audit
from public.load.models import LoadWarning
from public.operators.api import Me

MOST_WORDS = 300


@transaction.atomic
def note(*, episode: UUID, text: str, me: Me, at: datetime, ip: str) -> None:
    """Write down what was done about a warning, during it or afterwards; it may be said more than once.

    :raises DomainError: 404 ``not_found``; 422 ``words_missing``, ``words_too_long``
    """
    first = LoadWarning.objects.filter(episode=episode).order_by("id").first()
    if first is None:
        raise DomainError("not_found", _("没有找到这次预警，请从列表重新进入。"), status=404)
    said = worded(
        text, "words_missing", _("请写明原因和处置，例如“月底集中考试，已临时增加两台”。"), field="text", most=MOST_WORDS
    )
    LoadWarning.objects.create(
        episode=episode, meter=first.meter, stage=LoadWarning.Stage.NOTED, level=first.level, value=first.value, design=first.design,
        at=at, by=me.reference, by_name=me.name, text=said,
    )  # fmt: skip
    audit.record("load.noted", actor=me.reference, target=f"load:{first.meter}", at=at, ip=ip, episode=str(episode), text=said)
