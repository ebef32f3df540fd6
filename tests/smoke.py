"""`make smoke`: the main path over HTTP on a free port, without a browser; prints what it saw, exit 0 when all of it held."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import re
import secrets
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import httpx
import psycopg
import pyotp
import pypdfium2
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from psycopg.sql import SQL, Identifier

from infra.kit import clock, signing
from infra.wiring.demo_accounts import PASSWORD, TOTP
from tests.journeys import people
from tests.journeys.stage import Product, whole_product
from tests.web import ROOT, Web

BEAT_S = 6.0
"""How often the smoke beats; a player is asked for 12 to 18 s, sooner is allowed."""


def main() -> int:
    """Walk the path and print each step with its time."""
    began = time.monotonic()

    def saw(what: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {what}", flush=True)

    with whole_product(ROOT / "build/smoke") as web:
        saw("web and worker answer")
        walk(web, saw)
    saw("stopped cleanly")
    return 0


class Visitor:
    """One person's cookies on one host."""

    def __init__(self, web: Web, host: str) -> None:
        self.web, self.subdomain = web, host
        self.host = f"{host}.localhost:{web.port}"
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{web.port}", headers={"Host": self.host}, timeout=60)

    def get(self, path: str, status: int = 200) -> httpx.Response:
        """Open a page."""
        return self._checked(self.http.get(path), status)

    def post(self, path: str, form: dict[str, Any], *, files: Any = None, status: int = 302) -> httpx.Response:
        """Send a form as the page would."""
        token = self.http.cookies.get("csrftoken") or ""
        return self._checked(self.http.post(path, data={**form, "csrfmiddlewaretoken": token}, files=files), status)

    def call(self, path: str, body: Any, status: int = 200) -> httpx.Response:
        """Call the JSON interface."""
        token = self.http.cookies.get("csrftoken") or ""
        return self._checked(self.http.post(path, json=body, headers={"X-CSRFToken": token}), status)

    def _checked(self, answer: httpx.Response, status: int) -> httpx.Response:
        assert answer.status_code == status, (
            f"{answer.request.method} {answer.request.url} -> {answer.status_code}\n{_words(answer.text)[:1500]}"
        )
        return answer


def walk(web: Web, saw: Callable[[str], None]) -> None:
    """Sign up, import, plan, learn, exam, certificate, verification, regulator."""
    subdomain, phone = f"smoke{secrets.token_hex(4)}", people.mobile()
    manager = sign_up(web, subdomain)
    saw(f"an enterprise signed up alone: {subdomain}.localhost")
    import_learners(manager, [("学员甲", people.resident_id(), phone)])
    saw("a learner came in from Excel")
    open_plan(manager)
    saw("a plan was opened from a legal template")
    learner = sign_in(web, subdomain, phone)
    course, lessons = duties(learner)
    choose_code(learner, course, lessons[0])
    saw("the learner chose how to prove who is there")
    for lesson in lessons:
        credited = learn(learner, course, lesson)
        saw(f"lesson {lesson}: {credited / 1000:.1f} s credited by the server's clock")
    saw(f"exam passed with {sit_exam(learner, course)} points")
    code = certificate(learner)
    verified = Visitor(web, "anxue").get(f"/verify/{code}")
    assert "学员甲" not in verified.text
    saw(f"a stranger verified certificate {code}")
    kinds = feed(web)
    assert kinds >= {"LEARNER", "SESSION", "EXAM", "CERTIFICATE"}, kinds
    saw(f"the regulator pulled a signed feed: {', '.join(sorted(kinds))}")


def code_for(web: Web, mobile: str) -> str:
    """Read the newest text message to ``mobile``."""
    found = re.search(rf'data-code-for="{mobile}">(\d+)<', Visitor(web, "anxue").get("/dev/outbox").text)
    assert found, "no message was sent"
    return found[1]


def sign_up(web: Web, subdomain: str) -> Visitor:
    """Open an enterprise and enter it."""
    mobile, visitor = people.mobile(), Visitor(web, "anxue")
    visitor.get("/sign-up")
    visitor.post("/sign-up/code", {"mobile": mobile}, status=200)
    form = {
        "mobile": mobile,
        "code": code_for(web, mobile),
        "name": "安全员",
        "password": f"Ke-kao-{secrets.token_hex(4)}",
        "company": "杭州冒烟机械有限公司",
        "uscc": people.uscc(),
        "industry_code": "C",
        "hazard": "GENERAL",
        "city": "330100",
        "division_code": "330106",
        "subdomain": subdomain,
        "agree": "on",
    }
    target = visitor.post("/sign-up", form).headers["Location"]
    assert f"//{subdomain}.localhost" in target, target
    manager = Visitor(web, subdomain)
    manager.get(target.split(str(web.port), 1)[1], 302)
    manager.get("/console")
    return manager


def import_learners(manager: Visitor, rows: list[tuple[str, str, str]]) -> None:
    """Upload a list, agree to what the check shows, and wait for the worker both times."""
    manager.get("/console/people/import")
    job = manager.post("/console/people/import", {}, files={"file": ("名单.xlsx", people.roster(rows))}).headers["Location"]
    _wait_for(manager, job, f"导入全部 {len(rows)} 人")
    manager.post(f"{job}/commit", {"what": "whole"})
    _wait_for(manager, job, "导入完成")


def _wait_for(manager: Visitor, page: str, words: str) -> None:
    for _ in range(60):
        if words in manager.get(page).text:
            return
        time.sleep(0.5)
    raise AssertionError(_words(manager.get(page).text))


def open_plan(manager: Visitor) -> None:
    """Open a plan for everybody with one short course."""
    page = manager.get("/console/plans/new").text
    law = re.search(r'name="requirement_id" value="(\d+)"(?:(?!name="requirement_id").)*?新工艺、新技术', page, re.DOTALL)
    assert law
    form: dict[str, Any] = {"step": "law", "go": "next", "title": "冒烟培训", "requirement_id": law[1]}
    page = manager.post("/console/plans/new", form, status=200).text
    version = re.search(r'name="version_ids" value="(\d+)"(?:(?!name="version_ids").)*?叉车', page, re.DOTALL)
    assert version
    form |= {
        "version_ids": [version[1]],
        "who_kind": "all",
        "due_on": str(clock.shanghai_date(clock.now()) + timedelta(days=60)),
        "exam_needed": "on",
    }
    form |= {
        "exam_questions": "2",
        "exam_pass_score": "80",
        "exam_minutes": "10",
        "exam_tries": "3",
        "step": "review",
        "go": "open",
    }
    manager.post("/console/plans/new", form)


def sign_in(web: Web, subdomain: str, mobile: str) -> Visitor:
    """Enter with a text message."""
    learner = Visitor(web, subdomain)
    learner.get("/sign-in")
    learner.post("/sign-in", {"way": "code", "mobile": mobile, "do": "send"}, status=200)
    learner.post("/sign-in", {"way": "code", "mobile": mobile, "code": code_for(web, mobile), "do": "enter"})
    return learner


def choose_code(learner: Visitor, course: str, lesson: int) -> None:
    """Be refused before choosing; choose the code, which signing in by text message has proved already."""
    learner.get(f"{course}/{lesson}")
    body = {"assignment": course.rsplit("/", 1)[1], "courseware": lesson}
    refused = learner.call("/api/learning/sessions", body, 403).json()
    assert (refused["code"], refused["needs"]) == ("identity_required", "consent"), refused
    learner.get(refused["url"])
    learner.post("/learn/identity/choose", {"method": "code", "next": f"{course}/{lesson}"})
    assert learner.get("/learn/identity?next=/learn", 302).headers["Location"] == "/learn"


def duties(learner: Visitor) -> tuple[str, list[int]]:
    """Return the address of the one assignment and its lessons."""
    course = re.search(r'href="(/learn/[0-9a-f-]{36})', learner.get("/learn").text)
    assert course
    found = re.findall(rf'href="{course[1]}/(\d+)"', learner.get(course[1]).text)
    return course[1], sorted({int(lesson) for lesson in found})


def learn(learner: Visitor, course: str, lesson: int) -> int:
    """Play one lesson in real time; returns the credited milliseconds."""
    learner.get(f"{course}/{lesson}")
    body = {"assignment": course.rsplit("/", 1)[1], "courseware": lesson}
    session = learner.call("/api/learning/sessions", body, 201).json()
    decrypt_first_segment(learner, session["playlist"])
    path, key = f"/api/learning/sessions/{session['session']}", bytes.fromhex(session["key"])
    state = {"seq": 0, "nonce": session["nonce"]}
    began = time.monotonic()
    reply = _beat(learner, path, key, state, 0, "playing", "play")
    length = session["duration_ms"]
    while True:
        time.sleep(min(BEAT_S, max(0.2, length / 1000 - (time.monotonic() - began))))
        position = min(length, int((time.monotonic() - began) * 1000))
        ended = position >= length
        reply = _beat(learner, path, key, state, position, "ended" if ended else "playing", "ended" if ended else "tick")
        if reply["check"]:
            prove(learner, reply["check"])
        if ended:
            break
    learner.call(f"{path}/close", {"reason": "finished"}, 204)
    assert reply["credited_ms"] >= length * 0.99, reply
    return int(reply["credited_ms"])


def prove(learner: Visitor, check: dict[str, Any]) -> None:
    """Answer a presence check as somebody who reads the picture and knows the course; the answer is read where the server keeps it."""
    shown = learner.get(check["url"]).json()
    assert shown["code"].startswith("data:image/png;base64,"), shown
    assert isinstance(learner.web, Product)
    with psycopg.connect(learner.web.owner_url) as db:
        place = "SELECT schema_name FROM public.tenants_enterprise WHERE subdomain = %s"
        schema = db.execute(place, [learner.subdomain]).fetchone()
        assert schema
        wanted = SQL("SELECT content FROM {}.learning_presencecheck WHERE uuid = %s").format(Identifier(schema[0]))
        content = db.execute(wanted, [check["uuid"]]).fetchone()
    assert content
    result = learner.call(check["url"], {"code": content[0]["code"], "answer": content[0]["answer"]}).json()
    assert result["outcome"] == "passed", result


def _beat(
    learner: Visitor, path: str, key: bytes, chain: dict[str, Any], position: int, state: str, reason: str
) -> dict[str, Any]:
    claim = {
        "seq": chain["seq"] + 1,
        "nonce": chain["nonce"],
        "position_ms": position,
        "state": state,
        "reason": reason,
        "rate": 1,
        "hidden": False,
        "focused": True,
        "mono_ms": int(time.monotonic() * 1000),
        "frames": position // 200,
        "guard": {},
        "probes": {},
    }
    canonical = json.dumps(claim, sort_keys=True, separators=(",", ":"))
    mac = hmac.new(key, canonical.encode(), hashlib.sha256).hexdigest()
    reply: dict[str, Any] = learner.call(f"{path}/beats", {**claim, "mac": mac}).json()
    chain |= {"seq": reply["seq"], "nonce": reply["nonce"]}
    forged = {**claim, "seq": chain["seq"] + 1, "nonce": chain["nonce"], "position_ms": position + 60_000, "mac": mac}
    assert learner.http.post(f"{path}/beats", json=forged).status_code == 409, "a forged beat was taken"
    return reply


def decrypt_first_segment(learner: Visitor, playlist: str) -> None:
    """Fetch playlist, key and one segment, and see that it opens."""
    text = learner.get(playlist).text
    key_uri, iv = re.search(r'#EXT-X-KEY:METHOD=AES-128,URI="([^"]+)",IV=0x([0-9a-fA-F]+)', text).groups()  # type: ignore[union-attr]
    segment = next(line for line in text.splitlines() if line and not line.startswith("#"))
    key = learner.get(key_uri).content
    cipher = Cipher(algorithms.AES(key), modes.CBC(bytes.fromhex(iv))).decryptor()
    clear = cipher.update(learner.get(segment).content) + cipher.finalize()
    assert clear[4:8] in {b"styp", b"moof", b"sidx"}, clear[:16]


def sit_exam(learner: Visitor, course: str) -> int:
    """Answer from the bank; returns the score."""
    learner.get(f"{course}/exam")
    page = learner.post(f"{course}/exam", {}, status=302)
    page = learner.get(page.headers["Location"])
    told = {name: re.search(rf'data-{name}="([^"]+)"', page.text)[1] for name in ("url", "key", "base")}  # type: ignore[index]
    learner.http.headers["X-Sitting"] = told["key"]
    sections = re.findall(r'<section[^>]*data-question="(\d+)".*?</section>', page.text, re.DOTALL)
    for number in sections:
        section = re.search(rf'<section[^>]*data-question="{number}".*?</section>', page.text, re.DOTALL)
        assert section
        stem = _words(re.search(r"<legend[^>]*>(.*?)</legend>", section[0], re.DOTALL)[1])  # type: ignore[index]
        options = re.findall(r'value="([A-Z])">.*?<span>(.*?)</span>', section[0], re.DOTALL)
        right = people.answers(stem)
        choice = [key for key, text in options if people.plain(_words(text)) in right]
        learner.call(f"{told['url']}answer", {"no": int(number), "response": choice, "seq": int(told["base"]) + int(number)})
    result = learner.call(f"{told['url']}submit", {}).json()["result"]
    text = _words(learner.get(result).text)
    assert "通过了" in text, text
    return int(re.search(r"(\d+) 分", text)[1])  # type: ignore[index]


def certificate(learner: Visitor) -> str:
    """Fetch the PDF and return the code printed on it."""
    link = re.search(r'href="(/learn/certificates/[^"]+\.pdf)"', learner.get("/learn/archive").text)
    assert link
    pdf = pypdfium2.PdfDocument(io.BytesIO(learner.get(link[1]).content))
    text = "".join(page.get_textpage().get_text_range() for page in pdf)
    code = re.search(r"查验码\W*([0-9A-Z-]{16,24})", text) or re.search(r"/verify/([0-9A-Za-z-]+)", text)
    assert code, text
    return code[1]


def feed(web: Web) -> set[str]:
    """Enter as the authority, make a key, pull today's feed and check its signature."""
    authority = Visitor(web, "anxue")
    authority.get("/desk/sign-in")
    authority.post("/desk/sign-in", {"login": "regulator", "password": PASSWORD})
    for _ in range(4):
        answer = authority.http.post(
            "/desk/code",
            data={
                "code": pyotp.TOTP(TOTP["regulator"]).now(),
                "csrfmiddlewaretoken": authority.http.cookies.get("csrftoken") or "",
            },
        )
        if answer.status_code == 302:
            break
        time.sleep(15)
    key = re.search(r"data-api-key>([^<]+)<", authority.post("/regulator/key", {}, status=200).text)
    assert key
    keys = authority.get("/.well-known/anxue-keys.json").text
    reply = authority.http.get(
        "/api/regulator/feed",
        headers={"Authorization": f"Bearer {key[1]}"},
        params={"day": str(clock.shanghai_date(clock.now())), "limit": 500},
    )
    assert reply.status_code == 200, reply.text
    public = people.published_keys(json.loads(keys))[reply.headers["X-Anxue-Key-Id"]]
    assert signing.verify(reply.content, reply.headers["X-Anxue-Signature"], public)
    return {record["kind"] for record in reply.json()["records"]}


def _words(html: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<script.*?</script>|<[^>]+>", " ", html, flags=re.DOTALL))).strip()


if __name__ == "__main__":
    sys.exit(main())
