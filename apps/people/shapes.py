"""What others may know of people: numbers masked, names plain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from apps.people import sealing
from apps.people.belonging import Units, subtree
from apps.people.models import Learner, Manager
from infra.kit import identity
from public.lifecycle.api import Visit
from tenants.api import Credential


@dataclass(frozen=True, slots=True)
class LearnerView:
    """One learner. ``unit`` is the unit's name or ""; ``role`` one of FZ GL BZ CY TZ XF."""

    id: int
    uuid: UUID
    name: str
    person_key: str
    masked_id: str
    masked_mobile: str
    sex: str
    unit: str
    position: str
    role: str
    is_active: bool
    unit_id: int | None = None
    employee_no: str = ""
    hired_on: date | None = None
    employment: str = ""
    is_sample: bool = False
    is_restricted: bool = False

    @property
    def employment_label(self) -> str:
        """How the person is employed, in the reader's language, or ""."""
        return str(Learner.Employment(self.employment).label) if self.employment else ""

    @property
    def role_label(self) -> str:
        """The role in the reader's language."""
        return str(Learner.Role(self.role).label)


@dataclass(frozen=True, slots=True)
class ManagerView:
    """One manager. ``role`` is one of OWNER TRAINING UNIT TRAINER AUDITOR; ``within``: the units a supervisor sees, None for all."""

    id: int
    name: str
    role: str
    within: Units = None

    @property
    def role_label(self) -> str:
        """The role in the reader's language."""
        return str(Manager.Role(self.role).label)


@dataclass(frozen=True, slots=True)
class Profile:
    """Who makes a request. A manager who also learns has both a role and a learner.

    ``visit``: an operator of the platform looks around by leave of the owner, with the eyes of an auditor and nobody's credential.
    """

    kind: Literal["manager", "learner"] | None
    credential: Credential | None
    manager_role: str | None
    learner: LearnerView | None
    manager: ManagerView | None = None
    visit: Visit | None = None

    @property
    def name(self) -> str:
        """The person's name, or ""."""
        return self.credential.name if self.credential else self.visit.operator_name if self.visit else ""


def learner_view(row: Learner) -> LearnerView:
    """Return the view of a row whose unit is loaded."""
    return LearnerView(
        id=row.pk,
        uuid=row.uuid,
        name=row.name,
        person_key=row.person_key,
        masked_id=identity.mask_resident_id(sealing.unseal(row.id_sealed, sealing.ID)),
        masked_mobile=identity.mask_mobile(sealing.unseal(row.mobile_sealed, sealing.MOBILE)),
        sex=row.sex,
        unit=row.unit.name if row.unit else "",
        position=row.position,
        role=row.role,
        is_active=row.is_active,
        unit_id=row.unit_id,
        employee_no=row.employee_no,
        hired_on=row.hired_on,
        employment=row.employment,
        is_sample=row.sample,
        is_restricted=row.restricted_at is not None,
    )


def manager_view(row: Manager) -> ManagerView:
    """Return the view of a row; for a supervisor one more query finds the subtree."""
    seen = subtree(row.unit_id) if row.role == Manager.Role.UNIT and row.unit_id is not None else None
    return ManagerView(id=row.pk, name=row.name, role=row.role, within=seen)
