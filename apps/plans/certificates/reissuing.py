"""Reissue: a right certificate in place of one that was revoked for its words; judged like a completion, on what is known today."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans import queries
from apps.plans.certificates import telling
from apps.plans.certificates.queries import duty_of
from apps.plans.classes import credit
from apps.plans.models import Assignment
from apps.plans.ports import CREDIT
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit


def differences(*, certificate: UUID, by: records.Decider, within: people.Units) -> list[records.Difference]:
    """Return what the new certificate would say differently; never nothing. Changes nothing.

    :raises DomainError: as :func:`reissue`
    """
    duty = duty_of(certificate, within=within)
    paper = records.certificate(certificate)
    return records.reissue_differences(certificate, now=_facts(duty.pk, paper), by=by)


@transaction.atomic
def reissue(*, certificate: UUID, by: records.Decider, within: people.Units, at: datetime) -> records.CertificateView:
    """Issue a right certificate in place of a revoked one, let the duty stand on it, and tell the learner. Asked again, returns the same.

    :raises DomainError: 404 ``not_found``, also outside the units ``within``; 409 ``restricted``, ``not_complete``; and as
        `apps.records` ``reissue_certificate``
    """
    duty = Assignment.objects.select_for_update().get(pk=duty_of(certificate, within=within).pk)
    paper = records.certificate(certificate)
    known = records.standings([paper], on=clock.shanghai_date(at))[paper.code].replaced
    if known is not None:  # whatever is known of the person today
        return next(one for one in records.certificates_of(paper.subject) if one.code == known.other_code)
    now = _facts(duty.pk, paper)
    new = records.reissue_certificate(certificate=certificate, now=now, by=by, at=at)
    duty.certificate_id, duty.earned_ms = new.id, now.earned_ms
    duty.save(update_fields=["certificate", "earned_ms"])
    telling.reissued(paper, new, at=at)
    audit.record("certificates.reissued", actor=f"manager:{by.id}", target=f"certificate:{new.uuid}", at=at)
    return new


def _facts(duty_id: int, paper: records.CertificateView) -> records.FactsNow:
    """Return what is known today; refused where that would not be enough for a certificate."""
    row = queries.loaded().get(pk=duty_id)
    learner, view = people.learner(row.learner_id), queries.assignment_view(row)
    if learner.is_restricted:
        words = _("本人的信息已限制处理或已删除，不能换发证明。")
        raise DomainError("restricted", words, status=409)
    earned = CREDIT.get().earned_ms(learner_id=row.learner_id, courseware_ids=view.courseware_ids)
    standing = queries.standing_from(view, earned, queries.quizzes_done(row.learner_id, view.quiz_ids))
    needed = paper.body["exam_pass_score"]
    if not standing.learning_done or (needed is not None and (row.exam_score or 0) < needed):
        words = _("按现在的记录，学时或考试成绩没有达到发证条件，不能换发。请安排本人补学补考，达到后再换发。")
        raise DomainError("not_complete", words, status=409)
    course_ms = {one.code: sum(earned.get(key, 0) for key in one.coursewares) for one in view.courses}
    course_ms |= {credit.code(seat): seat.credit_ms for seat in credit.attended(row.learner_id, row.plan_id)}
    return records.FactsNow(learner.name, learner.masked_id, standing.earned_ms, course_ms, row.exam_score)
