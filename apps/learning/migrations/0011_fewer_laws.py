"""One law for each row that a beat rewrites: the server reads the text of every CHECK anew with each statement, and there were 35."""

from typing import ClassVar

from django.db import migrations

_COUNTS = {
    "learning_studysession": (
        "accepted_ms confirmed_ms credited_ms duration_ms forward_ms furthest_ms gate_ms held_ms next_in playing_ms score seq strikes "
        "version_no voided_ms"
    ),
    "learning_coverage": "duration_ms position_ms",
    "learning_proofstate": "due_ms misses unproven_ms",
}
_FORMER = {
    "learning_studysession": (
        "session_accepted_was_reached session_closed_for_a_reason session_confirmed_was_paid session_credit_within_clock "
        "session_credit_within_film session_credit_within_playing session_held_was_paid session_no_fast_forward "
        "session_position_within_film session_score"
    ),
    "learning_coverage": "coverage_within_film held_is_proven held_was_watched position_within_film provisional_was_watched",
    "learning_proofstate": "",
}
LAWS = {
    "learning_studysession": {
        "session_earns_what_was_played": (
            "least(accepted_ms, credited_ms, confirmed_ms, held_ms, voided_ms, forward_ms, gate_ms, seq, next_in, strikes, version_no) >= 0"
            " AND accepted_ms <= furthest_ms AND furthest_ms <= duration_ms"
            " AND confirmed_ms + held_ms <= credited_ms AND credited_ms <= least(duration_ms, playing_ms)"
            " AND credited_ms * interval '1 millisecond' <= last_at - opened_at"
            " AND forward_ms::bigint * 100 <= playing_ms::bigint * 102 + 300000"
            " AND score BETWEEN 0 AND 100"
        ),
        "session_closed_for_a_reason": "(closed_at IS NULL) = (close_reason = '')",
    },
    "learning_coverage": {
        "coverage_within_film": (
            "spans <@ int8multirange(int8range(0, duration_ms)) AND provisional <@ spans AND held <@ spans"
            " AND isempty(held * provisional) AND position_ms BETWEEN 0 AND duration_ms"
        )
    },
    "learning_proofstate": {"proof_counts": "least(due_ms, misses, unproven_ms) >= 0"},
}


def _change(table: str) -> str:
    former = [f"{table}_{column}_check" for column in _COUNTS[table].split()] + _FORMER[table].split()
    steps = [f"DROP CONSTRAINT {name}" for name in former]
    steps += [f"ADD CONSTRAINT {name} CHECK ({law})" for name, law in LAWS[table].items()]
    return f'ALTER TABLE "{table}" {", ".join(steps)}'


class Migration(migrations.Migration):
    """What was refused before is refused still."""

    dependencies: ClassVar = [("learning", "0010_quizzes")]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(_change(table)) for table in LAWS],
            [
                *(
                    migrations.RemoveConstraint("studysession", name)
                    for name in (
                        "session_credit_within_playing",
                        "session_credit_within_film",
                        "session_position_within_film",
                        "session_accepted_was_reached",
                        "session_closed_for_a_reason",
                    )
                ),
                migrations.RemoveConstraint("coverage", "position_within_film"),
            ],
        )
    ]
