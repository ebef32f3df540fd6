"""Orders the people of the demo enterprise: posts, certificates, a manager of each role."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from apps.people import managing, signing_in
from apps.people.models import Manager, Unit
from apps.people.organisation import positions, qualifications
from infra.kit import clock


def order_demo(
    *,
    posts: Iterable[tuple[str, Sequence[str]]],
    managers: Iterable[tuple[str, str, str, str]],
    certificates: Iterable[tuple[UUID, str, int]],
    password: str,
    at: datetime,
) -> None:
    """Write everything down in the owner's name.

    :param posts: (name, hazards)
    :param managers: (name, mobile, role, name of the unit or "")
    :param certificates: (learner, kind, days until it expires)
    """
    by = Manager.objects.filter(role=Manager.Role.OWNER, left_at=None).values_list("pk", flat=True)[0]
    today = clock.shanghai_date(at)
    for name, hazards in posts:
        positions.write(position_id=None, name=name, hazards=hazards, note="", by=by, at=at)
    for name, mobile, role, unit in managers:
        unit_id = Unit.objects.get(name=unit).pk if unit else None
        row = managing.invite(name=name, mobile=mobile, role=role, unit_id=unit_id, by=by, at=at)
        signing_in.set_password(row.credential, password)
    for learner, kind, days in certificates:
        expires = today + timedelta(days=days)
        qualifications.add(
            learner_uuid=learner,
            kind=kind,
            item="",
            number="T330106********0014",
            review_on=None,
            expires_on=expires,
            by=by,
            at=at,
        )
