"""Trainers and their qualifications."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.authoring.forms import QualificationForm, TrainerForm
from public.authoring.place import Place
from public.catalogue.api import authoring
from public.uploads import api as uploads

PER_PAGE = 20
BADGES = {
    "VALID": ("proven", _("有效")),
    "SOON": ("attention", _("即将到期")),
    "EXPIRED": ("stop", _("已过期")),
    "FUTURE": ("neutral", _("未生效")),
}


@require_GET
def listing(request: HttpRequest, place: Place) -> HttpResponse:
    """List the trainers, each with the certificate that counts."""
    get = request.GET
    today = clock.shanghai_date(clock.now())
    found = authoring.trainers(by=place.writer, on=today, search=get.get("q", "").replace("\0", ""))
    chosen = get.get("standing", "")
    if chosen in BADGES:
        found = [line for line in found if line.best and line.best.standing == chosen]
    elif chosen == "NONE":
        found = [line for line in found if line.best is None]
    page = Paginator(found, PER_PAGE).get_page(get.get("page", "1"))
    rows = [(line, _badge(line.best)) for line in page]
    choices = [*((key, words) for key, (_tone, words) in BADGES.items()), ("NONE", _("未登记"))]
    context = {"page_title": _("讲师"), "page": page, "rows": rows, "standings": choices, "chosen": get}
    return place.show(request, "trainers.html", context, menu="trainers")


def _badge(certificate: authoring.Certificate | None) -> tuple[str, object]:
    return BADGES[certificate.standing] if certificate else ("attention", _("未登记资格"))


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, place: Place) -> HttpResponse:
    """Write a trainer down."""
    form = TrainerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        with transaction.atomic():
            trainer_id = authoring.add_trainer(**form.cleaned_data, by=place.writer)
            place.note("trainer.added", f"trainer:{trainer_id}", at)
        messages.success(request, _("讲师已添加，请登记资格证书。"))
        return place.go("trainer", trainer_id)
    context = {"page_title": _("添加讲师"), "form": form, "back_url": place.url("trainers")}
    return place.show(request, "trainer_new.html", context, menu="trainers", status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def detail(request: HttpRequest, place: Place, trainer_id: int) -> HttpResponse:
    """Show one trainer; a post changes name and words."""
    if request.method == "GET":
        return _detail(request, place, trainer_id)
    form = TrainerForm(request.POST)
    if not form.is_valid():
        return _detail(request, place, trainer_id, form=form)
    with transaction.atomic():
        authoring.edit_trainer(trainer_id=trainer_id, **form.cleaned_data, by=place.writer)
        place.note("trainer.edited", f"trainer:{trainer_id}", clock.now())
    messages.success(request, _("讲师信息已保存。"))
    return place.go("trainer", trainer_id)


def _detail(
    request: HttpRequest,
    place: Place,
    trainer_id: int,
    *,
    form: TrainerForm | None = None,
    certificate: QualificationForm | None = None,
) -> HttpResponse:
    line = authoring.trainer(trainer_id, by=place.writer, on=clock.shanghai_date(clock.now()))
    context = {
        "page_title": line.name,
        "trainer": line,
        "certificates": [(c, BADGES[c.standing]) for c in line.certificates],
        "form": form or TrainerForm(initial={"name": line.name, "about": line.about}),
        "certificate_form": certificate or QualificationForm(),
        "scan": _named(certificate),
        "back_url": place.url("trainers"),
    }
    return place.show(request, "trainer.html", context, menu="trainers", status=422 if form or certificate else 200)


def _named(form: QualificationForm | None) -> uploads.UploadView | None:
    """Return the scan that a form with mistakes already names, so that nobody uploads it twice."""
    known = form.cleaned_data.get("evidence") if form and "evidence" not in form.errors else None
    try:
        return uploads.upload(known) if known else None
    except DomainError:
        return None


@require_POST
def add_qualification(request: HttpRequest, place: Place, trainer_id: int) -> HttpResponse:
    """Write down a certificate."""
    form = QualificationForm(request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                authoring.add_qualification(trainer_id=trainer_id, **form.cleaned_data, by=place.writer)
                place.note("trainer.qualified", f"trainer:{trainer_id}", clock.now())
        except DomainError as error:
            field = error.details.get("field")
            if field not in form.fields:
                raise
            form.add_error(field, error.message)
        else:
            messages.success(request, _("资格已登记。"))
            return place.go("trainer", trainer_id)
    return _detail(request, place, trainer_id, certificate=form)


@require_GET
@never_cache
def evidence(request: HttpRequest, place: Place, qualification_id: int) -> HttpResponseBase:
    """Give the scan of one of the provider's certificates."""
    return scan(authoring.evidence_of(qualification_id, by=place.writer))


def scan(upload: UUID) -> HttpResponseBase:
    """Give an upload as a download, never to be run inside our pages."""
    found = uploads.upload(upload)
    try:
        file = uploads.open_upload(upload)
    except FileNotFoundError as error:
        raise DomainError("not_found", _("没有找到这份扫描件，请重新上传。"), status=404) from error
    response = FileResponse(file, as_attachment=True, filename=found.file_name)
    response["Content-Type"] = found.content_type or "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def remove_qualification(request: HttpRequest, place: Place, qualification_id: int) -> HttpResponse:
    """Take out a certificate that was written down by mistake."""
    with transaction.atomic():
        trainer_id = authoring.remove_qualification(qualification_id=qualification_id, by=place.writer)
        place.note("trainer.qualification_removed", f"trainer:{trainer_id}", clock.now())
    messages.success(request, _("资格记录已删除。"))
    return place.go("trainer", trainer_id)


@require_POST
def use(request: HttpRequest, place: Place, trainer_id: int) -> HttpResponse:
    """Let a trainer teach no new versions, or again."""
    teaches = request.POST.get("teaches") == "1"
    at = clock.now()
    with transaction.atomic():
        authoring.retire_trainer(trainer_id=trainer_id, teaches=teaches, by=place.writer, at=at)
        place.note("trainer.restored" if teaches else "trainer.retired", f"trainer:{trainer_id}", at)
    messages.success(request, _("已恢复，可在新课程中选用。") if teaches else _("已停用，新课程中不再出现；已有课程不变。"))
    return place.go("trainer", trainer_id)
