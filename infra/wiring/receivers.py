"""News that only the top room can connect."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from apps.people.events import request_overdue
from billing import api as billing
from infra.kit import clock
from public.audit import api as audit
from public.catalogue.api import add_text_source, media_ready, texts_changed
from public.complaints import api as complaints
from public.lifecycle.api import Returning, add_returning
from public.subtitles.api import text_of, track_saved
from tenants.api import Enterprise, platform_scope, require
from tenants.keys.events import key_changed

add_text_source(text_of)  # what is said in a course can be searched for; neither room knows the other


@receiver(media_ready, dispatch_uid="publish finished demo courses")
def publish_demo_courses(**news: Any) -> None:
    """Publish demo courses whose last film just became ready; never in production, where people review."""
    from infra.wiring import devdata

    if settings.DEV_TOOLS and settings.PUBLISH_DEMO_COURSES:
        devdata.publish_finished(at=clock.now())


@receiver(track_saved, dispatch_uid="search what is said")
def search_subtitles(version_ids: list[int], **news: Any) -> None:
    """Tell the search that the words of versions changed."""
    texts_changed.send(sender=None, version_ids=version_ids)


@receiver(key_changed, dispatch_uid="audit news of keys")
def audit_key_event(body: dict[str, Any], by: str, at: datetime, **news: Any) -> None:
    """Write a change of data keys into the log of the place concerned (clauses 五.1, 五.4)."""
    facts = {name: value for name, value in body.items() if name != "event"}
    audit.record(f"keys.{body['event']}", actor=by, target="keys", at=at, **facts)


@receiver(request_overdue, dispatch_uid="complain of unanswered requests about personal data")
def complain_of_request(request: UUID, at: datetime, **news: Any) -> None:
    """Open a complaint on the platform for a request that an enterprise has not answered in time (clause 六.(一).6)."""
    schema = require().schema
    with platform_scope():
        complaints.take_overdue_request(request=request, schema_name=schema, at=at)


def subscription_returning(row: Enterprise) -> list[Returning]:
    """Say what an enterprise that is opened again is subscribed to: neither billing nor the platform's rooms know each other."""
    found, at = billing.subscription(enterprise_id=row.pk), clock.now()
    if found is None or found.ends_at <= at:
        ended = _("%(plan)s已于 %(day)s 结束，不自动续期") % {
            "plan": found.plan_name, "day": f"{clock.shanghai_date(found.ends_at):%Y-%m-%d}",
        } if found else _("没有服务期")  # fmt: skip
        return [Returning(False, _("服务期"), str(ended))]
    until = f"{clock.shanghai_date(found.ends_at):%Y-%m-%d}"
    return [Returning(True, _("服务期"), str(_("%(plan)s到 %(day)s") % {"plan": found.plan_name, "day": until}))]


add_returning(subscription_returning)
