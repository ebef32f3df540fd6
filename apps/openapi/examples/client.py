"""读取学员、新增学员、跟着学习档案走：只用 Python 标准库。

用法：把密钥放进环境变量 ANXUE_KEY，接口地址放进 ANXUE_BASE（例如 https://jia.example.cn/api/v1），然后

    python client.py key
    python client.py learners
    python client.py records [上次的 next]
"""

import http.client
import json
import os
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit


class Refused(Exception):
    """The interface said no; ``problem`` is its `application/problem+json`."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("detail", ""))
        self.problem = problem


class Client:
    """One key of one enterprise. Waits where it is asked to, and repeats what may be repeated."""

    def __init__(self, base: str, key: str) -> None:
        self._at, self._key = urlsplit(base), key

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None, *, once: str = "") -> Any:
        """Send one request.

        :param once: an ``Idempotency-Key`` for a write: with it the write may safely be sent again
        :raises Refused: the interface refuses
        """
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        if once:
            headers["Idempotency-Key"] = once
        for _again in range(5):
            status, told, wait_s = self._send(method, path, None if body is None else json.dumps(body), headers)
            if status not in {429, 503}:
                break
            time.sleep(wait_s)
        if status >= 400:
            raise Refused(told)
        return told

    def pages(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        """Yield all items of a list, page by page."""
        cursor: str | None = ""
        while cursor is not None:
            told = self.ask("GET", f"{path}?{urlencode({**query, 'cursor': cursor})}")
            yield from told["items"]
            cursor = told["next"]

    def records(self, after: str = "") -> tuple[list[dict[str, Any]], str]:
        """Return what is new since ``after``, and from where to go on next time. Keep that word: nothing is ever skipped."""
        found: list[dict[str, Any]] = []
        while True:
            told = self.ask("GET", f"/records?{urlencode({'cursor': after, 'limit': 200})}")
            found += told["items"]
            after = told["next"]
            if not told["items"]:
                return found, after

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, Any, int]:
        is_safe = self._at.scheme == "https"
        kind = http.client.HTTPSConnection if is_safe else http.client.HTTPConnection
        link = kind(self._at.netloc, timeout=30)
        try:
            link.request(method, self._at.path + path, body=body, headers=headers)
            reply = link.getresponse()
            return reply.status, json.loads(reply.read()), int(reply.getheader("Retry-After") or 1)
        finally:
            link.close()


def main(words: list[str]) -> int:
    """Run one command and print what came, one JSON object a line."""
    client = Client(os.environ["ANXUE_BASE"], os.environ["ANXUE_KEY"])
    try:
        if words[:1] == ["learners"]:
            for one in client.pages("/learners"):
                print(json.dumps(one, ensure_ascii=False))
        elif words[:1] == ["records"]:
            found, following = client.records(*words[1:2])
            for one in found:
                print(json.dumps(one, ensure_ascii=False))
            print(json.dumps({"next": following}))
        else:
            print(json.dumps(client.ask("GET", "/key"), ensure_ascii=False))
    except Refused as refusal:
        print(json.dumps(refusal.problem, ensure_ascii=False), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
