"""The life of a version, and who sees it when."""

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.catalogue.models import Course, CourseVersion, MediaAsset, PublishLog
from public.questions import api as questions
from tenants.scope import enterprise_scope
from tests.conftest import NOON
from tests.public.catalogue.conftest import AUTHOR, REVIEWER


def _publish(version):
    catalogue.submit(version_id=version.pk, by_id=AUTHOR, at=NOON)
    catalogue.publish(version_id=version.pk, by_id=REVIEWER, at=NOON)


def test_the_seed_holds_28_courses_and_100_questions_and_loads_twice_without_doubling(seeded):
    catalogue.load_seed(author_id=AUTHOR, at=NOON)
    assert Course.objects.count() == 28
    assert len(questions.pool()) == 100
    assert CourseVersion.objects.exclude(state="DRAFT").count() == 0


@pytest.mark.req("R3.3")
def test_a_course_names_title_lecturer_key_points_and_measured_length(version):
    _publish(version)
    card = catalogue.course(version.pk).card
    assert (card.code, card.trainer, card.duration_ms) == ("AQ-CY-C-TS-0021-A", "马 超", 3 * 40_000)
    assert card.key_points
    assert catalogue.course(version.pk).legal_basis


def test_a_draft_without_films_cannot_be_submitted_and_stays_a_draft(seeded):
    version = CourseVersion.objects.get(course__code="AQ-CY-C-TS-0021-A")
    with pytest.raises(DomainError) as refusal:
        catalogue.submit(version_id=version.pk, by_id=AUTHOR, at=NOON)
    assert refusal.value.code == "incomplete"
    assert len(refusal.value.details["missing"]) == 3
    version.refresh_from_db()
    assert version.state == "DRAFT"


def test_a_draft_cannot_be_published_past_its_review(version):
    with pytest.raises(DomainError) as refusal:
        catalogue.publish(version_id=version.pk, by_id=REVIEWER, at=NOON)
    assert refusal.value.code == "wrong_state"
    assert not PublishLog.objects.exists()


@pytest.mark.req("S2")
def test_an_enterprise_sees_a_course_only_after_it_was_published(version, jia):
    with enterprise_scope(jia):
        assert catalogue.published() == []
        with pytest.raises(DomainError, match="not_found"):
            catalogue.course(version.pk)
    _publish(version)
    with enterprise_scope(jia):
        assert [card.version_id for card in catalogue.published()] == [version.pk]
        assert len(catalogue.course(version.pk).coursewares) == 3


@pytest.mark.parametrize("change", ["UPDATE catalogue_course SET code = 'x'", "DELETE FROM catalogue_question"])
def test_an_enterprise_can_change_nothing_in_the_catalogue(version, jia, change):
    with enterprise_scope(jia), pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(change)


def test_publishing_is_logged_and_the_log_only_grows(version):
    _publish(version)
    entry = PublishLog.objects.get()
    assert (entry.from_version_id, entry.to_version_id, entry.by_id) == (None, version.pk, REVIEWER)
    with pytest.raises(ProgrammingError), transaction.atomic():
        PublishLog.objects.update(by_id=AUTHOR)


def test_a_course_has_one_published_version_by_constraint(version):
    _publish(version)
    with pytest.raises(IntegrityError), transaction.atomic():
        CourseVersion.objects.create(
            course=version.course,
            number=2,
            state="PUBLISHED",
            title="重复",
            trainer=version.trainer,
            author_id=AUTHOR,
            created_at=NOON,
            published_at=NOON,
        )


def test_media_cannot_be_ready_without_a_measured_length(seeded):
    with pytest.raises(IntegrityError), transaction.atomic():
        MediaAsset.objects.update(state="READY")
