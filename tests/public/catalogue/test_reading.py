"""Search, legal rows."""

from datetime import date

from public.catalogue import api as catalogue
from public.catalogue import seed
from public.catalogue.models import CourseVersion
from tests.conftest import NOON


def test_finds_published_courses_by_title_code_trainer_and_key_point(with_films):
    CourseVersion.objects.update(state="PUBLISHED", published_at=NOON)
    assert [c.code for c in catalogue.published(search="叉车")] == ["AQ-CY-C-TS-0021-A"]
    assert {c.trainer for c in catalogue.published(search="林 海")} == {"林 海"}
    assert catalogue.published(search="没有这样的课") == []
    assert all(c.audience == "FZ" for c in catalogue.published(audience="FZ"))
    ours = {entry["code"] for entry in seed.courses()}
    assert len([c for c in catalogue.published() if c.code in ours]) == len(ours) == 28


def test_legal_hours_are_dated_rows(seeded):
    rows = {(r.code, r.stage): r for r in catalogue.requirements(on=date(2026, 11, 23))}
    assert rows["CY-GEN", "INITIAL"].hours == 24
    assert rows["FZ-HR", "INITIAL"].hours == 48
    assert rows["CY-NEW4", "EVENT"].hours is None
    assert ("CY-NEW4", "EVENT") not in {(r.code, r.stage) for r in catalogue.requirements(on=date(2020, 1, 1))}
