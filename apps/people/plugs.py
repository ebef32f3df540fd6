"""What lower rooms ask of people."""

from datetime import datetime

from apps.people import services, tokens


class OwnerOfNewEnterprise:
    """Fills `tenants.ports.FIRST_MANAGER`."""

    def open_owner(self, *, name: str, mobile: str, password: str | None, at: datetime) -> str:
        """Make the owner in the current enterprise and return the one-time token for ``/enter``."""
        return tokens.entry_token(services.open_owner(name=name, mobile=mobile, password=password, at=at))
