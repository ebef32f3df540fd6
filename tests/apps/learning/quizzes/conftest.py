"""学员甲 with a course that asks."""

import pytest

from tests.apps.learning.conftest import A, School, enrol
from tests.apps.learning.quizzes import ground


@pytest.fixture
def asked(db, in_jia) -> School:
    """学员甲 in enterprise 甲 with two points and a test; hours count as usual."""
    return enrol(A, ground.publish())


@pytest.fixture
def held(db, in_jia) -> School:
    """The same, but nothing counts before the test is passed; the film does not stop."""
    return enrol(A, ground.publish(rule="void-until-done", places=()))
