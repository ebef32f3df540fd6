"""From draft to the reviewers' table."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit import canonical
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.operators.api import Me
from public.review.models import Finding, Submission
from public.review.services import laws, log, tasks


@transaction.atomic
def submit(*, version_id: int, me: Me, at: datetime) -> None:
    """Put one's own draft before the reviewers: keep its content, note the laws it names, open four tasks.

    :raises DomainError: ``not_author``; ``unanswered`` while a finding that must be mended has no answer; ``incomplete``,
        ``wrong_state``, ``not_found`` from the catalogue
    """
    found = catalogue.standing(version_id, hold=True)
    if found.author_id != me.credential_id:
        raise DomainError("not_author", _("只能提交自己编写的课程。"), status=403)
    _refuse_unanswered(version_id)
    catalogue.submit(version_id=version_id, by_id=me.credential_id, at=at)
    content = catalogue.content(version_id)
    submission = Submission.objects.create(
        version_id=version_id,
        number=Submission.objects.filter(version_id=version_id).count() + 1,
        content=content,
        digest=canonical.digest(content).hex(),
        by_id=me.credential_id,
        by_name=me.name,
        at=at,
    )
    laws.cite(version_id, content["legal_basis"])
    tasks.open_tasks(submission, author_id=found.author_id, at=at)
    log.write("course.submitted", version_id, me, at, submission=submission.number, digest=submission.digest)


def _refuse_unanswered(version_id: int) -> None:
    rows = Finding.objects.filter(version_id=version_id, state=Finding.State.OPEN, severity=Finding.Severity.MUST)
    open_ids = list(rows.order_by("id").values_list("pk", flat=True))
    if open_ids:
        message = _("还有 %(n)s 条“必须修改”的意见没有答复，请逐条说明如何修改后再提交。") % {"n": len(open_ids)}
        raise DomainError("unanswered", message, status=409, findings=open_ids)
