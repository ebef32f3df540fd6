"""Which plug goes into which socket, by settings."""

from django.conf import settings

from apps.exams.papers.ports import PAPER_PRINTER
from apps.openapi.hooks.ports import CARRIER as HOOK_CARRIER
from apps.people.ports import AUTHORITY, DIRECTORY, FACES, MAILER, POSTER, ROBOTS, SSO
from apps.plans.classes.ports import CLASS_PRINTER
from apps.plans.ports import REPORTS
from apps.records.ports import FILE_PRINTER, PRINTER, SIGNER, DocumentSigner
from infra.adapters.directory import LdapDirectory
from infra.adapters.exchange import Carriers
from infra.adapters.face import authority_of
from infra.adapters.face.local import LocalFaces
from infra.adapters.hooks import HttpCarrier
from infra.adapters.kms import service_of
from infra.adapters.notify.mail import DjangoMailer
from infra.adapters.notify.plain import PlainMail
from infra.adapters.notify.robots import WebhookRobots
from infra.adapters.pdf import ClassPrinter, FilePress, PaperPress, PosterPress, TypstPrinter, TypstReports
from infra.adapters.scan.clamd import ClamdScanner
from infra.adapters.scan.none import NoScanner
from infra.adapters.sms.outbox import OutboxSms
from infra.adapters.sso import OutsideSignOn
from infra.kit.envelope import ALGORITHMS
from infra.kit.ports import KMS
from public.catalogue.ports import PIPELINE, STUDIO, Pipeline, Studio
from public.regulators.api import document_key
from public.regulators.ports import CARRIER
from public.uploads.ports import INSPECTOR, SCANNER, Inspector
from tenants.ports import MAIL, SMS


def connect() -> None:
    """Fill every socket that lower floors declare. Called once at start-up."""
    from infra.adapters.sms import checks  # noqa: F401

    _keys()
    _studio()
    _sms()
    FACES.plug(LocalFaces())
    AUTHORITY.plug(authority_of(settings.FACE_AUTHORITY_URL))
    PRINTER.plug(TypstPrinter())
    FILE_PRINTER.plug(FilePress())
    SIGNER.plug_later(_signer)
    POSTER.plug(PosterPress())
    SSO.plug(OutsideSignOn())
    DIRECTORY.plug(LdapDirectory(allowed=settings.DIRECTORY_NETWORKS))
    CARRIER.plug(
        Carriers(allowed=settings.EXCHANGE_NETWORKS, drop_folder=settings.EXCHANGE_DROP_FOLDER, may_try_here=settings.DEV_TOOLS)
    )
    MAILER.plug(DjangoMailer())
    MAIL.plug(PlainMail())
    ROBOTS.plug(WebhookRobots(settings.ROBOT_ENDPOINTS))
    HOOK_CARRIER.plug(HttpCarrier(allowed=settings.HOOK_NETWORKS))
    REPORTS.plug(TypstReports())
    CLASS_PRINTER.plug(ClassPrinter())
    PAPER_PRINTER.plug(PaperPress())


def _signer() -> DocumentSigner:
    from infra.adapters.pdf.signing import PadesSigner  # pyHanko takes a third of a second to load, and few processes sign

    return PadesSigner(document_key, tsa_url=settings.TSA_URL)


def _keys() -> None:
    KMS.plug(
        service_of(
            settings.KMS_URL,
            former_url=settings.KMS_FORMER_URL,
            secret=settings.SEALING_SECRET,
            algorithm=ALGORITHMS[settings.SEALING_ALGORITHM],
        )
    )


def _studio() -> None:
    STUDIO.plug_later(_slides)
    PIPELINE.plug_later(_pipeline)
    INSPECTOR.plug_later(_inspector)
    SCANNER.plug(ClamdScanner(settings.SCANNER_URL) if settings.SCANNER_URL else NoScanner())


def _slides() -> Studio:
    from infra.adapters.media.studio import (
        SlideStudio,
    )  # with FFmpeg's libraries, as the two below: 20 MB that few processes need

    return SlideStudio()


def _pipeline() -> Pipeline:
    from infra.adapters.media.pipeline import MediaPipeline

    return MediaPipeline()


def _inspector() -> Inspector:
    from infra.adapters.media.inspector import FileInspector

    return FileInspector()


def _sms() -> None:
    # Production leaves the socket empty until a vendor is configured; the boot check then refuses to start.
    if settings.DEV_TOOLS:
        SMS.plug(OutboxSms())
