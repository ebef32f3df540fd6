"""Parts of pages that are rendered once: what is poured in is escaped, each language has its own."""

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString
from django.utils.translation import override

from infra.ui.moulds import Mould, fixed, kept, slot


def test_what_is_poured_is_escaped_as_a_template_escapes_it():
    words = "<b> & \"quoted\" 'one' \ue000name\ue001"
    source = Template('<p title="{{ name }}">{{ name }}{{ safe }}</p>')
    mould = Mould(source.render(Context({"name": slot("name"), "safe": slot("safe")})))
    values = {"name": words, "safe": SafeString("<i>")}
    assert mould.pour(values) == source.render(Context(values))
    assert isinstance(mould.pour(values), SafeString)
    assert mould.pour({"name": 7, "safe": ""}) == '<p title="7">7</p>'
    with pytest.raises(KeyError):
        mould.pour({"name": "x"})


def test_is_made_once_a_key_and_language_but_not_in_development(settings):
    made = []

    @kept
    def make(key):
        made.append(key)
        return len(made)

    with override("zh-hans"):
        assert (make("a"), make("a"), make("b")) == (1, 1, 2)
    with override("en"):
        assert make("a") == 3
    settings.DEBUG = True
    with override("en"):
        assert (make("a"), make("a")) == (4, 5)


def test_fixed_parts_speak_the_reader_s_language():
    with override("zh-hans"):
        chinese = fixed("ui/parts/words.html")
    with override("en"):
        english = fixed("ui/parts/words.html")
    assert 'data-close="关闭"' in chinese
    assert 'data-close="Close"' in english
