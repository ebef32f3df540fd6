"""The HAProxy that stands before the web (`infra/deploy/edge`), for tests with the real edge.

`HAPROXY` names one; else one on PATH is taken; else, on Debian, the system's package is unpacked into `build/haproxy`: nothing is
installed, no service starts, and nobody has to be root.
"""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from infra.wiring.embedded.files import exclusive

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "haproxy"
HOME = ROOT / "infra" / "deploy" / "edge"


@cache
def command() -> tuple[str, ...]:
    """Return the words that start HAProxy, with Lua in it; the first call may download it.

    :raises RuntimeError: none can be had
    """
    with exclusive(FOLDER):
        for found in (_named(), _on_path(), _unpacked()):
            if found is not None and _knows_lua(found):
                return found
    raise RuntimeError("没有可用的 HAProxy（要带 Lua）；请安装 haproxy，或用环境变量 HAPROXY 指明它的路径。")


def _named() -> tuple[str, ...] | None:
    return (os.environ["HAPROXY"],) if os.environ.get("HAPROXY") else None


def _on_path() -> tuple[str, ...] | None:
    found = shutil.which("haproxy")
    return (found,) if found else None


def _unpacked() -> tuple[str, ...] | None:
    program, archives = FOLDER / "root" / "usr" / "sbin" / "haproxy", FOLDER / "archives"
    if not program.exists():
        if not shutil.which("apt-get"):
            return None
        for place in (FOLDER / "lists", archives):
            (place / "partial").mkdir(parents=True, exist_ok=True)
        # Lists and archives of our own, so that nobody has to be root.
        places = [f"Dir::State::lists={FOLDER / 'lists'}", f"Dir::Cache::archives={archives}", "Dir::Cache::pkgcache=",
                  "Dir::Cache::srcpkgcache=", "Debug::NoLocking=true"]  # fmt: skip
        apt = ["apt-get", "-y", "-qq", *(word for place in places for word in ("-o", place))]
        for step in ([*apt, "update"], [*apt, "install", "--no-install-recommends", "--download-only", "haproxy"]):
            if subprocess.run(step, capture_output=True, check=False).returncode:
                return None
        for archive in archives.glob("*.deb"):
            subprocess.run(["dpkg-deb", "-x", archive, FOLDER / "root"], check=True)
    libraries = sorted({str(path.parent) for path in (FOLDER / "root").rglob("*.so*")})
    return ("/usr/bin/env", f"LD_LIBRARY_PATH={os.pathsep.join(libraries)}", str(program))


def _knows_lua(words: tuple[str, ...]) -> bool:
    try:
        told = subprocess.run([*words, "-vv"], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return told.returncode == 0 and "Built with Lua" in told.stdout
