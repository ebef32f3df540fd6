"""What is refused at the register's door."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.rights import rules
from public.rights.gate import rights_gaps
from public.rights.models import Kind, Licence, RightsAsset
from public.uploads import api as uploads

if TYPE_CHECKING:
    from public.rights.services import Facts, Person

EVIDENCE_KINDS = frozenset({"document", "image"})
LEAST_STATEMENT = 10


def _frozen(text: object) -> DomainError:
    return DomainError("frozen", text, status=409)


def refuse_unless_draft(version: catalogue.Standing) -> None:
    """Refuse a change once the version was submitted.

    :raises DomainError: ``frozen``
    """
    if version.state != "DRAFT":
        raise _frozen(_("课程已提交，版权登记不能再修改。已发布的课程可以“更新授权”，原记录会保留。"))


def refuse_in_review(version: catalogue.Standing) -> None:
    """Refuse while the reviewers have it.

    :raises DomainError: ``frozen``
    """
    if version.state == "IN_REVIEW":
        raise _frozen(_("课程正在审核，内容已锁定。请等审核退回后再修改。"))


def refuse_renewal(version: catalogue.Standing) -> None:
    """Refuse a replacement where there is nothing published to keep.

    :raises DomainError: ``frozen``
    """
    refuse_in_review(version)
    if version.state == "DRAFT":
        raise _frozen(_("草稿可以直接修改，不需要更新授权。"))


def refuse_frozen(version: catalogue.Standing, at: datetime) -> None:
    """Refuse a new entry, except in a draft and where a published version still lacks something.

    :raises DomainError: ``frozen``
    """
    refuse_in_review(version)
    if version.state != "DRAFT" and not rights_gaps(version.version_id, at):
        raise _frozen(_("这门课程的版权登记已经齐全，不能再增加。授权变化时请用“更新授权”。"))


def check_facts(facts: Facts, version: catalogue.Standing, by: Person, *, known_evidence: UUID | None = None) -> None:
    """Refuse facts that cannot be true.

    :raises DomainError: ``unknown_kind``, ``unknown_licence``, ``text_missing``, ``bad_period``, ``wrong_lesson``, ``wrong_licence``,
        ``bad_statement``, ``not_your_upload``, and what `uploads.require_ready` refuses; ``field`` names the field
    """
    _check_words(facts)
    if facts.valid_to is not None and facts.valid_to < facts.valid_from:
        raise DomainError("bad_period", _("截止日期不能早于开始日期。"), field="valid_to")
    if facts.courseware_id is not None and facts.courseware_id not in {
        lesson.id for lesson in catalogue.lesson_kinds([version.version_id])
    }:
        raise DomainError("wrong_lesson", _("所选课件不属于这门课程，请重新选择。"), field="courseware_id")
    _check_statement(facts, version, by)
    if facts.evidence is not None and facts.evidence != known_evidence:
        found = uploads.require_ready(facts.evidence, kinds=EVIDENCE_KINDS)
        if (found.owner_id, found.provider_schema) != (by.credential_id, by.provider_schema):
            raise DomainError("not_your_upload", _("授权证明须由登记人自己上传，请重新上传。"), field="evidence")


def _check_words(facts: Facts) -> None:
    if facts.kind not in Kind.values:
        raise DomainError("unknown_kind", _("请选择素材类别。"), field="kind")
    if facts.licence not in Licence.values:
        raise DomainError("unknown_licence", _("请选择授权方式。"), field="licence")
    for field, words in (("title", facts.title), ("holder", facts.holder)):
        if not words.strip() or "\0" in words:
            raise DomainError("text_missing", _("请填写素材名称和权利人。"), field=field)
    if (facts.kind == Kind.PORTRAIT) != (facts.licence == Licence.PORTRAIT):
        raise DomainError("wrong_licence", _("肖像须选“肖像权人同意”，其他素材不能选它。"), field="licence")


def _check_statement(facts: Facts, version: catalogue.Standing, by: Person) -> None:
    if not facts.statement:
        return
    if facts.licence != Licence.OWN:
        raise DomainError("bad_statement", _("只有自己创作的素材可以用声明代替授权证明，请上传证明文件。"), field="statement")
    if by.author_id != version.author_id:
        raise DomainError("bad_statement", _("原创声明只能由课程作者本人签署。"), field="statement")
    if len(facts.statement.strip()) < LEAST_STATEMENT:
        raise DomainError("bad_statement", _("声明至少写 10 个字，说明由谁、在何时创作。"), field="statement")


def refuse_what_the_gate_would(asset: RightsAsset, at: datetime) -> None:
    """Refuse a replacement that is itself not in order.

    :raises DomainError: ``not_in_order`` with the problems in words
    """
    problems = rules.state_of(asset, clock.shanghai_date(at)).problems
    if problems:
        message = _("更新后的授权还不完整：%(why)s。") % {"why": "；".join(problems)}
        raise DomainError("not_in_order", message, problems=list(problems))
