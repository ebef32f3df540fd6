"""Checks over HTTP: asked, shown, answered, and nobody else's."""

import json

import pytest
from django.test import Client

from apps.learning.models import PresenceCheck, ProofState
from tests.apps.learning.test_routes import beat_of, client, film, open_session, post, stranger  # noqa: F401 - fixtures

pytestmark = pytest.mark.req("R2.3")


@pytest.fixture
def asked(client, school):  # noqa: F811 - a fixture
    """The address of an open check: the learner must prove at once."""
    opened = open_session(client, school).json()
    ProofState.objects.update(must_prove=True)
    path = f"/api/learning/sessions/{opened['session']}/beats"
    reply = client.post(path, json.dumps(beat_of(opened)), content_type="text/plain").json()
    assert (reply["command"], reply["must_prove"]) == ("challenge", True)
    return reply["check"]["url"]


def answer(client, url, **body):  # noqa: F811
    return post(client, url.removeprefix("/api/learning"), body)


def test_a_check_is_shown_and_answered(client, asked):  # noqa: F811
    shown = client.get(asked)
    assert (shown.status_code, shown["Cache-Control"]) == (200, "no-store")
    body = shown.json()
    assert body.keys() == {
        "uuid", "kind", "within_s", "left_s", "outcome", "tries_left", "code", "digits", "question", "options", "multiple",
    }  # fmt: skip
    content = PresenceCheck.objects.get().content
    wrong = answer(client, asked, code="x", answer=content["answer"]).json()
    assert (wrong["outcome"], wrong["tries_left"]) == ("retry", 1)
    assert answer(client, asked, code="1", answer=[]).json()["code"] == "not_shown"
    client.get(asked)
    content = PresenceCheck.objects.get().content
    right = answer(client, asked, code=content["code"], answer=content["answer"]).json()
    assert (right["outcome"], right["must_prove"], right["locked"]) == ("passed", False, False)


def test_a_check_is_nobody_elses(client, stranger, asked, yi):  # noqa: F811
    assert stranger.get(asked).status_code == 404
    assert answer(stranger, asked, code="1", answer=[]).status_code == 404
    for host in ("jia.localhost", yi.host):
        assert Client(headers={"host": host}).get(asked).status_code == 401
    assert PresenceCheck.objects.get().tries == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"frames": ["data:image/jpeg;base64,AAAA"]}, "wrong_kind"),
        ({"frames": ["!"]}, "frames_invalid"),
        ({"frames": ["AAAA"] * 16}, None),
        ({"code": "1" * 21}, None),
        ({"answer": ["A"] * 11}, None),
    ],
)
def test_what_does_not_fit_is_refused_and_is_no_try(client, asked, body, code):  # noqa: F811
    client.get(asked)
    reply = answer(client, asked, **body)
    assert reply.status_code == 422
    assert code in {None, reply.json().get("code")}
    assert (PresenceCheck.objects.get().tries, PresenceCheck.objects.get().outcome) == (0, "")
