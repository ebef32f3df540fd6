"""The register of the demo courses is a real one: the font's licence lies there as a checked PDF."""

from __future__ import annotations

import pytest

from infra.wiring import demo_rights
from public.rights import api as rights
from public.uploads import api as uploads
from public.uploads.models import Upload
from tests.conftest import NOON
from tests.public.rights.ground import draft, move

pytestmark = pytest.mark.req("R3.2")


def test_demo_courses_get_a_full_register_with_one_scan_of_the_licence(platform: None) -> None:
    versions = [draft(1), draft(1, code="AQ-CY-ALL-SJ-0922")]
    for version in [*versions, *versions]:
        demo_rights.register(version, author_id=1, author_name="课程作者", at=NOON)
    assert rights.gaps_of(versions, at=NOON) == {version: [] for version in versions}
    assert [len(rights.assets_of(version)) for version in versions] == [5, 5]
    scan = uploads.require_ready(Upload.objects.get().uuid, kinds={"document"})
    assert (scan.file_name, scan.content_type) == (demo_rights.OFL_FILE, "application/pdf")
    with uploads.open_upload(scan.uuid) as file:
        assert file.read(5) == b"%PDF-"


def test_demo_courses_that_were_published_before_there_was_a_register_get_one(platform: None) -> None:
    old, foreign = draft(1), draft(2, code="AQ-CY-ALL-SJ-0922")
    for version in (old, foreign):
        move(version, "PUBLISHED")
    demo_rights.complete_published(author_id=1, at=NOON)
    assert rights.rights_gaps(old, NOON) == []
    assert rights.rights_gaps(foreign, NOON) != []
