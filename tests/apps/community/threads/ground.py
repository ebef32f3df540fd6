"""Ground of the tests of questions: a course in a plan, who learns it and who answers."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import Image

from apps.community.threads import answering, asking, places
from apps.community.threads.models import Post, Thread
from apps.people import api as people
from apps.people import managing
from apps.people.models import Manager
from apps.people.shapes import manager_view
from apps.plans import api as plans
from tests.apps.plans import ground
from tests.conftest import NOON

WORDS = "灭火器多久要检查一次？"
ANSWER = "每月检查一次压力表和外观，并填写检查卡。"


@dataclass
class Talk:
    """Who asks, who learns beside, who answers, and the course."""

    asker: Any
    other: Any
    owner: people.ManagerView
    place: places.Place
    codes: frozenset[str]


def talk(code: str = "AQ-CY-T1", **course: Any) -> Talk:
    """Open a plan with one course for two learners of the current enterprise."""
    version = ground.make_course(code, title="消防安全常识", lessons=(60_000, 120_000), **course)
    asker, other = ground.learner(1, "学员甲", role="BZ"), ground.learner(2, "学员乙")
    ground.open_plan(version_ids=[version], exam_needed=False)
    credential = people.open_owner(name="安全员", mobile="13900000001", password=None, at=NOON)
    (duty,) = plans.assignments_of(asker.id)
    lesson = duty.courses[0].lessons[1]
    place = places.place(learner_id=asker.id, assignment=duty.uuid, version_id=version, courseware_id=lesson.id, at_ms=65_000)
    return Talk(asker, other, manager_view(Manager.objects.get(credential=credential)), place, frozenset({code}))


def invite(role: str, n: int, *, unit_id: int | None = None, by: int) -> Any:
    """Add a manager of a role; returns the row."""
    return managing.invite(name="管理员", mobile=f"1390000{n:04d}", role=role, unit_id=unit_id, by=by, at=NOON)


def ask(found: Talk, words: str = WORDS, *, at: datetime = NOON, picture: bytes | None = None) -> Thread:
    """Let the first learner ask."""
    return asking.ask(learner_id=found.asker.id, place=found.place, words=words, picture=picture, at=at)


def answer(found: Talk, row: Thread, words: str = ANSWER, *, at: datetime = NOON) -> Post:
    """Let the owner answer."""
    return answering.answer(thread=row.uuid, by=found.owner, within=None, words=words, at=at)


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    """A small picture with a place in its EXIF where the format carries it."""
    out, image = io.BytesIO(), Image.new("RGB", size, "red")
    exif = Image.Exif()
    exif[0x010E] = "车间东门"
    exif[0x0110] = "Phone-X"
    image.save(out, kind, exif=exif)
    return out.getvalue()
