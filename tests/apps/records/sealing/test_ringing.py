"""The bell of the sealer names the enterprise, without which no worker takes the task, and rings once for all entries of its time."""

import pytest
from celery.signals import before_task_publish

from apps.records.sealing import ringing
from tenants.headers import HEADER


@pytest.mark.req("R4.2")
def test_the_bell_names_the_enterprise_and_rings_once(in_jia):
    heard = []

    def hear(sender=None, headers=None, **_more):
        heard.append((sender, headers.get(HEADER)))

    before_task_publish.connect(hear, weak=False)
    try:
        ringing._rung.clear()
        ringing.ring()
        ringing.ring()
        ringing._rung.clear()
        ringing.ring()
    finally:
        before_task_publish.disconnect(hear)
        ringing._rung.clear()
    assert heard == [("records.seal", in_jia.schema_name)]
