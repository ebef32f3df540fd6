"""Waking a worker: the place goes along, and a broker that is away is told to who rang."""

from __future__ import annotations

import kombu.exceptions
import pytest
from celery import shared_task
from django.db import transaction

from tenants.headers import HEADER
from tenants.ringing import ring, ring_later
from tenants.scope import NoScope


@shared_task(name="trial.bell")
def bell(word: str) -> str:
    return word


@pytest.fixture
def sent(monkeypatch):
    found = []
    monkeypatch.setattr(bell, "apply_async", lambda args, headers: found.append((args, headers[HEADER])))
    return found


def test_a_bell_names_the_place_of_who_rings(in_jia, sent):
    assert ring(bell, "now")
    assert sent == [(("now",), in_jia.schema_name)]


def test_a_bell_for_later_waits_for_the_commit(in_jia, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ring_later(bell, "then")
        assert sent == []
    assert sent == [(("then",), in_jia.schema_name)]


def test_without_a_broker_who_rang_is_told(in_jia, monkeypatch, django_capture_on_commit_callbacks):
    def gone(*_args, **_options):
        raise kombu.exceptions.OperationalError

    monkeypatch.setattr(bell, "apply_async", gone)
    assert not ring(bell, "now")
    told = []
    with django_capture_on_commit_callbacks(execute=True):
        ring_later(bell, "then", otherwise=lambda: told.append("lost"))
    assert told == ["lost"]


def test_from_nowhere_nothing_is_rung(sent):
    with pytest.raises(NoScope):
        ring_later(bell, "where")
    assert sent == []
    assert not transaction.get_connection().run_on_commit
