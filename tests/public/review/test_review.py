"""From draft to published: four signed verdicts by four people who are not the author."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from public.audit.models import AuditEvent
from public.catalogue.models import CourseVersion
from public.review import api as review
from public.review import checklists
from public.review.models import Decision, ReviewPolicy, ReviewTask, Submission
from tenants.scope import enterprise_scope, platform_scope
from tests.public.review.ground import AT, House, draft, refused

pytestmark = pytest.mark.req("R3.1")


def state(version: int) -> str:
    return str(CourseVersion.objects.get(pk=version).state)


def test_goes_the_whole_way(version: int, people: House) -> None:
    people.publish(version)
    assert state(version) == "PUBLISHED"
    found = AuditEvent.objects.filter(target=f"course-version:{version}", action__startswith="course.")
    actions = found.values_list("action", flat=True)
    assert sorted(actions) == ["course.judged"] * 4 + ["course.published", "course.submitted"]
    assert all(signature.is_whole for signature in review.signatures(version))
    assert len({row.reviewer_id for row in Decision.objects.all()}) == 4


def test_an_author_does_not_judge_their_own_work(version: int, people: House) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    with refused("own_work"):
        people.judge(version, "FIT", me=people.author)
    assert not Decision.objects.exists()


def _raw(version: int, reviewer_id: int, **words: object) -> Decision:
    submission = Submission.objects.filter(version_id=version).first()
    values = {"angle": "FIT", "verdict": "PASS", "signature": "x", "reviewer_name": "甲", "at": AT, **words}
    return Decision(version_id=version, submission=submission, reviewer_id=reviewer_id, **values)


def test_the_database_itself_refuses_a_verdict_on_own_work(version: int, people: House) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    with pytest.raises(DatabaseError, match="own work"), transaction.atomic():
        _raw(version, people.author.credential_id).save()


def test_the_database_itself_refuses_a_second_angle_by_the_same_person_under_the_policy(version: int, people: House) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    signed = people.judge(version, "POLITICAL")
    with pytest.raises(DatabaseError, match="one angle each"), transaction.atomic():
        _raw(version, signed.reviewer_id).save()
    review.set_policy(reason="人手不足，暂时放开", me=people.operations, at=AT, one_angle_each=False)
    with transaction.atomic():
        _raw(version, signed.reviewer_id).save()


@pytest.mark.parametrize(
    ("words", "why"),
    [({"signature": ""}, "is signed"), ({"checks": {"people": "no"}}, "pass_has_no_no|no_forbids_pass")],
)
def test_the_database_itself_refuses_unsigned_verdicts_and_passes_with_a_no(
    version: int, people: House, words: dict[str, object], why: str
) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    with pytest.raises(DatabaseError, match=why), transaction.atomic():
        _raw(version, people.reviewers[0].credential_id, **words).save()


@pytest.mark.parametrize("table", ["review_decision", "review_submission", "review_reviewpolicy"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_what_was_signed_can_neither_change_nor_vanish(version: int, people: House, table: str, statement: str) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    people.judge(version, "FIT", verdict="RETURN", note="请补充法规依据")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert Decision.objects.get().verdict == "RETURN"


@pytest.mark.parametrize("missing", ["POLITICAL", "COMPLIANCE", "COMPLETENESS", "FIT"])
def test_publishing_while_an_angle_is_open_is_refused(version: int, people: House, missing: str) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    for angle in review.ANGLES:
        if angle != missing:
            people.judge(version, angle)
    with refused("not_passed") as caught:
        review.publish(version_id=version, me=people.operations, at=AT)
    assert caught.value.details["angles"] == [missing]
    assert state(version) == "IN_REVIEW"


def test_a_return_goes_back_at_once_and_old_passes_do_not_count_again(version: int, people: House) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    for angle in review.ANGLES[:2]:
        people.judge(version, angle)
    people.judge(version, "FIT", verdict="RETURN", note="请更换过期的标准")
    assert state(version) == "DRAFT"
    assert ReviewTask.objects.get(angle="COMPLETENESS").state == "WITHDRAWN"
    former = {angle: people.of(version, angle) for angle in review.ANGLES}
    again = AT + timedelta(minutes=10)
    review.submit(version_id=version, me=people.author, at=again)
    assert {angle: people.of(version, angle) for angle in review.ANGLES if angle != "COMPLETENESS"} == {
        angle: me for angle, me in former.items() if angle != "COMPLETENESS"
    }
    people.judge(version, "FIT", minutes=11)
    with refused("not_passed"):
        review.publish(version_id=version, me=people.operations, at=again)


def test_every_item_needs_an_answer_and_a_no_forbids_a_pass(version: int, people: House) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    for checks in ({}, {**review.every_check("FIT"), "people": "na"}, {**review.every_check("FIT"), "length": "maybe"}):
        with refused("check_missing"):
            people.judge(version, "FIT", checks=checks)
    with refused("check_no"):
        people.judge(version, "FIT", checks={**review.every_check("FIT"), "practice": "no"})
    people.judge(version, "FIT", verdict="RETURN", note="请补充现场做法", checks={**review.every_check("FIT"), "practice": "no"})
    assert Decision.objects.get().checks["practice"] == "no"


def test_every_checklist_names_its_clauses_in_both_languages() -> None:
    for angle in [*review.ANGLES, checklists.REREVIEW]:
        found = checklists.of(angle)
        assert found.name.startswith(f"{angle}/")
        assert all(item.text and item.en and "参考条件" in item.clause for item in found.items)


def test_a_return_without_words_is_refused(version: int, people: House) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    with refused("note_missing"):
        people.judge(version, "FIT", verdict="RETURN", note="  不行 ")
    assert state(version) == "IN_REVIEW"
    assert not Decision.objects.exists()


def test_a_draft_is_not_judged_and_not_published(version: int, people: House) -> None:
    with refused("wrong_state"):
        people.judge(version, "FIT", me=people.reviewers[0])
    with refused("not_passed"):
        review.publish(version_id=version, me=people.operations, at=AT)


def test_only_the_author_submits_and_only_what_can_be_played(people: House, version: int) -> None:
    with refused("not_author"):
        review.submit(version_id=version, me=people.reviewers[0], at=AT)
    silent = draft(people.author.credential_id, code="AQ-2", ready=False, title="未制作的课程")
    with refused("incomplete"):
        review.submit(version_id=silent, me=people.author, at=AT)
    assert {state(version), state(silent)} == {"DRAFT"}
    assert not Submission.objects.exists()


def test_an_altered_verdict_or_content_does_not_verify(version: int, people: House) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    signed = people.judge(version, "FIT")
    assert review.verify(Decision.objects.get())
    for name, value in (("note", "改过"), ("reviewer_name", "别人"), ("checks", {}), ("key_id", "0" * 16), ("signature", "AAAA")):
        row = Decision.objects.get(pk=signed.pk)
        setattr(row, name, value)
        assert not review.verify(row), name
    row = Decision.objects.get(pk=signed.pk)
    row.submission.content["title"] = "换过的课程"
    assert not review.verify(row)


def test_publishing_with_a_broken_signature_is_refused(version: int, people: House, settings: object) -> None:
    review.submit(version_id=version, me=people.author, at=AT)
    for angle in review.ANGLES:
        people.judge(version, angle)
    settings.SEALING_SECRET = "another-secret-than-the-one-that-signed"  # type: ignore[attr-defined]
    with refused("broken_signature"):
        review.publish(version_id=version, me=people.operations, at=AT)
    assert state(version) == "IN_REVIEW"


@pytest.mark.req("R2.6")
def test_an_enterprise_sees_nothing_of_the_review(version: int, people: House, jia: object) -> None:
    with platform_scope():
        review.submit(version_id=version, me=people.author, at=AT)
        people.judge(version, "FIT")
    for model in (Decision, Submission, ReviewTask, ReviewPolicy):
        with enterprise_scope(jia), pytest.raises(DatabaseError), transaction.atomic():  # type: ignore[arg-type]
            model.objects.count()
