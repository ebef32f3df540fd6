"""Times in words."""

from django.utils.translation import gettext as _

from public.timing.rules import BAR_MS, Figures

FEW = 20
"""Of fewer measured waits the mean says little, and no verdict is given."""


def seconds(ms: float | None) -> str:
    """Return ``0.84 秒``, of nothing a dash. A mean is rounded up, so that 3.001 s is not called 3."""
    if ms is None:
        return "—"
    return _("%(n)s 秒") % {"n": f"{-(-round(ms, 6) // 10) / 100:.2f}"}


def milliseconds(ms: float | None) -> str:
    """Return ``86 毫秒``, of nothing a dash."""
    return "—" if ms is None else _("%(n)s 毫秒") % {"n": f"{ms:,.0f}"}


def percent(part: float | None) -> str:
    """Return ``99.2%``, rounded down, of nothing a dash."""
    return "—" if part is None else f"{int(part * 1000 + 1e-9) / 10:g}%"


def verdict(figures: Figures) -> tuple[str, str]:
    """Return tone and words of how the mean stands to the clause's bar."""
    mean = figures.mean_ms
    if mean is None:
        return "neutral", _("没有数据")
    if figures.sampled < FEW:
        return "neutral", _("数据太少")
    return ("proven", _("达标")) if mean <= BAR_MS else ("stop", _("超过 3 秒"))


def sentence(figures: Figures) -> str:
    """Return the figure that an inspector asks for."""
    if figures.mean_ms is None:
        return _("平均响应时间：没有数据（标准 ≤ 3 秒）")
    return _("平均响应时间 %(mean)s（标准 ≤ 3 秒）") % {"mean": seconds(figures.mean_ms)}
