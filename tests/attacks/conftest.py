"""A cheat, a clock that the test moves, and the table of what every attack gained."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import transaction

from infra.kit import crypto
from public.catalogue.models import MediaAsset
from tenants.scope import PLATFORM, enterprise_scope, platform_scope, using
from tenants.sites import Site
from tests.apps.learning.conftest import A, B, School, enrol, publish_course
from tests.attacks.script import FILM_MS, KEY_MS, Browser, Cheat, Sitting
from tests.attacks.table import Row, Table
from tests.conftest import NOON

SEGMENTS = [
    {"file": f"seg_{n:05d}.m4s", "duration_ms": 6_000, "key_no": n // 10, "iv": f"{n // 10:032x}"}
    for n in range(FILM_MS // 6_000)
]
KEYS = b"".join(bytes([n]) * 16 for n in range(FILM_MS // KEY_MS))
_table = Table()


@pytest.fixture(scope="session")
def table() -> Table:
    return _table


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Show what the attacks of this run gained."""
    if _table.rows:
        _table.write()
        terminalreporter.write_line("")
        terminalreporter.write(_table.text())


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock of this process, i.e. of the server: it stands still and goes on when the test says so."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@dataclass(frozen=True, slots=True)
class Ground:
    """What the attacks of one file stand on: 学员甲 (with a device) and 学员乙 in enterprise 甲, 学员甲 in enterprise 乙 too."""

    jia: Site
    yi: Site
    school: School
    other: School
    elsewhere: School
    device: Browser = field(repr=False)


@pytest.fixture(scope="module")
def ground(database: None, jia: Site, yi: Site) -> Iterator[Ground]:
    """A published course whose films are half an hour long, with keys; rolled back at the end of the file."""
    with grounded(jia, yi, publish_course) as found:
        yield found


@contextmanager
def grounded(jia: Site, yi: Site, publish: Callable[[], int]) -> Iterator[Ground]:
    """Publish a course, give its films half an hour and keys, enrol people here and next door; taken back at the end."""
    with _undone():
        version = publish()
        with platform_scope():
            for media in MediaAsset.objects.filter(courseware__version_id=version):
                secret, purpose = settings.SEALING_SECRET, f"media/{media.uuid}"
                media.duration_ms, media.package = FILM_MS, {"init": "init.mp4", "segments": SEGMENTS}
                media.keys_sealed = crypto.seal(KEYS, secret=secret, owner="platform", purpose=purpose)
                media.save(update_fields=["duration_ms", "package", "keys_sealed"])
        with enterprise_scope(yi):
            elsewhere = enrol(A, version)
        with enterprise_scope(jia):
            school = enrol(A, version)
            with time_machine.travel(NOON, tick=False) as clock:
                device = Cheat(clock).device(jia, school)
            yield Ground(jia, yi, school, enrol(B, version), elsewhere, device)


@contextmanager
def _undone() -> Iterator[None]:
    """Take back what the block wrote, wherever the block stands at its ends."""
    with using(PLATFORM):
        atomic = transaction.atomic()
        atomic.__enter__()
    try:
        yield
    finally:
        with using(PLATFORM):
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


@pytest.fixture
def school(ground: Ground) -> Iterator[School]:
    """学员甲 in enterprise 甲, where the test stands; the test is taken back."""
    with _undone(), enterprise_scope(ground.jia):
        yield ground.school


@pytest.fixture
def cheat(clock: time_machine.Traveller) -> Cheat:
    return Cheat(clock)


@pytest.fixture
def browser(cheat: Cheat, school: School, ground: Ground) -> Browser:
    """学员甲's first device, which has seen the player's page."""
    cheat.attend(ground.jia, school)
    return ground.device.twin()


@pytest.fixture
def sitting(cheat: Cheat, browser: Browser) -> Sitting:
    """学员甲's session with the first lesson, of which nothing was watched."""
    return cheat.open(browser)


@pytest.fixture
def settle(cheat: Cheat, table: Table) -> Callable[..., Row]:
    """Write down what the attack brought, and fail if that is more than nothing or if the promised alert did not come."""

    def enter(technique: str, *, alert: str | tuple[str, ...] = (), defence: str, by: str = "API", pretends: bool = False) -> Row:
        promised = (alert,) if isinstance(alert, str) else alert
        times = cheat.watched_ms, cheat.proven_ms, cheat.counted_ms, cheat.confirmed_ms
        row = Row(technique, by, *times, promised, defence, pretends)
        table.enter(row)
        cheat.notice()
        assert set(promised) <= cheat.alerts, f"{technique}: {promised} was promised, {sorted(cheat.alerts)} came"
        return row

    return enter
