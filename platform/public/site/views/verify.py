"""A stranger checks a certificate."""

import base64
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from infra.kit.errors import DomainError
from public.regulators import api as regulators
from public.seals import api as seals
from public.site.forms import VerifyForm
from tenants import limits
from tenants.addresses import client_ip

PER_IP = "30/minute"


@require_GET
def verify_form(request: HttpRequest) -> HttpResponse:
    """Ask for the code."""
    if not request.GET.get("code"):
        return render(request, "site/verify_form.html", {"form": VerifyForm()})
    form = VerifyForm(request.GET)
    if form.is_valid():
        return redirect("verify", _code_in(form.cleaned_data["code"]))
    return render(request, "site/verify_form.html", {"form": form}, status=422)


def _code_in(text: str) -> str:
    """Return the code out of what was typed: people also paste the whole address."""
    return text.strip().rstrip("/").rsplit("/", 1)[-1].replace(" ", "")


@never_cache
@require_GET
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a certificate proves, in plain words."""
    limits.spend(PER_IP, "verify", client_ip(request))
    found = regulators.certificate(code)
    if found is None:
        return render(request, "site/verify_unknown.html", {"code": code[:64]}, status=404)
    context = {"found": found, "body": found.body, "address": request.build_absolute_uri(reverse("verify", args=[code]))}
    return render(request, "site/verify.html", context)


@never_cache
@require_GET
def verify_json(request: HttpRequest, code: str) -> JsonResponse:
    """Return the signed object, for those who want to check the signature themselves."""
    limits.spend(PER_IP, "verify", client_ip(request))
    found = regulators.certificate(code)
    if found is None:
        raise DomainError("not_found", _("没有找到这份证书，请核对查验码。"), status=404)
    body: dict[str, Any] = {
        "code": found.code,
        "number": found.number,
        "body": found.body,
        "state": found.state,
        "changes": [_told(one) for one in [*found.changes.values(), *found.corrections]],
        "algorithm": "Ed25519 over RFC 8785 canonical JSON of body",
        "signature": found.signature,
        "key_id": found.key_id,
        "keys": request.build_absolute_uri(reverse("public-keys")),
    }
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{found.number}.json"'
    return response


def _told(change: regulators.CertificateChange) -> dict[str, str]:
    """Return what became of a certificate; ``entry`` is the hash of the ledger's entry that says so."""
    told = {"kind": change.kind, "at": change.at.isoformat(), "entry": change.entry}
    more = {"reason": change.reason, "by": change.other_number}
    return told | {name: said for name, said in more.items() if said}


@never_cache
@require_GET
def verify_proof(request: HttpRequest, code: str) -> JsonResponse:
    """Return everything that proves a certificate without us: entry, its way to a signed head, signature, keys."""
    limits.spend(PER_IP, "verify", client_ip(request))
    found = regulators.certificate(code)
    key = regulators.public_key(found.key_id) if found else None
    if found is None or key is None:
        raise DomainError("not_found", _("没有找到这份证书，请核对查验码。"), status=404)
    signed = {
        "body": found.body,
        "signature": found.signature,
        "key_id": found.key_id,
        "public_key": base64.b64encode(key).decode(),
    }
    body = {
        "format": "anxue-certificate-proof/1",
        "certificate": signed,
        **seals.PROOFS.get().certificate(schema=found.schema, code=found.code),
        "keys": [one["verifier"] for one in seals.public_keys()],
        "published": request.build_absolute_uri(reverse("public-keys")),
    }
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{found.number}-proof.json"'
    return response


@require_GET
def verifier(request: HttpRequest) -> HttpResponse:
    """Return the program that checks such a proof on anybody's own machine."""
    response = HttpResponse(seals.PROGRAM.read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="anxue_verify.py"'
    return response
