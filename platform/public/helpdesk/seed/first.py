"""The first promised hours and ready answers. Hours follow common practice of service desks that are open round the clock (clause 六.(一).2)."""

from datetime import date
from typing import Any

FIRST_DAY = date(2026, 11, 1)


def promises() -> list[dict[str, Any]]:
    """Return one row for each urgency."""
    same = {"valid_from": FIRST_DAY, "by": "seed"}
    return [
        {**same, "urgency": "BLOCKED", "answer_minutes": 30, "settle_hours": 4},
        {**same, "urgency": "NORMAL", "answer_minutes": 120, "settle_hours": 24},
        {**same, "urgency": "MINOR", "answer_minutes": 240, "settle_hours": 72},
    ]


CANNED = (
    (
        "请补充：哪一课、几点、什么提示",
        "您好，为了查清楚，请补充三点：1. 哪一个计划、哪一课；2. 大约几点；3. 页面上的提示原文（可以把文字抄下来）。收到后马上接着处理。",
    ),
    (
        "学时待确认",
        "您好，您的学时是“待确认”状态：通过下一次在场核验后就会确认，不会丢。请打开课程继续学习，弹出核验时在 60 秒内完成即可。",
    ),
    (
        "换浏览器、换网络再试",
        "您好，请先换一个网络，并用手机自带浏览器或最新版 Chrome、Edge 打开（微信里点右上角用浏览器打开）。还是不行请告诉我们手机型号和提示内容。",
    ),
    (
        "请联系本单位管理员",
        "您好，这一项由您所在的企业决定，平台不能代改。请联系本单位的培训管理员；管理员可以在管理台里直接处理。",
    ),
    (
        "故障已修复",
        "您好，这是我们的故障，已经修复，请刷新页面再试。给您带来不便，非常抱歉。如果还有问题，请在本页点“还没解决”。",
    ),
    ("证明下载步骤", "您好，登录后在“证书档案”里打开证明，点“下载”就能得到 PDF，可以打印。编号和验证码不变。"),
)
