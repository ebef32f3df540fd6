"""What learning hands in and out: the beat as it comes, and views of sessions and progress."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from apps.learning import presence, rules
from apps.learning.quizzes.rules import Gate
from infra.kit.errors import DomainError
from infra.kit.texts import is_storable


class BeatIn(BaseModel):
    """One claim of the player. Positions and clocks in whole milliseconds.

    ``frames``, ``guard`` and ``probes`` are what the page observed about itself; they are kept as evidence and do not decide.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    seq: int = Field(ge=1, le=2_000_000_000)
    nonce: str = Field(pattern=r"^[0-9a-f]{32}$")
    position_ms: int = Field(ge=0, le=2_000_000_000)
    state: Literal["playing", "paused", "ended"]
    reason: str = Field(max_length=20)
    rate: float = Field(ge=0, le=64)
    hidden: bool
    focused: bool
    mono_ms: int = Field(ge=0)
    frames: int = Field(default=0, ge=0)
    guard: dict[str, Any] = Field(default_factory=dict)
    probes: dict[str, Any] = Field(default_factory=dict)
    mac: str = Field(pattern=r"^[0-9a-f]{64}$")

    @classmethod
    def parse(cls, beat: Mapping[str, Any]) -> "BeatIn":
        """Check the shape of a body.

        :raises DomainError: 422 ``invalid``
        """
        if not is_storable(beat):
            raise cls.invalid()
        try:
            return cls.model_validate(beat)
        except ValidationError as error:
            raise cls.invalid() from error

    @staticmethod
    def invalid() -> DomainError:
        """Return the refusal of a body that is no beat."""
        return DomainError("invalid", _("学习数据不完整。请刷新页面后继续。"), status=422)

    def as_claim(self) -> rules.Claim:
        """Return what the rules look at."""
        return rules.Claim(self.position_ms, self.state, self.hidden)

    def evidence(self) -> dict[str, Any]:
        """Return what only the record of beats keeps."""
        return {
            "rate": self.rate,
            "hidden": self.hidden,
            "focused": self.focused,
            "mono_ms": self.mono_ms,
            "frames": self.frames,
            "guard": self.guard,
            "probes": self.probes,
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """A check that a beat begins or finds open; it must be answered until ``deadline_at``."""

    uuid: UUID
    kind: str
    issued_at: datetime
    deadline_at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """What the signals say after a beat: ``raised`` by it, ``holds`` what still counts, ``state`` for the next beat."""

    score: int
    state: dict[str, Any]
    raised: list[str]
    holds: list[str]

    def evidence(self) -> dict[str, Any]:
        """Return what the record of beats keeps, nothing where nothing is odd."""
        if not self.score and not self.raised:
            return {}
        return {"score": self.score, "signals": self.raised, "holds": self.holds}


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a beat comes to. ``asked`` is the check that begins with it."""

    verdict: rules.Verdict
    step: presence.Step
    asked: Asked | None
    reply: dict[str, Any]
    advice: Advice


@dataclass(frozen=True, slots=True)
class Lesson:
    """One courseware within an assignment, as it is called today; a session copies it.

    ``kind`` is VIDEO, AUDIO or DOCUMENT; a document runs on the least reading times of its pages, laid end to end.
    ``ends_course``: all other lessons of the course are learnt, proven or not. ``gates``: points of the film not answered yet.
    """

    assignment_id: int
    courseware_id: int
    version_id: int
    course_code: str
    course_title: str
    version_no: int
    title: str
    media: UUID
    duration_ms: int
    kind: str = "VIDEO"
    ends_course: bool = False
    gates: tuple[Gate, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A fresh session. ``key_hex`` signs its beats; ``took_over`` says whether another sitting of the person was ended.

    ``covered_ms`` is what was watched of the lesson, ``provisional_ms`` the part of it that awaits a proof; ``must_prove``: nothing is
    paid before a check is passed, which the first playing beat brings. ``points``: where (ms) the film will stop and ask.
    """

    uuid: UUID
    key_hex: str
    nonce: str
    next_in: int
    position_ms: int
    furthest_ms: int
    covered_ms: int
    duration_ms: int
    day_left_ms: int
    took_over: bool
    provisional_ms: int
    must_prove: bool
    points: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """What a learner has of one courseware: confirmed milliseconds, where to go on, its length, what awaits a proof, and what is
    proven and awaits the course's test.
    """

    covered_ms: int
    accepted_ms: int
    duration_ms: int
    provisional_ms: int = 0
    held_ms: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether it counts as learnt: by confirmed time only."""
        return rules.is_complete(self.covered_ms, self.duration_ms)

    @property
    def is_proven(self) -> bool:
        """Whether it is learnt and proven, whatever the course's test."""
        return rules.is_complete(self.covered_ms + self.held_ms, self.duration_ms)

    @property
    def is_watched(self) -> bool:
        """Whether it was watched to its end, proven or not."""
        return rules.is_complete(self.covered_ms + self.held_ms + self.provisional_ms, self.duration_ms)

    @property
    def resume_ms(self) -> int:
        """Where the next session begins: a film seen to its end begins again (clause 二.5)."""
        return self.accepted_ms if self.accepted_ms < self.duration_ms else 0
