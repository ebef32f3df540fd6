"""Carriers to authorities: one set of tests for all that wait for an answer, and files beside them."""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from infra.adapters.exchange import Carriers
from infra.kit import canonical, clock
from infra.kit.exchange import documents, stamps
from infra.kit.exchange.documents import Receipt, Result
from infra.kit.exchange.suites import Keys, Suite, make_pair
from public.regulators.ports import Line, NotCarried
from tests.infra.adapters.authority import GATEWAY_KEY, GATEWAY_SECRET, Authority, authority
from tests.infra.kit.exchange import ground

pytestmark = [pytest.mark.req("R7.2"), pytest.mark.req("R7.4")]
PATHS = {"REST": "/exchange/v1", "SOAP": "/soap", "ZHEJIANG": "/gateway/restapi/prod/IC33"}


def line_to(there: Authority, channel: str) -> Line:
    """The way to a running authority; both sides learn each other's keys."""
    if there.suite is Suite.SHARED:
        keys = Keys(there.suite, shared=b"shared secret of 24 byte")
        there.keys = keys
    else:
        public, private = make_pair(there.suite)
        there.meets(public)
        keys = Keys(there.suite, private, public, there.public)
    secret = f"{GATEWAY_KEY}:{GATEWAY_SECRET}" if channel == "ZHEJIANG" else ""
    return Line(channel, f"http://127.0.0.1:{there.port}{PATHS[channel]}", "ax-0123456789abcdef", keys, secret)


def carriers(**more: Any) -> Carriers:
    return Carriers(**{"allowed": [], "drop_folder": "", "may_try_here": True, "timeout_s": 0.4, **more})


@pytest.mark.parametrize("suite", list(Suite))
@pytest.mark.parametrize("channel", list(PATHS))
def test_a_parcel_arrives_opens_there_and_is_answered_record_by_record(channel, suite):
    with authority(suite, rejects={"EXAM"}) as there:
        line = line_to(there, channel)
        answer = carriers().send(line, ground.parcel(line.keys), at=clock.now())
    assert [one.result for one in answer.receipts].count(Result.ACCEPTED) == 6
    assert [(one.code, one.reason) for one in answer.receipts if one.result is Result.REJECTED] == [("E2001", "考试编号不存在")]
    assert there.opened["00000000-0000-4000-8000-000000000001"]["name"] == "学*"
    assert {record["kind"] for record in there.kept.values()} == set(ground.BODIES) - {"EXAM"}


@pytest.mark.parametrize("channel", list(PATHS))
@pytest.mark.parametrize(
    ("mood", "code", "is_down"),
    [("down", "busy", True), ("slow", "no_connection", True), ("redirects", "redirect", True), ("busy", "busy", True),
     ("unsigned", "unsigned_answer", True), ("stranger", "unsigned_answer", True), ("refuses", "document_refused", False)],
)  # fmt: skip
def test_what_does_not_arrive_says_why(channel, mood, code, is_down):
    with authority(mood=mood) as there:
        line = line_to(there, channel)
        with pytest.raises(NotCarried) as found:
            carriers().send(line, ground.parcel(line.keys), at=clock.now())
    assert (found.value.code, found.value.is_down) == (code, is_down)
    assert found.value.after_s == (120 if mood == "busy" else 0)


@pytest.mark.parametrize("channel", list(PATHS))
def test_garbage_is_no_answer(channel):
    with authority(mood="garbage") as there:
        line = line_to(there, channel)
        with pytest.raises(NotCarried) as found:
            carriers().send(line, ground.parcel(line.keys), at=clock.now())
    assert found.value.code in {"bad_answer", "unsigned_answer"}
    assert there.kept == {}


@pytest.mark.parametrize("channel", ["REST", "SOAP", "ZHEJIANG"])
def test_receipts_may_come_later(channel):
    with authority(mood="later") as there:
        line = line_to(there, channel)
        answer = carriers().send(line, ground.parcel(line.keys), at=clock.now())
    assert (answer.receipts, answer.is_later) == ([], True)


@pytest.mark.parametrize("channel", ["REST", "ZHEJIANG"])
def test_a_day_is_answered_by_what_is_missing(channel):
    day = {"version": "1.0", "day": "2026-11-23", "part": 1, "lines": []}
    with authority(lacks=["00000000-0000-4000-8000-000000000009"]) as there:
        assert carriers().reconcile(line_to(there, channel), day["day"], [day], at=clock.now()) == there.lacks
    assert there.days == [day]


@pytest.mark.parametrize("mood", ["trickles", "mumbles"])
def test_an_answer_that_trickles_does_not_keep_us(mood):
    with authority(mood=mood) as there:
        line, began = line_to(there, "REST"), time.monotonic()
        with pytest.raises(NotCarried, match="no_connection"):
            carriers(timeout_s=0.1).send(line, ground.parcel(line.keys), at=clock.now())
        assert time.monotonic() - began < 2


def test_nobody_listens():
    with authority() as there:
        line = line_to(there, "REST")
    with pytest.raises(NotCarried, match="no_connection"):
        carriers().send(line, ground.parcel(line.keys), at=clock.now())


@pytest.mark.parametrize(
    ("address", "code"),
    [("http://127.0.0.1:9/x", "address_refused"), ("https://127.0.0.1:9/x", "address_refused"), ("https://localhost:9/x", "address_refused"),
     ("https://169.254.169.254/x", "address_refused"), ("https://[::1]:9/x", "address_refused"),
     ("https://nobody.invalid/x", "no_such_host")],
)  # fmt: skip
def test_never_calls_into_our_own_networks(address, code):
    keys = Keys(Suite.SHARED, shared=b"shared secret of 24 byte")
    with pytest.raises(NotCarried, match=code):
        carriers(may_try_here=False).send(Line("REST", address, "ax-0123", keys), ground.parcel(keys), at=clock.now())


def test_a_network_that_operators_named_is_called():
    keys = Keys(Suite.SHARED, shared=b"shared secret of 24 byte")
    with pytest.raises(NotCarried, match="no_connection"):
        carriers(allowed=[ip_network("127.0.0.0/8")]).send(
            Line("REST", "https://127.0.0.1:1/x", "ax-0123", keys), ground.parcel(keys), at=clock.now()
        )


class TestFiles:
    """Signed files in a folder."""

    AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)

    @pytest.fixture
    def way(self, tmp_path: Path) -> tuple[Carriers, Line, Keys]:
        ours, theirs = make_pair(Suite.SM), make_pair(Suite.SM)
        line = Line("FILES", f"file://{tmp_path}/zj", "ax-0123", Keys(Suite.SM, ours[1], ours[0], theirs[0]))
        return carriers(drop_folder=str(tmp_path)), line, Keys(Suite.SM, theirs[1], theirs[0], ours[0])

    def lay(self, tmp_path: Path, name: str, document: object, keys: Keys, at: datetime) -> None:
        body = canonical.encode(document)
        stamp = stamps.stamp(keys, method="FILE", path=name, key="ax-0123", body=body, nonce="n" * 24, at=at)
        target = tmp_path / "zj" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
        target.with_name(f"{target.name}.sig").write_text(json.dumps(stamp.headers()))

    def test_a_parcel_lies_there_with_its_signature(self, way, tmp_path):
        carrier, line, theirs = way
        parcel = ground.parcel(line.keys)
        assert carrier.send(line, parcel, at=self.AT).is_later
        name = f"records/{parcel['msgId']}.json"
        body = (tmp_path / "zj" / name).read_bytes()
        stamp = stamps.read(json.loads((tmp_path / "zj" / f"{name}.sig").read_text()))
        stamps.check(theirs, stamp, method="FILE", path=name, body=body, at=self.AT)
        assert documents.opened(json.loads(body), theirs)[0]["name"] == "学*"
        assert [path.name for path in (tmp_path / "zj/records").iterdir() if path.name.startswith(".")] == []

    def test_receipts_are_picked_up_when_they_lie_there(self, way, tmp_path):
        carrier, line, theirs = way
        assert carrier.collect(line, "m1", at=self.AT) is None
        said = documents.receipts_document("m1", [Receipt("r", Result.ACCEPTED)])
        self.lay(tmp_path, "receipts/m1.json", said, theirs, self.AT)
        assert carrier.collect(line, "m1", at=self.AT) == [Receipt("r", Result.ACCEPTED)]

    @pytest.mark.parametrize("forged", ["key", "name", "body", "signature"])
    def test_a_forged_receipt_is_not_believed(self, way, tmp_path, forged):
        carrier, line, theirs = way
        said = documents.receipts_document("m1", [Receipt("r", Result.ACCEPTED)])
        public, private = make_pair(Suite.SM)
        self.lay(tmp_path, "receipts/m1.json", said, theirs if forged != "key" else Keys(Suite.SM, private, public), self.AT)
        folder = tmp_path / "zj/receipts"
        wanted = "m1"
        if forged == "name":
            wanted = "m2"
            for path in list(folder.iterdir()):
                path.rename(folder / path.name.replace("m1", "m2"))
        elif forged == "body":
            (folder / "m1.json").write_bytes(canonical.encode(documents.receipts_document("m1", [])))
        elif forged == "signature":
            head = json.loads((folder / "m1.json.sig").read_text())
            (folder / "m1.json.sig").write_text(json.dumps({**head, "X-Exchange-Signature": base64.b64encode(b"x").decode()}))
        with pytest.raises(NotCarried, match="unsigned_answer"):
            carrier.collect(line, wanted, at=self.AT)

    def test_a_day_waits_for_its_answer(self, way, tmp_path):
        carrier, line, theirs = way
        day = {"version": "1.0", "day": "2026-11-23", "part": 1, "lines": []}
        with pytest.raises(NotCarried, match="no_answer_yet"):
            carrier.reconcile(line, day["day"], [day], at=self.AT)
        assert json.loads((tmp_path / "zj/days/2026-11-23.json").read_text()) == day
        self.lay(tmp_path, "answers/2026-11-23.json", {"missing": ["r"]}, theirs, self.AT)
        assert carrier.reconcile(line, day["day"], [day], at=self.AT) == ["r"]

    @pytest.mark.parametrize(
        "address", ["file:///etc", "file:///tmp", "file://{folder}/../outside", "file://{folder}/%2e%2e/outside"]
    )
    def test_nothing_is_written_outside_the_folder(self, way, tmp_path, address):
        _carrier, line, _theirs = way
        other = Line("FILES", address.format(folder=tmp_path / "zj"), line.access_key, line.keys)
        with pytest.raises(NotCarried, match="address_refused"):
            carriers(drop_folder=str(tmp_path / "zj")).send(other, ground.parcel(line.keys), at=self.AT)
        assert not (tmp_path / "outside").exists()
