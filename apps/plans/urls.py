"""Pages of plans on an enterprise's host."""

from django.urls import path

from apps.plans.classes import urls as classes
from apps.plans.views import (
    archive,
    changing,
    console,
    courses,
    exemptions,
    home,
    new,
    notices,
    own_courses,
    picked,
    preview,
    ratings,
)

urlpatterns = [
    *own_courses.urlpatterns,
    *classes.urlpatterns,
    path("", home.home, name="home"),
    path("console", console.overview, name="console"),
    path("console/people/<uuid:uuid>/archive", archive.console_archive, name="console-archive"),
    path("console/plans", console.plan_list, name="console-plans"),
    path("console/plans/new", new.new_plan, name="console-plan-new"),
    path("console/plans/picked", picked.add_picked, name="console-plan-picked"),
    path("console/plans/<uuid:uuid>", console.plan, name="console-plan"),
    path("console/plans/<uuid:uuid>/add", console.add_learners, name="console-plan-add"),
    path("console/plans/<uuid:uuid>/close", console.close, name="console-plan-close"),
    path("console/plans/<uuid:uuid>/change", changing.change, name="console-plan-change"),
    path("console/plans/<uuid:uuid>/exemptions", exemptions.listing, name="console-plan-exemptions"),
    path("console/plans/<uuid:uuid>/exempt/<uuid:learner>", exemptions.propose, name="console-plan-exempt"),
    path("console/plans/exemptions/<uuid:exemption>/decide", exemptions.decide, name="console-exemption-decide"),
    path("console/plans/exemptions/<uuid:exemption>/end", exemptions.end, name="console-exemption-end"),
    path("console/courses", courses.listing, name="console-courses"),
    path("console/courses/compare", courses.compare, name="console-compare"),
    path("console/courses/selection", courses.shelf, name="console-selection"),
    path("console/courses/selection/<int:course_id>/remove", courses.unchoose, name="console-course-unchoose"),
    path("console/courses/<int:version_id>", courses.course, name="console-course"),
    path("console/courses/<int:version_id>/choose", courses.choose, name="console-course-choose"),
    path("console/courses/<int:version_id>/preview/playlist.m3u8", preview.playlist, name="console-preview-playlist"),
    path("console/courses/<int:version_id>/preview/<int:number>.m3u8", preview.rendition, name="console-preview-rendition"),
    path("console/courses/<int:version_id>/preview/keys/<int:number>", preview.key, name="console-preview-key"),
    path("console/courses/<int:version_id>/preview/files/<str:file_name>", preview.file, name="console-preview-file"),
    path("console/notices", notices.listing, name="console-notices"),
    path("console/notices/read", notices.mark_read, name="console-notices-read"),
    path("learn", home.learn_home, name="learn-home"),
    path("learn/ratings", ratings.rate, name="learn-rate"),
    path("learn/archive", archive.learn_archive, name="learn-archive"),
    path("learn/certificates/<uuid:uuid>.pdf", archive.certificate_pdf, name="certificate-pdf"),
]
