"""Templates of notices, one a kind, registered as code by the room whose news it is (in its ``AppConfig.ready``)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

APP, SMS, MAIL, ROBOT = "app", "sms", "mail", "robot"
CHANNELS = (APP, SMS, MAIL, ROBOT)
"""In the product (always), text message, mail, robot in a group chat of the enterprise."""
LOW, NORMAL, URGENT = "low", "normal", "urgent"
URGENCIES = (LOW, NORMAL, URGENT)
"""Over other channels ``low`` always goes with the day's digest, ``normal`` where somebody has chosen it, ``urgent`` never: it waits for nothing,
not even for the end of quiet hours."""
LEARNER, MANAGER = "learner", "manager"
AUDIENCES = (LEARNER, MANAGER)

_PLACE = re.compile(r"%\((\w+)\)[sd]")
_registered: dict[str, "Kind"] = {}


@dataclass(frozen=True, slots=True)
class Kind:
    """A template. Texts are lazy translations with ``%(name)s`` places; see :func:`register_notice`."""

    name: str
    title: Any
    body: Any
    url: str
    channels: frozenset[str]
    urgency: str
    label: Any
    audience: frozenset[str]
    must: Any
    group: Any

    def title_of(self, context: Mapping[str, str | int]) -> str:
        """Return the title in the language of the moment."""
        return _filled(self.title, context)

    def body_of(self, context: Mapping[str, str | int]) -> str:
        """Return the body in the language of the moment."""
        return _filled(self.body, context)

    def group_of(self, context: Mapping[str, str | int]) -> str:
        """Return what a group chat may read below the title."""
        return _filled(self.group, context)

    def url_of(self, context: Mapping[str, str | int]) -> str:
        """Return the path that the notice leads to, on the enterprise's host."""
        return _filled(self.url, context)


def register_notice(
    kind: str,
    *,
    title: Any,
    body: Any,
    url: str,
    channels: Iterable[str] = (APP,),
    urgency: str = NORMAL,
    label: Any = None,
    audience: Iterable[str] = AUDIENCES,
    must: Any = "",
    group: Any = "",
) -> None:
    """Make a kind of notice known. Registering the same name again replaces it.

    :param kind: stable name of at most 40 characters, e.g. ``plan.assigned``
    :param title: one line; lazy translation with ``%(name)s`` for values of the context. Group chats read it too: no person's name in it
    :param body: one to three sentences that say what to do next; lazy translation with ``%(name)s``
    :param url: path the notice leads to, e.g. ``/console/plans/%(plan)s``; begins with ``/``
    :param channels: of ``app``, ``sms``, ``mail``, ``robot``; ``app`` is always among them
    :param urgency: ``low``, ``normal`` or ``urgent``
    :param label: what the kind is called in settings; without it the title, with … for its places
    :param audience: who gets it, of ``learner`` and ``manager``; decides on whose page it may be chosen
    :param must: why nobody may switch it off, as a sentence; empty: one may
    :param group: what the robot says below the title in a group chat, without names of persons; empty: the title only
    :raises ValueError: an unknown channel, urgency or audience, a name too long, or a path that leaves the host
    """
    kinds_of_channel, people = frozenset(channels) | {APP}, frozenset(audience)
    if not 1 <= len(kind) <= 40:
        raise ValueError(f"the name of a kind has 1 to 40 characters: {kind!r}")
    if not kinds_of_channel <= set(CHANNELS) or urgency not in URGENCIES or not people or not people <= set(AUDIENCES):
        raise ValueError(f"{kind}: unknown channel, urgency or audience")
    if not url.startswith("/") or url.startswith("//"):
        raise ValueError(f"{kind}: url must be a path on the enterprise's host")
    _registered[kind] = Kind(kind, title, body, url, kinds_of_channel, urgency, label or title, people, must, group)


def kind_of(name: str) -> Kind:
    """Return a kind.

    :raises LookupError: nobody registered it
    """
    try:
        return _registered[name]
    except KeyError as error:
        raise LookupError(f"nobody registered the kind of notice {name!r}") from error


def known(name: str) -> Kind | None:
    """Return a kind, or None for one of a former version whose notices are still kept."""
    return _registered.get(name)


def kinds(audience: str | None = None) -> list[Kind]:
    """Return the kinds that a learner or a manager may get, by name."""
    return [one for _name, one in sorted(_registered.items()) if audience is None or audience in one.audience]


def listed(audience: str | None = None) -> list[Kind]:
    """Return the kinds that somebody may choose about: all but the test message."""
    return [kind for kind in kinds(audience) if not kind.name.startswith("test.")]


def free_first(audience: str | None = None) -> list[Kind]:
    """Return the kinds in the order of pages: first those about which one may choose."""
    return sorted(listed(audience), key=lambda kind: bool(kind.must))


def label_of(kind: Kind) -> str:
    """Return what a kind is called where there is no context."""
    return _PLACE.sub("…", str(kind.label))


def _filled(text: Any, context: Mapping[str, str | int]) -> str:
    """Fill places by name; a place without a value stays readable, so that one lost word never loses a notice."""
    return _PLACE.sub(lambda found: str(context.get(found[1], "…")), str(text))
