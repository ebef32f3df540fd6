"""A certificate that was revoked because its words were wrong is replaced by a right one; the old one stays and leads to it."""

import random
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from stdnum.cn import uscc

from apps.records import api as records
from apps.records.certificates import verifying
from apps.records.models import Certificate
from apps.records.sealing import sealing
from apps.records.sealing.findings import Report
from infra.kit import clock
from infra.kit.errors import DomainError
from public.seals import api as seals
from public.seals.offline import anxue_verify
from tenants.opening import Application
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans.ground import HOUR_MS, NOON
from tests.apps.records.certificates.test_revoking import ONE, TWO, decide, propose, told
from tests.apps.records.test_certificates import facts, issue
from tests.tenants.ground import opened
from tests.together import together

pytestmark = pytest.mark.req("R4.2", "R4.5")
WRONG = {"name": "学员假", "exam_score": 92}


def now(mine, **changes):
    """What is known today: as the certificate says, but for ``changes``."""
    body = mine.body
    said = {
        "name": body["name"],
        "masked_id": body["masked_id"],
        "earned_ms": body["earned_ms"],
        "exam_score": body["exam_score"],
    }
    return records.FactsNow(**({"course_ms": {}} | said | changes))


def revoked(reason="MISTAKE", **changes):
    mine = issue(**(WRONG | changes))
    decide(propose(mine, reason=reason))
    return mine


def reissue(mine, by=ONE, **changes):
    return records.reissue_certificate(certificate=mine.uuid, now=now(mine, **changes), by=by, at=NOON)


def refused(mine, by=ONE, **changes):
    before = Certificate.objects.count(), len(records.entries_of(mine.subject))
    with pytest.raises(DomainError) as caught:
        reissue(mine, by=by, **changes)
    assert (Certificate.objects.count(), len(records.entries_of(mine.subject))) == before
    assert told(mine).replaced is None
    return caught.value.code


def test_the_right_one_has_its_own_number_and_both_name_each_other(in_jia):
    mine = revoked()
    new = reissue(mine, name="学员甲")
    assert (new.number != mine.number, new.code != mine.code, new.issued_for) == (True, True, mine.issued_for)
    assert (new.body["name"], new.body["replaces"], new.valid_until) == ("学员甲", mine.number, mine.valid_until)
    issued, entry = (one for one in records.entries_of(mine.subject) if one.kind == "CERTIFICATE")
    assert ("replaces" in issued.body, entry.body["replaces"], entry.body["number"]) == (False, mine.number, new.number)
    page = told(mine)
    assert (page.state, page.replaced.other_code, page.replaced.entry) == ("REVOKED", new.code, entry.hash_hex)
    assert (told(new).state, told(new).is_genuine, told(new).body["replaces"]) == ("VALID", True, mine.number)
    assert Certificate.objects.get(uuid=mine.uuid).body == mine.body, "the row never changes"
    assert records.verify_chain(mine.subject).is_whole
    report = Report(in_jia.schema_name)
    verifying.check(report)
    assert report.findings == []


def test_asked_again_it_is_the_same_one(in_jia):
    mine = revoked()
    assert reissue(mine, name="学员甲") == reissue(mine, name="学员甲")
    assert len(records.certificates_of(mine.subject)) == 2
    given = records.issue_certificate(facts=facts(subject=mine.subject, issued_for=mine.issued_for), at=NOON)
    assert given.body["replaces"] == mine.number, "a completion that is looked at again finds the one that stands"


def test_a_right_one_that_was_wrong_too_is_replaced_in_its_turn(in_jia):
    first = revoked()
    second = reissue(first, name="学员加")
    decide(propose(second, reason="MISTAKE"))
    third = reissue(second, name="学员甲")
    assert [one.body.get("replaces") for one in (first, second, third)] == [None, first.number, second.number]
    assert [told(one).state for one in (first, second, third)] == ["REVOKED", "REVOKED", "VALID"]


def test_what_differs_is_said_before(in_jia):
    course = {"code": "AQ-1", "title": "机械伤害防护", "trainer": "教师甲", "duration_ms": HOUR_MS, "earned_ms": HOUR_MS}
    mine = revoked(courses=[course])
    known = now(
        mine, name="学员甲", exam_score=95, earned_ms=mine.body["earned_ms"] - 60_000, course_ms={"AQ-1": HOUR_MS - 60_000}
    )
    found = records.reissue_differences(mine.uuid, now=known, by=ONE)
    assert [(one.label, one.before, one.after) for one in found][:2] == [
        ("姓名", "学员假", "学员甲"),
        ("考试成绩", "92 分", "95 分"),
    ]
    assert [one.label for one in found][2:] == ["实修学时", "课程“机械伤害防护”"]
    assert len(records.certificates_of(mine.subject)) == 1


def test_a_corrected_entry_is_what_the_new_one_says(in_jia):
    mine = revoked()
    acting = records.Acting("manager:1", "安全员"), records.Acting("manager:2", "管理员乙")
    (n,) = (one.n for one in records.entries_of(mine.subject) if one.kind == "CERTIFICATE")
    values = {"training": "新员工三级教育"}
    made = records.propose_correction(
        subject=mine.subject, n=n, values=values, reason="项目名称写错", evidence=None, by=acting[0], at=NOON
    )
    records.decide_correction(correction=made.uuid, approve=True, by=acting[1], at=NOON)
    assert reissue(mine).body["training"] == "新员工三级教育"


@pytest.mark.parametrize("reason", ["UNTRUE", "IMPOSTOR", "OTHER"])
def test_who_did_not_learn_it_learns_anew(in_jia, reason):
    assert refused(revoked(reason), name="学员甲") == "learn_anew"


def test_refused_where_nothing_would_differ_or_it_is_still_good(in_jia):
    assert refused(revoked()) == "nothing_differs"
    assert refused(issue(**WRONG), name="学员甲") == "not_revoked"


def test_a_proposal_alone_is_not_enough(in_jia):
    mine = issue(**WRONG)
    propose(mine, reason="MISTAKE")
    assert refused(mine, name="学员甲") == "not_revoked"


def test_another_name_and_another_number_are_another_person(in_jia):
    assert refused(revoked(), name="学员乙", masked_id="3302************26") == "other_person"


def test_nobody_reissues_the_own_one(in_jia):
    mine = revoked()
    assert refused(mine, by=records.Decider(3, "学员甲", mine.subject), name="学员甲") == "own_certificate"


def test_one_that_was_renewed_since_is_left_to_the_renewal(in_jia):
    who, same = uuid4(), {"requirement": "FZ-GEN", "category_code": "FZ"}
    mine = issue(subject=who, stage="INITIAL", **same)
    issue(subject=who, stage="ANNUAL", **same)
    decide(propose(mine, reason="MISTAKE"))
    assert refused(mine, name="学员乙") == "renewed"


def test_the_next_refresher_renews_the_right_one(in_jia):
    who, same = uuid4(), {"requirement": "FZ-GEN", "category_code": "FZ"}
    mine = revoked(subject=who, stage="INITIAL", **same)
    new = reissue(mine, name="学员甲")
    assert issue(subject=who, stage="ANNUAL", **same).body["renews"] == new.number


@pytest.mark.parametrize(
    "wrong",
    [
        {"replaces": None},
        {"subject": uuid4()},
        {"issued_for": uuid4()},
    ],
)
def test_the_database_has_one_for_an_assignment_and_one_person(in_jia, wrong):
    mine = revoked()
    row = Certificate.objects.get(uuid=mine.uuid)
    row.pk, row.uuid, row.serial, row.number, row.code, row.replaces_id = None, uuid4(), 999, "AQPX-X", "x" * 16, mine.id
    for name, value in wrong.items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.req("R5.6")
def test_strangers_check_both_offline(in_jia):
    mine = revoked()
    new = reissue(mine, name="学员甲")
    with platform_scope():
        signers = seals.signers(at=clock.now())
        keys = [one["verifier"] for one in seals.public_keys()]
    sealing.seal(signers=signers, at=clock.now())

    def lines(view):
        page = told(view)
        signed = {"body": page.body, "signature": page.signature, "key_id": page.key_id, "public_key": public_key(page.key_id)}
        proof = seals.PROOFS.get().certificate(schema=in_jia.schema_name, code=view.code)
        return "\n".join(anxue_verify.check({"format": anxue_verify.FORMAT, "certificate": signed, **proof}, keys))

    assert f"replaces     {mine.number}" in lines(new)
    assert f"by {new.number}" in lines(mine)
    assert "REVOKED" in lines(mine)


def public_key(key_id):
    import base64

    from public.regulators import api as regulators

    return base64.b64encode(regulators.public_key(key_id)).decode()


@pytest.mark.req("R5.7")
def test_the_neighbour_cannot(in_jia, yi):
    mine = revoked()
    with enterprise_scope(yi), pytest.raises(DomainError) as caught:
        records.reissue_certificate(certificate=mine.uuid, now=now(mine, name="学员甲"), by=TWO, at=NOON)
    assert caught.value.status == 404
    assert len(records.certificates_of(mine.subject)) == 1


@pytest.fixture
def fresh(database):
    """An enterprise of its own: what several connections do is not rolled back."""
    body = f"91330106MA2{random.randint(100_000, 999_999)}"
    name = f"reissue-{random.randint(10_000, 99_999)}"
    return opened(
        Application("杭州戊机械有限公司", body + uscc.calc_check_digit(body), name, "C34", "GENERAL", "330106"), at=NOON
    )


def test_four_managers_at_once_issue_one(fresh):
    with enterprise_scope(fresh):
        mine = revoked()
    made = together(fresh, lambda: reissue(mine, name="学员甲"))
    assert len({one.uuid for one in made}) == 1
    with enterprise_scope(fresh):
        assert [one.kind for one in records.entries_of(mine.subject)] == ["CERTIFICATE", "REVOCATION", "CERTIFICATE"]
        assert records.verify_chain(mine.subject).is_whole
