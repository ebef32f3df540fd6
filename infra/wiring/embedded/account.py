"""Under which account and from which folders an embedded PostgreSQL runs.

PostgreSQL refuses uid 0. As root its programs therefore run under an account the machine has already; nothing is
added to the machine's accounts, and no folder that is not ours changes its mode. Where that account cannot reach
something, a folder below `SHARED` is used instead.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from infra.wiring.embedded.files import EmbeddedServiceError

SHARED = Path("/var/lib/anxue-embedded")


@dataclass(frozen=True)
class Account:
    """Whom a server runs as: `uid` and `gid` to drop to, or None for the caller itself."""

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def for_server(cls) -> "Account":
        """The caller, or as root the first of `ANXUE_PG_USER`, `postgres`, `nobody` that exists."""
        if os.geteuid() != 0:
            return cls()
        for name in (os.environ.get("ANXUE_PG_USER"), "postgres", "nobody"):
            if name and (entry := _entry(name)) and entry.pw_uid:
                return cls(entry.pw_uid, entry.pw_gid)
        raise EmbeddedServiceError("PostgreSQL 不能以 root 运行，且本机没有 postgres 或 nobody 账号；请设置 ANXUE_PG_USER。")

    @cached_property
    def spawn(self) -> dict[str, Any]:
        """Keyword arguments for `subprocess` that drop to this account."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can(self, command: Sequence[str | Path]) -> bool:
        """True when this account can run `command` and it succeeds."""
        try:
            return subprocess.run(command, capture_output=True, cwd="/", check=False, **self.spawn).returncode == 0
        except PermissionError:
            return False

    def own(self, path: Path) -> None:
        """Give `path` to this account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def home(self, folder: Path) -> Path:
        """`folder`, made if missing, or its stand-in below `SHARED` when this account cannot enter it."""
        folder = folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        if self.uid is None or self.can(["test", "-x", folder]):
            return folder
        return _open_folder(SHARED / str(folder).strip("/").replace("/", "-"))

    def programs(self, folder: Path) -> Path:
        """`folder` of PostgreSQL's programs, or a copy below `SHARED` when this account cannot run them there."""
        if self.uid is None or self.can([folder / "postgres", "-V"]):
            return folder
        version = subprocess.check_output([folder / "postgres", "-V"], text=True).split()[2]
        copy = _open_folder(SHARED) / f"postgresql-{version}"
        if not copy.exists():
            _copy_wheel(folder, copy)
        return copy / folder.relative_to(folder.parents[2])


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _open_folder(folder: Path) -> Path:
    for part in dict.fromkeys((SHARED, folder)):
        part.mkdir(parents=True, exist_ok=True)
        part.chmod(0o755)
    return folder


def _copy_wheel(folder: Path, copy: Path) -> None:
    """Copy `<package>/pginstall` and the wheel's sibling folder of shared libraries, which the programs look for."""
    package = folder.parents[1]
    draft = copy.with_name(f"{copy.name}.{os.getpid()}")
    shutil.copytree(folder.parent, draft / package.name / folder.parent.name, symlinks=True)
    libraries = package.with_name(package.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, draft / libraries.name)
    try:
        draft.rename(copy)
    except OSError:
        shutil.rmtree(draft)
