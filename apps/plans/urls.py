"""Pages of plans on an enterprise's host."""

from django.urls import path

from apps.plans.views import archive, console, home, new

urlpatterns = [
    path("", home.home, name="home"),
    path("console", console.overview, name="console"),
    path("console/people/<uuid:uuid>/archive", archive.console_archive, name="console-archive"),
    path("console/plans", console.plan_list, name="console-plans"),
    path("console/plans/new", new.new_plan, name="console-plan-new"),
    path("console/plans/<uuid:uuid>", console.plan, name="console-plan"),
    path("console/plans/<uuid:uuid>/add", console.add_learners, name="console-plan-add"),
    path("console/plans/<uuid:uuid>/close", console.close, name="console-plan-close"),
    path("learn", home.learn_home, name="learn-home"),
    path("learn/archive", archive.learn_archive, name="learn-archive"),
    path("learn/certificates/<uuid:uuid>.pdf", archive.certificate_pdf, name="certificate-pdf"),
]
