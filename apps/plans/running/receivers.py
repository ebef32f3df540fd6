"""News from other rooms that plans follow."""

from typing import Any

from apps.people import api as people
from tenants.ringing import ring


def connect() -> None:
    """Listen, from start on."""
    people.learners_changed.connect(follow_people, dispatch_uid="plans.follow_people")


def follow_people(**_about: Any) -> None:
    """Ring for the rules. Without a broker nobody is lost: they are gone through every night."""
    from apps.plans.tasks import follow_rules

    ring(follow_rules)
