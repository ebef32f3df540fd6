"""People who are told things, and kinds that only these tests know."""

from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest

from apps.people import api as people
from apps.people.models import Learner, Manager, Notice
from apps.people.notify import kinds
from tests.conftest import NOON

LEARNER, OWNER = "13800000001", "13800000008"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def known():
    """``test.low``, ``test.normal``, ``test.urgent``, ``test.must``: over every channel."""
    before = dict(kinds._registered)
    for name in ("low", "normal", "urgent"):
        people.register_notice(
            f"t.{name}",
            title="第 %(n)s 号",
            body="请看 %(n)s",
            url="/learn/archive",
            channels=kinds.CHANNELS,
            urgency=name,
            group="群 %(n)s",
        )
    people.register_notice("t.must", title="必达", body="", url="/learn/archive", channels=kinds.CHANNELS, must="法规要求。")
    yield
    kinds._registered.clear()
    kinds._registered.update(before)


@pytest.fixture
def crew(in_jia, known):
    """甲's owner and 学员甲: rows and credentials."""
    owner = people.open_owner(name="安全员", mobile=OWNER, password=None, at=NOON)
    view = people.add_learner(name="学员甲", id_number="330106199003070014", mobile=LEARNER, password=None, at=NOON)
    learner = Learner.objects.select_related("credential").get(pk=view.id)
    return SimpleNamespace(site=in_jia, owner=Manager.objects.get(credential=owner), learner=learner)


def tell(kind, person, about="a", at=NOON, **context):
    """Tell a row of a learner or a manager; returns the notice."""
    who = {"learner_id": person.pk} if isinstance(person, Learner) else {"manager_id": person.pk}
    people.notify(kind=kind, context={"n": 1, **context}, at=at, about=about, **who)
    return Notice.objects.get(kind=kind, about=about, **who)


@contextmanager
def plugged(socket, plug):
    """Fill a socket with a real plug that speaks to this machine, and put the former one back."""
    before = socket.get()
    socket.plug(plug)
    try:
        yield plug
    finally:
        socket.plug(before)
