"""How words are folded, cut and spoken; what a question is read as."""

import pytest

from public.search import words
from public.search.asking import ask, resembling
from public.search.meant import meant


@pytest.mark.parametrize(
    ("said", "folded"),
    [("場內機動車輛", "场内机动车辆"), ("ＳＤＳ", "sds"), ("  受限 空间", "  受限 空间"), ("GB 30871", "gb 30871")],
)
def test_traditional_full_width_and_capital_letters_are_folded(said, folded):
    assert words.fold(said) == folded


def test_a_text_is_cut_into_pairs_and_single_characters():
    assert set(words.tokens("动火A-1级")) == {"动火", "动", "火", "a", "1", "级"}
    assert list(words.skips("有限空间")) == ["有_空", "限_间"]
    assert words.letters(["有限空间", "叉车（场内）"]) == "youxiankongjian yxkj chache cc changnei cn"


@pytest.mark.parametrize("wrong", ["有根空间", "有限空", "有限的空间", "有空限间", "由限空间", "有限空见"])
def test_one_slip_leaves_a_complete_set_of_tokens(wrong):
    known = {*words.tokens("有限空间作业"), *words.skips("有限空间作业")}
    assert any(known.issuperset(tokens) for tokens in [words.grams(wrong), *words.mistaken(wrong)])


def test_a_question_names_its_synonyms():
    asked = ask("受限空间作业", [["有限空间", "受限空间"]])
    assert "'有限' & '限空'" in asked.strict
    assert asked.exact == "受限空间作业"
    assert ask("yxkj", [["有限空间", "受限空间"]]).strict.count("'空间'") == 2


@pytest.mark.parametrize("nothing", ["", "   ", "？！…", "\0", "'", "\\", "& | !"])
def test_a_question_without_words_asks_for_everything(nothing):
    assert ask(nothing).is_empty


def test_a_question_of_any_length_stays_small():
    assert len(ask("安" * 10_000 + " " + "a " * 500).strict) < 3000


@pytest.mark.parametrize(
    ("run", "word", "part"),
    [("手限空间作业", "受限空间", "手限空间"), ("有根空间", "有限空间", "有根空间"), ("叉车", "动火", "")],
)
def test_what_resembles_a_known_word_is_found(run, word, part):
    assert resembling(run, word) == part


def test_did_you_mean_is_read_off_what_was_found():
    class Course:
        title = "高处作业安全与安全带使用"
        key_points = ("安全带高挂低用",)

    assert meant("安全待", [Course()]) == "安全带"
    assert meant("gaochuzuoye", [Course()]) == "高处作业"
    assert meant("高空安全", [Course()]) == "", "two of four characters are another word"
    assert meant("完全不同的说法", [Course()]) == ""
