"""The desk's page of certificate rules: what counts by kind of training, since when, and what will count from a day on."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.operators.api import Me, Role, desk_page, frame
from public.regulators.models import CertificateRule

DESIGNS = [
    ("officer", _("深蓝金边（负责人、安全管理人员）")),
    ("worker", _("蓝色（从业人员）")),
    ("special", _("深绿橙边（专项、相关方）")),
]
_STAGES = [("", _("全部")), ("INITIAL", _("初次培训")), ("ANNUAL", _("年度再培训")), ("EVENT", _("按事由培训"))]


class RuleForm(forms.Form):
    """A rule that begins on a day to come; one that has not begun may be written anew."""

    requirement = forms.RegexField(
        regex=r"^[A-Za-z]{2}(-[A-Za-z0-9]+)*$",
        strip=True,
        error_messages={"invalid": _("代码是两个字母，后面可以接短横线和字母数字，例如 CY 或 CY-HR。")},
        label=_("培训类别代码"),
        max_length=20,
        required=False,
        help_text=_("例如 CY-HR；只写 CY 管全部从业人员；留空管其余全部。"),
    )
    stage = forms.ChoiceField(label=_("培训类型"), choices=_STAGES, required=False)
    title = forms.CharField(label=_("证明标题"), max_length=30)
    design = forms.ChoiceField(label=_("版式"), choices=DESIGNS)
    months = forms.IntegerField(
        label=_("有效期（月）"), min_value=1, max_value=600, required=False, help_text=_("留空为长期有效。")
    )
    basis = forms.CharField(label=_("依据"), max_length=200, required=False)
    valid_from = forms.DateField(
        label=_("从哪天起"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("只能是今天以后；已发的证明不受影响。"),
    )

    def clean_requirement(self) -> str:
        """Return the code as the law's rows write it: a rule under ``cy-hr`` would never count."""
        return str(self.cleaned_data["requirement"]).upper()


@transaction.atomic
def write_rule(*, values: dict[str, Any], me: Me, at: datetime) -> CertificateRule:
    """Write what counts from a day to come; what has begun stays as it is, and so do the certificates issued by it.

    :raises DomainError: 422 ``valid_from``: it would have begun already
    """
    begins: date = values["valid_from"]
    if begins <= clock.shanghai_date(at):
        words = _("只能从明天或以后开始：今天已经发出的证明按现行规则，不能倒签。")
        raise DomainError("valid_from", words, status=422, field="valid_from")
    key = {name: values[name] for name in ("requirement", "stage", "valid_from")}
    said = {name: values[name] for name in ("title", "design", "months", "basis")}
    row, _made = CertificateRule.objects.update_or_create(**key, defaults=said)
    audit.record("certificates.rule", actor=f"operator:{me.credential_id}", target=f"rule:{row}", at=at, name=me.name, **said)
    return row


@require_http_methods(["GET", "POST"])
@desk_page(Role.OPERATIONS)
def rules(request: HttpRequest, me: Me) -> HttpResponse:
    """List the rules by kind, those to come first; write one."""
    at = clock.now()
    today = clock.shanghai_date(at)
    form = RuleForm(request.POST) if request.method == "POST" else RuleForm(initial={"valid_from": today + timedelta(days=30)})
    if form.is_bound and form.is_valid():
        try:
            write_rule(values=form.cleaned_data, me=me, at=at)
        except DomainError as refusal:
            form.add_error("valid_from", str(refusal.message))
        else:
            messages.success(request, _("规则已保存，到期自动生效。"))
            return redirect("desk-certificate-rules")
    rows = CertificateRule.objects.order_by("requirement", "stage", "-valid_from")
    context = {
        **frame(request, me, "desk-certificate-rules"),
        "page_title": _("证明样式与有效期"),
        "form": form,
        "lines": _lines(rows, today),
    }
    return render(request, "regulator/certificate_rules.html", context, status=422 if form.errors else 200)


def _lines(rows: Any, today: date) -> list[tuple[CertificateRule, str, str, str]]:
    """Return (row, stage in words, design in words, ``FUTURE``, ``NOW`` or ``PAST``); of what has begun, the newest of a kind counts."""
    stages, designs, found = dict(_STAGES), dict(DESIGNS), []
    counted: set[tuple[str, str]] = set()
    for row in rows:
        is_over = (row.requirement, row.stage) in counted or (row.valid_to is not None and row.valid_to <= today)
        state = "FUTURE" if row.valid_from > today else "PAST" if is_over else "NOW"
        if state != "FUTURE":
            counted.add((row.requirement, row.stage))
        found.append((row, str(stages.get(row.stage, row.stage)), str(designs.get(row.design, row.design)), state))
    return found
