"""Static files are found once for a process, and by every chain of middleware."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import RequestFactory

from infra.wiring.static import StaticFilesMiddleware


def served(path):
    answer = StaticFilesMiddleware(lambda _request: HttpResponse("the page behind"))(RequestFactory().get(path))
    return answer.getvalue()


def test_a_second_chain_serves_what_the_first_one_found(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "one.css").write_text("a{}")
    assert [served("/static/one.css"), served("/static/two.css")] == [b"a{}", b"the page behind"]
    (tmp_path / "two.css").write_text("b{}")
    assert [served("/static/one.css"), served("/static/two.css")] == [b"a{}", b"the page behind"]


def test_another_folder_is_looked_through_for_itself(settings, tmp_path):
    for name in ("former", "newer"):
        settings.STATIC_ROOT = tmp_path / name
        settings.STATIC_ROOT.mkdir()
        (settings.STATIC_ROOT / f"{name}.css").write_text(name)
        assert served(f"/static/{name}.css") == name.encode()
    assert served("/static/former.css") == b"the page behind"
