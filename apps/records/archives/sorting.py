"""To which training each entry of a learner's ledger belongs, by what it names. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.records.certificates.shapes import CertificateView
from apps.records.ports import TrainingFields
from apps.records.shapes import EntryView


@dataclass(slots=True)
class Sorted:
    """Entries by training (its assignment as text), and those of none."""

    of: dict[str, list[EntryView]] = field(default_factory=lambda: defaultdict(list))
    rest: list[EntryView] = field(default_factory=list)


def sort(entries: Iterable[EntryView], trainings: Sequence[TrainingFields], papers: Sequence[CertificateView] = ()) -> Sorted:
    """Give every entry to the training that it tells of, by what it names: duty, sitting, class, course, certificate, try.

    :param papers: the learner's certificates, replaced ones too
    """
    by_id = {str(one.assignment_id): one for one in trainings} | {str(one.assignment): one for one in trainings}
    by_class = {key: one for one in trainings for key in one.classes}
    by_certificate = {str(one.certificate): one for one in trainings if one.certificate}
    by_certificate |= {str(one.uuid): by_id[str(one.issued_for)] for one in papers if str(one.issued_for) in by_id}
    by_course = {key: one for one in reversed(trainings) for key in one.course_codes}
    entries = list(entries)
    sat = [
        entry.body for entry in entries if entry.kind == "STUDY_SESSION"
    ]  # proofs and voids come before their sitting's own entry
    sittings = {_session(body): by_id[key] for body in sat if (key := str(body.get("assignment", ""))) in by_id}
    found = Sorted()
    for entry in entries:
        body = entry.body
        named = (
            by_id.get(str(body.get("assignment", "")))
            or sittings.get(_session(body))
            or by_class.get(str(body.get("class", "")))
            or by_certificate.get(str(body.get("certificate", "")))
            or by_course.get(code(body))
        )
        if named is None:
            found.rest.append(entry)
            continue
        found.of[str(named.assignment)].append(entry)
    return found


def _session(body: Mapping[str, Any]) -> str:
    told = body.get("sessions") or [{}]
    return str(body.get("session") or (told[0].get("session", "") if isinstance(told[0], dict) else ""))


def code(body: Mapping[str, Any]) -> str:
    """Return the code of the course that an entry tells of, or ""."""
    course = body.get("course")
    return str(course.get("code", "")) if isinstance(course, dict) else ""
