"""Ground of the tests of offline classes: a plan with learners, a trainer, a room, a class on Monday 14:00-17:00."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from apps.people import api as people
from apps.people import managing
from apps.people.models import Manager
from apps.plans.classes import arranging, attending, codes, confirming, resources
from apps.plans.classes.models import ClassTrainer, OfflineClass, Room, Seat
from tests.apps.plans import ground
from tests.apps.plans.ground import HOUR_MS, NOON

STARTS, ENDS = NOON + timedelta(hours=2), NOON + timedelta(hours=5)
AFTER = ENDS + timedelta(minutes=10)


@dataclass
class House:
    """Who is there: ``owner`` runs things, ``second`` confirms, ``teacher`` is the trainer's sign-in; ids of managers."""

    plan: Any
    owner: int
    second: int
    teacher: int
    trainer: ClassTrainer
    room: Room
    learners: list[Any]

    def order(self, **changes: Any) -> arranging.ClassOrder:
        base: dict[str, Any] = {
            "topic": "车间防火与灭火器实操",
            "content": "灭火器种类、使用方法、现场演练。",
            "trainer": self.trainer.uuid,
            "room": self.room.uuid,
            "starts_at": STARTS,
            "ends_at": ENDS,
            "credit_ms": 4 * HOUR_MS,
        }
        return arranging.ClassOrder(**{**base, **changes})

    def arrange(self, *, seated: bool = True, **changes: Any) -> OfflineClass:
        row = arranging.arrange(plan_uuid=self.plan, order=self.order(**changes), by=self.owner, at=NOON)
        if seated:
            arranging.seat(uuid=row.uuid, learners=None, at=NOON)
        return row

    def seat(self, row: OfflineClass, n: int = 0) -> Seat:
        return row.seats.get(learner_id=self.learners[n].id)

    def sign(self, row: OfflineClass, do: Any, at: datetime, n: int = 0, **more: Any) -> Any:
        """Sign learner ``n`` with the code of that moment on a phone of their own."""
        words = {"code": codes.code_at(row.uuid, at), "terminal": f"phone-{n}", "ip": "127.0.0.1"} | more
        return attending.sign(uuid=row.uuid, learner_id=self.learners[n].id, do=do, at=at, **words)

    def attend(self, row: OfflineClass, n: int = 0, *, since: datetime = STARTS, until: datetime = ENDS) -> None:
        self.sign(row, "in", since, n)
        self.sign(row, "out", until, n)

    def confirmed(self, row: OfflineClass) -> OfflineClass:
        confirming.submit(uuid=row.uuid, summary="", cost_yuan=None, by=self.owner, at=AFTER)
        return confirming.confirm(uuid=row.uuid, by=self.second, at=AFTER)


def house(*, learners: int = 2, seats: int = 20, **plan: Any) -> House:
    """Stand in an enterprise with a plan of some learners."""
    credential = people.open_owner(name="安全员", mobile="13900000001", password=None, at=NOON)
    owner = Manager.objects.get(credential=credential).pk
    second = managing.invite(name="管理员乙", mobile="13900000002", role="TRAINING", unit_id=None, by=owner, at=NOON)
    teacher = managing.invite(name="教师甲", mobile="13900000003", role="TRAINER", unit_id=None, by=owner, at=NOON)
    people_of_plan = [ground.learner(n) for n in range(1, learners + 1)]
    made = ground.open_plan(**plan)
    trainer = add_trainer(manager_id=teacher.pk)
    room = resources.write_room(uuid=None, name="培训室", place="行政楼 301", seats=seats, at=NOON)
    return House(made, owner, second.pk, teacher.pk, trainer, room, people_of_plan)


def add_trainer(name: str = "教师甲", *, expires_on: date | None = None, manager_id: int | None = None) -> ClassTrainer:
    """Write down a trainer of the enterprise's own."""
    return resources.write_trainer(
        uuid=None,
        name=name,
        origin="OWN",
        employer="",
        qualification="注册安全工程师",
        expires_on=expires_on,
        manager_id=manager_id,
    )
