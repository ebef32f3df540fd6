"""The editor of common questions: list, editions, what nobody could answer. Operations only."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit.errors import DomainError
from infra.kit.marking import PERSONS
from public.helpdesk import articles, faq, gaps, marked
from public.helpdesk.forms import ArticleForm, initial_of
from public.helpdesk.models import Audience, Gap, Ticket
from public.helpdesk.views.desk import ROLE, desk_of, put
from public.operators import api as operators

PER_PAGE = 20


@require_GET
@operators.desk_page(ROLE)
def listing(request: HttpRequest, me: operators.Me) -> HttpResponse:
    """List questions; those that helped the fewest can come first."""
    get = request.GET
    chosen = {"text": get.get("q", "")[:60], "audience": get.get("audience", ""), "show": get.get("show", "")}
    page = Paginator(articles.listing(**chosen, sort=get.get("sort", "")), PER_PAGE).get_page(get.get("page"))
    values = {
        "page_title": _("常见问题"), "page": page, "audiences": Audience.choices, "chosen": get, "is_narrowed": any(chosen.values()),
        "shows": [(articles.UNHELPFUL, _("没帮上忙的")), (articles.NO_ENGLISH, _("缺英文")), (articles.RETIRED, _("已停用"))],
        "waiting": gaps.listing().count(),
    }  # fmt: skip
    return render(request, "helpdesk/desk/faq.html", {**operators.frame(request, me, "desk-faq"), **values})


@require_http_methods(["GET", "POST"])
@operators.desk_page(ROLE, label=PERSONS)
def new(request: HttpRequest, me: operators.Me) -> HttpResponse:
    """Write a question; ``gap`` names one that was asked, ``ticket`` one that a person answered."""
    gap = _number(request.POST.get("gap") or request.GET.get("gap", ""))
    form = ArticleForm(request.POST or None, initial=_begun(request, gap))
    if form.is_valid():
        desk = desk_of(request, me)
        try:
            uuid = (
                gaps.write_answer(gap=gap, said=form.said(), desk=desk)
                if gap
                else faq.write(words=form.said(), desk=desk, why=form.cleaned_data["why"])
            )
        except DomainError as refusal:
            if refusal.code == "forbidden":
                raise
            put(form, refusal)
        else:
            messages.success(request, _("已发布，马上能搜到。"))
            return redirect("desk-faq-entry", uuid)
    values = {"page_title": _("写常见问题"), "form": form, "gap": gap}
    frame = operators.frame(request, me, "desk-faq")
    return render(request, "helpdesk/desk/faq_new.html", {**frame, **values}, status=422 if form.errors else 200)


def _begun(request: HttpRequest, gap: int) -> dict[str, Any]:
    """Return what the form begins with. Of a ticket only the title, which the editor reads before it is published."""
    asked = Gap.objects.filter(pk=gap).first() if gap else None
    if asked is not None:
        return {"question": asked.text, "audiences": [asked.audience]}
    try:
        ticket = Ticket.objects.filter(uuid=UUID(request.GET.get("ticket", ""))).first()
    except ValueError:
        return {}
    if ticket is None:
        return {}
    return {"question": ticket.title, "audiences": [ticket.filer]}


@require_http_methods(["GET", "POST"])
@operators.desk_page(ROLE)
def entry(request: HttpRequest, me: operators.Me, article: UUID) -> HttpResponse:
    """Show a question with its editions and votes, and take another edition."""
    found = articles.detail(article)
    form = ArticleForm(request.POST or None, initial=initial_of(found.present))
    if form.is_valid():
        try:
            faq.write(words=form.said(), desk=desk_of(request, me), article=article, why=form.cleaned_data["why"])
        except DomainError as refusal:
            if refusal.code == "forbidden":
                raise
            put(form, refusal)
        else:
            messages.success(request, _("已发布新版本。"))
            return redirect("desk-faq-entry", article)
    values = {
        "page_title": found.present.question, "found": found, "form": form, "shown": marked.html(found.present.answer),
        "shown_en": marked.html(found.present.answer_en),
    }  # fmt: skip
    frame = operators.frame(request, me, "desk-faq")
    return render(request, "helpdesk/desk/faq_entry.html", {**frame, **values}, status=422 if form.errors else 200)


@require_POST
@operators.desk_page(ROLE)
def retire(request: HttpRequest, me: operators.Me, article: UUID) -> HttpResponse:
    """Take a question out of use."""
    faq.retire(article=article, desk=desk_of(request, me))
    messages.success(request, _("已停用，不再出现在搜索里。保存新版本可恢复。"))
    return redirect("desk-faq-entry", article)


@require_GET
@operators.desk_page(ROLE, label=PERSONS)
def asked(request: HttpRequest, me: operators.Me) -> HttpResponse:
    """List what was asked and not surely answered, the most asked first."""
    get = request.GET
    state, text = get.get("state", ""), get.get("q", "")[:60]
    page = Paginator(gaps.listing(state=state, text=text), PER_PAGE).get_page(get.get("page"))
    values = {
        "page_title": _("没有答案的提问"), "page": page, "states": Gap.State.choices, "chosen": get, "choices": articles.choices(),
        "nearest": articles.titles(one.near for one in page), "is_narrowed": bool(state or text),
    }  # fmt: skip
    return render(request, "helpdesk/desk/gaps.html", {**operators.frame(request, me, "desk-faq"), **values})


@require_POST
@operators.desk_page(ROLE, label=PERSONS)
def handle(request: HttpRequest, me: operators.Me, gap: int) -> HttpResponse:
    """Link a question to the answer that it is, or let it be."""
    desk, article = desk_of(request, me), request.POST.get("article", "")
    try:
        if request.POST.get("what") == "dismiss":
            gaps.dismiss(gap=gap, desk=desk)
        else:
            gaps.answer(gap=gap, article=UUID(article), desk=desk)
    except ValueError:
        messages.error(request, _("请先选择一条常见问题。"))
    except DomainError as refusal:
        if refusal.code == "forbidden":
            raise
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("已处理。"))
    return redirect("desk-faq-gaps")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
