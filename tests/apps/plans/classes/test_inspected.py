"""Classes before an inspector: what was confirmed, of the scope and the period, on the page and in the workbook."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from apps.people import services
from apps.people.models import Learner
from apps.plans.inspection import content, documents, links
from infra.kit import clock
from tests.apps.plans import ground
from tests.apps.plans.classes.ground import AFTER, STARTS, house


@pytest.fixture
def held(in_jia):
    """A class that one of two learners attended and a second person confirmed."""
    place = house()
    row = place.arrange()
    place.attend(row, 0)
    return place, place.confirmed(row)


def scope(**changes):
    day = clock.shanghai_date(STARTS)
    return replace(content.Scope(None, None, day - timedelta(days=1), day + timedelta(days=1)), **changes)


def sheet(where, name):
    book = CalamineWorkbook.from_filelike(BytesIO(documents.workbook(where, progress=lambda _step, _rows: None)))
    return book.get_sheet_by_name(name).to_python()[1:]


@pytest.mark.req("R2.9")
def test_a_confirmed_class_stands_in_the_workbook_with_who_earned_what(held, django_assert_max_num_queries):
    place, row = held
    (line,) = sheet(scope(), "线下课")
    assert line[:3] == [row.number, row.topic, row.plan.title]
    assert line[8] == 1, "who only had a seat earned nothing"
    (who,) = sheet(scope(), "线下学时")
    assert who[2] == Learner.objects.get(pk=place.learners[0].id).name
    assert who[4] == 180
    with django_assert_max_num_queries(1):
        list(content.classes(scope()))


def test_an_unconfirmed_class_another_period_and_another_unit_show_nothing(held):
    place, row = held
    later = row.starts_at + timedelta(days=7)
    place.arrange(starts_at=later, ends_at=later + timedelta(hours=3))
    day = clock.shanghai_date(STARTS)
    assert content.classes(scope()).count() == 1
    assert not content.classes(scope(since=day + timedelta(days=1), until=day + timedelta(days=9))).exists()
    empty = services.unit_of_path("西厂")
    assert not content.classes(scope(within=frozenset({empty.pk}))).exists()


def test_the_inspector_s_page_shows_the_class_with_trainer_and_qualification(in_jia, held):
    place, row = held
    day = clock.shanghai_date(clock.now())
    order = links.Order(since=min(clock.shanghai_date(STARTS), day), until=max(day, clock.shanghai_date(AFTER)), days=3)
    _link, token = links.make(order=order, by=place.owner, at=clock.now(), with_package=False)
    browser = ground.browser(in_jia)
    assert browser.get(f"/inspect/open/{token}")["Location"] == "/inspect"
    page = browser.get("/inspect/classes").content.decode()
    assert row.number in page
    assert place.trainer.qualification in page
