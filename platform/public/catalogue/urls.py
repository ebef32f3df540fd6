"""URLs of media on the platform host."""

from django.urls import path

from public.catalogue import media_views

urlpatterns = [
    path("desk/media/<int:media_id>", media_views.detail, name="desk-media-detail"),
    path("desk/media/<int:media_id>/retry", media_views.retry, name="desk-media-retry"),
    path("desk/media/<int:media_id>/playlist.m3u8", media_views.playlist, name="desk-media-playlist"),
    path("desk/media/<int:media_id>/playlist/<int:number>.m3u8", media_views.rendition, name="desk-media-rendition"),
    path("desk/media/<int:media_id>/keys/<int:number>", media_views.key, name="desk-media-key"),
    path("desk/media/<int:media_id>/files/<str:file_name>", media_views.file, name="desk-media-file"),
]
