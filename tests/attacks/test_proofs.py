"""Against the proofs of presence: scripts at 1x, dodging, guessing, answering from elsewhere, answering twice."""

import pytest

from apps.learning import checks, presence, voiding
from apps.learning.models import PresenceCheck, ProofState, Void
from infra.kit import clock as server
from infra.kit.errors import DomainError
from tests.apps.learning.conftest import B
from tests.attacks.script import Cheat

pytestmark = [pytest.mark.req("R2.3"), pytest.mark.req("R2.4")]
PROVISIONAL = "pay since the last proof is provisional; a missed check voids it"


def wait_for_check(sitting, limit_s=1_000):
    """Play until a check comes; returns after how many seconds it did."""
    for step in range(limit_s // 15):
        if sitting.reply.get("check"):
            return step * 15
        sitting.run(15)
    raise AssertionError("no check came")


def schedule(cheat, seconds=61):
    """Let the deadline pass and the schedule look after what nobody answered."""
    cheat.wait(seconds)
    voiding.settle_all_overdue(at=server.now())


def state_of(ground):
    return ProofState.objects.get(learner_id=ground.school.learner.id)


def test_a_script_that_paces_at_1x_without_proofs_keeps_nothing(cheat, sitting, ground, settle):
    sitting.play()
    sitting.run(1_200)
    assert sitting.reply["code"] == "closed"
    assert sitting.reply["reason"] == "locked"
    assert cheat.try_to_open(sitting.browser).status_code == 403
    assert cheat.counted_ms == 0
    assert set(Void.objects.values_list("code", flat=True)) == {"interaction_timeout"}
    alert = ("must_prove", "closed", "locked", "unprobed", "regular")
    settle(
        "a script at 1x for 20 minutes, no proofs", alert=alert, defence=PROVISIONAL + "; locked at the third miss", pretends=True
    )


def test_the_first_check_comes_within_two_minutes_whatever_the_session(cheat, browser, ground, settle):
    for _ in range(8):
        sitting = cheat.open(browser)
        sitting.play()
        sitting.run(29)
        sitting.close()
        if PresenceCheck.objects.exists():
            break
    assert PresenceCheck.objects.exists(), "four minutes in short sessions and no check"
    schedule(cheat)
    assert cheat.counted_ms == 0
    defence = "what is unproven is counted over sessions; " + PROVISIONAL
    settle("sessions of half a minute, so that no check comes", defence=defence, pretends=True)


def test_closing_when_a_check_comes_dodges_nothing(cheat, browser, ground, settle):
    for _ in range(4):
        sitting = cheat.open(browser)
        sitting.play()
        if not sitting.reply["must_prove"]:
            wait_for_check(sitting)
        sitting.close()
        schedule(cheat)
        assert cheat.counted_ms == 0
    sitting = cheat.open(browser)
    sitting.play()
    sitting.run(60)
    assert cheat.counted_ms == 0
    alert = "must_prove"
    settle(
        "closing the page before a check's deadline, five times",
        alert=alert,
        defence="the check outlives its session",
        pretends=True,
    )


def test_the_neighbour_enterprise_is_no_way_around_a_check(cheat, browser, ground, settle):
    sitting = cheat.open(browser)
    sitting.play()
    wait_for_check(sitting)
    there = cheat.device(ground.yi, ground.elsewhere)
    refuge = cheat.open(there)
    refuge.play()
    refuge.run(45)
    schedule(cheat)
    settle("leaving an open check for another enterprise", defence="each enterprise voids and asks by itself", pretends=True)
    assert cheat.counted_ms <= 45_000


@pytest.mark.parametrize("word", ["hidden", "paused", "ended"])
def test_claims_between_beats_keep_no_check_away(cheat, sitting, ground, settle, word):
    """Each interval opens as playing, and the beat that would ask says something else."""
    sitting.play()
    for _ in range(40):
        cheat.wait(10)
        sitting.position_ms += 10_000
        sitting.say(**({"hidden": True} if word == "hidden" else {"state": word}))
        sitting.say()
        if PresenceCheck.objects.exists():
            break
    assert PresenceCheck.objects.exists(), f"400 s of pay with {word} in between, and no check"
    schedule(cheat)
    assert cheat.counted_ms == 0
    settle(f"every beat that is paid says {word}, to be asked nothing", defence=PROVISIONAL, pretends=True)


def test_a_script_that_clicks_dialogs_away_guesses_wrong(cheat, sitting, ground, settle):
    sitting.play()
    wait_for_check(sitting)
    assert sitting.answer(code="1234", answer=["A"])["code"] == "not_shown"
    outcomes = []
    for guess in ("0000", "1234", "", "9999", "5555"):
        shown = sitting.check()
        first = [option["key"] for option in shown.get("options", [])][:1]
        outcomes.append(sitting.answer(code=guess, answer=first)["outcome"])
    assert outcomes[0] == "retry"
    assert set(outcomes[1:]) == {"missed"}
    assert cheat.counted_ms == 0
    assert Void.objects.get().code == "identity_failed"
    defence = "digits in a picture and a question, judged by the server; two tries"
    settle("dialogs clicked through with the first answer", alert=("retry", "missed"), defence=defence, pretends=True)


def test_two_answers_at_one_moment_are_one_try(cheat, sitting):
    """The second was let in with what the first has used up; it waits for the lock and finds nothing to be judged by."""
    sitting.play()
    wait_for_check(sitting)
    sitting.check()
    stale = PresenceCheck.objects.get()
    assert sitting.answer(code="0000", answer=["A"])["outcome"] == "retry"
    with pytest.raises(DomainError, match="not_shown"):
        checks._answer(stale, stale.content["code"], stale.content["answer"], server.now())
    assert (PresenceCheck.objects.get().tries, cheat.confirmed_ms) == (1, 0)


def test_the_picture_and_the_question_tell_no_answer(sitting, ground):
    sitting.play()
    wait_for_check(sitting)
    shown = sitting.check()
    kept = PresenceCheck.objects.get().content
    assert shown["code"].startswith("data:image/png;base64,")
    assert kept["code"] not in str({name: value for name, value in shown.items() if name not in {"code", "uuid"}})
    assert not {"answer", "explanation", "right"} & set(shown)


def test_a_right_answer_counts_once(cheat, sitting, ground, settle):
    sitting.play()
    cheat.present = True
    wait_for_check(sitting)  # answered as it comes
    while not cheat.proven:
        sitting.run(15)
    check = PresenceCheck.objects.exclude(outcome="").get()
    proven = cheat.proven_ms
    cheat.present = False
    sitting.run(60)
    sitting.reply["check"] = {"uuid": str(check.uuid)}
    told = [sitting.answer(code="1234", answer=["A"]) for _ in range(3)]
    assert {(one["outcome"], one["confirmed_ms"]) for one in told} == {("passed", 0)}
    assert cheat.confirmed_ms == proven
    settle("the same passed check answered again for later pay", defence="a check is judged once", pretends=True)


def test_a_right_answer_after_the_deadline_is_a_miss(cheat, sitting, ground, settle):
    sitting.play()
    wait_for_check(sitting)
    sitting.check()
    right = PresenceCheck.objects.get().content
    cheat.wait(presence.WITHIN_S + 1)
    assert sitting.answer(code=right["code"], answer=right["answer"])["outcome"] == "missed"
    assert cheat.counted_ms == 0
    settle("the right answer a second too late", defence="the server's clock judges the deadline", pretends=True)


def test_a_friend_elsewhere_cannot_answer(cheat, sitting, ground, clock, settle):
    sitting.play()
    wait_for_check(sitting)
    sitting.check()
    right = PresenceCheck.objects.get().content
    mine, path = sitting.browser, f"{sitting.path}/checks/{sitting.reply['check']['uuid']}"
    body = {"code": right["code"], "answer": right["answer"]}
    second = cheat.device(ground.jia, ground.school)
    answer = second.post(path, body)
    assert (answer.status_code, answer.json()["code"], second.get(path).status_code) == (409, "wrong_terminal", 409)
    friend = Cheat(clock, mobile=B["mobile"]).device(ground.jia, ground.other)
    assert (friend.post(path, body).status_code, friend.get(path).status_code) == (404, 404)
    mine.token = "none"
    assert mine.post(path, body).json()["code"] == "csrf"
    schedule(cheat)
    assert cheat.counted_ms == 0
    cheat.alerts.add(answer.json()["code"])
    defence = "a check is shown to its learner on its terminal, and takes a form token"
    settle(
        "the check answered from another device, by another learner, by a foreign page",
        alert="wrong_terminal",
        defence=defence,
        pretends=True,
    )


def test_a_locked_learner_stays_locked_on_every_device(cheat, sitting, ground, settle):
    sitting.play()
    sitting.run(1_200)
    assert state_of(ground).locked_at
    phone = cheat.device(ground.jia, ground.school)
    for device in (sitting.browser, phone):
        assert cheat.try_to_open(device).json()["code"] == "locked"
    cheat.wait(86_400)
    assert cheat.try_to_open(cheat.device(ground.jia, ground.school)).json()["code"] == "locked"
    settle("a new device and a new day after the third miss", alert="locked", defence="only a manager unlocks", pretends=True)
