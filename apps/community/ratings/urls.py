"""Pages of ratings on an enterprise's host."""

from django.urls import path

from apps.community.ratings import console, views

urlpatterns = [
    path("learn/ratings", views.mine, name="learn-ratings"),
    path("learn/ratings/<uuid:assignment>/<int:version_id>", views.rate, name="learn-rate"),
    path("console/ratings", console.listing, name="console-ratings"),
    path("console/ratings/courses", console.courses, name="console-ratings-courses"),
    path("console/ratings/<uuid:comment>/decide", console.decide, name="console-rating-decide"),
    path("console/ratings/<uuid:comment>/recommend", console.recommend, name="console-rating-recommend"),
]
