"""Slides as pictures: the words of a lesson set by typst in the wheel's own Chinese font."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import typst

from infra.adapters.media.errors import MediaError

WIDTH, HEIGHT = 1280, 720
_TEMPLATE = Path(__file__).with_name("slide.typ")
_POINTS_PER_INCH = 72.0


@dataclass(frozen=True, slots=True)
class Slide:
    """What one slide shows, as plain text; without bullets it is drawn as a cover page."""

    title: str
    subtitle: str = ""
    bullets: tuple[str, ...] = ()
    footer: str = ""


@cache
def font_folder() -> Path:
    """Return the folder of the Noto Sans SC and Noto Serif SC fonts.

    :raises MediaError: ``no_font`` when the font package is not installed
    """
    found = find_spec("pylopdf_fonts_zh_cn")
    if found is None or found.origin is None:
        raise MediaError("缺少中文字体包，请先安装项目依赖后重试。", "no_font")
    return Path(found.origin).parent


@cache
def fonts() -> typst.Fonts:
    """Return the fonts of all compilers of this process: what one has read (20 MB, 20 ms) the others need not read again.

    :raises MediaError: ``no_font``, as above
    """
    return typst.Fonts(include_system_fonts=False, font_paths=[font_folder()])


def draw(slides: Sequence[Slide], folder: Path) -> list[Path]:
    """Draw each slide as a 1280x720 PNG in ``folder`` (made if missing) and return the files in order.

    Text is handed to typst as JSON data, so nothing in it is executed; long text is set smaller until it fits.

    :raises MediaError: ``no_font``, ``slide_failed``
    """
    folder.mkdir(parents=True, exist_ok=True)
    compiler = typst.Compiler(_TEMPLATE, font_paths=fonts(), ignore_system_fonts=True)
    return [_draw_one(compiler, slide, page, len(slides), folder) for page, slide in enumerate(slides, start=1)]


def _draw_one(compiler: typst.Compiler, slide: Slide, page: int, pages: int, folder: Path) -> Path:
    data = json.dumps(asdict(slide) | {"page": page, "pages": pages}, ensure_ascii=False)
    target = folder / f"slide_{page:04d}.png"
    try:
        picture = compiler.compile(format="png", ppi=_POINTS_PER_INCH, sys_inputs={"slide": data})
    except typst.TypstError as error:
        raise MediaError("课件页面绘制失败，请检查本页文字后重试。", "slide_failed", page=page) from error
    if not isinstance(picture, bytes):
        raise MediaError("课件页面绘制失败，请检查本页文字后重试。", "slide_failed", page=page)
    target.write_bytes(picture)
    return target
