"""Tags of the help pages."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from public.helpdesk import marked
from public.helpdesk.manual import reading
from public.helpdesk.manual.chapters import BY_KEY
from public.helpdesk.manual.pictures import shown
from public.helpdesk.shapes import Source

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """``{{ text|markdown }}``: safe HTML, with the manual's pictures."""
    return marked.html(text, picture=shown)


@register.simple_tag
def place(source: Source) -> str:
    """``{% place source %}``: the address of an answer's source."""
    if source.source == "FAQ":
        return reverse("help-question", args=[source.ref])
    role, _slash, name = source.key.partition("/")
    return f"{reverse('manual-chapter', args=[role, name])}#{source.anchor}"


@register.simple_tag
def chapter_link(key: str) -> SafeString:
    """``{% chapter_link "learner/study" %}``: a link with the chapter's title; nothing for a chapter that is gone."""
    if key not in BY_KEY:
        return SafeString("")
    role, _slash, name = key.partition("/")
    return format_html(
        '<a href="{}">{}</a>', reverse("manual-chapter", args=[role, name]), reading.text_of(key, reading.language()).title
    )
