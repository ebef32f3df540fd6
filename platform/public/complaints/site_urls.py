"""URLs of complainants, the same on the platform's host and on every enterprise's."""

from django.urls import path

from public.complaints.views import site

urlpatterns = [
    path("complaints/new", site.file, name="complaint-file"),
    path("complaints/track", site.track, name="complaint-track"),
    path("complaints/case", site.case, name="complaint-case"),
    path("complaints/case/noted", site.noted, name="complaint-noted"),
    path("complaints/case/leave", site.leave, name="complaint-leave"),
    path("complaints/case/files", site.attach, name="complaint-attach"),
    path("complaints/case/files/<uuid:upload>", site.download, name="complaint-attachment"),
    path("complaints/case/do/<slug:action>", site.act, name="complaint-act"),
]
