"""What is found, in which order, by whom."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext

from public.catalogue.models import Course, CourseVersion
from public.search import api as search
from public.search.models import Entry
from tenants.scope import enterprise_scope, platform_scope
from tests.conftest import NOON
from tests.public.search import ground

SPACE = "工贸企业有限空间作业安全"


@pytest.fixture
def courses(in_jia):
    return ground.catalogue()


def titles(text, **more):
    return [hit.title for hit in search.find(text, **more).hits]


@pytest.mark.req("R3.6")
@pytest.mark.parametrize(
    "text",
    ["有限空间", "受限空间", "密闭空间作业", "有线空间", "有根空间", "手限空间", "有限空", "yxkj", "sxkj", "YouXianKongJian", "you xian kong jian",
     "youxankongjian", "有限 作业", "吴昊", "監護人職責", "wuhao", "AQ-T-0001", "aq-t-0001", "先通风再检测", "工贸企业有限空间作业安全"],
)  # fmt: skip
def test_a_course_is_found_by_words_synonyms_slips_pinyin_and_trainer(courses, text):
    assert titles(text)[0] == SPACE


@pytest.mark.parametrize(
    ("text", "title"),
    [("焊接切割", "动火作业安全与监护"), ("厂内机动车", "场内专用机动车辆（叉车）安全"), ("高空", "高处作业安全与安全带使用"),
     ("入厂培训", "新员工三级安全教育（厂级）"), ("三集教育", "新员工三级安全教育（厂级）"), ("安全待", "高处作业安全与安全带使用"), ("MSDS", "危险化学品基础与SDS、安全标签")],
)  # fmt: skip
def test_words_of_the_trade_mean_the_same(courses, text, title):
    assert titles(text)[0] == title


@pytest.mark.req("R3.6")
@pytest.mark.parametrize(
    ("text", "title"),
    [("叉车安全", "场内专用机动车辆（叉车）安全"), ("厂内机动车安全", "场内专用机动车辆（叉车）安全"), ("有限空间安全", SPACE), ("受限空间监护人", SPACE),
     ("危化品标签", "危险化学品基础与SDS、安全标签"), ("高处作业安全带", "高处作业安全与安全带使用"), ("赵强", "班组长安全管理"), ("赵 强", "班组长安全管理")],
)  # fmt: skip
def test_words_typed_without_a_space_and_names_written_with_one_are_found(courses, text, title):
    found = search.find(text)
    assert (found.hits[0].title, found.instead) == (title, "")


@pytest.mark.parametrize(
    ("text", "title"),
    [("叉车按全", "场内专用机动车辆（叉车）安全"), ("高空做业", "高处作业安全与安全带使用"), ("受限空间监护仁", SPACE)],
)
def test_such_words_are_also_found_misspelt(courses, text, title):
    assert titles(text)[0] == title


def test_words_that_stand_apart_are_no_answer_while_one_stands_together(courses):
    ground.course("AQ-T-0102", "有限的时间与空间")
    assert [hit.title for hit in search.find("有限空间").hits] == [SPACE, "班组长安全管理"]


def test_a_misspelt_question_says_what_was_looked_for_instead(courses):
    found = search.find("有线空间")
    assert found.instead == "有限空间"
    assert [hit.title for hit in found.hits] == [SPACE, "班组长安全管理"]
    assert search.find("有限空间").instead == ""
    assert search.find("完全不相干的词语").total == 0


def test_titles_come_before_key_points_and_key_points_before_what_is_said(courses):
    ground.course("AQ-T-0101", "叉车")
    assert titles("叉车") == ["叉车", "场内专用机动车辆（叉车）安全", "班组长安全管理"]
    assert titles("有限空间") == [SPACE, "班组长安全管理"]
    assert str(search.find("有限空间").hits[1].where) == "课件或字幕中提到"


def test_what_is_said_in_a_course_is_found(courses, monkeypatch):
    from public.catalogue import texts

    monkeypatch.setattr(texts, "_sources", [lambda version_id: "发现硫化氢要立即撤离" if version_id == courses[SPACE] else ""])
    with platform_scope():
        search.refresh([courses[SPACE]], at=NOON)
    assert titles("硫化氢") == [SPACE]


def test_facets_count_what_each_choice_would_leave(courses):
    found = search.find("", chosen={"topic": ["YX", "DH"]})
    assert found.total == 2
    counts = {name: {choice.value: choice.count for choice in choices} for name, choices in found.facets.items()}
    assert counts["topic"] == {"YX": 1, "DH": 1, "TS": 1, "GC": 1, "SJ": 1, "WH": 1, "FL": 1}
    assert counts["hours"] == {"0": 1, "1": 1}
    assert counts["trainer"] == {"吴昊": 1, "钱军": 1}
    both = search.find("安全", chosen={"topic": ["YX", "DH"], "hours": ["1"]})
    assert [hit.title for hit in both.hits] == ["动火作业安全与监护"]
    left = {choice.value: choice.count for choice in both.facets["topic"]}
    assert left == {"DH": 1, "YX": 0}


def test_odd_filters_sorts_and_pages_do_no_harm(courses):
    assert search.find("", chosen={"topic": ["'; DROP TABLE search_entry"]}).total == 0
    assert search.find("", chosen={"nothing": ["x"]}).total == 7
    assert search.find("", sort="version_id; --").total == 7
    assert search.find("", page=-3).hits
    assert search.find("", page=99_999_999).hits == []
    assert search.find("", sort="long").hits[0].duration_ms == 6_000_000


def test_a_question_costs_two_statements_and_a_misspelt_one_three(courses):
    for text, cost in (("", 2), ("有限空间", 2), ("yxkj", 2), ("有线空间", 3)):
        with CaptureQueriesContext(connection) as seen:
            search.find(text)
        assert len(seen.captured_queries) == cost, text


@pytest.mark.req("S2")
def test_a_private_course_is_found_by_its_own_enterprise_only(courses, in_jia, yi):
    ground.course("AQ-T-0201", "专属喷涂车间安全", only=in_jia.schema_name)
    assert titles("喷涂车间") == titles("喷徒车间") == titles("ptcj") == ["专属喷涂车间安全"]
    with enterprise_scope(yi):
        assert search.find("喷涂车间").total == search.find("ptcj").total == search.find("喷徒车间").total == 0
        everything = search.find("")
        assert everything.total == 7
        assert "杭州甲机械有限公司" not in {choice.value for choice in everything.facets["provider"]}
        assert not Entry.objects.filter(code="AQ-T-0201").exists()
    with platform_scope():
        assert search.find("喷涂车间").total == 1


@pytest.mark.parametrize("state", ["RETIRED", "RECALLED"])
def test_what_is_no_longer_offered_is_not_found_from_that_moment(courses, state):
    with platform_scope():
        CourseVersion.objects.filter(pk=courses[SPACE]).update(state=state)  # no signal is sent: the database itself follows
    assert titles("有限空间") == ["班组长安全管理"]
    assert search.find("").total == 6
    with platform_scope():
        CourseVersion.objects.filter(pk=courses[SPACE]).update(state="PUBLISHED")
    assert titles("有限空间")[0] == SPACE


def test_an_enterprise_can_change_nothing_in_the_index(courses):
    for change in ("DELETE FROM search_entry", "UPDATE search_synonym SET note = ''", "SELECT * FROM search_coursequality"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_reindexing_makes_what_is_missing_and_leaves_the_rest(courses):
    with platform_scope():
        Entry.objects.filter(version_id=courses[SPACE]).delete()
        late = ground.course("AQ-T-0301", "迟到的课程", index=False)
        assert search.reindex(at=NOON) == 2
        assert search.reindex(at=NOON) == 0
        Course.objects.filter(code="AQ-T-0301").update(training_category="焊工专项")
        assert search.reindex(at=NOON, after=late) == 0
        assert search.reindex(at=NOON) == 1
        CourseVersion.objects.filter(pk=late).update(state="RETIRED")
        search.reindex(at=NOON + timedelta(days=1))
        assert not Entry.objects.filter(version_id=late).exists()


@pytest.fixture
def committing(monkeypatch):
    """What waits for the commit happens at once: the test's transaction never commits."""
    monkeypatch.setattr(transaction, "on_commit", lambda work, **_more: work())


def test_a_published_and_a_retired_version_are_followed(courses, committing):
    draft = ground.course("AQ-T-0401", "密闭容器清理", state="DRAFT")
    assert search.find("容器清理").total == 0
    for state, total in (("PUBLISHED", 1), ("RETIRED", 0)):
        with platform_scope():
            row = CourseVersion.objects.get(pk=draft)
            row.state = state
            row.save(update_fields=["state"])
        assert search.find("容器清理").total == total


def test_subtitles_are_among_the_words_that_are_searched():
    from public.catalogue import texts
    from public.subtitles.api import text_of

    assert text_of in texts._sources
