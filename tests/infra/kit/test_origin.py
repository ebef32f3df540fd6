"""Where work comes from: one trace, kept apart from work beside it."""

import contextvars
import logging

from infra.kit import origin


def test_a_trace_lasts_as_long_as_its_block_and_nests():
    assert origin.trace() == ""
    with origin.coming_from(ip="198.51.100.7") as outer:
        assert (origin.trace(), outer.ip) == (outer.trace, "198.51.100.7")
        with origin.coming_from() as inner:
            assert inner.trace != outer.trace
        assert origin.trace() == outer.trace
    assert origin.trace() == ""


def test_takes_over_a_number_of_ours_and_makes_another_for_anything_else():
    ours = "0123456789abcdef" * 2
    with origin.coming_from(ours) as made:
        assert made.trace == ours
    for nonsense in ("", "x", ours.upper(), ours + "0", "0123\n"):
        with origin.coming_from(nonsense) as made:
            assert made.trace != nonsense
            assert len(made.trace) == 32


def test_work_beside_it_sees_nothing_of_it():
    with origin.coming_from():
        origin.recognised("manager:1", "安全员")
        assert contextvars.Context().run(origin.trace) == ""


def test_work_for_somebody_who_ordered_it_keeps_the_trace_and_ends_with_the_block():
    with origin.coming_from() as outer, origin.on_behalf_of("manager:1", "安全员") as made:
        assert (made.trace, made.who, made.name) == (outer.trace, "manager:1", "安全员")
        assert outer.who == "", "the worker itself is nobody"
    with origin.on_behalf_of("manager:1") as made:
        assert len(made.trace) == 32
    assert origin.current() is None


def test_every_line_of_the_log_has_a_trace_or_a_dash():
    line = logging.LogRecord("anxue", logging.INFO, "", 0, "x", None, None)
    assert origin.TraceFilter().filter(line)
    assert line.trace == "-"
    with origin.coming_from() as made:
        origin.TraceFilter().filter(line)
        assert line.trace == made.trace
