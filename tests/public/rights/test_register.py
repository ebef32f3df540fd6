"""The register: what is refused at its door, what stands once a version was submitted, what is missing before publication."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.catalogue.models import CourseVersion, Courseware
from public.rights import api as rights
from public.rights.models import PeopleAnswer, RightsAsset
from tenants.scope import enterprise_scope
from tests.conftest import NOON
from tests.public.rights.ground import OF_A_FILM, cover, draft, facts, move, scan

pytestmark = pytest.mark.req("R3.2")
AUTHOR = 1
BY = rights.Person(AUTHOR, "课程作者甲")
OTHER = rights.Person(2, "课程作者乙")
TODAY = date(2026, 11, 23)
EXCEPT = {kind: tuple(other for other in OF_A_FILM if other != kind) for kind in OF_A_FILM}


@pytest.fixture
def version(platform: None) -> int:
    return draft(AUTHOR)


def texts(version_id: int) -> str:
    return "\n".join(str(gap.text) for gap in rights.rights_gaps(version_id, NOON))


def refused(code: str) -> pytest.RaisesExc[DomainError]:
    return pytest.RaisesExc(DomainError, check=lambda error: error.code == code)


def enter(version_id: int, kind: str = "TEXT", by: rights.Person = BY, **changes: object) -> int:
    return rights.register(version_id=version_id, facts=facts(kind, **changes), by=by, at=NOON)


def test_a_version_without_register_is_refused_with_everything_that_is_missing(version: int) -> None:
    with refused("incomplete") as refusal:
        catalogue.submit(version_id=version, by_id=AUTHOR, at=NOON)
    words = [gap["text"] for gap in refusal.value.details["missing"] if gap["code"].startswith("rights")]
    assert words == [
        "还没有登记文字的版权",
        "还没有登记字体的版权",
        "还没有登记画面（视频、动画或图片）的版权",
        "还没有登记声音（音频）的版权",
        "还没有回答“画面或声音里有没有可辨认的人”",
    ]
    assert CourseVersion.objects.get(pk=version).state == "DRAFT"


def test_a_full_register_lacks_nothing(version: int) -> None:
    cover(version, author_id=AUTHOR, at=NOON)
    assert texts(version) == ""


@pytest.mark.parametrize("kind", OF_A_FILM)
def test_each_kind_of_a_film_is_asked_for(version: int, kind: str) -> None:
    cover(version, author_id=AUTHOR, at=NOON, kinds=EXCEPT[kind])
    assert texts(version).startswith("还没有登记")
    assert len(rights.rights_gaps(version, NOON)) == 1


def test_a_picture_serves_as_what_is_seen_and_a_document_needs_no_sound(platform: None) -> None:
    film, paper = draft(AUTHOR), draft(AUTHOR, code="AQ-CY-ALL-SJ-0922", kinds=("DOCUMENT",))
    cover(film, author_id=AUTHOR, at=NOON, kinds=("TEXT", "FONT", "PICTURE", "AUDIO"))
    cover(paper, author_id=AUTHOR, at=NOON, kinds=("TEXT", "FONT"))
    assert rights.gaps_of([film, paper], at=NOON) == {film: [], paper: []}


def test_a_lesson_that_no_asset_covers_is_named(platform: None) -> None:
    version = draft(AUTHOR, kinds=("VIDEO", "VIDEO"))
    first = Courseware.objects.get(version_id=version, no=1)
    cover(version, author_id=AUTHOR, at=NOON, kinds=("TEXT", "FONT", "AUDIO"))
    enter(version, "VIDEO", courseware_id=first.pk)
    (gap,) = rights.rights_gaps(version, NOON)
    assert str(gap.text) == "课件“第 2 课”没有登记画面（视频、动画或图片）的版权"
    assert gap.courseware_id != first.pk


def test_people_in_the_picture_ask_for_their_consent(version: int) -> None:
    cover(version, author_id=AUTHOR, at=NOON)
    rights.answer_people(version_id=version, people_appear=True, by=BY, at=NOON)
    assert texts(version) == "有人出镜，但还没有登记肖像权人的同意"
    enter(version, "PORTRAIT", licence="PORTRAIT", statement="", evidence=scan(AUTHOR), holder="操作工甲")
    assert texts(version) == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"may_transmit": False}, "授权范围不含信息网络传播"),
        ({"statement": ""}, "没有上传授权证明"),
        ({"valid_to": TODAY - timedelta(days=1)}, "授权已于 2026-11-22 到期"),
        ({"valid_from": TODAY + timedelta(days=1)}, "授权自 2026-11-24 起才生效"),
    ],
)
def test_an_asset_that_is_not_in_order_keeps_the_version_back(version: int, changes: dict[str, object], words: str) -> None:
    cover(version, author_id=AUTHOR, at=NOON, kinds=EXCEPT["AUDIO"])
    enter(version, "AUDIO", **changes)
    assert texts(version) == f"音频“自制素材 AUDIO”：{words}"


def test_the_last_day_of_a_term_still_counts(version: int) -> None:
    cover(version, author_id=AUTHOR, at=NOON, kinds=EXCEPT["AUDIO"])
    enter(version, "AUDIO", valid_to=TODAY)
    assert texts(version) == ""


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"kind": "SMELL"}, "unknown_kind", "kind"),
        ({"licence": "FOUND"}, "unknown_licence", "licence"),
        ({"title": "  "}, "text_missing", "title"),
        ({"holder": "甲\0"}, "text_missing", "holder"),
        ({"valid_to": date(2019, 1, 1)}, "bad_period", "valid_to"),
        ({"courseware_id": 999_999}, "wrong_lesson", "courseware_id"),
        ({"licence": "LICENSED"}, "bad_statement", "statement"),
        ({"statement": "我写的"}, "bad_statement", "statement"),
        ({"kind": "PORTRAIT"}, "wrong_licence", "licence"),
        ({"licence": "PORTRAIT", "statement": ""}, "wrong_licence", "licence"),
    ],
)
def test_facts_that_cannot_be_true_are_refused(version: int, changes: dict[str, object], code: str, field: str) -> None:
    with refused(code) as refusal:
        enter(version, **changes)
    assert refusal.value.details["field"] == field
    assert not RightsAsset.objects.exists()


def test_own_work_is_declared_by_the_author_only(version: int) -> None:
    with refused("bad_statement"):
        enter(version, by=OTHER)
    row = RightsAsset.objects.get(pk=enter(version))
    assert (row.signed_by, row.signed_name, row.signed_at) == (AUTHOR, "课程作者甲", NOON)


@pytest.mark.parametrize(
    ("owner", "kind", "state", "code"),
    [
        (2, "document", "READY", "not_your_upload"),
        (AUTHOR, "video", "READY", "wrong_kind"),
        (AUTHOR, "document", "OPEN", "not_ready"),
    ],
)
def test_evidence_is_ones_own_checked_document_or_picture(version: int, owner: int, kind: str, state: str, code: str) -> None:
    with refused(code):
        enter(version, statement="", evidence=scan(owner, kind=kind, state=state))
    assert not RightsAsset.objects.exists()


def test_evidence_of_an_enterprise_with_the_same_number_is_not_ones_own(version: int) -> None:
    with refused("not_your_upload"):
        enter(version, statement="", evidence=scan(AUTHOR, provider_schema="e_jia"))


def test_a_submitted_register_stands_also_against_raw_sql(version: int) -> None:
    asset = cover(version, author_id=AUTHOR, at=NOON)[0]
    move(version, "IN_REVIEW")
    for write in (
        lambda: enter(version),
        lambda: rights.amend(asset_id=asset, facts=facts(), by=BY, at=NOON),
        lambda: rights.remove(asset_id=asset, by=BY, at=NOON),
        lambda: rights.renew(asset_id=asset, facts=facts(), by=BY, at=NOON),
        lambda: rights.answer_people(version_id=version, people_appear=True, by=BY, at=NOON),
        lambda: rights.copy_assets(from_version=version, to_version=version, by=BY, at=NOON),
    ):
        with refused("frozen"):
            write()
    for rows in (RightsAsset.objects.filter(pk=asset), PeopleAnswer.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(at=NOON + timedelta(days=1))
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


def test_a_published_asset_is_renewed_by_a_new_row_and_the_former_stays(version: int) -> None:
    cover(version, author_id=AUTHOR, at=NOON, kinds=EXCEPT["AUDIO"])
    old = enter(version, "AUDIO", licence="LICENSED", statement="", evidence=scan(AUTHOR), valid_to=TODAY)
    move(version, "PUBLISHED")
    longer = facts("AUDIO", licence="LICENSED", statement="", evidence=scan(AUTHOR), valid_to=date(2028, 1, 1))
    new = rights.renew(asset_id=old, facts=longer, by=BY, at=NOON)
    assert new in {row.pk for row in rights.assets_of(version)}
    assert old not in {row.pk for row in rights.assets_of(version)}
    assert RightsAsset.objects.get(pk=new).replaces_id == old
    with refused("already_replaced"):
        rights.renew(asset_id=old, facts=longer, by=BY, at=NOON)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"valid_to": TODAY - timedelta(days=1)}, "not_in_order"),
        ({"statement": ""}, "not_in_order"),
        ({"kind": "TEXT"}, "other_kind"),
    ],
)
def test_a_renewal_that_would_not_pass_is_refused(version: int, changes: dict[str, object], code: str) -> None:
    asset = cover(version, author_id=AUTHOR, at=NOON)[3]
    move(version, "PUBLISHED")
    with refused(code):
        rights.renew(asset_id=asset, facts=facts(**{"kind": "AUDIO", **changes}), by=BY, at=NOON)
    assert RightsAsset.objects.count() == 4


def test_a_published_version_may_be_completed_late_but_not_extended(version: int) -> None:
    move(version, "PUBLISHED")
    cover(version, author_id=AUTHOR, at=NOON)
    with refused("frozen"):
        enter(version)


def test_a_copied_version_takes_its_register_along(platform: None) -> None:
    former, fresh = draft(AUTHOR), draft(AUTHOR, code="AQ-CY-ALL-SJ-0922")
    lessons = {Courseware.objects.get(version_id=former).pk: Courseware.objects.get(version_id=fresh).pk}
    cover(former, author_id=AUTHOR, at=NOON, kinds=EXCEPT["AUDIO"])
    enter(former, "AUDIO", courseware_id=next(iter(lessons)))
    for _again in range(2):
        catalogue.version_copied.send(None, from_version=former, to_version=fresh, lessons=lessons, by_id=AUTHOR, at=NOON)
    assert texts(fresh) == ""
    assert len(rights.assets_of(fresh)) == 4
    assert {row.courseware_id for row in rights.assets_of(fresh)} == {None, *lessons.values()}
    assert len(rights.assets_of(former)) == 4


def test_an_enterprise_sees_nothing_of_the_register(version: int, jia: object) -> None:
    cover(version, author_id=AUTHOR, at=NOON)
    for model in (RightsAsset, PeopleAnswer):
        with enterprise_scope(jia), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():  # type: ignore[arg-type]
            model.objects.count()


def test_many_versions_cost_as_many_queries_as_one(platform: None, django_assert_num_queries: object) -> None:
    ids = [draft(AUTHOR, code=f"AQ-CY-ALL-SJ-{n:04d}") for n in range(930, 936)]
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert all(rights.gaps_of(ids, at=NOON).values())
