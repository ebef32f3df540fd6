"""Pages of people on an enterprise's host."""

from django.urls import path

from apps.people.views import sign_in

urlpatterns = [
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("enter", sign_in.enter, name="enter"),
    path("password", sign_in.password, name="set-password"),
]
