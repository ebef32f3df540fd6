"""Certificates end by dated rules; the training that follows renews them, in an entry of its own."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from apps.records import api as records
from apps.records.certificates import rules
from apps.records.models import Certificate
from infra.kit import clock
from public.regulators import api as regulators
from public.regulators.certificates import Rule
from public.regulators.models import CertificateRule
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans.ground import NOON
from tests.apps.records.test_certificates import facts

LATER = NOON + timedelta(days=350)
OFFICER = {"category_code": "FZ", "requirement": "FZ-GEN"}


def issue(at=NOON, **changes):
    day = clock.shanghai_date(at)
    return records.issue_certificate(facts=facts(started_on=day, completed_on=day, **changes), at=at)


def state(view, on=None):
    return records.standings([view], on=on or clock.shanghai_date(LATER))[view.code].state


@pytest.mark.req("R4.5")
def test_a_refresher_renews_what_it_follows_and_both_say_so(in_jia):
    who = uuid4()
    first = issue(subject=who, stage="INITIAL", **OFFICER)
    second = issue(LATER, subject=who, stage="ANNUAL", **OFFICER)
    assert (first.valid_until, second.body["renews"]) == ("2027-11-22", first.number)
    assert (state(first), state(second)) == ("RENEWED", "VALID")
    entries = records.entries_of(who)
    assert [entry.kind for entry in entries] == ["CERTIFICATE", "CERTIFICATE", "RENEWAL"]
    assert (entries[2].body["renewed"], entries[2].body["number"]) == (str(first.uuid), second.number)
    assert records.verify_chain(who).is_whole
    with platform_scope():
        told = regulators.certificate(first.code, at=LATER)
    assert told is not None
    assert told.renewed is not None
    assert (told.state, told.renewed.other_number, told.renewed.entry) == ("RENEWED", second.number, entries[2].hash_hex)
    assert Certificate.objects.get(uuid=first.uuid).body == first.body, "the row never changes"


def test_the_next_refresher_renews_the_newest_and_no_other(in_jia):
    who = uuid4()
    first = issue(subject=who, stage="INITIAL", **OFFICER)
    second = issue(LATER, subject=who, stage="ANNUAL", **OFFICER)
    third = issue(LATER + timedelta(days=350), subject=who, stage="ANNUAL", **OFFICER)
    assert third.body["renews"] == second.number
    assert [state(one) for one in (first, second, third)] == ["RENEWED", "RENEWED", "VALID"]


def test_two_changes_of_post_are_two_facts(in_jia):
    who = uuid4()
    one, two = (issue(at, subject=who, requirement="CY-MOVE", stage="EVENT") for at in (NOON, LATER))
    assert [state(one), state(two)] == ["VALID", "VALID"]
    assert "RENEWAL" not in {entry.kind for entry in records.entries_of(who)}


def test_another_persons_certificate_is_never_renewed(in_jia):
    mine, other = issue(stage="INITIAL", **OFFICER), issue(LATER, stage="ANNUAL", **OFFICER)
    assert (state(mine), other.body["renews"]) == ("VALID", None)


def test_what_is_asked_twice_renews_once(in_jia):
    who, duty = uuid4(), uuid4()
    issue(subject=who, stage="INITIAL", **OFFICER)
    again = [issue(LATER, subject=who, issued_for=duty, stage="ANNUAL", **OFFICER) for _ in range(2)]
    assert again[0] == again[1]
    assert [entry.kind for entry in records.entries_of(who)].count("RENEWAL") == 1


def test_an_ended_one_is_expired_from_the_next_day(in_jia):
    mine = issue(stage="INITIAL", **OFFICER)
    last = date.fromisoformat(mine.valid_until)
    assert (state(mine, last), state(mine, last + timedelta(days=1))) == ("VALID", "EXPIRED")
    with platform_scope():
        told = regulators.certificate(mine.code, at=clock.shanghai_midnight(last + timedelta(days=1)))
    assert told is not None
    assert told.state == "EXPIRED"


def test_training_whose_law_names_no_term_is_good_for_ever(in_jia):
    mine = issue(requirement="CY-GEN", stage="INITIAL")
    assert (mine.valid_until, mine.body["title"], mine.body["design"]) == ("", "三级安全教育培训证明", "worker")
    assert state(mine, date(2060, 1, 1)) == "VALID"


@pytest.mark.parametrize(
    ("completed", "months", "last"),
    [
        (date(2026, 11, 23), 12, date(2027, 11, 22)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2026, 12, 31)),
        (date(2026, 12, 1), None, None),
    ],
)
def test_the_last_day_of_a_term(completed, months, last):
    assert Rule("", "", months).last_day(completed) == last


def test_the_most_exact_row_in_force_counts(platform):
    def rule(code, stage, on=date(2026, 11, 23)):
        return regulators.rule_for(requirement=code, stage=stage, on=on)

    assert rule("CY-HR", "ANNUAL").title == "从业人员安全再培训证明"
    assert rule("CY-MOVE", "EVENT").title == "从业人员安全培训证明"
    assert rule("??", "EVENT").title == "安全生产培训证明"
    CertificateRule.objects.create(
        requirement="FZ", stage="", title="新证", design="worker", months=36, valid_from=date(2027, 1, 1)
    )
    assert (rule("FZ-GEN", "INITIAL").months, rule("FZ-GEN", "INITIAL", date(2027, 1, 1)).months) == (12, 36)


@pytest.mark.parametrize(
    ("new", "old", "renewed"),
    [
        (("FZ-HR", "ANNUAL"), ("FZ-GEN", "INITIAL"), True),
        (("FZ-GEN", "ANNUAL"), ("GL-GEN", "INITIAL"), False),
        (("CY-GEN", "ANNUAL"), ("CY-MOVE", "EVENT"), False),
        (("XF-IN", "EVENT"), ("XF-IN", "EVENT"), True),
        (("XF-IN", "EVENT"), ("XF-FIRE", "ANNUAL"), False),
    ],
)
def test_which_training_stands_for_which(new, old, renewed):
    said = rules.renews(requirement=new[0], stage=new[1], has_term=True, old_requirement=old[0], old_stage=old[1])
    assert said is renewed


@pytest.mark.req("R5.7")
def test_the_neighbour_neither_sees_nor_writes_what_became_of_it(in_jia, yi):
    who = uuid4()
    first = issue(subject=who, stage="INITIAL", **OFFICER)
    issue(LATER, subject=who, stage="ANNUAL", **OFFICER)
    assert regulators.changes_of({first.code})
    with enterprise_scope(yi):
        assert regulators.changes_of({first.code}) == {}
