"""A cheat's own script: it speaks the beat protocol over HTTP, has a real browser's cookies, and says what it likes.

What somebody really watched is counted here, by the script's own arithmetic, never read from the server.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from time_machine import Traveller

from apps.learning import queries, spans
from tenants.api import Credential
from tenants.scope import enterprise_scope
from tenants.sites import Site
from tests.apps.learning.conftest import A, School, prove

STEP_S = 15
Json = dict[str, Any]


def sign(beat: Json, key: bytes) -> Json:
    """Add the MAC as published tools do: HMAC-SHA256 over the sorted, compact JSON."""
    text = json.dumps(beat, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return {**beat, "mac": hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()}


class Browser:
    """Cookies of one device, signed in to one enterprise; forms are checked as they are for everybody."""

    def __init__(self, site: Site, mobile: str) -> None:
        self.site = site
        self.http = Client(enforce_csrf_checks=True, headers={"host": site.host})
        self.token = ""
        with enterprise_scope(site):
            self.http.force_login(Credential.objects.by_login(mobile))

    def twin(self) -> Browser:
        """Return the same device, with its cookies as they are now."""
        found = Browser.__new__(Browser)
        found.site, found.token = self.site, self.token
        found.http = Client(enforce_csrf_checks=True, headers={"host": self.site.host})
        found.http.cookies.load({name: morsel.value for name, morsel in self.http.cookies.items()})
        return found

    def visit(self, path: str) -> str:
        """Open a page and keep its form token."""
        page = self.http.get(path)
        assert page.status_code == 200, (path, page.status_code)
        html = page.content.decode()
        self.token = re.search(r'name="csrf-token" content="([^"]+)"', html)[1]  # type: ignore[index]
        return html

    def get(self, path: str) -> Any:
        return self.http.get(path)

    def post(self, path: str, body: Json) -> Any:
        headers = {"X-CSRFToken": self.token}
        return self.http.post(path, json.dumps(body), content_type="application/json", headers=headers)


@dataclass
class Sitting:
    """One study session, driven by the script. ``position_ms`` is where the script is, whatever the server believes."""

    cheat: Cheat
    browser: Browser
    opened: Json
    courseware: int
    seq: int = 0
    nonce: str = ""
    position_ms: int = 0
    reply: Json = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/api/learning/sessions/{self.opened['session']}"

    @property
    def key(self) -> bytes:
        return bytes.fromhex(self.opened["key"])

    def claim(self, state: str = "playing", **changes: Any) -> Json:
        """Return a beat without its MAC that says all is well."""
        return {
            "seq": self.seq + 1,
            "nonce": self.nonce,
            "position_ms": self.position_ms,
            "state": state,
            "reason": "tick",
            "rate": 1,
            "hidden": False,
            "focused": True,
            "mono_ms": round(self.cheat.wall_s * 1000),
            "frames": self.position_ms // 40,
            "guard": {"rate": 0, "seek": 0, "hidden": 0, "blur": 0},
            "probes": {},
            **changes,
        }

    def post(self, body: Json | bytes) -> Any:
        """Send any body; note what the server objected to."""
        data = body if isinstance(body, bytes) else json.dumps(body)
        answer = self.browser.http.post(f"{self.path}/beats", data, content_type="text/plain;charset=UTF-8")
        told = answer.json()
        self.cheat.alerts.add(told.get("code") or told["verdict"])
        return answer

    def say(self, state: str = "playing", **changes: Any) -> Json:
        """Send a well-formed beat and believe the answer about number and nonce only."""
        answer = self.post(sign(self.claim(state, **changes), self.key))
        self.reply = answer.json()
        if answer.status_code == 200:
            self.seq, self.nonce = self.reply["seq"], self.reply["nonce"]
        return self.reply

    def play(self) -> Json:
        return self.say(reason="play")

    def run(self, seconds: float, *, rate: float = 1, **changes: Any) -> Json:
        """Let ``seconds`` pass on the clock while the position goes ``rate`` times as far, beating as asked. Nobody watches."""
        while seconds > 1e-6:
            step = min(STEP_S, seconds)
            self.cheat.wait(step)
            self.position_ms += round(step * rate * 1000)
            self.say(**changes)
            seconds -= step
        return self.reply

    def watch(self, seconds: float) -> Json:
        """Really watch: as :meth:`run` at 1x, and it counts as real."""
        start = self.position_ms
        reply = self.run(seconds)
        self.cheat.saw(self, start, self.position_ms)
        return reply

    def close(self, reason: str = "left") -> Any:
        return self.browser.post(f"{self.path}/close", {"reason": reason})


@dataclass
class Cheat:
    """One natural person with any number of devices and enterprises."""

    clock: Traveller
    mobile: str = A["mobile"]
    wall_s: float = 0
    alerts: set[str] = field(default_factory=set)
    places: dict[str, tuple[Site, School]] = field(default_factory=dict)
    seen: dict[tuple[str, int], spans.Spans] = field(default_factory=dict)

    def device(self, site: Site, school: School) -> Browser:
        """Return a fresh device of this person, signed in and proven by the phone, that has seen the player's page."""
        self.attend(site, school)
        found = Browser(site, self.mobile)
        found.visit(f"/learn/{school.assignment.uuid}/{school.first}")
        self.show_phone(found)
        return found

    def show_phone(self, browser: Browser) -> None:
        """Enter the text message's code on this device, as the person with the phone in hand does."""
        site, school = self.places[browser.site.schema_name]
        with enterprise_scope(site):
            prove(browser.http, school)

    def attend(self, site: Site, school: School) -> None:
        """Count what is earned there."""
        self.places[site.schema_name] = (site, school)

    def try_to_open(self, browser: Browser, courseware: int | None = None) -> Any:
        """Ask for a study session over HTTP; return the answer, note a refusal."""
        _, school = self.places[browser.site.schema_name]
        body = {"assignment": str(school.assignment.uuid), "courseware": courseware or school.first}
        answer = browser.post("/api/learning/sessions", body)
        if answer.status_code != 201:
            self.alerts.add(answer.json()["code"])
        return answer

    def open(self, browser: Browser, courseware: int | None = None) -> Sitting:
        """Open a study session over HTTP."""
        answer = self.try_to_open(browser, courseware)
        opened = answer.json()
        assert answer.status_code == 201, opened
        _, school = self.places[browser.site.schema_name]
        where = courseware or school.first
        return Sitting(self, browser, opened, where, nonce=opened["nonce"], position_ms=opened["position_ms"])

    def wait(self, seconds: float) -> None:
        self.wall_s += seconds
        self.clock.shift(seconds)

    def saw(self, sitting: Sitting, start_ms: int, end_ms: int) -> None:
        where = (sitting.browser.site.schema_name, sitting.courseware)
        self.seen[where] = spans.union(self.seen.get(where, ()), ((start_ms, end_ms),))

    @property
    def real_ms(self) -> int:
        return sum(spans.measure(seen) for seen in self.seen.values())

    @property
    def credited_ms(self) -> int:
        """What the plans of all the person's enterprises count."""
        total = 0
        for site, school in self.places.values():
            with enterprise_scope(site):
                found = queries.earned_ms(learner_id=school.learner.id, courseware_ids=school.assignment.courseware_ids)
            total += sum(found.values())
        return total
