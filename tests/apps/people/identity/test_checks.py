"""What a burst of frames of a real face proves, and what it does not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.test import TestCase

from apps.people import api as people
from apps.people.events import face_checked
from apps.people.identity import judging, revival, rules
from apps.people.identity.models import FaceCheck, Identity, Liveness
from apps.people.ports import AUTHORITY
from apps.records import api as records
from infra.adapters.face import authority_of
from infra.kit import envelope
from infra.kit.errors import DomainError
from tests import faces
from tests.apps.people.identity.ground import ENROL, OPEN, TERMINAL, challenge_of, enrol, hand_in
from tests.conftest import NOON
from tests.infra.adapters.vendors import KEY, vendor

LATER = NOON + timedelta(hours=13)
pytestmark = pytest.mark.req("R2.1")


@pytest.fixture
def enrolled(pupil):
    enrol(pupil.id)
    return pupil


@pytest.fixture
def news():
    heard: list[dict] = []

    def hear(sender, **told):
        heard.append(told)

    face_checked.connect(hear)
    yield heard
    face_checked.disconnect(hear)


def opened(pupil, frames, *, actions=OPEN, at=LATER, **more):
    return hand_in(pupil.id, "open", frames, actions=actions, at=at, **more)


def test_the_enrolled_person_passes_and_may_learn(enrolled, news):
    seen = opened(enrolled, faces.burst(list(OPEN), straight="obama3"), about="lesson")
    assert (seen.outcome, seen.flags, len(seen.digests)) == ("pass", [], 9)
    assert seen.score > rules.PASS
    assert people.identity_of(enrolled.id, at=LATER, terminal=TERMINAL).needs is None
    assert [(told["check"], told["learner_id"], told["about"], told["outcome"]) for told in news] == [
        (seen.uuid, enrolled.id, "lesson", "pass")
    ]
    entry = records.entries_of(enrolled.uuid)[-1]
    assert (entry.kind, entry.body["outcome"], entry.body["digests"]) == ("IDENTITY", "pass", seen.digests)


def test_a_stranger_fails_and_proves_nothing(enrolled):
    frames = [faces.jpeg(picture) for picture in faces.film()[0:120:12]]
    seen = hand_in(enrolled.id, "presence", frames, at=LATER)
    assert (seen.outcome, seen.flags) == ("fail", ["other_person"])
    assert people.identity_of(enrolled.id, at=LATER, terminal=TERMINAL).needs == "proof"


def test_a_face_swapped_in_the_middle_is_refused(enrolled):
    seen = opened(enrolled, faces.burst(list(OPEN), straight="biden"))
    assert seen.outcome == "fail"
    turns = faces.burst(["right", "straight"], straight="obama3") + [
        faces.jpeg(faces.portrait("biden"), shift=n) for n in range(3)
    ]
    assert opened(enrolled, turns, actions=["right", "straight"], at=LATER).outcome == "fail"
    assert people.identity_of(enrolled.id, at=LATER, terminal=TERMINAL).needs == "proof"


def test_a_static_photo_is_refused_also_one_that_was_never_seen(enrolled):
    frames = [faces.jpeg(faces.portrait("obama3"), quality=90 - n) for n in range(9)]
    seen = hand_in(enrolled.id, "presence", frames, at=LATER)
    assert (seen.outcome, seen.flags) == ("fail", ["still"])
    three = [frame for action in OPEN for frame in [faces.pose(action, straight="obama3")] * 3]
    assert opened(enrolled, three).flags == ["still"], "three photos in the right order do not move either"


def test_the_photo_that_was_enrolled_or_shown_before_is_refused_or_goes_to_a_person(enrolled):
    shown = faces.burst(list(OPEN), straight="obama3")
    assert opened(enrolled, shown).outcome == "pass"
    again = opened(enrolled, shown, at=LATER + timedelta(minutes=5))
    assert (again.outcome, again.flags) == ("fail", ["resent", "reused"])
    squeezed = [
        faces.pose(action, nth=n, straight="obama3", quality=50) for n, action in enumerate(a for a in OPEN for _ in range(3))
    ]
    coarse = opened(enrolled, squeezed, at=LATER + timedelta(minutes=6))
    assert (coarse.outcome, "resent" in coarse.flags) == ("fail", True)
    moved = opened(enrolled, faces.burst(list(OPEN), straight="obama3", start=9), at=LATER + timedelta(minutes=7))
    assert (moved.outcome, moved.flags) == ("review", ["reused"])
    assert people.identity_of(enrolled.id, at=LATER + timedelta(hours=12), terminal=TERMINAL).needs == "proof"


def test_poses_in_another_order_are_asked_for_again(enrolled):
    seen = opened(enrolled, faces.burst(["left", "straight", "right"], straight="obama3"))
    assert (seen.outcome, seen.flags, seen.score) == ("retry", ["poses"], None)


def test_a_challenge_is_good_once_for_one_learner_and_for_seconds(enrolled, colleague):
    frames = faces.burst(list(OPEN), straight="obama3")
    challenge = challenge_of(enrolled.id, "open", OPEN, LATER)
    late = LATER + rules.CHALLENGE_LASTS + timedelta(seconds=1)
    before = FaceCheck.objects.count()
    for wrong in (
        {"at": late},
        {"challenge": uuid4()},
        {"challenge": challenge_of(enrolled.id, "exam", OPEN, LATER)},
        {"challenge": challenge_of(colleague.id, "open", OPEN, LATER)},
    ):
        with pytest.raises(DomainError) as refusal:
            _hand(enrolled, frames, **{"at": LATER, "challenge": challenge, **wrong})
        assert refusal.value.code == "challenge_spent"
    assert FaceCheck.objects.count() == before
    assert Liveness.objects.get(uuid=challenge).used_at is None
    assert _hand(enrolled, frames, challenge=challenge, at=LATER).outcome == "pending"
    with pytest.raises(DomainError) as refusal:
        _hand(enrolled, frames, challenge=challenge, at=LATER)
    assert refusal.value.code == "challenge_spent"


def _hand(pupil, frames, *, challenge, at, purpose="open"):
    return people.check_face(
        learner_id=pupil.id, purpose=purpose, frames=frames, challenge=challenge, about="", at=at, terminal=TERMINAL
    )


@pytest.mark.parametrize(
    "bad",
    [[], [b"no picture"], [b"\xff\xd8" + b"0" * 200_001], [faces.pose("straight")] * 16],
    ids=["none", "text", "large", "many"],
)
def test_what_is_no_burst_of_pictures_is_refused(enrolled, bad):
    before = FaceCheck.objects.count()
    with pytest.raises(DomainError) as refusal:
        _hand(enrolled, bad, challenge=None, at=LATER, purpose="presence")
    assert (refusal.value.code, FaceCheck.objects.count()) == ("frames_invalid", before)


def test_a_small_file_that_claims_gigabytes_of_picture_is_never_decoded(enrolled):
    frame = bytearray(faces.pose("straight"))
    at = frame.index(b"\xff\xc0")
    frame[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    with pytest.raises(DomainError, match="frames_invalid"):
        _hand(enrolled, [bytes(frame)], challenge=None, at=LATER, purpose="presence")


def test_five_failures_let_the_face_rest_while_the_code_still_opens(enrolled):
    frames = [faces.jpeg(faces.portrait("obama"))] * 6
    for _n in range(rules.FAILURES):
        assert opened(enrolled, frames, actions=["straight"]).outcome == "fail"
    view = people.identity_of(enrolled.id, at=LATER, terminal=TERMINAL)
    assert view.locked_until == LATER + rules.REST
    with pytest.raises(DomainError) as refusal:
        opened(enrolled, frames, actions=["straight"])
    assert (refusal.value.code, refusal.value.details["retry_after_s"]) == ("face_rests", 600)
    people.note_proof(learner_id=enrolled.id, terminal=TERMINAL, method="code", at=LATER, instead=True)
    people.require_identity(learner_id=enrolled.id, terminal=TERMINAL, at=LATER)


def test_a_burst_that_breaks_workers_is_not_looked_at_for_ever(enrolled):
    view = _hand(enrolled, faces.burst(["straight"], straight="obama3"), challenge=None, at=LATER, purpose="presence")
    FaceCheck.objects.filter(uuid=view.uuid).update(tries=judging.MOST_TRIES)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert judging.judge(view.uuid, at=LATER) == "retry"


def test_judging_twice_changes_nothing(enrolled):
    seen = hand_in(enrolled.id, "presence", faces.burst(["straight"], straight="obama3"), at=LATER)
    kept = FaceCheck.objects.filter(uuid=seen.uuid).values().get()
    assert judging.judge(seen.uuid, at=LATER + timedelta(hours=1)) == seen.outcome == "pass"
    assert FaceCheck.objects.filter(uuid=seen.uuid).values().get() == kept


@pytest.mark.req("R5.1")
def test_nothing_of_a_face_lies_open_in_rows_or_files(enrolled, folder):
    frames = faces.burst(list(OPEN), straight="obama3")
    opened(enrolled, frames)
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert files, "the photo and the snapshot are kept"
    assert not any(b"\xff\xd8\xff" in file[:64] or b"JFIF" in file for file in files)
    row = Identity.objects.get(learner_id=enrolled.id)
    assert len(bytes(row.template_sealed)) == envelope.HEADER_BYTES + 12 + 544 + 16
    assert default_storage.exists(row.photo)


def test_who_has_not_chosen_the_face_is_not_looked_at(pupil):
    people.choose_method(learner_id=pupil.id, method="code", at=NOON)
    with pytest.raises(DomainError) as refusal:
        _hand(pupil, faces.burst(["straight"]), challenge=None, at=NOON, purpose="presence")
    assert (refusal.value.code, FaceCheck.objects.count()) == ("no_consent", 0)


def test_enrolling_needs_the_phone_first_so_that_nobody_enrols_on_a_found_password(pupil):
    people.choose_method(learner_id=pupil.id, method="face", at=NOON)
    with pytest.raises(DomainError) as refusal:
        hand_in(pupil.id, "enrol", faces.burst(list(ENROL)), actions=ENROL)
    assert (refusal.value.code, FaceCheck.objects.count()) == ("phone_first", 0)


@pytest.mark.parametrize(("photo", "outcome", "trust"), [("obama3", "pass", "id_photo"), ("biden", "fail", "")])
def test_an_enrolment_with_the_photo_of_the_id_card_compares_the_two(pupil, photo, outcome, trust):
    people.choose_method(learner_id=pupil.id, method="face", at=NOON)
    people.note_proof(learner_id=pupil.id, terminal=TERMINAL, method="code", at=NOON)
    card = faces.jpeg(faces.portrait(photo))
    seen = hand_in(pupil.id, "enrol", faces.burst(list(ENROL)), actions=ENROL, id_photo=card)
    assert seen.outcome == outcome
    row = Identity.objects.get(learner_id=pupil.id)
    assert (row.is_enrolled, row.trust) == (outcome == "pass", trust)


def test_the_neighbour_knows_nothing_of_the_face(enrolled, yi):
    from tenants.scope import enterprise_scope

    seen = hand_in(enrolled.id, "presence", faces.burst(["straight"], straight="obama3"), at=LATER)
    with enterprise_scope(yi):
        assert not FaceCheck.objects.exists()
        assert people.identity_of(enrolled.id, at=LATER).method is None
        with pytest.raises(DomainError, match="not_found"):
            people.check_of(seen.uuid, learner_id=enrolled.id)


@pytest.fixture
def authority():
    """Tencent's double on this machine, in the socket."""
    former = AUTHORITY.get()
    with vendor("tencent") as state:
        url = f"tencent://{KEY}:secret%2Fwith%2Bsigns@127.0.0.1:{state.port}?scheme=http"
        AUTHORITY.plug(authority_of(url, timeout_s=0.3))
        yield state
    AUTHORITY.plug(former)


@pytest.mark.parametrize(
    ("mood", "outcome", "trust"),
    [
        ("same", "pass", "authority"),
        ("different", "fail", ""),
        ("unsure", "review", ""),
        ("silent", "pending", ""),
        ("broken", "pending", ""),
    ],
)
def test_an_authority_decides_the_enrolment_and_its_silence_never_does(pupil, authority, mood, outcome, trust):
    authority.mood = mood
    people.choose_method(learner_id=pupil.id, method="face", at=NOON)
    people.note_proof(learner_id=pupil.id, terminal=TERMINAL, method="code", at=NOON)
    seen = hand_in(pupil.id, "enrol", faces.burst(list(ENROL)), actions=ENROL)
    assert seen.outcome == outcome
    row = Identity.objects.get(learner_id=pupil.id)
    assert (row.is_enrolled, row.trust) == (outcome == "pass", trust)
    if outcome == "pending":
        authority.mood = "same"
        with TestCase.captureOnCommitCallbacks(execute=True):
            assert judging.judge(seen.uuid, at=NOON) == "pass", "asked again, it answers"


def test_what_waits_is_rung_for_less_and_less_often_and_never_passes_by_waiting(enrolled):
    waits = _hand(enrolled, faces.burst(["straight"], straight="obama3"), challenge=None, at=LATER, purpose="presence")
    rung = [minute for minute in range(1, 200) if revival.revive(at=LATER + timedelta(minutes=minute))]
    assert rung == [1, 2, 4, 8, 16, 32, 64, 128, 192]
    assert revival.revive(at=LATER + revival.GIVE_UP) == 0
    assert people.check_of(waits.uuid, learner_id=enrolled.id).outcome == "review"


def test_a_grey_face_is_taken_once_more_for_the_same_thing_and_then_goes_to_a_person(enrolled, monkeypatch):
    monkeypatch.setattr(rules, "PASS", 0.99)
    first = hand_in(enrolled.id, "presence", faces.burst(["straight"], straight="obama3"), at=LATER, about="presence:1")
    second = hand_in(
        enrolled.id, "presence", faces.burst(["straight"], straight="obama_partial_face"), at=LATER, about="presence:1"
    )
    other = hand_in(
        enrolled.id, "presence", faces.burst(["straight"], straight="obama_partial_face2"), at=LATER, about="presence:2"
    )
    assert [seen.outcome for seen in (first, second, other)] == ["retry", "review", "retry"]
