"""Labels: who may read what, and what a copy is worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.kit.labels import Category, Label, Level, joined, label

pytestmark = pytest.mark.req("R5.7")
LABELS = st.builds(Label, st.sampled_from(Level), st.frozensets(st.sampled_from(Category)))


@pytest.mark.parametrize(
    ("clearance", "data", "may"),
    [
        (label(Level.SENSITIVE, Category.TRAINING), label(Level.SENSITIVE, Category.TRAINING), True),
        (label(Level.SENSITIVE, Category.TRAINING), label(Level.CORE, Category.TRAINING), False),
        (label(Level.CORE, Category.SECURITY), label(Level.INTERNAL, Category.TRAINING), False),
        (label(Level.CORE, Category.SECURITY, Category.TRAINING), label(Level.INTERNAL, Category.TRAINING), True),
        (label(Level.PUBLIC), label(Level.PUBLIC), True),
        (label(Level.PUBLIC), label(Level.PUBLIC, Category.FINANCE), False),
    ],
)
def test_level_and_every_category_must_be_covered(clearance, data, may):
    assert clearance.dominates(data) is may


@given(LABELS, LABELS, LABELS)
def test_who_may_read_a_copy_may_read_each_of_its_sources(clearance, one, other):
    copy = joined([one, other])
    assert clearance.dominates(copy) == (clearance.dominates(one) and clearance.dominates(other))


@given(LABELS)
def test_a_label_survives_being_written_down(one):
    assert Label.parse(one.code) == one


@pytest.mark.parametrize("code", ["", "2", "9-TRAINING", "x-TRAINING", "2-GOSSIP"])
def test_refuses_what_is_no_label(code):
    with pytest.raises(ValueError):  # noqa: PT011 - the words are Python's own
        Label.parse(code)


def test_says_itself_in_words():
    assert label(Level.SENSITIVE, Category.TRAINING).words == "敏感 · 培训"
