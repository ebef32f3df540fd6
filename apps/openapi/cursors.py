"""Where a list goes on: an opaque word that names the place of the last item and the list it belongs to."""

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, TypeVar

from django.utils.translation import gettext as _
from ninja import Query

from infra.kit.errors import DomainError

T = TypeVar("T")
MOST, USUAL = 200, 50
FURTHEST = 2**62

Cursor = Annotated[
    str, Query(max_length=64, pattern=r"^[A-Za-z0-9_-]*$", description="`next` of the page before; empty for the first page")
]
Limit = Annotated[int, Query(ge=1, le=MOST, description="Items on a page")]


def written(of: str, place: int) -> str:
    """Return the word for a place in the list ``of``."""
    return base64.urlsafe_b64encode(f"{of}:{place}".encode()).rstrip(b"=").decode()


def read(cursor: str, *, of: str, first: int = 0) -> int:
    """Return the place that a word names; ``first`` for "".

    :raises DomainError: 422 ``cursor``: it is none of ours, or of another list
    """
    if not cursor:
        return first
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode("ascii")
        mark, _colon, place = text.partition(":")
        number = int(place) if place.isdigit() else -1
    except (ValueError, binascii.Error):
        mark, number = "", -1
    if mark != of or not 0 <= number <= FURTHEST:
        raise DomainError("cursor", _("翻页参数不对，请从第一页重新读取。"), status=422)
    return number


def page(rows: Sequence[T], *, limit: int, of: str, places: Sequence[int]) -> tuple[Sequence[T], str | None]:
    """Cut one page out of ``limit + 1`` rows; returns it and the word for the next, None after the last.

    :param places: the place of each row
    """
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], written(of, places[limit - 1])
