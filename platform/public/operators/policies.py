"""Policy of the platform's people: from which addresses administrators may come, and what each role may read.

The newest approved change is the policy (`OperatorChange`); where there is none, the words of this file hold.
"""

import ipaddress
from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from infra.kit.labels import Category, Label, Level, label
from public.operators.models import Operator, OperatorChange

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Role, Kind = Operator.Role, OperatorChange.Kind
MOST_NETWORKS = 50
CLEARANCES: dict[str, Label] = {
    Role.AUTHOR: label(Level.INTERNAL, Category.TRAINING),
    Role.REVIEWER: label(Level.INTERNAL, Category.TRAINING),
    Role.OPERATIONS: label(Level.SENSITIVE, Category.TRAINING, Category.FINANCE),
    Role.SYSTEM: label(Level.INTERNAL, Category.SECURITY),
    Role.SECURITY: label(Level.SENSITIVE, Category.SECURITY),
    Role.AUDIT: label(Level.CORE, Category.SECURITY),
}
"""What each role may read at first. Administrators read no business data, nobody but the auditor reads the log."""
ADMINISTERING = label(Level.INTERNAL, Category.SECURITY)
"""What pages about accounts and policy carry."""


def _newest(kind: str, **of: str) -> OperatorChange | None:
    rows = OperatorChange.objects.filter(kind=kind, state=OperatorChange.State.APPROVED)
    rows = rows.filter(**{f"wanted__{key}": value for key, value in of.items()})
    return rows.order_by("-decided_at", "-id").first()


def parsed(lines: Sequence[str]) -> list[Network]:
    """Return networks in their usual form, each once.

    :raises DomainError: 422 ``bad_network``, naming the line; ``too_many_networks``
    """
    found: dict[str, Network] = {}
    for line in filter(None, (line.strip() for line in lines)):
        try:
            network = ipaddress.ip_network(line, strict=False)
        except ValueError:
            words = _("“%(line)s”不是网段。请每行写一个地址或网段，例如 203.0.113.7 或 203.0.113.0/24。")
            raise DomainError("bad_network", words % {"line": line[:40]}, status=422, field="networks") from None
        found[str(network)] = network
    if len(found) > MOST_NETWORKS:
        raise DomainError("too_many_networks", _("最多 50 个网段，请合并相邻的网段。"), status=422, field="networks")
    return list(found.values())


def chosen_networks() -> list[str]:
    """Return the networks that two administrators agreed on."""
    row = _newest(Kind.NETWORKS)
    return list(row.wanted["networks"]) if row else []


def admits(ip: str, networks: Sequence[str]) -> bool:
    """Say whether an administrator may come from ``ip``. An empty list admits everybody; what the machine's settings name is always admitted."""
    if not networks:
        return True
    try:
        here = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if isinstance(here, ipaddress.IPv6Address) and here.ipv4_mapped:
        here = here.ipv4_mapped
    return any(here in network for network in parsed([*networks, *settings.ADMIN_NETWORKS]))


def clearance(role: str) -> Label:
    """Return what a role may read."""
    row = _newest(Kind.CLEARANCE, role=role)
    return Label.parse(row.wanted["label"]) if row else CLEARANCES[role]


def cleared(role: str, wanted: Label) -> Label:
    """Return a clearance that this role may be given.

    :raises DomainError: 422 ``shuts_out``: nobody of this office could open the pages on which it is taken back
    """
    if role in {Role.SYSTEM, Role.SECURITY} and not wanted.dominates(ADMINISTERING):
        words = _("这个岗位至少要能读“%(label)s”，否则再也打不开安全策略页。")
        raise DomainError("shuts_out", words % {"label": ADMINISTERING.words}, status=422, field="level")
    return wanted


def clearances() -> list[tuple[str, Label]]:
    """Return every role with what it may read: one query."""
    rows = OperatorChange.objects.filter(kind=Kind.CLEARANCE, state=OperatorChange.State.APPROVED).order_by("decided_at", "id")
    found = CLEARANCES | {row.wanted["role"]: Label.parse(row.wanted["label"]) for row in rows}
    return [(role, found[role]) for role in Role.values]
