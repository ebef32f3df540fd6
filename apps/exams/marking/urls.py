"""Pages of marking on an enterprise's host."""

from django.urls import path

from apps.exams.marking.views import appeals, corrections, marking

_QUESTION = "<str:bank>/<str:question>/<int:version>/<int:part>"

urlpatterns = [
    path("console/exams/marking", marking.listing, name="console-marking"),
    path("console/exams/marking/release", marking.release, name="console-marking-release"),
    path("console/exams/marking/rules", marking.limits, name="console-marking-rules"),
    path(f"console/exams/marking/{_QUESTION}", marking.question, name="console-mark"),
    path("console/exams/appeals", appeals.listing, name="console-exam-appeals"),
    path("console/exams/appeals/<uuid:appeal>", appeals.appeal, name="console-exam-appeal"),
    path("console/exams/results/<uuid:attempt>", corrections.result, name="console-exam-result"),
    path("console/exams/corrections", corrections.listing, name="console-exam-corrections"),
    path("console/exams/corrections/<uuid:correction>", corrections.correction, name="console-exam-correction"),
    path("console/exams/corrections/<uuid:correction>/decide", corrections.decide, name="console-exam-correction-decide"),
    path("console/exams/corrections/<uuid:correction>/withdraw", corrections.withdraw, name="console-exam-correction-withdraw"),
    path(f"console/exams/regrade/{_QUESTION}", corrections.regrade, name="console-exam-regrade"),
    path("learn/exams/<uuid:attempt>/appeals", appeals.own, name="learn-exam-appeals"),
]
