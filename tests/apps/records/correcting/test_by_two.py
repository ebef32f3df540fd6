"""A correction needs two people, adds an entry and changes none."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from PIL import Image

from apps.people import api as people
from apps.people import managing
from apps.people.models import Manager, Notice
from apps.records import api as records
from apps.records.correcting import fields
from apps.records.models import Correction, LedgerEntry
from infra.kit.crypto import SealBroken
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.regulators.models import FeedRecord
from tenants.scope import enterprise_scope
from tests.apps.plans import ground
from tests.conftest import NOON

pytestmark = pytest.mark.req("R4.2")
LATER = NOON + timedelta(hours=1)
ONE, TWO = records.Acting("manager:1", "安全员"), records.Acting("manager:2", "管理员乙")


@pytest.fixture
def someone(in_jia):
    return ground.learner(1, unit_path="生产部", position="操作工")


def propose(someone, *, by=ONE, values=None, reason="登记时部门写错", evidence=None, n=1):
    wanted = {"unit": "仓储部"} if values is None else values
    return records.propose_correction(subject=someone.uuid, n=n, values=wanted, reason=reason, evidence=evidence, by=by, at=NOON)


def decide(row, *, by=TWO, approve=True, words=""):
    return records.decide_correction(correction=row.uuid, approve=approve, words=words, by=by, at=LATER)


def everything():
    return list(Correction.objects.values()), list(LedgerEntry.objects.order_by("id").values_list("id", "n", "kind", "body"))


def refuses(code, act):
    before = everything()
    with pytest.raises(DomainError) as refusal:
        act()
    assert refusal.value.code == code
    assert everything() == before
    return refusal.value


def picture():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "#0b5cad").save(out, "PNG")
    return records.Evidence("签到表.png", out.getvalue())


def test_an_approved_correction_is_an_entry_that_names_the_corrected_one_and_both_stay(someone):
    (first,) = records.entries_of(someone.uuid)
    done = decide(propose(someone), words="与劳动合同一致")
    entries = records.entries_of(someone.uuid)
    assert entries[0] == first, "the corrected entry is as it was"
    body = entries[1].body
    assert (entries[1].kind, entries[1].n, entries[1].at) == ("CORRECTION", 2, LATER)
    assert body["corrects"] == {"n": 1, "hash": first.hash_hex, "kind": "REGISTRATION"}
    assert body["changes"] == [{"field": "unit", "before": "生产部", "after": "仓储部"}]
    assert (body["proposed_by"], body["approved_by"], body["words"]) == ("安全员", "管理员乙", "与劳动合同一致")
    assert body["effective_ms"] == 0
    assert (done.state, done.result.n) == ("APPROVED", 2)
    assert records.verify_chain(someone.uuid).is_whole
    assert [one.action for one in audit.history(f"correction:{done.uuid}")] == [
        "records.correction_approved", "records.correction_proposed"]  # fmt: skip


def test_the_file_shows_the_entry_and_its_correction(someone):
    decide(propose(someone))
    document = records.learner_file(someone.uuid, at=LATER)
    (section,) = [one for one in document.sections if one.title == "更正记录"]
    (row,) = section.tables[0].rows
    assert (row[0], row[1]) == ("2", "第 1 条 学员登记")
    assert "生产部 → 仓储部" in row[3]
    ledger = document.sections[-1].tables[0]
    assert [line[2] for line in ledger.rows] == ["学员登记", "更正"]


def test_nobody_approves_the_own_proposal_not_even_in_the_database(someone):
    row = propose(someone)
    assert refuses("own_proposal", lambda: decide(row, by=ONE)).status == 403
    with pytest.raises(IntegrityError, match="correction_decided_by_another"), transaction.atomic():
        Correction.objects.update(decided_by="manager:1")


def test_nobody_corrects_or_decides_about_the_own_record(someone):
    mine = records.Acting("manager:1", "安全员", someone.uuid)
    assert refuses("own_record", lambda: propose(someone, by=mine)).status == 403
    row = propose(someone)
    assert refuses("own_record", lambda: decide(row, by=records.Acting("manager:3", "丙", someone.uuid))).status == 403


def test_a_refusal_needs_words_and_leaves_the_record_alone(someone):
    row = propose(someone)
    refuses("reason", lambda: decide(row, approve=False, words="不"))
    done = decide(row, approve=False, words="劳动合同上就是生产部")
    assert (done.state, done.words) == ("DECLINED", "劳动合同上就是生产部")
    assert [one.kind for one in records.entries_of(someone.uuid)] == ["REGISTRATION"]
    refuses("already_decided", lambda: decide(row))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"values": {"unit": "生产部"}}, "nothing_changes"),
        ({"values": {}}, "nothing_changes"),
        ({"reason": "错了"}, "reason"),
        ({"values": {"position": "工" * 61}}, "value"),
        ({"values": {"hired_on": "昨天"}}, "value"),
        ({"n": 9}, "not_found"),
    ],
)
def test_what_cannot_be_is_not_proposed(someone, change, code):
    refuses(code, lambda: propose(someone, **change))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": "本人 330106199003070014 登记错误"}, "reason"),
        ({"reason": "请致电 138 0000 0001 核实"}, "reason"),
        ({"values": {"note": "证件号 330106 19900307 0014"}}, "note"),
    ],
)
def test_no_number_that_tells_a_person_enters_what_cannot_be_erased(someone, change, field):
    assert refuses("personal", lambda: propose(someone, **change)).details["field"] == field
    row = propose(someone, evidence=records.Evidence("合同330106199003070014.png", picture().data))
    assert row.evidence_name == "合同****.png"
    assert refuses("personal", lambda: decide(row, words="已与 13800000001 核实")).details["field"] == "words"


def test_the_employee_number_stays_out_of_the_ledger(someone):
    refuses("nothing_changes", lambda: propose(someone, values={"employee_no": "G-009"}))


def test_two_who_propose_at_once_wait_for_each_other(someone):
    with CaptureQueriesContext(connection) as seen:
        propose(someone)
    asked = [query["sql"] for query in seen if "advisory" in query["sql"] or '"records_correction"' in query["sql"]]
    assert "advisory" in asked[0], "whoever comes second finds the first proposal, and no broken constraint"


def test_one_entry_has_one_open_proposal_which_its_proposer_may_withdraw(someone):
    row = propose(someone)
    refuses("already_proposed", lambda: propose(someone, values={"position": "班长"}))
    refuses("not_own", lambda: records.withdraw_correction(correction=row.uuid, by=TWO, at=LATER))
    assert records.withdraw_correction(correction=row.uuid, by=ONE, at=LATER).state == "WITHDRAWN"
    assert propose(someone, values={"position": "班长"}).state == "PROPOSED"


def test_a_second_correction_begins_from_what_holds_now_and_a_correction_itself_is_not_corrected(someone):
    decide(propose(someone))
    refuses("nothing_changes", lambda: propose(someone))
    refuses("not_correctable", lambda: propose(someone, n=2))
    decide(propose(someone, values={"unit": "检修部"}))
    last = records.entries_of(someone.uuid)[-1].body
    assert last["changes"] == [{"field": "unit", "before": "仓储部", "after": "检修部"}]
    assert records.verify_chain(someone.uuid).entries == 3


def test_evidence_is_judged_sealed_and_named_by_its_digest(someone):
    proof = picture()
    row = propose(someone, evidence=proof)
    with default_storage.open(row.evidence_key) as file:
        assert proof.data not in file.read()
    assert records.evidence_content(row) == proof.data
    body = records.entries_of(someone.uuid)[-1].body if decide(row) else {}
    assert body["evidence"]["name"] == "签到表.png"
    refuses("not_found", lambda: propose(someone, n=7, evidence=picture()))
    with pytest.raises(DomainError):
        propose(someone, values={"position": "班长"}, evidence=records.Evidence("脚本.png", b"MZ\x90not a picture"))
    row.evidence_key = default_storage.save(row.evidence_key + "x", default_storage.open(row.evidence_key))
    with default_storage.open(row.evidence_key, "wb") as file:
        file.write(b"\x01" + b"0" * 64)
    with pytest.raises(SealBroken):
        records.evidence_content(row)


def test_who_may_decide_is_asked_and_the_learner_and_the_proposer_hear_of_it(someone):
    owner = people.open_owner(name="安全员", mobile="13900000001", password=None, at=NOON)
    me = Manager.objects.get(credential=owner)
    other = managing.invite(name="管理员乙", mobile="13900000002", role="TRAINING", unit_id=None, by=me.pk, at=NOON)
    managing.invite(name="主管", mobile="13900000003", role="AUDITOR", unit_id=None, by=me.pk, at=NOON)
    with TestCase.captureOnCommitCallbacks(execute=True):
        row = propose(someone, by=records.Acting(f"manager:{me.pk}", "安全员"))
    with TestCase.captureOnCommitCallbacks(execute=True):
        decide(row, by=records.Acting(f"manager:{other.pk}", "管理员乙"))
    told = set(Notice.objects.values_list("kind", "manager_id", "learner_id"))
    assert told == {
        ("records.correction_proposed", other.pk, None),
        ("records.correction_decided", me.pk, None),
        ("records.corrected", None, someone.id),
    }


def test_a_correction_goes_to_the_authority_where_the_corrected_entry_went(someone):
    before = FeedRecord.objects.count()
    decide(propose(someone))
    assert FeedRecord.objects.count() == before, "people are told of by themselves"


def test_the_neighbour_proposes_and_decides_nothing(someone, yi):
    row, before = propose(someone), everything()
    with enterprise_scope(yi):
        for act in (
            lambda: propose(someone, by=TWO),
            lambda: decide(row),
            lambda: records.withdraw_correction(correction=row.uuid, by=ONE, at=LATER),
            lambda: records.correction(row.uuid),
        ):
            with pytest.raises(DomainError, match="not_found"):
                act()
        assert not records.corrections(subjects=None).exists()
    assert everything() == before


def test_times_are_typed_as_minutes_and_seconds():
    (field,) = fields.FIELDS["STUDY_SESSION"]
    assert [field.read(text) for text in ("12:30", "12：30", "0", "360")] == [750, 750, 0, 21_600]
    assert field.typed(750) == "12:30"
    for text in ("", "-1", "1:60", "361", "一", "1:2:3", "1.5"):
        with pytest.raises(DomainError) as refusal:
            field.read(text)
        assert refusal.value.details["field"] == "effective_s"
