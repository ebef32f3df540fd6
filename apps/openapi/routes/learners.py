"""Learners and units."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from ninja import Query, Router

from apps.openapi import cursors, repeating
from apps.openapi.cursors import Cursor, Limit
from apps.openapi.guards import asking
from apps.openapi.operations import operation
from apps.openapi.scopes import Scope
from apps.openapi.shapes import (
    LearnerIn,
    LearnerOut,
    LearnerPage,
    LearnerPatch,
    Learners,
    Role,
    SearchIn,
    Status,
    UnitOut,
    Units,
)
from apps.people import api as people
from infra.kit import clock
from public.audit import api as audit
from tenants.addresses import client_ip

router = Router(tags=["learners"])
_LIST = "learners"
_UNIT = Annotated[int | None, Query(ge=1, le=2**31, description="Only this unit and those below it")]


@operation(router, "GET", "/units", scope=Scope.LEARNERS_READ, answers=Units, summary=gettext_noop("部门"), name="listUnits")
def units(request: HttpRequest) -> Units:
    """Return all units by path."""
    return Units(items=[UnitOut(id=key, path=path) for key, path in people.units()])


@operation(
    router,
    "GET",
    "/learners",
    scope=Scope.LEARNERS_READ,
    answers=LearnerPage,
    summary=gettext_noop("学员列表"),
    name="listLearners",
)
def learners(
    request: HttpRequest,
    *,
    cursor: Cursor = "",
    limit: Limit = cursors.USUAL,
    unit_id: _UNIT = None,
    role: Role | None = None,
    status: Status | None = None,
) -> LearnerPage:
    """Return learners in the order in which they came on the books."""
    place = cursors.read(cursor, of=_LIST)
    found = people.learners_after(place, limit=limit + 1, unit_id=unit_id, role=role or "", status=status or "")
    shown, following = cursors.page(found, limit=limit, of=_LIST, places=[one.id for one in found])
    return LearnerPage(items=[learner_out(one) for one in shown], next=following)


@operation(
    router,
    "POST",
    "/learners/search",
    scope=Scope.LEARNERS_READ,
    answers=Learners,
    summary=gettext_noop("查找学员"),
    name="searchLearners",
)
def search(request: HttpRequest, body: SearchIn) -> Learners:
    """Return learners by part of a name, an employee number, or a whole mobile or ID number."""
    return Learners(items=[learner_out(one) for one in people.learners_about(body.text, limit=body.limit)])


@operation(
    router,
    "GET",
    "/learners/{learner}",
    scope=Scope.LEARNERS_READ,
    answers=LearnerOut,
    summary=gettext_noop("一名学员"),
    name="getLearner",
)
def learner(request: HttpRequest, learner: UUID) -> LearnerOut:
    """Return one learner."""
    return learner_out(people.open_learner(learner))


@operation(
    router,
    "POST",
    "/learners",
    scope=Scope.LEARNERS_WRITE,
    answers=LearnerOut,
    summary=gettext_noop("新增学员"),
    name="addLearner",
    status=201,
)
def add(request: HttpRequest, body: LearnerIn, said: repeating.Said = None) -> HttpResponse:
    """Put a person on the books, who can sign in at once with a code."""

    def do() -> LearnerOut:
        view = people.add_learner(
            name=body.name,
            id_number=body.id_number,
            mobile=body.mobile,
            unit_path=body.unit,
            position=body.position,
            employee_no=body.employee_no,
            role=body.role,
            employment=body.employment or "",
            hired_on=body.hired_on,
            at=clock.now(),
        )
        return _written(request, "openapi.learner_added", view)

    return repeating.once(request, said, do, status=201)


@operation(
    router,
    "PATCH",
    "/learners/{learner}",
    scope=Scope.LEARNERS_WRITE,
    answers=LearnerOut,
    summary=gettext_noop("修改学员"),
    name="changeLearner",
)
def change(request: HttpRequest, learner: UUID, body: LearnerPatch, said: repeating.Said = None) -> HttpResponse:
    """Change the fields that are sent; null counts as not sent."""
    sent = {key: value for key, value in body.model_dump().items() if value is not None}
    changes: dict[str, Any] = {"unit_path" if key == "unit" else key: value for key, value in sent.items()}

    def do() -> LearnerOut:
        view = people.change_learner(learner_uuid=learner, changes=changes, at=clock.now())
        return _written(request, "openapi.learner_changed", view, fields=sorted(sent))

    return repeating.once(request, said, do)


@operation(
    router,
    "POST",
    "/learners/{learner}/archive",
    scope=Scope.LEARNERS_WRITE,
    answers=LearnerOut,
    summary=gettext_noop("归档学员"),
    name="archiveLearner",
)
def archive(request: HttpRequest, learner: UUID, said: repeating.Said = None) -> HttpResponse:
    """Take a person off the books; records stay. Repeating changes nothing."""

    def do() -> LearnerOut:
        people.open_learner(learner)
        view = people.archive_learner(learner_uuid=learner, at=clock.now())
        return _written(request, "openapi.learner_archived", view)

    return repeating.once(request, said, do)


@operation(
    router,
    "POST",
    "/learners/{learner}/restore",
    scope=Scope.LEARNERS_WRITE,
    answers=LearnerOut,
    summary=gettext_noop("恢复学员"),
    name="restoreLearner",
)
def restore(request: HttpRequest, learner: UUID, said: repeating.Said = None) -> HttpResponse:
    """Put an archived person back on the books. Repeating changes nothing."""

    def do() -> LearnerOut:
        people.open_learner(learner)
        view = people.restore_learner(learner_uuid=learner, at=clock.now())
        return _written(request, "openapi.learner_restored", view)

    return repeating.once(request, said, do)


def _written(request: HttpRequest, action: str, view: people.LearnerView, **facts: Any) -> LearnerOut:
    """Write down which key did it; part of the transaction of the write."""
    who = asking(request).actor
    audit.record(action, actor=who, target=f"learner:{view.uuid}", at=clock.now(), ip=client_ip(request), **facts)
    return learner_out(view)


def learner_out(view: people.LearnerView) -> LearnerOut:
    """Return the public shape of a learner."""
    return LearnerOut(
        id=view.uuid,
        name=view.name,
        masked_id=view.masked_id,
        masked_mobile=view.masked_mobile,
        unit_id=view.unit_id,
        unit=view.unit,
        position=view.position,
        employee_no=view.employee_no,
        role=view.role,  # type: ignore[arg-type]
        employment=view.employment or None,  # type: ignore[arg-type]
        hired_on=view.hired_on,
        status="ACTIVE" if view.is_active else "ARCHIVED",
    )
