"""A certificate is revoked by two managers, never by one, never by its holder; row and entry stay."""

from uuid import uuid4

import pytest
from django.db import InternalError, ProgrammingError, transaction

from apps.records import api as records
from apps.records.certificates.revoking import decision_digest
from apps.records.models import Certificate, Revocation
from infra.kit.errors import DomainError
from public.regulators import api as regulators
from public.regulators.models import CertificateChange
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans.ground import NOON
from tests.apps.records.test_certificates import issue

ONE, TWO = records.Decider(1, "管理员甲", None), records.Decider(2, "管理员乙", None)
WORDS = "监控显示由他人代为学习，已核实"


def propose(mine, by=ONE, **changes):
    said = {"reason": "IMPOSTOR", "words": WORDS} | changes
    return records.propose_revocation(certificate=mine.uuid, **said, by=by, at=NOON)


def decide(row, by=TWO, approve=True, answer=""):
    return records.decide_revocation(revocation=row.uuid, approve=approve, answer=answer, by=by, at=NOON)


def told(mine):
    with platform_scope():
        found = regulators.certificate(mine.code, at=NOON)
    assert found is not None
    return found


def kinds(mine):
    return [entry.kind for entry in records.entries_of(mine.subject)]


@pytest.mark.req("R4.2", "R4.5")
def test_approved_by_a_second_manager_it_is_revoked_for_everybody_at_once(in_jia):
    mine = issue()
    row = decide(propose(mine))
    found, (_issued, entry) = told(mine), records.entries_of(mine.subject)
    assert (found.state, found.revoked.get_reason_display()) == ("REVOKED", "由他人代学代考")
    assert (entry.kind, entry.n, entry.hash_hex) == ("REVOCATION", row.entry_n, found.revoked.entry)
    assert entry.body["decision"] == decision_digest(row)
    assert WORDS not in str(entry.body), "strangers who fetch the proof get the word, not the story"
    assert "管理员甲" not in str(entry.body)
    assert Certificate.objects.get(uuid=mine.uuid).listing["fingerprint"] == mine.fingerprint
    assert found.is_genuine
    assert records.standings([mine], on=NOON.date())[mine.code].state == "REVOKED"
    assert records.verify_chain(mine.subject).is_whole


def test_whoever_alters_the_words_later_no_longer_fits_the_ledger(in_jia):
    row = decide(propose(issue()))
    before = decision_digest(row)
    row.words = "另一个理由，事后改写"
    assert decision_digest(row) != before


@pytest.mark.req("R4.2")
def test_nobody_decides_about_the_own_proposal_or_the_own_certificate(in_jia):
    mine = issue()
    holder = records.Decider(3, "学员甲", mine.subject)
    with pytest.raises(DomainError) as caught:
        propose(mine, by=holder)
    assert caught.value.code == "own_certificate"
    row = propose(mine)
    for by, code in ((ONE, "own_proposal"), (holder, "own_certificate")):
        with pytest.raises(DomainError) as caught:
            decide(row, by=by)
        assert caught.value.code == code
    assert (told(mine).state, kinds(mine)) == ("VALID", ["CERTIFICATE"])
    assert Revocation.objects.get().state == "PROPOSED"


def test_declined_with_a_reason_the_certificate_stays_good_and_may_be_proposed_again(in_jia):
    mine = issue()
    row = propose(mine)
    with pytest.raises(DomainError) as caught:
        decide(row, approve=False)
    assert caught.value.code == "answer"
    assert decide(row, approve=False, answer="录像显示是本人，不予撤销").state == "DECLINED"
    assert (told(mine).state, kinds(mine)) == ("VALID", ["CERTIFICATE"])
    assert propose(mine).state == "PROPOSED"


@pytest.mark.parametrize(
    ("changes", "code"), [({"reason": "BORED"}, "reason"), ({"words": "错"}, "words"), ({"words": "长" * 201}, "words")]
)
def test_a_proposal_says_why(in_jia, changes, code):
    with pytest.raises(DomainError) as caught:
        propose(issue(), **changes)
    assert (caught.value.code, caught.value.status) == (code, 422)
    assert not Revocation.objects.exists()


def test_one_open_proposal_and_no_second_revocation(in_jia):
    mine = issue()
    row = propose(mine)
    with pytest.raises(DomainError) as caught:
        propose(mine, by=TWO)
    assert caught.value.code == "already_proposed"
    decide(row)
    for act in (lambda: decide(row), lambda: propose(mine)):
        with pytest.raises(DomainError) as caught:
            act()
        assert caught.value.code in {"already_decided", "already_revoked"}
    assert kinds(mine) == ["CERTIFICATE", "REVOCATION"]


def test_only_who_proposed_it_takes_it_back(in_jia):
    mine = issue()
    row = propose(mine)
    with pytest.raises(DomainError) as caught:
        records.withdraw_revocation(revocation=row.uuid, by=TWO, at=NOON)
    assert caught.value.code == "not_yours"
    assert records.withdraw_revocation(revocation=row.uuid, by=ONE, at=NOON).state == "WITHDRAWN"
    with pytest.raises(DomainError):
        decide(row)
    assert told(mine).state == "VALID"


def test_a_revoked_one_is_not_renewed(in_jia):
    who = uuid4()
    mine = issue(subject=who, requirement="FZ-GEN", stage="INITIAL", category_code="FZ")
    decide(propose(mine))
    new = issue(subject=who, requirement="FZ-GEN", stage="ANNUAL", category_code="FZ")
    assert new.body["renews"] is None
    assert told(mine).state == "REVOKED"


def test_what_was_told_to_strangers_cannot_be_taken_back(in_jia):
    mine = issue()
    decide(propose(mine))
    for act in (lambda: CertificateChange.objects.update(reason="OTHER"), lambda: CertificateChange.objects.all().delete()):
        with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
            act()
    assert told(mine).revoked.reason == "IMPOSTOR"


@pytest.mark.req("R5.7")
def test_the_neighbour_can_neither_propose_nor_decide(in_jia, yi):
    mine = issue()
    row = propose(mine)
    with enterprise_scope(yi):
        for act in (lambda: propose(mine), lambda: decide(row)):
            with pytest.raises(DomainError) as caught:
                act()
            assert caught.value.status == 404
    assert told(mine).state == "VALID"
