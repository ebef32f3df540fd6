"""Identity data against the vectors of the standards (GB 11643, GB 32100)."""

from datetime import date

import pytest

from infra.kit import identity

ON = date(2026, 11, 23)
GOOD_IDS = [
    "11010519491231002X", "440524188001010014", "330106199003070014", "330203198511120024",
    "330602199512313370", "330106199909090089", "33010319700101001X", "330782198808081233",
]  # fmt: skip


@pytest.mark.req("R2.1")
@pytest.mark.parametrize("value", [v for v in GOOD_IDS if v != "440524188001010014"])
def test_accepts_ids_with_a_right_check_digit(value):
    assert identity.is_resident_id(value, on=ON)


def test_accepts_the_standards_own_example_in_its_century():
    assert identity.is_resident_id("440524188001010014", on=date(1950, 1, 1))
    assert not identity.is_resident_id("440524188001010014", on=ON), "nobody works at 146"


@pytest.mark.req("R2.1")
@pytest.mark.parametrize(
    "value",
    [
        "33010219900307783X",  # check digit
        "330106199013010015",  # month 13
        "110105194912310021",  # check digit
        "110105491231002",  # 15 places
        "",
        "33010619900307001",
        "3301061990030700141",
        "３３０１０６１９９００３０７００１４",  # full-width digits must be normalised first
        "33010619900307001x",
        "A30106199003070014",
    ],
)
def test_refuses_ids_that_are_wrong(value):
    assert not identity.is_resident_id(value, on=ON)


def test_refuses_a_birth_date_that_does_not_exist():
    body = "33010619900230001"
    check = identity._CHECK[sum(int(c) * w for c, w in zip(body, identity._WEIGHTS, strict=True)) % 11]
    assert not identity.is_resident_id(body + check, on=ON)


def test_says_the_working_age_to_the_day():
    value = "330106199909090089"
    assert not identity.is_resident_id(value, on=date(2015, 9, 8))
    assert identity.is_resident_id(value, on=date(2015, 9, 9))
    assert identity.is_resident_id(value, on=date(2100, 9, 8))
    assert not identity.is_resident_id(value, on=date(2100, 9, 9))


@pytest.mark.parametrize(("typed", "kept"), [
    (" 330103 19700101 001x ", "33010319700101001X"), ("３３０１０３19700101001Ｘ", "33010319700101001X"),
    ("'330106199003070014", "330106199003070014"), ("330106-1990-0307-0014", "330106199003070014"),
])  # fmt: skip
def test_normalises_an_id_as_people_type_it(typed, kept):
    assert identity.normalise_resident_id(typed) == kept


@pytest.mark.parametrize(("value", "sex"), [
    ("330106199003070014", "M"), ("330203198511120024", "F"), ("330602199512313370", "M"), ("330106199909090089", "F"),
])  # fmt: skip
def test_reads_the_sex_from_the_seventeenth_place(value, sex):
    assert identity.sex_of(value) == sex


@pytest.mark.parametrize(
    "value",
    ["91350100M000100Y43", "91110000600037341L", "91330100MA2TEPT14F", "91330200MA28DEM23Y", "91330106MA2BKXT393",
     "12330000470051232P", "52330000501234569U"],
)  # fmt: skip
def test_accepts_credit_codes_with_a_right_check_character(value):
    assert identity.is_uscc(value)


@pytest.mark.parametrize("value", ["9133010009999999XX", "91330000MA27U00RXQ", "", "9135010OM000100Y43", "91350100M000100Y4"])
def test_refuses_wrong_credit_codes(value):
    assert not identity.is_uscc(value)


def test_normalises_a_credit_code():
    assert identity.normalise_uscc(" 91350100 m000100y43 ") == "91350100M000100Y43"


@pytest.mark.req("R2.1")
@pytest.mark.parametrize(
    "typed",
    ["13800138000", "+86 138 0013 8000", "+86-138-0013-8000", "0086 13800138000", "8613800138000", "138-0013-8000", "１３８００１３８０００",
     "(+86)13800138000", "138\u202d00138000\u202c"],
)  # fmt: skip
def test_normalises_mobiles_as_people_type_them(typed):
    assert identity.normalise_mobile(typed) == "13800138000"
    assert identity.is_mobile(identity.normalise_mobile(typed))


@pytest.mark.parametrize(
    "value", ["", "12345678901", "1380013800", "138001380000", "1380013800a", "02888888888", "+8613800138000"]
)
def test_refuses_wrong_mobiles(value):
    assert not identity.is_mobile(value)


@pytest.mark.parametrize(
    "typed",
    ["学员甲", "安全员", "阿卜杜·热西提", "阿卜杜•热西提", "王 芳", "John O'Neil", "Anne-Marie", "欧阳", "𠮷野", "司马  光"],
)
def test_accepts_names(typed):
    assert identity.is_person_name(identity.normalise_name(typed))


@pytest.mark.parametrize(
    "typed", ["", "甲", "学员1", "<b>学员</b>", "=cmd()", "学员@", "·学员", "学" * 51, "学员_甲", "姓名：甲|乙", "学员\x00甲"]
)
def test_refuses_what_is_no_name(typed):
    assert not identity.is_person_name(identity.normalise_name(typed))


def test_writes_one_kind_of_middle_dot():
    dots = {identity.normalise_name(f"阿卜杜{dot}热西提") for dot in "·•・‧∙.．"}
    assert dots == {"阿卜杜·热西提"}


@pytest.mark.req("R5.1")
@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("本人33010619900307001X说明", "本人33010619900307001X说明"),
        ("本人330106199003070014。", "本人****。"),
        ("330106-19900307-0014", "****"),
        ("打 13800000001 或 138 0000 0001", "打 **** 或 ****"),
        ("统一代码 91330106MA2BKXT393，2026-03-01 2026-04-01，AQPX-330106-20261123-CY-000A-0000011", None),
        ("订单 1380000000123", None),
    ],
)
def test_numbers_of_people_are_starred_out_of_a_text(text, left):
    assert identity.without_numbers(text) == (text if left is None else left)


def test_masks_hide_the_middle():
    assert identity.mask_mobile("13800138000") == "138****8000"
    assert identity.mask_resident_id("33010319700101001X") == "3301************1X"
    assert identity.mask_name("学员甲") == "学**"
    assert identity.mask_mobile("123") == identity.mask_resident_id("1234") == "****"
