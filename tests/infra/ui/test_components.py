"""Components: escaped, tied together by ARIA, keeping what the address says."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from infra.kit import clock
from infra.ui import gallery, listing

NASTY = '"><script>alert(1)</script>'


def render(source: str, query: str = "", **values: Any) -> str:
    """Render a template with the kit loaded, on a request for ``/list?query``."""
    request = RequestFactory().get(f"/list?{query}")
    return Template("{% load i18n ui %}" + source).render(Context({"request": request, **values}))


class Form(forms.Form):
    phone = forms.CharField(label="手机号", help_text="11 位数字", min_length=11)
    note = forms.CharField(label="说明", required=False)
    secret = forms.CharField(widget=forms.HiddenInput)
    size = forms.ChoiceField(label="规模", choices=[("s", NASTY), ("l", "大")], widget=forms.RadioSelect)

    def clean(self) -> None:
        self.add_error(None, NASTY)


def test_field_ties_its_error_and_hint_to_the_control_and_keeps_what_was_typed() -> None:
    html = render("{% field form.phone %}", form=Form({"phone": "138"}))
    assert 'type="tel"' in html
    assert 'inputmode="tel"' in html
    assert 'value="138"' in html
    assert 'aria-invalid="true"' in html
    assert html.count("aria-describedby=") == 1
    assert 'aria-describedby="id_phone_error id_phone_hint"' in html
    assert 'id="id_phone_error"' in html
    assert "11 位数字" in html
    assert '<label class="form-label" for="id_phone">手机号' in html


def test_field_escapes_what_people_typed() -> None:
    html = render("{% field form.phone %}{% field form.size %}{% form_errors form %}", form=Form({"phone": NASTY, "size": NASTY}))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_field_says_which_ones_may_be_left_out() -> None:
    assert "选填" in render("{% field form.note %}", form=Form())
    assert "选填" not in render("{% field form.phone %}", form=Form())


def test_field_lets_the_forms_author_win_over_the_guess() -> None:
    form = Form()
    form.fields["phone"].widget.attrs["autocomplete"] = "off"
    html = render('{% field form.phone data_x="1" %}', form=form)
    assert 'autocomplete="off"' in html
    assert 'autocomplete="tel"' not in html
    assert 'data-x="1"' in html


def test_form_errors_link_to_the_wrong_fields_and_tell_of_hidden_ones() -> None:
    html = render("{% form_errors form %}", form=Form({"phone": "138", "size": "l"}))
    assert '<a href="#id_phone">手机号</a>' in html
    assert "id_secret" not in html
    assert html.count("<p>") == 3


def test_form_errors_say_nothing_on_a_fresh_form() -> None:
    assert render("{% form_errors form %}", form=Form()).strip() == ""


def test_code_input_is_one_real_input_that_a_phone_can_fill() -> None:
    class Code(forms.Form):
        code = forms.CharField()

    html = render("{% code_input form.code autosubmit=True %}", form=Code())
    assert html.count("<input") == 1
    for part in ('inputmode="numeric"', 'autocomplete="one-time-code"', 'maxlength="6"', " data-code", " data-autosubmit"):
        assert part in html


def test_page_links_keep_the_other_query_keys() -> None:
    page = Paginator(range(100), 10).get_page(3)
    html = render("{% page_links page %}", "q=%E7%94%B2&unit=1&unit=2&page=3", page=page)
    assert 'href="?q=%E7%94%B2&amp;unit=1&amp;unit=2&amp;page=4"' in html
    assert 'aria-current="page">3</a>' in html
    assert "共 <b>100</b> 条" in html


def test_sort_heads_turn_round_keep_filters_and_go_back_to_page_one() -> None:
    html = render('{% th "姓名" sort="name" %}', "q=a&sort=name&page=7")
    assert 'href="?q=a&amp;sort=-name"' in html
    assert 'aria-sort="ascending"' in html
    assert 'aria-sort="descending"' in render('{% th "姓名" sort="name" %}', "sort=-name")
    assert "aria-sort" not in render('{% th "姓名" sort="name" %}', "sort=unit")


def test_filter_bar_shows_what_is_searched_and_carries_the_sort() -> None:
    html = render("{% filter_bar %}<b>单位</b>{% endfilter_bar %}", "q=%22%3E%3Cscript%3E&sort=-name&page=2")
    assert "<script>" not in html
    assert 'name="sort" value="-name"' in html
    assert 'name="page"' not in html
    assert "<b>单位</b>" in html
    assert "清除条件" in html
    assert "清除条件" not in render("{% filter_bar %}{% endfilter_bar %}", "sort=name")


def test_addresses_drop_a_key_that_becomes_empty() -> None:
    request = RequestFactory().get("/?a=1&b=2")
    assert listing.address(request, a=None, b="") == "?"
    assert QueryDict(listing.address(request, c="甲 乙")[1:])["c"] == "甲 乙"


@pytest.mark.parametrize(
    "source",
    [
        "{% button x %}", "{% link_button x x %}", "{% empty_state 'users' x x x x %}", "{% stat x x hint=x url=x %}",
        "{% progress 1 2 x hint=x %}", "{% ring 1 2 label=x text=x %}", "{% avatar x %}", "{% status_badge 'info' x %}",
        "{% stepper steps 1 %}", "{% timeline entries %}", "{% page_header x text=x back_url=x %}{% endpage_header %}",
        "{% card title=x %}{{ x }}{% endcard %}", "{% dialog 'd' x %}{{ x }}{% enddialog %}",
        "{% notice 'stop' x %}{{ x }}{% endnotice %}",
        "{% button x data_confirm=x %}", "{% icon x label=x %}",
    ],
)  # fmt: skip
def test_components_escape_their_words(source: str) -> None:
    html = render(source, x=NASTY, steps=[NASTY], entries=[{"title": NASTY, "text": NASTY, "url": NASTY}])
    assert "<script>" not in html
    assert "&lt;script&gt;" in html or "&gt;&lt;" in html


def test_ring_turns_green_only_when_everything_is_proven() -> None:
    assert "ax-tone-info" in render("{% ring 999 1000 %}")
    assert "99%" in render("{% ring 999 1000 %}")
    assert "ax-tone-proven" in render("{% ring 1000 1000 %}")
    assert "ax-tone-info" in render("{% ring 0 0 %}")


def test_progress_without_a_value_means_working() -> None:
    assert "value=" not in render('{% progress None 100 "导入" %}')
    assert 'value="412"' in render('{% progress 412 1200 "导入" %}')
    assert "34%" in render('{% progress 412 1200 "导入" %}')


def test_gallery_shows_every_component() -> None:
    html = Template('{% include "ui/gallery.html" %}').render(
        Context({"request": RequestFactory().get("/dev/ui?q=甲"), **gallery.context(clock.now())})
    )
    for css in ("ax-ring", "ax-timeline", "ax-steps", "ax-drop", "data-code", "ax-empty", "ax-stats", "ax-pages", "ax-dialog"):
        assert css in html


def test_credit_ring_tells_short_plans_in_minutes_and_long_ones_in_hours() -> None:
    short = render("{% credit_ring 0 120000 %}")
    assert "<b>0 / 2</b><span>分钟</span>" in short
    assert 'aria-label="分钟 0 / 2 (0%)"' in short
    assert "<b>12 / 24</b><span>学时</span>" in render("{% credit_ring 32400000 64800000 %}")


def test_stat_keeps_a_day_on_one_line() -> None:
    html = render('{% stat "截止日期" day %}{% stat "人数" 3 %}', day=date(2027, 11, 24))
    assert '<span class="ax-stat-value is-day">2027-11-24</span>' in html
    assert '<span class="ax-stat-value">3</span>' in html


def test_stat_leaves_out_a_hint_that_repeats_the_figure() -> None:
    assert "ax-stat-hint" not in render('{% stat "累计" "2 分钟" hint="2 分钟" %}')
    assert "ax-stat-hint" in render('{% stat "累计" "45 分钟" hint="1 学时（45 分钟）" %}')


def test_the_console_names_the_enterprise_in_its_top_bar_for_phones() -> None:
    html = render_to_string("ui/console.html", {"brand_name": "安学示例企业"})
    assert "安学示例企业" in html[html.index('class="ax-top"') : html.index("ax-top-title")]
