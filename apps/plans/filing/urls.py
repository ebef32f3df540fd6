"""Addresses of files: one learner's, one class's, corrections, packages."""

from django.urls import path

from apps.plans.filing.views import classes, corrections, learners, packages

urlpatterns = [
    path("console/archives", learners.listing, name="console-archives"),
    path("console/archives/learners/<uuid:learner>", learners.file, name="console-archive-file"),
    path("console/archives/learners/<uuid:learner>/file.pdf", learners.pdf, name="console-archive-file-pdf"),
    path("console/archives/learners/<uuid:learner>/file.xlsx", learners.xlsx, name="console-archive-file-xlsx"),
    path("console/archives/learners/<uuid:learner>/sign", learners.sign, name="console-archive-file-sign"),
    path("console/archives/learners/<uuid:learner>/entries/<int:n>", corrections.propose, name="console-archive-correct"),
    path("console/archives/classes", classes.listing, name="console-archive-classes"),
    path("console/archives/classes/<uuid:plan>", classes.file, name="console-archive-class"),
    path("console/archives/classes/<uuid:plan>/file.pdf", classes.pdf, name="console-archive-class-pdf"),
    path("console/archives/classes/<uuid:plan>/file.xlsx", classes.xlsx, name="console-archive-class-xlsx"),
    path("console/archives/classes/<uuid:plan>/sign", classes.sign, name="console-archive-class-sign"),
    path("console/archives/corrections", corrections.listing, name="console-corrections"),
    path("console/archives/corrections/<uuid:correction>", corrections.correction, name="console-correction"),
    path("console/archives/corrections/<uuid:correction>/decide", corrections.decide, name="console-correction-decide"),
    path("console/archives/corrections/<uuid:correction>/withdraw", corrections.withdraw, name="console-correction-withdraw"),
    path("console/archives/corrections/<uuid:correction>/evidence", corrections.evidence, name="console-correction-evidence"),
    path("console/archives/packages", packages.listing, name="console-archive-packages"),
    path("console/archives/packages/order", packages.order, name="console-archive-pack"),
    path("console/archives/packages/<uuid:package>", packages.package, name="console-archive-package"),
    path("console/archives/packages/<uuid:package>/cancel", packages.cancel, name="console-archive-package-cancel"),
    path("console/archives/packages/<uuid:package>/file", packages.file, name="console-archive-package-file"),
    path("learn/archive/file", learners.own_file, name="learn-archive-file"),
    path("learn/archive/file.pdf", learners.own_pdf, name="learn-archive-file-pdf"),
    path("learn/archive/file.xlsx", learners.own_xlsx, name="learn-archive-file-xlsx"),
]
