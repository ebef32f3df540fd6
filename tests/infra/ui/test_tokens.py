"""The palette is readable in light and dark: text at least 4.5 : 1, marks at least 3 : 1 (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

import infra.ui

CSS = (Path(infra.ui.__file__).parent / "static/ui/tokens.css").read_text()
TEXT = [
    *[("text", on) for on in ("page", "surface", "surface-2", "hover")],
    *[("text", f"{tone}-soft") for tone in ("primary", "attention", "stop", "proven")],
    *[("muted", on) for on in ("page", "surface", "surface-2", "hover", "line")],
    *[("link", on) for on in ("page", "surface", "primary-soft", "attention-soft", "stop-soft")],
    *[(tone, on) for tone in ("attention", "proven", "stop") for on in ("surface", "page", f"{tone}-soft")],
    ("on-primary", "primary"), ("on-primary", "primary-strong"), ("on-stop", "stop"), ("surface", "attention"),
]  # fmt: skip
MARKS = [(mark, "surface") for mark in ("line-strong", "primary", "attention-mark", "proven-mark", "stop", "check")]


def palette(theme: str) -> dict[str, str]:
    block = re.search(r'\[data-bs-theme="' + theme + r'"\] \{(.*?)\}', CSS, re.S)
    assert block
    return dict(re.findall(r"--ax-([\w-]+): (#[0-9a-f]{6});", block[1]))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (MARKS, 3.0)], ids=["text", "marks"])
def test_colours_are_readable_in_both_themes(theme: str, pairs: list[tuple[str, str]], least: float) -> None:
    colours = palette(theme)
    poor = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < least} == {}
