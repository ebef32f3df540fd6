"""Against tools that answer what pops up over a film: they pick any option, go on, replay, forge, and ask out of turn."""

from __future__ import annotations

from uuid import uuid4

import pytest
import time_machine
from django.conf import settings

from apps.learning.quizzes.models import QuizTry
from infra.kit import crypto
from public.catalogue import api as catalogue
from public.catalogue.models import MediaAsset
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.learning.conftest import A, B, enrol
from tests.apps.learning.quizzes import ground as quizzes
from tests.attacks.conftest import KEYS, SEGMENTS, Ground, _undone
from tests.attacks.script import FILM_MS, Cheat
from tests.conftest import NOON

pytestmark = [pytest.mark.req("R2.3"), pytest.mark.req("R2.8")]
DEFENCE = (
    "asked, shuffled and judged by the server, each try once; nothing beyond the point is accepted before it was answered rightly"
)


@pytest.fixture(scope="module")
def ground(database, jia, yi):
    """A course that stops at one and at five minutes; wrong twice, or at the second point once, goes back."""
    with _undone():
        version = quizzes.publish(places=((60_000, "again"), (300_000, "back")))
        with platform_scope():
            for media in MediaAsset.objects.filter(courseware__version_id=version):
                secret, purpose = settings.SEALING_SECRET, f"media/{media.uuid}"
                media.duration_ms, media.package = FILM_MS, {"init": "init.mp4", "segments": SEGMENTS}
                media.keys_sealed = crypto.seal(KEYS, secret=secret, owner="platform", purpose=purpose)
                media.save(update_fields=["duration_ms", "package", "keys_sealed"])
        with enterprise_scope(yi):
            elsewhere = enrol(A, version)
        with enterprise_scope(jia):
            school = enrol(A, version)
            with time_machine.travel(NOON, tick=False) as clock:
                device = Cheat(clock).device(jia, school)
            yield Ground(jia, yi, school, enrol(B, version), elsewhere, device)


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
