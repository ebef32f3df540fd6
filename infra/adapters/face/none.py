"""The plug where no authority is connected: nobody is asked, and the enrolment says so."""

from apps.people.ports import Claim


class NoAuthority:
    """Knows nobody."""

    name = "none"

    def confirm(self, claim: Claim, image: bytes) -> None:
        """Say that nobody was asked."""
        return
