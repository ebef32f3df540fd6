"""Who waits for whom among the workers: long work has a line of its own, and nobody rings a bell that no worker hears."""

from celery import current_app

from infra.wiring import demo


def queue_of(task: str) -> str:
    """Return the queue that a task goes to; the one of most is ``celery``."""
    options = current_app.amqp.router.route({}, task)
    return getattr(options.get("queue"), "name", None) or current_app.conf.task_default_queue


def heard() -> set[str]:
    """Return the queues that the demo's workers take from."""
    workers = [part.command for part in demo._parts(8000) if "worker" in part.command]
    return {line[line.index("-Q") + 1] if "-Q" in line else "celery" for line in workers}


def test_an_import_does_not_wait_for_films():
    assert queue_of("catalogue.make_media") != queue_of("apps.people.tasks.import_roster")


def test_the_demo_hears_every_queue():
    routed = {name: queue_of(name) for name in current_app.conf.task_routes}
    assert heard() == {"celery", *routed.values()}
