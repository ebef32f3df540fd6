"""Front door: who people are, who is asking, and the writes others may need."""

from apps.people.access import (
    declares,
    is_visit,
    learner_auth,
    learner_page,
    manager_auth,
    manager_page,
    manager_with,
    open_when_restricted,
    permissions,
    profile,
    within,
)
from apps.people.announcements.readers import unread as unread_announcements
from apps.people.belonging import UnitNode, Units, belongs, below, is_within, real, unit_tree
from apps.people.choosing import ROLES, Choice, ChoiceKind, chosen, hazards
from apps.people.events import learners_changed
from apps.people.identity.checks import check_face, check_of
from apps.people.identity.consent import choose_method, withdraw
from apps.people.identity.liveness import start as start_liveness
from apps.people.identity.phone import enter_code as enter_identity_code
from apps.people.identity.phone import send_code as send_identity_code
from apps.people.identity.phone import send_signing_code, use_signing_code
from apps.people.identity.proofs import identity_of, note_proof, require_identity
from apps.people.identity.shapes import FaceCheckView, IdentityView, LivenessView
from apps.people.managing import managers
from apps.people.notify.choosing import deciding_managers
from apps.people.notify.inbox import newest_notices, unread_notices
from apps.people.notify.kinds import register_notice
from apps.people.notify.port import notify, notify_all
from apps.people.organisation.demo import order_demo
from apps.people.organisation.positions import posts
from apps.people.organisation.qualifications import counts as qualification_counts
from apps.people.paging import change_learner, learners_about, learners_after, open_learner, withheld
from apps.people.permissions import FOR_ANYBODY, Permission
from apps.people.privacy.erasing import add_files as add_files_to_withdraw
from apps.people.privacy.erasing import add_hold as add_erasure_hold
from apps.people.privacy.holdings import Fate, Holding, Subject, drop_files, register_holdings
from apps.people.privacy.holdings import File as HeldFile
from apps.people.privacy.holdings import exempt as exempt_from_export
from apps.people.privacy.informing import notice_due as privacy_notice_due
from apps.people.privacy.queries import waiting_count as waiting_privacy_requests
from apps.people.queries import (
    active_ids,
    count_learners,
    count_signed_in,
    learner,
    learner_by_uuid,
    learners,
    managers_who,
    names_of,
    names_within,
    search_learners,
    subjects,
    units,
)
from apps.people.queries import views as learner_views
from apps.people.rules import person_key
from apps.people.samples import RemovedSamples, add_samples, has_samples, is_removable, remove_samples
from apps.people.sealing import seal_bytes, unseal_bytes
from apps.people.services import add_learner, archive_learner, open_owner, restore_learner
from apps.people.shapes import LearnerView, ManagerView, Profile
from apps.people.terminals import COOKIE as TERMINAL_COOKIE
from apps.people.terminals import remember as remember_terminal
from apps.people.terminals import require_terminal, terminal_of
from apps.people.tokens import entry_token

__all__ = [
    "FOR_ANYBODY",
    "ROLES",
    "TERMINAL_COOKIE",
    "Choice",
    "ChoiceKind",
    "FaceCheckView",
    "Fate",
    "HeldFile",
    "Holding",
    "IdentityView",
    "LearnerView",
    "LivenessView",
    "ManagerView",
    "Permission",
    "Profile",
    "RemovedSamples",
    "Subject",
    "UnitNode",
    "Units",
    "active_ids",
    "add_erasure_hold",
    "add_files_to_withdraw",
    "add_learner",
    "add_samples",
    "archive_learner",
    "belongs",
    "below",
    "change_learner",
    "check_face",
    "check_of",
    "choose_method",
    "chosen",
    "count_learners",
    "count_signed_in",
    "deciding_managers",
    "declares",
    "drop_files",
    "enter_identity_code",
    "entry_token",
    "exempt_from_export",
    "has_samples",
    "hazards",
    "identity_of",
    "is_removable",
    "is_visit",
    "is_within",
    "learner",
    "learner_auth",
    "learner_by_uuid",
    "learner_page",
    "learner_views",
    "learners",
    "learners_about",
    "learners_after",
    "learners_changed",
    "manager_auth",
    "manager_page",
    "manager_with",
    "managers",
    "managers_who",
    "names_of",
    "names_within",
    "newest_notices",
    "note_proof",
    "notify",
    "notify_all",
    "open_learner",
    "open_owner",
    "open_when_restricted",
    "order_demo",
    "permissions",
    "person_key",
    "posts",
    "privacy_notice_due",
    "profile",
    "qualification_counts",
    "real",
    "register_holdings",
    "register_notice",
    "remember_terminal",
    "remove_samples",
    "require_identity",
    "require_terminal",
    "restore_learner",
    "seal_bytes",
    "search_learners",
    "send_identity_code",
    "send_signing_code",
    "start_liveness",
    "subjects",
    "terminal_of",
    "unit_tree",
    "units",
    "unread_announcements",
    "unread_notices",
    "unseal_bytes",
    "use_signing_code",
    "waiting_privacy_requests",
    "withdraw",
    "withheld",
    "within",
]
