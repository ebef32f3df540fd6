"""Adding, changing and archiving learners."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from apps.people import api as people
from apps.people import queries, services
from apps.people.models import Learner, Manager, Unit
from infra.kit import crypto
from infra.kit.errors import DomainError
from public.regulators.models import FeedRecord
from tenants.api import Credential
from tenants.scope import enterprise_scope

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
A = {"name": "学员甲", "id_number": "330106199003070014", "mobile": "13800000001", "at": NOON}
B = {"name": "学员乙", "id_number": "330203198511120024", "mobile": "13800000002", "at": NOON}


@pytest.mark.req("R2.1")
def test_adds_a_learner_who_can_sign_in(in_jia):
    unit = services.unit_of_path("生产部/一车间")
    view = people.add_learner(**A, unit_id=unit.pk, position="车工", hired_on=date(2026, 3, 1), password="a-long-password")
    assert (view.name, view.sex, view.unit, view.position, view.role, view.is_active) == (
        "学员甲",
        "M",
        "一车间",
        "车工",
        "CY",
        True,
    )
    assert (view.masked_id, view.masked_mobile) == ("3301************14", "138****0001")
    assert view.person_key == people.person_key("330106 19900307 0014")
    assert Credential.objects.by_login("13800000001").check_password("a-long-password")
    assert people.learner(view.id) == people.learner_by_uuid(view.uuid) == people.learners([view.id])[view.id] == view


@pytest.mark.req("R5.1")
def test_no_number_lies_plain_in_the_database(in_jia):
    people.add_learner(**A)
    with connection.cursor() as cursor:
        cursor.execute("SELECT l::text || c::text FROM people_learner l JOIN accounts_credential c ON c.id = l.credential_id")
        (text,) = cursor.fetchone()
    for number in ("330106199003070014", "13800000001"):
        assert number not in text
        assert number.encode().hex() not in text


@pytest.mark.req("R5.1")
def test_a_row_copied_to_the_neighbour_does_not_open_there(db, jia, yi):
    with enterprise_scope(jia):
        people.add_learner(**A)
        row = Learner.objects.get()
    with enterprise_scope(yi):
        row.pk, row.credential = None, None
        row.save(force_insert=True)
        with pytest.raises(crypto.SealBroken):
            people.learner_by_uuid(row.uuid)


def test_tells_the_authority_who_the_person_is_with_masked_numbers(in_jia):
    view = people.add_learner(**A)
    record = FeedRecord.objects.get(subject=view.uuid)
    assert record.kind == "LEARNER"
    assert record.body["person_key"] == view.person_key
    assert record.body["id_number"] == "3301************14"
    assert "330106199003070014" not in str(record.body)
    assert "13800000001" not in str(record.body)


@pytest.mark.req("R2.1")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id_number": "33010219900307783X"}, "id_invalid"),
        ({"id_number": "330106199013010015"}, "id_invalid"),
        ({"id_number": "110105491231002"}, "id_invalid"),
        ({"id_number": ""}, "id_invalid"),
        ({"mobile": "12345"}, "mobile_invalid"),
        ({"name": "甲"}, "name_invalid"),
        ({"name": "<script>"}, "name_invalid"),
    ],
)
def test_refuses_wrong_identity_and_writes_nothing(in_jia, change, code):
    with pytest.raises(DomainError) as refusal:
        people.add_learner(**{**A, **change})
    assert refusal.value.code == code
    assert not Learner.objects.exists()
    assert not Credential.objects.exists()
    assert not FeedRecord.objects.filter(kind="LEARNER").exists()


@pytest.mark.parametrize(
    ("change", "code"), [({"mobile": "13800000009"}, "id_taken"), ({"id_number": B["id_number"]}, "mobile_taken")]
)
def test_refuses_a_number_that_somebody_has(in_jia, change, code):
    people.add_learner(**A)
    with pytest.raises(DomainError) as refusal:
        people.add_learner(**{**A, "name": "学员丙", **change})
    assert (refusal.value.code, refusal.value.status) == (code, 409)
    assert "学员甲" not in str(refusal.value.message)
    assert Learner.objects.count() == 1


def test_the_same_person_may_learn_in_two_enterprises_under_one_key(db, jia, yi):
    keys = set()
    for site in (jia, yi):
        with enterprise_scope(site):
            keys.add(people.add_learner(**A).person_key)
    assert len(keys) == 1


def test_a_manager_who_learns_keeps_one_way_in(in_jia):
    owner = people.open_owner(name="安全员", mobile="13800000008", password="a-long-password", at=NOON)
    view = people.add_learner(**{**A, "name": "安全员", "mobile": "13800000008"})
    row = Learner.objects.get(pk=view.id)
    assert row.credential == owner
    people.archive_learner(learner_uuid=view.uuid, at=NOON)
    owner.refresh_from_db()
    assert owner.is_active, "archiving the learner leaves the manager"


def test_nobody_becomes_a_learner_on_a_managers_number(in_jia):
    people.open_owner(name="安全员", mobile="13800000008", password=None, at=NOON)
    with pytest.raises(DomainError) as refusal:
        people.add_learner(**{**A, "mobile": "13800000008"})
    assert refusal.value.code == "mobile_taken"


def test_an_enterprise_has_one_first_owner(in_jia):
    people.open_owner(name="安全员", mobile="13800000008", password=None, at=NOON)
    with pytest.raises(DomainError, match="owner_exists"):
        people.open_owner(name="外人", mobile="13800000009", password=None, at=NOON)
    assert Manager.objects.count() == 1


def test_a_new_mobile_ends_the_old_password(in_jia):
    view = people.add_learner(**A, password="a-long-password")
    services.update_learner(learner_uuid=view.uuid, name="学员甲", mobile="13900000001", at=NOON)
    assert Credential.objects.by_login("13800000001") is None
    assert not Credential.objects.by_login("13900000001").has_usable_password()
    assert people.learner(view.id).masked_mobile == "139****0001"


def test_an_empty_mobile_keeps_number_and_password(in_jia):
    view = people.add_learner(**A, password="a-long-password")
    services.update_learner(learner_uuid=view.uuid, name="学员甲甲", mobile="", position="焊工", at=NOON)
    known = Credential.objects.by_login("13800000001")
    assert known.check_password("a-long-password")
    assert (known.name, people.learner(view.id).position) == ("学员甲甲", "焊工")


def test_refuses_to_move_a_managers_login(in_jia):
    people.open_owner(name="安全员", mobile="13800000008", password="a-long-password", at=NOON)
    view = people.add_learner(**{**A, "name": "安全员", "mobile": "13800000008"})
    with pytest.raises(DomainError, match="is_manager"):
        services.update_learner(learner_uuid=view.uuid, name="安全员", mobile="13900000001", at=NOON)
    assert Credential.objects.by_login("13800000008") is not None


def test_refuses_a_mobile_of_somebody_else(in_jia):
    view = people.add_learner(**A)
    people.add_learner(**B)
    with pytest.raises(DomainError, match="mobile_taken"):
        services.update_learner(learner_uuid=view.uuid, name="学员甲", mobile="13800000002", at=NOON)
    assert people.learner(view.id).masked_mobile == "138****0001"


def test_archiving_closes_the_way_in_and_restoring_opens_it(in_jia):
    view = people.add_learner(**A)
    assert not people.archive_learner(learner_uuid=view.uuid, at=NOON).is_active
    assert not Credential.objects.by_login("13800000001").is_active
    people.archive_learner(learner_uuid=view.uuid, at=NOON)
    assert FeedRecord.objects.filter(subject=view.uuid).count() == 2, "repeating tells nobody anything"
    assert people.restore_learner(learner_uuid=view.uuid, at=NOON).is_active
    assert Credential.objects.by_login("13800000001").is_active


def test_finds_by_name_and_by_whole_numbers_only(in_jia):
    people.add_learner(**A, employee_no="G001")
    people.add_learner(**B)

    def found(text: str) -> list[str]:
        return [view.name for view in queries.search_learners(text=text)]

    assert found("学员") == ["学员乙", "学员甲"]
    assert found("甲") == found("138 0000 0001") == found("330106199003070014") == found("G001") == ["学员甲"]
    assert found("1380000") == found("330106") == []
    assert queries.count_learners(text="学员") == 2


def test_filters_by_unit_with_the_units_below(in_jia):
    works = services.unit_of_path("生产部/一车间")
    people.add_learner(**A, unit_id=works.pk)
    people.add_learner(**B, role="GL")
    assert [v.name for v in queries.search_learners(unit_id=works.parent_id)] == ["学员甲"]
    assert [v.name for v in queries.search_learners(role="GL")] == ["学员乙"]
    assert [path for _, path in queries.units()] == ["生产部", "生产部/一车间"]


def test_a_single_unit_name_means_the_one_that_exists(in_jia):
    below = services.unit_of_path("生产部／一车间")
    assert services.unit_of_path(" 一车间 ") == below
    assert services.unit_of_path("") is None
    assert Unit.objects.count() == 2


@pytest.mark.req("R5.7")
def test_the_neighbour_finds_nobody(db, jia, yi):
    with enterprise_scope(jia):
        view = people.add_learner(**A)
    with enterprise_scope(yi):
        assert queries.search_learners(text="学员甲") == []
        assert people.learners([view.id]) == {}
        for ask in (lambda: people.learner(view.id), lambda: people.learner_by_uuid(view.uuid)):
            with pytest.raises(DomainError) as refusal:
                ask()
            assert refusal.value.status == 404
        for change in (people.archive_learner, people.restore_learner):
            with pytest.raises(DomainError):
                change(learner_uuid=view.uuid, at=NOON)
