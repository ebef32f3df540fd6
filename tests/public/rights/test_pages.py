"""Pages of the register on the desk: who may see and write, what they say, filters, export, evidence."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from infra.kit import clock
from public.rights import api as rights
from public.rights.models import PeopleAnswer, RightsAsset
from tests.conftest import NOON
from tests.public.desk import desk, inside, operator
from tests.public.rights.ground import DECLARED, cover, draft, facts, move, scan

pytestmark = pytest.mark.req("R3.2")
TODAY = clock.shanghai_date(clock.now())


@pytest.fixture
def author(platform: None) -> int:
    return operator("AUTHOR")


@pytest.fixture
def browser(author: int) -> Client:
    return inside(author)


@pytest.fixture
def version(author: int) -> int:
    return draft(author)


def filled(**changes: object) -> dict[str, object]:
    words: dict[str, object] = {
        "kind": "TEXT", "title": "讲稿", "holder": "课程作者甲", "licence": "OWN", "may_transmit": "on", "territory": "中国大陆",
        "valid_from": "2026-01-01", "statement": DECLARED,
    }  # fmt: skip
    return {**words, **changes}


def text(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return answer.content.decode()


def test_an_author_registers_everything_step_by_step(browser: Client, version: int) -> None:
    page = text(browser, f"/desk/rights/{version}")
    assert "还缺 5 项" in page
    assert "还没有登记字体的版权" in page
    for kind in ("TEXT", "FONT", "ANIMATION", "AUDIO"):
        answer = browser.post(f"/desk/rights/{version}/add", filled(kind=kind))
        assert answer["Location"] == f"/desk/rights/{version}"
    browser.post(f"/desk/rights/{version}/people", {"people_appear": "no"})
    page = text(browser, f"/desk/rights/{version}")
    assert "版权登记齐全" in page
    assert "签署原创声明" in page


def test_a_refused_form_keeps_what_was_typed_and_says_why(browser: Client, version: int) -> None:
    answer = browser.post(f"/desk/rights/{version}/add", filled(title="现场照片", valid_to="2025-01-01"))
    assert answer.status_code == 422
    assert "截止日期不能早于开始日期。" in answer.content.decode()
    assert "现场照片" in answer.content.decode()
    answer = browser.post(f"/desk/rights/{version}/add", filled(evidence="no-uuid", valid_from="yesterday"))
    assert answer.status_code == 422
    assert not RightsAsset.objects.exists()


def test_an_author_corrects_and_takes_out(browser: Client, version: int, author: int) -> None:
    asset = rights.register(version_id=version, facts=facts(), by=rights.Person(author, "课程作者甲"), at=NOON)
    assert "自制素材 TEXT" in text(browser, f"/desk/rights/assets/{asset}")
    browser.post(f"/desk/rights/assets/{asset}", filled(title="修订讲稿"))
    assert RightsAsset.objects.get().title == "修订讲稿"
    assert browser.post(f"/desk/rights/assets/{asset}/remove").status_code == 302
    assert not RightsAsset.objects.exists()


def test_evidence_arrives_in_the_form_and_is_given_out_as_a_download(browser: Client, version: int, author: int) -> None:
    uuid = scan(author, data=b"%PDF-1.7 scan")
    fragment = browser.post("/desk/rights/evidence", {"upload": str(uuid)}).content.decode()
    assert str(uuid) in fragment
    assert "授权书.pdf" in fragment
    browser.post(f"/desk/rights/{version}/add", filled(licence="LICENSED", statement="", evidence=str(uuid)))
    answer = browser.get(f"/desk/rights/assets/{RightsAsset.objects.get().pk}/evidence")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 scan"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_somebody_elses_or_no_upload_is_refused_as_evidence(browser: Client, version: int) -> None:
    assert browser.post("/desk/rights/evidence", {"upload": str(scan(999_999))}).status_code == 403
    assert browser.post("/desk/rights/evidence", {"upload": "x"}).status_code == 400


def test_another_author_sees_nothing_of_it(version: int, author: int) -> None:
    asset = rights.register(
        version_id=version,
        facts=facts(statement="", licence="LICENSED", evidence=scan(author)),
        by=rights.Person(author, "甲"),
        at=NOON,
    )
    other = inside(operator("AUTHOR", login="author-2"))
    for path in (f"{version}", f"{version}/add", f"assets/{asset}", f"assets/{asset}/renew", f"assets/{asset}/evidence"):
        assert other.get(f"/desk/rights/{path}").status_code == 404, path
    for path in (f"{version}/people", f"{version}/copy", f"{version}/add", f"assets/{asset}/remove", f"assets/{asset}"):
        assert other.post(f"/desk/rights/{path}", filled(people_appear="yes", source=version)).status_code == 404, path
    assert "自制素材" not in text(other, "/desk/rights")
    assert (RightsAsset.objects.count(), PeopleAnswer.objects.count()) == (1, 0)


def test_reviewers_look_and_do_not_write_operations_write_after_publication(version: int, author: int) -> None:
    (asset, *_others) = cover(version, author_id=author, at=NOON)
    reviewer, operations = desk("REVIEWER"), desk("OPERATIONS")
    assert "版权登记齐全" in text(reviewer, f"/desk/rights/{version}")
    for browser in (reviewer, operations):
        assert browser.post(f"/desk/rights/{version}/add", filled()).status_code == 403
    move(version, "PUBLISHED")
    assert "更新授权" in text(operations, f"/desk/rights/{version}")
    row = RightsAsset.objects.get(pk=asset)
    renewed = filled(kind=row.kind, licence="LICENSED", statement="", evidence=str(scan(_me(operations))), valid_to="2030-01-01")
    assert operations.post(f"/desk/rights/assets/{asset}/renew", renewed).status_code == 302
    assert "历史记录" in text(operations, f"/desk/rights/{version}")
    assert reviewer.post(f"/desk/rights/assets/{asset}/renew", renewed).status_code == 403


def _me(browser: Client) -> int:
    return int(browser.session["_auth_user_id"])


def test_strangers_are_sent_to_sign_in(version: int) -> None:
    stranger = Client(HTTP_HOST="anxue.localhost:8000")
    assert stranger.get(f"/desk/rights/{version}")["Location"].startswith("/desk/sign-in")
    assert stranger.get("/desk/rights")["Location"].startswith("/desk/sign-in")


def test_copying_from_ones_other_course(browser: Client, version: int, author: int) -> None:
    other = draft(author, code="AQ-CY-ALL-SJ-0922")
    cover(other, author_id=author, at=NOON)
    assert "从别的课程复制" in text(browser, f"/desk/rights/{version}")
    browser.post(f"/desk/rights/{version}/copy", {"source": other})
    assert len(rights.assets_of(version)) == 4
    foreign = draft(7, code="AQ-CY-ALL-SJ-0923")
    cover(foreign, author_id=7, at=NOON)
    assert browser.post(f"/desk/rights/{version}/copy", {"source": foreign}).status_code == 400
    assert len(rights.assets_of(version)) == 4


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_an_unknown_answer_is_refused(browser: Client, version: int, answer: str) -> None:
    assert browser.post(f"/desk/rights/{version}/people", {"people_appear": answer}).status_code == 400
    assert not PeopleAnswer.objects.exists()


@pytest.fixture
def many(author: int) -> None:
    by = rights.Person(author, "课程作者甲")
    ends = {"长期有效": None, "快到期": TODAY + timedelta(days=30), "早过期": TODAY - timedelta(days=5)}
    for number, (title, end) in enumerate(ends.items()):
        version = draft(author, code=f"AQ-CY-ALL-SJ-09{number + 50}")
        rights.register(version_id=version, facts=facts(title=title, valid_to=end, holder="=2+3"), by=by, at=NOON)
        move(version, "PUBLISHED")


def test_operations_find_what_ends_and_what_is_missing(many: None) -> None:
    operations = desk("OPERATIONS")
    for state, seen in (("soon", "快到期"), ("expired", "早过期")):
        page = text(operations, f"/desk/rights?state={state}")
        assert seen in page
        assert "长期有效" not in page
    assert "缺 4 项" in text(operations, "/desk/rights?state=missing")
    assert "没有符合条件的登记" in text(operations, "/desk/rights?q=没有这个")
    assert text(operations, "/desk/rights?q=0951").count("快到期") == 1
    assert text(operations, "/desk/rights?state=zzz&kind=zzz&stage=zzz&sort=zzz&page=zzz&q=%25_")


def test_the_desk_counts_what_ends_soon(many: None, author: int) -> None:
    for browser in (desk("OPERATIONS"), inside(author)):
        page = text(browser, "/desk/")
        assert "版权 60 天内到期" in page
        assert "/desk/rights?state=soon&amp;stage=PUBLISHED" in page


def test_the_export_holds_the_filtered_rows_and_no_formula(many: None) -> None:
    operations = desk("OPERATIONS")
    answer = operations.get("/desk/rights?export=xlsx&state=soon")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert "快到期" in rows[1]
    assert "'=2+3" in rows[1]
    csv = operations.get("/desk/rights?export=csv").content.decode("utf-8-sig")
    assert csv.count("\r\n") == 4
    assert ",=2+3" not in csv


def test_a_long_list_costs_as_many_queries_as_a_short_one(author: int, django_assert_max_num_queries: object) -> None:
    by = rights.Person(author, "课程作者甲")
    for number in range(30):
        version = draft(author, code=f"AQ-CY-ALL-SJ-1{number:03d}")
        rights.register(version_id=version, facts=facts(valid_to=date(2030, 1, 1)), by=by, at=NOON)
    operations = desk("OPERATIONS")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert "第 1 版" in text(operations, "/desk/rights")
