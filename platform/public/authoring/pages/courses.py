"""Courses and their versions."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.authoring.forms import CourseForm, WordsForm
from public.authoring.place import Place
from public.authoring.shown import STATES, badge, editor_context
from public.catalogue.api import authoring
from public.operators.api import Me, Role
from public.review import api as review


@require_GET
def listing(request: HttpRequest, place: Place) -> HttpResponse:
    """List the writer's courses, each with its latest version; every filter lives in the address."""
    get = request.GET
    page = authoring.course_lines(
        by=place.writer,
        search=get.get("q", ""),
        state=get.get("state", ""),
        audience=get.get("audience", ""),
        topic=get.get("topic", ""),
        number=get.get("page", "1"),
    )
    context = {
        "page_title": _("自编课程") if place.is_enterprise else _("我的课程"),
        "page": page,
        "rows": [(line, badge(line.state, returned=line.returned)) for line in page],
        "states": STATES,
        "places": authoring.places(),
        "chosen": get,
        "is_filtered": any(get.get(name) for name in ("q", "state", "audience", "topic")),
    }
    return place.show(request, "courses.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, place: Place) -> HttpResponse:
    """Open a course with its first draft."""
    form = CourseForm(request.POST or None, by=place.writer)
    if request.method == "POST" and form.is_valid():
        try:
            version_id = _create(form, place)
        except DomainError as error:
            form.add_error(error.details.get("field"), error.message)
        else:
            messages.success(request, _("课程已建立，下一步添加章节和课件。"))
            return place.go("version", version_id)
    context = {"page_title": _("新建课程"), "form": form, "back_url": place.url()}
    return place.show(request, "new.html", context, status=_status(form))


@transaction.atomic
def _create(form: CourseForm, place: Place) -> int:
    at = clock.now()
    version_id = authoring.create_course(
        place=form.place,
        training_category=form.cleaned_data["training_category"],
        draft=form.draft(),
        serial=form.cleaned_data["serial"],
        is_private=form.cleaned_data.get("is_private", False),
        by=place.writer,
        at=at,
    )
    place.note("course.created", f"course-version:{version_id}", at)
    return version_id


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200


@require_POST
def next_version(request: HttpRequest, place: Place, course_id: int) -> HttpResponse:
    """Write the next draft; where one is open already, go there."""
    at = clock.now()
    try:
        with transaction.atomic():
            version_id = authoring.new_version(course_id=course_id, by=place.writer, at=at)
            place.note("course.new_version", f"course-version:{version_id}", at)
    except DomainError as error:
        if error.code != "draft_open":
            raise
        messages.info(request, error.message)
        return place.go("version", _visible(error.details["version_id"], place))
    messages.success(request, _("已按现行版本复制出新的草稿，修改后提交审核。"))
    return place.go("version", version_id)


def _visible(version_id: int, place: Place) -> int:
    """Return the version's id if this writer may see it.

    :raises DomainError: ``draft_elsewhere``: a colleague writes it
    """
    try:
        return authoring.editor(version_id, by=place.writer).version_id
    except DomainError as error:
        message = _("另一位作者正在编写这门课程的新版本，请等它发布后再新建。")
        raise DomainError("draft_elsewhere", message, status=409) from error


@require_GET
def editor(request: HttpRequest, place: Place, version_id: int) -> HttpResponse:
    """Show one version: chapters and lessons, what is missing, what can be done next."""
    return place.show(request, "editor.html", editor_context(place, version_id))


@require_http_methods(["GET", "POST"])
def words(request: HttpRequest, place: Place, version_id: int) -> HttpResponse:
    """Change the words of a draft."""
    found = authoring.editor(version_id, by=place.writer)
    initial = {**found.words, "trainer": found.words["trainer_id"]}
    form = WordsForm(request.POST or None, by=place.writer, initial=initial)
    if request.method == "POST" and form.is_valid():
        authoring.edit_version(version_id=version_id, draft=form.draft(), by=place.writer)
        messages.success(request, _("课程信息已保存。"))
        return place.go("version", version_id)
    context = {"page_title": _("课程信息"), "form": form, "editor": found, "back_url": place.url("version", version_id)}
    return place.show(request, "words.html", context, status=_status(form))


@require_POST
def discard(request: HttpRequest, place: Place, version_id: int) -> HttpResponse:
    """Delete a draft that was never submitted; a refusal says why it stays."""
    at = clock.now()
    try:
        with transaction.atomic():
            authoring.discard_draft(version_id=version_id, by=place.writer)
            place.note("course.draft_discarded", f"course-version:{version_id}", at)
    except DomainError as error:
        if error.code not in {"was_submitted", "draft_in_use", "frozen"}:
            raise
        messages.error(request, error.message)
        return place.go("version", version_id)
    messages.success(request, _("草稿已放弃。"))
    return place.go()


@require_POST
def submit(request: HttpRequest, place: Place, version_id: int) -> HttpResponse:
    """Put a draft before the reviewers; a refusal lists what is missing."""
    authoring.editor(version_id, by=place.writer)
    try:
        review.submit(version_id=version_id, me=_author(place), at=clock.now())
    except DomainError as error:
        if error.code not in {"incomplete", "wrong_state", "unanswered"}:
            raise
        messages.error(request, error.message)
    else:
        messages.success(request, _("已提交审核，内容已锁定。"))
    return place.go("version", version_id)


def _author(place: Place) -> Me:
    return Me(place.writer.author_id, place.writer.name, Role.AUTHOR)


@require_POST
def answer(request: HttpRequest, place: Place, version_id: int, finding_id: int) -> HttpResponse:
    """Say how a finding of the review was mended."""
    authoring.editor(version_id, by=place.writer)
    if finding_id not in {row.pk for row in review.findings(version_id)}:
        raise DomainError("not_found", _("没有找到这条审核意见，请刷新页面。"), status=404)
    text = request.POST.get("text", "").replace("\0", "")[:500]
    try:
        review.answer(finding_id=finding_id, text=text, me=_author(place), at=clock.now())
    except DomainError as error:
        if error.code not in {"text_missing", "wrong_state"}:
            raise
        messages.error(request, error.message)
    else:
        messages.success(request, _("答复已记录。"))
    return place.go("version", version_id)
