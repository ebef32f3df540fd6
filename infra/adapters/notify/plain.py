"""Mail of the platform itself (to complainants, to its own people), by the same server as all mail."""

from apps.people.ports import NotSent
from infra.adapters.notify.mail import DjangoMailer
from tenants.errors import Unavailable


class PlainMail:
    """Fills `tenants.ports.MAIL`."""

    @property
    def is_ready(self) -> bool:
        """See :class:`tenants.ports.Mail`."""
        return DjangoMailer().is_ready

    def send(self, *, to: str, subject: str, text: str) -> bool:
        """See :class:`tenants.ports.Mail`."""
        try:
            DjangoMailer().send(to=to, subject=subject, text=text)
        except NotSent as error:
            if error.again:
                raise Unavailable from error
            return False
        return True
