"""Pages of community on an enterprise's host, room by room."""

from django.urls import URLPattern, URLResolver

from apps.community.ratings import urls as ratings

urlpatterns: list[URLPattern | URLResolver] = [*ratings.urlpatterns]
