"""What is refused before anybody reads it: over the wire, in forms, addresses, cookies and JSON."""

from __future__ import annotations

import json
import os
import socket
import time

import pytest
from django.conf import settings
from django.test import Client

from tests.apps.plans import ground
from tests.public import desk
from tests.web import ROOT, serving

UPLOAD = "/console/people/import"
MULTIPART = "multipart/form-data; boundary=x"
TOO_MUCH = 200 * 1024 * 1024
CONSOLE = ("/console/people", "/console/plans", "/console", "/console/people/import", "/console/plans/new", "/sign-in", "/learn")
PLATFORM = ("/", "/verify/", "/verify/AX-1", "/sign-up", "/desk/sign-in", "/desk/enterprises", "/api/regulator/feed")


class Untouched:
    """A body that nobody may read."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("the body was read")

    readline = read


@pytest.fixture
def manager(in_jia):
    return ground.manager_browser(in_jia)


def send_untouched(client, path, length, **headers):
    body = {"wsgi.input": Untouched(), "CONTENT_LENGTH": str(length)}
    return client.generic("POST", path, content_type=MULTIPART, **body, **headers)


def test_a_large_upload_is_refused_before_a_byte_is_read(manager):
    page = send_untouched(manager, UPLOAD, settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    assert page.status_code == 413
    assert "上传的内容超过 10 MB" in page.content.decode()
    toast = send_untouched(manager, UPLOAD, TOO_MUCH, HTTP_HX_REQUEST="true")
    assert (toast.status_code, "toast" in toast["HX-Trigger"]) == (413, True)
    reply = send_untouched(manager, "/api/learning/sessions", TOO_MUCH)
    assert (reply.status_code, reply.json()["code"]) == (413, "too_large")


def test_a_list_of_the_full_size_still_comes_through():
    assert 10 * 1024 * 1024 < settings.DATA_UPLOAD_MAX_MEMORY_SIZE < 11 * 1024 * 1024


@pytest.fixture(scope="module")
def web(database, jia, tmp_path_factory):
    """The product's own web server on the tests' services."""
    path = f"{ROOT}:{ROOT / 'platform'}"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "infra.wiring.settings", "PYTHONPATH": path}
    with serving(environment, log=tmp_path_factory.mktemp("intake") / "web.log", workers=1) as found:
        yield found


def on_the_wire(web, host: str, *head: str) -> str:
    """Send a head and a little of its body, and wait for the answer while the rest is due."""
    lines = [f"POST {UPLOAD} HTTP/1.1", f"Host: {host}:{web.port}", f"Content-Type: {MULTIPART}", *head, "", ""]
    with socket.create_connection(("127.0.0.1", web.port), timeout=10) as link:
        link.sendall("\r\n".join(lines).encode())
        return link.recv(65_536).decode()


def test_over_the_wire_the_refusal_comes_while_the_body_is_still_due(web, jia):
    began = time.monotonic()
    assert on_the_wire(web, jia.host, f"Content-Length: {TOO_MUCH}").startswith("HTTP/1.1 413")
    assert on_the_wire(web, jia.host, "Transfer-Encoding: chunked").startswith("HTTP/1.1 411")
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("path", CONSOLE)
@pytest.mark.parametrize("query", ["q=%00", "page=1%00", "%00=1", "q=a&state=x%00y&role=%00"])
def test_a_nul_in_an_address_is_refused_everywhere(manager, path, query):
    page = manager.get(f"{path}?{query}")
    assert page.status_code == 400
    assert "内容里有无法保存的字符" in page.content.decode()


@pytest.mark.parametrize("path", PLATFORM)
def test_a_nul_in_an_address_of_the_platform_is_refused(db, path):
    reply = Client(HTTP_HOST=desk.HOST).get(f"{path}?q=%00&day=2026-01-01")
    assert reply.status_code == 400
    assert "内容里有无法保存的字符" in (reply.json()["message"] if path.startswith("/api/") else reply.content.decode())


@pytest.mark.parametrize("path", ["/console/people/%00", "/%00", "/api/learning/media/%00", "/verify/%00", "/sign-in%00"])
def test_a_nul_in_a_path_leads_nowhere(db, manager, path):
    for client in (manager, Client(HTTP_HOST=desk.HOST)):
        assert client.get(path).status_code in {400, 404}


def test_a_nul_in_a_file_name_of_a_film_is_refused(db, in_jia):
    page = ground.learner_browser(in_jia, ground.learner(1))
    reply = page.get("/api/learning/media/00000000-0000-0000-0000-000000000000/a%00.m4s")
    assert (reply.status_code, reply.json()["code"]) == (400, "bad_text")


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/sign-in", {"mobile": "138\x0000000001", "password": "Sao-chu-ying-1", "way": "password"}),
        ("/sign-in", {"mobile": "13800000001", "password": "a\x00b"}),
        ("/sign-in", {"a\x00": "1"}),
        ("/desk/sign-in", {"login": "a\x00b", "password": "Sao-chu-ying-1"}),
        ("/console/people/add", {"name": "学员\x00甲", "id_number": "330203198511120024", "mobile": "13800000002"}),
    ],
)
@pytest.mark.parametrize("is_multipart", [False, True])
def test_a_nul_in_a_form_is_refused(manager, jia, path, form, is_multipart):
    client = manager if path.startswith("/console") else ground.browser(jia)
    client = Client(HTTP_HOST=desk.HOST) if path.startswith("/desk") else client
    plain = "&".join(f"{name}={value}" for name, value in form.items()).replace("\0", "%00")
    page = client.post(path, form) if is_multipart else client.post(path, plain, content_type="application/x-www-form-urlencoded")
    assert page.status_code == 400
    assert "内容里有无法保存的字符" in page.content.decode()


def test_a_cookie_with_a_nul_is_as_good_as_none(db, in_jia):
    client = ground.browser(in_jia)
    page = client.get("/console", HTTP_COOKIE='sessionid="aaaaaaaaaaaaaaaa\\000"; csrftoken="\\000"')
    assert (page.status_code, page["Location"].split("?")[0]) == (302, "/sign-in")


@pytest.mark.parametrize("text", ["\0", "A\0", "\ud800"])
def test_a_nul_in_json_is_refused(in_jia, text):
    client = ground.learner_browser(in_jia, ground.learner(1))
    body = json.dumps({"no": 1, "choice": [text]})
    assert "\\u" in body
    path = "/api/exams/00000000-0000-0000-0000-000000000000/answer"
    reply = client.post(path, body, content_type="application/json")
    assert (reply.status_code, reply.json()["code"]) == (400, "invalid")


@pytest.mark.req("R2.6")
def test_no_page_lets_itself_be_framed(db, jia):
    for client in (ground.browser(jia), Client(HTTP_HOST=desk.HOST)):
        page = client.get("/sign-in" if client.get("/sign-in").status_code == 200 else "/")
        assert page.status_code == 200
        assert page["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
