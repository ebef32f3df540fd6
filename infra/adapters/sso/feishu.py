"""Feishu: its page (`authen/v1/authorize`), the user's token (`authen/v2/oauth/token`, RFC 6749), who it is (`authen/v1/user_info`)."""

from typing import Any
from urllib.parse import quote, urlencode

from apps.people.ports import OutsidePerson, SsoApp, SsoDown, SsoRefused
from infra.adapters.sso.wire import Line, mobile, text

API = "https://open.feishu.cn"
PAGE = "https://accounts.feishu.cn/open-apis/authen/v1/authorize"
SCOPE = "contact:user.phone:readonly"
_CODE = {20003, 20004, 20024, 20065}
"""Code not known, too old, of another application, used already."""
_SETUP = {10003, 10014, 20002, 20009, 20036, 20048, 20063, 20069, 20070, 20071, 99991672, 99991679}
"""Id or secret, application not installed or off, the return address is not the registered one, no right to the call."""
_STRANGER = {20008, 20010, 20066}
"""No such user, no right to use the application, left."""
_BUSY = {20050, 20072, 99991400}


class Feishu:
    """Asks Feishu. An application of the enterprise's own lets only the people of that enterprise pass."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def address(self, app: SsoApp, *, redirect_uri: str, state: str, inside: bool) -> str:
        """See :class:`apps.people.ports.SingleSignOn`."""
        asked = {"client_id": app.app_id, "response_type": "code", "redirect_uri": redirect_uri, "scope": SCOPE, "state": state}
        return f"{PAGE}?{urlencode(asked, quote_via=quote)}"

    def person(self, app: SsoApp, *, code: str, redirect_uri: str) -> OutsidePerson:
        """See :class:`apps.people.ports.SingleSignOn`."""
        asked = {"grant_type": "authorization_code", "client_id": app.app_id, "client_secret": app.secret,
                 "code": code, "redirect_uri": redirect_uri}  # fmt: skip
        token = text(self._ask("POST", "/open-apis/authen/v2/oauth/token", body=asked), "access_token")
        if not token:
            raise SsoDown("no token")
        found = self._ask("GET", "/open-apis/authen/v1/user_info", headers={"Authorization": f"Bearer {token}"})
        told = found.get("data")
        me: dict[str, Any] = told if isinstance(told, dict) else {}
        subject = text(me, "open_id")
        if not subject:
            raise SsoDown("no user")
        return OutsidePerson(subject, text(me, "name"), mobile(text(me, "mobile")))

    def check(self, app: SsoApp) -> None:
        """See :class:`apps.people.ports.SingleSignOn`."""
        asked = {"app_id": app.app_id, "app_secret": app.secret}
        found = self._ask("POST", "/open-apis/auth/v3/tenant_access_token/internal", body=asked)
        if not text(found, "tenant_access_token"):
            raise SsoDown("no token")

    def _ask(
        self, method: str, path: str, *, body: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Send one request; ``code`` 0 is good, whatever the status.

        :raises SsoRefused: a code, the application, or the person
        :raises SsoDown: busy, or no answer
        """
        status, found = self._line.ask(method, path, body=body, headers=headers)
        number = found.get("code", 0 if status < 400 else -1)
        if number == 0 and status < 400:
            return found
        if number in _BUSY:
            raise SsoDown(f"feishu {number}")
        reason = "code" if number in _CODE else "setup" if number in _SETUP else "stranger" if number in _STRANGER else "other"
        raise SsoRefused(reason, f"feishu {number}")
