"""Verification fetches the files of heads several at a time: a store far away answers each only after milliseconds."""

from __future__ import annotations

import pytest

from tests.apps.records.sealing import meeting


@pytest.mark.req("R4.2")
def test_notes_are_fetched_several_at_a_time(vault, settings):
    meeting.begin()
    kept = settings.STORAGES["default"]
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**kept, "BACKEND": "tests.apps.records.sealing.meeting.MeetingFiles"},
    }
    assert vault.verify().is_clean
    assert next(meeting.state["turns"]) >= 2
