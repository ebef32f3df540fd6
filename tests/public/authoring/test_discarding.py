"""A draft that nobody ever submitted can be given up; whatever was reviewed stays in the history."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from public.audit.models import AuditEvent
from public.catalogue.api import authoring
from public.catalogue.models import Chapter, Course, CourseVersion, Courseware, MediaAsset
from public.rights.models import PeopleAnswer, RightsAsset
from tests.public.authoring.ground import AT, AUTHOR, COLLEAGUE, course, lesson, refused, set_state
from tests.public.desk import inside, operator
from tests.public.rights.ground import cover

pytestmark = pytest.mark.req("R3.3")


def filled(by: authoring.Writer = AUTHOR) -> int:
    """A draft with chapter, lesson and register."""
    version = course(by)
    lesson(version, "甲", by=by, chapter=authoring.add_chapter(version_id=version, title="一", by=by))
    cover(version, author_id=by.credential_id, at=AT)
    return version


def test_an_abandoned_draft_goes_with_everything_that_hung_on_it(platform: None) -> None:
    version = filled()
    authoring.discard_draft(version_id=version, by=AUTHOR)
    for model in (CourseVersion, Course, Chapter, Courseware, RightsAsset, PeopleAnswer):
        assert not model._default_manager.exists(), model
    assert MediaAsset.objects.count() == 1, "files may be shown elsewhere"


def test_a_course_with_a_published_version_stays_and_may_have_a_new_draft(platform: None) -> None:
    version = filled()
    set_state(version, "PUBLISHED")
    row = CourseVersion.objects.get(pk=version)
    draft = authoring.new_version(course_id=row.course_id, by=AUTHOR, at=AT)
    authoring.discard_draft(version_id=draft, by=AUTHOR)
    assert list(CourseVersion.objects.values_list("pk", "state")) == [(version, "PUBLISHED")]
    assert (Chapter.objects.count(), Courseware.objects.count()) == (1, 1)
    assert authoring.new_version(course_id=row.course_id, by=AUTHOR, at=AT)


@pytest.mark.parametrize("state", ["IN_REVIEW", "PUBLISHED", "RETIRED", "RECALLED"])
def test_refuses_to_discard_what_was_submitted(platform: None, state: str) -> None:
    version = filled()
    set_state(version, state)
    with refused("已提交"):
        authoring.discard_draft(version_id=version, by=AUTHOR)
    assert Courseware.objects.count() == 1


def test_refuses_a_returned_draft_and_somebody_elses(platform: None) -> None:
    version = filled()
    with refused("没有找到"):
        authoring.discard_draft(version_id=version, by=COLLEAGUE)
    CourseVersion.objects.filter(pk=version).update(submitted_at=AT)
    with refused("要留档"):
        authoring.discard_draft(version_id=version, by=AUTHOR)
    assert CourseVersion.objects.filter(pk=version).exists()


def test_refuses_while_another_course_names_it_as_its_alternative(platform: None) -> None:
    version = filled()
    mine = CourseVersion.objects.get(pk=version).course
    other = CourseVersion.objects.get(pk=course(title="另一门")).course
    Course.objects.filter(pk=other.pk).update(alternative_to=mine)
    with refused("其他记录引用"):
        authoring.discard_draft(version_id=version, by=AUTHOR)
    assert Courseware.objects.filter(version=version).exists(), "nothing is half deleted"


def test_the_page_asks_first_and_says_that_there_is_no_way_back(platform: None) -> None:
    me = authoring.Writer(operator("AUTHOR"), "课程作者甲")
    version, page = filled(me), inside(me.credential_id)
    url = f"/desk/authoring/versions/{version}"
    shown = page.get(url).content.decode()
    assert "放弃这份草稿？" in shown
    assert "不能恢复" in shown
    assert inside(operator("AUTHOR", login="author2")).post(f"{url}/discard").status_code == 404
    assert _follows(page, f"{url}/discard")["Location"] == "/desk/authoring"
    assert page.get(url).status_code == 404
    assert AuditEvent.objects.filter(action="course.draft_discarded", target=f"course-version:{version}").exists()
    returned = filled(me)
    CourseVersion.objects.filter(pk=returned).update(submitted_at=AT)
    kept = f"/desk/authoring/versions/{returned}"
    assert "放弃这份草稿？" not in page.get(kept).content.decode()
    assert "要留档" in page.post(f"{kept}/discard", follow=True).content.decode()


def _follows(page: Client, url: str) -> Any:
    assert page.get(url).status_code == 405
    return page.post(url)
