"""Run beside a fresh database: one enterprise, a course whose lessons are one real, short film, and learners with plans.

Prints one JSON object: ``{host, learners: [{cookies, assignment, learner, lesson, second}]}``. Asked for what they earned
(``earned``), it prints learner's assignment to ``{counted_ms, confirmed_ms, alerts}``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django first
from django.core.files.base import ContentFile  # noqa: E402
from django.core.files.storage import default_storage  # noqa: E402
from django.test import Client  # noqa: E402

from apps.learning import queries, spans  # noqa: E402
from apps.learning.models import Coverage, StudySession  # noqa: E402
from infra.adapters.media.pipeline import MediaPipeline  # noqa: E402
from infra.kit import clock, crypto  # noqa: E402
from public.catalogue.media import storage_name  # noqa: E402
from public.catalogue.models import Courseware, MediaAsset  # noqa: E402
from tenants.api import Credential  # noqa: E402
from tenants.models import Enterprise  # noqa: E402
from tenants.scope import enterprise_scope, platform_scope  # noqa: E402
from tenants.sites import Site, site_of  # noqa: E402
from tests.apps.learning.conftest import enrol, prove, publish_course  # noqa: E402
from tests.journeys.people import mobile, resident_id  # noqa: E402
from tests.public.uploads.ground import clip  # noqa: E402
from tests.tenants.ground import open_for_test  # noqa: E402

SUBDOMAIN = "attacks"
FILM_S = 90
NAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
BEATS = "SELECT verdict FROM public.audit_beat WHERE session = ANY(%s)"


def prepare(learners: int) -> dict[str, Any]:
    """Make everything and return who may come in, and how."""
    site, version = open_for_test(SUBDOMAIN), publish_course()
    folder = Path(tempfile.mkdtemp())
    made = MediaPipeline().prepare(
        kind="VIDEO",
        content_type="video/mp4",
        source=clip(folder / "film.mp4", seconds=FILM_S),
        folder=folder / "film",
        told=lambda *_: None,
    )
    with platform_scope():
        for lesson in Courseware.objects.filter(version_id=version).order_by("no")[:2]:
            _put(MediaAsset.objects.get(pk=lesson.media_id), made)
    with enterprise_scope(site):
        return {"host": site.host, "learners": [_learner(site, version, n) for n in range(learners)]}


def _put(media: MediaAsset, made: Any) -> None:
    for path in made.files:
        default_storage.save(storage_name(media.uuid, path.name), ContentFile(path.read_bytes()))
    secret, purpose = settings.SEALING_SECRET, f"media/{media.uuid}"
    keys = crypto.seal(b"".join(made.keys), secret=secret, owner="platform", purpose=purpose)
    MediaAsset.objects.filter(pk=media.pk).update(duration_ms=made.duration_ms, package=made.package, keys_sealed=keys)


def _learner(site: Site, version: int, n: int) -> dict[str, Any]:
    phone = mobile()
    school = enrol(
        {"name": f"学员{NAMES[n]}", "id_number": resident_id(), "mobile": phone},
        version,
        due_on=clock.shanghai_date(clock.now() + timedelta(days=30)),
    )
    browser = Client(headers={"host": site.host})
    browser.force_login(Credential.objects.by_login(phone))
    browser.get(f"/learn/{school.assignment.uuid}/{school.first}")
    prove(browser, school)
    return {
        "cookies": {name: browser.cookies[name].value for name in ("sessionid", "anxue_terminal")},
        "assignment": str(school.assignment.uuid),
        "learner": school.learner.id,
        "lesson": school.first,
        "second": school.second,
    }


def earned() -> dict[str, Any]:
    """Return what each learner has: counted at all, confirmed, and what the server noticed."""
    with platform_scope():
        site = site_of(Enterprise.objects.get(subdomain=SUBDOMAIN))
    with enterprise_scope(site):
        rows = Coverage.objects.order_by("learner_id")
        return {str(row.learner_id): _of(row.learner_id) for row in rows}


def _of(learner_id: int) -> dict[str, Any]:
    from django.db import connection

    rows = list(Coverage.objects.filter(learner_id=learner_id))
    sessions = list(StudySession.objects.filter(learner_id=learner_id).values_list("uuid", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(BEATS, [sessions])
        alerts = {verdict for (verdict,) in cursor.fetchall()}
    confirmed = queries.earned_ms(learner_id=learner_id, courseware_ids=[row.courseware_id for row in rows])
    counted = sum(spans.measure(row.spans) for row in rows)
    return {"counted_ms": counted, "confirmed_ms": sum(confirmed.values()), "alerts": sorted(alerts)}


if __name__ == "__main__":
    print(json.dumps(earned() if sys.argv[1] == "earned" else prepare(int(sys.argv[1]))))
