"""A manager's page of how one learner comes in: devices, the rest after wrong passwords, outside accounts."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.people import access, history, queries
from apps.people.belonging import is_within
from apps.people.joining import devices, locking, sso
from apps.people.joining.models import Outside
from apps.people.models import Change, Learner
from apps.people.permissions import Permission
from apps.people.shapes import learner_view
from apps.people.views.people import by
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants.addresses import client_ip


@never_cache
@require_GET
@access.manager_page(Permission.PEOPLE_ADMIT)
def page(request: HttpRequest, learner: UUID) -> HttpResponse:
    """Show where a learner is signed in and whether the password rests."""
    row = _row(request, learner)
    credential = row.credential
    seconds = locking.rests_s(credential.login_key) if credential else 0
    bound = sso.bound(credential) if credential else {}
    values = {
        "row": row,
        "learner": learner_view(row),
        "devices": devices.of(credential) if credential else [],
        "minutes": -(-seconds // 60),
        "bound": [(kind, Outside(kind).label, account) for kind, account in bound.items()],
    }
    return render(request, "people/joining/way_in.html", values)


@require_POST
@access.manager_page(Permission.PEOPLE_ADMIT)
def act(request: HttpRequest, learner: UUID) -> HttpResponse:
    """``do``: ``unlock`` the password, ``end`` all devices, ``unbind`` one outside account (``kind``)."""
    row, do, kind = _row(request, learner), request.POST.get("do"), request.POST.get("kind", "")
    if do == "unlock":
        lifted = locking.lift(learner=row, **by(request))
        messages.success(request, _("已解除，现在可以再试密码。") if lifted else _("密码登录没有被锁定，不用解除。"))
    elif do == "end" and row.credential is not None:
        messages.success(request, _("已让 %(n)d 台设备退出登录。") % {"n": _end_all(request, row)})
    elif do == "unbind" and kind in Outside.values and row.credential is not None:
        sso.unbind(kind=kind, credential=row.credential, **by(request))
        messages.success(request, _("已解绑。"))
    if do not in {"unlock", "end", "unbind"}:
        return redirect("console-people-way-in", learner)
    who = f"manager:{access.manager_of(request).id}"
    audit.record(f"people.way_in_{do}"[:60], actor=who, target=f"learner:{learner}", at=clock.now(), ip=client_ip(request))
    return redirect("console-people-way-in", learner)


def _end_all(request: HttpRequest, row: Learner) -> int:
    ended = devices.end_all(row.credential, at=clock.now())  # type: ignore[arg-type]
    if ended:
        history.note(
            Change.Kind.LEARNER, row.uuid, name=row.name, action="signed_out",
            before={"devices": str(ended)}, after={"devices": "0"}, **by(request),
        )  # fmt: skip
    return ended


def _row(request: HttpRequest, learner: UUID) -> Learner:
    """Return a learner within the manager's units.

    :raises DomainError: 404 ``not_found``
    """
    row = queries.learner_row(learner)
    if not is_within(learner, access.within(request)):
        raise DomainError("not_found", _("没有找到这位学员，可能不在您的范围内。"), status=404)
    return Learner.objects.select_related("unit", "credential").get(pk=row.pk)
