"""What an enterprise still answers when it is not in use, and what a visitor of the platform may do there (decision 0071).

| | in use | suspended, closing | closed |
|---|---|---|---|
| public pages, sign-in, links of inspectors | yes | yes | yes |
| learners read: archive, certificates, own data, messages | yes | yes | yes |
| learners write | yes | what is theirs by law: own data, consent, appeals, signatures, password, complaints | the same |
| study, tests, exams, practice, joining | yes | no; an exam that has begun is finished | no |
| managers read, search, export | yes | yes | no |
| managers write | yes | exports, holds, inspection, answers that are due by law, the company's own pages | no |
| complaints, help desk, supervision | yes | yes | yes |
| open interface (`/api/v1`) reads, also by `POST …/search` | yes | yes | no: 403 `enterprise_closed` |
| open interface writes | yes | no: 403 `enterprise_suspended` | no |
| webhooks | yes | yes: what happens is told | no |
| keys and webhooks are made, changed | yes | revoked and switched off only | no |

A refusal below `/api/v1/` is a problem (RFC 9457), from the rest of the API JSON, for htmx a toast, else a page (`infra.wiring.edge`).

Suspending never touches a record: the ledger is sealed, old months are packed and kept as ever (clauses 四.2, 四.6).
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError
from infra.wiring.edge import answer
from infra.wiring.mediation import is_file
from public.lifecycle import api as lifecycle
from tenants.addresses import client_ip
from tenants.api import Enterprise, Site, platform_scope

Status = Enterprise.Status
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
STUDY = frozenset(
    {
        "join", "learn-player", "learn-practice", "learn-practice-media", "learn-quiz", "learn-quiz-media",
    }
)  # fmt: skip
"""Pages that are nothing but studying, or joining; not even shown."""
OWN = frozenset(
    {
        "enter", "learn-data-ask", "learn-data-export", "learn-data-lift", "learn-data-notice", "learn-data-take", "learn-data-withdraw",
        "learn-exam-appeals", "learn-messages-address", "learn-messages-choices", "learn-messages-read", "learn-messages-undo",
        "learn-privacy-withdraw", "learn-sign", "learn-void", "learn-void-go-on", "me-devices-end", "me-phone", "me-unbind",
        "set-password", "set_language", "sign-in", "sign-out", "sso-bind", "sso-callback", "sso-ldap", "visit-leave",
    }
)  # fmt: skip
"""What people send for themselves: they may always."""
DUE = frozenset(
    {
        "console-appeal", "console-archive-class-sign", "console-archive-correct", "console-archive-file-sign", "console-archive-pack",
        "console-archive-package-cancel", "console-archive-package-file", "console-certificates-print",
        "console-certificate-batch-cancel", "console-certificate-batch-file", "console-certificate-reissue", "console-certificate-revoke", "console-company-arrived",
        "console-company-closing", "console-company-closing-undo", "console-company-verify", "console-company-visit-decide",
        "console-company-visit-end", "console-correction-decide", "console-correction-withdraw", "console-exam-appeal",
        "console-figures-export", "console-inspection", "console-inspection-cancel", "console-inspection-link", "console-inspection-revoke",
        "console-interfaces-hook-switch", "console-interfaces-key-revoke", "console-messages-address",
        "console-messages-choices", "console-messages-read", "console-messages-undo", "console-objection", "console-people-export",
        "console-privacy-request", "console-rectification-answer", "console-rectification-attach", "console-retention-export-cancel", "console-retention-export-file",
        "console-retention-exports", "console-retention-hold-end", "console-retention-holds", "console-retention-restores",
        "console-retention-restore-cancel", "console-revocation-decide", "console-revocation-withdraw",
    }
)  # fmt: skip
"""What managers send though nobody studies: data taken along, what the law holds them to (a wrong entry or certificate is put right, PIPL art. 46),
doors shut to other systems, the enterprise's own matters."""
ALWAYS = ("complaint", "help", "ticket", "announcement")
"""Beginnings of names of pages that reach the platform: open to everybody in every state."""
API_ALWAYS = ("/api/csp-reports", "/api/help", "/api/complaint", "/api/page-times")
API_DUE = ("/api/uploads", "/api/rectification-files", "/api/exams/", "/api/v1/learners/search")
"""Of the API: always; and while suspended or closing (papers are uploaded, an authority gets its answer, an exam that has begun goes on, a
search is a reading)."""


class StandingMiddleware:
    """Stands just above the views: lets through, or answers with what is possible now."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; what a visitor is shown is written down, and no file leaves with one."""
        response = self.get_response(request)
        who = getattr(request, "profile", None)
        visit = who.visit if who is not None else None
        if visit is None:
            return response
        if is_file(response) or response.get("Content-Disposition", "").startswith("attachment"):
            if file := getattr(response, "file_to_stream", None):
                file.close()  # the answer itself is not: closing it ends the request
            response = answer(request, _refused(_("平台人员只能查看，不能下载或导出。")))
        if request.method in SAFE:
            with platform_scope():
                lifecycle.saw(visit, path=request.path, status=response.status_code, at=clock.now(), ip=client_ip(request))
        response["Cache-Control"] = "private, no-store"
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Refuse what the state of the enterprise, or being a visitor, does not allow."""
        site: Site | None = getattr(request, "enterprise", None)
        if site is None:
            return None
        match = request.resolver_match
        name = match.url_name or "" if match else ""
        if not site.is_active and not allows(site.status, request.method or "", request.path, name, view):
            return _shut(request, site)
        is_page = not request.path.startswith("/api/")  # the API asks for rights that no visitor has, and beats cost no session
        if is_page and request.method not in SAFE and name not in {"visit-leave", "set_language"} and people.is_visit(request):
            return answer(request, _refused(_("平台人员只能查看，不能修改。需要处理的事请企业人员自己办理。")))
        return None


def allows(status: str, method: str, path: str, name: str, view: Any) -> bool:
    """Say whether an enterprise in this state answers; the table above."""
    is_closed = status == Status.CLOSED
    if name.startswith(ALWAYS) or path.startswith(API_ALWAYS):
        return True
    if is_closed and name != "visit-leave" and getattr(view, "permission", people.Permission.PUBLIC) not in people.FOR_ANYBODY:
        return False
    if path.startswith("/api/"):
        return not is_closed and (method in SAFE or path.startswith(API_DUE))
    if method in SAFE:
        return name not in STUDY
    return name in OWN or (name in DUE and not is_closed)


def _shut(request: HttpRequest, site: Site) -> HttpResponse:
    is_closed = site.status == Status.CLOSED
    if is_closed:
        words = _("企业已注销，只能查看自己的档案。")
    elif site.status == Status.CLOSING:
        words = _("企业正在注销，现在只能查看和导出，不能学习和修改。")
    else:
        words = _("企业的服务已暂停，现在只能查看和导出，不能学习和修改。")
    if request.path.startswith("/api/") or request.headers.get("HX-Request"):
        code = "enterprise_closed" if is_closed else "enterprise_suspended"
        return answer(request, DomainError(code, words, status=403))
    values = {
        "enterprise_name": site.name,
        "support_phone": settings.SUPPORT_PHONE,
        "reason": site.status_reason if site.status == Status.SUSPENDED else "",
        "is_closed": is_closed,
        "is_closing": site.status == Status.CLOSING,
        "banners": (),
        "home_url": "/",
    }
    return render(request, "ui/suspended.html", values, status=403)


def _refused(words: str) -> DomainError:
    return DomainError("visit_reads_only", words, status=403)
