"""Everything about me is everything: no table about learners is forgotten, and no column of a declared one."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import models

from apps.people.models import Learner
from apps.people.privacy.holdings import Fate, exemptions, holdings
from tenants.api import Credential

_KEYS = {"person_key", "learner", "session"}
"""Columns of shared tables that lead to a person without a foreign key; `subject` does where it is a uuid."""


def known() -> set[str]:
    return {one.model for one in holdings()} | set(exemptions())


def points_at(model: type[models.Model], targets: set[type[models.Model]]) -> bool:
    return any(field.related_model in targets for field in model._meta.concrete_fields if field.is_relation)


def about_learners() -> set[type[models.Model]]:
    """Return the tables with a column about learners, and those that hang on such a table, however far."""
    tenant = {m for c in apps.get_app_configs() if c.name in settings.TENANT_APPS for m in c.get_models()}
    shared = {m for c in apps.get_app_configs() if c.name in settings.SHARED_APPS for m in c.get_models()}
    found = {Learner} | {m for m in tenant if points_at(m, {Learner, Credential})}
    found |= {m for m in tenant | shared if any(f.name == "subject" and isinstance(f, models.UUIDField) for f in m._meta.fields)}
    found |= {m for m in tenant | shared if any(f.name in _KEYS for f in m._meta.fields)}
    roots = {m for m in found if m._meta.label not in _NOT_LEARNERS}
    while more := {m for m in tenant - roots if points_at(m, roots)} - roots:
        roots |= more
    return {m for m in roots if m._meta.label not in _NOT_LEARNERS}


_NOT_LEARNERS = {
    "people.Manager": "declared; what hangs on managers is about their work",
    "operators.Operator": "people of the platform",
    "regulators.Regulator": "people of the authority",
    "sessions.Session": "opaque, ends with the sign-in",
    "admin.LogEntry": "people of the platform",
    "seals.Head": "no person",
}


def test_no_table_about_learners_is_neither_exported_nor_exempt_by_name():
    missing = sorted(m._meta.label for m in about_learners() if m._meta.label not in known())
    assert not missing, f"say in the room's privacy.py what these hold, or exempt them with a reason: {missing}"
    assert len(about_learners()) > 35


def test_the_test_above_finds_a_table_that_nobody_declared():
    assert apps.get_model("exams.Practice") in about_learners()
    assert apps.get_model("plans.Attendance") in about_learners()  # by way of its seat
    assert apps.get_model("audit.Beat") in about_learners()  # by its session
    assert apps.get_model("plans.Room") not in about_learners()


def test_each_holding_names_columns_that_are_there_and_opens_or_leaves_out_sealed_ones():
    for one in holdings():
        fields = {name: f for f in apps.get_model(one.model)._meta.concrete_fields for name in (f.name, f.attname)}
        named = {*one.shown, *one.left_out, *one.opened}
        assert named <= set(fields), (one.model, named - set(fields))
        sealed = {name for name, f in fields.items() if isinstance(f, models.BinaryField)}
        assert sealed <= {*one.opened, *one.left_out}, (one.model, sealed)
        assert one.shown, one.model
        assert all(str(reason) for reason in one.left_out.values())


def test_what_stays_after_an_erasure_says_why_and_is_not_touched():
    for one in holdings():
        assert bool(str(one.why_kept)) == (one.fate == Fate.STAYS), one.model
        assert one.fate != Fate.STAYS or one.erase is None, one.model


def test_each_exemption_has_a_reason_and_a_table():
    for label, reason in exemptions().items():
        apps.get_model(label)
        assert len(reason) > 10


def test_no_rows_are_deleted_that_the_database_lets_nobody_delete():
    for one in holdings():
        model = apps.get_model(one.model)
        is_safe = getattr(model, "erased_when_packed", False) or getattr(model, "append_only", False)
        assert not is_safe or one.erase is not None or one.fate == Fate.STAYS, one.model
