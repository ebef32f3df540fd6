"""Pages of community on an enterprise's host, room by room."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("apps.community.ratings.urls")),
    path("", include("apps.community.threads.urls")),
]
