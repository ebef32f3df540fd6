"""Sample data for the living style page ``ui/gallery.html`` (served in debug only)."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator

NAV: list[dict[str, Any]] = [
    {"label": "总览", "icon": "layout-dashboard", "url": "#overview", "active": True},
    {"label": "学员", "icon": "users", "url": "#people"},
    {"label": "培训计划", "icon": "clipboard-list", "url": "#plans", "badge": 3},
    {"label": "课程", "icon": "books", "url": "#courses"},
    {"label": "考试", "icon": "writing", "url": "#exams", "group": "考核与档案"},
    {"label": "档案", "icon": "archive", "url": "#records", "group": "考核与档案"},
    {"label": "设置", "icon": "settings", "url": "#settings", "group": "考核与档案"},
]


class SampleForm(forms.Form):
    """One field of each shape; bound to wrong values so that the errors show."""

    full_name = forms.CharField(label="姓名", help_text="与身份证一致")
    phone = forms.RegexField(r"^1\d{10}$", label="手机号", error_messages={"invalid": "手机号是 11 位数字，请检查。"})
    unit = forms.ChoiceField(label="单位", choices=[("", "请选择"), ("1", "一车间"), ("2", "二车间")], required=False)
    hazard = forms.ChoiceField(label="危险类别", choices=[("1", "一般"), ("2", "高危")], widget=forms.RadioSelect, initial="1")
    note = forms.CharField(label="说明", widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label="已阅读并同意《个人信息处理规则》", error_messages={"required": "请先阅读并勾选同意。"})
    code = forms.CharField(label="验证码", help_text="已发送到 138****0000，10 分钟内有效")
    roster = forms.FileField(label="学员名单", required=False)

    def clean(self) -> None:
        """Add one error of the form as a whole."""
        self.add_error(None, "保存没有成功。请按下面的提示修改后再保存。")


def _people(at: datetime) -> list[dict[str, Any]]:
    states = [("proven", "已达标"), ("attention", "即将到期"), ("info", "学习中"), ("stop", "已逾期"), ("neutral", "未开始")]
    return [
        {
            "name": f"学员{'甲乙丙丁戊己庚辛壬癸'[n % 10]}",
            "unit": "一车间" if n % 2 else "二车间",
            "done_s": 2700 * n + 600,
            "seen": at - timedelta(hours=9 * n),
            "tone": states[n % 5][0],
            "state": states[n % 5][1],
        }
        for n in range(128)
    ]


def _entries(at: datetime) -> list[dict[str, Any]]:
    return [
        {"at": at - timedelta(minutes=5), "title": "取得培训合格证明", "text": "编号 AX-2026-000128", "tone": "proven",
         "icon": "certificate", "url": "#certificate"},
        {"at": at - timedelta(days=1), "title": "考试合格", "text": "得分 92，用时 38 分钟", "tone": "proven"},
        {"at": at - timedelta(days=3), "title": "学习中断", "text": "人像核验没有通过，这一段 6 分钟不计学时，可以申诉。",
         "tone": "attention"},
        {"at": at - timedelta(days=400), "title": "加入培训计划", "text": "新员工三级安全培训"},
    ]  # fmt: skip


def context(at: datetime) -> dict[str, Any]:
    """Return everything ``ui/gallery.html`` shows, as seen at the moment ``at``."""
    wrong = SampleForm({"full_name": "学员甲", "phone": "1380000", "hazard": "2", "code": "1234"})
    return {
        "brand_name": "安学示例企业",
        "page_title": "组件一览",
        "nav": NAV,
        "user_name": "安全员",
        "user_role": "安全管理员",
        "user_menu": [{"label": "账号与安全", "icon": "shield-lock", "url": "#account"}],
        "sign_out_url": "#out",
        "form": SampleForm(),
        "wrong": wrong,
        "page": Paginator(_people(at), 5).get_page(4),
        "entries": _entries(at),
        "steps": ["选择模板", "学时与课程", "选择学员", "确认"],
        "tomorrow": at + timedelta(days=1),
        "tones": ["neutral", "info", "proven", "attention", "stop"],
    }
