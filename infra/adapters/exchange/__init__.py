"""Carriers of the exchange with authorities, one a channel (`public.regulators.ports.Carrier`)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from infra.adapters.directory.addresses import Network
from infra.adapters.exchange.files import FilesCarrier
from infra.adapters.exchange.rest import RestCarrier
from infra.adapters.exchange.soap import SoapCarrier
from infra.adapters.exchange.wire import TIMEOUT_S, Wire
from infra.adapters.exchange.zhejiang import ZhejiangCarrier
from infra.kit.exchange.documents import Receipt
from public.regulators.ports import Answer, Carrier, Line, NotCarried


class Carriers:
    """Chooses by the line's channel."""

    def __init__(self, *, allowed: Sequence[Network], drop_folder: str, may_try_here: bool, timeout_s: float = TIMEOUT_S) -> None:
        wire = Wire(allowed, may_try_here, timeout_s)
        self._by_channel: dict[str, Carrier] = {
            "REST": RestCarrier(wire),
            "SOAP": SoapCarrier(wire),
            "ZHEJIANG": ZhejiangCarrier(wire),
            "FILES": FilesCarrier(allowed=allowed, drop_folder=drop_folder),
        }

    def send(self, line: Line, document: Mapping[str, Any], *, at: datetime) -> Answer:
        """See :class:`public.regulators.ports.Carrier`."""
        return self._of(line).send(line, document, at=at)

    def reconcile(self, line: Line, day: str, parts: Iterable[Mapping[str, Any]], *, at: datetime) -> list[str] | None:
        """See :class:`public.regulators.ports.Carrier`."""
        return self._of(line).reconcile(line, day, parts, at=at)

    def collect(self, line: Line, msg_id: str, *, at: datetime) -> list[Receipt] | None:
        """See :class:`public.regulators.ports.Carrier`."""
        return self._of(line).collect(line, msg_id, at=at)

    def _of(self, line: Line) -> Carrier:
        found = self._by_channel.get(line.channel)
        if found is None:
            raise NotCarried("no_channel", is_down=True)
        return found
