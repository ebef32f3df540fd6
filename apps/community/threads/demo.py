"""Questions and answers of the demo enterprise, by the ordinary services."""

from datetime import datetime, timedelta

from apps.community.threads import answering, asking, places, policy
from apps.people import api as people

_ASKED = (
    (
        "换岗以后，原来岗位的操作证还能继续用吗？",
        "换岗后要先参加新岗位的安全培训，考核合格才能上岗。原岗位的操作证只对原工种有效，不能代替新岗位的培训。",
    ),
    (
        "新设备第一次使用前，班组要做哪些培训？",
        "按“四新”要求，使用新设备前要专门培训：操作规程、风险点和应急措施都要讲到，并留下记录。",
    ),
    ("机器上的急停按钮多久要试一次？", ""),
)
"""Question and answer of each, "" for one that still waits."""


def add(*, at: datetime) -> None:
    """Let two learners ask about their courses, and the owner answer; nobody there, nothing happens."""
    learners = people.search_learners(limit=2)
    owners = [people.ManagerView(row.pk, row.name, row.role) for row in people.managers()[:1]]
    if len(learners) < 2 or not owners:
        return
    policy.add_canned(title="请查看操作规程", words="请先查看本岗位的安全操作规程；仍有疑问，请写明设备名称和具体步骤。", at=at)
    for number, (words, said) in enumerate(_ASKED):
        learner = learners[number % 2]
        found = places.courses_of(learner.id)
        if not found:
            return
        asked_at = at - timedelta(hours=5 - number)
        row = asking.ask(learner_id=learner.id, place=found[0], words=words, at=asked_at)
        if said:
            answering.answer(thread=row.uuid, by=owners[0], within=None, words=said, at=at)
