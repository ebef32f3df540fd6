"""Links: how long and how often they are good, and that nobody can make one up or read one out of the database."""

from datetime import timedelta

import pytest

from apps.people.belonging import subtree
from apps.people.joining import links
from apps.people.models import Change, Invite
from infra.kit.errors import DomainError
from tenants.scope import enterprise_scope

from .conftest import NOON, ask_in, browser


def refused(code):
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def make(owner, unit, **more):
    return links.make(**{"unit_id": unit.pk, "position": "", "days": 7, "most": None, "by": owner.pk, "at": NOON, **more})


@pytest.mark.req("R2.9")
def test_a_link_opens_for_its_unit_until_it_expires(owner, units):
    row = make(owner, units["一车间"])
    token = links.token_of(row.uuid)
    assert links.opened(token, at=NOON).unit == units["一车间"]
    with refused("invite_over"):
        links.opened(token, at=NOON + timedelta(days=7))
    assert Change.objects.filter(action="link_made", by=owner).count() == 1


def test_the_token_is_kept_nowhere(owner, units):
    row = make(owner, units["一车间"])
    token = links.token_of(row.uuid)
    kept = " ".join(str(value) for value in Invite.objects.filter(pk=row.pk).values()[0].values())
    assert token not in kept
    assert row.digest != token


@pytest.mark.parametrize("token", ["", "x", "a" * 24, "58e1051f-33e7-4d1c-b441-145214e5ff82", "'; drop table"])
def test_a_made_up_token_opens_nothing(link, token):
    with refused("invite_unknown"):
        links.opened(token, at=NOON)


def test_a_revoked_link_is_worthless_at_once_and_the_waiting_go_on_waiting(owner, link):
    row = ask_in(link)
    links.revoke(invite=link.uuid, by=owner.pk, at=NOON)
    links.revoke(invite=link.uuid, by=owner.pk, at=NOON)
    with refused("invite_over"):
        links.opened(links.token_of(link.uuid), at=NOON)
    row.refresh_from_db()
    assert row.state == "WAITING"
    assert Change.objects.filter(action="link_ended").count() == 1


def test_a_full_link_takes_nobody_more(owner, units):
    row = make(owner, units["一车间"], most=1)
    ask_in(row)
    with refused("invite_full"):
        links.opened(links.token_of(row.uuid), at=NOON)
    row.refresh_from_db()
    assert (row.used, links.state_of(row, at=NOON)) == (1, "full")


@pytest.mark.parametrize(("more", "code"), [({"days": 0}, "days_invalid"), ({"days": 366}, "days_invalid"), ({"most": 0}, "most_invalid"),
                                            ({"unit_id": 987654}, "unit_missing")])  # fmt: skip
def test_refuses_and_makes_nothing(owner, units, more, code):
    with refused(code):
        make(owner, units["一车间"], **more)
    assert not Invite.objects.exists()


def test_a_supervisor_invites_to_the_own_units_only(owner, units, supervisor):
    mine = subtree(units["生产部"].pk)
    make(owner, units["一车间"], within=mine)
    theirs = make(owner, units["仓储部"])
    for wrong in ({"unit_id": units["仓储部"].pk}, {"unit_id": None}):
        with refused("unit_missing"):
            make(owner, units["一车间"], within=mine, **wrong)
    assert [row.unit.name for row in links.links(within=mine)] == ["一车间"]
    with refused("not_found"):
        links.revoke(invite=theirs.uuid, by=supervisor.pk, at=NOON, within=mine)
    theirs.refresh_from_db()
    assert theirs.revoked_at is None


def test_the_same_link_opens_nothing_at_the_neighbour(link, jia, yi):
    token = links.token_of(link.uuid)
    with enterprise_scope(yi), refused("invite_unknown"):
        links.opened(token, at=NOON)
    answer = browser(yi).get(f"/join/{token}")
    assert answer.status_code == 404
    assert "一车间" not in answer.content.decode()
