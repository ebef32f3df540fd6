"""The register of one version: what is missing, what is there, whether people appear, copying from another course."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.rights import queries, services
from public.rights.forms import CopyForm
from public.rights.gate import rights_gaps
from public.rights.models import Kind, PeopleAnswer
from public.rights.place import Place
from public.rights.views.shown import Line, line


@require_GET
def detail(request: HttpRequest, place: Place, version_id: int) -> HttpResponse:
    """Show the register of one version."""
    version, at = place.seen(version_id), clock.now()
    today = clock.shanghai_date(at)
    may_write, draft = place.may_write(version), version.state == "DRAFT"
    gaps = rights_gaps(version_id, at)
    sources = queries.sources(version_id, place.by) if may_write and draft else []
    context = {
        "page_title": _("版权登记"),
        "version": version,
        "back_url": place.course_url(version_id),
        "gaps": gaps,
        "lines": _ranked([line(row, today) for row in services.current(version_id)]),
        "former": [line(row, today) for row in queries.replaced(version_id)],
        "answer": PeopleAnswer.objects.filter(version_id=version_id).first(),
        "may_add": may_write and (draft or (version.state != "IN_REVIEW" and bool(gaps))),
        "may_amend": may_write and draft,
        "may_renew": may_write and version.state not in {"DRAFT", "IN_REVIEW"},
        "copy": CopyForm(sources=sources) if sources else None,
    }
    return place.show(request, "version.html", context)


def _ranked(lines: list[Line]) -> list[Line]:
    order = list(Kind)
    return sorted(lines, key=lambda shown: order.index(Kind(shown.row.kind)))


@require_POST
def people(request: HttpRequest, place: Place, version_id: int) -> HttpResponse:
    """Note whether people appear."""
    place.writable(version_id)
    answer = request.POST.get("people_appear")
    if answer not in {"yes", "no"}:
        raise DomainError("answer_missing", _("请先选择“有”或“没有”。"), field="people_appear")
    services.answer_people(version_id=version_id, people_appear=answer == "yes", by=place.by, at=clock.now())
    messages.success(request, _("已保存。"))
    return place.go(version_id)


@require_POST
def copy(request: HttpRequest, place: Place, version_id: int) -> HttpResponse:
    """Copy what one's other course has registered."""
    place.writable(version_id)
    form = CopyForm(request.POST, sources=queries.sources(version_id, place.by))
    if not form.is_valid():
        raise DomainError("unknown_source", _("请选择一门自己编写并已登记版权的课程。"), field="source")
    source = form.cleaned_data["source"]
    made = services.copy_assets(from_version=source, to_version=version_id, by=place.by, at=clock.now())
    words = ngettext("已复制 %(n)d 条登记，请逐条核对。", "已复制 %(n)d 条登记，请逐条核对。", made) % {"n": made}
    messages.success(request, words if made else _("没有需要复制的登记。"))
    return place.go(version_id)
