"""The poster for the wall: one page of A4 upright whose code leads to the link, whatever the names are."""

from dataclasses import replace

import pypdfium2
import pytest

from apps.people.ports import PosterFields
from infra.adapters.pdf import PosterPress

FIELDS = PosterFields(
    enterprise="杭州甲机械有限公司",
    unit="一车间",
    position="电工",
    url="https://demo.anxue.example/join/abcdefghijklmnopqrstuvwx",
    until="2026-12-31",
    most=200,
    support="400-000-0000",
)


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    return document[0].get_textpage().get_text_bounded().replace(" ", "").replace("\r\n", "")


def test_prints_one_page_of_a4_upright():
    document = pypdfium2.PdfDocument(PosterPress().poster(FIELDS))
    assert [round(side) for side in document[0].get_size()] == [595, 842]


def test_says_where_one_registers_until_when_and_for_how_many():
    text = text_of(PosterPress().poster(FIELDS))
    for word in ("杭州甲机械有限公司", "一车间·电工", "2026年12月31日前有效", "限200人", FIELDS.url):
        assert word in text


@pytest.mark.parametrize(
    "name", ['#panic("x") *b* $x$ \\', "<script>", "浙江省杭州市余杭区某某新材料科技股份有限公司安全生产培训中心" * 2]
)
def test_a_name_is_printed_and_never_executed_and_the_page_stays_one(name):
    assert "扫码登记" in text_of(PosterPress().poster(replace(FIELDS, enterprise=name, unit=name[:60], position="岗" * 60)))


def test_the_code_for_pages_is_a_picture_without_scripts():
    svg = PosterPress().qr(FIELDS.url)
    assert svg.startswith("<svg")
    assert "script" not in svg


def test_the_printed_code_is_read_by_a_camera_from_a_distance():
    import cv2
    import numpy

    page = pypdfium2.PdfDocument(PosterPress().poster(FIELDS))[0]
    for scale in (0.6, 2):  # about 43 and 144 dots per inch
        picture = numpy.ascontiguousarray(page.render(scale=scale).to_numpy()[:, :, :3])
        read, _corners, _straight = cv2.QRCodeDetector().detectAndDecode(picture)
        assert read == FIELDS.url
