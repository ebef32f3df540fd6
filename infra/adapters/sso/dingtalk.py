"""DingTalk: its login page, the user's token (`/v1.0/oauth2/userAccessToken`), who the user is (`/v1.0/contact/users/me`)."""

from typing import Any
from urllib.parse import quote, urlencode

from apps.people.ports import OutsidePerson, SsoApp, SsoDown, SsoRefused
from infra.adapters.sso.wire import Line, mobile, text

API = "https://api.dingtalk.com"
PAGE = "https://login.dingtalk.com/oauth2/auth"
_MAINLAND = {"", "86", "+86"}


class Dingtalk:
    """Asks DingTalk. Anybody with a DingTalk account passes its page, so the enterprise they chose there is compared."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def address(self, app: SsoApp, *, redirect_uri: str, state: str, inside: bool) -> str:
        """See :class:`apps.people.ports.SingleSignOn`."""
        asked = {"redirect_uri": redirect_uri, "response_type": "code", "client_id": app.app_id,
                 "scope": "openid corpid", "state": state, "prompt": "consent"}  # fmt: skip
        return f"{PAGE}?{urlencode(asked, quote_via=quote)}"

    def person(self, app: SsoApp, *, code: str, redirect_uri: str) -> OutsidePerson:
        """See :class:`apps.people.ports.SingleSignOn`."""
        asked = {"clientId": app.app_id, "clientSecret": app.secret, "code": code, "grantType": "authorization_code"}
        found = self._ask("POST", "/v1.0/oauth2/userAccessToken", body=asked)
        if text(found, "corpId") != app.corp_id:
            raise SsoRefused("stranger")
        token = text(found, "accessToken")
        if not token:
            raise SsoDown("no token")
        me = self._ask("GET", "/v1.0/contact/users/me", headers={"x-acs-dingtalk-access-token": token})
        subject = text(me, "unionId")
        if not subject:
            raise SsoDown("no user")
        known = mobile(text(me, "mobile")) if text(me, "stateCode") in _MAINLAND else ""
        return OutsidePerson(subject, text(me, "nick"), known)

    def check(self, app: SsoApp) -> None:
        """See :class:`apps.people.ports.SingleSignOn`."""
        found = self._ask("POST", "/v1.0/oauth2/accessToken", body={"appKey": app.app_id, "appSecret": app.secret})
        if not text(found, "accessToken"):
            raise SsoDown("no token")

    def _ask(
        self, method: str, path: str, *, body: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Send one request; errors come as a status of 400 or more with ``{"code", "message", "requestid"}``.

        :raises SsoRefused: a code, or the application
        :raises SsoDown: throttled, or no answer
        """
        status, found = self._line.ask(method, path, body=body, headers=headers)
        if status < 400:
            return found
        code = text(found, "code")
        low = code.lower()
        if "throttling" in low or "systemerror" in low or "serviceunavailable" in low:
            raise SsoDown(f"dingtalk {code[:60]}")
        raise SsoRefused(_reason(low, status), f"dingtalk {code[:60]}")


def _reason(code: str, status: int) -> str:
    if "authcode" in code or "invalidparameter.code" in code:
        return "code"
    return "setup" if status in {401, 403} or "client" in code or "appkey" in code or "forbidden" in code else "other"
