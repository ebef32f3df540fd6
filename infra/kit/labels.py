"""Security labels of data and clearances of people (GB 17859 level 3: 标记, 强制访问控制; GB/T 22239-2019 8.1.4.2 g). Pure.

A label is a level and a set of categories. Somebody may read what their clearance dominates: a level as high, and every category.
What is put together from several sources carries the highest level and all categories, so a copy is never worth less than its source.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Level(IntEnum):
    """How much harm it does in the wrong hands."""

    PUBLIC = 0
    INTERNAL = 1
    SENSITIVE = 2
    CORE = 3


class Category(StrEnum):
    """Which business it belongs to."""

    TRAINING = "TRAINING"
    FINANCE = "FINANCE"
    SECURITY = "SECURITY"


LEVELS: dict[Level, Any] = {Level.PUBLIC: _("公开"), Level.INTERNAL: _("内部"), Level.SENSITIVE: _("敏感"), Level.CORE: _("核心")}
CATEGORIES: dict[Category, Any] = {
    Category.TRAINING: _("培训"),
    Category.FINANCE: _("财务"),
    Category.SECURITY: _("安全"),
}


@dataclass(frozen=True, slots=True)
class Label:
    """One label, of data or (as a clearance) of a person."""

    level: Level
    categories: frozenset[Category] = frozenset()

    @property
    def code(self) -> str:
        """Return the form for logs and file properties, e.g. ``2-TRAINING``; categories in alphabetical order, joined by ``+``."""
        return f"{int(self.level)}-{'+'.join(sorted(self.categories))}"

    @property
    def words(self) -> str:
        """Return the form for people, e.g. 「敏感 · 培训」."""
        names = [str(CATEGORIES[part]) for part in sorted(self.categories)]
        return " · ".join([str(LEVELS[self.level]), *names])

    def dominates(self, other: "Label") -> bool:
        """Say whether a person with this clearance may read what carries ``other``."""
        return self.level >= other.level and self.categories >= other.categories

    @classmethod
    def parse(cls, code: str) -> "Label":
        """Return the label that :attr:`code` wrote.

        :raises ValueError: it is none
        """
        level, dash, rest = code.partition("-")
        if not dash:
            raise ValueError(f"no label: {code}")
        return cls(Level(int(level)), frozenset(Category(part) for part in rest.split("+") if part))


def label(level: Level, *categories: Category) -> Label:
    """Return a label."""
    return Label(level, frozenset(categories))


def joined(labels: Iterable[Label]) -> Label:
    """Return what something made of all these carries; of nothing: public."""
    level, categories = Level.PUBLIC, frozenset[Category]()
    for one in labels:
        level, categories = max(level, one.level), categories | one.categories
    return Label(level, categories)
