"""Three roles, three desks: who may open and do what."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.public.desk import HOST, desk, regulator, signed_in

NOBODY = "00000000-0000-4000-8000-000000000000"
ROLES = ("AUTHOR", "REVIEWER", "OPERATIONS")
# 200 = page, 302 = done, 404/409 = allowed but not for this object, 403 = not this role's business
MATRIX = [
    ("GET", "/desk/", (200, 200, 200)),
    ("GET", "/desk/courses", (200, 200, 200)),
    ("GET", "/desk/courses/999999", (404, 404, 404)),
    ("POST", "/desk/courses/999999/submit", (404, 403, 403)),
    ("POST", "/desk/courses/999999/review/FIT", (403, 404, 403)),
    ("POST", "/desk/courses/999999/recall", (403, 403, 404)),
    ("GET", "/desk/reviews", (403, 403, 200)),
    ("POST", "/desk/reviews/assign", (403, 403, 404)),
    ("GET", "/desk/reviews/mine", (403, 200, 403)),
    ("GET", "/desk/rereviews/999999", (403, 404, 404)),
    ("GET", "/desk/laws", (403, 403, 200)),
    ("POST", "/desk/laws/999999", (403, 403, 404)),
    ("POST", "/desk/courses/999999/publish", (403, 403, 404)),
    ("GET", "/desk/enterprises", (403, 403, 200)),
    ("GET", "/desk/enterprises/999999", (403, 403, 404)),
    ("POST", "/desk/enterprises/999999/suspend", (403, 403, 404)),
    ("POST", "/desk/enterprises/999999/visits", (403, 403, 404)),
    ("GET", "/desk/verifications", (403, 403, 200)),
    ("GET", "/desk/verifications/00000000-0000-0000-0000-000000000000", (403, 403, 404)),
    ("GET", "/desk/announcements", (403, 403, 200)),
    ("GET", "/desk/status", (403, 403, 200)),
    ("GET", "/desk/site/papers", (403, 403, 200)),
    ("GET", "/desk/monitor", (403, 403, 200)),
    ("GET", "/desk/appeals", (403, 403, 200)),
    ("GET", "/desk/complaints", (403, 403, 200)),
    ("GET", "/desk/complaints/new", (403, 403, 200)),
    ("GET", "/desk/complaints/figures", (403, 403, 200)),
    ("GET", "/desk/complaints/times", (403, 403, 200)),
    ("GET", f"/desk/complaints/{NOBODY}", (403, 403, 404)),
    ("POST", f"/desk/complaints/{NOBODY}/contact", (403, 403, 404)),
    ("POST", f"/desk/complaints/{NOBODY}/do/decide", (403, 403, 404)),
    ("GET", f"/desk/complaints/{NOBODY}/record/{NOBODY}", (403, 403, 404)),
    *(("GET", f"/desk/help{path}", (403, 403, 200)) for path in ("", "/new", "/duty", "/canned", "/times")),
    *(("GET", f"/desk/faq{path}", (403, 403, 200)) for path in ("", "/new", "/gaps")),
    ("GET", f"/desk/help/{NOBODY}", (403, 403, 404)),
    ("POST", f"/desk/help/{NOBODY}/contact", (403, 403, 404)),
    ("POST", f"/desk/help/{NOBODY}/do/answer", (403, 403, 404)),
    ("POST", "/desk/help/duty/999999/remove", (403, 403, 404)),
    ("POST", "/desk/help/duty/take/999999", (403, 403, 404)),
    ("POST", "/desk/help/canned/999999/retire", (403, 403, 404)),
    ("GET", f"/desk/faq/{NOBODY}", (403, 403, 404)),
    ("POST", f"/desk/faq/{NOBODY}/retire", (403, 403, 404)),
    ("POST", "/desk/faq/gaps/999999", (403, 403, 302)),
    ("GET", "/desk/privacy", (403, 403, 200)),
    ("GET", "/desk/privacy/publish", (403, 403, 200)),
    ("GET", "/desk/facts", (403, 403, 200)),
    ("GET", "/desk/certificate-rules", (403, 403, 200)),
    ("POST", "/desk/certificate-rules", (403, 403, 422)),
    ("POST", "/desk/facts", (403, 403, 302)),
    ("GET", "/regulator/", (403, 403, 403)),
    ("POST", "/regulator/key", (403, 403, 403)),
]
MENUS = {
    "AUTHOR": {"/desk/"},
    "REVIEWER": {"/desk/", "/desk/courses", "/desk/reviews/mine"},
    "OPERATIONS": {
        "/desk/",
        "/desk/courses",
        "/desk/reviews",
        "/desk/laws",
        "/desk/enterprises",
        "/desk/verifications",
        "/desk/announcements",
        "/desk/status",
        "/desk/site/papers",
        "/desk/monitor",
        "/desk/appeals",
        "/desk/complaints",
        "/desk/help",
        "/desk/faq",
        "/desk/privacy",
        "/desk/facts",
    },
}


@pytest.mark.parametrize("n", range(3), ids=ROLES)
def test_each_role_reaches_only_its_own_work(platform: None, n: int) -> None:
    browser = desk(ROLES[n])
    data = {"status": "SUSPENDED", "reason": "核对资料", "angle": "FIT", "verdict": "PASS"}
    got = [browser.generic("GET", path) if method == "GET" else browser.post(path, data) for method, path, _ in MATRIX]
    assert [(path, answer.status_code) for (_, path, _), answer in zip(MATRIX, got, strict=True)] == [
        (path, codes[n]) for _, path, codes in MATRIX
    ]


def test_strangers_are_sent_to_the_door(platform: None) -> None:
    browser = Client(HTTP_HOST=HOST)
    for method, path, _ in MATRIX:
        answer = browser.generic(method, path)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/desk/sign-in"), path


def test_a_regulator_reaches_no_desk_but_their_own(platform: None) -> None:
    regulator("3301")
    browser = signed_in("jg3301")
    for method, path, _ in MATRIX:
        expected = {"/desk/": 302, "/regulator/": 200, "/regulator/key": 200}.get(path, 403)
        assert browser.generic(method, path).status_code == expected, path


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_shows_what_the_role_may_open(platform: None, role: str) -> None:
    html = desk(role).get("/desk/").content.decode()
    shown = {path for path in set().union(*MENUS.values()) if f'class="ax-nav-link" href="{path}"' in html}
    assert shown == MENUS[role]


def test_htmx_strangers_are_led_to_the_door_too(platform: None) -> None:
    answer = Client(HTTP_HOST=HOST).get("/desk/enterprises", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer["HX-Redirect"].startswith("/desk/sign-in")
