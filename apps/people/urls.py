"""Pages of people on an enterprise's host."""

from django.urls import path

from apps.people.views import people, roster, sign_in

urlpatterns = [
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("enter", sign_in.enter, name="enter"),
    path("password", sign_in.password, name="set-password"),
    path("console/people", people.people, name="console-people"),
    path("console/people/add", people.add, name="console-people-add"),
    path("console/people/status", people.set_status, name="console-people-status"),
    path("console/people/import", roster.upload, name="console-people-import"),
    path("console/people/import/template", roster.template, name="console-people-import-template"),
    path("console/people/import/<uuid:job>", roster.job, name="console-people-import-job"),
    path("console/people/import/<uuid:job>/cancel", roster.cancel, name="console-people-import-cancel"),
    path("console/people/import/<uuid:job>/annotated", roster.annotated, name="console-people-import-annotated"),
    path("console/people/<uuid:learner>", people.edit, name="console-people-edit"),
]
