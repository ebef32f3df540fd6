"""One course of the demo asks in its film and at its end, and could be submitted with it."""

from __future__ import annotations

from typing import Any

import pytest

from infra.wiring import demo_quizzes
from public.catalogue import api as catalogue
from public.catalogue.models import CourseVersion, MediaAsset
from tests.conftest import NOON

pytestmark = pytest.mark.req("R2.8")


def test_the_demo_course_gets_two_points_and_a_quiz_once(platform: Any) -> None:
    catalogue.load_seed(author_id=1, at=NOON)
    MediaAsset.objects.update(state="READY", duration_ms=60_000, package={}, keys_sealed=b"\x01", progress=100)
    version = CourseVersion.objects.get(course__code=demo_quizzes.COURSE).pk
    for _ in range(2):
        demo_quizzes.add(version, author_id=1, author_name="课程作者")
    found = catalogue.quizzes_of([version])
    assert [(one.at_ms, one.size) for one in found] == [(20_000, 1), (40_000, 1), (None, 5)]
    assert not {gap.code for gap in catalogue.gaps(version, NOON)} & {"quiz", "quiz_points", "quiz_rule"}
    other = CourseVersion.objects.exclude(pk=version).first()
    assert other is not None
    demo_quizzes.add(other.pk, author_id=1, author_name="课程作者")
    assert catalogue.quizzes_of([other.pk]) == []
