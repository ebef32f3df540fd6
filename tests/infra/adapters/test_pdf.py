"""The certificate's print: one page whatever the facts, harmless input, fast enough."""

import hashlib
import os
import time
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from apps.records.ports import CertificateFields, CourseLine
from infra.adapters.pdf import TypstPrinter
from infra.adapters.pdf.certificate import SHOWN_COURSES, worded_day, worded_hours

FIELDS = CertificateFields(
    number="AQPX-330106-20261123-CY-000A-0000011",
    name="学员甲",
    masked_id="3301************14",
    enterprise="杭州甲机械有限公司",
    training_type="初次培训",
    category="从业人员初次培训",
    training="新员工三级安全教育",
    courses=[CourseLine("AQ-1", "机械伤害防护", "教师甲", 2_700_000)],
    required_ms=64_800_000,
    earned_ms=64_860_000,
    started_on="2026-11-01",
    completed_on="2026-11-23",
    exam_result="合格 92 分",
    exam_hint="及格线 80 分",
    issued_on="2026-11-23",
    platform="安学 · 安全生产网络培训平台",
    basis="国家安全监管总局令第3号第十三条",
    fingerprint="a3" * 32,
    verify_url="https://anxue.example/verify/Q3JkdfW19sdfA",
)


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    return document[0].get_textpage().get_text_bounded().replace(" ", "")


def test_prints_one_page_of_a4_landscape():
    document = pypdfium2.PdfDocument(TypstPrinter().certificate(FIELDS))
    assert [round(side) for side in document[0].get_size()] == [842, 595]


def test_many_long_courses_stay_on_one_page_and_the_rest_are_counted():
    many = [CourseLine("AQ-1", "一门名字特别长的课程" * 12, "教师甲", 1000)] * 60
    text = text_of(TypstPrinter().certificate(replace(FIELDS, courses=many, basis="安全生产法" * 40)))
    assert f"另有{60 - SHOWN_COURSES}门课程" in text


@pytest.mark.parametrize("name", ['#panic("x") *b* _i_ $x$ \\', "<script>", "买买提·阿不都热合曼", "𠮷田"])
def test_a_name_is_printed_and_never_executed(name):
    text = text_of(TypstPrinter().certificate(replace(FIELDS, name=name)))
    assert "安全生产培训证明" in text
    assert name.isascii() is False or name.replace(" ", "") in text


def test_a_page_that_cannot_be_pdf_a_does_not_say_that_it_is(caplog):
    assert "PDF/A" in text_of(TypstPrinter().certificate(FIELDS))
    pdf = TypstPrinter().certificate(replace(FIELDS, name="𠮷田"))
    assert "is not PDF/A" in caplog.text
    assert b"pdfaid" not in pdf
    assert ("PAdES" in text_of(pdf), "PDF/A" in text_of(pdf)) == (True, False)


@pytest.mark.parametrize("design", ["officer", "worker", "special", "of a later version"])
def test_every_design_prints_one_page_with_heading_term_and_stamp(design):
    words = {"title": "主要负责人安全培训证明", "valid_until": "2027-11-22", "renews": "AQPX-1", "stamp": "已 撤 销"}
    text = text_of(TypstPrinter().certificate(replace(FIELDS, design=design, **words)))
    for said in ("主要负责人安全培训证明", "2027年11月22日", "续期自AQPX-1", "已撤销"):
        assert said in text


def numbered(first, count):
    return [replace(FIELDS, number=f"AQPX-330106-20261123-CY-000A-{n:07}", name=f"学员{n}") for n in range(first, first + count)]


def test_many_are_pages_of_one_file_in_their_order():
    many = numbered(0, 12)
    document = pypdfium2.PdfDocument(TypstPrinter().certificates(many))
    words = [page.get_textpage().get_text_bounded() for page in document]
    assert [one.number in said for one, said in zip(many, words, strict=True)] == [True] * 12
    digest = hashlib.sha256("\f".join(words).encode()).hexdigest()
    assert digest == "1e1028483266ab5a95c8ba2b18c02c80bac2eb7e6873b1cd2c1b17a253287bed", (
        "every word of all pages, as the first release set it"
    )


def test_what_was_printed_before_takes_no_memory():
    def printed(first):
        TypstPrinter().certificates(numbered(first, 10))
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    after = [printed(first) for first in range(0, 80, 10)]
    assert after[-1] - after[1] < 20_000_000, "60 pages remembered would be 60 MB"


def test_hours_are_cut_and_never_rounded_up():
    assert worded_hours(64_860_000) == "24 学时（1081 分钟）"
    assert worded_hours(2_700_000) == "1 学时（45 分钟）"
    assert worded_hours(5_399_999) == "1.9 学时（89 分钟）"
    assert worded_day("2026-01-05") == "2026年1月5日"


@pytest.mark.parametrize(("ms", "words"), [(2_699_999, "44 分钟"), (120_000, "2 分钟"), (40_999, "40 秒"), (0, "0 分钟")])
def test_less_than_one_credit_hour_is_printed_in_minutes_alone(ms, words):
    assert worded_hours(ms) == words


def test_takes_less_than_50_ms_of_one_core():
    printer = TypstPrinter()
    printer.certificate(FIELDS)
    begun = time.process_time()
    for n in range(20):
        printer.certificate(replace(FIELDS, name=f"学员{n}"))
    assert (time.process_time() - begun) / 20 < 0.05
