"""URLs of the review on the platform host."""

from django.urls import path

from public.review import views

urlpatterns = [
    path("desk/courses", views.listing, name="desk-courses"),
    path("desk/courses/<int:version_id>", views.detail, name="desk-course"),
    path("desk/courses/<int:version_id>/submit", views.submit, name="desk-course-submit"),
    path("desk/courses/<int:version_id>/decide", views.decide, name="desk-course-decide"),
    path("desk/courses/<int:version_id>/publish", views.publish, name="desk-course-publish"),
]
