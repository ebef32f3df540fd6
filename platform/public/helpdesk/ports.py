"""What the help desk needs from above: who asks on an enterprise's site, and the way to tell them; and somebody who sends mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.http import HttpRequest

from infra.kit.ports import Socket


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in on an enterprise's site. ``filer``: LEARNER or MANAGER; ``asker``: ``learner:<uuid>`` or ``manager:<id>``.

    ``parts``: audiences of the manual and of answers, the own first.
    """

    filer: str
    asker: str
    name: str
    parts: tuple[str, ...]


class People(Protocol):
    """Knows who makes a request, and tells people. Called while standing in the enterprise."""

    def person(self, request: HttpRequest) -> Person | None:
        """Return who is signed in, None for strangers."""

    def tell(self, *, asker: str, ticket: UUID, number: str, what: str, turn: int, at: datetime) -> None:
        """Tell an asker that there is an answer (ANSWERED, ASKED or SOLVED); nobody is told who has left. ``turn``: tells two news apart."""


PEOPLE: Socket[People] = Socket("helpdesk.people")
