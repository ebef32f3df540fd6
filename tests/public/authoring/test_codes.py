"""Course codes and their check character."""

from __future__ import annotations

import importlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from public.catalogue import codes, seed
from public.catalogue.models import Course, MediaAsset
from tests.public.authoring.ground import AT, course, refused

GOOD = "AQ-CY-C-TS-0021-A"


@pytest.mark.req("R3.3")
def test_a_code_says_where_a_course_stands():
    assert codes.make(audience="CY", industry="C", topic="TS", serial=21) == GOOD
    assert codes.parse(GOOD) == codes.Code("CY", "C", "TS", 21)


@pytest.mark.req("R3.3")
@given(st.integers(3, 15), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
def test_any_one_wrong_character_is_noticed(place: int, wrong: str):
    if GOOD[place] in {"-", wrong}:
        return
    assert not codes.is_valid(GOOD[:place] + wrong + GOOD[place + 1 :])


def test_two_neighbours_changed_round_are_nearly_always_noticed():
    """ISO 7064's hybrid systems find every single wrong character, and all but a few of these."""
    changed = []
    for serial in range(1, 10_000):
        code = codes.make(audience="CY", industry="ALL", topic="SJ", serial=serial)
        first = code.index(f"{serial:04d}")
        turned = {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(first, first + 3)}
        changed += [codes.is_valid(other) for other in turned - {code}]
    assert sum(changed) < len(changed) / 200


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "AQ",
        GOOD.lower(),
        GOOD[:-2],
        f"{GOOD} ",
        f" {GOOD}",
        "AQ-ZZ-C-TS-0021-A",
        "AQ-CY-C-TS-0021-V1",
        "AQ-CY-C-TS-00２1-A",
        "A\0" + GOOD,
    ],
)
def test_refuses_what_is_no_code(bad: str):
    assert not codes.is_valid(bad)
    with refused("课程编码不对"):
        codes.parse(bad)


@pytest.mark.parametrize("part", [{"serial": 10_000}, {"audience": "ZZ"}, {"industry": "Z"}, {"topic": "T"}])
def test_refuses_to_make_a_code_of_wrong_parts(part):
    with refused("课程编码不对"):
        codes.make(**{"audience": "CY", "industry": "C", "topic": "TS", "serial": 1, **part})


@pytest.mark.req("R3.3")
def test_every_course_of_the_seed_has_a_code_that_says_where_it_stands():
    for entry in seed.courses():
        found = codes.parse(entry["code"])
        assert (found.audience, found.industry, found.topic) == (entry["audience"], entry["industry_code"], entry["topic"])
        assert any(node["code"] == f"{found.audience}/{found.industry}/{found.topic}" for node in seed.topics())


def test_a_former_code_becomes_todays_and_others_stay():
    assert codes.from_former("AQ-CY-C-TS-0021-V1") == GOOD
    assert codes.from_former(GOOD) == GOOD
    assert codes.from_former("OWN-1-V1") == "OWN-1-V1"


def test_the_migration_renames_courses_and_the_source_of_their_films(platform):
    from types import SimpleNamespace

    from django.apps import apps
    from django.db import connection

    version = course()
    Course.objects.filter(versions=version).update(code="AQ-CY-C-TS-0021-V1")
    film = MediaAsset.objects.create(updated_at=AT, source={"course": "AQ-CY-C-TS-0021-V1", "lesson_no": 1})
    other = MediaAsset.objects.create(updated_at=AT, source={})
    importlib.import_module("public.catalogue.migrations.0005_frozen").give_codes_their_check(
        apps, SimpleNamespace(connection=connection)
    )
    film.refresh_from_db()
    other.refresh_from_db()
    assert Course.objects.get(versions=version).code == GOOD
    assert (film.source, other.source) == ({"course": GOOD, "lesson_no": 1}, {})
