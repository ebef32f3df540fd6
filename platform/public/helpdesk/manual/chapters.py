"""Which chapters the manual has, for whom, and of which pages each tells. A page's help opens its own chapter first.

``pages`` are names of addresses; one that ends with ``*`` stands for all that begin so. The longest that fits wins.
"""

from dataclasses import dataclass
from functools import cache

from public.helpdesk.models import Audience


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter. ``key``: role and name, ``learner/study``."""

    key: str
    audience: str
    icon: str
    pages: tuple[str, ...] = ()

    @property
    def role(self) -> str:
        """The folder, ``learner``."""
        return self.key.partition("/")[0]

    @property
    def name(self) -> str:
        """The file, ``study``."""
        return self.key.partition("/")[2]


_L, _M, _T, _O, _R, _P = (
    Audience.LEARNER.value, Audience.MANAGER.value, Audience.TRAINER.value, Audience.OPERATOR.value, Audience.REGULATOR.value, Audience.PUBLIC.value,
)  # fmt: skip
CHAPTERS = (
    Chapter("learner/start", _L, "login", ("sign-in*", "signed-in", "sso-*", "join*", "enter", "set-password", "me*", "learn-home", "learn-me", "learn-messages*")),
    Chapter("learner/study", _L, "player-play", ("learn-course", "learn-plans", "learn-player", "learn-quiz*", "learn-void*")),
    Chapter("learner/checks", _L, "user-scan", ("learn-identity*", "learn-privacy*")),
    Chapter("learner/exam", _L, "writing", ("learn-similar", "learn-mistake*", "learn-exam*", "learn-mistakes*", "learn-practice*")),
    Chapter("learner/records", _L, "certificate", ("learn-archive*", "learn-sign*", "learn-data*", "signature-*", "certificate-*")),
    Chapter("manager/start", _M, "rocket", ("console", "console-first-steps*", "console-samples*", "console-figures*")),
    Chapter(
        "manager/people", _M, "users",
        ("console-people*", "console-invite*", "console-requests*", "console-phones*", "console-units*", "console-positions*", "console-qualification*"),
    ),
    Chapter("manager/plans", _M, "clipboard-list", ("console-preview*", "console-plan*", "console-exemption*", "console-course*", "console-selection", "console-compare")),
    Chapter("manager/monitor", _M, "device-tv", ("console-live*", "console-appeal*", "console-identity*", "console-unlock")),
    Chapter(
        "manager/exams", _M, "file-text",
        ("console-attempt*", "console-mark*", "console-bank*", "console-paper*", "console-marking*", "console-exam*", "console-weak*"),
    ),
    Chapter(
        "manager/archive", _M, "archive",
        ("console-revocation*", "console-archive*", "console-signing*", "console-objection", "console-certificate*", "console-inspection*", "console-correction*", "console-retention*", "console-rectification*", "inspect*"),
    ),
    Chapter(
        "manager/settings", _M, "settings",
        ("console-managers*", "console-sign-in*", "console-deliver*", "console-robot*", "console-notice-settings", "console-messages*", "console-history", "console-privacy*", "console-log", "console-platform-access"),
    ),
    Chapter("manager/company", _M, "building", ("console-company*", "visit-*")),
    Chapter("manager/interfaces", _M, "plug-connected", ("console-interfaces*", "open-api-*")),
    Chapter("trainer/courses", _T, "pencil", ("console-rights*", "console-own*", "console-notices*", "desk-authoring*", "desk-media*", "desk-subtitles*")),
    Chapter("trainer/classes", _T, "chalkboard", ("console-room*", "console-trainer*", "console-class*", "learn-class*")),
    Chapter("trainer/answers", _T, "messages", ("console-rating*", "learn-ask", "learn-course-questions", "console-question*", "console-ratings*", "desk-answer*", "learn-question*", "learn-rat*")),
    Chapter(
        "operator/review", _O, "checklist",
        ("desk-claim", "desk-finding", "desk-pin", "desk-teacher*", "desk-course*", "desk-review*", "desk-my-reviews", "desk-law*", "desk-judge", "desk-question*", "desk-topic*", "desk-rights*", "desk-rereview", "desk-remark*", "desk-quality*"),
    ),
    Chapter(
        "operator/daily", _O, "layout-dashboard",
        ("desk", "desk-sign-in", "desk-code", "desk-monitor*", "desk-appeal*", "desk-complaint*", "desk-facts", "desk-privacy*", "desk-keys*", "desk-csp", "desk-certificate*"),
    ),
    Chapter("operator/enterprises", _O, "building", ("desk-enterprise*", "desk-verification*", "desk-visit*", "desk-end*", "desk-destruction*", "desk-life*")),
    Chapter("operator/site", _O, "speakerphone", ("desk-announcement*", "desk-notices", "desk-status*", "desk-load*", "desk-timing*", "desk-incident*", "desk-site-paper*")),
    Chapter("operator/exchange", _O, "transfer", ("desk-exchange*", "exchange-contract*")),
    Chapter(
        "operator/administrators", _O, "shield-lock",
        ("desk-activate", "desk-security", "desk-password", "desk-passkey*", "desk-mail*", "desk-people", "desk-person*", "desk-change*", "desk-polic*", "desk-audit*", "desk-exchanges"),
    ),
    Chapter("operator/help", _O, "help", ("desk-help*", "desk-faq*")),
    Chapter("regulator/portal", _R, "building-bank", ("regulator*",)),
    Chapter("public/open", _P, "building", ("home", "sign-up*")),
    Chapter("public/verify", _P, "shield-check", ("verify*", "public-keys", "document-root")),
    Chapter("public/platform", _P, "activity-heartbeat", ("status*", "announcement*", "qualification*")),
    Chapter("public/help", _P, "lifebuoy", ("supervision", "complaint*", "privacy", "privacy-versions", "help*", "manual*")),
)  # fmt: skip
BY_KEY = {one.key: one for one in CHAPTERS}


@cache
def of_page(name: str) -> Chapter | None:
    """Return the chapter that tells of a page, by the name of its address; None for a page that no chapter knows."""
    best: tuple[int, Chapter | None] = (-1, None)
    for chapter in CHAPTERS:
        for page in chapter.pages:
            fits = name == page or (page.endswith("*") and name.startswith(page[:-1]))
            length = len(page) + (name == page)
            if fits and length > best[0]:
                best = (length, chapter)
    return best[1]
