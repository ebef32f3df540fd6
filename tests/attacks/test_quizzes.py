"""Against tools that answer what pops up over a film: they pick any option, go on, replay, forge, and ask out of turn."""

from __future__ import annotations

from uuid import uuid4

import pytest

from apps.learning.quizzes.models import QuizTry
from public.catalogue import api as catalogue
from tests.apps.learning.quizzes import ground as quizzes
from tests.attacks.conftest import grounded

pytestmark = [pytest.mark.req("R2.3"), pytest.mark.req("R2.8")]
DEFENCE = (
    "asked, shuffled and judged by the server, each try once; nothing beyond the point is accepted before it was answered rightly"
)


@pytest.fixture(scope="module")
def ground(database, jia, yi):
    """A course that stops at one and at five minutes; wrong twice, or at the second point once, goes back."""
    places = ((60_000, "again"), (300_000, "back"))
    with grounded(jia, yi, lambda: quizzes.publish(places=places)) as found:
        yield found


def test_a_tool_that_clicks_popups_away_gets_no_further(cheat, sitting, ground, settle):
    sitting.play()
    sitting.watch(60)
    counted = cheat.counted_ms
    first, second = (str(one.uuid) for one in catalogue.points_of(sitting.courseware))

    def answer(point, trial, given):
        told = sitting.browser.post(f"{sitting.path}/quizzes/{point}", {"try": str(trial), "answers": given}).json()
        cheat.alerts.add(told.get("code") or told["outcome"])
        return told

    for _ in range(12):
        shown = sitting.browser.get(f"{sitting.path}/quizzes/{first}").json()
        cheat.alerts.add(shown.get("code") or shown["state"])
        if "try" in shown:
            row = QuizTry.objects.get(uuid=shown["try"])
            wrong = quizzes.responses(row, right=False)
            told = answer(first, row.uuid, wrong)
            assert answer(first, row.uuid, quizzes.responses(row, right=True)) == told, "an answered try is not answered again"
        answer(first, uuid4(), [["A"]])
        answer(second, uuid4(), [["A"]])
        cheat.alerts.add(sitting.browser.get(f"{sitting.path}/quizzes/{second}").json()["code"])
        sitting.run(15)  # as if nothing had popped up
    assert cheat.counted_ms <= counted
    alert = ("not_reached", "not_found", "again", "back")
    settle("popups clicked away by a tool: any option, replayed, forged, out of turn", alert=alert, defence=DEFENCE)
