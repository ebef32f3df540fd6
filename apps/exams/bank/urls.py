"""Addresses of the enterprise's own banks."""

from django.urls import path

from apps.exams.bank.views import banks, importing, questions

urlpatterns = [
    path("console/banks", banks.listing, name="console-banks"),
    path("console/banks/new", banks.edit, name="console-bank-new"),
    path("console/banks/questions", questions.listing, name="console-bank-questions"),
    path("console/banks/questions/act", questions.act, name="console-bank-act"),
    path("console/banks/questions/<uuid:uuid>", questions.question, name="console-bank-question"),
    path("console/banks/questions/<uuid:uuid>/change", questions.change, name="console-bank-question-change"),
    path("console/banks/duplicates", questions.repeated, name="console-bank-duplicates"),
    path("console/banks/laws", questions.laws, name="console-bank-laws"),
    path("console/banks/template.<str:form>", importing.template, name="console-bank-template"),
    path("console/banks/imports/<uuid:uuid>", importing.job, name="console-bank-import-job"),
    path("console/banks/imports/<uuid:uuid>/commit", importing.commit, name="console-bank-import-commit"),
    path("console/banks/imports/<uuid:uuid>/give-up", importing.give_up, name="console-bank-import-give-up"),
    path("console/banks/imports/<uuid:uuid>/<int:place>", importing.line, name="console-bank-import-line"),
    path("console/banks/imports/<uuid:uuid>/<int:place>/decide", importing.decide, name="console-bank-import-decide"),
    path("console/banks/<uuid:uuid>", questions.listing, name="console-bank"),
    path("console/banks/<uuid:uuid>/change", banks.edit, name="console-bank-change"),
    path("console/banks/<uuid:uuid>/archive", banks.archive, name="console-bank-archive"),
    path("console/banks/<uuid:uuid>/add", questions.add, name="console-bank-add"),
    path("console/banks/<uuid:uuid>/import", importing.upload, name="console-bank-import"),
]
