"""A mail server on this machine, as far as RFC 5321 asks for one: greeting, EHLO, MAIL, RCPT, DATA, RSET, QUIT.

Written here because the libraries that offer one bring a top-level module `public`, which would hide ours.
"""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class Letter:
    """One mail as it arrived."""

    sender: str
    to: list[str]
    message: EmailMessage


@dataclass
class Postbox:
    """``greets`` is its first word, ``refuses`` answers every RCPT, ``full`` every DATA, instead of taking the mail."""

    port: int = 0
    greets: str = "220 here"
    refuses: str = ""
    full: str = ""
    kept: list[Letter] = field(default_factory=list)


@contextmanager
def postbox() -> Iterator[Postbox]:
    """Run one until the block ends."""
    state = Postbox()
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"state": state}))
    server.daemon_threads = True
    state.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


class _Handler(socketserver.StreamRequestHandler):
    state: Postbox

    def handle(self) -> None:
        self._say(self.state.greets)
        sender, to = "", []
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word == "QUIT":
                self._say("221 bye")
                return
            if word == "MAIL":
                sender, to = _address(line), []
                self._say("250 ok")
            elif word == "RCPT":
                if not self.state.refuses:
                    to.append(_address(line))
                self._say(self.state.refuses or "250 ok")
            elif word == "DATA":
                self._take(sender, to)
            else:
                self._say("250 here" if word in {"EHLO", "HELO", "RSET", "NOOP"} else "500 what")

    def _take(self, sender: str, to: list[str]) -> None:
        if not to:
            self._say("503 nobody to send it to")
            return
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b".") else line)
        if self.state.full:
            self._say(self.state.full)
            return
        said = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        self.state.kept.append(Letter(sender, to, said))
        self._say("250 kept")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]
