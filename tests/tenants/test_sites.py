"""From host to place: known, unknown and suspended hosts, and how fast a change is seen."""

from __future__ import annotations

import threading
import time

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenants import opening, sites
from tenants.models import Domain, Enterprise
from tenants.scope import platform_scope, using


def get(host: str, path: str = "/healthz", **headers: str) -> object:
    with using(None):
        return Client(raise_request_exception=False).get(path, headers={"host": host, **headers})


def test_a_host_leads_to_its_enterprise_whatever_its_letters_and_port(db, jia):
    with using(None):
        assert sites.resolve(jia.host) == jia
    for host in (jia.host, jia.host.upper(), f"{jia.host}:8000"):
        assert get(host, "/").status_code != 404 or "未找到" not in get(host, "/").content.decode()
    assert sites.host_of("jia") == f"jia.{settings.ENTERPRISE_BASE_DOMAIN}"


@pytest.mark.req("S2")
def test_an_unknown_host_gets_a_page_that_says_where_to_go(db):
    answer = get(f"nobody-here.{settings.ENTERPRISE_BASE_DOMAIN}", "/learn/")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "nobody-here" in page
    assert settings.PLATFORM_HOST in page


def test_a_host_that_is_not_ours_is_refused(db):
    assert get("evil.example.com", "/").status_code == 400


def test_a_host_is_asked_of_the_database_once(db, jia):
    from django.db import connection

    sites.announce_change()
    with using(None), CaptureQueriesContext(connection) as queries:
        for _ in range(5):
            sites.resolve(jia.host)
            sites.resolve("nobody.localhost")
    assert len(queries) == 2


@pytest.mark.req("S2")
def test_a_suspended_enterprise_is_seen_as_such_at_once_and_works_again_afterwards(db, jia):
    with using(None):
        assert sites.resolve(jia.host).is_active
    opening.set_status(enterprise_id=jia.id, status=Enterprise.Status.SUSPENDED, reason="逾期")
    with using(None):
        found = sites.resolve(jia.host)
        assert (found.is_active, found.status_reason) == (False, "逾期")
    answer = get(jia.host, "/join/none")
    assert answer.status_code == 403
    assert jia.name in answer.content.decode()
    assert get(settings.PLATFORM_HOST).status_code == 200
    opening.set_status(enterprise_id=jia.id, status=Enterprise.Status.ACTIVE, reason="")
    with using(None):
        assert sites.resolve(jia.host).is_active


def test_a_change_announced_by_another_process_is_seen_within_a_second(db, jia):
    with using(None):
        assert sites.resolve(jia.host) is not None
    with platform_scope():
        Domain.objects.filter(domain=jia.host).update(domain="moved.localhost")
    with using(None):
        assert sites.resolve(jia.host) is not None, "not asked again yet"
        cache.set(sites._VERSION, "told by another process", timeout=None)
        time.sleep(1)
        assert sites.resolve(jia.host) is None
    sites.announce_change()


def test_what_was_read_before_a_change_is_not_kept_after_it(db, jia):
    """A thread that read the old row and was held up must not bring it back for half a minute."""
    old = sites._cache.generation
    sites.announce_change()
    sites._cache.keep(jia.host, None, generation=old, until=time.monotonic() + 30)
    with using(None):
        assert sites.resolve(jia.host) == jia


def test_made_up_hosts_do_not_fill_the_memory(db, monkeypatch):
    monkeypatch.setattr(sites, "_MOST", 10)
    with using(None):
        for number in range(30):
            sites.resolve(f"made-up-{number}.localhost")
    assert len(sites._cache.known) <= 11


def test_health_answers_on_any_host_even_an_unknown_one(database):
    found: list[int] = []

    def ask() -> None:
        from django.db import connection

        found.append(get("10.0.0.1.localhost").status_code)
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [200]
