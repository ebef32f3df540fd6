"""The log is found by what one knows of an event; pages go on where the last one ended; the neighbour finds nothing."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from infra.kit import origin
from public.audit import api as audit
from public.audit import searching
from public.audit.models import AuditEvent
from tenants.scope import enterprise_scope, platform_scope
from tests.conftest import NOON

pytestmark = pytest.mark.req("R5.4")
TRACE = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def some(platform, jia):
    with origin.coming_from(TRACE, ip="198.51.100.7"):
        audit.record("trial.opened", actor="operator:1", target="case:1", at=NOON)
    audit.record("trial.closed", actor="operator:2", target="case:1", at=NOON + timedelta(hours=1), ip="203.0.113.9")
    audit.record("trial.seen", actor="manager:7", target="case:2", at=NOON + timedelta(hours=2), schema_name=jia.schema_name)
    audit.record("trial.opened", actor="operator:2", target="case:3", at=NOON + timedelta(hours=3), result="REFUSED")
    audit.exchanged("trial.sent", audit.Direction.OUT, actor="operator:1", target="file:1", at=NOON + timedelta(hours=4),
                    party="person", what="case", rows=3, size=99, digest="ab" * 32, label="2-TRAINING")  # fmt: skip


def targets(**wanted):
    wanted.setdefault("action", "trial.")
    return [f"{row.action[6:]} {row.target}" for row in audit.search(audit.Wanted(**wanted)).rows]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"action": "trial.opened"}, ["opened case:3", "opened case:1"]),
        ({"trace": TRACE}, ["opened case:1"]),
        ({"ip": "198.51.100.7"}, ["opened case:1"]),
        ({"target": "case:1"}, ["closed case:1", "opened case:1"]),
        ({"target": "manager:7"}, ["seen case:2"]),
        ({"actors": ("operator:2",)}, ["opened case:3", "closed case:1"]),
        ({"actors": ()}, []),
        ({"result": "REFUSED"}, ["opened case:3"]),
        ({"direction": "OUT"}, ["sent file:1"]),
        ({"direction": "ANY"}, ["sent file:1"]),
        ({"direction": "IN"}, []),
        ({"since": NOON + timedelta(hours=3)}, ["sent file:1", "opened case:3"]),
        ({"until": NOON + timedelta(hours=1)}, ["opened case:1"]),
    ],
)
def test_finds_by_each_part(some, wanted, found):
    assert targets(**wanted) == found


def test_finds_what_belongs_to_one_enterprise(some, jia):
    assert targets(schema=jia.schema_name) == ["seen case:2"]


def test_pages_go_on_without_a_gap_and_survive_nonsense(platform):
    for n in range(7):
        audit.record("trial.many", actor="operator:1", target=f"case:{n}", at=NOON)  # all at one moment
    wanted, seen, after = audit.Wanted(action="trial.many"), [], ""
    for _turn in range(4):
        page = audit.search(wanted, after=after, most=2)
        seen += [row.target for row in page.rows]
        after = page.after
    assert (sorted(seen), after, page.count) == ([f"case:{n}" for n in range(7)], "", 7)
    for nonsense in ("x", "!!", "MjAyNg==", "MjAyNi0xMS0yOHxhYmM="):
        assert len(audit.search(wanted, after=nonsense).rows) == 7


def test_counts_stop_at_a_limit(platform, monkeypatch):
    monkeypatch.setattr(searching, "MOST_COUNTED", 2)
    for n in range(4):
        audit.record("trial.limit", actor="operator:1", target=f"case:{n}", at=NOON)
    assert audit.search(audit.Wanted(action="trial.limit")).count == 3


@pytest.mark.parametrize(
    ("text", "part", "value"),
    [
        ("198.51.100.7", "ip", "198.51.100.7"),
        (TRACE.upper(), "trace", TRACE),
        ("people.", "action", "people."),
        ("people.role_changed", "action", "people.role_changed"),
        ("manager:12", "target", "manager:12"),
        (" 2001:db8::1 ", "ip", "2001:db8::1"),
    ],
)
def test_one_box_understands_what_was_pasted_into_it(text, part, value):
    assert getattr(audit.understood(text, audit.Wanted()), part) == value


def test_a_name_is_not_taken_for_a_reference():
    assert audit.understood("运营甲", audit.Wanted()) is None


def test_the_neighbour_finds_nothing(some, jia, yi):
    with enterprise_scope(jia):
        assert targets() == ["seen case:2"]
    with enterprise_scope(yi):
        assert targets() == []


@pytest.mark.parametrize("where", ["platform", "enterprise"])
@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"action": "people."}, "action ~>=~"),
        ({"actors": ("manager:7",)}, "actor ="),
        ({"target": "case:2"}, "target ="),
        ({"ip": "198.51.100.7"}, "ip ="),
        ({"trace": TRACE}, "trace ="),
        ({"result": "REFUSED"}, "result ="),
        ({"direction": "OUT"}, "direction ="),
        ({"schema": "e_000000000000"}, "schema_name ="),
        ({"since": NOON}, "at >="),
    ],
)
def test_every_question_is_answered_by_an_index_behind_the_row_level_policy_too(platform, jia, where, wanted, told):
    """What might leak a row (LIKE) is asked after the policy and reads everything; with ten million rows that takes minutes."""
    with enterprise_scope(jia) if where == "enterprise" else platform_scope(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = searching._fitting(audit.Wanted(**wanted)).order_by()[:10].explain()
    plain = re.sub(r"::text|[()]", "", plan)
    assert any("Index Cond" in line and told in line for line in plain.splitlines()), plan


def test_an_event_carries_trace_and_address_of_its_request(some):
    row = AuditEvent.objects.get(trace=TRACE)
    assert (row.ip, row.result, row.direction) == ("198.51.100.7", "DONE", "")
    sent = AuditEvent.objects.get(action="trial.sent")
    assert sent.details == {"party": "person", "what": "case", "rows": 3, "bytes": 99, "sha256": "ab" * 32, "label": "2-TRAINING"}


def test_an_unknown_result_is_refused_and_nothing_is_written(platform):
    with pytest.raises(ValueError, match="WON"):
        audit.record("trial.odd", actor="operator:1", target="case:1", at=NOON, result="WON")
    assert not AuditEvent.objects.filter(action="trial.odd").exists()


def test_every_answer_names_its_trace(db):
    first, second = (Client(HTTP_HOST="anxue.localhost").get("/supervision", headers={"X-Trace-Id": TRACE}) for _ in range(2))
    assert len(first["X-Trace-Id"]) == 32
    assert TRACE not in {first["X-Trace-Id"], second["X-Trace-Id"]}
    assert first["X-Trace-Id"] != second["X-Trace-Id"]
