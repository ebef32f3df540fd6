"""Mail to complainants who left no phone, by the same server as all mail."""

from apps.people.ports import NotSent
from infra.adapters.notify.mail import DjangoMailer
from tenants.errors import Unavailable


class MailToComplainants:
    """Fills `public.complaints.ports.MAIL`."""

    def send(self, *, to: str, subject: str, text: str) -> bool:
        """See :class:`public.complaints.ports.Mail`."""
        try:
            DjangoMailer().send(to=to, subject=subject, text=text)
        except NotSent as error:
            if error.again:
                raise Unavailable from error
            return False
        return True
