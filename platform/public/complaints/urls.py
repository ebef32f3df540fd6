"""URLs of the desk on the platform host."""

from django.urls import path

from public.complaints.views import desk, figures, files, promises

urlpatterns = [
    path("desk/complaints", desk.listing, name="desk-complaints"),
    path("desk/complaints/new", desk.enter, name="desk-complaint-new"),
    path("desk/complaints/figures", figures.figures, name="desk-complaint-figures"),
    path("desk/complaints/times", promises.times, name="desk-complaint-times"),
    path("desk/complaints/<uuid:complaint>", desk.detail, name="desk-complaint"),
    path("desk/complaints/<uuid:complaint>/contact", desk.contact, name="desk-complaint-contact"),
    path("desk/complaints/<uuid:complaint>/files", files.attach, name="desk-complaint-attach"),
    path("desk/complaints/<uuid:complaint>/files/<uuid:upload>", files.download, name="desk-complaint-file"),
    path("desk/complaints/<uuid:complaint>/do/<slug:action>", desk.act, name="desk-complaint-do"),
    path("desk/complaints/<uuid:complaint>/record/<uuid:grant>", desk.record, name="desk-complaint-record"),
    path("desk/complaints/<uuid:complaint>/record/<uuid:grant>/<slug:what>", desk.consent, name="desk-complaint-consent"),
]
