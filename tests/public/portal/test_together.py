"""An enterprise answers at the very moment at which the authority takes its notice back, on real connections."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, transaction

from infra.kit.errors import DomainError
from public.portal import answering, asking
from tenants.database.provision import owner_connection
from tenants.scope import platform_scope
from tests.public.answers.test_together import wait_for_another
from tests.public.portal.ground import answerer, ask, asker, kinds, row


@pytest.fixture
def sent(jia: Any) -> Iterator[UUID]:
    """A committed notice to 甲; taken out again with its steps."""
    with platform_scope():
        uuid = ask(jia)
    yield uuid
    with owner_connection() as db:
        db.execute("ALTER TABLE public.portal_step DISABLE TRIGGER only_grows")
        db.execute("DELETE FROM public.portal_step")
        db.execute("ALTER TABLE public.portal_step ENABLE ALWAYS TRIGGER only_grows")
        db.execute("DELETE FROM public.portal_rectification")


@pytest.mark.req("R7.1")
def test_what_is_taken_back_meanwhile_is_answered_by_nobody(sent: UUID, jia: Any) -> None:
    refusals: list[str] = []

    def answer() -> None:
        try:
            with platform_scope():
                answering.answer(rectification=sent, text="两名焊工已完成复训。", by=answerer(jia))
        except DomainError as error:
            refusals.append(error.code)
        finally:
            connections.close_all()

    other = threading.Thread(target=answer)
    with platform_scope(), transaction.atomic():
        asking.take_back(rectification=sent, text="发错了企业。", asker=asker())
        other.start()
        wait_for_another()
    other.join(20)
    assert refusals == ["wrong_state"]
    assert (row(sent).state, kinds(sent)) == ("WITHDRAWN", ["ASKED", "WITHDRAWN"])
