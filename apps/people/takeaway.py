"""How sealed columns of people are opened when the enterprise takes everything along: it owns these numbers, and needs them elsewhere."""

from collections.abc import Callable
from functools import partial

from apps.people import sealing
from apps.people.notify.choosing import MAIL
from apps.people.notify.choosing import MOBILE as NOTICE_MOBILE
from apps.people.organisation.qualifications import NUMBER
from apps.people.privacy.correcting import PURPOSE as WANTED
from apps.records.api import OPENERS

COLUMNS = {
    "people.learner.id_sealed": sealing.ID,
    "people.learner.mobile_sealed": sealing.MOBILE,
    "people.application.id_sealed": sealing.ID,
    "people.application.mobile_sealed": sealing.MOBILE,
    "people.phonechange.mobile_sealed": sealing.MOBILE,
    "people.qualification.number_sealed": NUMBER,
    "people.noticechoice.mail_sealed": MAIL,
    "people.noticechoice.mobile_sealed": NOTICE_MOBILE,
    "people.privacyrequest.wanted_sealed": WANTED,
}
"""Column to the purpose that it is sealed for. Keys of robots and directories, and whatever is a face, are not here."""


def plug() -> None:
    """Tell the record how each is opened."""
    for column, purpose in COLUMNS.items():
        opener: Callable[[bytes], str] = partial(_opened, purpose=purpose)
        OPENERS.text(column, opener)


def _opened(sealed: bytes, *, purpose: str) -> str:
    return sealing.unseal(sealed, purpose)
