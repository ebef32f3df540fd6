"""The pages there are, by name; and what one page view is asked."""

import random
from functools import cache, cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, get_resolver

from public.timing.audiences import audience_of
from public.timing.counting import TIMER, Key
from public.timing.models import Device, Kind, Site

LONGEST = 80


def site_of(request: HttpRequest) -> str:
    """Return which kind of site was asked."""
    return Site.PLATFORM if getattr(request, "enterprise", None) is None else Site.ENTERPRISE


def device_of(request: HttpRequest) -> str:
    """Return which kind of device asks, by what browsers say of themselves; tablets count as desktops."""
    agent = request.headers.get("User-Agent", "")
    is_phone = request.headers.get("Sec-CH-UA-Mobile") == "?1" or ("Mobi" in agent and "iPad" not in agent)
    return Device.PHONE if is_phone else Device.DESKTOP


@cache
def addresses(site: str) -> dict[str, str]:
    """Return the pages of a kind of site: name to the pattern of its address, its parts that change left out (``/console/people/…``)."""
    urls = settings.ENTERPRISE_URLCONF if site == Site.ENTERPRISE else settings.ROOT_URLCONF
    return dict(_walked(get_resolver(urls), "/"))


def _walked(resolver: URLResolver, before: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for entry in resolver.url_patterns:
        address = before + str(entry.pattern)
        if isinstance(entry, URLPattern) and entry.name and len(entry.name) <= LONGEST:
            found.append((entry.name, _without_values(address)))
        elif isinstance(entry, URLResolver) and not entry.namespace:  # interfaces are no pages
            found += _walked(entry, address)
    return found


def _without_values(address: str) -> str:
    parts = address.split("<")
    return parts[0] + "".join(f"…{part.partition('>')[2]}" for part in parts[1:])


class PageView:
    """One page as it is made: only a whole page that draws the frame counts, and a sample of them is timed."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def route(self) -> str:
        """The page's name for its script to say; "" where nothing is asked. Reading it counts one view."""
        match = self._request.resolver_match
        site = site_of(self._request)
        if match is None or "HX-Request" in self._request.headers or match.view_name not in addresses(site):
            return ""
        TIMER.add(Key(Kind.VIEW, match.view_name, site, device_of(self._request)), 0)
        every = TIMER.every(audience_of(match.view_name))
        return match.view_name if random.random() * every < 1 else ""  # noqa: S311 - which views are timed is no secret
