"""The ground of all tests: one real PostgreSQL and Valkey, two enterprises at hand, one transaction a test.

- ``jia`` (甲) and ``yi`` (乙) are two open enterprises, committed once; ``in_jia`` stands in 甲 for the whole test.
- Every test that asks for the database runs inside a transaction that is rolled back.
- Tests that need several connections or a real server commit. Their file's database is put away after it (`services`).
"""

import gc
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

hypothesis.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
if os.environ.get("CI"):
    hypothesis.load_profile("steady")  # what lands is judged by the same examples each time; people's runs try new ones

# What was imported and collected stays to the end, and looking through it again and again for garbage took a tenth of the run.
gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Collect garbage again, rarely, and among what tests make only."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    gc.enable()


NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""Monday 12:00 in Zhejiang."""


@pytest.fixture(scope="session", autouse=True)
def cheap_ways() -> Iterator[None]:
    """Hash passwords at the least cost: thousands of test accounts would cost 40 ms each. `test_hashers` asks for the dear ones.

    Neither does every test client read all static files' headers anew (50 ms): a file is looked up when it is asked for.
    """
    from django.test import override_settings

    with override_settings(PASSWORD_HASHERS=["tests.passwords.CheapPasswordHasher"], WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(scope="session")
def database(django_db_blocker: object) -> Iterator[None]:
    """Roles, public tables, warm schemas; at the end the servers stop."""
    from django.core.management import call_command

    from tests import services

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        if not services.PREPARED:
            call_command("bootstrap", pool=24, verbosity=0)
        yield


@pytest.fixture(scope="session")
def jia(database: None) -> object:
    """Enterprise 甲, committed."""
    from tests import houses

    return houses.house(houses.JIA)


@pytest.fixture(scope="session")
def yi(database: None) -> object:
    """Enterprise 乙, the neighbour who must see nothing of 甲."""
    from tests import houses

    return houses.house(houses.YI)


@pytest.fixture
def db(database: None) -> Iterator[None]:
    """One transaction for the test, rolled back at its end; stands on no place."""
    from django.db import transaction

    from tenants.scope import PLATFORM, using

    with using(PLATFORM):
        atomic = transaction.atomic()
        atomic.__enter__()
    with using(None):
        yield
    with using(PLATFORM):
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture
def platform(db: None) -> Iterator[None]:
    """Stand on the platform."""
    from tenants.scope import platform_scope

    with platform_scope():
        yield


@pytest.fixture
def in_jia(db: None, jia: object) -> Iterator[object]:
    """Stand in enterprise 甲; yields its site."""
    from tenants.scope import enterprise_scope

    with enterprise_scope(jia):  # type: ignore[arg-type]
        yield jia


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """What language a page was asked for in ends with the test."""
    yield
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(autouse=True)
def empty_cache(request: pytest.FixtureRequest) -> None:
    """Codes, limits and cached hosts of one test are nobody else's."""
    if "database" in request.fixturenames:
        import redis
        from django.conf import settings

        from tenants import sites

        redis.Redis.from_url(settings.REDIS_URL).flushdb()
        sites.announce_change()


LONG = (
    "attacks/test_in_a_browser.py",
    "infra/wiring/test_permissions.py",
    "apps/learning/test_film_from_s3.py",
    "apps/people/identity/test_no_photo_leaves.py",
    "infra/wiring/test_edge.py",
    "tenants/test_objects.py",
    "infra/adapters/test_media_pipeline.py",
    "apps/people/test_import.py",
    "public/catalogue/test_killed.py",
    "tenants/test_isolation.py",
    "tenants/test_fanout.py",
    "test_house.py",
)
"""Files that take a quarter of a minute and more, the longest first. What ends in `in_a_browser` does so too."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the long files over the first two thirds of the run: left to its end, one worker would work on them alone.

    Neither do they all begin at once, for browsers keep real time. Within a file nothing moves.
    """
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.nodeid.partition("::")[0].removeprefix("tests/"), []).append(item)
    found = [name for name in files if name in LONG or name.endswith("in_a_browser.py")]
    found.sort(key=lambda name: LONG.index(name) if name in LONG else len(LONG))
    short = [name for name in files if name not in found]
    step = 2 * len(short) / (3 * len(found)) if found else 0
    places = {name: n * step for n, name in enumerate(found)} | {name: n + 0.5 for n, name in enumerate(short)}
    items[:] = [item for name in sorted(files, key=places.__getitem__) for item in files[name]]


_outcomes: dict[str, str] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember how each test ended, for `manage.py requirements`."""
    if report.when == "call" or report.failed:
        _outcomes[report.nodeid] = report.outcome


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Keep the outcomes of this run beside those of tests that did not run in it; of several workers their head does."""
    if served := sys.modules.get("tests.product"):
        served.end()
    if hasattr(session.config, "workerinput"):
        return
    path = Path(session.config.rootpath) / "build/test-outcomes.json"
    former = json.loads(path.read_text("utf-8")) if path.exists() else {}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({**former, **_outcomes}, indent=1), "utf-8")
