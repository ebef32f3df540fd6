"""Words before a command that make it give way to others, keep within its bounds and end with the worker that began it."""

import shutil
import subprocess
from functools import cache


def words(*, memory: int, cpu_s: int = 0) -> list[str]:
    """Return the words to put before a command, as far as this machine has the programs for them.

    :param memory: most bytes of address space
    :param cpu_s: most seconds of processor time, 0 for no limit
    """
    nice, limit = shutil.which("nice"), shutil.which("prlimit")
    bounds = [f"--as={memory}", *([f"--cpu={cpu_s}"] if cpu_s else [])]
    return [*([nice, "-n", "10"] if nice else []), *([limit, *bounds] if limit else []), *_not_alone()]


@cache
def _not_alone() -> tuple[str, ...]:
    """Return what makes the kernel kill a command whose parent dies: a killed worker leaves nobody behind who goes on writing."""
    found = shutil.which("setpriv")
    wanted = (found, "--pdeathsig", "KILL", "--") if found else ()
    return wanted if wanted and subprocess.run([*wanted, "true"], capture_output=True, check=False).returncode == 0 else ()
