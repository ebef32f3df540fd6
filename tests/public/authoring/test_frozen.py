"""What the database itself keeps from changing once a version was submitted."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, transaction

from public.catalogue.api import authoring
from public.catalogue.models import Chapter, CourseVersion, Courseware
from tests.public.authoring.ground import AT, AUTHOR, course, lesson, media, set_state

LATER = ["IN_REVIEW", "PUBLISHED", "RETIRED", "RECALLED"]


@pytest.fixture
def frozen(platform, request):
    version = course()
    chapter = authoring.add_chapter(version_id=version, title="第一章", by=AUTHOR)
    lesson(version, "第一课", chapter=chapter)
    set_state(version, getattr(request, "param", "PUBLISHED"))
    return version


def refused(act) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        act()


@pytest.mark.req("R3.3")
@pytest.mark.parametrize("frozen", LATER, indirect=True)
@pytest.mark.parametrize(
    "change",
    [{"title": "改名"}, {"key_points": []}, {"legal_basis": ["x"]}, {"number": 9}, {"author_id": 7}, {"visible_to": "e_x"}],
)
def test_refuses_another_word_in_a_submitted_version(frozen, change):
    refused(lambda: CourseVersion.objects.filter(pk=frozen).update(**change))
    refused(lambda: CourseVersion.objects.filter(pk=frozen).update(state="RETIRED", **change))


@pytest.mark.req("R3.3")
def test_refuses_other_chapters_and_lessons(frozen):
    version = CourseVersion.objects.get(pk=frozen)
    refused(lambda: Chapter.objects.create(version=version, no=2, title="新"))
    refused(lambda: Chapter.objects.filter(version=version).update(title="新"))
    refused(lambda: Chapter.objects.filter(version=version)._raw_delete("default"))
    refused(lambda: Courseware.objects.create(version=version, no=2, title="新", media_id=media()))
    refused(lambda: Courseware.objects.filter(version=version).update(media_id=media()))
    refused(lambda: Courseware.objects.filter(version=version)._raw_delete("default"))
    refused(lambda: CourseVersion.objects.filter(pk=frozen)._raw_delete("default"))


def test_refuses_to_slip_a_lesson_out_of_a_draft_into_a_published_version(frozen):
    draft = course(title="另一门")
    moved = lesson(draft, "夹带")
    refused(lambda: Courseware.objects.filter(pk=moved).update(version_id=frozen, no=9))


def test_its_state_and_dates_may_still_change(frozen):
    CourseVersion.objects.filter(pk=frozen).update(state="RETIRED", submitted_at=AT, published_at=AT, review_due_on=AT.date())
    assert CourseVersion.objects.get(pk=frozen).state == "RETIRED"


def test_what_was_published_is_no_draft_again(frozen):
    refused(lambda: CourseVersion.objects.filter(pk=frozen).update(state="DRAFT"))


@pytest.mark.parametrize("frozen", ["IN_REVIEW"], indirect=True)
def test_a_returned_version_may_be_changed_again(frozen):
    CourseVersion.objects.filter(pk=frozen).update(state="DRAFT")
    CourseVersion.objects.filter(pk=frozen).update(title="按意见改名")
    assert CourseVersion.objects.get(pk=frozen).title == "按意见改名"
