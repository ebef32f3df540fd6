#!/usr/bin/env python3
"""Checks a training certificate of Anxue, or a package of an enterprise's data, on your own machine, without a network and without us.

    python3 anxue_verify.py proof.json [--key NAME+ID+BASE64 …]
    python3 anxue_verify.py export.zip [--key NAME+ID+BASE64 …]

Needs Python 3.9 or newer and the package ``cryptography``. What is checked:

1. the signed head (a C2SP signed note): the Ed25519 signature of a key you trust;
2. the entry's way to that head (RFC 9162): the certificate stood in the enterprise's ledger when the head was signed;
3. the certificate's own words stand in that entry, and the signature that came with them fits. (Its key is in the package: what makes the words
   trustworthy is that they stand in the ledger.)
4. what the package says of later days (renewed, revoked) stands in the same ledger. That nothing was left out, and what was corrected, only the public page can say.

Of a package (ZIP): the signed note over its manifest, the digest of every file, that none is missing or was added; and of the ledger in it that every
entry fits its hash, and that all of them together make the root of the signed head.

Keys are published under /.well-known/anxue-keys.json. Ask an authority or keep them from before: keys that come inside the package prove nothing, so
without ``--key`` nothing is called genuine: the keys are printed for you to compare with those published. SM2 signatures are left to tools that know SM2; they sign the same text.
Exit: 0 genuine, 1 not genuine, 2 no proof at all, 3 all fits, but under keys that nobody has vouched for, 4 genuine, but revoked.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import io
import json
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "anxue-certificate-proof/1"
PACKAGE = "anxue-package/1"


BROKEN = (binascii.Error, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What the tools say of files that are damaged."""


class Refused(Exception):
    """Something does not fit."""


def canonical(value: Any) -> bytes:
    """Return the bytes of RFC 8785 for what our records are made of: no fractions, whole numbers below 2**53."""
    _only_plain(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _only_plain(value: Any) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            if max(name, default="") >= "\ud800":
                raise Refused("a name that this check does not know how to order")
            _only_plain(inner)
    elif isinstance(value, list):
        for inner in value:
            _only_plain(inner)
    elif isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**53):
        raise Refused("a number that this check does not know how to write")


def only_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON that says everything once: of what is said twice, other readers may show the other."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused("the file says something twice")
    return found


def sha256(data: bytes) -> bytes:
    """Return the digest."""
    return hashlib.sha256(data).digest()


def root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Return the root that the path leads to (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        raise Refused("the entry's place is outside the ledger")
    here, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise Refused("the path is too long")
        if here & 1 or here == last:
            found = sha256(b"\x01" + step + found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = sha256(b"\x01" + found + step)
        here, last = here >> 1, last >> 1
    if last != 0:
        raise Refused("the path is too short")
    return found


def ed25519_keys(texts: list[str]) -> dict[tuple[str, bytes], bytes]:
    """Return (name, id) -> raw key of the verifier keys that are Ed25519."""
    found = {}
    for text in texts:
        name, _plus, rest = text.partition("+")
        kid, _plus, body = rest.partition("+")
        raw = base64.b64decode(body, validate=True)
        if raw[:1] != b"\x01":
            continue
        if len(raw) != 33 or sha256(name.encode() + b"\n" + raw)[:4].hex() != kid:
            raise Refused(f"the key {text[:40]} is damaged")
        found[name, bytes.fromhex(kid)] = raw[1:]
    if not found:
        raise Refused("no Ed25519 key was given")
    return found


def open_note(note: str, keys: dict[tuple[str, bytes], bytes]) -> str:
    """Return the text of a signed note that one of the keys signed."""
    text, mark, lines = note.rpartition("\n\n")
    if not mark or not note.endswith("\n"):
        raise Refused("the head is no signed note")
    text += "\n"
    for line in lines.splitlines():
        name, _space, said = line[2:].partition(" ") if line.startswith("— ") else ("", "", "")
        raw = base64.b64decode(said, validate=True)
        key = keys.get((name, raw[:4]))
        if key is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(raw[4:], text.encode())
        except InvalidSignature:
            raise Refused("the head's signature does not fit") from None
        return text
    raise Refused("no key that you trust signed the head")


def proven(told: dict[str, Any], trusted: dict[tuple[str, bytes], bytes]) -> tuple[str, int]:
    """Check one entry's way to a signed head; return the head's text and the entry's place. Raises Refused."""
    entry, proof = told["entry"], told["proof"]
    text = open_note(proof["checkpoint"], trusted)
    _origin, size, root = text.splitlines()[:3]
    if int(size) != proof["size"]:
        raise Refused("the proof is for another head")
    prev = bytes.fromhex(told["prev"])
    if len(prev) != 32:
        raise Refused("the hash before the entry is none")
    leaf = sha256(b"\x00" + prev + canonical(entry))
    path = [bytes.fromhex(step) for step in proof["path"]]
    if root_of(leaf, proof["index"], proof["size"], path) != base64.b64decode(root, validate=True):
        raise Refused("the entry does not stand in the ledger that the head was signed for")
    return text, proof["index"]


def later(package: dict[str, Any], trusted: dict[tuple[str, bytes], bytes], origin: str) -> list[str]:
    """Return what became of the certificate, in words: entries of the same person in the same ledger, after it. Raises Refused."""
    issued, lines = package["entry"], []
    for told in package.get("later", []):
        entry = told["entry"]
        text, _place = proven(told, trusted)
        if text.splitlines()[0] != origin or entry["subject"] != issued["subject"] or not entry["n"] > issued["n"]:
            raise Refused("a later entry is of another ledger, person or time")
        about, of = {
            "REVOCATION": ("certificate", "certificate"),
            "RENEWAL": ("renewed", "certificate"),
            "CERTIFICATE": ("replaces", "number"),
        }.get(entry["kind"], ("", ""))
        if not about or entry["body"].get(about) != issued["body"][of]:
            raise Refused("a later entry is about something else")
        if entry["kind"] == "CERTIFICATE":
            lines.append(f"replaced     {entry['at']} by {entry['body']['number']}")
        elif entry["kind"] == "REVOCATION":
            lines.append(f"REVOKED      {entry['at']} ({entry['body']['reason']})")
        else:
            lines.append(f"renewed      {entry['at']} by {entry['body']['number']}")
    return lines


def check(package: dict[str, Any], trusted: list[str]) -> list[str]:
    """Check a package; return what is proven as lines of text. Raises Refused."""
    if package.get("format") != FORMAT:
        raise Refused("this is no proof of a certificate")
    entry, listing, known = package["entry"], package["certificate"], ed25519_keys(trusted)
    text, place = proven(package, known)
    origin, size = text.splitlines()[:2]
    body = listing["body"]
    told = canonical({**body, "certificate": entry["body"].get("certificate")})  # as bytes: for Python true is 1
    if entry["kind"] != "CERTIFICATE" or told != canonical(entry["body"]):
        raise Refused("the certificate says something else than the ledger")
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(listing["public_key"], validate=True))
    try:
        key.verify(base64.b64decode(listing["signature"], validate=True), canonical(body))
    except InvalidSignature:
        raise Refused("the certificate's signature does not fit") from None
    until = body.get("valid_until")
    ended = " (HAS ENDED)" if until and until < time.strftime("%Y-%m-%d") else ""
    at = next((line[3:] for line in text.splitlines() if line.startswith("at ")), "?")
    return [
        f"certificate  {body['number']}",
        f"holder       {body['name']}",
        f"training     {body['training']}",
        f"enterprise   {body['enterprise']}",
        *([f"replaces     {body['replaces']}"] if body.get("replaces") else []),
        f"entered      {entry['at']}",
        f"valid until  {until or 'no end'}{ended}",
        f"ledger       {origin}, entry {place + 1} of {size}, head of {at}",
        *later(package, known, origin),
        "later days   that nothing was left out (revoked, corrected), only the public page can say",
    ]


def check_package(package: zipfile.ZipFile, trusted: list[str]) -> list[str]:
    """Check a package; return what is proven as lines of text. Raises Refused."""
    keys, manifest = ed25519_keys(trusted), json.loads(package.read("manifest.json"), object_pairs_hook=only_once)
    if manifest.get("format") != PACKAGE:
        raise Refused("this is no package of data")
    origin, uuid, digest = open_note(package.read("manifest.note").decode(), keys).splitlines()[:3]
    schema = manifest["enterprise"]["schema"]
    if digest != f"manifest {sha256(package.read('manifest.json')).hex()}" or uuid != manifest["package"]:
        raise Refused("the note signs another manifest")
    if not origin.endswith(f"/package/{schema}"):
        raise Refused("the package was signed for another enterprise")
    package.fp.seek(-22, io.SEEK_END)  # type: ignore[union-attr]
    if min(one.header_offset for one in package.infolist()) or package.fp.read(4) != b"PK\x05\x06":  # type: ignore[union-attr]
        raise Refused("the file was cut off, or there is something around the package")  # packages lie within packages
    names = [line["name"] for line in manifest["files"]]
    if sorted([*names, "manifest.json", "manifest.note"]) != sorted(package.namelist()):
        raise Refused("files are missing or were added")
    for line in manifest["files"]:
        digests, size = hashlib.sha256(), 0
        with package.open(line["name"]) as file:
            for piece in iter(lambda: file.read(1 << 20), b""):
                digests.update(piece)
                size += len(piece)
        if (digests.hexdigest(), size) != (line["sha256"], line["bytes"]):
            raise Refused(f"{line['name']} was altered")
    told = "no ledger in it"
    if "ledger/head.note" in names:
        told = check_ledger(package, open_note(package.read("ledger/head.note").decode(), keys), schema)
        if "ledger/unsealed.jsonl" in names:
            with package.open("ledger/unsealed.jsonl") as lines:
                told += f"; {sum(1 for _line in lines)} more under no head yet"
    elif "ledger.jsonl" in names:
        told = f"{sum(1 for _leaf in ledger_leaves(package, 'ledger.jsonl'))} entries of the month, each fits its hash"
    lost = [str(one) for one in manifest.get("missing") or []]
    return [
        f"package      {uuid}, {manifest['what']} {manifest.get('month') or ''}".rstrip(),
        f"enterprise   {manifest['enterprise']['name']} ({manifest['enterprise']['uscc']})",
        f"made         {manifest['made_at']}",
        f"files        {len(names)}, none altered, none missing of those that were put in",
        *([f"not put in   {len(lost)} that could not be read when it was made, e.g. {', '.join(lost[:3])}"] if lost else []),
        f"ledger       {told}",
    ]


def ledger_leaves(package: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield the leaf of each entry of a file; each must fit its hash. Raises Refused."""
    with package.open(name) as lines:
        for number, line in enumerate(lines, 1):
            told = json.loads(line, object_pairs_hook=only_once)
            data = bytes.fromhex(told["prev"]) + canonical(told["entry"])
            if sha256(data).hex() != told["hash"]:
                raise Refused(f"entry {number} of the ledger does not fit its hash")
            yield sha256(b"\x00" + data)


def check_ledger(package: zipfile.ZipFile, head: str, schema: str) -> str:
    """Check the whole ledger against its head; return what is proven. Raises Refused."""
    origin, size, root = head.splitlines()[:3]
    peaks: list[tuple[int, bytes]] = []
    count = 0
    for leaf in ledger_leaves(package, "ledger/entries.jsonl"):
        count, level, found = count + 1, 0, leaf
        while peaks and peaks[-1][0] == level:
            level, found = level + 1, sha256(b"\x01" + peaks.pop()[1] + found)
        peaks.append((level, found))
    made = peaks.pop()[1] if peaks else sha256(b"")
    while peaks:
        made = sha256(b"\x01" + peaks.pop()[1] + made)
    if not origin.endswith(f"/ledger/{schema}") or count != int(size) or made != base64.b64decode(root, validate=True):
        raise Refused("the ledger is not the one that the head was signed for")
    return f"{origin}, all {count} entries make the root of the signed head"


def main(arguments: list[str] | None = None) -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package")
    parser.add_argument("--key", action="append", default=[], help="a verifier key you trust; may be repeated")
    asked = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without Chinese still gets the whole answer
    try:
        if zipfile.is_zipfile(asked.package):
            with zipfile.ZipFile(asked.package) as bundle:
                trusted = asked.key or list(json.loads(bundle.read("manifest.json"))["keys"])
                lines = check_package(bundle, trusted)
        else:
            package = json.loads(Path(asked.package).read_text("utf-8"), object_pairs_hook=only_once)
            trusted = asked.key or list(package["keys"])
            lines = check(package, trusted)
    except (Refused, KeyError, TypeError, ValueError, AttributeError, RecursionError, *BROKEN) as problem:
        print(f"NOT GENUINE: {problem}")
        return 1
    except OSError as problem:
        print(f"no proof: {problem}")
        return 2
    is_revoked = any(line.startswith("REVOKED") for line in lines)
    genuine = "GENUINE, BUT REVOKED" if is_revoked else "GENUINE"
    print(genuine if asked.key else "ALL FITS, UNDER THE KEYS THAT CAME WITH THE PACKAGE")
    print("\n".join(lines))
    if asked.key:
        return 4 if is_revoked else 0
    print("Compare these keys with those published; only then believe it:")
    print("\n".join(f"  {text}" for text in trusted))
    return 3


if __name__ == "__main__":
    sys.exit(main())
