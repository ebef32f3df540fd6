"""Who joins: 甲 with an owner, units, a supervisor; a link; codes from the outbox."""

from __future__ import annotations

from functools import cache

import pytest
from django.contrib.auth.hashers import make_password

from apps.people import api as people
from apps.people import managing, services
from apps.people.joining import deciding, links, registering
from apps.people.models import Manager
from infra.adapters.sms import outbox
from tenants.api import Credential
from tenants.scope import enterprise_scope
from tests.apps.people.conftest import LEARNER, NOON, OWNER, PASSWORD, browser, is_in, sign_in
from tests.apps.plans.ground import resident_id
from tests.infra.wiring.permission_ground import signed_in

__all__ = ["LEARNER", "NOON", "OWNER", "PASSWORD", "browser", "is_in", "sign_in"]

NEW = "13811110001"
ID = resident_id(77)


@pytest.fixture
def owner(in_jia, staff):
    return Manager.objects.get(role="OWNER")


@pytest.fixture
def units(owner):
    """生产部 with 一车间 below it, and 仓储部."""
    workshop = services.unit_of_path("生产部/一车间")
    return {"生产部": workshop.parent, "一车间": workshop, "仓储部": services.unit_of_path("仓储部")}


@pytest.fixture
def supervisor(owner, units):
    """The supervisor of 生产部."""
    return managing.invite(name="主管甲", mobile="13900000055", role="UNIT", unit_id=units["生产部"].pk, by=owner.pk, at=NOON)


@pytest.fixture
def link(owner, units):
    return links.make(unit_id=units["一车间"].pk, position="电工", days=30, most=None, by=owner.pk, at=NOON)


def code_for(mobile):
    return next(message.code for message in outbox.messages() if message.mobile == mobile and message.code)


def texts_for(mobile):
    return [message.text for message in outbox.messages() if message.mobile == mobile and message.text]


def form(name="学员乙", id_number=ID, mobile=NEW, at=NOON):
    return registering.checked(name=name, id_number=id_number, mobile=mobile, at=at)


def ask_in(link, at=NOON, **who):
    """Go through the form of a link: code, then register."""
    said = form(**who)
    token = links.token_of(link.uuid)
    registering.send_code(token=token, form=said, ip="", at=at)
    return registering.register(token=token, form=said, code=code_for(said.mobile), ip="10.0.0.9", at=at)


def waiting():
    return [row.name for row in deciding.queue()]


@cache
def _hashed():
    """One real hash for everybody: making one costs more than most of these tests."""
    return make_password(PASSWORD)


@pytest.fixture
def staff(db, jia):
    """甲 has an owner (安全员) and a learner (学员甲), both with the same password."""
    with enterprise_scope(jia):
        people.open_owner(name="安全员", mobile=OWNER, password=None, at=NOON)
        view = people.add_learner(name="学员甲", id_number="330106199003070014", mobile=LEARNER, at=NOON)
        Credential.objects.update(password=_hashed())
        return view


@pytest.fixture
def manager(staff, jia):
    """A browser signed in as the owner of 甲."""
    with enterprise_scope(jia):
        return signed_in(jia, Credential.objects.by_login(OWNER))


@pytest.fixture
def neighbour(db, yi):
    """A browser signed in as the owner of 乙."""
    with enterprise_scope(yi):
        return signed_in(yi, people.open_owner(name="邻居", mobile="13700000008", password=None, at=NOON))
