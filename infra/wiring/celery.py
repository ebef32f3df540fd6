"""The celery application. One public schedule; work for enterprises is fanned out by the tasks themselves.

Built when Django's apps are ready (`WiringConfig.ready`), so that the web and commands send tasks through it too; for the
worker celery itself starts Django, because DJANGO_SETTINGS_MODULE is set.
"""

import os

from celery import Celery
from celery.schedules import crontab

from tenants.headers import on_platform

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infra.wiring.settings")

app = Celery("anxue", task_cls="tenants.jobs:ScopedTask")
app.config_from_object("infra.wiring.settings:CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "finish closings": {
        "task": "lifecycle.finish_closures",
        "schedule": crontab(minute=35),
        "options": on_platform(expires=3000),
    },
    "look for legal periods that end": {
        "task": "lifecycle.review_ends",
        "schedule": crontab(hour=3, minute=30),
        "options": on_platform(),
    },
    "carry destructions on": {
        "task": "lifecycle.destroy",
        "schedule": crontab(minute="*/5"),
        "options": on_platform(expires=280),
    },
    "end visits that have run out": {"task": "lifecycle.end_visits", "schedule": 60.0, "options": on_platform(expires=55)},
    "measure loads": {"task": "load.measure", "schedule": crontab(), "options": on_platform(expires=55)},
    "forget old loads": {"task": "load.forget_old", "schedule": crontab(hour=4, minute=55), "options": on_platform()},
    "add up page times": {"task": "timing.add_up", "schedule": crontab(), "options": on_platform(expires=55)},
    "fold and forget page times": {"task": "timing.forget_old", "schedule": crontab(hour=4, minute=50), "options": on_platform()},
    "probe what runs": {"task": "site.probe", "schedule": crontab(), "options": on_platform(expires=55)},
    "publish the footer": {"task": "site.publish_footer", "schedule": 60.0, "options": on_platform(expires=55)},
    "remind of papers": {"task": "site.remind_of_papers", "schedule": crontab(hour=7, minute=50), "options": on_platform()},
    "make partitions": {"task": "audit.make_partitions", "schedule": crontab(hour=3, minute=10), "options": on_platform()},
    "retire partitions": {"task": "audit.retire_partitions", "schedule": crontab(hour=3, minute=40), "options": on_platform()},
    "close expired exams": {
        "task": "apps.exams.tasks.close_expired_everywhere",
        "schedule": 60.0,
        "options": on_platform(expires=55),
    },
    "mend marking": {"task": "exams.mend_marking", "schedule": 60.0, "options": on_platform(expires=55)},
    "go on with imports of questions": {
        "task": "exams.revive_imports",
        "schedule": crontab(minute="*/5"),
        "options": on_platform(expires=280),
    },
    "count exam statistics": {
        "task": "exams.count_everywhere",
        "schedule": crontab(minute="*/10"),
        "options": on_platform(expires=500),
    },
    "tell of exams that cannot be drawn": {
        "task": "exams.tell_impossible_papers",
        "schedule": crontab(hour=8, minute=10),
        "options": on_platform(),
    },
    "close idle study sessions": {"task": "learning.tasks.close_idle", "schedule": 60.0, "options": on_platform(expires=55)},
    "clear abandoned uploads": {"task": "uploads.sweep", "schedule": crontab(minute=25), "options": on_platform(expires=3000)},
    "seal files that lie in clear": {
        "task": "uploads.seal_clear",
        "schedule": crontab(minute=40),
        "options": on_platform(expires=3000),
    },
    "revive media jobs": {"task": "catalogue.revive_media", "schedule": 60.0, "options": on_platform(expires=55)},
    "watch terms of rights": {"task": "rights.watch_terms", "schedule": crontab(minute=5), "options": on_platform(expires=3000)},
    "open due re-reviews": {
        "task": "review.open_due_rereviews",
        "schedule": crontab(hour=4, minute=20),
        "options": on_platform(),
    },
    "report how courses do": {
        "task": "plans.tasks.report_quality",
        "schedule": crontab(hour=1, minute=30),
        "options": on_platform(),
    },
    "remind to sign": {"task": "plans.tasks.remind_to_sign", "schedule": crontab(hour=9, minute=20), "options": on_platform()},
    "tell of course news": {
        "task": "plans.tell_course_news",
        "schedule": crontab(minute="*/10"),
        "options": on_platform(expires=500),
    },
    "follow assignment rules": {
        "task": "plans.tasks.follow_rules_everywhere",
        "schedule": crontab(hour=0, minute=40),
        "options": on_platform(),
    },
    "open yearly refreshers": {
        "task": "plans.tasks.renew_everywhere",
        "schedule": crontab(hour=1, minute=10),
        "options": on_platform(),
    },
    "remind of deadlines": {
        "task": "plans.tasks.remind_everywhere",
        "schedule": crontab(hour=9, minute=0),
        "options": on_platform(),
    },
    "tell decided answers": {"task": "answers.tell_again", "schedule": 60.0, "options": on_platform(expires=55)},
    "remind of unanswered questions": {
        "task": "community.remind_unanswered",
        "schedule": crontab(hour=9, minute=10),
        "options": on_platform(),
    },
    "remind of trainers": {
        "task": "plans.tasks.remind_of_trainers",
        "schedule": crontab(hour=9, minute=40),
        "options": on_platform(),
    },
    "seal ledgers": {"task": "records.seal_everywhere", "schedule": 1800.0, "options": on_platform(expires=1700)},
    "block unused operators": {"task": "operators.block_stale", "schedule": crontab(hour=4, minute=5), "options": on_platform()},
    "mail notices to operators": {"task": "operators.send_notices", "schedule": 60.0, "options": on_platform(expires=55)},
    "end requests that nobody decided": {
        "task": "operators.lapse_changes",
        "schedule": crontab(minute=45),
        "options": on_platform(expires=3000),
    },
    "seal the audit log": {"task": "audit.seal", "schedule": 300.0, "options": on_platform(expires=290)},
    "verify the newest of the audit log": {
        "task": "audit.verify",
        "schedule": crontab(hour=4, minute=30, day_of_week="1-6"),
        "options": on_platform(),
    },
    "verify all of the audit log": {
        "task": "audit.verify",
        "schedule": crontab(hour=4, minute=30, day_of_week="0"),
        "kwargs": {"everything": True},
        "options": on_platform(),
    },
    "settle heads": {"task": "seals.settle", "schedule": 20.0, "options": on_platform(expires=18)},
    "settle all heads": {
        "task": "seals.settle",
        "schedule": crontab(hour=1, minute=20),
        "kwargs": {"everything": True},
        "options": on_platform(),
    },
    "keep old months": {"task": "records.keep_everywhere", "schedule": crontab(hour=2, minute=5), "options": on_platform()},
    "forget restored and exported files": {
        "task": "records.forget_orders",
        "schedule": crontab(minute=55),
        "options": on_platform(expires=3000),
    },
    "watch complaints": {"task": "complaints.watch", "schedule": 60.0, "options": on_platform(expires=55)},
    "forget complainants": {"task": "complaints.forget", "schedule": crontab(hour=4, minute=5), "options": on_platform()},
    "watch help tickets": {"task": "helpdesk.watch", "schedule": 60.0, "options": on_platform(expires=55)},
    "forget askers": {"task": "helpdesk.forget", "schedule": crontab(hour=4, minute=15), "options": on_platform()},
    "count figures for authorities": {"task": "portal.count", "schedule": crontab(hour=1, minute=5), "options": on_platform()},
    "watch rectification notices": {
        "task": "portal.watch",
        "schedule": crontab(hour="8-18", minute=35),
        "options": on_platform(expires=3000),
    },
    "tell decided appeals": {"task": "appeals.tell_again", "schedule": 60.0, "options": on_platform(expires=55)},
    "rank courses": {"task": "search.tasks.recount_quality", "schedule": crontab(hour=2, minute=30), "options": on_platform()},
    "mend the search index": {"task": "search.tasks.reindex", "schedule": crontab(hour=2, minute=50), "options": on_platform()},
    "take up waiting face checks": {"task": "people.revive_faces", "schedule": 60.0, "options": on_platform(expires=55)},
    "send waiting notices": {"task": "people.revive_notices", "schedule": 60.0, "options": on_platform(expires=55)},
    "tell of ending certificates": {
        "task": "people.watch_qualifications",
        "schedule": crontab(hour=8, minute=20),
        "options": on_platform(),
    },
    "forget old notices": {"task": "people.forget_notices", "schedule": crontab(hour=3, minute=50), "options": on_platform()},
    "watch requests about personal data": {
        "task": "people.watch_privacy",
        "schedule": crontab(minute=15),
        "options": on_platform(expires=3000),
    },
    "forget old worker lists": {
        "task": "people.forget_rosters",
        "schedule": crontab(hour=3, minute=40),
        "options": on_platform(),
    },
    "tell refused registrations": {
        "task": "people.tell_refused_everywhere",
        "schedule": crontab(minute=35),
        "options": on_platform(expires=3000),
    },
    "forget old inspection packages": {
        "task": "plans.forget_packages",
        "schedule": crontab(minute=50),
        "options": on_platform(expires=3000),
    },
    "carry key rotations on": {"task": "tenants.tasks.rotate_keys", "schedule": 60.0, "options": on_platform(expires=55)},
    "forget old packages of files": {
        "task": "records.forget_archives",
        "schedule": crontab(minute=55),
        "options": on_platform(expires=3000),
    },
    "tell of ending training certificates": {
        "task": "plans.remind_of_certificates",
        "schedule": crontab(hour=8, minute=40),
        "options": on_platform(),
    },
    "forget old certificate batches": {
        "task": "plans.forget_certificate_batches",
        "schedule": crontab(minute=55),
        "options": on_platform(expires=3000),
    },
    "exchange with authorities": {"task": "exchange.pump", "schedule": 5.0, "options": on_platform(expires=5)},
    "give older records to new partners": {"task": "exchange.look_back", "schedule": 60.0, "options": on_platform(expires=55)},
    "close days with authorities": {
        "task": "exchange.reconcile",
        "schedule": crontab(hour=0, minute="20,50"),
        "options": on_platform(),
    },
    "send days to authorities": {
        "task": "exchange.send_days",
        "schedule": crontab(minute="*/10"),
        "options": on_platform(expires=500),
    },
    "collect receipts of files": {
        "task": "exchange.collect",
        "schedule": crontab(minute="*/5"),
        "options": on_platform(expires=280),
    },
    "thin settled deliveries": {"task": "exchange.thin", "schedule": crontab(hour=3, minute=20), "options": on_platform()},
    "push what waits": {"task": "openapi.revive_hooks", "schedule": crontab(minute="*/5"), "options": on_platform(expires=280)},
    "tidy the open interface": {"task": "openapi.tidy", "schedule": crontab(hour=5, minute=20), "options": on_platform()},
    "fill the schema pool": {"task": "tenants.tasks.fill_pool", "schedule": 30.0, "options": on_platform(expires=25)},
}
