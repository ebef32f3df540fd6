"""The words of the product: which Chinese sentences the source holds, which of them have English, and the compiled catalogue.

Works without GNU gettext: Python is read by `ast`, templates by Django's own `templatize`, catalogues by `polib`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

ROOTS = ("apps", "billing", "infra", "platform", "tenants")
_CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "gettext_noop"}
_CONTEXT_CALLS = {"pgettext", "pgettext_lazy"}
_IN_TEMPLATE = re.compile(r"""\b(n?p?gettext|_)\(\s*u?(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", re.DOTALL)


def catalogue_path() -> Path:
    """Return the English catalogue's file."""
    return Path(settings.BASE_DIR) / "locale/en/LC_MESSAGES/django.po"


def _python_texts(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in _CALLS:
            first = node.args[1:2] if name in _CONTEXT_CALLS else node.args[:1]
            yield from (arg.value for arg in first if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


def _template_texts(source: str) -> Iterator[str]:
    for found in _IN_TEMPLATE.finditer(templatize(source)):
        yield ast.literal_eval(found["text"])


def source_texts() -> dict[str, str]:
    """Return each text to translate with one file that uses it."""
    found: dict[str, str] = {}
    base = Path(settings.BASE_DIR)
    for root in ROOTS:
        for path in sorted((base / root).rglob("*")):
            if path.suffix == ".py" and "migrations" not in path.parts:
                texts = _python_texts(path.read_text("utf-8"))
            elif path.suffix == ".html":
                texts = _template_texts(path.read_text("utf-8"))
            else:
                continue
            for text in texts:
                if text:
                    found.setdefault(text, str(path.relative_to(base)))
    return found


def _holes(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]|%[sd]", text))


def problems() -> list[str]:
    """Return what is wrong with the English catalogue: missing, unused or with other placeholders."""
    wanted = source_texts()
    have = {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogue_path())) if not entry.obsolete}
    missing = [f"{where}: no English for {text!r}" for text, where in wanted.items() if not have.get(text)]
    unused = [f"unused: {text!r}" for text in have if text not in wanted]
    holes = [f"placeholders differ: {k!r} -> {v!r}" for k, v in have.items() if v and _holes(k) != _holes(v)]
    return missing + unused + holes


def collect() -> tuple[int, int]:
    """Bring the catalogue to the source's texts; keeps translations, drops unused ones.

    :returns: how many texts there are and how many have no English yet
    """
    path = catalogue_path()
    old = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))} if path.exists() else {}
    book = polib.POFile(wrapwidth=120)
    book.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Content-Transfer-Encoding": "8bit", "Language": "en"}
    for text in sorted(source_texts()):
        book.append(polib.POEntry(msgid=text, msgstr=old.get(text, "")))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(str(path))
    return len(book), len(book.untranslated_entries())


def compile_catalogue() -> Path:
    """Write the binary catalogue beside the text one."""
    target = catalogue_path().with_suffix(".mo")
    polib.pofile(str(catalogue_path())).save_as_mofile(str(target))
    return target
