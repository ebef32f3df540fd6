"""Quizzes of a draft: a lesson that asks, and the points of a film on its timeline."""

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods

from infra.kit.errors import DomainError
from public.authoring.place import Place
from public.catalogue import api as catalogue
from public.catalogue.api import QuizView, authoring
from public.questions import api as questions

_MOST_FOUND = 40
_MOST_BODY = 64 * 1024
_LESSON_KINDS = tuple(kind for kind in questions.KINDS if kind != "text")


class QuizForm(forms.Form):
    """What a quiz asks, and when it is passed."""

    title = forms.CharField(label=_("标题"), max_length=120, initial=_("课程测验"))
    mode = forms.ChoiceField(
        label=_("出题方式"),
        choices=(("chosen", _("选定试题，人人相同，每次打乱次序")), ("drawn", _("每次从题库随机抽取"))),
        initial="chosen",
        widget=forms.RadioSelect(),
    )
    chosen = forms.CharField(required=False, widget=forms.HiddenInput(), max_length=20_000)
    count = forms.IntegerField(label=_("抽取题数"), min_value=1, max_value=50, initial=5, required=False)
    topics = forms.MultipleChoiceField(
        label=_("从哪些知识主题抽取"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        help_text=_("不选则从全部题目中抽取。"),
    )
    pass_score = forms.IntegerField(label=_("及格线（百分制）"), min_value=1, max_value=100, initial=80)
    tries = forms.IntegerField(
        label=_("可答次数"), min_value=0, max_value=10, initial=0, help_text=_("0 为不限；用完后须重学才能再答。")
    )
    restudy_minutes = forms.IntegerField(
        label=_("重学多少分钟"), min_value=0, max_value=240, initial=10, help_text=_("次数用完后，学员须重看课程这么久。")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["topics"].choices = [(topic, topic) for topic in questions.topics()]  # type: ignore[attr-defined]

    def clean_chosen(self) -> list[tuple[UUID, int]]:
        """Return the chosen questions in their order."""
        try:
            return read_chosen(json.loads(self.cleaned_data["chosen"] or "[]"))
        except (ValueError, DomainError) as error:
            raise forms.ValidationError(_("没有读懂所选试题，请刷新页面后重新选择。")) from error

    def clean(self) -> dict[str, Any]:
        """Ask for questions, or for a number."""
        found = dict(super().clean() or self.cleaned_data)
        if found.get("mode") == "chosen" and not found.get("chosen"):
            self.add_error(None, _("请至少选一道试题。"))
        if found.get("mode") == "drawn" and not found.get("count"):
            self.add_error("count", _("请填写抽取题数。"))
        if found.get("tries") and not found.get("restudy_minutes"):
            self.add_error("restudy_minutes", _("限制次数时，请填写重学多少分钟。"))
        return found

    def order(self) -> authoring.QuizOrder:
        """Return what was asked for; only for a valid form."""
        said = self.cleaned_data
        is_drawn = said["mode"] == "drawn"
        return authoring.QuizOrder(
            questions=() if is_drawn else said["chosen"],
            topics=said["topics"] if is_drawn else (),
            count=said["count"] if is_drawn else 0,
            pass_score=said["pass_score"],
            tries=said["tries"],
            restudy_minutes=said["restudy_minutes"],
        )


def read_chosen(data: Any) -> list[tuple[UUID, int]]:
    """Return questions and versions out of ``[{"question", "version"}]``.

    :raises DomainError: 422 ``bad_questions``
    """
    try:
        return [(UUID(str(one["question"])), int(one["version"])) for one in data]
    except (TypeError, KeyError, ValueError) as error:
        raise DomainError("bad_questions", _("没有读懂所选试题，请刷新页面后重新选择。"), status=422) from error


def told(item: dict[str, Any]) -> dict[str, Any]:
    """Return what the pages show of a question."""
    return {
        "question": str(item["question"]),
        "version": item["version"],
        "code": item["code"],
        "kind": str(questions.KINDS[item["kind"]]),
        "topic": item["topic"],
        "stem": item["stem"],
        "answer": _answer(item),
    }


def _answer(item: dict[str, Any]) -> str:
    texts = {option["key"]: option["text"] for option in item.get("options", [])}
    return "；".join(texts.get(one, one) if isinstance(one, str) else "/".join(one) for one in item.get("answer", []))


@require_GET
def find(request: HttpRequest, place: Place) -> HttpResponse:
    """Return questions to choose from: ``{"questions": [...], "more": bool}``; ``points`` leaves those that are answered by choosing."""
    kinds = questions.CHOICES if request.GET.get("points") else _LESSON_KINDS
    topic, words = request.GET.get("topic", "").replace("\0", ""), request.GET.get("q", "").replace("\0", "").split()[:5]
    rows = questions.published(topics=[topic] if topic else None, kinds=kinds)
    hits = [row for row in rows if all(word in row["stem"] or word.upper() in row["code"] for word in words)]
    return JsonResponse({"questions": [told(row) for row in hits[:_MOST_FOUND]], "more": len(hits) > _MOST_FOUND})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, place: Place, version_id: int) -> HttpResponse:
    """Make a quiz; the chapter is named in the address."""
    found = _draft(authoring.editor(version_id, by=place.writer))
    chapter = request.GET.get("chapter", "")
    form = QuizForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        authoring.add_quiz(
            version_id=version_id,
            title=form.cleaned_data["title"],
            order=form.order(),
            by=place.writer,
            chapter_id=int(chapter) if chapter.isdecimal() and len(chapter) < 18 else None,
        )
        messages.success(request, _("测验已添加。"))
        return place.go("version", version_id)
    return _form(request, place, found, form, title=_("添加测验"), quiz=None)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, place: Place, lesson_id: int) -> HttpResponse:
    """Change a quiz."""
    found = _draft(authoring.editor(authoring.version_of_lesson(lesson_id), by=place.writer))
    quiz = catalogue.quiz_of(lesson_id)
    form = QuizForm(request.POST or None, initial=_initial(quiz))
    if request.method == "POST" and form.is_valid():
        authoring.edit_quiz(lesson_id=lesson_id, title=form.cleaned_data["title"], order=form.order(), by=place.writer)
        messages.success(request, _("测验已保存。"))
        return place.go("version", found.version_id)
    return _form(request, place, found, form, title=_("编辑测验"), quiz=quiz)


def _draft(found: authoring.Editor) -> authoring.Editor:
    if not found.may_edit:
        raise DomainError("frozen", _("这一版已提交，内容不能再改。需要修改时，请新建一个版本。"), status=409)
    return found


def _initial(quiz: QuizView) -> dict[str, Any]:
    return {
        "title": quiz.lesson_title,
        "mode": "drawn" if quiz.count else "chosen",
        "count": quiz.count or 5,
        "topics": list(quiz.topics),
        "pass_score": quiz.pass_score,
        "tries": quiz.tries,
        "restudy_minutes": quiz.restudy_minutes or 10,
    }


def _form(
    request: HttpRequest, place: Place, found: authoring.Editor, form: QuizForm, *, title: object, quiz: QuizView | None
) -> HttpResponse:
    chosen = form.cleaned_data.get("chosen") if form.is_bound else None
    refs = [questions.Ref("shared", *one) for one in chosen] if chosen else _refs(quiz)
    context = {
        "page_title": title,
        "editor": found,
        "form": form,
        "chosen": _words(refs),
        "topics": questions.topics(),
        "back_url": place.url("version", found.version_id),
        "find_url": place.url("questions"),
    }
    return place.show(request, "quiz.html", context, status=422 if form.is_bound else 200)


def _refs(quiz: QuizView | None) -> list[questions.Ref]:
    return [questions.Ref(*ref) for ref in quiz.questions] if quiz else []


def _words(refs: list[questions.Ref]) -> list[dict[str, Any]]:
    known = questions.items(refs)
    return [told(known[ref]) for ref in refs if ref in known]


@ensure_csrf_cookie
@require_http_methods(["GET", "POST"])
def points(request: HttpRequest, place: Place, lesson_id: int) -> HttpResponse:
    """Show a film with its points; a post ``{"points": [{"at_ms", "on_wrong", "questions"}]}`` puts new ones in their place."""
    found = authoring.editor(authoring.version_of_lesson(lesson_id), by=place.writer)
    lesson = next(line for line in found.lessons if line.id == lesson_id)
    if request.method == "POST":
        authoring.save_points(lesson_id=lesson_id, points=_orders(request), by=place.writer)
        return JsonResponse({"points": _points(lesson_id)})
    if not lesson.speaks:
        raise DomainError("no_film", _("只有视频和音频课件可以在中间提问。"), status=422)
    context = {
        "page_title": _("视频中的提问"),
        "editor": found,
        "lesson": lesson,
        "topics": questions.topics(),
        "state": {"points": _points(lesson_id), "duration_ms": lesson.duration_ms, "may_edit": found.may_edit},
        "playlist_url": place.other("media-playlist", lesson.media_id) if not lesson.is_waiting else "",
        "back_url": place.url("version", found.version_id),
        "find_url": place.url("questions"),
    }
    return place.show(request, "points.html", context)


def _points(lesson_id: int) -> list[dict[str, Any]]:
    return [
        {"at_ms": one.at_ms, "on_wrong": one.on_wrong, "questions": _words(_refs(one))} for one in catalogue.points_of(lesson_id)
    ]


def _orders(request: HttpRequest) -> list[authoring.PointOrder]:
    """Read the points that a page sends.

    :raises DomainError: 422 ``bad_points``
    """
    try:
        if len(request.body) > _MOST_BODY:
            raise ValueError("too large")
        rows = json.loads(request.body)["points"]
        return [
            authoring.PointOrder(int(row["at_ms"]), read_chosen(row["questions"]), str(row.get("on_wrong", "again")))
            for row in rows
        ]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DomainError("bad_points", _("请求内容不完整，请刷新页面后重试。"), status=422) from error
