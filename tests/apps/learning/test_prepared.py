"""The beat's statements are prepared once for each connection and place, and what they are given stays a value."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import connection
from django.db.utils import DataError

from apps.learning import prepared
from apps.learning.pipeline import unit
from apps.learning.prepared import Fixed
from tenants.scope import enterprise_scope

ECHO = Fixed("SELECT %(text)s::text AS text, %(n)s::int AS n, %(text)s::text AS again")
DAY = Fixed("SELECT %(day)s::date AS day, %(at)s::timestamptz AS at, %(id)s::uuid AS id, %(yes)s::boolean AS yes")


def kept() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'learning_%%' AND statement LIKE '%%AS again%%'"
        )
        return int(cursor.fetchone()[0])


def echo(text: str) -> object:
    with unit() as work:
        (row,) = work.begin((ECHO, {"text": text, "n": 7}))
        work.finish()
    assert row
    return row["text"], row["n"], row["again"]


@pytest.mark.parametrize("text", ["", "学员甲", "'; DROP TABLE x; --", "\\", "\\'", "%s %(n)s $1", "a\nb", '"'])
def test_a_value_comes_back_as_it_was_given(in_jia, text):
    assert echo(text) == (text, 7, text)
    assert echo(text) == (text, 7, text)


def test_days_moments_and_names_keep_their_meaning(in_jia):
    given = {"day": date(2026, 11, 23), "at": datetime(2026, 11, 23, 4, 0, 0, 5, tzinfo=UTC), "id": UUID(int=5), "yes": False}
    with unit() as work:
        (row,) = work.begin((DAY, given))
        work.finish()
    assert row == given


def test_is_prepared_once_for_each_enterprise(jia, yi, db):
    for site in (jia, yi, jia, yi):
        with enterprise_scope(site):
            before = kept()
            echo("x")
            echo("y")
            assert kept() - before in {0, 1}


def test_after_a_failed_trip_the_next_one_works(in_jia):
    with pytest.raises(DataError), unit() as work:
        work.begin((Fixed("SELECT %(n)s / 0 AS n"), {"n": 1}))
    assert echo("still here")[0] == "still here"


def test_what_a_beat_never_writes_is_refused():
    shelf = prepared.Shelf()
    shelf.before("a")
    with pytest.raises(TypeError):
        shelf.execute("a", ECHO, {"text": 1.5, "n": 7}, None)


def test_a_connection_keeps_the_places_it_served_last(monkeypatch):
    monkeypatch.setattr(prepared, "PLACES", 2)
    shelf, escape = prepared.Shelf(), None
    for place in ("a", "b"):
        shelf.before(place)
        shelf.execute(place, Fixed("SELECT 1"), {}, escape)
    assert shelf.before("b") == []
    (word,) = shelf.before("c")
    assert word.startswith("DEALLOCATE learning_")
    assert len(shelf.before("a")) == 1
