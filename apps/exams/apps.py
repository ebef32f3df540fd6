"""App configuration."""

from django.apps import AppConfig


class ExamsConfig(AppConfig):
    """Papers drawn from the bank, attempts and results."""

    name = "apps.exams"
    label = "exams"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let exams speak for the courses they belong to, and tell plans how they went."""
        from apps.exams import privacy
        from apps.exams.feedback import exam_figures
        from apps.exams.figures import ExamFigures
        from apps.exams.filed import PapersOfFiles
        from apps.exams.marking import telling
        from apps.exams.mistakes import receivers as news_of_answers
        from apps.exams.mistakes.home import due_today
        from apps.exams.papers import watching
        from apps.exams.papers.plug import Papers
        from apps.exams.sitting import receivers  # noqa: F401
        from apps.exams.sitting.home import running
        from apps.plans.api import EXAMS, PAPERS, add_home_part, add_quality_source
        from apps.records.api import PAPERS as PAPERS_OF_FILES

        add_quality_source(exam_figures)
        EXAMS.plug(ExamFigures())
        PAPERS.plug(Papers())
        PAPERS_OF_FILES.plug(PapersOfFiles())
        telling.register()
        add_home_part(running)
        add_home_part(due_today)
        news_of_answers.connect()
        watching.register()
        privacy.register()
