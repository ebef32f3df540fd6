"""A few complaints in every state for whoever tries the desk out. Loaded once; made-up people only."""

from datetime import datetime, timedelta
from uuid import UUID

from public.complaints import deciding, filing, following, handling
from public.complaints.diary import Desk
from public.complaints.models import Complaint
from public.complaints.shapes import Contact, Draft
from public.operators.api import Me, Role, colleagues

_IP = "127.0.0.1"
_REPLY = "已受理，正在核对您的学习记录，核实后答复您。"


def load(*, schema_name: str, at: datetime) -> None:
    """File and deal with five complaints; nothing where there are some. Stands on the platform."""
    me = next(iter(colleagues(Role.OPERATIONS)), None)
    if me is None or Complaint.objects.exists():
        return
    hours = timedelta(hours=1)
    _file(me, at - 1 * hours, Draft("FAULT", "课程一直转圈，不能播放", "今天上午打开班组安全第一课一直转圈，换了网络和手机都一样。", Contact("学员甲", "13800000001")))  # fmt: skip
    _file(
        me,
        at - 5 * hours,
        Draft(
            "GENERAL",
            "建议字幕再大一点",
            "在手机上看视频时字幕太小，建议可以调到更大，年纪大的工友看不清。",
            schema_name=schema_name,
        ),
    )
    waiting = _file(me, at - 30 * hours, Draft("COMPLEX", "学完一课没有记学时", "昨天晚上学完第一课，今天看学时还是 0，请帮忙核对。", Contact("学员乙", "13800000002"), schema_name=schema_name))  # fmt: skip
    handling.accept(complaint=waiting, reply=_REPLY, category="COMPLEX", desk=Desk(me, at - 29 * hours, _IP))
    handling.ask(complaint=waiting, question="请说明是哪一门课、大约几点学的。", desk=Desk(me, at - 28 * hours, _IP))
    running = _file(
        me,
        at - 60 * hours,
        Draft(
            "GENERAL", "客服电话打不通", "连续两天上午拨打服务电话都占线，希望增加人手或者给出回电时间。", schema_name=schema_name
        ),
    )
    handling.accept(
        complaint=running, reply="已受理，正在核实话务记录。", category="GENERAL", desk=Desk(me, at - 59 * hours, _IP)
    )
    done = _file(
        me,
        at - 100 * hours,
        Draft(
            "INQUIRY", "证明丢了怎么补", "培训证明的纸质件弄丢了，想问一下能不能再打印一份。", Contact("学员甲", "13800000001")
        ),
    )
    handling.accept(
        complaint=done, reply="可以自行下载，步骤稍后说明。", category="INQUIRY", desk=Desk(me, at - 100 * hours, _IP)
    )
    reason = "在“证书档案”里打开证明，点“下载”即可再次打印，编号和验证码不变。"
    deciding.decide(complaint=done, outcome="ANSWERED", reason=reason, desk=Desk(me, at - 98 * hours, _IP))
    following.rate(complaint=done, stars=5, text="", at=at - 97 * hours)


def _file(me: Me, at: datetime, draft: Draft) -> UUID:
    return filing.enter(draft=draft, desk=Desk(me, at, _IP)).uuid
