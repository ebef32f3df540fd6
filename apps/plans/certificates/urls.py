"""Pages of certificates in the console."""

from django.urls import path

from apps.plans.certificates import bulk, views

urlpatterns = [
    path("console/certificates", views.listing, name="console-certificates"),
    path("console/certificates/issue", bulk.issue, name="console-certificates-issue"),
    path("console/certificates/print", bulk.print_many, name="console-certificates-print"),
    path("console/certificates/batches/<uuid:batch>", bulk.batch, name="console-certificate-batch"),
    path("console/certificates/batches/<uuid:batch>/cancel", bulk.cancel, name="console-certificate-batch-cancel"),
    path("console/certificates/batches/<uuid:batch>/file", bulk.file, name="console-certificate-batch-file"),
    path("console/certificates/revocations", views.proposals, name="console-revocations"),
    path("console/certificates/revocations/<uuid:revocation>/decide", views.decide, name="console-revocation-decide"),
    path("console/certificates/revocations/<uuid:revocation>/withdraw", views.withdraw, name="console-revocation-withdraw"),
    path("console/certificates/<uuid:certificate>", views.one, name="console-certificate"),
    path("console/certificates/<uuid:certificate>/revoke", views.propose, name="console-certificate-revoke"),
    path("console/certificates/<uuid:certificate>/reissue", views.reissue, name="console-certificate-reissue"),
]
