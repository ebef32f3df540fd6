"""The learner's archive, for the learner and for the manager; certificates as PDF."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from apps.people import api as people
from apps.plans import archive, queries
from apps.plans.signing import queries as signing
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError


def platform_origin(request: HttpRequest) -> str:
    """Return the platform's address as people reach it: its host with this request's scheme and port."""
    port = request.get_host().partition(":")[2]
    return f"{request.scheme}://{settings.PLATFORM_HOST}{f':{port}' if port else ''}"


@require_GET
@people.declares(people.Permission.SIGNED_IN)
def certificate_pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Return a certificate as PDF to the learner it is about, and to managers who see archives; nobody else learns that it exists.

    :raises DomainError: ``sign_in`` (401), ``not_found`` (404)
    """
    who = people.profile(request)
    if who.kind is None:
        raise DomainError("sign_in", _("请先登录。"), status=401)
    found = records.certificate(uuid)
    if not may_see(request, found.subject):
        raise DomainError("not_found", _("没有这份证明，请核对链接。"), status=404)
    response = HttpResponse(
        records.certificate_pdf(uuid, platform_origin=platform_origin(request)), content_type="application/pdf"
    )
    kind = "attachment" if "download" in request.GET else "inline"
    response["Content-Disposition"] = f'{kind}; filename="{found.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def may_see(request: HttpRequest, subject: UUID) -> bool:
    """Say whether the asker may see what is kept about a learner: the own, or as a manager who sees archives of that unit."""
    own = people.profile(request).learner
    if own is not None and own.uuid == subject:
        return True
    sees = people.Permission.ARCHIVE_SEE in people.permissions(request)
    return sees and people.is_within(subject, people.within(request))


@require_GET
@people.learner_page
@people.open_when_restricted
def learn_archive(request: HttpRequest) -> HttpResponse:
    """Show a learner everything that is kept about their training (clause 四.5)."""
    learner = people.profile(request).learner
    assert learner is not None  # noqa: S101 - `learner_page` lets nobody else in
    return render(request, "plans/learn_archive.html", _content(request, learner))


@require_GET
@people.manager_page(people.Permission.ARCHIVE_SEE)
def console_archive(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a manager one learner's archive."""
    return render(
        request, "plans/console_archive.html", _content(request, people.learner_by_uuid(uuid, within=people.within(request)))
    )


def _content(request: HttpRequest, learner: people.LearnerView) -> dict[str, object]:
    entries = records.entries_of(learner.uuid)
    signed = signing.signatures_of(learner.id)
    duties = queries.assignments_of(learner.id)
    papers = records.certificates_of(learner.uuid)
    worth = records.standings(papers, on=clock.shanghai_date(clock.now()))
    return {
        "learner": learner,
        "is_empty": not duties and all(entry.kind == "REGISTRATION" for entry in entries),
        "entries": archive.timeline(entries),
        "effective_ms": archive.effective_ms(entries),
        "certificates": [(paper, worth[paper.code]) for paper in papers],
        "touched": records.touching([one.uuid for one in papers]),
        "assignments": [(duty, signed.get(duty.uuid)) for duty in duties],
        "chain": records.verify_chain(learner.uuid),
        "origin": platform_origin(request),
    }
