"""What leaves the house when something breaks."""

from infra.kit.errors import DomainError
from infra.wiring.watch import without_people


def test_reports_carry_no_bodies_cookies_headers_and_users():
    event = {
        "request": {
            "url": "http://x/sign-in",
            "data": {"mobile": "13800000001"},
            "cookies": "a",
            "headers": {},
            "query_string": "q=1",
        },
        "user": {"ip_address": "1.2.3.4"},
        "message": "boom",
    }
    assert without_people(event, {}) == {"request": {"url": "http://x/sign-in"}, "message": "boom"}


def test_refusals_are_answers_and_not_reported():
    error = DomainError("too_many", "x")
    assert without_people({}, {"exc_info": (type(error), error, None)}) is None
