"""Two people at the same moment, on real connections. What is committed here stays, so everything has a fresh name."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from infra.kit.errors import DomainError
from public.catalogue.models import CourseVersion, PublishLog
from public.review import api as review
from public.review.models import Decision, ReviewTask
from tenants.scope import platform_scope
from tests.public.review.ground import AT, House, draft, house

pytestmark = pytest.mark.req("R3.1")


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run all at once; return results and refusals' codes."""
    found: list[Any] = []
    line = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> None:
        try:
            with platform_scope():
                line.wait(10)
                found.append(work())
        except DomainError as error:
            found.append(error.code)
        except Exception as error:
            found.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@pytest.fixture
def committed(database: None) -> tuple[House, int]:
    tag = secrets.token_hex(4)
    with platform_scope():
        people = house(tag)
        version = draft(people.author.credential_id, code=f"AQ-{tag}")
        review.submit(version_id=version, me=people.author, at=AT)
        ReviewTask.objects.filter(version_id=version).update(assignee_id=None)
    return people, version


def decide(version: int, angle: str, me: Any, verdict: str = "PASS") -> Callable[[], Any]:
    return lambda: review.decide(
        version_id=version, angle=angle, verdict=verdict, note="请修改后再提交", checks=review.every_check(angle), me=me, at=AT
    )


def test_two_reviewers_deciding_the_same_angle_at_the_same_moment_leave_one_verdict(committed: tuple[House, int]) -> None:
    people, version = committed
    found = together(*(decide(version, "FIT", me) for me in people.reviewers))
    assert sorted(str(type(one).__name__) for one in found) == ["Decision", "str", "str", "str"]
    assert found.count("already_decided") == 3
    with platform_scope():
        assert Decision.objects.filter(version_id=version, angle="FIT").count() == 1


def test_one_person_signing_two_angles_at_the_same_moment_signs_one(committed: tuple[House, int]) -> None:
    people, version = committed
    found = together(*(decide(version, angle, people.reviewers[0]) for angle in review.ANGLES))
    assert found.count("one_angle_each") == 3
    with platform_scope():
        assert Decision.objects.filter(version_id=version).count() == 1


def test_a_return_and_three_passes_at_the_same_moment_do_not_publish(committed: tuple[House, int]) -> None:
    people, version = committed
    works = [
        decide(version, angle, me, "RETURN" if angle == "FIT" else "PASS")
        for angle, me in zip(review.ANGLES, people.reviewers, strict=True)
    ]
    together(*works, lambda: review.publish(version_id=version, me=people.operations, at=AT))
    with platform_scope():
        assert CourseVersion.objects.get(pk=version).state == "DRAFT"
        assert Decision.objects.filter(version_id=version, verdict="RETURN").count() == 1


def test_the_last_verdict_and_publication_at_the_same_moment_publish_once_or_not_yet(committed: tuple[House, int]) -> None:
    people, version = committed
    with platform_scope():
        for angle, me in list(zip(review.ANGLES, people.reviewers, strict=True))[:3]:
            decide(version, angle, me)()
    publish = lambda: review.publish(version_id=version, me=people.operations, at=AT)  # noqa: E731
    found = together(decide(version, review.ANGLES[3], people.reviewers[3]), publish, publish)
    with platform_scope():
        state = CourseVersion.objects.get(pk=version).state
        published = PublishLog.objects.filter(to_version_id=version).count()
    assert (state, published) in {("PUBLISHED", 1), ("IN_REVIEW", 0)}
    assert not [one for one in found if isinstance(one, str) and one not in {"not_passed", "wrong_state"}]
    with platform_scope():
        if state == "PUBLISHED":
            return
        publish()
        assert CourseVersion.objects.get(pk=version).state == "PUBLISHED"
