"""From what somebody asks to tokens. Pure; the index and the question use the same ones.

Chinese is cut into pairs of characters as in `public.search.words`; what only makes a question of it (怎么, 为什么, please) falls out, and
words that mean the same are written one way.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from public.search.api import fold, grams, runs
from public.search.api import sounds as sounds_of

LONGEST, MOST_UNITS = 200, 40
_SAME: tuple[tuple[str, ...], ...] = (
    ("登录", "登陆", "登入", "进不去", "上不去", "log in", "login", "sign in", "signing in", "signin"),
    ("证明", "证书", "合格证", "结业证", "certificates", "certificate"),
    ("学时", "课时", "时长", "credit hours", "credit hour", "study hours"),
    ("补考", "重考", "再考", "重新考", "考第二次", "retake", "resit"),
    ("人脸", "刷脸", "扫脸", "人脸识别", "face check", "face recognition"),
    ("短信", "验证码", "code by sms", "text message"),
    ("手机号", "手机号码", "电话号码", "phone number", "mobile number"),
    ("视频", "录像", "video", "videos"),
    ("卡顿", "卡住", "转圈", "加载慢", "播放不了", "放不出", "看不了", "buffering"),
    ("导入", "批量添加", "批量导入", "import"),
    ("离职", "辞职", "leaver"),
    ("收不到", "没收到", "没有收到", "收到不了"),
    ("开通", "注册", "开户"),
    ("撤销", "作废", "voided", "void"),
    ("投诉", "举报", "complain", "complaint", "complaints"),
    ("费用", "收费", "价格", "多少钱", "price", "fee", "cost"),
    ("题库", "试题", "考题"),
    ("不及格", "没及格", "没有及格", "没通过", "不合格", "没合格", "没考过", "failed", "fail"),
    ("个人信息", "隐私", "personal data", "privacy"),
    ("管理员", "安全员", "administrator", "admin"),
    ("监管", "应急局", "应急管理局", "应急管理部门", "authority"),
    ("下载", "打印", "导出", "download", "print"),
    ("同时学", "代学", "替学", "挂机", "刷课"),
    ("快进", "倍速", "拖动", "拖进度", "skip"),
    ("换手机", "换号", "换号码"),
)
"""The first of each group stands for all of it."""
_EMPTY = (
    "为什么会", "为什么", "怎么办", "怎么样", "怎样才能", "怎样", "怎么", "如何", "请问", "请教", "能不能", "可不可以", "可以", "是不是", "是否",
    "有没有", "什么时候", "什么", "多长时间", "多久", "哪里", "在哪儿", "在哪", "哪些", "哪个", "我们", "我的", "你们", "一下", "一直", "还是", "还要", "需要", "想要", "应该",
    "时候", "之后", "以后", "的话", "这个", "那个", "自己", "吗", "呢", "吧", "啊", "了", "的", "我", "你", "您",
)  # fmt: skip
"""Words of a question that say nothing of what is asked; the longer ones first."""
_EMPTY_LATIN = frozenset(
    "a an and any are be been can cannot cant could do does did for from get go has have how i if in into is it its me my no not of on or our "
    "please should so than that the their there they this to was we what when where which who why will with would you your am at by up out just "
    "need want use using still".split()
)
_DROP = re.compile("|".join(_EMPTY))
_LONG_NUMBER, _MAIL = re.compile(r"[0-9０-９Xx*][0-9０-９Xx*\- ]{5,}[0-9０-９Xx]"), re.compile(r"[\w.+-]+@[\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Unit:
    """One piece of a question: its token, and how it sounds ("" for Latin words and single characters)."""

    token: str
    sound: str = ""


def units(text: str) -> list[Unit]:
    """Return what a question asks for, each piece once, at most 40."""
    found: dict[str, Unit] = {}
    for run in _asked(text[:LONGEST]):
        pairs = grams(run)
        heard = list(sounds_of(run))
        for place, token in enumerate(pairs):
            found.setdefault(token, Unit(token, heard[place] if place < len(heard) else ""))
    whole = [unit for unit in found.values() if len(unit.token) > 1]
    return (whole or list(found.values()))[:MOST_UNITS]


def tokens(texts: Iterable[str]) -> list[str]:
    """Return the tokens of texts for the index, each once, in order."""
    return list(dict.fromkeys(token for text in texts for run in _asked(text) for token in [*grams(run), *_singles(run)]))


def sounds(texts: Iterable[str]) -> list[str]:
    """Return how texts sound, in pairs, each once."""
    return list(dict.fromkeys(sound for text in texts for run in _asked(text) for sound in sounds_of(run)))


def key(text: str) -> str:
    """Return what is the same for two questions that differ in nothing that matters; at most 120 signs."""
    return "".join(_asked(text))[:120]


def scrub(text: str) -> str:
    """Return a question without what looks like numbers of persons, phones and addresses, at most 200 signs."""
    return _LONG_NUMBER.sub("＊＊＊", _MAIL.sub("＊＊＊", " ".join(text.replace("\0", "").split())))[:LONGEST]


def _asked(text: str) -> list[str]:
    """Return the runs of a text in its written-one-way form, without empty words. Where nothing is left, empty words count too."""
    said = canonical(text)
    left = [run for piece in _DROP.split(said) for run in runs(piece)]
    full = [run for run in (_stem(run) for run in left) if run and run not in _EMPTY_LATIN]
    return full or runs(said)


def _singles(run: str) -> list[str]:
    return list(run) if len(run) > 1 and not run.isascii() else []


def _stem(run: str) -> str:
    """Cut the plural off an English word: certificates, certificate."""
    return run[:-1] if run.isascii() and len(run) > 3 and run.endswith("s") and not run.endswith("ss") else run


def canonical(text: str) -> str:
    """Return the folded text with words that mean the same written one way, divided from the rest by blanks."""
    said = " ".join(fold(text).split())
    table, pattern = _table()
    return pattern.sub(lambda found: f" {table[found[0]]} " if found[0].isascii() else table[found[0]], said)


@cache
def _table() -> tuple[dict[str, str], re.Pattern[str]]:
    table = {word: group[0] for group in _SAME for word in group}
    longest = sorted(table, key=len, reverse=True)
    words = [rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in longest]
    return table, re.compile("|".join(words))
