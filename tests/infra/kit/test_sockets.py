"""What goes into a socket, and when it is made."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from infra.kit import ports
from infra.kit.ports import Socket, unfilled
from tests.web import ROOT


@pytest.fixture
def socket() -> Iterator[Socket[list[str]]]:
    """A socket of this test alone."""
    made: Socket[list[str]] = Socket("test.SOCKET")
    yield made
    ports._all.remove(made)  # type: ignore[arg-type]


def test_an_empty_socket_is_named_and_says_so(socket):
    assert "test.SOCKET" in unfilled()
    with pytest.raises(LookupError, match=r"test\.SOCKET"):
        socket.get()


def test_a_plug_for_later_counts_as_filled_and_is_made_once(socket):
    made: list[list[str]] = []
    socket.plug_later(lambda: made.append([]) or made[-1])  # type: ignore[func-returns-value]
    assert socket.is_filled
    assert made == []
    assert socket.get() is socket.get()
    assert len(made) == 1


def test_the_last_plug_stays(socket):
    socket.plug_later(lambda: ["late"])
    socket.plug(["now"])
    assert socket.get() == ["now"]
    socket.plug_later(lambda: ["later"])
    assert socket.get() == ["later"]


def test_a_process_that_signs_nothing_loads_no_library_for_it():
    code = "import django, sys; django.setup(); import infra.wiring.urls.enterprise; print('pyhanko' in sys.modules, 'aiohttp' in sys.modules)"
    environment = {"ANXUE_ENV": "test", "DJANGO_SETTINGS_MODULE": "infra.wiring.settings", "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("False False", 0), done.stderr[-2000:]
