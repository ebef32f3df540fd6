"""URLs of the desk on the platform host."""

from django.urls import path

from public.remarks import views

urlpatterns = [
    path("desk/remarks", views.listing, name="desk-remarks"),
    path("desk/remarks/<uuid:offer>/decide", views.decide, name="desk-remark-decide"),
]
