"""The auditor finds what happened, sees one event whole, takes it out marked, and is written down too."""

from __future__ import annotations

import ast
import hashlib
import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infra.kit import clock, origin
from public.audit import api as audit
from public.audit import searching
from public.audit.models import AuditEvent
from public.uploads.rules import PURPOSES
from tests.public.desk import House, house, inside
from tests.web import ROOT

pytestmark = pytest.mark.req("R5.4")
TRACE = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def people(platform: None) -> House:
    return house()


@pytest.fixture
def auditor(people: House) -> Client:
    return inside(people.audit)


@pytest.fixture
def happened(people: House, jia: Any) -> None:
    at = clock.now() - timedelta(hours=1)
    with origin.coming_from(TRACE, ip="198.51.100.7"):
        audit.record("enterprise.suspended", actor=f"operator:{people.operations}", target="enterprise:1", at=at, reason="资料存疑",
                     schema_name=jia.schema_name, before={"status": "ACTIVE"}, after={"status": "SUSPENDED"})  # fmt: skip
        audit.record("keys.rotation_asked", actor=f"operator:{people.operations}", target="keys", at=at)
    audit.record("people.exported", actor="manager:7", target="roster", at=at, schema_name=jia.schema_name, result="REFUSED")
    audit.exchanged("people.exported", audit.Direction.OUT, actor="manager:7", target="roster", at=at, party="manager:7", what="roster",
                    rows=120, size=4096, digest="ab" * 32, label="2-TRAINING", schema_name=jia.schema_name)  # fmt: skip
    audit.record("enterprise.verified", actor="operator:1", target="enterprise:2", at=at - timedelta(days=30))


@pytest.mark.parametrize(
    ("query", "sees"),
    [
        ("", True),
        ("?q=198.51.100.7", True),
        (f"?q={TRACE}", True),
        ("?q=运营甲", True),
        ("?q=enterprise.", True),
        ("?q=enterprise:1", True),
        ("?q=没有这人", False),
        ("?q=203.0.113.1", False),
        ("?room=enterprise", True),
        ("?room=keys", False),
        ("?room=NOPE", True),
        ("?enterprise=jia", True),
        ("?enterprise=yi-neighbour", False),
        ("?enterprise=-", False),
        ("?enterprise=nobody-has-this", False),
        ("?result=REFUSED", False),
        ("?result=NOPE", True),
        ("?since=2020-01-01&until=2020-01-31", False),
        ("?since=x&until=y", True),
        ("?after=nonsense", True),
        ("?direction=OUT", True),
    ],
)
def test_finds_by_every_filter_and_survives_nonsense(auditor, happened, query, sees):
    answer = auditor.get(f"/desk/audit{query}")
    assert answer.status_code == 200
    assert ("资料存疑" in answer.content.decode()) is sees


def test_a_search_without_a_day_looks_at_a_week(auditor, happened):
    assert "核实企业" not in auditor.get("/desk/audit?room=enterprise").content.decode().split('id="list"')[1]
    since = (clock.shanghai_date(clock.now()) - timedelta(days=60)).isoformat()
    assert "核实企业" in auditor.get(f"/desk/audit?room=enterprise&since={since}").content.decode().split('id="list"')[1]


def test_exchanges_are_a_list_of_their_own(auditor, happened):
    html = auditor.get("/desk/audit/exchanges").content.decode().split('id="list"')[1]
    assert "roster · 120 行" in html
    assert "资料存疑" not in html
    assert "roster · 120" not in auditor.get("/desk/audit/exchanges?direction=IN").content.decode()


def test_one_event_shows_before_after_and_what_else_the_request_did(auditor, happened, people):
    row = AuditEvent.objects.get(action="enterprise.suspended")
    html = auditor.get(f"/desk/audit/{row.uuid}/{row.at.isoformat()}").content.decode()
    for words in ("运营甲", "杭州甲机械有限公司", "198.51.100.7", TRACE, "ACTIVE", "SUSPENDED", "申请更换密钥"):
        assert words in html, words
    assert AuditEvent.objects.filter(action="audit.seen", actor=f"operator:{people.audit}").count() == 1


@pytest.mark.parametrize(
    "path", ["00000000-0000-4000-8000-000000000000/2026-11-23T04:00:00+00:00", "00000000-0000-4000-8000-000000000000/x"]
)
def test_an_event_that_is_not_there_says_so(auditor, path):
    assert auditor.get(f"/desk/audit/{path}").status_code == 404


def test_looking_is_written_down(auditor, happened, people):
    auditor.get("/desk/audit?q=运营甲&room=keys")
    told = AuditEvent.objects.get(action="audit.searched")
    assert (told.actor, told.details["asked"]) == (f"operator:{people.audit}", {"q": "运营甲", "room": "keys"})


def _parts(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = [name for name in book.namelist() if name.endswith(".xml")]
        return "".join(book.read(name).decode() for name in names) + "".join(book.namelist())


@pytest.mark.req("R5.7")
def test_an_export_carries_label_watermark_and_who_took_it_and_the_log_knows_its_digest(auditor, happened, people):
    answer = auditor.get("/desk/audit/export?room=enterprise")
    assert answer.status_code == 200
    assert "%E6%A0%B8%E5%BF%83" in answer["Content-Disposition"], "the level stands in the file's name"
    inside_of = _parts(answer.content)
    for words in ("核心 · 安全", "审计员", "3-SECURITY", "xl/media/image1.png", "资料存疑"):
        assert words in inside_of, words
    told = AuditEvent.objects.get(action="audit.exported")
    assert (told.direction, told.details["sha256"]) == ("OUT", hashlib.sha256(answer.content).hexdigest())
    assert (told.details["rows"], told.details["label"], told.actor) == (1, "3-SECURITY", f"operator:{people.audit}")


def test_a_credential_of_an_enterprise_is_nobody_of_the_platform(auditor, people, jia):
    """Credentials count from 1 in each enterprise: the same number is another person there."""
    who, at = f"credential:{people.author}", clock.now()
    audit.record("people.signed_in", actor=who, target=who, at=at, schema_name=jia.schema_name, reason="企业的人")
    html = auditor.get("/desk/audit").content.decode()
    assert "企业的人" in html
    assert "课程作者甲" not in html
    assert "企业的人" not in auditor.get("/desk/audit?q=课程作者甲").content.decode()
    audit.record("desk.signed_in", actor=who, target=who, at=at, reason="平台的人")
    assert "平台的人" in auditor.get("/desk/audit?q=课程作者甲").content.decode()


def test_formulas_in_what_people_wrote_stay_text(auditor, people):
    audit.record("site.facts_saved", actor="operator:1", target="=HYPERLINK(1)", at=clock.now(), reason="=1+1")
    assert "<f>" not in _parts(auditor.get("/desk/audit/export").content)


def test_too_much_is_not_given_out_in_one_file(auditor, happened, monkeypatch):
    monkeypatch.setattr(searching, "MOST_COUNTED", 1)
    answer = auditor.get("/desk/audit/export")
    assert answer.status_code == 422
    assert "缩短时间" in answer.content.decode()
    assert not AuditEvent.objects.filter(action="audit.exported").exists()


def test_a_page_costs_the_same_few_queries_however_many_there_are(auditor, happened, people, jia):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert auditor.get("/desk/audit").status_code == 200
        return len(captured)

    few = cost()
    for n in range(30):
        audit.record("enterprise.verified", actor=f"operator:{people.operations}", target=f"enterprise:{n}", at=clock.now(),
                     schema_name=jia.schema_name)  # fmt: skip
    assert cost() == few <= 20


def test_every_purpose_of_an_upload_has_words():
    assert [purpose for purpose in PURPOSES if audit.exchanged_words(purpose) == purpose] == []


def exchanged_in(source: str) -> set[str]:
    """What a source writes down as exchanged, where it says it itself."""
    calls = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Call)]
    named = [one for one in calls if getattr(one.func, "attr", getattr(one.func, "id", "")) in {"exchanged", "_heard"}]
    values = [word.value for one in named for word in one.keywords if word.arg == "what"]
    return {str(value.value) for value in values if isinstance(value, ast.Constant)}


def test_everything_that_is_written_down_as_exchanged_has_words():
    files = [path for room in ("platform", "apps", "infra", "tenants") for path in (ROOT / room).rglob("*.py")]
    found = set().union(*(exchanged_in(path.read_text()) for path in files))
    assert {"records", "missing"} <= found
    assert [what for what in sorted(found) if audit.exchanged_words(what) == what] == []
