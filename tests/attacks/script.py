"""A cheat's own script: it speaks the beat protocol over HTTP, has a real browser's cookies, and says what it likes.

What somebody really watched is counted here, by the script's own arithmetic, never read from the server.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from time_machine import Traveller

from apps.learning import queries, spans
from apps.learning.models import Coverage, PresenceCheck
from tenants.api import Credential
from tenants.scope import enterprise_scope
from tenants.sites import Site
from tests.apps.learning.conftest import A, School, prove

STEP_S = 15
KEY_MS, FILM_MS = 60_000, 1_800_000
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
    fetches: bool = True
    keys: set[int] = field(default_factory=set)

    @property
    def path(self) -> str:
        return f"/api/learning/sessions/{self.opened['session']}"

    @property
    def key(self) -> bytes:
        return bytes.fromhex(self.opened["key"])

    def claim(self, state: str = "playing", **changes: Any) -> Json:
        """Return a beat without its MAC that says all is well; what must have played for it is fetched first."""
        if self.fetches:
            self.fetch()
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

    def fetch(self) -> None:
        """Ask for the keys of the film up to where the script is, as hls.js does, until one is refused."""
        for number in range(min(self.position_ms, FILM_MS - 1) // KEY_MS + 1):
            if number not in self.keys:
                if self.fetch_key(number).status_code != 200:
                    return
                self.keys.add(number)

    def fetch_key(self, number: int) -> Any:
        answer = self.browser.get(f"{self.path}/keys/{number}")
        if answer.status_code != 200:
            self.cheat.alerts.add(answer.json()["code"])
        return answer

    def say(self, state: str = "playing", **changes: Any) -> Json:
        """Send a well-formed beat and believe the answer about number and nonce only."""
        answer = self.post(sign(self.claim(state, **changes), self.key))
        self.reply = answer.json()
        if answer.status_code == 200:
            self.seq, self.nonce = self.reply["seq"], self.reply["nonce"]
            if self.cheat.present and self.reply["check"]:
                self.prove()
        return self.reply

    def check(self) -> Json:
        """Fetch the check that the last reply named."""
        found: Json = self.browser.get(f"{self.path}/checks/{self.reply['check']['uuid']}").json()
        return found

    def answer(self, **body: Any) -> Json:
        """Answer it; note the outcome."""
        told: Json = self.browser.post(f"{self.path}/checks/{self.reply['check']['uuid']}", body).json()
        self.cheat.alerts.add(told.get("code") or told["outcome"])
        return told

    def prove(self) -> Json:
        """Read the picture and answer the question, as the learner does who sits there."""
        self.check()
        with enterprise_scope(self.browser.site):
            asked = PresenceCheck.objects.get(uuid=self.reply["check"]["uuid"]).content
        told = self.answer(code=asked["code"], answer=asked["answer"])
        if told["outcome"] == "passed":
            self.cheat.proven = dict(self.cheat.seen)
        return told

    def play(self) -> Json:
        return self.say(reason="play")

    def run(self, seconds: float, *, rate: float = 1, **changes: Any) -> Json:
        """Let ``seconds`` pass on the clock while the position goes ``rate`` times as far, beating as asked.

        Nobody watches, unless the cheat is ``present``.
        """
        while seconds > 1e-6:
            step = min(STEP_S, seconds)
            self.cheat.wait(step)
            self.position_ms += round(step * rate * 1000)
            if self.cheat.present:
                self.cheat.saw(self, self.position_ms - round(step * 1000), self.position_ms)
            self.say(**changes)
            seconds -= step
        return self.reply

    def watch(self, seconds: float) -> Json:
        """Really watch, and answer every check that comes."""
        before, self.cheat.present = self.cheat.present, True
        reply = self.run(seconds)
        self.cheat.present = before
        return reply

    def close(self, reason: str = "left") -> Any:
        return self.browser.post(f"{self.path}/close", {"reason": reason})


@dataclass
class Cheat:
    """One natural person with any number of devices and enterprises. ``present``: really watches, and answers checks."""

    clock: Traveller
    mobile: str = A["mobile"]
    present: bool = False
    wall_s: float = 0
    alerts: set[str] = field(default_factory=set)
    places: dict[str, tuple[Site, School]] = field(default_factory=dict)
    seen: dict[tuple[str, int], spans.Spans] = field(default_factory=dict)
    proven: dict[tuple[str, int], spans.Spans] = field(default_factory=dict)

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
    def watched_ms(self) -> int:
        return sum(map(spans.measure, self.seen.values()))

    @property
    def proven_ms(self) -> int:
        return sum(map(spans.measure, self.proven.values()))

    @property
    def confirmed_ms(self) -> int:
        """What the plans of all the person's enterprises count."""
        return self._sum(
            lambda school, wanted: sum(queries.earned_ms(learner_id=school.learner.id, courseware_ids=wanted).values())
        )

    @property
    def counted_ms(self) -> int:
        """What is held in all the person's enterprises, provisional pay included."""
        return self._sum(lambda school, _: sum(spans.measure(row.spans) for row in covers_of(school)))

    def _sum(self, of: Callable[[School, Sequence[int]], int]) -> int:
        total = 0
        for site, school in self.places.values():
            with enterprise_scope(site):
                total += of(school, school.assignment.courseware_ids)
        return total


def covers_of(school: School) -> Iterable[Coverage]:
    return Coverage.objects.filter(learner_id=school.learner.id)
