"""The demo's system of an authority: it comes and fetches, so nothing leaves the machine."""

from datetime import datetime

from public.operators.api import Me
from public.regulators.exchange import partners
from public.regulators.exchange.models import Partner
from public.regulators.exchange.wanted import Wanted
from public.regulators.models import FeedRecord
from tenants.accounts.models import Credential

CODE = "HZ-DEMO"
SECRET = "demo-secret-of-the-exchange"  # noqa: S105 - of the demo, refused in production with the rest of it


def open_partner(*, at: datetime) -> None:
    """Open it once, with every kind of record since the day of the demo; stands on the platform."""
    operations = Credential.objects.by_login("operations")
    if operations is None or Partner.objects.filter(code=CODE).exists():
        return
    wanted = Wanted(
        name="杭州市应急管理局监管平台",
        code=CODE,
        division_prefix="3301",
        kinds=list(FeedRecord.Kind.values),
        channel=Partner.Channel.PULL,
        suite=Partner.Suite.SHARED,
        since=partners.first_day(at),
        secret=SECRET,
    )
    partners.open_partner(wanted=wanted, me=Me(operations.pk, operations.name, "OPERATIONS"), at=at)
