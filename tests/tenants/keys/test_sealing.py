"""Who can open what, how often the key service is asked, and that no key is lost."""

from __future__ import annotations

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from infra.adapters.kms import ring, service_of
from infra.kit import clock, envelope
from infra.kit.crypto import SealBroken
from infra.kit.errors import DomainError
from infra.kit.ports import KMS
from tenants import keys, onboarding
from tenants.database.provision import owner_connection
from tenants.keys import opened, owners
from tenants.keys.models import DataKey
from tenants.scope import NoScope, enterprise_scope, platform_scope
from tests.tenants.ground import open_for_test
from tests.tenants.keys.ground import counted, version_1
from tests.tenants.signing_up import fresh_mobile, fresh_uscc, typed

PLAIN = b"330106199003070014"


@pytest.mark.req("R5.1")
def test_the_neighbour_and_the_platform_open_nothing_of_an_enterprise(db, jia, yi):
    with enterprise_scope(jia):
        sealed = keys.seal(PLAIN, purpose="learner-id")
        assert keys.unseal(sealed, purpose="learner-id") == PLAIN
        assert keys.unseal(memoryview(sealed), purpose="learner-id") == PLAIN
        with pytest.raises(SealBroken):
            keys.unseal(sealed, purpose="learner-mobile")
    for place in (enterprise_scope(yi), platform_scope()):
        with place, pytest.raises(SealBroken):
            keys.unseal(sealed, purpose="learner-id")


def test_what_the_platform_sealed_opens_anywhere_by_name_only(db, jia):
    with platform_scope():
        sealed = keys.seal(b"film", purpose="media/1")
    with enterprise_scope(jia):
        assert keys.unseal(sealed, purpose="media/1", owner=keys.PLATFORM) == b"film"
        with pytest.raises(SealBroken):
            keys.unseal(sealed, purpose="media/1")


def test_old_values_open_as_before(in_jia):
    assert keys.unseal(version_1(PLAIN, "learner-id"), purpose="learner-id") == PLAIN


def test_nowhere_nothing_is_sealed(db):
    with pytest.raises(NoScope):
        keys.seal(PLAIN, purpose="learner-id")


@pytest.mark.req("R5.6")
def test_the_setting_chooses_the_algorithm_and_both_open(in_jia, settings):
    sealed = {}
    for name in ("AES-256-GCM", "SM4-GCM"):
        settings.SEALING_ALGORITHM = name
        sealed[name] = keys.seal(PLAIN, purpose="learner-id")
        assert envelope.NAMES[envelope.header_of(sealed[name]).algorithm] == name
    assert {keys.unseal(one, purpose="learner-id") for one in sealed.values()} == {PLAIN}


def test_ten_thousand_rows_ask_the_key_service_once(in_jia):
    keys.seal(PLAIN, purpose="learner-id")  # the first key is there
    with counted() as service:
        sealed = [keys.seal(b"%d" % n, purpose="learner-id") for n in range(10_000)]
        assert [keys.unseal(one, purpose="learner-id") for one in sealed] == [b"%d" % n for n in range(10_000)]
        assert service.calls == {"unwrap": 1}


@pytest.mark.req("S1")
def test_a_sign_up_asks_the_key_service_for_one_key(database, passing):
    mobile, uscc = fresh_mobile(), fresh_uscc()
    with platform_scope():
        form = typed(mobile=mobile, uscc=uscc, subdomain=f"{passing}keyed")
    with counted() as service:
        site = onboarding.sign_up(form=form, at=clock.now(), ip="10.9.9.9").site
        assert service.calls["wrap"] <= 1
        assert service.calls["unwrap"] <= 1
        with enterprise_scope(site):
            keys.seal(PLAIN, purpose="learner-id")
            assert DataKey.objects.filter(owner=str(site.uuid)).count() == 1
        assert service.calls == {"wrap": 1, "unwrap": 1}


def test_a_key_outlives_the_transaction_that_asked_for_it(database, passing):
    site = open_for_test(f"{passing}rolled")
    with enterprise_scope(site):
        with transaction.atomic():
            sealed = keys.seal(PLAIN, purpose="learner-id")
            transaction.set_rollback(True)
        opened.forget()  # as another process
        assert keys.unseal(sealed, purpose="learner-id") == PLAIN


def test_a_silent_key_service_stops_only_who_has_not_opened_the_key(in_jia, monkeypatch):
    with counted() as service:
        sealed = keys.seal(PLAIN, purpose="learner-id")
        service.is_away = True
        monkeypatch.setattr(opened, "OPEN_S", -1.0)
        for known in opened._cache.open.values():
            known.until = 0.0 if known.until < opened.GRACE_S else known.until - opened.OPEN_S - 901
        assert keys.unseal(sealed, purpose="learner-id") == PLAIN
        opened.forget()
        with pytest.raises(DomainError) as refusal:
            keys.unseal(sealed, purpose="learner-id")
        assert refusal.value.status == 503
        service.is_away = False
        assert keys.unseal(sealed, purpose="learner-id") == PLAIN


def test_a_key_that_the_service_opens_no_more_is_a_broken_seal(in_jia, tmp_path):
    sealed, before = keys.seal(PLAIN, purpose="learner-id"), KMS.get()
    url = ring.ensure(tmp_path / "ring.json").as_uri()
    KMS.plug(service_of(url, former_url="", secret="not the secret of before", algorithm=envelope.AES_256_GCM))
    opened.forget()
    try:
        with pytest.raises(SealBroken, match="refused"):
            keys.unseal(sealed, purpose="learner-id")
    finally:
        KMS.plug(before)
        opened.forget()
    assert keys.unseal(sealed, purpose="learner-id") == PLAIN


@pytest.mark.req("R5.7")
def test_an_enterprise_sees_its_own_wrapped_keys_and_the_platform_s(db, jia, yi):
    for place in (enterprise_scope(jia), enterprise_scope(yi), platform_scope()):
        with place:
            keys.seal(PLAIN, purpose="x")
    with enterprise_scope(jia):
        assert set(DataKey.objects.values_list("owner", flat=True)) == {str(jia.uuid), owners.PLATFORM}
    with enterprise_scope(yi):
        assert not DataKey.objects.filter(owner=str(jia.uuid)).exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tenants_datakey SET wrapped = ''",
        "DELETE FROM tenants_datakey",
        "INSERT INTO tenants_datakey (owner, schema_name, number, wrapped, wrapped_by, made_at) VALUES ('x', 'y', 1, '', '', now())",
        "SELECT 1 FROM tenants_rotation",
    ],
)
def test_an_enterprise_changes_no_key(in_jia, statement):
    keys.seal(PLAIN, purpose="x")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.req("R4.2")
@pytest.mark.parametrize(
    "statement", ["DELETE FROM public.tenants_datakey", "TRUNCATE public.tenants_datakey", "DROP TABLE public.tenants_datakey"]
)
def test_nobody_deletes_a_key_not_even_the_owner(in_jia, statement):
    keys.seal(PLAIN, purpose="x")
    with owner_connection() as db, pytest.raises(psycopg.errors.InsufficientPrivilege, match="only grows"):
        db.execute(statement)
    assert DataKey.objects.filter(owner=str(in_jia.uuid)).exists()


def test_an_unknown_key_number_opens_nothing(in_jia):
    sealed = keys.seal(PLAIN, purpose="x")
    forged = envelope.header_bytes(envelope.AES_256_GCM, 4_000_000_000) + sealed[envelope.HEADER_BYTES :]
    with pytest.raises(SealBroken):
        keys.unseal(forged, purpose="x")


def test_a_blind_index_is_the_same_everywhere_and_has_a_key_of_its_own(db, jia, settings):
    with enterprise_scope(jia):
        here = keys.index("13800138000", purpose="mobile")
    with platform_scope():
        assert keys.index("13800138000", purpose="mobile") == here
    settings.SEALING_SECRET = "another secret, as after a change of the master secret"
    assert keys.index("13800138000", purpose="mobile") == here
    settings.INDEX_SECRET = "another"
    assert keys.index("13800138000", purpose="mobile") != here
