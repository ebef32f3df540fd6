"""Scans of trainers' certificates: handed in with the certificate, seen by those who write and those who judge."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from public.catalogue.api import authoring
from public.catalogue.models import TrainerQualification
from tests.public.authoring.ground import course, trainer
from tests.public.authoring.test_pages import ROOT
from tests.public.desk import desk, inside, operator
from tests.public.uploads.ground import clip, pdf, uploaded

pytestmark = pytest.mark.req("R3.6")
GOOD = {"title": "注册安全工程师", "valid_from": "2026-01-01"}


@pytest.fixture
def me(platform: None) -> authoring.Writer:
    return authoring.Writer(operator("AUTHOR"), "课程作者甲")


@pytest.fixture
def page(me: authoring.Writer) -> Client:
    return inside(me.credential_id)


def scan(owner: int, data: bytes = b"") -> str:
    found = uploaded(data or pdf(), purpose="evidence", name="证书.pdf", owner=owner)
    assert found.state == "READY", found.error
    return str(found.uuid)


def test_a_scan_is_kept_with_its_certificate_and_given_as_a_download(page: Client, me: Any) -> None:
    version = course(me)
    key = authoring.editor(version, by=me).words["trainer_id"]
    url = f"{ROOT}/trainers/{key}"
    assert 'data-purpose="evidence"' in page.get(url).content.decode()
    assert page.post(f"{url}/qualifications", {**GOOD, "upload": scan(me.credential_id)}).status_code == 302
    row = TrainerQualification.objects.exclude(evidence=None).get()
    link = f"{ROOT}/qualifications/{row.pk}/evidence"
    assert f'href="{link}"' in page.get(url).content.decode()
    answer = page.get(link)
    assert b"".join(answer).startswith(b"%PDF")  # type: ignore[arg-type]
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert answer["Content-Disposition"].startswith("attachment")
    for role in ("REVIEWER", "OPERATIONS"):
        browser = desk(role)
        assert f"/desk/courses/{version}/teacher" in browser.get(f"/desk/courses/{version}").content.decode()
        shown = browser.get(f"/desk/courses/{version}/teacher").content.decode()
        assert f'href="/desk/qualifications/{row.pk}/evidence"' in shown
        assert browser.get(f"/desk/qualifications/{row.pk}/evidence").status_code == 200
    assert browser.get("/desk/courses/99999999/teacher").status_code == 404
    assert browser.get("/desk/qualifications/99999999/evidence").status_code == 404


def test_a_form_with_another_mistake_keeps_the_scan(page: Client, me: Any) -> None:
    url, which = f"{ROOT}/trainers/{trainer(me)}/qualifications", scan(me.credential_id)
    wrong = page.post(url, {**GOOD, "title": "", "upload": which})
    assert wrong.status_code == 422
    assert f'name="evidence" value="{which}"' in wrong.content.decode()
    assert page.post(url, {**GOOD, "evidence": which, "upload": ""}).status_code == 302
    assert str(TrainerQualification.objects.exclude(evidence=None).get().evidence) == which


@pytest.mark.parametrize("which", ["x", "00000000-0000-4000-8000-000000000000", "foreign", "film"])
def test_refuses_a_scan_that_is_not_one_of_theirs(page: Client, me: Any, which: str, tmp_path: Any) -> None:
    if which == "foreign":
        which = scan(me.credential_id + 1)
    elif which == "film":
        film = clip(tmp_path / "clip.mp4").read_bytes()
        which = str(uploaded(film, purpose="courseware", owner=me.credential_id).uuid)
    answer = page.post(f"{ROOT}/trainers/{trainer(me)}/qualifications", {**GOOD, "upload": which})
    assert answer.status_code == 422
    assert not TrainerQualification.objects.exclude(evidence=None).exists()


def test_another_providers_scan_is_not_there(page: Client, me: Any) -> None:
    other = authoring.Writer(me.credential_id, "管理员", "e_jia")
    key = trainer(other)
    row = TrainerQualification.objects.get(trainer=key)
    TrainerQualification.objects.filter(pk=row.pk).update(evidence=scan(me.credential_id))
    assert page.get(f"{ROOT}/qualifications/{row.pk}/evidence").status_code == 404
    assert page.get(f"/desk/qualifications/{row.pk}/evidence").status_code == 403, "authors judge nobody"
    assert Client(HTTP_HOST="anxue.localhost:8000").get(f"{ROOT}/qualifications/{row.pk}/evidence").status_code == 302
