"""Copy the named files of the front-end libraries from `node_modules` into `build/vendor/<library>/`.

Naming each file keeps what we serve small (megabytes instead of hundreds) and makes it visible in a review.
"""

import io
import re
import shutil
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from infra.wiring import app_icons

ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "build" / "vendor"
FILES = {
    "htmx": ("htmx.org/dist/htmx.min.js",),
    "tabler": ("@tabler/core/dist/css/tabler.min.css", "@tabler/core/dist/js/tabler.min.js"),
    "icons": ("@tabler/icons-webfont/dist/tabler-icons.min.css",),
    "icons/fonts": ("@tabler/icons-webfont/dist/fonts/tabler-icons.woff2",),
    # The light build has no EME and no alternate audio: half the size, and we use neither.
    "hls": ("hls.js/dist/hls.light.min.js",),
    "echarts": ("echarts/dist/echarts.min.js",),
    # Loaded by the upload box once a file is chosen; its own windows and styles are not used.
    "uppy": ("uppy/dist/uppy.min.mjs",),
}
# A source map we do not ship makes the manifest storage fail on the missing file.
_SOURCE_MAP = re.compile(rb"(?m)^\s*//[#@] sourceMappingURL=.*$|/\*[#@] sourceMappingURL=.*?\*/")
# 5,900 icons weigh more than the rest of a learner's page together; the style sheet keeps those that our source names.
_ICON = re.compile(rb"\.ti-([a-z0-9-]+):before\{[^}]*\}")
_GLYPH = re.compile(rb':before\{content:"\\([0-9a-f]+)"')
_QUOTED = re.compile(rb"""["']([a-z][a-z0-9-]*)["']""")
SOURCES = ("apps", "billing", "infra", "platform", "tenants")
_OLD_FONTS = re.compile(rb",\s*url\([\"']?[^)]*\.(?:woff|ttf|eot)[^)]*\)\s*format\([^)]*\)")


def copy(modules: Path = MODULES, vendor: Path = VENDOR) -> int:
    """Fill `vendor` anew, with the pictures of the app, and return the bytes written. Raises FileNotFoundError naming a file the packages lack."""
    shutil.rmtree(vendor, ignore_errors=True)
    copied = sum(_copy_file(modules / name, vendor / library) for library, names in FILES.items() for name in names)
    return copied + app_icons.draw(vendor / "app")


def _copy_file(source: Path, folder: Path) -> int:
    content = source.read_bytes()
    if source.suffix in {".js", ".mjs", ".css"}:
        content = _SOURCE_MAP.sub(b"", content)
    if source.name == "tabler-icons.min.css":
        content = _used_icons(_OLD_FONTS.sub(b"", content))
    if source.name == "tabler-icons.woff2":
        style = (source.parents[1] / "tabler-icons.min.css").read_bytes()
        content = _used_glyphs(content, _used_icons(style))
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / source.name).write_bytes(content)


def _used_icons(css: bytes) -> bytes:
    files = (path for root in SOURCES for path in (ROOT / root).rglob("*") if path.suffix in {".html", ".py", ".js"})
    named = {name for path in files for name in _QUOTED.findall(path.read_bytes())}
    return _ICON.sub(lambda rule: rule[0] if rule[1] in named else b"", css)


def _used_glyphs(font: bytes, css: bytes) -> bytes:
    """Return the font with the glyphs that the style sheet names: 500 KB become a few, which a phone on the shop floor feels."""
    opened = TTFont(io.BytesIO(font))
    options = subset.Options(flavor="woff2", layout_features=[], name_IDs=[], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes={int(code, 16) for code in _GLYPH.findall(css)})
    cutter.subset(opened)
    out = io.BytesIO()
    subset.save_font(opened, out, options)
    return out.getvalue()


if __name__ == "__main__":
    print(f"build/vendor: {copy() // 1024} KiB")
