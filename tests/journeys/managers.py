"""What managers do before anything else."""

import re

from playwright.sync_api import expect

from tests.journeys import people


def sign_up(person, subdomain, mobile):
    """Open an enterprise and arrive in its console."""
    page = person.page
    person.go("anxue", "/")
    expect(page.locator("h1")).to_be_visible()
    person.shoot("landing")
    person.go("anxue", "/sign-up")
    page.fill("#id_mobile", mobile)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_text("验证码已发送")).to_be_visible()
    page.fill("#id_code", person.code_for(mobile))
    page.fill("#id_name", "安全员")
    page.fill("#id_password", "Ke-kao-2026")
    page.fill("#id_company", "杭州旅程机械有限公司")
    page.fill("#id_uscc", people.uscc())
    page.select_option("#id_industry_code", index=3)
    page.locator('input[name="hazard"][value="GENERAL"]').check()
    page.select_option("#id_city", "330100")
    expect(page.locator('#id_division_code option[value="330106"]')).to_have_count(1)
    page.select_option("#id_division_code", "330106")
    page.fill("#id_subdomain", subdomain)
    page.locator("#id_agree").check()
    person.shoot("sign-up")
    page.get_by_role("button", name="开通并进入").click()
    page.wait_for_url(re.compile(rf"//{subdomain}\.localhost:\d+/console"))
    person.shoot("first-steps")
