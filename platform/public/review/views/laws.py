"""Laws, who stands on them, and their changes."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.operators.api import Me, Role, desk_page, frame
from public.questions import api as questions
from public.review.forms import ArticleForm, ChangeForm
from public.review.queries import laws as queries
from public.review.services import laws

PER_PAGE = 30


@require_GET
@desk_page(Role.OPERATIONS)
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List the articles that versions name."""
    return _listing(request, me)


def _listing(request: HttpRequest, me: Me, *, form: ArticleForm | None = None, status: int = 200) -> HttpResponse:
    get = request.GET
    rows = queries.articles(search=get.get("q", "").replace("\0", ""), changed=bool(get.get("changed")))
    context = {
        "page_title": _("法规变化"),
        "page": Paginator(rows, PER_PAGE).get_page(get.get("page", "1")),
        "form": form or ArticleForm(),
        "adding": form is not None,
        "chosen": get,
    }
    return render(request, "review/laws.html", {**frame(request, me, "desk-laws"), **context}, status=status)


@require_POST
@desk_page(Role.OPERATIONS)
def add(request: HttpRequest, me: Me) -> HttpResponse:
    """Enter an article that no version named so far."""
    form = ArticleForm(request.POST)
    if form.is_valid():
        try:
            row = laws.add_article(me=me, at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.details.get("field"), error.message)
        else:
            return redirect("desk-law", row.pk)
    return _listing(request, me, form=form, status=422)


@require_http_methods(["GET", "POST"])
@desk_page(Role.OPERATIONS)
def detail(request: HttpRequest, me: Me, article_id: int) -> HttpResponse:
    """Show one article with the published versions that stand on it; mark it as changed."""
    row = queries.article(article_id)
    if row is None:
        raise DomainError("not_found", _("没有找到这个条款。请从法规列表重新进入。"), status=404)
    form = ChangeForm(request.POST or None, initial={"changed_on": clock.shanghai_date(clock.now())})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                found = laws.mark_changed(article_id=article_id, me=me, at=clock.now(), **form.cleaned_data)
            except DomainError as error:
                form.add_error(error.details.get("field"), error.message)
            else:
                said = ngettext(
                    "已标记，%(n)s 门课程进入复审，相关企业已收到通知。",
                    "已标记，%(n)s 门课程进入复审，相关企业已收到通知。",
                    len(found),
                )
                messages.success(request, said % {"n": len(found)})
                return redirect("desk-law", article_id)
    ids = queries.citing(row)
    context = {
        "page_title": str(row),
        "row": row,
        "form": form,
        "versions": catalogue.labels(ids).values(),
        "questions": questions.bank.naming(row.law, row.article),
        "questions_query": urlencode({"law": row.law, "article": row.article}),
    }
    return render(request, "review/law.html", {**frame(request, me, "desk-laws"), **context}, status=status)
