"""Pages of learning on an enterprise's host."""

from django.urls import path

from apps.learning import views
from apps.learning.appeals import views as appeals
from apps.learning.quizzes import views as quizzes
from apps.learning.watching import views as watching

urlpatterns = [
    path("console/live", watching.board, name="console-live"),
    path("console/live/<uuid:session>", watching.session, name="console-live-session"),
    path("console/live/learners/<uuid:learner>/unlock", watching.unlock, name="console-unlock"),
    path("console/appeals", appeals.listing, name="console-appeals"),
    path("console/appeals/<uuid:appeal>", appeals.appeal, name="console-appeal"),
    path("learn/voids", appeals.voids, name="learn-voids"),
    path("learn/voids/<uuid:void>", appeals.void, name="learn-void"),
    path("learn/voids/<uuid:void>/platform", appeals.go_on, name="learn-void-go-on"),
    path("learn/<uuid:assignment>", views.course, name="learn-course"),
    path("learn/quiz-media/<uuid:trial>/<str:key>", quizzes.media, name="learn-quiz-media"),
    path("learn/<uuid:assignment>/quiz/<int:courseware>", quizzes.detail, name="learn-quiz"),
    path("learn/<uuid:assignment>/quiz/<int:courseware>/begin", quizzes.begin, name="learn-quiz-begin"),
    path("learn/<uuid:assignment>/quiz/<int:courseware>/<uuid:trial>", quizzes.submit, name="learn-quiz-submit"),
    path("learn/<uuid:assignment>/<int:courseware>", views.player, name="learn-player"),
]
