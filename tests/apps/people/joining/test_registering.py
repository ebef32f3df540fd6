"""Registering by a link: who gets into the queue, and what nobody learns by trying."""

import pytest

from apps.people import services
from apps.people.joining import links, registering
from apps.people.models import Application, Invite, Learner, Notice
from infra.kit.errors import DomainError
from tenants import codes
from tenants.codes import WrongCode
from tenants.errors import TooMany

from .conftest import ID, LEARNER, NEW, NOON, OWNER, ask_in, code_for, form

ID_JIA = "330106199003070014"


def refused(code):
    return pytest.raises(DomainError, check=lambda error: error.code == code)


@pytest.mark.req("R2.9")
def test_who_shows_the_phone_waits_for_a_manager(link):
    row = ask_in(link)
    assert (row.name, row.state, row.unit.name, row.position) == ("学员乙", "WAITING", "一车间", "电工")
    assert ID.encode() not in bytes(row.id_sealed)
    assert not Learner.objects.filter(name="学员乙").exists()
    assert Notice.objects.filter(kind="joining.asked").count() == 1


def test_a_wrong_code_lets_nobody_wait(link):
    token, said = links.token_of(link.uuid), form()
    registering.send_code(token=token, form=said, ip="", at=NOON)
    wrong = "000000" if code_for(NEW) != "000000" else "111111"
    with pytest.raises(WrongCode):
        registering.register(token=token, form=said, code=wrong, ip="", at=NOON)
    assert not Application.objects.exists()
    link.refresh_from_db()
    assert link.used == 0


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ({"name": "1"}, "name_invalid"),
        ({"id_number": "330106199003070015"}, "id_invalid"),
        ({"mobile": "12345"}, "mobile_invalid"),
    ],
)
def test_what_is_not_well_formed_is_refused_before_a_code_is_sent(link, who, code):
    with refused(code):
        form(**who)


def test_who_is_on_the_books_is_told_to_sign_in(link):
    with refused("already_here"):
        ask_in(link, name="学员甲", id_number=ID_JIA, mobile=LEARNER)
    assert not Application.objects.exists()


def test_who_was_archived_is_told_to_ask_for_the_old_place(link, staff):
    services.archive_learner(learner_uuid=staff.uuid, at=NOON)
    with refused("was_here"):
        ask_in(link, name="学员甲", id_number=ID_JIA, mobile=LEARNER)


@pytest.mark.parametrize(
    "who",
    [
        {"name": "学员乙", "id_number": ID_JIA, "mobile": NEW},  # the ID number of somebody else
        {"name": "学员甲", "id_number": ID_JIA, "mobile": NEW},  # name and number of somebody, another phone
        {"name": "学员乙", "id_number": ID, "mobile": LEARNER},  # the phone of somebody else
        {"name": "学员乙", "id_number": ID, "mobile": OWNER},  # a manager's phone
    ],
)
def test_somebody_elses_number_is_refused_without_telling_whose(link, who):
    with refused("number_refused") as refusal:
        ask_in(link, **who)
    said = str(refusal.value.message)
    assert "学员甲" not in said
    assert "安全员" not in said.replace("安全管理员", "")
    assert not Application.objects.exists()
    assert Invite.objects.get().used == 0


def test_a_manager_may_register_to_learn_too(link):
    assert ask_in(link, name="安全员", mobile=OWNER).state == "WAITING"


def test_asking_again_while_waiting_gives_the_same_row(link, monkeypatch):
    first = ask_in(link)
    monkeypatch.setattr("tenants.codes.PER_MOBILE", ("100/minute",))
    assert ask_in(link).uuid == first.uuid
    link.refresh_from_db()
    assert (Application.objects.count(), link.used) == (1, 1)


def test_another_person_cannot_take_over_a_waiting_row(link):
    ask_in(link)
    with refused("number_refused"):
        ask_in(link, mobile="13811110002")
    with refused("number_refused"):
        ask_in(link, name="学员丙", mobile="13811110003")
    assert Application.objects.count() == 1


def test_tries_are_counted_for_the_number(link):
    token, said = links.token_of(link.uuid), form()
    for _ in range(10):
        with pytest.raises(WrongCode):
            registering.register(token=token, form=said, code="000000", ip="10.0.0.9", at=NOON)
    with pytest.raises(TooMany):
        registering.register(token=token, form=said, code="000000", ip="10.0.0.9", at=NOON)


def test_a_whole_workshop_may_register_from_one_address(link):
    """As many as may ask for a code there: nobody is refused after the code has come."""
    token = links.token_of(link.uuid)
    for n in range(220):
        with pytest.raises(WrongCode):
            registering.register(token=token, form=form(mobile=f"1390000{n:04d}"), code="123456", ip="10.0.0.9", at=NOON)


def test_registrations_and_codes_of_an_address_have_one_limit(link, monkeypatch):
    monkeypatch.setattr(codes, "PER_WORKSHOP", "2/hour")
    token = links.token_of(link.uuid)
    for n in range(2):
        with pytest.raises(WrongCode):
            registering.register(token=token, form=form(mobile=f"1390000{n:04d}"), code="123456", ip="10.0.0.9", at=NOON)
    with pytest.raises(TooMany):
        registering.register(token=token, form=form(), code="123456", ip="10.0.0.9", at=NOON)


def test_one_person_who_presses_again_and_again_uses_up_nothing_of_the_workshop(link, monkeypatch):
    monkeypatch.setattr(codes, "PER_WORKSHOP", "3/hour")
    monkeypatch.setattr(registering, "PER_MOBILE", "2/hour")
    token = links.token_of(link.uuid)
    for expected in (WrongCode, WrongCode, TooMany, TooMany, TooMany):
        with pytest.raises(expected):
            registering.register(token=token, form=form(), code="123456", ip="10.0.0.9", at=NOON)
    with pytest.raises(WrongCode):
        registering.register(token=token, form=form(mobile="13900000007"), code="123456", ip="10.0.0.9", at=NOON)
