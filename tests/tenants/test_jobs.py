"""Background tasks, through a real broker and a real worker: they run where they were sent from, or not at all."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from celery import Celery, current_app
from celery.contrib.testing.worker import start_worker
from django.conf import settings

from tenants.accounts.models import Credential
from tenants.api import current_site, everywhere
from tenants.headers import HEADER, on_platform
from tenants.jobs import ScopedTask
from tenants.scope import NoScope, current, enterprise_scope, platform_scope, require, using

answers: queue.Queue[tuple[object, ...]] = queue.Queue()
app = Celery("trial", task_cls=ScopedTask, set_as_current=False)
app.conf.update(settings.CELERY)
app.conf.broker_url = settings.REDIS_URL.rsplit("/", 1)[0] + "/1"  # the tests' own: database 0 is emptied for each test


@app.task(name="trial.where")
def where(word: str = "") -> None:
    """Tell the place, and whose rows are seen from it."""
    answers.put((require().schema, Credential.objects.values_list("name", flat=True).first(), word))


@app.task(name="trial.again", bind=True, max_retries=2)
def again(self: ScopedTask) -> None:
    """Fail once, then tell the place."""
    answers.put((require().schema, self.request.retries))
    if self.request.retries == 0:
        raise self.retry(countdown=0)


@app.task(name="trial.sender")
def sender() -> None:
    """Send another task from within a task."""
    where.delay("from within")


@contextmanager
def worker() -> Iterator[None]:
    while not answers.empty():
        answers.get()
    app.control.purge()
    ours = current_app._get_current_object()
    try:
        with using(None), start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=20):
            yield
    finally:  # a worker makes its application the process's: the product's tasks would go to the tests' broker from now on
        ours.set_current()
        ours.set_default()


def test_a_task_sent_from_nowhere_is_refused():
    with using(None), pytest.raises(NoScope):
        where.delay()


def test_a_task_called_like_a_function_runs_where_one_stands_or_is_refused(twenty):
    while not answers.empty():
        answers.get()
    with enterprise_scope(twenty[0]):
        where("direct")
    assert answers.get(timeout=1) == (twenty[0].schema_name, twenty[0].schema_name, "direct")
    with using(None), pytest.raises(NoScope):
        where()


@pytest.mark.req("S2")
def test_each_task_runs_in_the_enterprise_that_sent_it(twenty):
    with worker():
        for round_number in range(3):
            for site in twenty:
                with enterprise_scope(site):
                    where.delay(f"{round_number} {site.schema_name}")
        found = [answers.get(timeout=20) for _ in range(60)]
    assert len(found) == 60
    for schema, marker, word in found:
        assert str(word).endswith(str(schema))
        assert marker == schema


@pytest.mark.req("S2")
def test_a_task_that_arrives_without_a_place_or_with_a_wrong_one_never_begins(twenty):
    with worker():
        app.send_task("trial.where", args=["no place"])
        app.send_task("trial.where", args=["unknown"], headers={HEADER: "e_000000000000"})
        app.send_task("trial.where", args=["template"], headers={HEADER: "tpl_7f3a9c41d2"})
        app.send_task("trial.where", args=["climbing"], headers={HEADER: "pg_catalog"})
        with enterprise_scope(twenty[0]):
            where.delay("good")
        assert answers.get(timeout=20)[2] == "good"
        assert answers.empty()
    with app.connection_for_read() as link:
        assert link.default_channel.client.llen("celery") == 0, "and none of them comes again"


def test_retries_and_tasks_sent_by_tasks_stay_in_their_enterprise(twenty):
    site = twenty[3]
    with worker():
        with enterprise_scope(site):
            again.delay()
            sender.delay()
        found = {answers.get(timeout=20) for _ in range(3)}
    assert found == {(site.schema_name, 0), (site.schema_name, 1), (site.schema_name, site.schema_name, "from within")}


def test_the_schedule_works_on_the_platform(twenty):
    with worker():
        with using(None):
            where.apply_async(args=["beat"], **on_platform())
        assert answers.get(timeout=20)[0] == "public"
        with platform_scope():
            where.delay("by hand")
        assert answers.get(timeout=20)[0] == "public"
    assert current() is None


def test_every_scheduled_task_names_the_platform():
    from infra.wiring.celery import app as product

    for name, entry in product.conf.beat_schedule.items():
        assert entry["options"]["headers"] == {HEADER: "public"}, name
    assert issubclass(product.Task, ScopedTask)


def test_an_enterprise_where_something_fails_stops_no_other(database, jia, yi, caplog):
    seen = []

    def do():
        seen.append(current_site().schema_name)
        if seen[-1] == jia.schema_name:
            raise ValueError("what one enterprise has")
        return 1

    done = everywhere(do)
    assert {jia.schema_name, yi.schema_name} <= set(seen)
    assert done == len(seen) - 1
    assert jia.schema_name in caplog.text
