"""Pages of questions and answers on an enterprise's host."""

from django.urls import path

from apps.community.threads.views import desk, learner, sending

_COURSE, _MINE, _DESK = (
    "learn/questions/courses/<uuid:assignment>/<int:course_version>",
    "learn/questions/<uuid:thread>",
    "console/questions",
)

urlpatterns = [
    path("learn/questions", learner.mine, name="learn-questions"),
    path(_COURSE, learner.course, name="learn-course-questions"),
    path(f"{_COURSE}/ask", learner.ask, name="learn-ask"),
    path(f"{_COURSE}/similar", learner.similar, name="learn-similar"),
    path(_MINE, learner.question, name="learn-question"),
    path(f"{_MINE}/edit", learner.mend, name="learn-question-edit"),
    path(f"{_MINE}/vote", learner.vote, name="learn-question-vote"),
    path(f"{_MINE}/best", learner.best, name="learn-question-best"),
    path(f"{_MINE}/close", learner.close, name="learn-question-close"),
    path(f"{_MINE}/report", learner.report, name="learn-question-report"),
    path(f"{_MINE}/pictures/<uuid:said>", learner.shown_picture, name="learn-question-picture"),
    path(_DESK, desk.listing, name="console-questions"),
    path(f"{_DESK}/settings", sending.settings, name="console-question-settings"),
    path(f"{_DESK}/<uuid:thread>", desk.question, name="console-question"),
    path(f"{_DESK}/<uuid:thread>/claim", desk.claim, name="console-question-claim"),
    path(f"{_DESK}/<uuid:thread>/edit", desk.mend, name="console-question-edit"),
    path(f"{_DESK}/<uuid:thread>/best", desk.best, name="console-question-best"),
    path(f"{_DESK}/<uuid:thread>/duplicate", desk.duplicate, name="console-question-duplicate"),
    path(f"{_DESK}/<uuid:thread>/close", desk.close, name="console-question-close"),
    path(f"{_DESK}/<uuid:thread>/hide", desk.hide, name="console-question-hide"),
    path(f"{_DESK}/<uuid:thread>/restore", desk.restore, name="console-question-restore"),
    path(f"{_DESK}/<uuid:thread>/keep", desk.keep, name="console-question-keep"),
    path(f"{_DESK}/<uuid:thread>/share", sending.share, name="console-question-share"),
    path(f"{_DESK}/<uuid:thread>/pull-back", sending.pull_back, name="console-question-pull-back"),
    path(f"{_DESK}/<uuid:thread>/pictures/<uuid:said>", desk.shown_picture, name="console-question-picture"),
]
