"""What is left below the open interface: addresses that are none, answered in its form and not by a page."""

from django.urls import URLPattern, re_path

from apps.openapi.problems import nowhere
from apps.people import api as people

urlpatterns: list[URLPattern] = [
    re_path(r"^api/v1/(?P<path>.*)$", people.declares(people.Permission.PUBLIC)(nowhere), name="open-api-nowhere")
]
