"""Traditional characters and their simplified forms (clause 三.4 asks for standard characters)."""

from functools import lru_cache

from opencc import OpenCC


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """Return ``text`` in simplified characters; simplified text comes back unchanged (「乾坤」 and 「瞭望」 too)."""
    converted: str = _converter().convert(text)
    return converted
