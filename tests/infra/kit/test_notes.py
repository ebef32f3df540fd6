"""Signed notes and tree heads: the published example opens, ours open, and an altered one never does."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.kit import notes, signing, sm2
from infra.kit.notes import BadNote, Checkpoint

ORIGIN = "anxue.example/ledger/7"
HEAD = Checkpoint(ORIGIN, 20852163, bytes(range(32)), (f"sm3 {base64.b64encode(bytes(32)).decode()}", "at 2026-11-28T12:00:00Z"))


@pytest.fixture(scope="module")
def keys():
    public, private = sm2.make_key()
    return signing.NoteKey(ORIGIN, signing.Signer("a secret of tests", purpose="note")), sm2.NoteKey(ORIGIN, public, private)


@pytest.fixture(scope="module")
def known(keys):
    ed, sm = keys
    return [signing.PublicNoteKey(ORIGIN, ed.public_key), sm2.PublicNoteKey(ORIGIN, sm.public_key)]


def test_the_key_and_note_that_the_specification_prints_are_understood():
    """The key of Go's checksum database, and the form of its lines."""
    text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    name, _plus, rest = text.partition("+")
    kid, _plus, body = rest.partition("+")
    raw = base64.b64decode(body)
    assert raw[:1] == notes.ED25519
    assert notes.key_id(name, raw[:1], raw[1:]).hex() == kid
    assert notes.verifier_text(name, raw[:1], raw[1:]) == text


@pytest.mark.req("R4.2", "R7.3")
def test_both_keys_sign_one_head_and_each_alone_opens_it(keys, known):
    note = notes.sign(HEAD.text(), keys)
    text, who = notes.open_note(note, known)
    assert Checkpoint.parse(text) == HEAD
    assert who == [f"{ORIGIN} (Ed25519)", f"{ORIGIN} (SM2)"]
    for one in known:
        assert notes.open_note(note, [one])[0] == HEAD.text()
    assert HEAD.said("at") == "2026-11-28T12:00:00Z"
    assert HEAD.said("nothing") == ""


def test_a_head_altered_in_any_sign_is_refused(keys, known):
    note = notes.sign(HEAD.text(), keys)
    for at in range(len(HEAD.text())):
        other = "\n" if note[at] != "\n" else "x"
        with pytest.raises(BadNote):
            notes.open_note(note[:at] + other + note[at + 1 :], known)


def test_strangers_notes_and_pieces_of_notes_are_refused(keys, known):
    ed, _sm = keys
    stranger = signing.NoteKey("else.example", signing.Signer("another secret", purpose="note"))
    with pytest.raises(BadNote, match="no known key"):
        notes.open_note(notes.sign(HEAD.text(), [stranger]), known)
    same_name = signing.NoteKey(ORIGIN, signing.Signer("another secret", purpose="note"))
    with pytest.raises(BadNote, match="no known key"):
        notes.open_note(notes.sign(HEAD.text(), [same_name]), known)
    assert notes.open_note(notes.sign(HEAD.text(), [stranger, ed]), known)[1] == [f"{ORIGIN} (Ed25519)"]
    note = notes.sign(HEAD.text(), [ed])
    for bad in ("", HEAD.text(), note[:-1], note.replace("— ", "- "), note + "— x !!!\n", note[: note.rfind("\n\n") + 2]):
        with pytest.raises(BadNote):
            notes.open_note(bad, known)


def test_what_would_read_as_another_note_is_not_signed(keys):
    for text in ("", "no end", "a\n\nb\n", "\nfirst\n", "tab\there\n"):
        with pytest.raises(BadNote):
            notes.sign(text, keys)
    for head in (Checkpoint("a\nb", 1, bytes(32)), Checkpoint("a", 1, bytes(32), ("",))):
        with pytest.raises(BadNote):
            head.text()
    for text in (
        "a\n1\n",
        "a\n01\nAAAA\n",
        "a\n-1\nAAAA\n",
        "a\n1\n!\n",
        "a\n１\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "a\n1\nAAAA\n",
    ):
        with pytest.raises(BadNote):
            Checkpoint.parse(text)


@given(message=st.binary(max_size=200), noise=st.binary(max_size=80))
def test_noise_is_no_sm2_signature(message, noise):
    public, private = _SM2
    assert sm2.verify(message, sm2.NoteKey(ORIGIN, public, private).sign(message), public)
    assert not sm2.verify(message, noise, public)
    assert not sm2.verify(message, sm2.NoteKey(ORIGIN, public, private).sign(message + b"x"), public)


_SM2 = sm2.make_key()
