"""Pictures of the app on a phone's home screen, drawn at setup from our own `mark.svg`; nothing drawn is committed."""

from pathlib import Path

import typst

MARK = Path(__file__).resolve().parents[2] / "infra/ui/static/ui/mark.svg"
BLUE = "#0b5cad"
SIZES = {"icon-192": (192, False), "icon-512": (512, False), "apple-180": (180, True), "maskable-512": (512, True)}
"""Name to pixels, and whether the picture bleeds to its edges: systems cut those into their own shape, a circle of 80 % is safe."""
_PAGE = """
#set page(width: {side}pt, height: {side}pt, margin: 0pt, fill: {fill})
#place(center + horizon, image(bytes(sys.inputs.mark), format: "svg", width: {width}pt))
"""


def draw(folder: Path) -> int:
    """Write the PNG files into ``folder`` and return their bytes in all."""
    folder.mkdir(parents=True, exist_ok=True)
    return sum((folder / f"{name}.png").write_bytes(_png(side, bleeds=bleeds)) for name, (side, bleeds) in SIZES.items())


def _png(side: int, *, bleeds: bool) -> bytes:
    fill = f'rgb("{BLUE}")' if bleeds else "none"
    page = _PAGE.format(side=side, fill=fill, width=side * 0.8 if bleeds else side)
    compiler = typst.Compiler(page.encode(), ignore_system_fonts=True, sys_inputs={"mark": MARK.read_text("utf-8")})
    return bytes(compiler.compile(format="png", ppi=72))  # type: ignore[arg-type] # one page: not a list of them
