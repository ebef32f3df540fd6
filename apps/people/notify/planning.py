"""What follows a notice: which channels carry it, from when on. Eight queries for a batch, however many notices it has."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from apps.people.models import Delivery, Learner, Notice, NoticeChoice, NoticeSettings, Robot
from apps.people.notify import choosing, kinds, rules
from apps.people.notify.kinds import Kind
from apps.people.ports import MAILER

BATCH = 500
Channel = Delivery.Channel


@dataclass(frozen=True, slots=True)
class Person:
    """Where a recipient can be reached, and what the person has chosen."""

    is_here: bool
    has_mobile: bool
    choice: NoticeChoice


@dataclass(frozen=True, slots=True)
class House:
    """What is the same for a whole batch."""

    chosen: NoticeSettings
    robots: list[Robot]
    choices: dict[int, NoticeChoice]
    mobiles: set[int]
    at: datetime


def plan(*, at: datetime) -> int:
    """Lay out deliveries of waiting notices; returns how many notices. Two workers share the work (``SKIP LOCKED``)."""
    done = 0
    while rows := _batch(at):
        done += rows
    return done


@transaction.atomic
def _batch(at: datetime) -> int:
    """Take one batch; a worker that dies in it leaves the notices waiting."""
    waiting = Notice.objects.filter(planned_at=None).select_for_update(skip_locked=True, of=("self",))
    rows = list(waiting.select_related("learner", "manager").order_by("id")[:BATCH])
    if not rows:
        return 0
    house = House(choosing.settings_of(), list(Robot.objects.filter(is_on=True)), _choices(rows), _learners_who_manage(rows), at)
    made = [delivery for row in rows if (kind := kinds.known(row.kind)) for delivery in _deliveries(row, kind, house)]
    Delivery.objects.bulk_create(made, ignore_conflicts=True)
    return Notice.objects.filter(pk__in=[row.pk for row in rows]).update(planned_at=at)


def _choices(rows: Iterable[Notice]) -> dict[int, NoticeChoice]:
    people = [row.learner or row.manager for row in rows]
    credentials = {one.credential_id for one in people if one and one.credential_id}
    return {one.credential_id: one for one in NoticeChoice.objects.filter(credential_id__in=credentials)}


def _learners_who_manage(rows: Iterable[Notice]) -> set[int]:
    """Return the credentials of managers who are learners too, whose number is known."""
    managers = {row.manager.credential_id for row in rows if row.manager}
    found = Learner.objects.filter(credential_id__in=managers, status=Learner.Status.ACTIVE)
    return {key for key in found.values_list("credential_id", flat=True) if key is not None}


def _person(row: Notice, house: House) -> Person:
    if row.learner is not None:
        return Person(row.learner.is_active, True, house.choices.get(row.learner.credential_id or 0) or NoticeChoice())
    assert row.manager is not None  # noqa: S101 - the database lets no notice without a recipient in
    key = row.manager.credential_id
    choice = house.choices.get(key) or NoticeChoice()
    return Person(row.manager.left_at is None, key in house.mobiles or bool(choice.mobile_sealed), choice)


def _deliveries(row: Notice, kind: Kind, house: House) -> Iterator[Delivery]:
    """Give the deliveries of one notice; none for somebody who has left."""
    person = _person(row, house)
    if not person.is_here:
        return
    own = choosing.open_channels(kind, off=house.chosen.off, own_off=person.choice.off)
    next_at, in_digest = when(kind, house.chosen, own_digest=person.choice.digest, at=house.at)
    said = {"notice": row, "next_at": next_at, "in_digest": in_digest, "at": house.at}
    if kinds.SMS in own and person.has_mobile and house.chosen.sms_per_day:
        yield Delivery(channel=Channel.SMS, once=f"sms:{row.pk}", **said)
    if kinds.MAIL in own and person.choice.mail_sealed and MAILER.get().is_ready:
        yield Delivery(channel=Channel.MAIL, once=f"mail:{row.pk}", **said)
    if kinds.ROBOT in choosing.open_channels(kind, off=house.chosen.off):
        yield from _posts(row, kind, house)


def _posts(row: Notice, kind: Kind, house: House) -> Iterator[Delivery]:
    """Give the posts of one notice: a group chat hears a thing once, however many people are told."""
    next_at, in_digest = when(kind, house.chosen, own_digest=False, at=house.at)
    for robot in house.robots:
        if kind.name in robot.kinds:
            once = f"robot:{robot.pk}:{row.kind}:{row.about}"
            said = {"notice": row, "robot": robot, "once": once, "next_at": next_at, "in_digest": in_digest, "at": house.at}
            yield Delivery(channel=Channel.ROBOT, **said)


def when(kind: Kind, chosen: NoticeSettings, *, own_digest: bool, at: datetime) -> tuple[datetime, bool]:
    """Return from when on a kind may be sent, and whether it goes with the daily digest."""
    if kind.urgency == kinds.URGENT:
        return at, False
    in_digest = kind.urgency == kinds.LOW or chosen.digest or own_digest
    moment = rules.next_digest(at, chosen.digest_at) if in_digest else at
    return rules.after_quiet(moment, chosen.quiet_from, chosen.quiet_to), in_digest
