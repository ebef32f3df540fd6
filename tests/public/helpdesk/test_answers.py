"""Search answers what people type, with its source, and says when it does not know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from public.helpdesk import asking, faq, forgetting, gaps, passages
from public.helpdesk.manual import reading
from public.helpdesk.models import Article, Edition, Gap, Passage, Tally, Vote
from tests.public.desk import HOST, inside, operator
from tests.public.helpdesk.asked import ANSWERED, LATER, UNKNOWN
from tests.public.helpdesk.ground import NOON, desk, refused

EVERYBODY = ("LEARNER", "MANAGER", "TRAINER", "REGULATOR", "PUBLIC")
pytestmark = pytest.mark.req("R6.1.2")


def find(text: str, audiences: tuple[str, ...] = EVERYBODY, lang: str = "zh") -> asking.Answer:
    return asking.find(text, audiences=audiences, own=audiences[0], lang=lang, at=NOON)


def words(**changes: Any) -> faq.Words:
    said: dict[str, Any] = {
        "audiences": ["LEARNER"],
        "question": "厂区食堂几点开饭？",
        "answer": "食堂每天中午十一点半开饭，晚上五点半。",
        **changes,
    }
    return faq.Words(**said)


def test_answers_what_people_type_and_never_answers_what_it_does_not_know(platform):
    wrong = []
    for text, *titles in ANSWERED:
        answer = find(text)
        if answer.how != asking.SURE or answer.best is None or not _is_one_of(answer.best.ref, titles):
            wrong.append(text)
    assert len(wrong) <= len(ANSWERED) // 20, wrong
    sure = [text for text in UNKNOWN if find(text).how == asking.SURE]
    assert sure == []


def test_leads_to_the_right_place_for_questions_it_was_not_made_with(platform):
    right = wrong = 0
    for text, *titles in LATER:
        answer = find(text)
        shown = [one for one in (answer.best, *answer.others) if one is not None]
        right += any(_is_one_of(one.ref, titles) for one in shown)
        wrong += answer.best is not None and not _is_one_of(answer.best.ref, titles)
    assert wrong == 0
    assert right >= len(LATER) * 0.7, right


def _is_one_of(ref: str, titles: list[str]) -> bool:
    section = reading.section(ref, "zh")
    title = section.title if section else Edition.objects.get(article__uuid=ref, number=1).question
    return title.startswith(tuple(titles))


def test_an_answer_names_its_source_and_comes_in_the_readers_language(platform):
    found = find("考试没及格能补考吗")
    assert found.best is not None
    assert (found.best.source, found.best.number) == ("FAQ", 1)
    with translation.override("en"):
        english = find("考试没及格能补考吗", lang="en").best
    assert english is not None
    assert english.title == "I failed the exam. May I take it again?"
    section = find("看懂总览").best
    assert section is not None
    assert (section.source, section.key, section.anchor, section.where) == ("MANUAL", "manager/start", "overview", "管理台入门")


def test_readers_find_only_what_is_written_for_them(platform):
    assert find("怎么合并重复求助", ("OPERATOR",)).how == asking.SURE
    assert "operator/help" not in str(find("怎么合并重复求助"))
    assert find("怎么批量导入员工", ("LEARNER", "PUBLIC")).how != asking.SURE


def test_a_question_costs_three_queries_however_much_there_is(platform):
    find("补考")
    with CaptureQueriesContext(connection) as seen:
        find("考试没及格能补考吗")
    assert len(seen) == 3


def test_passages_are_made_by_the_first_question_and_made_again_for_another_release(platform, monkeypatch):
    Passage.objects.all().delete()
    assert find("考试没及格能补考吗").how == asking.SURE
    first = Passage.objects.count()
    monkeypatch.setattr(reading, "digest", lambda: "0" * 32)
    assert find("考试没及格能补考吗").how == asking.SURE
    assert Passage.objects.filter(edition="0" * 32).count() == Passage.objects.count() - first
    assert passages.forget_former(at=NOON + timedelta(days=6)) == 0
    assert passages.forget_former(at=NOON + timedelta(days=8)) == Passage.objects.filter(edition="0" * 32).count()


def test_what_was_not_sure_is_counted_for_the_editor_without_numbers(platform):
    ask = {"audiences": EVERYBODY, "own": "LEARNER", "lang": "zh", "at": NOON, "who": "10.0.0.7"}
    for text in ("食堂几点开饭", "请问食堂几点开饭？", "学员甲13800001234的工资", "考试没及格能补考吗"):
        asking.ask(text, **ask)
    assert {row.text: row.count for row in Gap.objects.all()} == {"食堂几点开饭": 2, "学员甲＊＊＊的工资": 1}
    tally = Tally.objects.get()
    assert (tally.sure, tally.unknown + tally.perhaps) == (1, 3)
    gaps.note_handed("食堂几点开饭")
    assert Gap.objects.get(text="食堂几点开饭").handed == 1
    assert forgetting.forget(at=NOON + timedelta(days=181)) >= 2
    assert not Gap.objects.exists()


def test_the_editor_writes_an_answer_and_it_is_found_at_once(platform):
    asking.ask("食堂几点开饭", audiences=EVERYBODY, own="LEARNER", lang="zh", at=NOON, who="10.0.0.7")
    gap = Gap.objects.get()
    uuid = gaps.write_answer(gap=gap.pk, said=words(), desk=desk())
    found = find("食堂几点开饭").best
    assert found is not None
    assert found.ref == str(uuid)
    gap.refresh_from_db()
    assert (gap.state, gap.article.uuid) == ("ANSWERED", uuid)
    with refused("wrong_state"):
        gaps.dismiss(gap=gap.pk, desk=desk())


def test_a_question_that_has_an_answer_is_added_to_the_ways_to_ask_it(platform):
    asking.ask("挂科了肿么破", audiences=EVERYBODY, own="LEARNER", lang="zh", at=NOON, who="10.0.0.7")
    edition = Edition.objects.select_related("article").get(question__startswith="考试没及格")
    gaps.answer(gap=Gap.objects.get().pk, article=edition.article.uuid, desk=desk())
    found = find("挂科了肿么破")
    assert (found.how, found.best and found.best.number) == (asking.SURE, 2)
    assert Edition.objects.get(article=edition.article, number=2).answer == edition.answer


def test_a_question_is_linked_also_where_there_is_no_room_for_its_words(platform):
    full = "\n".join(f"{n:03d}" * 3 + "开饭时间" for n in range(71)) + "\n一二"
    uuid = faq.write(words=words(other_words=full), desk=desk())
    asking.ask("挂科了肿么破", audiences=EVERYBODY, own="LEARNER", lang="zh", at=NOON, who="10.0.0.7")
    gaps.answer(gap=Gap.objects.get().pk, article=uuid, desk=desk())
    assert (Gap.objects.get().state, Gap.objects.get().article.uuid) == ("ANSWERED", uuid)
    assert [one.other_words for one in Edition.objects.filter(article__uuid=uuid)] == [full]


def test_another_edition_takes_the_place_and_the_former_ones_stay(platform):
    uuid = faq.write(words=words(), desk=desk())
    with refused("nothing_changed"):
        faq.write(words=words(), desk=desk(), article=uuid)
    faq.write(words=words(answer="食堂搬到二楼，中午十二点开饭。"), desk=desk(), article=uuid, why="搬家")
    found = find("食堂几点开饭").best
    assert found is not None
    assert (found.number, "二楼" in found.text) == (2, True)
    faq.retire(article=uuid, desk=desk())
    assert find("食堂几点开饭").how == asking.UNKNOWN
    assert Edition.objects.filter(article__uuid=uuid).count() == 2
    faq.write(words=words(), desk=desk(), article=uuid)
    assert find("食堂几点开饭").how == asking.SURE


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"audiences": []}, "unknown_audience"),
        ({"audiences": ["NOBODY"]}, "unknown_audience"),
        ({"question": "？"}, "text_missing"),
        ({"answer": "太短"}, "text_missing"),
        ({"question_en": "When?"}, "text_missing"),
        ({"chapter": "learner/nothing"}, "unknown_chapter"),
    ],
)
def test_an_unfinished_answer_is_refused_and_nothing_is_written(platform, changes, code):
    before = Edition.objects.count()
    with refused(code):
        faq.write(words=words(**changes), desk=desk())
    assert (Edition.objects.count(), Article.objects.count()) == (before, before)


def test_a_browser_votes_once_for_an_edition(platform):
    edition = Edition.objects.select_related("article").get(question__startswith="考试没及格")
    vote = {"article": edition.article.uuid, "number": 1, "words": "", "at": NOON, "who": "10.0.0.7"}
    assert faq.vote(is_helpful=False, session="a", **vote)
    assert not faq.vote(is_helpful=True, session="a", **vote)
    assert faq.vote(is_helpful=True, session="b", **vote)
    edition.article.refresh_from_db()
    assert (edition.article.helpful, edition.article.unhelpful, Vote.objects.count()) == (1, 1, 2)
    assert "a" not in Vote.objects.values_list("voter", flat=True)
    with refused("not_found"):
        faq.vote(is_helpful=True, session="c", **{**vote, "number": 2})


def test_asking_on_the_page(platform):
    browser = Client(HTTP_HOST=HOST)
    sure = browser.post("/help/ask", {"q": "考试没及格能补考吗"}, headers={"HX-Request": "true"}).content.decode()
    for text in ("考试没及格可以补考吗？", "来源：", "第 1 版", "有帮助吗？", "转人工客服"):
        assert text in sure, text
    unknown = browser.post("/help/ask", {"q": "食堂几点开饭"}).content.decode()
    assert "这个问题我还不知道答案" in unknown
    assert 'value="食堂几点开饭"' in unknown
    uuid = Edition.objects.get(question__startswith="考试没及格").article.uuid
    assert browser.get(f"/help/questions/{uuid}").status_code == 200
    assert browser.get(f"/help/questions/{UUID(int=1)}").status_code == 404
    voted = browser.post(f"/help/questions/{uuid}/vote", {"number": "1", "helped": "no"}, headers={"HX-Request": "true"})
    assert "没帮上忙" in voted.content.decode()
    assert Article.objects.get(uuid=uuid).unhelpful == 1


def test_an_answer_for_others_is_not_shown_by_its_address_either(platform):
    uuid = faq.write(words=words(audiences=["OPERATOR"]), desk=desk())
    browser = Client(HTTP_HOST=HOST)
    assert browser.get(f"/help/questions/{uuid}").status_code == 404
    voted = browser.post(f"/help/questions/{uuid}/vote", {"number": "1", "helped": "yes"})
    assert voted.status_code == 404
    assert "食堂每天" not in voted.content.decode()
    assert not Vote.objects.exists()
    assert "食堂每天" in inside(operator("OPERATIONS")).get(f"/help/questions/{uuid}").content.decode()
