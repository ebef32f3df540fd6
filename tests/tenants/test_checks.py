"""What stops the start."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from tenants.checks import the_database_s_name_holds_no_dot
from tests.web import ROOT


@pytest.mark.parametrize(("name", "found"), [("anxue", []), ("an-xue_2", []), ("anxue.prod", ["anxue.E003"])])
def test_refuses_a_database_name_that_roles_cannot_carry(monkeypatch, name, found):
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", name)
    assert [problem.id for problem in the_database_s_name_holds_no_dot(None)] == found


def test_refuses_to_start_on_such_a_database():
    environment = {**os.environ, "DATABASE_URL": "postgresql://anxue_web@127.0.0.1:1/anxue.prod"}
    begun = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert begun.returncode != 0
    assert "'anxue.prod' holds a dot" in begun.stderr
