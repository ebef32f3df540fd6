"""Pure rules: words of a question, hours round the clock, markdown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from public.helpdesk import marked, ranking, rules, words
from public.helpdesk.ranking import Candidate
from public.helpdesk.shapes import PromiseView

AT = datetime(2026, 10, 1, 15, 30, tzinfo=UTC)
"""A holiday, half past eleven at night."""


def promise(day: int = 1, *, minutes: int = 30, hours: int = 4) -> PromiseView:
    return PromiseView(day, "BLOCKED", "", date(2026, 11, day), minutes, hours)


@pytest.mark.req("R6.1.2")
def test_an_hour_is_an_hour_at_night_and_on_holidays():
    assert rules.answer_due(promise(), AT) == AT + timedelta(minutes=30)
    assert rules.settle_due(promise(), AT) == AT + timedelta(hours=4)


def test_the_share_of_the_time_and_its_stages():
    due = AT + timedelta(hours=4)
    shares = [rules.share(start=AT, due=due, at=AT + timedelta(minutes=n)) for n in (0, 119, 120, 192, 240, 300)]
    assert shares == [0, 49, 50, 80, 100, 125]
    assert [rules.stage(share) for share in shares] == [0, 0, 50, 80, 100, 100]
    assert rules.share(start=AT, due=AT, at=AT) == 100


def test_a_pause_moves_both_ends():
    due, paused = AT + timedelta(hours=4), AT + timedelta(hours=1)
    start, end = rules.resumed(start=AT, due=due, paused=paused, at=paused + timedelta(days=2))
    assert (start - AT, end - due) == (timedelta(days=2), timedelta(days=2))


def test_of_dated_promises_the_last_begun_one_holds():
    rows = [promise(9), promise(1), promise(5)]
    assert [rules.holding(rows, date(2026, 11, day)).id for day in (1, 4, 5, 30)] == [1, 1, 5, 9]
    assert rules.holding(rows, date(2026, 10, 1)).id == 1
    with pytest.raises(LookupError):
        rules.holding([], date(2026, 11, 1))


def test_a_question_is_cut_into_what_it_asks_for():
    assert [unit.token for unit in words.units("请问我的课时怎么没有增加？")] == ["学时", "没有", "有增", "增加"]
    assert [unit.token for unit in words.units("how do I download my certificates")] == ["下载", "证明"]
    assert words.units("  ？！ ") == []
    assert [unit.sound for unit in words.units("补考")] == ["~bukao"]
    assert words.key("怎么补考？") == words.key("请问如何重考呢") == "补考"


def test_what_is_kept_of_a_question_has_no_numbers_of_persons():
    said = words.scrub("我叫学员甲 13800001234，身份证33010619900307001X，邮箱 a.b@example.com，学了 45 分钟")
    assert said == "我叫学员甲 ＊＊＊，身份证＊＊＊，邮箱 ＊＊＊，学了 45 分钟"


def candidate(ref: str, head: str, body: str = "") -> Candidate:
    asked = {unit.token for unit in words.units("考试断网")}
    return Candidate(
        "FAQ", ref, frozenset(asked & set(words.tokens([head]))), frozenset(asked & set(words.tokens([body]))), frozenset(), 6
    )


def test_a_title_beats_a_text_and_nothing_is_no_answer():
    found = [candidate("text", "别的事情", "考试时断网了接着考"), candidate("title", "考试断网怎么办")]
    ranked = ranking.rank(words.units("考试断网"), found, total=50)
    assert [one.ref for one in ranked] == ["title", "text"]
    assert [one.is_sure for one in ranked] == [True, False]
    assert ranking.rank(words.units("考试断网"), [], total=50) == []
    assert ranking.rank([], found, total=50) == []


def test_markdown_lets_no_html_script_or_foreign_picture_through():
    html = marked.html(
        "<script>x</script> [a](javascript:alert(1)) [b](//evil) [c](/manual) ![d](https://x/y.png)\n\n|a|\n|-|\n|1|"
    )
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert 'href="//' not in html
    assert "<img" not in html
    assert '<a href="/manual">c</a>' in html
    assert '<table class="table ax-table">' in html
    assert marked.plain("**先** 看 [这里](/x)\n\n- 一\n- 二") == "先 看 这里 一 二"
    assert marked.plain("很长的话" * 100, 20).endswith("…")
