"""What the interface can do: the document for programs, and a page of it for people."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.openapi import scopes
from apps.openapi.hooks import kinds
from apps.openapi.interface import PATH, document
from apps.people import api as people


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
    values = {"base": base, "groups": groups(document(server=base)), "events": list(kinds.KINDS.values())}
    return render(request, "openapi/reference.html", values)


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
