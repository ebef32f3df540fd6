"""Publication is a log entry; undo, retirement and recall; what enterprises are told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.catalogue.models import CourseVersion, MediaAsset, Notice, PublishLog
from public.review import api as review
from tenants.scope import enterprise_scope, platform_scope
from tests.public.review.ground import AT, House, refused, successor

pytestmark = pytest.mark.req("R3.1")
LATER = AT + timedelta(days=1)


def states(*versions: int) -> list[str]:
    return [str(CourseVersion.objects.get(pk=version).state) for version in versions]


@pytest.fixture
def two(version: int, people: House) -> tuple[int, int]:
    """Two published editions of one course, the second current."""
    people.publish(version)
    newer = successor(version)
    people.publish(newer, minutes=600)
    return version, newer


def test_publishing_sets_the_next_review_and_tells_of_a_new_version(two: tuple[int, int]) -> None:
    old, new = two
    assert states(old, new) == ["RETIRED", "PUBLISHED"]
    assert CourseVersion.objects.get(pk=new).review_due_on == date(2027, 11, 20)
    assert list(Notice.objects.values_list("kind", "version_id")) == [("NEW_VERSION", new)]
    assert catalogue.publish_log(CourseVersion.objects.get(pk=new).course_id)[0].to_number == 2


def test_undo_publishes_the_old_version_again_and_logs_it(two: tuple[int, int], people: House) -> None:
    old, new = two
    with refused("reason_missing"):
        review.undo(version_id=new, reason="", me=people.operations, at=LATER)
    assert review.undo(version_id=new, reason="新版字幕有误", me=people.operations, at=LATER) == old
    assert states(old, new) == ["PUBLISHED", "RETIRED"]
    entry = PublishLog.objects.order_by("-pk")[0]
    assert (entry.kind, entry.from_version_id, entry.to_version_id, entry.reason) == ("UNDO", new, old, "新版字幕有误")
    assert entry.by_id == people.operations.credential_id


def test_undo_is_refused_while_the_old_versions_gates_are_not_clean(two: tuple[int, int], people: House) -> None:
    old, new = two
    MediaAsset.objects.filter(courseware__version_id=old).update(state="FAILED")
    with refused("incomplete"):
        review.undo(version_id=new, reason="新版字幕有误", me=people.operations, at=LATER)
    assert states(old, new) == ["RETIRED", "PUBLISHED"]


def test_a_first_version_has_nothing_to_undo_to(version: int, people: House) -> None:
    people.publish(version)
    with refused("no_former"):
        review.undo(version_id=version, reason="撤销试试看", me=people.operations, at=LATER)


def test_retiring_tells_the_enterprises_and_leaves_learners_alone(version: int, people: House, jia: object) -> None:
    people.publish(version)
    review.retire(version_id=version, reason="内容已过时", me=people.operations, at=LATER)
    assert states(version) == ["RETIRED"]
    with enterprise_scope(jia):  # type: ignore[arg-type]
        assert [notice.kind for notice in catalogue.notices_for([version])] == ["RETIRED"]
        catalogue.refuse_recalled(version)
        assert catalogue.playback(catalogue.course(version).coursewares[0].media)


def test_a_recall_stops_playback_at_once_and_says_why(version: int, people: House, jia: object) -> None:
    people.publish(version)
    heard: list[int] = []
    catalogue.version_recalled.connect(listener := lambda version_id, **_: heard.append(version_id), weak=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda work, **_: work())
        review.recall(version_id=version, reason="事故案例有误", me=people.operations, at=LATER)
    catalogue.version_recalled.disconnect(listener)
    assert heard == [version]
    assert states(version) == ["RECALLED"]
    with enterprise_scope(jia):  # type: ignore[arg-type]
        media = catalogue.course(version).coursewares[0].media
        for act in (
            lambda: catalogue.refuse_recalled(version),
            lambda: catalogue.playback(media),
            lambda: catalogue.media_key(media, 0),
            lambda: catalogue.open_media(media, "poster.jpg"),
        ):
            with refused("recalled"):
                act()
        (notice,) = catalogue.notices_for([version])
        assert (notice.kind, "事故案例有误" in notice.text) == ("RECALLED", True)
    with platform_scope():
        assert catalogue.playback(media)  # the desk may still look at it


def test_a_film_that_another_version_still_shows_plays_on(two: tuple[int, int], people: House, jia: object) -> None:
    old, new = two
    review.recall(version_id=old, reason="旧版案例有误", me=people.operations, at=LATER)
    with enterprise_scope(jia):  # type: ignore[arg-type]
        assert catalogue.playback(catalogue.course(new).coursewares[0].media)
        with refused("recalled"):
            catalogue.refuse_recalled(old)


def test_after_a_recall_the_former_version_can_be_current_again(two: tuple[int, int], people: House) -> None:
    old, new = two
    review.recall(version_id=new, reason="新版案例有误", me=people.operations, at=LATER)
    review.undo(version_id=new, reason="先用旧版顶上", me=people.operations, at=LATER)
    assert states(old, new) == ["PUBLISHED", "RECALLED"]


@pytest.mark.parametrize("act", ["retire", "recall", "undo"])
def test_a_draft_cannot_be_taken_back(version: int, people: House, act: str) -> None:
    with pytest.raises(DomainError):
        getattr(review, act)(version_id=version, reason="没有发布过", me=people.operations, at=AT)
    assert states(version) == ["DRAFT"]
    assert not Notice.objects.exists()


@pytest.mark.req("R6.1.6")
def test_a_held_version_is_not_played_and_comes_back_as_it_was(version: int, people: House, jia: object) -> None:
    people.publish(version)
    by = people.operations.credential_id
    catalogue.hold(version_id=version, by_id=by, reason="有人举报，先核实", at=LATER)
    assert states(version) == ["HELD"]
    with enterprise_scope(jia):  # type: ignore[arg-type]
        with refused("held"):
            catalogue.refuse_recalled(version)
        assert [notice.kind for notice in catalogue.notices_for([version])] == ["HELD"]
    catalogue.release(version_id=version, by_id=by, reason="举报不属实", at=LATER)
    assert states(version) == ["PUBLISHED"]
    with enterprise_scope(jia):  # type: ignore[arg-type]
        catalogue.refuse_recalled(version)


def test_only_a_published_version_is_held_and_only_a_held_one_released(version: int, people: House) -> None:
    people.publish(version)
    by = people.operations.credential_id
    with refused("wrong_state"):
        catalogue.release(version_id=version, by_id=by, reason="没有暂停过", at=LATER)
    catalogue.hold(version_id=version, by_id=by, reason="有人举报，先核实", at=LATER)
    with refused("wrong_state"):
        catalogue.hold(version_id=version, by_id=by, reason="再来一次试试", at=LATER)
    assert states(version) == ["HELD"]


def test_a_held_version_comes_back_retired_where_another_is_current(two: tuple[int, int], people: House) -> None:
    old, new = two
    by = people.operations.credential_id
    catalogue.hold(version_id=new, by_id=by, reason="有人举报，先核实", at=LATER)
    CourseVersion.objects.filter(pk=old).update(state="PUBLISHED")
    catalogue.release(version_id=new, by_id=by, reason="举报不属实", at=LATER)
    assert states(old, new) == ["PUBLISHED", "RETIRED"]
