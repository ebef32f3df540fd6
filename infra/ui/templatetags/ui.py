"""The kit's template tags and filters: ``{% load ui %}``. Each renders ``templates/ui/components/<name>.html``."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.forms.utils import flatatt
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from infra.ui import filters, inputs, listing, moulds, wording

register = template.Library()
for told in (filters.hours, filters.hours_text, filters.duration, filters.clock_time, filters.moment):
    register.filter(told)

TONE_ICONS = {
    "neutral": "circle",
    "info": "info-circle",
    "proven": "circle-check",
    "attention": "alert-triangle",
    "stop": "circle-x",
}
"""The five tones and the icon that carries the same meaning without colour."""


def _component(name: str, /, **values: Any) -> SafeString:
    return render_to_string(f"ui/components/{name}.html", values)


def _attrs(attrs: Mapping[str, Any]) -> SafeString:
    """Turn ``hx_post="/x"`` into `` hx-post="/x"``, escaped; ``None`` and ``False`` disappear, ``True`` stands bare."""
    return flatatt({k.strip("_").replace("_", "-"): v for k, v in attrs.items() if v is not None and v is not False})


@register.simple_tag
def asset(path: str) -> str:
    """Address of a static file that never fails: on error pages a missing manifest must not hide the message."""
    try:
        return static(path)
    except ValueError:
        return f"{getattr(staticfiles_storage, 'base_url', '') or '/static/'}{path}"


@register.simple_tag
def fixed(template: str) -> SafeString:
    """``{% fixed "ui/parts/words.html" %}``: a part that needs no context and says the same on every page, rendered once a language."""
    return moulds.fixed(template)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """``{% icon "check" %}``: a Tabler icon, hidden from screen readers unless it gets a ``label``."""
    if not name:
        return SafeString("")
    if label:
        return format_html('<i class="ti ti-{}" role="img" aria-label="{}"></i>', name, label)
    return format_html('<i class="ti ti-{}" aria-hidden="true"></i>', name)


@register.simple_tag
def button(
    label: str,
    *,
    kind: str = "primary",
    icon: str = "",
    type: str = "submit",  # noqa: A002 - the word of HTML
    size: str = "",
    wide: bool = False,
    **attrs: Any,
) -> SafeString:
    """``{% button _("保存") icon="check" hx_post=url data_confirm=_("…") %}``.

    ``kind``: ``primary`` (one a page), ``secondary``, ``ghost``, ``danger``. ``size``: ``sm`` or ``lg``. ``wide`` fills the row.
    Any other keyword becomes an attribute, ``_`` read as ``-``.
    """
    return _component("button", label=label, kind=kind, icon=icon, type=type, size=size, wide=wide, attrs=_attrs(attrs))


@register.simple_tag
def link_button(
    url: str, label: str, *, kind: str = "secondary", icon: str = "", size: str = "", wide: bool = False, **attrs: Any
) -> SafeString:
    """``{% link_button url _("导入学员") kind="primary" icon="upload" %}``: goes somewhere and looks like a button."""
    return _component("button", label=label, kind=kind, icon=icon, url=url, size=size, wide=wide, attrs=_attrs(attrs))


@register.simple_tag
def field(bound: BoundField, label: str = "", hint: str = "", kind: str = "", **attrs: Any) -> SafeString:
    """``{% field form.phone kind="phone" %}``: label, control, hint and the errors in words, tied together by ARIA.

    ``kind`` is one of ``inputs.KINDS`` (guessed from the field's name when absent). Other keywords become attributes.
    """
    hint = hint or str(bound.help_text)
    extra = {k.replace("_", "-"): v for k, v in attrs.items()}
    control = inputs.attributes(bound, kind=kind or None, hint=hint, extra=extra)
    shape = inputs.shape(bound)
    widget = "" if shape == "choices" else bound.as_widget(attrs=control)
    label = label or str(bound.label)
    described = inputs.described_by(bound, hint)
    return _component("field", bound=bound, label=label, hint=hint, shape=shape, widget=widget, described=described)


@register.simple_tag
def form_errors(form: BaseForm) -> SafeString:
    """``{% form_errors form %}``: what is wrong with the form as a whole, and links to the fields that need a change."""
    wrong = [form[name] for name in form.errors if name in form.fields and not form[name].is_hidden]
    hidden = [e for name in form.errors if name in form.fields and form[name].is_hidden for e in form[name].errors]
    return _component("form_errors", general=[*form.non_field_errors(), *hidden], wrong=wrong)


@register.simple_tag
def code_input(bound: BoundField, length: int = 6, autosubmit: bool = False, label: str = "", hint: str = "") -> SafeString:
    """``{% code_input form.code autosubmit=True %}``: one box for each digit; one real input, so paste and autofill work.

    A refused code is not shown again: its digits would stand where the next ones are to be typed.
    """
    if bound.errors:
        bound.field.prepare_value = lambda value: ""  # type: ignore[method-assign]  # the field is this form's own copy
    attrs = {"maxlength": length, "data_code": True, "data_autosubmit": autosubmit}
    return field(bound, label=label, hint=hint, kind="code", **{k: v for k, v in attrs.items() if v is not False})


@register.simple_tag
def file_drop(bound: BoundField, text: str = "", hint: str = "", accept: str = "", max_mb: int = 0) -> SafeString:
    """``{% file_drop form.file accept=".xlsx" hint=_("…") max_mb=20 %}``: choose or drop a file; says name and size."""
    hint = hint or str(bound.help_text)
    extra: dict[str, Any] = {"accept": accept} if accept else {}
    attrs = inputs.attributes(bound, kind=None, hint=hint, extra=extra)
    attrs["class"] = "ax-drop-input"
    return _component("file_drop", bound=bound, widget=bound.as_widget(attrs=attrs), text=text, hint=hint, max_mb=max_mb)


@register.inclusion_tag("ui/components/th.html", takes_context=True)
def th(context: Context, label: str, sort: str = "", num: bool = False, target: str = "") -> dict[str, Any]:
    """``{% th _("姓名") sort="name" %}``: a column head; with ``sort`` a link that keeps filters and starts again on page 1."""
    request = context.get("request")
    current = request.GET.get("sort", "") if request is not None else ""
    value, direction = listing.next_sort(current, sort)
    url = listing.address(request, sort=value, page=None) if sort else ""
    return {"label": label, "url": url, "direction": direction if sort else "", "num": num, "target": target}


@register.inclusion_tag("ui/components/page_links.html", takes_context=True)
def page_links(context: Context, page: Page[Any], target: str = "") -> dict[str, Any]:
    """``{% page_links page %}``: how many there are and links to the pages; every other query key is kept.

    ``target`` (a CSS selector) makes the links swap that part by htmx and push the address.
    """
    request = context.get("request")
    steps = [(n, listing.address(request, page=n) if n else "") for n in listing.page_steps(page)]
    before = listing.address(request, page=page.previous_page_number()) if page.has_previous() else ""
    after = listing.address(request, page=page.next_page_number()) if page.has_next() else ""
    return {"page": page, "steps": steps, "before": before, "after": after, "target": target}


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: Any) -> str:
    """``{% with_query export="xlsx" page=None %}``: this page's address with some query keys changed."""
    return listing.address(context.get("request"), **changes)


@register.simple_block_tag(takes_context=True)
def filter_bar(
    context: Context, content: str, *, search: bool = True, placeholder: str = "", target: str = "", reset: bool = True
) -> SafeString:
    """``{% filter_bar placeholder=_("姓名、手机号") %}<select name="unit">…</select>{% endfilter_bar %}``: filters in the URL."""
    request = context.get("request")
    get = request.GET if request is not None else {}
    active = any(value for key, value in get.items() if key not in {"sort", "page"})
    return _component(
        "filter_bar", content=content, search=search, placeholder=placeholder or _("搜索"), target=target,
        q=get.get("q", ""), sort=get.get("sort", ""), path=request.path if request is not None else "",
        active=active and reset,
    )  # fmt: skip


@register.simple_block_tag
def card(content: str, title: str = "", icon: str = "", hint: str = "", flush: bool = False) -> SafeString:
    """``{% card title=_("…") %}…{% endcard %}``: a titled surface; ``flush`` lets a table touch the edges."""
    return _component("card", content=content, title=title, icon=icon, hint=hint, flush=flush)


@register.simple_block_tag
def page_header(content: str, title: str, text: str = "", back_url: str = "") -> SafeString:
    """``{% page_header _("学员") text=_("…") %}buttons{% endpage_header %}``: the page's h1, one sentence, its actions."""
    return _component("page_header", content=content, title=title, text=text, back_url=back_url)


@register.simple_block_tag
def dialog(content: str, name: str, title: str) -> SafeString:
    """``{% dialog "add" _("新建单位") %}…{% enddialog %}``: a native dialog; any ``data-dialog-open="add"`` opens it."""
    return _component("dialog", content=content, id=name, title=title)


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "") -> SafeString:
    """``{% notice "attention" _("…") %}words{% endnotice %}``: a message inside the page, with its tone's icon."""
    return _component("notice", content=content, tone=tone, title=title, icon=TONE_ICONS.get(tone, "info-circle"))


@register.simple_tag
def empty_state(icon: str, title: str, text: str = "", action_url: str = "", action_label: str = "") -> SafeString:
    """``{% empty_state "users" _("还没有学员") _("…") url _("导入学员") %}``: why nothing is here and the first thing to do."""
    return _component("empty_state", icon=icon, title=title, text=text, url=action_url, label=action_label)


@register.simple_tag
def stat(label: str, value: Any, hint: str = "", tone: str = "neutral", url: str = "") -> SafeString:
    """``{% stat _("逾期") 3 hint=_("…") tone="attention" url=list_url %}``: one figure, or one day, with its name.

    A hint that only repeats the figure is left out.
    """
    is_day = isinstance(value, date)
    hint = "" if hint == value else hint
    return _component(
        "stat", label=label, value=f"{value:%Y-%m-%d}" if is_day else value, is_day=is_day, hint=hint, tone=tone, url=url
    )


@register.simple_tag
def status_badge(tone: str, label: str, icon: str = "") -> SafeString:
    """``{% status_badge "proven" _("已达标") %}``: tones ``neutral info proven attention stop``, each with an icon."""
    return _component("status_badge", tone=tone, label=label, icon=icon or TONE_ICONS.get(tone, "circle"))


@register.simple_tag
def progress(value: float | None, total: float = 100, label: str = "", *, hint: str = "", tone: str = "info") -> SafeString:
    """``{% progress done total _("导入学员") hint=_("…") %}``: a native progress bar; ``value=None`` means "working"."""
    percent = int(min(value, total) * 100 // total) if value is not None and total else 0
    return _component("progress", value=value, max=total or 1, percent=percent, label=label, hint=hint, tone=tone)


@register.simple_tag
def ring(value: float, total: float, *, label: str = "", text: str = "", tone: str = "info") -> SafeString:
    """``{% ring earned_s due_s label=_("学时") text="12 / 24" %}``: an SVG ring; turns green only when it is full."""
    share = min(value / total, 1) if total else 0
    tone = "proven" if share >= 1 else tone
    percent = int(share * 100)
    return _component("ring", dash=f"{share * 100:.2f}", percent=percent, label=label, text=text or f"{percent}%", tone=tone)


@register.simple_tag
def credit_ring(earned_ms: int, due_ms: int) -> SafeString:
    """``{% credit_ring earned_ms due_ms %}``: a ring saying 「1.5 / 24 学时」, or 「0 / 2 分钟」 where less than 1 学时 is due."""
    text, unit = wording.earned_of_due(filters.seconds(earned_ms, "ms"), filters.seconds(due_ms, "ms"))
    return ring(earned_ms, due_ms, label=unit, text=text)


@register.simple_tag
def timeline(entries: Iterable[Mapping[str, Any]]) -> SafeString:
    """``{% timeline entries %}``: newest first, each ``{at, title, text, tone, icon, url}``; only ``title`` is needed."""
    items = [{"icon": TONE_ICONS.get(str(e.get("tone", "neutral")), "circle"), "tone": "neutral", **e} for e in entries]
    return _component("timeline", items=items)


@register.simple_tag
def stepper(steps: Sequence[str], current: int) -> SafeString:
    """``{% stepper steps 2 %}``: names of the steps and the number, from 1, of the present one."""
    items = [(n, name, "done" if n < current else "now" if n == current else "next") for n, name in enumerate(steps, 1)]
    return _component("stepper", items=items, current=current, total=len(items))


@register.simple_tag
def avatar(name: str, size: str = "", src: str = "") -> SafeString:
    """``{% avatar "学员甲" %}``: a picture or the name's initials on a quiet tint; ``size`` ``sm`` or ``lg``."""
    return _component("avatar", name=name, initials=wording.initials(name), tint=wording.tint(name), size=size, src=src)
