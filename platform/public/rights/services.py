"""Writes of the register. While its version is a draft a row may be changed; afterwards it can only be replaced by a newer one."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.audit import api as audit
from public.catalogue import api as catalogue
from public.catalogue.api import authoring
from public.rights import checks
from public.rights.models import PeopleAnswer, RightsAsset

Person = authoring.Writer
"""Who writes: credential, name, and the enterprise they belong to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is registered about one asset. Days are inclusive; ``valid_to`` None: without end; ``courseware_id`` None: whole version.

    ``statement`` declares one's own work in words where there is no scan; whoever registers it signs it.
    """

    kind: str
    title: str
    holder: str
    licence: str
    valid_from: date
    valid_to: date | None = None
    licence_text: str = ""
    may_transmit: bool = False
    may_adapt: bool = False
    may_sublicense: bool = False
    territory: str = "中国大陆"
    evidence: UUID | None = None
    statement: str = ""
    courseware_id: int | None = None


def _columns(facts: Facts, by: Person, at: datetime) -> dict[str, object]:
    signed = {"signed_by": by.credential_id, "signed_name": by.name, "signed_at": at} if facts.statement else {}
    unsigned = {"signed_by": None, "signed_name": "", "signed_at": None}
    return {**asdict(facts), **unsigned, **signed, "registered_by": by.credential_id, "registered_name": by.name, "at": at}


@transaction.atomic
def register(*, version_id: int, facts: Facts, by: Person, at: datetime) -> int:
    """Enter one asset of a draft; of a published version only what its register still lacks. Returns its id.

    :raises DomainError: ``frozen``, ``not_found``, and what `checks.check_facts` refuses (``field`` names the field)
    """
    version = catalogue.standing(version_id, hold=True)
    checks.refuse_frozen(version, at)
    checks.check_facts(facts, version, by)
    row = RightsAsset.objects.create(version_id=version_id, **_columns(facts, by, at))
    _audit("rights.registered", row, by, at)
    return row.pk


@transaction.atomic
def amend(*, asset_id: int, facts: Facts, by: Person, at: datetime) -> None:
    """Correct one asset of a draft.

    :raises DomainError: as `register`
    """
    row, version = _held(asset_id)
    checks.refuse_unless_draft(version)
    checks.check_facts(facts, version, by, known_evidence=row.evidence)
    RightsAsset.objects.filter(pk=row.pk).update(**_columns(facts, by, at))
    _audit("rights.amended", row, by, at)


@transaction.atomic
def remove(*, asset_id: int, by: Person, at: datetime) -> int:
    """Take one asset out of a draft; returns the version's id.

    :raises DomainError: ``frozen``; ``not_found``
    """
    row, version = _held(asset_id)
    checks.refuse_unless_draft(version)
    _audit("rights.removed", row, by, at)
    row.delete()
    return version.version_id


@transaction.atomic
def renew(*, asset_id: int, facts: Facts, by: Person, at: datetime) -> int:
    """Replace one asset of a published version by one with newer evidence or a longer term; returns the new row's id.

    :raises DomainError: ``frozen`` (a draft is amended, one in review waits); ``already_replaced``; ``not_in_order`` when the new
        row would not pass the gate; ``other_kind``; as `register`
    """
    row, version = _held(asset_id)
    checks.refuse_renewal(version)
    if RightsAsset.objects.filter(replaces=row).exists():
        raise DomainError("already_replaced", _("这条登记已经被更新过，请刷新页面查看最新的一条。"), status=409)
    if facts.kind != row.kind:
        raise DomainError("other_kind", _("更新授权时不能改变类别，请另外登记一条。"), field="kind")
    checks.check_facts(facts, version, by, known_evidence=row.evidence)
    fresh = RightsAsset(version_id=row.version_id, replaces=row, **_columns(facts, by, at))
    checks.refuse_what_the_gate_would(fresh, at)
    fresh.save(force_insert=True)
    _audit("rights.renewed", fresh, by, at, replaced=row.pk)
    return fresh.pk


@transaction.atomic
def answer_people(*, version_id: int, people_appear: bool, by: Person, at: datetime) -> None:
    """Note whether people can be recognised in the version; may be changed while it is a draft.

    :raises DomainError: ``frozen``; ``not_found``
    """
    version = catalogue.standing(version_id, hold=True)
    if PeopleAnswer.objects.filter(version_id=version_id).exists():
        checks.refuse_unless_draft(version)
    else:
        checks.refuse_in_review(version)
    answer = {"people_appear": people_appear, "answered_by": by.credential_id, "at": at}
    PeopleAnswer.objects.update_or_create(version_id=version_id, defaults=answer)


@transaction.atomic
def copy_assets(*, from_version: int, to_version: int, by: Person, at: datetime, lessons: dict[int, int] | None = None) -> int:
    """Copy another version's current assets into a draft, leaving out what it has already; returns how many.

    :param lessons: lesson of the former -> the same lesson of the draft; what belongs to a lesson without partner stays behind
    :raises DomainError: ``frozen``; ``not_found``
    """
    target = catalogue.standing(to_version, hold=True)
    checks.refuse_unless_draft(target)
    known = set(RightsAsset.objects.filter(version_id=to_version).values_list("kind", "title", "holder", "courseware_id"))
    copies = []
    for row in current(from_version):
        lesson = (lessons or {}).get(row.courseware_id) if row.courseware_id else None
        if (row.courseware_id and lesson is None) or (row.kind, row.title, row.holder, lesson) in known:
            continue
        row.pk, row.version_id, row.courseware_id, row.replaces = None, to_version, lesson, None
        row.registered_by, row.registered_name, row.at = by.credential_id, by.name, at
        copies.append(row)
    RightsAsset.objects.bulk_create(copies)
    return len(copies)


def current(version_id: int) -> list[RightsAsset]:
    """Return the assets of a version that no newer one replaces, by kind."""
    rows = RightsAsset.objects.select_related("courseware").filter(version_id=version_id, replaced_by__isnull=True)
    return list(rows.order_by("kind", "id"))


def _held(asset_id: int) -> tuple[RightsAsset, catalogue.Standing]:
    row = RightsAsset.objects.filter(pk=asset_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条版权登记，它可能已被删除。"), status=404)
    return row, catalogue.standing(row.version_id, hold=True)


def _audit(action: str, row: RightsAsset, by: Person, at: datetime, **details: object) -> None:
    words: dict[str, Any] = {"asset": row.pk, "kind": row.kind, "name": by.name, "schema_name": by.provider_schema, **details}
    actor = f"{'manager' if by.provider_schema else 'operator'}:{by.credential_id}"
    audit.record(action, actor=actor, target=f"course-version:{row.version_id}", at=at, **words)
