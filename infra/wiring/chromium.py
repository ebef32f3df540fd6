"""The Chromium that tests drive, as root or as an ordinary user, and the Chinese font its screenshots need.

`CHROMIUM` names one; else a browser on PATH is taken; else the build in the npm package `@sparticuz/chromium` is
unpacked into `build/chromium` (x86-64; it plays H.264 and AAC); else, as root, the system's package is installed.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from infra.wiring import node
from infra.wiring.embedded.files import exclusive

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "chromium"
PACKED = ROOT / "node_modules" / "@sparticuz" / "chromium" / "bin"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    # Tests open pages of our own only, and root as well as most containers cannot have the sandbox.
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_UNPACK = """
const fs = require('fs'), zlib = require('zlib'), {pipeline} = require('stream/promises');
const [from, to] = process.argv.slice(1);
pipeline(fs.createReadStream(from), zlib.createBrotliDecompress(), fs.createWriteStream(to));
"""
_FONTS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias>
  <alias><family>serif</family><prefer><family>Noto Serif SC</family></prefer></alias>
</fontconfig>
"""


@cache
def path() -> Path:
    """An executable Chromium for playwright's `executable_path`; the first call may unpack or install one.

    The answer is a small script that also sets `environment()`. Raises RuntimeError when no browser can be had.
    """
    with exclusive(FOLDER):
        for find in (_named, _on_path, _unpacked, _installed):
            browser = find()
            if browser is not None:
                return _script(browser)
    raise RuntimeError("没有可用的 Chromium；请安装 chromium，或用环境变量 CHROMIUM 指明它的路径。")


def environment() -> dict[str, str]:
    """Environment variables that let a browser find the Chinese font of the wheel."""
    spec = find_spec("pylopdf_fonts_zh_cn")
    if spec is None or not spec.submodule_search_locations:
        return {}
    configuration = FOLDER / "fonts.conf"
    wanted = _FONTS.format(fonts=spec.submodule_search_locations[0], cache=FOLDER / "font-cache")
    if not configuration.exists() or configuration.read_text() != wanted:
        configuration.parent.mkdir(parents=True, exist_ok=True)
        configuration.write_text(wanted)
    return {"FONTCONFIG_FILE": str(configuration)}


def _named() -> Path | None:
    return Path(os.environ["CHROMIUM"]) if os.environ.get("CHROMIUM") else None


def _on_path() -> Path | None:
    found: Callable[[str], str | None] = shutil.which
    return next((Path(place) for name in NAMES if (place := found(name)) and _runs(Path(place))), None)


def _unpacked() -> Path | None:
    browser, mark = FOLDER / "chromium", FOLDER / "unpacked"
    if not mark.exists() and (PACKED / "chromium.br").exists():
        _unpack("chromium.br", browser)
        browser.chmod(0o755)
        for archive in ("al2023.tar", "swiftshader.tar"):
            _unpack(f"{archive}.br", FOLDER / archive)
            shutil.unpack_archive(FOLDER / archive, FOLDER)
            (FOLDER / archive).unlink()
        mark.touch()
    return browser if browser.exists() and (_runs(browser) or _runs(browser, _libraries())) else None


def _installed() -> Path | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        if subprocess.run(step, env=quiet, check=False).returncode:
            return None
    return _on_path()


def _unpack(name: str, target: Path) -> None:
    # Python has no brotli of its own, Node has.
    subprocess.run([node.program(), "-e", _UNPACK, PACKED / name, target], check=True)


def _libraries() -> dict[str, str]:
    """The NSS and expat libraries that come with the packed build, for machines that lack them."""
    return {"LD_LIBRARY_PATH": str(FOLDER / "lib")}


def _runs(browser: Path, more: dict[str, str] | None = None) -> bool:
    try:
        done = subprocess.run([browser, "--version"], env=os.environ | (more or {}), capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def _script(browser: Path) -> Path:
    settings = environment()
    if browser == FOLDER / "chromium" and not _runs(browser):
        settings |= _libraries()
    script = FOLDER / "run"
    words = "".join(f"{name}='{value}' " for name, value in settings.items())
    wanted = f'#!/bin/sh\n{words}exec "{browser}" "$@"\n'
    if not script.exists() or script.read_text() != wanted:
        draft = script.with_suffix(".draft")
        draft.write_text(wanted)
        draft.chmod(0o755)
        draft.replace(script)
    return script


if __name__ == "__main__":
    print(path())
