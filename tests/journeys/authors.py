"""What an author does at the desk: a course with an uploaded film, its subtitles and rights, submitted and mended."""

import re

from playwright.sync_api import expect

from infra.kit import clock
from tests.journeys import material

PART = 8 << 20
SLOW_LINE = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 4 << 20}
"""4 MB a second: six parts, three at a time, take twelve seconds. Speed and break go through one session: two undo each other."""
MENDED_LINE = {**SLOW_LINE, "uploadThroughput": 10 << 20}
MENDED = "转弯前减速、鸣笛，\n确认盲区没有人再通过"


class Parts:
    """Which parts of the upload the page sends, and which the server has answered."""

    def __init__(self, page):
        self.sent, self.arrived = [], set()
        page.on("request", lambda asked: self._number(asked) and self.sent.append(self._number(asked)))
        page.on("response", lambda got: got.ok and self._number(got.request) and self.arrived.add(self._number(got.request)))

    @staticmethod
    def _number(asked):
        found = re.search(r"/api/uploads/[0-9a-f-]{36}/parts/(\d+)\?", asked.url)
        return int(found[1]) if found and asked.method == "PUT" else 0

    def wait(self, page, what):
        """Wait until ``what`` is true of the parts."""
        for _ in range(400):
            if what():
                return
            page.wait_for_timeout(50)
        raise AssertionError(f"sent {self.sent}, arrived {self.arrived}")


def open_course(author, title):
    """Open a course with its first draft; returns the version's number."""
    page = author.page
    author.go("anxue", "/desk/authoring/new")
    page.select_option('[name="audience"]', "CY")
    page.select_option('[name="industry"]', "C")
    page.select_option('[name="topic"]', "TS")
    page.fill('[name="training_category"]', "其他从业人员岗前（厂级）")
    page.fill('[name="title"]', title)
    page.select_option('[name="trainer"]', index=1)
    page.fill('[name="key_points"]', "认识叉车盲区\n转弯前减速鸣笛")
    page.fill('[name="legal_basis"]', "安全生产法第二十八条")
    author.shoot("content-new")
    page.get_by_role("button", name="建立课程").click()
    page.wait_for_url(re.compile(r"/desk/authoring/versions/\d+$"))
    author.shoot("content-empty")
    return int(page.url.rsplit("/", 1)[1])


def upload_in_pieces(author, version, film):
    """Upload over a slow line that breaks, reload in the middle, go on; nothing that arrived is sent again."""
    page, count = author.page, -(-film.stat().st_size // PART)
    author.go("anxue", f"/desk/authoring/versions/{version}/lessons")
    line = author.context.new_cdp_session(page)
    line.send("Network.emulateNetworkConditions", SLOW_LINE)
    parts, said = Parts(page), page.locator("[data-upload-said]")
    last, under_way = re.compile(rf"/api/uploads/[0-9a-f-]{{36}}/parts/{count}\?"), []
    page.route(last, lambda route: under_way.append(route))  # however fast the line, the last part is on its way when it breaks
    page.set_input_files("[data-upload-input]", film)
    parts.wait(page, lambda: parts.arrived)
    line.send("Network.emulateNetworkConditions", {**SLOW_LINE, "offline": True})
    for sent in under_way:
        sent.abort("internetdisconnected")
    page.unroute(last)
    expect(said).to_contain_text("网络断开")
    page.wait_for_timeout(1000)  # what was on its way
    before = set(parts.arrived)
    author.shoot("content-offline")
    assert len(before) < count, "all of it arrived before the line broke"
    parts.sent.clear()
    line.send("Network.emulateNetworkConditions", MENDED_LINE)
    parts.wait(page, lambda: parts.sent)
    page.reload()
    expect(page.locator("[data-upload-waiting]")).to_contain_text(film.name)
    author.shoot("content-reloaded")
    assert not before & set(parts.sent)
    before = set(parts.arrived)
    parts.sent.clear()
    page.set_input_files("[data-upload-input]", film)
    expect(said).to_contain_text("接着上传")
    author.shoot("content-resumed")
    page.wait_for_url(re.compile(rf"/desk/authoring/versions/{version}$"), timeout=60_000)
    assert sorted(parts.sent) == sorted(set(range(1, count + 1)) - before)
    line.detach()
    expect_problem(author, "net::ERR_INTERNET_DISCONNECTED", "/api/uploads/")


def expect_problem(person, *words):
    """Chromium reports every answer and every break that is no success; take those that this step had to cause off the list."""
    expected = [said for said in person.problems if all(word in said for word in words)]
    assert expected
    person.problems[:] = [said for said in person.problems if said not in expected]


def wait_for_film(author):
    """Wait for the pipeline; the page shows how far it is."""
    page = author.page
    expect(page.locator(".ax-media-state progress")).to_be_visible()
    author.shoot("content-pipeline")
    expect(page.get_by_text("可播放", exact=True)).to_be_visible(timeout=120_000)
    expect(page.locator("#gaps")).to_contain_text("字幕")
    author.shoot("content-ready")


def write_subtitles(author):
    """Import a file in GBK, mend the cue that is too wide, save; returns the editor's address."""
    page = author.page
    page.locator(".ax-list-item .ax-menu summary").first.click()
    page.get_by_role("link", name="编辑字幕").click()
    page.wait_for_url(re.compile(r"/desk/subtitles/\d+"))
    page.set_input_files("[data-file]", {"name": "旧.srt", "mimeType": "application/x-subrip", "buffer": material.srt()})
    expect(page.locator("[data-news]")).to_contain_text("已读入 4 条字幕")
    expect(page.locator("[data-news]")).to_contain_text("GB")
    expect(page.locator("[data-problem-count]")).to_contain_text("错误")
    author.shoot("content-subtitles-imported")
    mend_cue(author, "转弯前先减速，再鸣笛提示")
    author.shoot("content-subtitles")
    return page.url


def mend_cue(author, text):
    """Write other words into the third cue and save."""
    page = author.page
    page.locator(".se-cue textarea").nth(2).fill(text)
    expect(page.locator("[data-problem-count]")).to_have_text("没有错误，可以发布")
    page.locator('[data-act="save"]').click()
    expect(page.locator("span[data-saved]")).to_have_text("已保存")


def refused_with_the_list(author, version):
    """Submit too early: the refusal names everything that is missing."""
    page = author.page
    author.go("anxue", f"/desk/courses/{version}")
    page.get_by_role("button", name="提交审核").click()
    for missing in ("文字", "字体", "画面", "声音", "有没有可辨认的人"):
        expect(page.locator("main .ax-notice li", has_text=missing).first).to_be_visible()
    author.shoot("content-refused")
    expect_problem(author, "409 (Conflict)", f"/desk/courses/{version}/submit")


def register_rights(author, version, letter):
    """Register text, font, picture and sound: the picture with a document, the rest by declaration."""
    page = author.page
    for kind, title in (("TEXT", "课程文字稿"), ("FONT", "思源黑体"), ("AUDIO", "提示音"), ("VIDEO", "演练画面")):
        author.go("anxue", f"/desk/rights/{version}/add")
        page.select_option('[name="kind"]', kind)
        page.fill('[name="title"]', title)
        page.fill('[name="holder"]', "浙江示范影视有限公司")
        page.select_option('[name="licence"]', index=1)
        page.check('[name="may_transmit"]')
        page.fill('[name="valid_from"]', str(clock.shanghai_date(clock.now())))
        if kind == "VIDEO":
            page.set_input_files("[data-upload-input]", letter)
            expect(page.locator("#evidence")).to_contain_text(letter.name)
            author.shoot("content-rights-asset")
        else:
            page.fill('[name="statement"]', "本素材由本人于今年独立创作。")
        page.get_by_role("button", name="保存").click()
        page.wait_for_url(re.compile(rf"/desk/rights/{version}$"))
    page.check('[name="people_appear"][value="no"]')
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("版权登记齐全")).to_be_visible()
    author.shoot("content-rights")


def submit(author, version, name):
    """Submit from the author's own page."""
    author.go("anxue", f"/desk/authoring/versions/{version}")
    author.page.get_by_role("button", name="提交审核").click()
    expect(author.page.get_by_text("这一版已锁定")).to_be_visible()
    author.shoot(name)


def answer_and_mend(author, version, editor):
    """Mend the subtitle and the key points, answer the finding, submit again."""
    page = author.page
    author.go("anxue", f"/desk/authoring/versions/{version}")
    expect(page.get_by_text("审核员退回了这一版")).to_be_visible()
    author.shoot("content-returned")
    page.goto(editor)
    mend_cue(author, MENDED)
    author.go("anxue", f"/desk/authoring/versions/{version}/words")
    page.fill('[name="key_points"]', "认识叉车盲区\n转弯前减速鸣笛\n确认盲区没有人再通过")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(re.compile(rf"/versions/{version}$"))
    page.get_by_role("link", name="查看审核意见").click()
    finding = page.locator(".rv-finding")
    expect(finding).to_contain_text("00:12")
    finding.locator('[name="text"]').fill("已在第 12 秒补上确认盲区没有人的要求。")
    finding.get_by_role("button", name="答复").click()
    expect(finding).to_contain_text("已在第 12 秒补上")
    author.shoot("content-answered")
    submit(author, version, "content-resubmitted")
