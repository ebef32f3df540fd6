"""Signed notes of C2SP (c2sp.org/signed-note) and tree heads in them (c2sp.org/tlog-checkpoint).

A note is text that ends with a newline, an empty line, and one line for each signature::

    — <name of the key> <base64 of 4 bytes key id and the signature>

Signatures cover the text with its last newline. Ed25519 has type 0x01; SM2 has none of its own, so it stands under 0xff with a longer name,
as the specification asks of types that are not assigned. Lines of unknown keys are left alone, whatever they hold.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

ED25519 = b"\x01"
SM2 = b"\xffsm2-with-sm3"
_DASH = "— "
_MOST_SIGNATURES, _MOST_BYTES = 100, 1 << 20
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")


class BadNote(ValueError):
    """The text is no signed note, or a known key's signature does not fit it."""


class NoteKey(Protocol):
    """A key under a name. ``kind``, the type of its signatures: :data:`ED25519` or :data:`SM2`."""

    @property
    def name(self) -> str:
        """Return the key's name."""

    @property
    def kind(self) -> bytes:
        """Return the type of its signatures."""

    @property
    def public_key(self) -> bytes:
        """Return its public half."""


class NoteSigner(NoteKey, Protocol):
    """Signs notes."""

    def sign(self, message: bytes) -> bytes:
        """Return the raw signature."""


class NoteVerifier(NoteKey, Protocol):
    """Checks signatures of one key."""

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Say whether the raw signature fits."""


def key_id(name: str, kind: bytes, public_key: bytes) -> bytes:
    """Return the 4 bytes by which a line names its key."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public_key).digest()[:4]


def verifier_text(name: str, kind: bytes, public_key: bytes) -> str:
    """Return a key as strangers are given it: ``name+hex of the id+base64 of type and key``."""
    return f"{name}+{key_id(name, kind, public_key).hex()}+{base64.b64encode(kind + public_key).decode()}"


def sign(text: str, signers: Sequence[NoteSigner]) -> str:
    """Return ``text`` as a note with one line of each signer.

    :param text: lines, the last one ended too; no empty line, no sign below a space but the line's end
    :raises BadNote: such a text cannot be signed
    """
    if not text.endswith("\n") or "\n\n" in text or text.startswith("\n") or any(sign < " " and sign != "\n" for sign in text):
        raise BadNote("a note is whole lines of plain text")
    lines = [_line(one, one.sign(text.encode())) for one in signers]
    return text + "\n" + "".join(lines)


def _line(signer: NoteSigner, signature: bytes) -> str:
    if not signer.name or any(sign.isspace() or sign == "+" for sign in signer.name):
        raise BadNote(f"no name of a key: {signer.name!r}")
    said = key_id(signer.name, signer.kind, signer.public_key) + signature
    return f"{_DASH}{signer.name} {base64.b64encode(said).decode()}\n"


def open_note(note: str, verifiers: Iterable[NoteVerifier]) -> tuple[str, list[str]]:
    """Return the text of a note and the names of those known keys that signed it.

    :raises BadNote: it is no note, a known key's signature is wrong, or no known key signed it
    """
    text, lines = _parts(note)
    known = {(one.name, key_id(one.name, one.kind, one.public_key)): one for one in verifiers}
    signed: list[str] = []
    for line in lines:
        name, said = _said(line)
        one = known.pop((name, said[:4]), None)
        if one is None:
            continue
        if not one.verify(text.encode(), said[4:]):
            raise BadNote(f"the signature of {name} does not fit")
        signed.append(_titled(one))
    if not signed:
        raise BadNote("no known key signed this")
    return text, signed


def _titled(one: NoteVerifier) -> str:
    return f"{one.name} ({'Ed25519' if one.kind == ED25519 else 'SM2'})"


def _parts(note: str) -> tuple[str, list[str]]:
    at = note.rfind("\n\n")
    if at < 0 or not note.endswith("\n") or len(note) > _MOST_BYTES:
        raise BadNote("not a signed note")
    lines = note[at + 2 :].splitlines()
    if not lines or len(lines) > _MOST_SIGNATURES:
        raise BadNote("not a signed note")
    return note[: at + 1], lines


def _said(line: str) -> tuple[str, bytes]:
    name, _space, text = line.removeprefix(_DASH).partition(" ")
    try:
        said = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise BadNote("a signature is no base64") from error
    if not line.startswith(_DASH) or not name or len(said) < 5:
        raise BadNote("a line is no signature")
    return name, said


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head. ``more``: further lines, e.g. ``sm3 <base64>``."""

    origin: str
    size: int
    root: bytes
    more: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the head as the lines of a note."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.more]
        if any("\n" in line or not line for line in lines):
            raise BadNote("a line of a tree head is empty or broken")
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Return the head of a note's text.

        :raises BadNote: it is none
        """
        lines = text.splitlines()
        if len(lines) < 3 or not all(lines) or not _SIZE.fullmatch(lines[1]):
            raise BadNote("not a tree head")
        try:
            root = base64.b64decode(lines[2], validate=True)
        except ValueError as error:
            raise BadNote("not a tree head") from error
        if len(root) != 32:
            raise BadNote("not a tree head")
        return cls(lines[0], int(lines[1]), root, tuple(lines[3:]))

    def said(self, word: str) -> str:
        """Return what a further line says after ``word`` and a space, "" where there is none."""
        return next((line.removeprefix(f"{word} ") for line in self.more if line.startswith(f"{word} ")), "")
