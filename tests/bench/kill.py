"""``bench heartbeat --kill``: kill -9 of web, worker and PostgreSQL while beats come in; no acknowledged beat may be lost.

PostgreSQL runs with its durable settings (fsync, synchronous_commit, full_page_writes), which are asked before and after. Each process
is killed with everything below it, then started again; the players send the same bytes again until they are answered. In the end
every acknowledged beat is looked for in the database, and nothing may have been counted twice.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from infra.wiring.embedded import postgres
from infra.wiring.management.commands.bench import FOLDER
from tests.bench.ground import say
from tests.web import ROOT, Web, free_port

PROCESSES, THREADS = 2, 4
LEARNERS = 1_000
"""So that each of them beats many times between two kills."""
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_BEATS = """
SELECT b.session::text, b.seq, count(*) FROM public.audit_beat b
WHERE b.session = ANY(%s::uuid[]) GROUP BY b.session, b.seq
"""


def run(sessions: list[dict[str, Any]], *, seconds: float) -> dict[str, Any]:
    """Return ``acknowledged``, ``lost``, ``doubled``, and how often what was killed. Lasts about three times ``seconds``."""
    before = _durability()
    crew = Crew(sessions)
    try:
        acks, errors = _under_fire(crew, seconds)
    finally:
        crew.end()
    for problem in sorted(set(errors))[:5]:
        say(problem)
    return {
        **_compare(acks),
        **_durability(),
        "kills": crew.kills,
        "errors": len(errors),
        "durable": before == _durability() == DURABLE,
    }


class Crew:
    """The processes under fire: web, worker, database, and the players that keep on trying."""

    def __init__(self, sessions: list[dict[str, Any]]) -> None:
        self.port = free_port()
        self.kills = {"web": 0, "worker": 0, "postgres": 0}
        self.web, self.worker = self._start_web(), self._start_worker()
        self.players = [self._start_players(sessions[n::PROCESSES]) for n in range(PROCESSES)]

    def _start_web(self) -> subprocess.Popen[bytes]:
        return start_web(self.port)

    def _start_worker(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-q", "-A", "infra.wiring.celery", "worker", "-c", "1", "-l", "WARNING"]
        return _start(command, FOLDER / "kill-worker.log")

    def _start_players(self, sessions: list[dict[str, Any]]) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.bench.load", str(self.port), str(THREADS)]
        self._wait_for_web()
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdin
        process.stdin.write(json.dumps(sessions) + "\n")
        process.stdin.flush()
        return process

    def _wait_for_web(self) -> None:
        wait_for_web(self.port, self.web.pid)

    def kill_web(self) -> None:
        """Kill the server with its workers and start it again."""
        kill_tree(self.web.pid)
        self.web.wait()
        self.web = self._start_web()
        self._wait_for_web()
        self.kills["web"] += 1

    def kill_worker(self) -> None:
        """Kill the worker with its children and start it again."""
        kill_tree(self.worker.pid)
        self.worker.wait()
        self.worker = self._start_worker()
        self.kills["worker"] += 1

    def kill_postgres(self) -> None:
        """Kill the postmaster and every backend at once, then let it recover from its log."""
        kill_tree(_postmaster())
        connection.close()
        postgres.ensure(FOLDER / "postgres")
        self.kills["postgres"] += 1

    def end(self) -> None:
        """End what was started here."""
        for process in self.players:
            assert process.stdin
            process.stdin.close()
            process.wait(60)
        for process in (self.web, self.worker):
            kill_tree(process.pid)
            process.wait()


def start_web(port: int) -> subprocess.Popen[bytes]:
    """Start the web server with two workers."""
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--workers", "2"]
    command = [sys.executable, "-m", "granian", *options, "--blocking-threads", "4", "infra.wiring.wsgi:application"]
    return _start(command, FOLDER / "kill-web.log")


def wait_for_web(port: int, pid: int) -> None:
    """Return when the server answers.

    :raises RuntimeError: it did not within two minutes
    """
    until, last = time.monotonic() + 120, ""
    while time.monotonic() < until:
        try:
            last = str(Web(port, pid).ask(settings.PLATFORM_HOST, "/healthz").status)
        except (OSError, http.client.HTTPException) as error:
            last = repr(error)
        if last == "200":
            return
        time.sleep(0.1)
    raise RuntimeError(f"the web server did not come up ({last}): {(FOLDER / 'kill-web.log').read_text()[-2000:]}")


def _under_fire(crew: Crew, seconds: float) -> tuple[list[tuple[str, int, int]], list[str]]:
    """Let beats come in and kill one after the other meanwhile; return acknowledgements and problems."""
    acks: list[tuple[str, int, int]] = []
    errors: list[str] = []
    for name, kill in (("web", crew.kill_web), ("worker", crew.kill_worker), ("postgres", crew.kill_postgres)) * 2:
        with _beating(crew, seconds / 2) as found:
            time.sleep(seconds / 6)
            began = time.monotonic()
            kill()
            say(f"kill -9 {name}: up again after {time.monotonic() - began:.1f} s")
        acks += [tuple(ack) for ack in found["acks"]]
        errors += found["errors"]
        say(f"{len(acks)} beats acknowledged, {len(found['retries'])} sent again in this round")
    return acks, errors


@contextmanager
def _beating(crew: Crew, seconds: float) -> Iterator[dict[str, list[Any]]]:
    """Let all players beat for the block and a little longer."""
    found: dict[str, list[Any]] = {"acks": [], "errors": [], "retries": []}
    for process in crew.players:
        assert process.stdin
        process.stdin.write(f"surely {seconds + 10}\n")
        process.stdin.flush()
    yield found
    threads = [threading.Thread(target=_hear, args=(process, found)) for process in crew.players]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _hear(process: subprocess.Popen[str], found: dict[str, list[Any]]) -> None:
    assert process.stdout
    told = json.loads(process.stdout.readline())
    for name in found:
        found[name] += told[name]


def _compare(acks: list[tuple[str, int, int]]) -> dict[str, int]:
    """Look for every acknowledged beat among the evidence, and for its credit in its session."""
    sessions = sorted({session for session, _seq, _credited in acks})
    with psycopg.connect(owner_dsn()) as db:
        rows = db.execute(_BEATS, [sessions]).fetchall()
        known = {(str(session), int(seq)): int(count) for session, seq, count in rows}
        stands = _standings(db, set(sessions))
    lost = [ack for ack in acks if ack[:2] not in known or stands[ack[0]][0] < ack[1] or stands[ack[0]][1] < ack[2]]
    return {
        "acknowledged": len(acks),
        "lost": len(lost),
        "doubled": sum(count > 1 for count in known.values()) + len(acks) - len({ack[:2] for ack in acks}),
        "sessions": len(sessions),
    }


def _standings(db: psycopg.Connection[Any], wanted: set[str]) -> dict[str, tuple[int, int]]:
    """Return session -> (number of its last beat, ms it was ever paid), out of all enterprises' schemas."""
    found: dict[str, tuple[int, int]] = {}
    schemas = [row[0] for row in db.execute("SELECT schema_name FROM public.tenants_enterprise").fetchall()]
    for schema in schemas:
        rows = db.execute(f'SELECT uuid::text, seq, credited_ms + voided_ms FROM "{schema}".learning_studysession'.encode())
        found |= {uuid: (seq, paid) for uuid, seq, paid in rows.fetchall() if uuid in wanted}
    return found


def _durability() -> dict[str, str]:
    with psycopg.connect(owner_dsn()) as db:
        return {name: str((db.execute(f"SHOW {name}".encode()).fetchone() or ["?"])[0]) for name in DURABLE}


def owner_dsn() -> str:
    """Return where the owner of the tables looks at them."""
    return os.environ["DATABASE_OWNER_URL"]


def _start(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        return subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out)


def _postmaster() -> int:
    with psycopg.connect(owner_dsn()) as db:
        row = db.execute("SHOW data_directory").fetchone()
    assert row
    return int((Path(row[0]) / "postmaster.pid").read_text().split()[0])


def kill_tree(pid: int) -> None:
    """Send SIGKILL to a process that was started here and to everything below it, the parent first."""
    below = _children(pid)
    for one in (pid, *below):
        with contextlib.suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *_children(child)]
    return found
