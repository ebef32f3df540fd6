"""Pages of complainants, on the platform's host and on every enterprise's.

What is read and written of complaints is the platform's, wherever the page stands: each service is called while standing there, and
nothing else is, so that sessions, people and courses stay the enterprise's own.
"""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.complaints import attaching, filing, following, promises, queries
from public.complaints.diary import FILER
from public.complaints.forms import FilingForm, RatingForm, ReopenForm, ReplyForm, TrackForm
from public.complaints.ports import PEOPLE, Person
from public.complaints.shapes import CaseView, Draft
from public.helpdesk.api import Lost
from tenants.addresses import client_ip
from tenants.api import platform_scope, require

_CODE = "complaint_code"
"""Session key: the code of what was just filed, until the complainant says that it is noted down."""


@never_cache
@sensitive_post_parameters("name", "mobile", "mail", "text")
@require_http_methods(["GET", "POST"])
def file(request: HttpRequest) -> HttpResponse:
    """Take a complaint; whoever is signed in on an enterprise's site is known to be a learner or a manager of it."""
    here, person = require(), _person(request)
    course = _course(request)
    form = FilingForm(request.POST or None, initial=_initial(person, course), with_company=here.is_platform)
    if form.is_valid():
        draft = Draft(
            category=form.cleaned_data["category"],
            title=form.cleaned_data["title"],
            text=form.whole_text(),
            contact=form.contact(),
            schema_name="" if here.is_platform else here.schema,
            filer=person.filer if person else "PUBLIC",
            subject=person.subject if person else None,
            version_id=course.version_id if course else None,
        )
        try:
            with platform_scope():
                receipt = filing.file(draft=draft, at=clock.now(), ip=client_ip(request))
        except DomainError as refusal:
            _put(form, refusal)
        else:
            request.session[attaching.SESSION] = {"pk": receipt.pk, "uuid": str(receipt.uuid)}
            request.session[_CODE] = receipt.code
            return redirect("complaint-case")
    with platform_scope():
        times = promises.holding(clock.shanghai_date(clock.now()))
    values = {"form": form, "course": course, "times": times}
    return render(request, "complaints/file.html", values, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Open a complaint by number and code."""
    form = TrackForm(request.POST or None)
    status = 200
    if form.is_valid():
        try:
            with platform_scope():
                row = following.open_case(**form.cleaned_data, ip=client_ip(request))
        except DomainError as refusal:
            _put(form, refusal)
            status = refusal.status
        else:
            request.session[attaching.SESSION] = {"pk": row.pk, "uuid": str(row.uuid)}
            request.session.pop(_CODE, None)
            return redirect("complaint-case")
    return render(request, "complaints/track.html", {"form": form}, status=status if status != 200 or not form.errors else 422)


@never_cache
@require_GET
def case(request: HttpRequest) -> HttpResponse:
    """Show how one's complaint stands."""
    found = _own(request)
    return _case(request, found) if found else redirect("complaint-track")


@require_POST
def noted(request: HttpRequest) -> HttpResponse:
    """Forget the code: the complainant has noted it down."""
    request.session.pop(_CODE, None)
    return redirect("complaint-case")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the complaint on this device, which may be somebody else's."""
    request.session.pop(_CODE, None)
    request.session.pop(attaching.SESSION, None)
    return redirect("complaint-track")


@never_cache
@sensitive_post_parameters("text", "reason", "words")
@require_POST
def act(request: HttpRequest, action: str) -> HttpResponse:
    """Answer, rate, reopen or withdraw."""
    found = _own(request)
    if found is None:
        return redirect("complaint-track")
    at, uuid = clock.now(), found.uuid
    form = _FORMS[action](request.POST) if action in _FORMS else None
    if action != "withdraw" and form is None:
        raise DomainError("unknown_action", _("页面已更新，请返回后重试。"), status=404)
    if form is not None and not form.is_valid():
        return _case(request, found, **{action: form}, status=422)
    said: dict[str, Any] = form.cleaned_data if form else {}
    try:
        with platform_scope():
            if action == "reply":
                following.reply(complaint=uuid, text=said["text"], at=at)
            elif action == "rate":
                following.rate(complaint=uuid, stars=said["stars"], text=said["words"], at=at)
            elif action == "reopen":
                following.reopen(complaint=uuid, reason=said["reason"], at=at)
            else:
                following.withdraw(complaint=uuid, at=at)
    except DomainError as refusal:
        if form is None or refusal.status not in {409, 422, 429}:
            raise
        if refusal.status == HTTPStatus.CONFLICT:  # it has gone on meanwhile, and the form is no longer there
            return _case(request, found, status=refusal.status, lost=Lost.of(refusal, said))
        _put(form, refusal)
        return _case(request, found, **{action: form}, status=refusal.status)
    return redirect("complaint-case")


_FORMS: dict[str, Any] = {"reply": ReplyForm, "rate": RatingForm, "reopen": ReopenForm}


@require_POST
def attach(request: HttpRequest) -> HttpResponse:
    """Answer the upload widget: the finished file belongs to the complaint; the list of files comes back."""
    found = _own(request)
    if found is None:
        raise DomainError("no_case", _("请先凭编号和查询码打开投诉。"), status=403)
    try:
        upload = UUID(request.POST.get("upload", ""))
    except ValueError as error:
        raise DomainError("unknown_upload", _("没有收到文件，请重新上传。")) from error
    place, at = require(), clock.now()
    with platform_scope():
        schema = "" if place.is_platform else place.schema
        attaching.attach(complaint=found.uuid, upload=upload, provider_schema=schema, at=at)
        found = queries.case_view(found.pk, at=at)
    return render(request, "complaints/_files.html", {"case": found, "oob": True})


@require_GET
def download(request: HttpRequest, upload: UUID) -> HttpResponseBase:
    """Give complainants back what they attached."""
    found = _own(request)
    if found is None:
        return redirect("complaint-track")
    with platform_scope():
        return attaching.download(found.pk, upload, by=FILER)


def _own(request: HttpRequest) -> CaseView | None:
    known = request.session.get(attaching.SESSION)
    if not known:
        return None
    with platform_scope():
        return queries.case_view(known["pk"], at=clock.now())


def _case(request: HttpRequest, found: CaseView, *, status: int = 200, lost: Lost | None = None, **forms: Any) -> HttpResponse:
    if lost:  # what it has come to
        with platform_scope():
            found = queries.case_view(found.pk, at=clock.now()) or found
    values = {
        "case": found,
        "lost": lost,
        "steps": [{"at": s.at, "title": s.title, "text": s.text, "tone": s.tone} for s in found.steps],
        "code": request.session.get(_CODE, ""),
        "most_files": attaching.MOST,
        **{name: forms.get(name) or form() for name, form in _FORMS.items()},
    }
    return render(request, "complaints/case.html", values, status=status)


def _person(request: HttpRequest) -> Person | None:
    """Return who is signed in on an enterprise's site; on the platform nobody is asked."""
    return None if require().is_platform else PEOPLE.get().person(request)


def _course(request: HttpRequest) -> catalogue.CourseCard | None:
    """Return the course that a page of an enterprise named, as far as it may see it; the platform's host knows drafts, so none there."""
    if require().is_platform:
        return None
    named = request.POST.get("course") or request.GET.get("course", "")
    if not (named.isdecimal() and len(named) < 19):
        return None
    return catalogue.course(int(named)).card


def _initial(person: Person | None, course: catalogue.CourseCard | None) -> dict[str, Any]:
    return {"name": person.name if person else "", "category": "CONTENT" if course else ""}


def _put(form: Any, refusal: DomainError) -> None:
    field = refusal.details.get("field")
    form.add_error(field if field in form.fields else None, str(refusal.message))
