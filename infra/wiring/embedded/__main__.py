"""`python -m infra.wiring.embedded [--folder build/demo] [--fast] [--stop] [command …]`: a command beside its services.

Servers this call started are stopped when the command ends; servers that ran already are left alone.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from infra.wiring.embedded import services


def main(arguments: list[str]) -> int:
    """Run the command with the embedded services' settings and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.wiring.embedded", description="在内置数据库与缓存旁运行一条命令")
    parser.add_argument("--folder", type=Path, default=Path("build/demo"), help="数据与密钥所在的文件夹")
    parser.add_argument("--fast", action="store_true", help="不保证掉电后数据完整，只用于测试和压测")
    parser.add_argument("--stop", action="store_true", help="只停止该文件夹的服务")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    chosen = parser.parse_args(arguments)
    if chosen.stop:
        services.stop_all(chosen.folder)
        return 0
    return _beside(chosen.folder, chosen.command, durable=not chosen.fast)


def _beside(folder: Path, command: list[str], *, durable: bool) -> int:
    was_running = services.is_running(folder)
    try:
        settings = {"ANXUE_ENV": "demo"} | os.environ | services.ensure_all(folder, durable=durable)
        return subprocess.run(_words(command), env=settings, check=False).returncode if command else 0
    except KeyboardInterrupt:
        return 130
    finally:
        if not was_running:
            services.stop_all(folder)


def _words(command: list[str]) -> list[str]:
    # Before Python 3.13 argparse leaves the separator in front of the command.
    return command[1:] if command[:1] == ["--"] else command


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
