"""Writing a question: the whole, the parts of a case, pictures and films of its stem."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.authoring.bank.forms import BodyForm, QuestionForm
from public.authoring.bank.views import MENU
from public.operators.api import Me, Role, desk_page, frame
from public.questions import api as questions
from public.questions.api import bank

PART_KINDS = {key: words for key, words in questions.KINDS.items() if key != "case"}


@require_http_methods(["GET", "POST"])
@desk_page(Role.AUTHOR)
def new(request: HttpRequest, me: Me) -> HttpResponse:
    """Write a new question of the kind that the address names."""
    kind = request.GET.get("kind", "single")
    if kind not in questions.KINDS:
        raise DomainError("not_found", _("没有这种题型，请从题库列表重新选择。"), status=404)
    banks = list(bank.banks())
    if not banks:
        messages.info(request, _("请先建立一个题库。"))
        return redirect("desk-question-banks")
    form = QuestionForm(request.POST or None, kind=kind)
    into = request.POST.get("bank") or request.GET.get("bank") or str(banks[0].uuid)
    if request.method == "POST" and form.is_valid():
        chosen = next((one for one in banks if str(one.uuid) == into), None)
        if chosen is None:
            raise DomainError("no_bank", _("没有找到这个题库，请重新选择。"), status=404)
        (made,) = questions.add(bank=chosen.uuid, contents=[form.content], me=me, at=clock.now())
        return _saved(request, made.question.uuid, form.content)
    context = {"page_title": _("新建试题"), "banks": banks, "into": into, "kinds": questions.KINDS.items()}
    return _editor(request, me, form, context)


def _saved(request: HttpRequest, question: UUID, content: dict[str, Any]) -> HttpResponse:
    messages.success(request, _("草稿已保存。"))
    if content["kind"] == "case" and not content["parts"]:
        return redirect("desk-question-edit", question)
    return redirect("desk-question", question)


def _editor(request: HttpRequest, me: Me, form: BodyForm, context: dict[str, Any]) -> HttpResponse:
    values = {"form": form, "kind": form.kind, "kind_name": questions.KINDS[form.kind], "topics": questions.topics(), **context}
    status = 422 if form.is_bound else 200
    return render(request, "authoring/bank/editor.html", {**frame(request, me, MENU), **values}, status=status)


def _draft(question: UUID, me: Me) -> Any:
    """Return the draft of a question that ``me`` may edit.

    :raises DomainError: ``not_found``; ``not_author``, ``not_draft`` from `questions.own_draft`
    """
    newest = bank.question(question).versions.all()[0]
    return questions.own_draft(newest.pk, me)


@require_http_methods(["GET", "POST"])
@desk_page(Role.AUTHOR)
def edit(request: HttpRequest, me: Me, question: UUID) -> HttpResponse:
    """Change one's own draft."""
    row = _draft(question, me)
    form = QuestionForm(request.POST or None, kind=row.kind, content=row.content)
    if request.method == "POST" and form.is_valid():
        kept = {key: row.content[key] for key in ("media", "parts") if key in row.content}
        content = {**form.content, **kept}
        questions.save(version_id=row.pk, content=content, me=me)
        return _saved(request, question, content)
    parts = [
        {"no": no, "kind": questions.KINDS[part["kind"]], "stem": part["stem"], "answer": questions.answer_words(part)}
        for no, part in enumerate(row.content.get("parts", []), 1)
    ]
    context = {
        "page_title": row.question.code,
        "question": row.question,
        "draft": row,
        "parts": parts,
        "part_kinds": PART_KINDS.items(),
        "media": row.content.get("media", []),
    }
    return _editor(request, me, form, context)


@require_http_methods(["GET", "POST"])
@desk_page(Role.AUTHOR)
def part(request: HttpRequest, me: Me, question: UUID, no: int) -> HttpResponse:
    """Write part ``no`` of one's own case; one more than there are adds one, of the kind that the address names."""
    row = _draft(question, me)
    parts = list(row.content.get("parts", []))
    if row.kind != "case" or not 1 <= no <= len(parts) + 1:
        raise DomainError("not_found", _("没有这道小题，请从试题页面重新进入。"), status=404)
    former = parts[no - 1] if no <= len(parts) else None
    kind = former["kind"] if former else request.GET.get("kind", "single")
    if kind not in PART_KINDS:
        raise DomainError("not_found", _("没有这种题型，请从试题页面重新选择。"), status=404)
    form = BodyForm(request.POST or None, kind=kind, content=former)
    if request.method == "POST" and form.is_valid():
        parts[no - 1 : no] = [{"media": former["media"] if former else [], **form.body}]
        questions.save(version_id=row.pk, content={**row.content, "parts": parts}, me=me)
        messages.success(request, _("小题已保存。"))
        return redirect("desk-question-edit", question)
    title = _("第 %(n)s 小题") % {"n": no}
    return _editor(
        request, me, form, {"page_title": title, "question": row.question, "is_part": True, "story": row.content["stem"]}
    )


@require_POST
@desk_page(Role.AUTHOR)
def drop_part(request: HttpRequest, me: Me, question: UUID, no: int) -> HttpResponse:
    """Take a part out of one's own case."""
    row = _draft(question, me)
    parts = list(row.content.get("parts", []))
    if not 1 <= no <= len(parts):
        raise DomainError("not_found", _("没有这道小题，请从试题页面重新进入。"), status=404)
    del parts[no - 1]
    questions.save(version_id=row.pk, content={**row.content, "parts": parts}, me=me)
    messages.success(request, _("小题已移除。"))
    return redirect("desk-question-edit", question)


@require_POST
@desk_page(Role.AUTHOR)
def add_media(request: HttpRequest, me: Me, question: UUID) -> HttpResponse:
    """Put a picture or a film into the stem of one's own draft."""
    row = _draft(question, me)
    try:
        upload = UUID(request.POST.get("upload", ""))
    except ValueError as error:
        raise DomainError("unknown_upload", _("没有收到文件，请等上传检查通过后再点“放进题干”。"), status=422) from error
    kept = questions.media.keep(upload=upload, alt=request.POST.get("alt", ""), owner_id=me.credential_id)
    questions.save(version_id=row.pk, content={**row.content, "media": [*row.content.get("media", []), kept]}, me=me)
    messages.success(request, _("已放进题干。"))
    return redirect("desk-question-edit", question)


@require_POST
@desk_page(Role.AUTHOR)
def drop_media(request: HttpRequest, me: Me, question: UUID, no: int) -> HttpResponse:
    """Take a picture or a film out of the stem of one's own draft; versions that show it keep it."""
    row = _draft(question, me)
    left = [one for n, one in enumerate(row.content.get("media", []), 1) if n != no]
    questions.save(version_id=row.pk, content={**row.content, "media": left}, me=me)
    messages.success(request, _("已从题干移除。"))
    return redirect("desk-question-edit", question)


@require_GET
@desk_page(Role.AUTHOR, Role.REVIEWER, Role.OPERATIONS)
def media(request: HttpRequest, me: Me, key: str) -> HttpResponseBase:
    """Show a picture or a film of a stem to the people of the desk."""
    return questions.media.serve(request, key)
