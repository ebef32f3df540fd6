"""The words of the product: which Chinese sentences the source holds, which of them have English, and the compiled catalogue.

Works without GNU gettext: Python is read by `ast`, templates by Django's own `templatize`, catalogues by `polib`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from infra.wiring.settings.env import BASE_DIR

ROOTS = ("apps", "billing", "infra", "platform", "tenants")
_PLURAL_CALLS = {"ngettext", "ngettext_lazy"}
_CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", *_PLURAL_CALLS}
Text = tuple[str, str | None]
_QUOTED = r"""u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*\""""
_IN_TEMPLATE = re.compile(rf"\b(?P<call>n?gettext|_)\(\s*(?P<text>{_QUOTED})(?:\s*,\s*(?P<plural>{_QUOTED}))?", re.DOTALL)


def catalogue_path() -> Path:
    """Return the English catalogue's file."""
    return BASE_DIR / "locale/en/LC_MESSAGES/django.po"


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value else None


def _python_texts(source: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in _CALLS and node.args and (text := _constant(node.args[0])):
            plural = _constant(node.args[1]) if name in _PLURAL_CALLS else None
            yield text, plural


def _template_texts(source: str) -> Iterator[Text]:
    for found in _IN_TEMPLATE.finditer(templatize(source)):
        plural = ast.literal_eval(found["plural"]) if found["call"] == "ngettext" and found["plural"] else None
        if text := ast.literal_eval(found["text"]):
            yield text, plural


def source_texts() -> dict[str, tuple[str | None, str]]:
    """Return each text to translate with its plural, if any, and one file that uses it."""
    found: dict[str, tuple[str | None, str]] = {}
    base = BASE_DIR
    for root in ROOTS:
        for path in sorted((base / root).rglob("*")):
            if path.suffix == ".py" and "migrations" not in path.parts:
                texts = _python_texts(path.read_text("utf-8"))
            elif path.suffix == ".html":
                texts = _template_texts(path.read_text("utf-8"))
            else:
                continue
            for text, plural in texts:
                found.setdefault(text, (plural, str(path.relative_to(base))))
    return found


def _holes(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]|%[sd]", text))


def problems() -> list[str]:
    """Return what is wrong with the English catalogue: missing, unused or with other placeholders."""
    wanted = source_texts()
    entries = {entry.msgid: entry for entry in polib.pofile(str(catalogue_path())) if not entry.obsolete}
    missing = [f"{where}: no English for {text!r}" for text, (_, where) in wanted.items() if not _english(entries.get(text))]
    unused = [f"unused: {text!r}" for text in entries if text not in wanted]
    holes = [
        f"placeholders differ: {text!r} -> {english!r}"
        for text, entry in entries.items()
        for english in _english(entry)
        if _holes(text) != _holes(english)
    ]
    return missing + unused + holes


def _english(entry: polib.POEntry | None) -> list[str]:
    """Return the translations of an entry: one, or one per plural form; none while any is missing."""
    if entry is None:
        return []
    forms = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    return forms if forms and all(forms) else []


def collect() -> tuple[int, int]:
    """Bring the catalogue to the source's texts; keeps translations, drops unused ones.

    :returns: how many texts there are and how many have no English yet
    """
    path = catalogue_path()
    old = {entry.msgid: entry for entry in polib.pofile(str(path))} if path.exists() else {}
    book = polib.POFile(wrapwidth=120)
    book.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "en",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for text, (plural, _where) in sorted(source_texts().items()):
        known = old.get(text)
        if plural:
            forms = known.msgstr_plural if known and known.msgid_plural else {0: "", 1: ""}
            book.append(polib.POEntry(msgid=text, msgid_plural=plural, msgstr_plural=forms))
        else:
            book.append(polib.POEntry(msgid=text, msgstr=known.msgstr if known else ""))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(str(path))
    return len(book), sum(not _english(entry) for entry in book)


def compile_catalogue() -> Path:
    """Write the binary catalogue beside the text one."""
    target = catalogue_path().with_suffix(".mo")
    polib.pofile(str(catalogue_path())).save_as_mofile(str(target))
    return target
