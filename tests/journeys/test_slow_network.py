"""A slow network takes nothing away from people: what is typed while a reply is on its way stays."""

from playwright.sync_api import expect


def test_a_number_typed_while_the_page_changes_its_way_of_sign_in_stays(person):
    learner = person("phone")
    page = learner.page
    learner.go("demo", "/sign-in")
    waiting = []
    page.route("**/sign-in", lambda route: waiting.append(route) if route.request.method == "POST" else route.continue_())
    with page.expect_request(lambda asked: asked.method == "POST"):
        page.get_by_role("button", name="改用短信验证码登录").click()
    page.fill('[name="mobile"]', "13900001234")
    for _ in range(100):
        if waiting:
            break
        page.wait_for_timeout(50)
    waiting.pop().continue_()
    expect(page.get_by_role("button", name="获取验证码")).to_be_visible()
    expect(page.locator('[name="mobile"]')).to_have_value("13900001234")
    assert learner.problems == []
