"""WeCom: a page opened within its app (document 91022) or a code scanned in any browser (98152), then who it is (91023, 95833)."""

import hashlib
import time
from typing import Any
from urllib.parse import quote, urlencode

from apps.people.ports import OutsidePerson, SsoApp, SsoDown, SsoRefused
from infra.adapters.sso.wire import Line, mobile, text

API = "https://qyapi.weixin.qq.com"
INSIDE = "https://open.weixin.qq.com/connect/oauth2/authorize"
OUTSIDE = "https://login.work.weixin.qq.com/wwlogin/sso/login"
_CODE = {40029, 41008, 42003}
"""Code not valid, missing, too old."""
_TOKEN = {40014, 42001}
"""Token not valid, too old: it is asked for anew, once."""
_BUSY = {-1, 45009, 45033}
_SETUP = {40001, 40013, 40056, 41002, 41004, 48002, 50001, 60011, 60020, 301002}
"""Secret, CorpID, AgentId; no right to the call, the return address is not trusted, our address is not."""
_EARLY_S = 300
_known: dict[str, tuple[str, float]] = {}
"""Tokens of applications in this process, for asking too often is punished; by a digest of id and secret."""


class Wecom:
    """Asks WeCom."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def address(self, app: SsoApp, *, redirect_uri: str, state: str, inside: bool) -> str:
        """See :class:`apps.people.ports.SingleSignOn`."""
        if inside:
            asked = {"appid": app.app_id, "redirect_uri": redirect_uri, "response_type": "code",
                     "scope": "snsapi_privateinfo", "state": state, "agentid": app.agent_id}  # fmt: skip
            return f"{INSIDE}?{urlencode(asked, quote_via=quote)}#wechat_redirect"
        asked = {
            "login_type": "CorpApp",
            "appid": app.app_id,
            "agentid": app.agent_id,
            "redirect_uri": redirect_uri,
            "state": state,
        }
        return f"{OUTSIDE}?{urlencode(asked, quote_via=quote)}"

    def person(self, app: SsoApp, *, code: str, redirect_uri: str) -> OutsidePerson:
        """See :class:`apps.people.ports.SingleSignOn`; somebody who is no member has an openid only and is refused."""
        found = self._with_token(app, "GET", "/cgi-bin/auth/getuserinfo", {"code": code})
        who = text(found, "userid") or text(found, "UserId")
        if not who:
            raise SsoRefused("stranger")
        ticket = text(found, "user_ticket")
        more = self._details(app, ticket) if ticket else {}
        return OutsidePerson(f"{app.app_id}/{who}", text(more, "name"), mobile(text(more, "mobile")))

    def check(self, app: SsoApp) -> None:
        """See :class:`apps.people.ports.SingleSignOn`."""
        self._token(app, fresh=True)

    def _details(self, app: SsoApp, ticket: str) -> dict[str, Any]:
        """Return what the person has allowed to be told; nothing where that is not allowed to the application."""
        try:
            return self._with_token(app, "POST", "/cgi-bin/auth/getuserdetail", {}, {"user_ticket": ticket})
        except SsoRefused:
            return {}

    def _with_token(
        self, app: SsoApp, method: str, path: str, query: dict[str, str], body: dict[str, str] | None = None
    ) -> dict[str, Any]:
        for fresh in (False, True):
            asked = {"access_token": self._token(app, fresh=fresh), **query}
            _status, found = self._line.ask(method, path, query=asked, body=body)
            if found.get("errcode", 0) not in _TOKEN:
                break
        _refuse(found)
        return found

    def _token(self, app: SsoApp, *, fresh: bool = False) -> str:
        key = hashlib.sha256(f"{app.app_id}\n{app.secret}".encode()).hexdigest()
        kept, until = _known.get(key, ("", 0.0))
        if kept and not fresh and time.monotonic() < until:
            return kept
        _status, found = self._line.ask("GET", "/cgi-bin/gettoken", query={"corpid": app.app_id, "corpsecret": app.secret})
        _refuse(found)
        token, lasts = text(found, "access_token"), found.get("expires_in")
        if not token:
            raise SsoDown("no token")
        _known[key] = (token, time.monotonic() + (lasts if isinstance(lasts, int) else 0) - _EARLY_S)
        return token


def _refuse(found: dict[str, Any]) -> None:
    """Turn an error of the answer into its meaning.

    :raises SsoRefused: a code, or the application
    :raises SsoDown: busy
    """
    number = found.get("errcode", 0)
    if number == 0:
        return
    if number in _BUSY:
        raise SsoDown(f"wecom {number}")
    reason = "code" if number in _CODE else "setup" if number in _SETUP else "other"
    raise SsoRefused(reason, f"wecom {number}")
