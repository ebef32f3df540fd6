"""Mail through Django, to the server that ``EMAIL_URL`` names."""

import smtplib
from email.errors import HeaderParseError

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMessage

from apps.people.ports import NotSent


class DjangoMailer:
    """Sends plain text, one mail for one person."""

    @property
    def is_ready(self) -> bool:
        """Whether ``EMAIL_URL`` is set."""
        return bool(settings.MAIL_READY)

    def send(self, *, to: str, subject: str, text: str) -> None:
        """See :class:`apps.people.ports.Mailer`. The subject is one line, whatever the enterprise is called."""
        if not self.is_ready:
            raise NotSent("not_configured", again=False)
        try:
            EmailMessage(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [to]).send()
        except smtplib.SMTPRecipientsRefused as error:
            raise _meaning(error) from None
        except (smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPAuthenticationError):
            raise NotSent("mail_down", again=True) from None  # our own server takes nothing from us now: no fault of this mail
        except smtplib.SMTPResponseException as error:
            raise NotSent("mail_down" if error.smtp_code < 500 else "mail_refused", again=error.smtp_code < 500) from None
        except (BadHeaderError, HeaderParseError, UnicodeError):
            raise NotSent("mail_refused", again=False) from None
        except (smtplib.SMTPException, OSError):
            raise NotSent("mail_down", again=True) from None


def _meaning(error: smtplib.SMTPRecipientsRefused) -> NotSent:
    """4xx is for now (greylisting), 5xx for good (RFC 5321 4.2.1)."""
    codes = [code for code, _words in error.recipients.values()]
    for_now = any(400 <= code < 500 for code in codes)
    return NotSent("mail_down" if for_now else "mail_refused", again=for_now)
