"""What an exam costs: a constant and small number of queries, however large bank, plan and past are; and the page says what it said."""

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from apps.exams.models import Attempt
from apps.exams.sitting import queries, rules
from apps.exams.sitting.drawing import drawn
from apps.plans import api as plans
from infra.kit import clock
from tests.apps.exams.sitting.ground import duty, start
from tests.apps.plans import ground

START, PAPER, ANSWER = 9, 6, 2
"""Queries of the three steps, the login's two (session, credential with its person) among those of the first two."""


class Asked(CaptureQueriesContext):
    """Queries, without the savepoints that stand for a transaction within a test's own."""

    @property
    def statements(self) -> list[str]:
        return [one["sql"] for one in self.captured_queries if "SAVEPOINT" not in one["sql"]]


def asked(act):
    with Asked(connection) as seen:
        answer = act()
    return answer, seen.statements


@pytest.fixture
def sitting(in_jia):
    """A learner in a browser who may sit the exam, whose enterprise and bank have been met before."""
    someone = ground.learner(1)
    ground.open_plan(exam_questions=3, exam_tries=9)
    (view,) = plans.assignments_of(someone.id)
    ground.learn_all(view)
    client = ground.learner_browser(in_jia, someone)
    client.get(f"/learn/{view.uuid}/exam")
    return client, view


def begin(sitting):
    client, view = sitting
    return asked(lambda: client.post(f"/learn/{view.uuid}/exam"))


def show(sitting):
    client, view = sitting
    return asked(lambda: client.get(f"/learn/{view.uuid}/exam"))


def answer(sitting, opened, no=1):
    client, _view = sitting
    attempt = Attempt.objects.get(submitted_at=None)
    body = {"no": no, "response": ["A"], "seq": rules.page_base(attempt.pages) + no}
    url = f"/api/exams/{attempt.uuid}/answer"
    headers = {"X-Sitting": opened.key}
    return asked(lambda: client.post(url, body, content_type="application/json", headers=headers))


@pytest.mark.req("R2.8")
def test_starting_opening_and_answering_cost_few_queries_again_and_again(sitting):
    client, view = sitting
    for _turn in range(3):
        answered, seen = begin(sitting)
        assert answered.status_code == 302
        assert len(seen) in {START, START + 1}, seen  # one more where it draws what this process has never drawn
        answered, seen = show(sitting)
        assert len(seen) == PAPER, seen
        opened = answered.context["opened"]
        for no in (1, 2):
            answered, seen = answer(sitting, opened, no)
            assert answered.status_code == 200
            assert len(seen) == ANSWER, seen
        attempt = Attempt.objects.get(submitted_at=None)
        client.post(f"/api/exams/{attempt.uuid}/submit", headers={"X-Sitting": opened.key})
        Attempt.objects.update(submitted_at=clock.now(), score=0, passed=False)
    assert Attempt.objects.filter(assignment_id=view.id).count() == 3


def test_who_asks_comes_with_the_login(sitting):
    _answer, seen = show(sitting)
    assert sum("people_learner" in sql or "people_manager" in sql for sql in seen) <= 2, "the credential's, and the bell's own"
    assert not any(sql.startswith("SELECT 1") for sql in seen)


def test_the_questions_read_as_their_template_says_in_each_language(in_jia, settings):
    settings.ROOT_URLCONF = settings.ENTERPRISE_URLCONF
    attempt = start(duty(1))
    shown = queries.attempt_view(Attempt.objects.get(uuid=attempt.uuid), at=clock.now())
    plain = shown.questions[0] | {"stem": '<script> & "', "case": None}
    options = [{"key": key, "text": f"<b>{key}</b>"} for key in "ABC"]
    picture = {"kind": "picture", "key": "p-1.webp", "alt": '"配电箱"'}
    film = {"kind": "video", "key": "v-1.mp4", "alt": "演示"}
    case = {"no": 1, "of": 2, "stem": "某<车间>起火。", "media": [picture]}
    shown.questions[:] = [
        plain,
        {**plain, "no": 2, "kind": "multiple", "options": options, "score": 2},
        {**plain, "no": 3, "kind": "order", "options": options},
        {**plain, "no": 4, "kind": "blank", "options": [], "gaps": 2, "media": [picture, film]},
        {**plain, "no": 5, "kind": "text", "options": [], "case": case},
    ]
    for language in ("zh-hans", "en"):
        with override(language):
            assert drawn(shown) == "".join(rendered(shown, one, at == 0) for at, one in enumerate(shown.questions))
            assert drawn(shown) == drawn(shown)


def rendered(attempt, one, first):
    """The question as the template alone renders it."""
    from django.utils.translation import gettext as _
    from django.utils.translation import ngettext

    kinds = {
        "single": _("单选题"),
        "multiple": _("多选题，选全才得分"),
        "blank": _("填空题，每空分别给分"),
        "order": _("排序题，按先后依次点选"),
        "text": _("问答题，由教师阅卷"),
    }
    where = _("第 %(no)s 题，共 %(all)s 题") % {"no": one["no"], "all": len(attempt.questions)}
    points = ngettext("%(n)s 分", "%(n)s 分", one["score"]) % {"n": one["score"]}
    media = [
        {**medium, "url": reverse("learn-exam-media", args=[attempt.uuid, one["no"], n])}
        for n, medium in enumerate(queries.media_of(one))
    ]
    question = {
        **one,
        "told": f"{where} · {kinds[one['kind']]} · {points}",
        "input": "checkbox" if one["kind"] == "multiple" else "radio",
        "name": f"q{one['no']}",
        "gap_words": [_("第 %(n)s 空") % {"n": n} for n in range(1, one.get("gaps", 0) + 1)],
        "shown_media": media,
    }
    return render_to_string("exams/_question.html", {"question": question, "first": first})
