"""Documents: what is told, what is sealed, and that JSON and XML both keep to the published contract."""

from __future__ import annotations

import json

import jsonschema
import pytest

from infra.kit import canonical
from infra.kit.exchange import contract, documents, suites, xml
from infra.kit.exchange.documents import BadDocument, Receipt, Result
from infra.kit.exchange.records import FIELDS, SENSITIVE, publish
from infra.kit.exchange.suites import SealBroken, Suite
from tests.infra.kit.exchange import ground
from tests.infra.kit.exchange.test_suites import two

pytestmark = pytest.mark.req("R7.4")
SCHEMA = json.loads(contract.read("records-1.schema.json"))
SEALED = json.loads(contract.read("sealed-1.schema.json"))
RECEIPTS = json.loads(contract.read("receipts-1.schema.json"))
DAY = json.loads(contract.read("day-1.schema.json"))


@pytest.fixture(params=list(Suite))
def both(request):
    ours, theirs = two(request.param)
    return ground.parcel(ours), theirs


def test_a_parcel_keeps_to_the_json_schema(both):
    document = json.loads(canonical.encode(both[0]))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)


def test_a_parcel_keeps_to_the_xsd_and_reads_back_as_it_was(both):
    root = xml.parse(xml.write(xml.parcel(both[0])))
    contract.validate(root)
    assert xml.read_parcel(root) == json.loads(json.dumps(both[0]))


@pytest.mark.parametrize("kind", list(FIELDS))
def test_schema_and_xsd_name_the_same_fields_as_the_code(kind):
    assert list(SCHEMA["$defs"][kind]["properties"]) == [one.name for one in FIELDS[kind]]
    xsd = xml.parse(contract.read("exchange-1.xsd"))
    types = {"x": "http://www.w3.org/2001/XMLSchema"}
    names = xsd.xpath(f"//x:complexType[@name='{xml.capital(kind.lower())}']//x:element/@name", namespaces=types)
    assert names == [xml.capital(one.name) for one in FIELDS[kind]]


def test_what_is_about_a_person_is_only_there_sealed(both):
    document, theirs = both
    text = json.dumps(document, ensure_ascii=False)
    for private in ("学*", "学员甲", "330106********0014", "139****0001", "203.0.113.9", "k" * 64):
        assert private not in text
    opened = documents.opened(document, theirs)
    assert opened[0]["name"] == "学*"
    assert opened[1]["ip"] == "203.0.113.9"
    assert opened[4] == {}
    assert opened[2]["remark"] == "学员甲申请复核"
    assert document["records"][1]["fields"]["reason"] == "ENDED"
    assert {name for found in opened for name in found} == {one.name for one in SENSITIVE}
    assert list(SEALED["properties"]) == [one.name for one in SENSITIVE]
    for found in opened:
        jsonschema.Draft202012Validator(SEALED).validate(found)


def test_a_stranger_opens_nothing(both):
    document, theirs = both
    stranger = two(theirs.suite)[1]
    if theirs.suite is Suite.SHARED:
        stranger = suites.Keys(theirs.suite, shared=b"some other secret")
    with pytest.raises(SealBroken):
        documents.opened(document, stranger)


def test_a_sealed_value_of_another_record_does_not_open(both):
    document, theirs = both
    document["records"][0]["sealed"], document["records"][1]["sealed"] = (
        document["records"][1]["sealed"],
        document["records"][0]["sealed"],
    )
    with pytest.raises(SealBroken):
        documents.opened(document, theirs)


def test_what_a_body_does_not_say_is_left_out_and_never_guessed():
    told = publish("EXAM", {"score": "92", "passed": 1, "number": True, "plan": 7, "name": ""})
    assert (told.event, told.fields, told.sensitive) == ("RESULT", {"plan": "7"}, {})
    assert publish("SESSION", {"event": "quiz", "score": 80}).event == "QUIZ"
    assert publish("SESSION", {"event": "entry_correction", "corrects": {"n": 3}}).fields == {"corrects": 3}


def test_a_certificate_that_was_reissued_names_the_one_in_whose_place_it_is():
    told = publish("CERTIFICATE", {"number": "3", "renews": "1", "replaces": "2"})
    assert told.fields == {"number": "3", "oldNumber": "2"}
    assert publish("CERTIFICATE", {"number": "2", "renews": "1"}).fields["oldNumber"] == "1"


@pytest.mark.parametrize("count", [0, 1001])
def test_a_parcel_has_between_one_and_a_thousand_records(count):
    ours, _theirs = two(Suite.SHARED)
    with pytest.raises(ValueError, match="1 and 1,000"):
        documents.parcel([ground.sent("DAILY", n + 1) for n in range(count)], keys=ours, msg_id="", sender="", receiver="", at="",
                         enterprises=[])  # fmt: skip


def test_receipts_read_back_in_both_forms_and_keep_to_the_contract():
    said = [
        Receipt("00000000-0000-4000-8000-000000000001", Result.ACCEPTED),
        Receipt("00000000-0000-4000-8000-000000000002", Result.REJECTED, "E01", "证件号校验不通过"),
    ]
    document = documents.receipts_document("11111111-2222-4333-8444-555555555555", said)
    jsonschema.Draft202012Validator(RECEIPTS).validate(document)
    assert documents.read_receipts(document) == (document["msgId"], said)
    root = xml.parse(xml.write(xml.receipts(document)))
    contract.validate(root)
    assert documents.read_receipts(xml.read_receipts(root)) == (document["msgId"], said)


@pytest.mark.parametrize(
    "document",
    [None, [], "x", {}, {"msgId": "m"}, {"msgId": "m", "receipts": {}}, {"msgId": "m", "receipts": [1]},
     {"msgId": "m", "receipts": [{"id": "i", "result": "MAYBE"}]}, {"msgId": "m", "receipts": [{"id": 1, "result": "ACCEPTED"}]},
     {"msgId": "m", "receipts": [{"id": "i", "result": "REJECTED", "reason": "x" * 501}]},
     {"msgId": "m", "receipts": [{"id": "i\0", "result": "ACCEPTED"}]}, {"msgId": "m" * 65, "receipts": []}],
)  # fmt: skip
def test_receipts_of_a_wrong_shape_are_none(document):
    with pytest.raises(BadDocument):
        documents.read_receipts(document)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b'{"a":1,"a":2}', b'{"a":NaN}', b"[" * 100_000, b" " * (documents.MOST_BYTES + 1)],
)
def test_json_that_is_none_is_refused(content):
    with pytest.raises(BadDocument):
        documents.parse_json(content)


@pytest.mark.req("R7.2")
@pytest.mark.parametrize("suite", list(Suite))
def test_a_day_can_be_checked_by_whoever_has_the_parcels(suite):
    ours, _theirs = two(suite)
    lines = [documents.day_line(ground.sent(kind, n), suite) for n, kind in enumerate(ground.BODIES, 1)]
    by_kind = dict.fromkeys(ground.BODIES, 1)
    day = documents.day_document(lines, suite=suite, day="2026-11-23", sender="s", receiver="r", by_kind=by_kind)
    jsonschema.Draft202012Validator(DAY).validate(day)
    assert (day["count"], day["byKind"]["EXAM"]) == (7, 1)
    shown = ("kind", "event", "enterprise", "subject", "at", "fields")
    for line, record in zip(day["lines"], ground.parcel(ours)["records"], strict=True):
        assert line["digest"] == suites.digest(suite, canonical.encode({name: record[name] for name in shown}))


@pytest.mark.req("R7.3")
def test_the_published_examples_keep_to_the_contract():
    found = {name for name in contract.names() if name.startswith("examples/")}
    assert found >= {"examples/records-1.json", "examples/records-1.xml", "examples/receipts-1.json", "examples/receipts-1.xml"}
    for name, schema in (("records", SCHEMA), ("receipts", RECEIPTS), ("day", DAY)):
        jsonschema.Draft202012Validator(schema).validate(json.loads(contract.read(f"examples/{name}-1.json")))
    for name in ("records", "receipts"):
        contract.validate(xml.parse(contract.read(f"examples/{name}-1.xml")))
    same = xml.read_parcel(xml.parse(contract.read("examples/records-1.xml")))
    assert same == json.loads(contract.read("examples/records-1.json")), "the same parcel in both forms"
