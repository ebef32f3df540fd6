"""Signed files, dropped into an object store (``s3://host/bucket/folder``) or below one folder of this machine (``file:///…``, a mounted share).

::

    records/<msgId>.json    days/<day>.json          the document, and beside each <name>.sig: its stamp as JSON; a day's further
                                                     parts are days/<day>-<part>.json
    receipts/<msgId>.json   answers/<day>.json       what the partner lays down for us, with its .sig

A stamp's method is ``FILE`` and its path the file's name, so no signature fits another file. The window does not hold for files: they are read when
they are read; the name says which message it is, and a message is applied once.
"""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from infra.adapters.directory.addresses import Network
from infra.adapters.exchange.wire import MOST_BYTES, Wire
from infra.kit import canonical
from infra.kit.exchange import documents, stamps
from infra.kit.exchange.documents import BadDocument, Receipt
from infra.kit.exchange.stamps import Refused, Stamp
from public.regulators.ports import Answer, Line, NotCarried

_FOR_EVER = timedelta(days=36500)


class _Store(Protocol):
    def put(self, name: str, content: bytes) -> None: ...

    def get(self, name: str) -> bytes | None: ...


class FilesCarrier:
    """Drops files and picks receipts up."""

    def __init__(self, *, allowed: Sequence[Network], drop_folder: str) -> None:
        self._wire, self._folder = Wire(allowed), drop_folder

    def send(self, line: Line, document: Mapping[str, Any], *, at: datetime) -> Answer:
        """See :class:`public.regulators.ports.Carrier`: receipts come later, as files."""
        self._put(line, f"records/{document['msgId']}.json", document, at)
        return Answer([], is_later=True)

    def reconcile(self, line: Line, day: str, parts: Iterable[Mapping[str, Any]], *, at: datetime) -> list[str] | None:
        """See :class:`public.regulators.ports.Carrier`. Until the answer lies there it is asked for again later."""
        said = self._get(line, f"answers/{day}.json", at)
        if said is None:
            for part in parts:
                name = f"days/{day}.json" if part["part"] == 1 else f"days/{day}-{part['part']}.json"
                self._put(line, name, part, at)
            raise NotCarried("no_answer_yet", is_down=False)
        try:
            return documents.read_ids(said, "missing")
        except BadDocument as error:
            raise NotCarried("bad_answer", is_down=True) from error

    def collect(self, line: Line, msg_id: str, *, at: datetime) -> list[Receipt] | None:
        """See :class:`public.regulators.ports.Carrier`."""
        said = self._get(line, f"receipts/{msg_id}.json", at)
        if said is None:
            return None
        try:
            told, receipts = documents.read_receipts(said)
        except BadDocument as error:
            raise NotCarried("bad_answer", is_down=True) from error
        if told != msg_id:
            raise NotCarried("bad_answer", is_down=True)
        return receipts

    def _put(self, line: Line, name: str, document: Mapping[str, Any], at: datetime) -> None:
        """The signature first: who sees the document finds it complete."""
        body, store = canonical.encode(dict(document)), self._store(line)
        nonce = secrets.token_urlsafe(18)
        stamp = stamps.stamp(line.keys, method="FILE", path=name, key=line.access_key, body=body, nonce=nonce, at=at)
        store.put(f"{name}.sig", canonical.encode(stamp.headers()))
        store.put(name, body)

    def _get(self, line: Line, name: str, at: datetime) -> object | None:
        store = self._store(line)
        body, signature = store.get(name), store.get(f"{name}.sig")
        if body is None or signature is None:
            return None
        try:
            stamps.check(line.keys, _stamp(signature), method="FILE", path=name, body=body, at=at, window=_FOR_EVER)
            return documents.parse_json(body)
        except (Refused, BadDocument) as error:
            raise NotCarried("unsigned_answer", is_down=True) from error

    def _store(self, line: Line) -> _Store:
        parts = urlsplit(line.address)
        if parts.scheme == "s3":
            host, port = parts.hostname or "", parts.port or 443
            self._wire.resolve(host, port)
            return _Bucket(f"https://{host}:{port}", parts.path, line.secret)
        root, wanted = Path(self._folder), Path(unquote(parts.path))
        if not self._folder or not wanted.resolve().is_relative_to(root.resolve()):
            raise NotCarried("address_refused", is_down=True)
        return _Folder(wanted)


def _stamp(signature: bytes) -> Stamp:
    try:
        found = json.loads(signature[:4096])
    except ValueError as error:
        raise Refused("stamp_missing") from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise Refused("stamp_missing")
    return stamps.read(found)


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, name: str, content: bytes) -> None:
        """Write whole or not at all."""
        target = self._root / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            half = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
            half.write_bytes(content)
            half.replace(target)
        except OSError as error:
            raise NotCarried("store_down", is_down=True) from error

    def get(self, name: str) -> bytes | None:
        """Read, or None where there is no such file."""
        try:
            with (self._root / name).open("rb") as file:
                return file.read(MOST_BYTES)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise NotCarried("store_down", is_down=True) from error


class _Bucket:
    def __init__(self, endpoint: str, path: str, secret: str) -> None:
        import boto3  # a slow import that other channels do not need
        from botocore.config import Config

        self._bucket, _slash, self._folder = path.strip("/").partition("/")
        key, _colon, word = secret.partition(":")
        tries = {"mode": "standard", "total_max_attempts": 2}
        config = Config(connect_timeout=3, read_timeout=20, retries=tries, s3={"addressing_style": "path"})
        self._client = boto3.client(
            "s3", endpoint_url=endpoint, aws_access_key_id=key, aws_secret_access_key=word, config=config, region_name="auto"
        )

    def put(self, name: str, content: bytes) -> None:
        """Write."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._client.put_object(Bucket=self._bucket, Key=self._key(name), Body=content)
        except (BotoCoreError, ClientError) as error:
            raise NotCarried("store_down", is_down=True) from error

    def get(self, name: str) -> bytes | None:
        """Read, or None where there is no such file."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            found = self._client.get_object(Bucket=self._bucket, Key=self._key(name))
            return bytes(found["Body"].read(MOST_BYTES))
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in {"NoSuchKey", "404"}:
                return None
            raise NotCarried("store_down", is_down=True) from error
        except BotoCoreError as error:
            raise NotCarried("store_down", is_down=True) from error

    def _key(self, name: str) -> str:
        return f"{self._folder}/{name}" if self._folder else name
