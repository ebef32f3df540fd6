"""Front door: who people are, who is asking, and the writes others may need."""

from apps.people.access import learner_auth, learner_page, manager_auth, manager_page, profile
from apps.people.queries import count_learners, learner, learner_by_uuid, learners, search_learners, units
from apps.people.rules import person_key
from apps.people.services import add_learner, archive_learner, open_owner, restore_learner
from apps.people.shapes import LearnerView, ManagerView, Profile
from apps.people.tokens import entry_token

__all__ = [
    "LearnerView",
    "ManagerView",
    "Profile",
    "add_learner",
    "archive_learner",
    "count_learners",
    "entry_token",
    "learner",
    "learner_auth",
    "learner_by_uuid",
    "learner_page",
    "learners",
    "manager_auth",
    "manager_page",
    "open_owner",
    "person_key",
    "profile",
    "restore_learner",
    "search_learners",
    "units",
]
