"""URLs of the subtitle editor on the platform host."""

from django.urls import path

from public.subtitles import views

urlpatterns = [
    path("desk/subtitles/<int:media_id>", views.editor, name="desk-subtitles"),
    path("desk/subtitles/<int:media_id>/export.<str:form>", views.export, name="desk-subtitles-export"),
    path("api/desk/subtitles/<int:media_id>", views.track, name="desk-subtitles-track"),
    path("api/desk/subtitles/<int:media_id>/check", views.check_cues, name="desk-subtitles-check"),
    path("api/desk/subtitles/<int:media_id>/read", views.read_file, name="desk-subtitles-read"),
    path("api/desk/subtitles/<int:media_id>/simplify", views.simplify, name="desk-subtitles-simplify"),
    path("api/desk/subtitles/<int:media_id>/revisions/<int:number>", views.revision, name="desk-subtitles-revision"),
]
