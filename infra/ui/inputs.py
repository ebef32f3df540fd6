"""Which keyboard, autofill and ARIA attributes a form field gets."""

from typing import Any

from django import forms
from django.forms import BoundField

_PLAIN = {"autocapitalize": "none", "spellcheck": "false"}

KINDS: dict[str, dict[str, str]] = {
    "phone": {"type": "tel", "inputmode": "tel", "autocomplete": "tel", "maxlength": "20"},
    "code": {"inputmode": "numeric", "autocomplete": "one-time-code", "pattern": "[0-9]*"},
    "number": {"inputmode": "numeric"},
    "decimal": {"inputmode": "decimal"},
    "email": {"inputmode": "email", "autocomplete": "email", **_PLAIN},
    "url": {"inputmode": "url", **_PLAIN},
    "name": {"autocomplete": "name"},
    "company": {"autocomplete": "organization"},
    "username": {"autocomplete": "username", **_PLAIN},
    "password": {"autocomplete": "current-password"},
    "new_password": {"autocomplete": "new-password"},
    "id_number": {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters", "maxlength": "18"},
    "uscc": {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters", "maxlength": "18"},
    "subdomain": {"autocomplete": "off", **_PLAIN},
    "off": {"autocomplete": "off"},
}
"""Kinds of text a person types, each with the attributes that open the right keyboard."""

_BY_NAME = {
    "phone": "phone", "mobile": "phone", "contact_phone": "phone", "code": "code", "otp": "code", "totp": "code",
    "sms_code": "code", "username": "username", "password": "password", "new_password": "new_password",
    "password1": "new_password", "password2": "new_password", "id_number": "id_number", "uscc": "uscc",
    "subdomain": "subdomain", "company": "company", "company_name": "company", "full_name": "name",
}  # fmt: skip


def guess_kind(bound: BoundField) -> str | None:
    """Guess the kind of a field from its name, then from its class; ``None`` when ordinary text is right."""
    by_class: tuple[tuple[type[forms.Field], str], ...] = (
        (forms.EmailField, "email"),
        (forms.URLField, "url"),
        (forms.DecimalField, "decimal"),
        (forms.FloatField, "decimal"),
        (forms.IntegerField, "number"),
    )
    return _BY_NAME.get(bound.name) or next((k for cls, k in by_class if isinstance(bound.field, cls)), None)


def shape(bound: BoundField) -> str:
    """Name the layout a field needs: ``hidden``, ``check``, ``choices``, ``select``, ``file`` or ``text``."""
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect):
        return "choices"
    if isinstance(widget, forms.Select):
        return "select"
    return "file" if isinstance(widget, forms.FileInput) else "text"


def described_by(bound: BoundField, hint: str) -> str:
    """Join the ids of the error and hint lines that stand under a field."""
    errors = [f"{bound.auto_id}_error"] if bound.errors else []
    return " ".join(errors + ([f"{bound.auto_id}_hint"] if hint else []))


def attributes(bound: BoundField, *, kind: str | None, hint: str, extra: dict[str, Any]) -> dict[str, Any]:
    """Collect the HTML attributes of a field's control. What the form's author wrote on the widget wins over the kind."""
    css = {"select": "form-select", "check": "form-check-input"}.get(shape(bound), "form-control")
    own = bound.field.widget.attrs
    found: dict[str, Any] = dict(KINDS.get(kind or guess_kind(bound) or "", {}))
    input_type = found.pop("type", None)
    if input_type and getattr(bound.field.widget, "input_type", "") == "text":
        bound.field.widget.input_type = input_type
    found = {k: v for k, v in found.items() if k not in own} | extra
    found["class"] = " ".join(filter(None, [css, own.get("class", ""), "is-invalid" if bound.errors else ""]))
    if bound.errors:
        found["aria-invalid"] = "true"
    if described := described_by(bound, hint):
        found["aria-describedby"] = described
    return found
