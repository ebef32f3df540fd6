"""Markdown to safe HTML: no raw HTML, links only to web pages, mail, phones and places of our own; pictures only from the manual."""

from collections.abc import Callable
from functools import cache

from django.utils.html import escape
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

_OURS = ("https://", "http://", "mailto:", "tel:", "/", "#")
Picture = Callable[[str, str], str]
"""From name and words to HTML; "" where there is no such picture."""


def html(text: str, *, picture: Picture | None = None) -> SafeString:
    """Return markdown as HTML.

    :param picture: how pictures are shown; without it none is
    """
    return SafeString(_reader().render(text, {"picture": picture}))


def inline(text: str) -> SafeString:
    """Return one line of markdown as HTML without a paragraph around it."""
    return SafeString(_reader().renderInline(text, {"picture": None}))


def plain(text: str, most: int = 160) -> str:
    """Return the first words of a text without its marks, cut at ``most`` signs."""
    said = " ".join(_words(_reader().parse(text)))
    said = " ".join(said.split())
    return said if len(said) <= most else said[: most - 1].rstrip() + "…"


def _words(tokens: list[Token]) -> list[str]:
    return [child.content for token in tokens for child in token.children or [] if child.type in {"text", "code_inline"}]


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.validateLink = _is_ours  # type: ignore[method-assign]
    reader.add_render_rule("image", _image)
    reader.add_render_rule("table_open", lambda *_: '<div class="ax-table-wrap"><table class="table ax-table">')
    reader.add_render_rule("table_close", lambda *_: "</table></div>")
    return reader


def _is_ours(url: str) -> bool:
    return url.startswith(_OURS) and not url.startswith("//")


def _image(renderer: RendererHTML, tokens: list[Token], at: int, options: object, env: dict[str, Picture | None]) -> str:
    token, show = tokens[at], env.get("picture")
    return show(str(token.attrs.get("src", "")), token.content) if show else ""


def figure(url: str, words: str, width: int, height: int) -> str:
    """Return a picture with its words below."""
    return (
        f'<figure class="help-picture"><img src="{escape(url)}" alt="{escape(words)}" width="{width}" height="{height}" loading="lazy">'
        f"<figcaption>{escape(words)}</figcaption></figure>"
    )
