"""A class in a room: arranged by the manager, signed in and out on a phone with the code on the screen, submitted, confirmed by a
second person; then its hours are in the learner's plan and archive. Pictures go to `build/screens/`.
"""

import re
import secrets
from datetime import timedelta

import psycopg
import pytest
from playwright.sync_api import expect

from infra.kit import clock
from infra.wiring.demo_accounts import PASSWORD
from tests.journeys import people

OWNER, LEARNER = "13800000000", "13800000001"
PLAN = "换岗与“四新”安全培训"
TOPIC = "有限空间救援实操"
RUN = secrets.token_hex(2)
"""The demo enterprise keeps what former runs wrote down, so names are new each time."""


def enter(person, mobile):
    """Sign in to the demo enterprise with a password."""
    person.go("demo", "/sign-in")
    person.page.fill('[name="mobile"]', mobile)
    person.page.fill('[name="password"]', PASSWORD)
    person.page.get_by_role("button", name="登录", exact=True).click()
    person.page.wait_for_url(re.compile(r"/(console|learn)"))


def invite_second(person, other):
    """Invite a second manager, who signs in with a text message."""
    page, mobile = person.page, people.mobile()
    person.go("demo", "/console/managers/invite")
    page.fill("#id_name", "管理员乙")
    page.fill("#id_mobile", mobile)
    page.get_by_role("button", name="邀请", exact=True).click()
    expect(page.get_by_text("已邀请管理员乙")).to_be_visible()
    other.go("demo", "/sign-in")
    other.page.get_by_role("button", name="改用短信验证码登录").click()
    other.page.fill('[name="mobile"]', mobile)
    other.page.get_by_role("button", name="获取验证码").click()
    expect(other.page.get_by_text("验证码已发送到")).to_be_visible()
    other.page.locator('[name="code"]').first.click()
    other.page.keyboard.type(other.code_for(mobile))
    if "/sign-in" in other.page.url:
        other.page.get_by_role("button", name="登录", exact=True).click()
    other.page.wait_for_url(re.compile(r"/(console|password)"))


def write_down(person):
    """Write down a trainer and a room."""
    page = person.page
    person.go("demo", "/console/classes")
    person.shoot("classes-empty")
    person.go("demo", "/console/classes/trainers/add")
    page.fill("#id_name", f"教师{RUN}")
    page.fill("#id_qualification", "注册安全工程师")
    person.shoot("class-trainer")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("link", name=f"教师{RUN}")).to_be_visible()
    person.go("demo", "/console/classes/rooms/add")
    page.fill("#id_name", f"培训室{RUN}")
    page.fill("#id_seats", "40")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("link", name=f"培训室{RUN}")).to_be_visible()
    person.shoot("class-rooms")


def arrange(person):
    """Arrange a class on some day to come with everybody of the plan; return its path."""
    page, day = person.page, clock.shanghai_date(clock.now()) + timedelta(days=1 + secrets.randbelow(300))
    person.go("demo", "/console/classes/new")
    page.select_option("#id_plan", label=PLAN)
    page.fill("#id_topic", TOPIC)
    page.fill("#id_content", "气体检测、通风、监护、心肺复苏。")
    page.select_option("#id_trainer", label=f"教师{RUN}（本企业）")
    page.select_option("#id_room", label=f"培训室{RUN}（40 座）")
    page.fill("#id_day", day.isoformat())
    page.fill("#id_starts", "09:00")
    page.fill("#id_ends", "10:30")
    page.fill("#id_hours", "2")
    person.shoot("class-new")
    page.get_by_role("button", name="安排", exact=True).click()
    page.wait_for_url(re.compile(r"/console/classes/[0-9a-f-]{36}$"))
    expect(page.get_by_text("已安排")).to_be_visible()
    return "/console/classes/" + page.url.rsplit("/", 1)[1]


def hold(person, path, since, until):
    """Let the class take place at another time: what a day would bring, without waiting for it."""
    with psycopg.connect(person.web.owner_url) as owner:
        (schema,) = owner.execute("SELECT schema_name FROM public.tenants_enterprise WHERE subdomain = 'demo'").fetchone()
        table = psycopg.sql.Identifier(schema, "plans_offlineclass")
        change = psycopg.sql.SQL("UPDATE {} SET starts_at = %s, ends_at = %s WHERE uuid = %s").format(table)
        owner.execute(change, [since, until, path.rsplit("/", 1)[1]])


def sign(phone, screen, path, word):
    """Type the code that the screen shows now, and press."""
    screen.go("demo", f"{path}/screen")
    code = screen.page.locator(".pc-code").inner_text()
    phone.go("demo", f"/learn{path.removeprefix('/console')}")
    phone.page.locator("#id_code").click()
    phone.page.keyboard.type(code)
    phone.page.get_by_role("button", name=word).click()
    expect(phone.page.get_by_text(f"{word}成功")).to_be_visible()


@pytest.mark.req("R2.9")
def test_a_class_from_its_plan_to_the_learners_hours(person):
    desk, second, phone = person("desktop"), person("desktop"), person("phone")
    enter(desk, OWNER)
    write_down(desk)
    path = arrange(desk)
    desk.shoot("class-arranged")
    now = clock.now()
    hold(desk, path, now - timedelta(minutes=1), now + timedelta(minutes=30))
    enter(phone, LEARNER)
    phone.go("demo", "/learn/classes")
    phone.shoot("learn-classes")
    sign(phone, desk, path, "签到")
    desk.shoot("class-screen")
    phone.shoot("learn-class-in")
    sign(phone, desk, path, "签退")
    phone.shoot("learn-class-out")
    hold(desk, path, now - timedelta(minutes=1), clock.now())
    desk.go("demo", path)
    desk.page.fill("#id_summary", "都会检测和监护了。")
    desk.page.get_by_role("button", name="结课，提交确认").click()
    expect(desk.page.get_by_text("授课或结课的人不能自己确认")).to_be_visible()
    invite_second(desk, second)
    second.go("demo", path)
    second.shoot("class-submitted")
    second.page.get_by_role("button", name="确认，计入学时").click()
    second.page.locator("dialog[open]").get_by_role("button", name="确认", exact=True).click()
    expect(second.page.get_by_text("学时已计入").first).to_be_visible()
    second.shoot("class-confirmed")
    second.go("demo", f"{path}/record")
    second.shoot("class-record")
    second.go("demo", "/console/classes")
    second.shoot("classes")
    phone.go("demo", "/learn/classes")
    expect(phone.page.get_by_text(re.compile(r"计入 \d+ 秒")).first).to_be_visible()
    phone.go("demo", "/learn/archive")
    expect(phone.page.get_by_text(f"参加线下课《{TOPIC}》").first).to_be_visible()
    assert [desk.problems, second.problems, phone.problems] == [[], [], []]
