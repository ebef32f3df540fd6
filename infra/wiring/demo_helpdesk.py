"""A roster, a few questions in every state and some votes, for whoever tries the help desk out. Loaded once; made-up people only."""

from datetime import datetime, timedelta
from uuid import UUID

from infra.kit import clock
from public.helpdesk import faq, filing, following, gaps, handling, roster
from public.helpdesk.diary import Desk
from public.helpdesk.models import Edition, Ticket
from public.helpdesk.shapes import Contact, Draft
from public.operators.api import Me, Role, colleagues

_IP = "127.0.0.1"
_HOUR = timedelta(hours=1)
_ASKED = (
    ("厂区食堂几点开饭", "LEARNER", 3),
    ("能不能用方言讲课", "LEARNER", 2),
    ("考勤机和学时能对接吗", "MANAGER", 1),
)
_VOTES = (
    ("学完了为什么没有学时", 14, 3),
    ("考试没及格可以补考吗", 11, 1),
    ("人脸识别总是不通过", 5, 6),
    ("培训证明在哪里下载", 9, 0),
)


def load(*, schema_name: str, asker: str, at: datetime) -> None:
    """Load what is missing; nothing where there are tickets. Stands on the platform.

    :param asker: a learner of the demo enterprise, ``learner:<uuid>``
    """
    me = next(iter(colleagues(Role.OPERATIONS)), None)
    if me is None or Ticket.objects.exists():
        return
    midnight = clock.shanghai_midnight(clock.shanghai_date(at))
    roster.arrange(person=me.credential_id, starts_at=midnight, hours=16, days=7, desk=Desk(me, at, _IP))
    _tickets(me, schema_name, asker, at)
    _questions(at)


def _tickets(me: Me, schema_name: str, asker: str, at: datetime) -> None:
    def desk(hours: float) -> Desk:
        return Desk(me, at - hours * _HOUR, _IP)

    def ask(urgency: str, title: str, text: str, hours: float, *, known: bool = True) -> UUID:
        who = (
            {"schema_name": schema_name, "filer": "LEARNER", "asker": asker}
            if known
            else {"contact": Contact("学员乙", "13800000002")}
        )
        return filing.enter(draft=Draft(urgency, title, text, **who), desk=desk(hours)).uuid

    ask("BLOCKED", "考试页面一直空白", "点参加考试后一直空白，换了浏览器也一样，今天是最后一天。", 0.2)
    ask("MINOR", "字幕能不能再大一点", "手机上看视频字幕太小，年纪大的工友看不清。", 5, known=False)
    waiting = ask("NORMAL", "昨天学的没有记学时", "昨天晚上学完第一课，今天看学时还是 0。", 20)
    handling.answer(ticket=waiting, text="请补充是哪一个计划、大约几点学的。", then="wait", desk=desk(19))
    first = ask("BLOCKED", "视频放不出来", "打开班组安全第一课一直转圈。", 8)
    again = ask("BLOCKED", "课程一直转圈", "仓储部好几个人的课都打不开。", 7.5, known=False)
    handling.merge(ticket=again, into=Ticket.objects.get(uuid=first).number, desk=desk(7.4))
    handling.answer(ticket=first, text="播放服务器一处故障，已经修复，请刷新再试。", then="solve", desk=desk(7))
    following.rate(ticket=first, stars=5, text="", at=at - 6 * _HOUR)
    handling.note(ticket=first, text="11:20 起缓存节点磁盘满，已扩容。", desk=desk(6.9))


def _questions(at: datetime) -> None:
    for text, audience, times in _ASKED:
        for _time in range(times):
            gaps.note(text, audience=audience, near="", at=at)
    for question, helped, not_helped in _VOTES:
        edition = Edition.objects.select_related("article").get(question__startswith=question, number=1)
        for number in range(helped + not_helped):
            words = "还是看不懂下一步点哪里" if number == helped else ""
            faq.count_vote(edition=edition, is_helpful=number < helped, words=words, voter=f"demo-{number}", at=at)
