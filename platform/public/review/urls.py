"""URLs of the review on the platform host."""

from django.urls import path

from public.review.views import batches, courses, findings, judging, laws, rereviews, work

urlpatterns = [
    path("desk/courses", courses.listing, name="desk-courses"),
    path("desk/courses/<int:version_id>", courses.detail, name="desk-course"),
    path("desk/courses/<int:version_id>/submit", courses.submit, name="desk-course-submit"),
    path("desk/courses/<int:version_id>/publish", courses.publish, name="desk-course-publish"),
    path("desk/courses/<int:version_id>/<str:act>", courses.take_back, name="desk-course-take-back"),
    path("desk/courses/<int:version_id>/review/<str:angle>", judging.page, name="desk-judge"),
    path("desk/courses/<int:version_id>/review/<str:angle>/findings", findings.pin, name="desk-pin"),
    path("desk/findings/<int:finding_id>/<str:act>", findings.say, name="desk-finding"),
    path("desk/reviews", work.board, name="desk-reviews"),
    path("desk/reviews/mine", work.mine, name="desk-my-reviews"),
    path("desk/reviews/assign", work.assign, name="desk-review-assign"),
    path("desk/reviews/policy", work.policy, name="desk-review-policy"),
    path("desk/reviews/tasks/<int:task_id>/claim", work.claim, name="desk-claim"),
    path("desk/rereviews/<int:rereview_id>", rereviews.page, name="desk-rereview"),
    path("desk/question-batches", batches.listing, name="desk-question-batches"),
    path("desk/question-batches/<uuid:batch>", batches.detail, name="desk-question-batch"),
    path("desk/question-batches/<uuid:batch>/publish", batches.publish, name="desk-question-batch-publish"),
    path("desk/question-batches/<uuid:batch>/<str:angle>", batches.judge, name="desk-question-judge"),
    path("desk/laws", laws.listing, name="desk-laws"),
    path("desk/laws/add", laws.add, name="desk-law-add"),
    path("desk/laws/<int:article_id>", laws.detail, name="desk-law"),
]
