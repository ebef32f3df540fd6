"""Pages of people on an enterprise's host."""

from django.urls import path

from apps.people.views import identity, managers, people, reviewing, roster, sign_in

urlpatterns = [
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("enter", sign_in.enter, name="enter"),
    path("password", sign_in.password, name="set-password"),
    path("learn/identity", identity.identity, name="learn-identity"),
    path("learn/identity/choose", identity.choose, name="learn-identity-choose"),
    path("learn/identity/face", identity.face, name="learn-identity-face"),
    path("learn/identity/code", identity.code, name="learn-identity-code"),
    path("learn/privacy", identity.privacy, name="learn-privacy"),
    path("learn/privacy/withdraw", identity.withdraw, name="learn-privacy-withdraw"),
    path("console/identity", reviewing.queue, name="console-identity"),
    path("console/identity/<uuid:check>", reviewing.case, name="console-identity-case"),
    path("console/identity/<uuid:check>/decide", reviewing.decide, name="console-identity-decide"),
    path("console/identity/<uuid:check>/pictures/<int:number>.jpg", reviewing.picture, name="console-identity-picture"),
    path("console/managers", managers.listing, name="console-managers"),
    path("console/managers/invite", managers.invite, name="console-managers-invite"),
    path("console/managers/<int:manager>", managers.edit, name="console-managers-edit"),
    path("console/managers/<int:manager>/remove", managers.remove, name="console-managers-remove"),
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
