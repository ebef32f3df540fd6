"""Rows of the shared catalogue. Public rows are retired, never deleted (but `forgetting`); a published version never changes."""

from public.catalogue.models.courses import Chapter, Course, CourseVersion, Courseware, Topic
from public.catalogue.models.log import Notice, PublishLog
from public.catalogue.models.media import MediaAsset
from public.catalogue.models.quizzes import Quiz
from public.catalogue.models.requirements import TrainingRequirement
from public.catalogue.models.trainers import Trainer, TrainerQualification

__all__ = [
    "Chapter",
    "Course",
    "CourseVersion",
    "Courseware",
    "MediaAsset",
    "Notice",
    "PublishLog",
    "Quiz",
    "Topic",
    "Trainer",
    "TrainerQualification",
    "TrainingRequirement",
]
