"""WeCom, DingTalk and Feishu on this machine: they check every request by our own reading of the documents and fail as told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

APP = {"WECOM": "ww-corp", "DINGTALK": "ding-app", "FEISHU": "cli_app"}
SECRET, AGENT, CORP = "s3cret/+=", "1000002", "ding-corp"


@dataclass
class Outside:
    """``mood``: good, or what goes wrong; ``codes``: authorization codes that were handed out and not used up; ``me``: who holds them."""

    port: int = 0
    mood: str = "good"
    codes: set[str] = field(default_factory=set)
    me: dict[str, str] = field(default_factory=lambda: {"id": "zhangsan", "name": "学员甲", "mobile": "13800000001"})
    back: str = ""
    asked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    tokens: int = 0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def must(self, is_so: bool, what: str) -> None:
        """Note what a request got wrong."""
        if not is_so:
            self.wrong.append(what)


@contextmanager
def outside(kind: str) -> Iterator[Outside]:
    """Run one until the block ends; at the end no request was other than documented."""
    state = Outside()
    handler = type("Handler", (_Handler,), {"state": state, "speak": staticmethod(_SPEAK[kind])})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    state.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
    assert state.wrong == []


@dataclass
class Question:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    body: dict[str, Any]
    headers: Any


class _Handler(BaseHTTPRequestHandler):
    state: Outside
    speak: Any

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        said = self.rfile.read(int(self.headers["Content-Length"]))
        self.state.must(self.headers["Content-Type"].startswith("application/json"), "JSON is asked for")
        self._answer(json.loads(said))

    def _answer(self, body: dict[str, Any]) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        self.state.asked.append(parts.path)
        mood = self.state.mood
        if mood == "silent":
            time.sleep(1.0)
            return
        if mood == "moved":
            self._send(302, b"", Location="http://127.0.0.1:9/elsewhere")
        elif mood in {"broken", "throttled"}:
            self._send(503 if mood == "broken" else 429, b"{}")
        elif mood == "nonsense":
            self._send(200, b"<html>login</html>")
        elif mood == "list":
            self._send(200, b"[]")
        else:
            status, found = type(self).speak(Question(self.command, parts.path, query, body, self.headers), self.state)
            self._send(status, json.dumps(found).encode())

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def _wecom(asked: Question, state: Outside) -> tuple[int, dict[str, Any]]:  # noqa: PLR0911 - one answer a document
    """developer.work.weixin.qq.com, 91039 gettoken, 91023 auth/getuserinfo, 95833 auth/getuserdetail, 90313 error numbers."""
    error = lambda number: (200, {"errcode": number, "errmsg": "error"})  # noqa: E731
    if state.mood.lstrip("-").isdigit() and asked.path == "/cgi-bin/auth/getuserinfo":
        return error(int(state.mood))
    if asked.path == "/cgi-bin/gettoken":
        state.must(asked.method == "GET" and set(asked.query) == {"corpid", "corpsecret"}, "gettoken")
        if asked.query["corpid"] != APP["WECOM"]:
            return error(40013)
        if asked.query["corpsecret"] != SECRET:
            return error(40001)
        state.tokens += 1
        return 200, {"errcode": 0, "errmsg": "ok", "access_token": f"token-{state.tokens}", "expires_in": 7200}
    if asked.query.get("access_token") != f"token-{state.tokens}" or state.mood == "stale":
        state.mood = "good"
        return error(42001)
    if asked.path == "/cgi-bin/auth/getuserinfo":
        state.must(asked.method == "GET" and set(asked.query) == {"access_token", "code"}, "getuserinfo")
        if asked.query["code"] not in state.codes:
            return error(40029)
        state.codes.discard(asked.query["code"])
        if state.mood == "stranger":
            return 200, {"errcode": 0, "errmsg": "ok", "openid": "o-1", "external_userid": "e-1"}
        return 200, {"errcode": 0, "errmsg": "ok", "userid": state.me["id"], "user_ticket": "ticket-1"}
    if asked.path == "/cgi-bin/auth/getuserdetail":
        state.must(asked.method == "POST" and asked.body == {"user_ticket": "ticket-1"}, "getuserdetail")
        if state.mood == "no right":
            return error(60011)
        return 200, {"errcode": 0, "errmsg": "ok", "userid": state.me["id"], "mobile": state.me["mobile"], "gender": "1"}
    return 404, {}


def _dingtalk(asked: Question, state: Outside) -> tuple[int, dict[str, Any]]:  # noqa: PLR0911 - one answer a document
    """open.dingtalk.com: accessToken, userAccessToken, contact/users/me; errors are ``{"code", "message", "requestid"}``."""
    error = lambda status, code: (status, {"code": code, "message": "error", "requestid": "r-1"})  # noqa: E731
    if asked.path == "/v1.0/oauth2/accessToken":
        state.must(asked.method == "POST" and set(asked.body) == {"appKey", "appSecret"}, "accessToken")
        if (asked.body["appKey"], asked.body["appSecret"]) != (APP["DINGTALK"], SECRET):
            return error(400, "invalidClientIdOrSecret")
        return 200, {"accessToken": "app-token", "expireIn": 7200}
    if asked.path == "/v1.0/oauth2/userAccessToken":
        state.must(set(asked.body) == {"clientId", "clientSecret", "code", "grantType"}, "userAccessToken")
        state.must(asked.body["grantType"] == "authorization_code", "grantType")
        if (asked.body["clientId"], asked.body["clientSecret"]) != (APP["DINGTALK"], SECRET):
            return error(400, "invalidClientIdOrSecret")
        if state.mood.startswith("error:"):
            return error(400, state.mood.removeprefix("error:"))
        if asked.body["code"] not in state.codes:
            return error(400, "invalidParameter.authCode.notFound")
        state.codes.discard(asked.body["code"])
        corp = "another-corp" if state.mood == "stranger" else CORP
        return 200, {"accessToken": "user-token", "refreshToken": "r", "expireIn": 7200, "corpId": corp}
    if asked.path == "/v1.0/contact/users/me":
        state.must(asked.method == "GET" and asked.headers["x-acs-dingtalk-access-token"] == "user-token", "users/me")
        if state.mood == "no right":
            return error(403, "Forbidden.AccessDenied.AccessTokenPermissionDenied")
        me = {"nick": state.me["name"], "openId": "o", "unionId": state.me["id"], "mobile": state.me["mobile"], "stateCode": "86"}
        return 200, me | ({"stateCode": "852"} if state.mood == "abroad" else {})
    return 404, {"code": "InvalidAction.NotFound"}


def _feishu(asked: Question, state: Outside) -> tuple[int, dict[str, Any]]:  # noqa: PLR0911 - one answer a document
    """open.feishu.cn: authen/v2/oauth/token, authen/v1/user_info, auth/v3/tenant_access_token/internal."""
    error = lambda number: (400, {"code": number, "error": "invalid_request", "error_description": "error"})  # noqa: E731
    if asked.path == "/open-apis/auth/v3/tenant_access_token/internal":
        state.must(set(asked.body) == {"app_id", "app_secret"}, "tenant_access_token")
        if (asked.body["app_id"], asked.body["app_secret"]) != (APP["FEISHU"], SECRET):
            return 200, {"code": 10014, "msg": "app secret invalid"}
        return 200, {"code": 0, "msg": "ok", "tenant_access_token": "t-1", "expire": 7200}
    if asked.path == "/open-apis/authen/v2/oauth/token":
        names = {"grant_type", "client_id", "client_secret", "code", "redirect_uri"}
        state.must(set(asked.body) == names and asked.body["grant_type"] == "authorization_code", "oauth/token")
        if asked.body["client_id"] != APP["FEISHU"]:
            return error(20048)
        if asked.body["client_secret"] != SECRET:
            return error(20002)
        if state.mood.isdigit():
            return error(int(state.mood))
        if state.back and asked.body["redirect_uri"] != state.back:
            return error(20071)
        if asked.body["code"] not in state.codes:
            return error(20003)
        state.codes.discard(asked.body["code"])
        return 200, {"code": 0, "access_token": "u-1", "expires_in": 7200, "token_type": "Bearer", "scope": "contact"}
    if asked.path == "/open-apis/authen/v1/user_info":
        state.must(asked.method == "GET" and asked.headers["Authorization"] == "Bearer u-1", "user_info")
        if state.mood == "no right":
            return 400, {"code": 99991679, "msg": "no permission"}
        told = {"name": state.me["name"], "open_id": state.me["id"], "union_id": "on", "tenant_key": "t"}
        return 200, {"code": 0, "msg": "success", "data": {**told, "mobile": f"+86{state.me['mobile']}"}}
    return 404, {"code": 404}


_SPEAK = {"WECOM": _wecom, "DINGTALK": _dingtalk, "FEISHU": _feishu}
