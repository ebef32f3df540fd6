"""What the interface can do: the document for programs, and a page of it for people."""

import json
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from apps.openapi import examples, scopes
from apps.openapi.hooks import kinds
from apps.openapi.interface import PATH, document
from apps.people import api as people
from infra.kit.errors import DomainError

EXAMPLES = {
    "client.py": gettext_lazy("读取、新增、跟着档案走（Python）"),
    "hook.py": gettext_lazy("核验推送签名（Python）"),
    "hook.mjs": gettext_lazy("核验推送签名（Node.js）"),
}
"""Files of `apps/openapi/examples` that may be taken along."""


@require_GET
@people.declares(people.Permission.PUBLIC)
def openapi_json(request: HttpRequest) -> HttpResponse:
    """Return the OpenAPI 3.1 document of this enterprise's host; nothing in it is secret."""
    told = document(server=request.build_absolute_uri(PATH))
    response = HttpResponse(json.dumps(told, ensure_ascii=False), content_type="application/json; charset=utf-8")
    patch_cache_control(response, public=True, max_age=300)
    return response


@require_GET
@people.manager_page(people.Permission.INTERFACES_SEE)
def page(request: HttpRequest) -> HttpResponse:
    """Show the operations by subject, the events, and how to try a connection."""
    base = request.build_absolute_uri(PATH)
    values = {"base": base, "groups": groups(document(server=base)), "events": list(kinds.KINDS.values()), "examples": EXAMPLES}
    return render(request, "openapi/reference.html", values)


@require_GET
@people.manager_page(people.Permission.INTERFACES_SEE)
def example(request: HttpRequest, name: str) -> HttpResponse:
    """Give one of the examples as a file.

    :raises DomainError: 404 ``not_found``
    """
    if name not in EXAMPLES:
        raise DomainError("not_found", _("没有这个示例，请从接口说明重新进入。"), status=404)
    content = (Path(examples.__file__).parent / name).read_bytes()
    response = HttpResponse(content, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def groups(told: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the operations of a document by subject: method, path, words, scope."""
    names = {"about": _("密钥与统计"), "learners": _("学员与部门"), "plans": _("培训计划"), "records": _("档案与证明")}
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for path, methods in told["paths"].items():
        for method, said in methods.items():
            line = {
                "method": method.upper(),
                "path": path,
                "summary": _(said["summary"]),
                "scope": scopes.label(said["x-scope"]) if said["x-scope"] else _("任何密钥"),
                "writes": "Idempotency-Key" in {one["name"] for one in said["parameters"]},
            }
            found[said["tags"][0]].append(line)
    return [(names[name], lines) for name, lines in found.items()]
