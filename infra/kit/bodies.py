"""Bodies of requests to the JSON interfaces."""

from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from infra.kit.texts import is_storable


class JsonParser(Parser):
    """Reads JSON bodies whose texts the database can keep."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the body.

        :raises ValueError: no JSON, or a text that cannot be kept; ninja answers 400
        """
        found = super().parse_body(request)
        if not is_storable(found):
            raise ValueError("a text that cannot be kept")
        return found
