"""Sending to the platform and taking back, and what the enterprise has chosen."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.community.threads import checking, desk, locking, policy, rules, sharing
from apps.community.threads.forms import BannedForm, CannedForm, PostForm, RuleForm, ShareForm
from apps.community.threads.views.common import chosen_post, manager, refused
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError

MODERATE = people.Permission.TALK_MODERATE


@require_http_methods(["GET", "POST"])
@people.manager_page(MODERATE)
def share(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Rewrite a question, with an answer (``post`` in the address) for everybody or without one for the platform to answer."""
    row = desk.one(thread, within=people.within(request))
    named = request.GET.get("post", "")
    post = next((one for one in row.posts.all() if str(one.uuid) == named), None)
    if named and post is None:
        raise locking.not_found()
    if request.method == "GET":
        drafted = sharing.draft(row, post)
        form = ShareForm(initial={"question": drafted.question, "answer": drafted.answer})
        return _share(request, {"thread": row, "post": post, "form": form}, status=200)
    form = ShareForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            sharing.propose(
                thread=thread,
                post=post.uuid if post else None,
                by=manager(request),
                within=people.within(request),
                at=clock.now(),
                **form.cleaned_data,
            )
            messages.success(request, _("已提交平台，处理结果会通知您。"))
            return redirect("console-question", thread)
        except DomainError as error:
            refused(form, error)
            status = error.status
    return _share(request, {"thread": row, "post": post, "form": form}, status=status)


def _share(request: HttpRequest, values: dict[str, object], *, status: int) -> HttpResponse:
    return render(request, "community/threads/console_share.html", values, status=status)


@require_POST
@people.manager_page(MODERATE)
def pull_back(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Take back what was sent to the platform."""
    if sent := chosen_post(PostForm(request.POST)):
        sharing.pull_back(sent=sent, by=manager(request), within=people.within(request), at=clock.now())
        messages.success(request, _("已撤回，其他企业不再看到。"))
    return redirect("console-question", thread)


@require_http_methods(["GET", "POST"])
@people.manager_page(MODERATE)
def settings(request: HttpRequest) -> HttpResponse:
    """Show and change what the enterprise has chosen: rule, banned words, canned answers; each form says what it is."""
    now = policy.rule()
    forms: dict[str, Form] = {
        "rule": RuleForm(initial={name: getattr(now, name) for name in now.__slots__}),
        "banned": BannedForm(initial={"words": "\n".join(policy.banned())}),
        "canned": CannedForm(prefix="canned"),
    }
    status = 200
    if request.method == "POST":
        what = request.POST.get("form", "")
        if what == "remove" and (uuid := chosen_post(PostForm(request.POST))):
            policy.remove_canned(uuid=uuid)
            return redirect("console-question-settings")
        if what in forms:
            prefix = "canned" if what == "canned" else None
            forms[what] = type(forms[what])(request.POST, prefix=prefix)
            if _saved(request, what, forms[what]):
                messages.success(request, _("设置已保存。"))
                return redirect("console-question-settings")
        status = 422
    values = {"forms": forms, "history": policy.history(), "canned": policy.canned(), "built_in": checking.built_in()}
    return render(request, "community/threads/console_settings.html", values, status=status)


def _saved(request: HttpRequest, what: str, form: Form) -> bool:
    if not form.is_valid():
        return False
    said, by, at = form.cleaned_data, manager(request).id, clock.now()
    try:
        if what == "rule":
            policy.set_rule(wanted=rules.Rule(**said), by=by, at=at)
        elif what == "banned":
            policy.set_banned(words=said["words"], by=by, at=at)
        else:
            policy.add_canned(title=said["title"], words=said["words"], at=at)
    except DomainError as error:
        refused(form, error)
        return False
    return True
