"""Pages of learning on an enterprise's host."""

from django.urls import path

from apps.learning import views
from apps.learning.appeals import views as appeals
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
    path("learn/<uuid:assignment>/<int:courseware>", views.player, name="learn-player"),
]
