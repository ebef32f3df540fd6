"""The taxonomy on the desk: everybody who works with courses reads it, operations tend it."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.authoring.forms import TopicForm
from public.catalogue.api import authoring
from public.operators.api import Me, Role, desk_page, frame


@require_GET
@desk_page(Role.AUTHOR, Role.OPERATIONS)
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List the audiences."""
    context = {"page_title": _("课程分类"), "rows": authoring.topic_children(), "may_edit": me.role == Role.OPERATIONS}
    return render(request, "authoring/topics.html", {**frame(request, me, "desk-topics"), **context})


@require_http_methods(["GET", "POST"])
@desk_page(Role.AUTHOR, Role.OPERATIONS)
def detail(request: HttpRequest, me: Me, topic_id: int) -> HttpResponse:
    """Show one node and what stands under it; operations change how it reads."""
    form = None
    if request.method == "POST":
        _only_operations(me)
        form = TopicForm(request.POST)
        if form.is_valid():
            with transaction.atomic():
                authoring.edit_topic(topic_id=topic_id, **form.cleaned_data)
                _note("topic.edited", topic_id, me)
            messages.success(request, _("分类已保存。"))
            return redirect("desk-topic", topic_id)
    return _detail(request, me, topic_id, form)


def _detail(request: HttpRequest, me: Me, topic_id: int, form: TopicForm | None) -> HttpResponse:
    line = authoring.topic_line(topic_id)
    initial = {"title": line.title, "outline": line.outline, "position": line.position}
    context = {
        "page_title": line.title,
        "topic": line,
        "rows": authoring.topic_children(topic_id),
        "parent": authoring.topic_line(line.parent_id) if line.parent_id else None,
        "form": form or TopicForm(initial=initial),
        "may_edit": me.role == Role.OPERATIONS,
    }
    status = 422 if form else 200
    return render(request, "authoring/topic.html", {**frame(request, me, "desk-topics"), **context}, status=status)


@require_POST
@desk_page(Role.OPERATIONS)
def use(request: HttpRequest, me: Me, topic_id: int) -> HttpResponse:
    """Let no new courses stand under a node, or let them again."""
    again = request.POST.get("use") == "1"
    with transaction.atomic():
        if again:
            authoring.restore_topic(topic_id=topic_id)
        else:
            authoring.retire_topic(topic_id=topic_id, at=clock.now())
        _note("topic.restored" if again else "topic.retired", topic_id, me)
    messages.success(request, _("已恢复使用。") if again else _("已停用，新课程不能再选；已有课程不变。"))
    return redirect("desk-topic", topic_id)


def _only_operations(me: Me) -> None:
    if me.role != Role.OPERATIONS:
        raise DomainError("forbidden", _("分类由平台运营维护，需要修改请联系平台运营。"), status=403)


def _note(action: str, topic_id: int, me: Me) -> None:
    audit.record(action, actor=f"operator:{me.credential_id}", target=f"topic:{topic_id}", at=clock.now(), name=me.name)
