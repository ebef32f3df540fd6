"""The Range header, RFC 9110 section 14."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.kit.ranges import Unsatisfiable, parse


@pytest.mark.parametrize(
    ("header", "size", "start", "last"),
    [
        ("bytes=0-0", 10, 0, 0),
        ("bytes=2-5", 10, 2, 5),
        ("bytes=2-", 10, 2, 9),
        ("bytes=2-999", 10, 2, 9),
        ("bytes=-3", 10, 7, 9),
        ("bytes=-99", 10, 0, 9),
        ("BYTES = 1 - 2", 10, 1, 2),
        ("bytes=9-", 10, 9, 9),
    ],
)
def test_reads_one_range(header: str, size: int, start: int, last: int) -> None:
    found = parse(header, size)
    assert found is not None
    assert (found.start, found.last, found.length) == (start, last, last - start + 1)
    assert found.content_range == f"bytes {start}-{last}/{size}"


@pytest.mark.parametrize("header", ["", "bytes", "seconds=0-5", "bytes=0-1,4-5", "bytes=0-,0-,0-"])
def test_the_whole_file_answers_other_units_and_several_ranges(header: str) -> None:
    assert parse(header, 10) is None


@pytest.mark.parametrize(
    ("header", "size"),
    [
        ("bytes=10-", 10),
        ("bytes=10-12", 10),
        ("bytes=5-2", 10),
        ("bytes=-0", 10),
        ("bytes=-", 10),
        ("bytes=", 10),
        ("bytes=a-b", 10),
        ("bytes=-1-2", 10),
        ("bytes=0x1-2", 10),
        ("bytes=0-", 0),
        ("bytes=-5", 0),
        (f"bytes={'9' * 5000}-", 10),
    ],
)
def test_refuses_what_cannot_be_had(header: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        parse(header, size)


@given(st.text(max_size=40), st.integers(0, 10**13))
def test_never_leaves_the_file_whatever_is_asked(words: str, size: int) -> None:
    try:
        found = parse(f"bytes={words}", size)
    except Unsatisfiable:
        return
    assert found is None or 0 <= found.start <= found.last < size
