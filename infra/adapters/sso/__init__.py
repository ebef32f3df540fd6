"""Plugs that sign people in by WeCom, DingTalk and Feishu, each against its published OAuth."""

from collections.abc import Mapping

from apps.people.ports import OutsidePerson, SingleSignOn, SsoApp
from infra.adapters.sso import dingtalk, feishu, wecom, wire


class OutsideSignOn:
    """Fills `apps.people.ports.SSO`: one desk for the three.

    :param bases: where the servers are, by kind; the real ones unless a test names its own
    """

    def __init__(self, bases: Mapping[str, str] | None = None, *, timeout_s: float = wire.TIMEOUT_S) -> None:
        real = {"WECOM": wecom.API, "DINGTALK": dingtalk.API, "FEISHU": feishu.API}
        lines = {kind: wire.Line(base, timeout_s=timeout_s) for kind, base in {**real, **(bases or {})}.items()}
        self._by_kind: dict[str, SingleSignOn] = {
            "WECOM": wecom.Wecom(lines["WECOM"]),
            "DINGTALK": dingtalk.Dingtalk(lines["DINGTALK"]),
            "FEISHU": feishu.Feishu(lines["FEISHU"]),
        }

    def address(self, app: SsoApp, *, redirect_uri: str, state: str, inside: bool) -> str:
        """See :class:`apps.people.ports.SingleSignOn`."""
        return self._by_kind[app.kind].address(app, redirect_uri=redirect_uri, state=state, inside=inside)

    def person(self, app: SsoApp, *, code: str, redirect_uri: str) -> OutsidePerson:
        """See :class:`apps.people.ports.SingleSignOn`."""
        return self._by_kind[app.kind].person(app, code=code, redirect_uri=redirect_uri)

    def check(self, app: SsoApp) -> None:
        """See :class:`apps.people.ports.SingleSignOn`."""
        self._by_kind[app.kind].check(app)


__all__ = ["OutsideSignOn"]
