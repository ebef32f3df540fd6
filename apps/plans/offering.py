"""The step of the courses: what is offered, what the system proposes, other trainers in a course's place, levels of an induction."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans import proposing, rules
from apps.plans.proposing import Candidate, Proposal
from apps.plans.wizard import PlanForm
from public.catalogue import api as catalogue
from public.search import api as search

_OFFERED = 50
"""Courses that one step lists; whoever wants others searches for them."""


def answer(data: QueryDict) -> bool:
    """Carry out what a button of the step asks for: take the proposal, or another trainer's course. Returns whether one was pressed.

    Courses that have no level yet get one, where the induction goes by levels.
    """
    swap, wants = data.get("swap", ""), data.get("propose", "")
    data.pop("swap", None)
    data.pop("propose", None)
    if wants:
        _take(data)
    elif swap:
        _swap(data, swap)
    if data.get("split"):
        _place(data)
    return bool(wants or swap)


def _take(data: QueryDict) -> None:
    form = PlanForm.seen(data, step="courses")
    known = proposing.candidates()
    made = proposals(form, offered(known, data.get("course_from", "")))
    data.setlist("version_ids", [str(key) for _name, one in made for key in one.version_ids])
    data.setlist("places", [f"{key}:{place}" for place, (name, one) in enumerate(made) if name for key in one.version_ids])


def source_of(known: Sequence[Candidate], asked: str) -> str:
    """Return where courses come from: ``own``, what the enterprise has chosen, as long as it has and does not ask for ``all``."""
    return asked if asked in {"own", "all"} else "own" if any(one.is_own for one in known) else "all"


def offered(known: Sequence[Candidate], asked: str) -> list[Candidate]:
    """Return the courses of the source."""
    return [one for one in known if one.is_own or source_of(known, asked) == "all"]


def _swap(data: QueryDict, swap: str) -> None:
    """Put one course in the place of another: ``old:new``."""
    old, _colon, new = swap.partition(":")
    chosen = data.getlist("version_ids")
    if new.isdigit() and old in chosen and new not in chosen:
        data.setlist("version_ids", [new if key == old else key for key in chosen])
        data.setlist(
            "places",
            [f"{new}:{item.partition(':')[2]}" if item.startswith(f"{old}:") else item for item in data.getlist("places")],
        )


def _place(data: QueryDict) -> None:
    form = PlanForm.seen(data, step="courses")
    row, places = form.requirement(), form.cleaned_data.get("places") or {}
    chosen = form.cleaned_data.get("version_ids") or []
    if row is None or len(row.levels) < 2 or not set(chosen) - set(places):
        return
    cards = {card.version_id: card for card in catalogue.published(version_ids=chosen)}
    known = [_candidate(cards[key]) for key in chosen if key in cards]
    hours = [level.hours for level in form.levels()]
    spread = proposing.spread(known, list(row.levels), hours)
    data.setlist("places", [f"{key}:{places.get(key, spread[key])}" for key in chosen if key in spread])


def _candidate(card: catalogue.CourseCard) -> Candidate:
    values = (card.version_id, card.title, card.trainer, card.audience, "ALL", card.topic, "", card.duration_ms)
    return Candidate(*values, rank=0)


def proposals(form: PlanForm, found: Sequence[Candidate]) -> list[tuple[str, Proposal]]:
    """Return (level or "", proposal): one for each level of an induction, else one alone. No course is proposed twice."""
    row, said = form.requirement(), form.cleaned_data
    if row is None:
        return []
    role, industry = said.get("trainee") or "", said.get("industry") or ""
    if not form.levels():
        return [("", proposing.for_requirement(row, role=role, industry=industry, hours=said.get("hours"), found=list(found)))]
    made: list[tuple[str, Proposal]] = []
    for level in form.levels():
        taken = {key for _name, one in made for key in one.version_ids}
        rest = [one for one in found if one.version_id not in taken]
        one = proposing.for_requirement(row, role=role, industry=industry, hours=level.hours, level=level.name, found=rest)
        made.append((level.name, one))
    return made


def courses(form: PlanForm) -> dict[str, Any]:
    """Offer the enterprise's own selection first; a switch opens the whole catalogue. What was ticked stays on top."""
    ticked = form.cleaned_data.get("version_ids") or []
    by_id = {card.version_id: card for card in catalogue.published(version_ids=ticked) if card.state == "PUBLISHED"}
    chosen = [by_id[key] for key in ticked if key in by_id]
    text, audience = form.answers.get("course_q", ""), form.answers.get("audience", "")
    known = proposing.candidates()
    shelf = [one.version_id for one in known if one.is_own]
    source = source_of(known, form.answers.get("course_from", ""))
    found = search.find(
        text,
        chosen={"audience": [audience] if audience else []},
        per_page=_OFFERED,
        only=shelf if source == "own" else None,
        with_facets=False,
    )
    row = form.requirement()
    return {
        "cards": [hit for hit in found.hits if hit.version_id not in by_id],
        "picked": _picked(form, chosen, known),
        "proposed": [] if chosen else proposals(form, offered(known, source)),
        "can_split": row is not None and len(row.levels) > 1,
        "level_names": list(row.levels) if row is not None else [],
        "levels": _levels(form, by_id),
        "course_q": text,
        "audience": audience,
        "roles_of_courses": people.ROLES,
        "source": source,
        "sources": (("own", ""), ("all", _("全部课程"))),
        "shelf_count": len(shelf),
        "found": found,
        "hidden": max(0, found.total - len(found.hits)),
        **total(form, chosen),
    }


def _picked(
    form: PlanForm, chosen: Sequence[catalogue.CourseCard], known: Sequence[Candidate]
) -> list[tuple[catalogue.CourseCard, tuple[Candidate, ...], int]]:
    """Return (card, what other trainers teach in its place, place of its level) of the chosen courses."""
    candidates = {one.version_id: one for one in known}
    taken, places = {card.version_id for card in chosen}, form.cleaned_data.get("places") or {}
    return [
        (
            card,
            proposing.alternatives(candidates[card.version_id], known, taken) if card.version_id in candidates else (),
            places.get(card.version_id, 0),
        )
        for card in chosen
    ]


def _levels(form: PlanForm, cards: dict[int, catalogue.CourseCard]) -> list[dict[str, Any]]:
    """Return each level with what its courses make and what it asks for."""
    return [
        {
            "name": level.name,
            "hours": level.hours,
            "wanted_ms": level.hours * rules.HOUR_MS,
            "total_ms": sum(cards[key].duration_ms for key in level.version_ids if key in cards),
        }
        for level in form.levels()
    ]


def total(form: PlanForm, cards: Sequence[catalogue.CourseCard]) -> dict[str, Any]:
    """Return what the chosen courses make and what is asked for."""
    row, hours = form.requirement(), form.cleaned_data.get("hours")
    levels = form.levels()
    asked = sum(level.hours for level in levels) if levels else (hours if hours is not None else (row.hours if row else 0) or 0)
    offline = 0 if levels else form.cleaned_data.get("offline_hours") or 0
    total_ms = sum(card.duration_ms for card in cards)
    return {
        "requirement": row,
        "chosen": {card.version_id for card in cards},
        "chosen_cards": cards,
        "total_ms": total_ms,
        "wanted_ms": asked * rules.HOUR_MS,
        "short_ms": max(0, (asked - offline) * rules.HOUR_MS - total_ms),
    }
