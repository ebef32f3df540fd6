"""Public pages that stand on every enterprise's site too."""

from django.urls import path

from public.site.views.supervision import supervision

urlpatterns = [path("supervision", supervision, name="supervision")]
