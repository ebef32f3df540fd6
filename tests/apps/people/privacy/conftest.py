"""学员甲 of 甲 with a record or without, 学员乙 beside; an owner who decides; browsers of all."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.test import Client, TestCase

from apps.people import api as people
from apps.people.identity import vault
from apps.people.models import Identity, Learner, Manager, PrivacyRequest
from apps.people.privacy import deciding, files, requesting
from apps.records import api as records
from infra.kit import clock
from tenants import storage
from tenants.scope import enterprise_scope
from tests.apps.people.joining.conftest import NOON, manager, neighbour, owner, staff, supervisor, units
from tests.apps.plans.ground import resident_id
from tests.apps.records.test_certificates import facts
from tests.infra.wiring.permission_ground import signed_in

__all__ = ["NOON", "manager", "neighbour", "owner", "staff", "supervisor", "units"]

TERMINAL = "b" * 32
ID, MOBILE = "330106199003070014", "13800000001"
"""Of 学员甲, as `staff` makes them."""


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}}
    return tmp_path


@pytest.fixture
def pupil(in_jia, staff) -> Learner:
    return Learner.objects.get(uuid=staff.uuid)


@pytest.fixture
def colleague(in_jia, staff) -> Learner:
    view = people.add_learner(name="学员乙", id_number=resident_id(5), mobile="13811110005", at=NOON)
    return Learner.objects.get(uuid=view.uuid)


@pytest.fixture
def trained(pupil) -> Learner:
    """学员甲 with a certificate of today, so with a record that the law keeps."""
    records.issue_certificate(facts=facts(subject=pupil.uuid, issued_for=uuid4()), at=NOON)
    return pupil


@pytest.fixture
def seen(pupil, folder):
    """学员甲 with a face, a phone number in a notice, a device."""
    row, _made = Identity.objects.get_or_create(learner=pupil)
    row.method, row.template_sealed = "face", vault.seal(b"x" * 544, row, "template")
    row.photo = default_storage.save(storage.key("identity/photo"), ContentFile(vault.seal(b"jpeg", row, "pictures")))
    row.save()
    return pupil


def ask(row: Learner, kind: str, at: datetime = NOON, **more) -> PrivacyRequest:
    return requesting.ask(learner_id=row.pk, kind=kind, words=more.pop("words", "已经离职"), at=at, **more)


def decide(
    row: PrivacyRequest, by: Manager, *, approved: bool = True, at: datetime = NOON + timedelta(days=1), **more
) -> PrivacyRequest:
    reason = more.pop("reason", "已核对本人身份证")
    with TestCase.captureOnCommitCallbacks(execute=True):
        return deciding.decide(
            uuid=row.uuid, approved=approved, reason=reason, by=by.pk, own=more.pop("own", None), at=at, **more
        )


def erased(row: Learner, owner: Manager, at: datetime = NOON + timedelta(days=1)) -> PrivacyRequest:
    return decide(ask(row, "ERASURE"), owner, at=at, reason="已离职")


def exported(row: Learner, at: datetime = NOON) -> PrivacyRequest:
    """Order the file and make it, as the worker does."""
    ordered = files.order(learner_id=row.pk, at=at)
    with TestCase.captureOnCommitCallbacks():
        return files.build(ordered.uuid, at=at)


def browser_of(site, row: Learner) -> Client:
    """The learner's browser on a device where the code has just been entered."""
    with enterprise_scope(site):
        client = signed_in(site, Learner.objects.select_related("credential").get(pk=row.pk).credential)
        people.choose_method(learner_id=row.pk, method="code", at=clock.now())
        people.note_proof(learner_id=row.pk, terminal=TERMINAL, method="code", at=clock.now())
    response = HttpResponse()
    response.set_signed_cookie(people.TERMINAL_COOKIE, TERMINAL, salt="learning.terminal")
    client.cookies[people.TERMINAL_COOKIE] = response.cookies[people.TERMINAL_COOKIE].value
    return client
