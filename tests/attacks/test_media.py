"""Against the pacing of media: credit without film, keys ahead of time, pages scraped."""

import pytest
from django.conf import settings

from infra.kit import crypto
from public.catalogue.models import Courseware, MediaAsset
from tenants.scope import platform_scope
from tests.attacks.script import FILM_MS, KEY_MS

pytestmark = [pytest.mark.req("R2.3"), pytest.mark.req("R2.4")]
PAGES = [{"file": f"page-{n}.jpg", "width": 800, "height": 600, "least_ms": 60_000, "text": f"第 {n + 1} 页"} for n in range(30)]


def test_beats_without_a_key_earn_nothing(sitting, settle):
    sitting.fetches = False
    sitting.play()
    sitting.run(60)
    settle(
        "beats at 1x, no key ever fetched",
        alert="no_media",
        defence="what was never sent to a session is not paid in it",
        pretends=True,
    )


def test_a_key_of_the_last_session_pays_nothing_in_this_one(cheat, browser, settle):
    first = cheat.open(browser)
    first.play()
    first.run(10)
    first.close()
    second = cheat.open(browser)
    second.fetches = False
    second.play()
    before = cheat.counted_ms
    second.run(40)
    assert cheat.counted_ms == before
    settle(
        "keys kept from the last session", alert="no_media", defence="fetched keys are recorded for each session", pretends=True
    )


def test_keys_are_not_handed_out_ahead_of_time(cheat, sitting, settle):
    sitting.play()
    got = [number for number in range(FILM_MS // KEY_MS) if sitting.fetch_key(number).status_code == 200]
    assert got == [0]
    sitting.run(45)
    got = [number for number in range(FILM_MS // KEY_MS) if sitting.fetch_key(number).status_code == 200]
    assert got == [0, 1]
    sitting.position_ms = 900_000
    sitting.say("paused", reason="seek")
    sitting.say()
    assert sitting.fetch_key(15).status_code == 425
    cheat.wait(900)
    assert sitting.fetch_key(15).status_code == 425
    defence = "a key starts at most 30 s ahead of what can have been watched; 425"
    settle("all keys of a film in a burst, after a jump, after silence", alert="too_early", defence=defence, pretends=True)


def test_keys_of_others_and_of_ended_sessions_are_refused(cheat, browser, settle):
    first = cheat.open(browser)
    second = cheat.open(browser)
    assert first.fetch_key(0).status_code == 409
    assert second.fetch_key(99).status_code == 404
    assert second.browser.get(f"{second.path}/keys/-1").status_code == 404
    assert second.browser.get(f"{second.path}/keys/9999999999999999999999").status_code == 404
    settle(
        "keys of an ended session, keys that are none", alert="closed", defence="keys are for the one open session", pretends=True
    )


def test_pages_of_a_document_are_not_scraped_ahead_of_reading(cheat, browser, school, settle):
    with platform_scope():
        media = MediaAsset.objects.get(pk=Courseware.objects.get(pk=school.second).media_id)
        media.kind, media.package = "DOCUMENT", {"pages": PAGES}
        media.keys_sealed = crypto.seal(b"", secret=settings.SEALING_SECRET, owner="platform", purpose=f"media/{media.uuid}")
        media.save(update_fields=["kind", "package", "keys_sealed"])
    sitting = cheat.open(browser, school.second)
    sitting.fetches = False
    sitting.play()
    answers = {no: browser.get(f"{sitting.path}/pages/{no}.txt") for no in range(1, 31)}
    cheat.alerts |= {answer.json()["code"] for answer in answers.values() if answer.status_code != 200}
    assert [no for no, answer in answers.items() if answer.status_code == 200] == [1]
    assert browser.get(f"/api/learning/media/{media.uuid}/page-7.jpg").status_code == 404
    assert "第 7 页" not in browser.get(f"{sitting.path}/pages").content.decode()
    settle("the text of all pages scraped at once", alert="too_early", defence="pages are paced as keys are", pretends=True)
