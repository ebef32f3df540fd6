"""Our own REST: ``POST <address>/records`` and ``/days/<day>``, JSON, stamped both ways (`infra.kit.exchange.stamps`)."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from infra.adapters.exchange.wire import Said, Wire
from infra.kit import canonical
from infra.kit.exchange import documents, stamps
from infra.kit.exchange.documents import BadDocument, Receipt
from infra.kit.exchange.stamps import Refused
from public.regulators.ports import Answer, Line, NotCarried


class RestCarrier:
    """Carries JSON."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def send(self, line: Line, document: Mapping[str, Any], *, at: datetime) -> Answer:
        """See :class:`public.regulators.ports.Carrier`. 202 means that receipts come later."""
        said = self._ask(line, "records", document, at)
        if said.status == 202:
            return Answer([], is_later=True)
        try:
            msg_id, receipts = documents.read_receipts(documents.parse_json(said.body))
        except BadDocument as error:
            raise NotCarried("bad_answer", is_down=True) from error
        if msg_id != document["msgId"]:
            raise NotCarried("bad_answer", is_down=True)
        return Answer(receipts)

    def reconcile(self, line: Line, day: str, parts: Iterable[Mapping[str, Any]], *, at: datetime) -> list[str] | None:
        """See :class:`public.regulators.ports.Carrier`."""
        return [key for part in parts for key in self._missing(line, day, part, at)]

    def _missing(self, line: Line, day: str, document: Mapping[str, Any], at: datetime) -> list[str]:
        said = self._ask(line, f"days/{day}", document, at)
        try:
            return documents.read_ids(documents.parse_json(said.body), "missing")
        except BadDocument as error:
            raise NotCarried("bad_answer", is_down=True) from error

    def collect(self, line: Line, msg_id: str, *, at: datetime) -> list[Receipt] | None:
        """See :class:`public.regulators.ports.Carrier`: later receipts are pushed to us."""
        return None

    def address(self, line: Line, what: str) -> str:
        """Return where one kind of document goes."""
        return f"{line.address.rstrip('/')}/{what}"

    def more_headers(self, line: Line, path: str, what: str, at: datetime) -> dict[str, str]:
        """Return what a gateway on the way wants besides."""
        return {}

    def _ask(self, line: Line, what: str, document: Mapping[str, Any], at: datetime) -> Said:
        where, body, nonce = self.address(line, what), canonical.encode(dict(document)), secrets.token_urlsafe(18)
        path = urlsplit(where).path
        stamp = stamps.stamp(line.keys, method="POST", path=path, key=line.access_key, body=body, nonce=nonce, at=at)
        headers = {"Content-Type": "application/json", **stamp.headers(), **self.more_headers(line, path, what, at)}
        said = self._wire.post(where, body, headers)
        _refuse_status(said.status)
        _check(line, said, nonce, at)
        return said


def _refuse_status(status: int) -> None:
    if status in {401, 403}:
        raise NotCarried("not_let_in", is_down=True)
    if status == 409:
        raise NotCarried("replayed", is_down=True)
    if status >= 400:
        raise NotCarried("document_refused", is_down=False)


def _check(line: Line, said: Said, nonce: str, at: datetime) -> None:
    """Let an answer pass that the partner signed for this very request.

    :raises NotCarried: ``unsigned_answer``
    """
    names = {name.lower(): value for name, value in said.headers.items()}
    try:
        found = stamps.read({header: names.get(header.lower(), "") for header in stamps.HEADERS.values()})
        if found.nonce != nonce or found.key != line.access_key:
            raise Refused("bad_signature")
        stamps.check(line.keys, found, method="ANSWER", path=str(said.status), body=said.body, at=at)
    except Refused as refusal:
        raise NotCarried("unsigned_answer", is_down=True) from refusal
