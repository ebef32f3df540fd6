"""App configuration."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Training plans from the law's templates, course selection, assignments."""

    name = "apps.plans"
    label = "plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Follow people through their units, make the kinds of notice known, tell files what plans know."""
        from apps.plans import notices, privacy
        from apps.plans.certificates import telling as telling_of_certificates
        from apps.plans.classes import telling as telling_of_classes
        from apps.plans.filing import telling as telling_of_files
        from apps.plans.filing.class_file import ClassesOfFiles
        from apps.plans.filing.for_authorities import TrainingsOfPortal
        from apps.plans.filing.for_complaints import RecordsOfComplaints
        from apps.plans.filing.trainings import TrainingsOfFiles
        from apps.plans.running import receivers
        from apps.plans.running.wording import register_notices
        from apps.plans.signing import telling
        from apps.plans.takeaway import plug
        from apps.records.api import CLASS_FILES, TRAININGS
        from public.complaints.api import RECORDS as COMPLAINED_OF
        from public.portal.api import TRAININGS as OF_PORTAL

        receivers.connect()
        register_notices()
        telling.register()
        telling_of_classes.register()
        telling_of_certificates.register()
        notices.register()
        telling_of_files.register()
        TRAININGS.plug(TrainingsOfFiles())
        CLASS_FILES.plug(ClassesOfFiles())
        COMPLAINED_OF.plug(RecordsOfComplaints())
        OF_PORTAL.plug(TrainingsOfPortal())
        privacy.register()
        plug()
