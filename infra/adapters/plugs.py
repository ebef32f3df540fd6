"""Which plug goes into which socket, by settings."""

from django.conf import settings

from apps.records.ports import PRINTER
from infra.adapters.media.studio import SlideStudio
from infra.adapters.pdf import TypstPrinter
from infra.adapters.sms.outbox import OutboxSms
from public.catalogue.ports import STUDIO
from tenants.ports import SMS


def connect() -> None:
    """Fill every socket that lower floors declare. Called once at start-up."""
    from infra.adapters.sms import checks  # noqa: F401

    _studio()
    _sms()
    PRINTER.plug(TypstPrinter())


def _studio() -> None:
    STUDIO.plug(SlideStudio())


def _sms() -> None:
    # Production leaves the socket empty until a vendor is configured; the boot check then refuses to start.
    if settings.DEV_TOOLS:
        SMS.plug(OutboxSms())
