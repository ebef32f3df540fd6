"""What people are told of voided time and appeals; each thing once."""

import pytest

from apps.learning import notices
from apps.learning.appeals import services
from apps.learning.models import Appeal, Void
from apps.people import api as people
from apps.people.models import Manager, Notice
from tests.apps.learning.test_appeals import appeal, decide, void
from tests.apps.learning.test_voids import missed, restore
from tests.conftest import NOON

__all__ = ["appeal", "missed", "void"]


def told(**who):
    return list(Notice.objects.filter(**who).exclude(kind__startswith="plan.").order_by("id").values_list("kind", flat=True))


@pytest.fixture
def owner(in_jia):
    return Manager.objects.get(credential=people.open_owner(name="安全员", mobile="13800000008", password=None, at=NOON)).pk


@pytest.mark.req("R3.5")
def test_a_learner_is_told_of_voided_time_and_of_the_decision(school, missed):
    assert told(learner_id=school.learner.id) == (["void.made"] if round(Void.objects.get().ms / notices.MINUTE_MS) else [])
    restore(Void.objects.get(), missed.now)
    assert told(learner_id=school.learner.id)[-1:] == ["void.restored"]


@pytest.mark.parametrize(("restored", "kind"), [(True, "appeal.restored"), (False, "appeal.upheld")])
def test_an_appeal_reaches_those_who_decide_and_its_answer_the_learner(school, owner, void, restored, kind):
    row = services.file_appeal(void_uuid=void.uuid, learner=school.learner, words="当时在接安全电话。", at=void.at)
    assert told(manager_id=owner) == ["appeal.filed"]
    decide(row, restore=restored)
    assert told(learner_id=school.learner.id)[-1] == kind
    assert not Notice.objects.filter(kind__startswith="void.", kind__in=["void.restored", "void.upheld"]).exists(), "told once"
    assert Appeal.objects.count() == 1


def test_less_than_half_a_minute_is_not_worth_a_message(school, missed):
    void = Void.objects.get()
    Notice.objects.all().delete()
    void.ms = 29_000
    notices.tell_voided([void], at=missed.now)
    assert not Notice.objects.exists()
    void.ms = 31_000
    notices.tell_voided([void, void], at=missed.now)
    assert Notice.objects.get().context == {"minutes": 1}
