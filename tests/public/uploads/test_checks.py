"""What a whole file goes through before anybody uses it: every kind of bad file is refused with words that say why."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest

from infra.adapters.media import office
from infra.kit.errors import DomainError
from public.uploads import api, checking, checks
from public.uploads.models import Upload
from public.uploads.ports import SCANNER, Verdict
from tests.conftest import NOON
from tests.public.uploads.ground import begun, clip, ffmpeg, pdf, png, pptx, put_all, uploaded

pytestmark = pytest.mark.req("R3.1")


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return clip(tmp_path_factory.mktemp("film") / "clip.mp4", seconds=20).read_bytes()


def refused(data: bytes, reason: str, **more) -> str:
    found = uploaded(data, **more)
    row = Upload.objects.get(uuid=found.uuid)
    assert (found.state, row.reason) == ("REFUSED", f"media_{reason}")
    with pytest.raises(DomainError, match="not_ready"):
        api.open_upload(found.uuid)
    return found.error


class TestBadFiles:
    @pytest.fixture(autouse=True)
    def ground(self, kept):
        self.kept = kept

    @pytest.mark.parametrize("data", [b"only words", b"MZ\x90\x00" + bytes(5000), bytes(4096)], ids=["text", "program", "zeros"])
    def test_refuses_an_mp4_that_is_not_a_video_and_removes_it(self, data):
        assert "MP4" in refused(data, "not_media", name="培训视频.mp4")
        assert list(self.kept.iterdir()) == []

    def test_refuses_a_picture_named_mp4_and_says_what_it_is(self):
        assert "PNG" in refused(png(), "wrong_kind", name="培训视频.mp4")

    def test_refuses_a_film_cut_short(self, film):
        found = uploaded(film[: len(film) // 2])
        assert (found.state, Upload.objects.get().reason) in {("REFUSED", "media_truncated"), ("REFUSED", "media_not_media")}

    def test_refuses_a_streamable_film_cut_short_by_its_length(self, film, tmp_path):
        (tmp_path / "whole.mp4").write_bytes(film)
        ffmpeg("-i", str(tmp_path / "whole.mp4"), "-c", "copy", "-movflags", "+faststart", str(tmp_path / "fast.mp4"))
        data = (tmp_path / "fast.mp4").read_bytes()
        assert "不完整" in refused(data[: len(data) // 2], "truncated")

    def test_refuses_sound_where_a_picture_is_needed(self, tmp_path):
        ffmpeg("-f", "lavfi", "-i", "sine", "-t", "1", str(tmp_path / "a.m4a"))
        refused((tmp_path / "a.m4a").read_bytes(), "no_video")
        assert uploaded((tmp_path / "a.m4a").read_bytes(), purpose="courseware").kind == "audio"

    @pytest.mark.parametrize("text", [
        '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        '\ufeff<?xml version="1.0"?>\n<!-- x -->\n<SVG onload="alert(1)"/>',
    ])  # fmt: skip
    @pytest.mark.parametrize("purpose", ["image", "evidence"])
    def test_refuses_svg_outright_because_it_may_carry_scripts(self, text, purpose):
        assert "SVG" in refused(text.encode(), "svg", purpose=purpose, name="标志.png")

    @pytest.mark.parametrize("data", [b"GIF89a" + bytes(50), b"\x89PNG\r\n\x1a\n" + bytes(50), b"\xff\xd8\xff" + bytes(50)])
    def test_refuses_other_and_broken_pictures(self, data):
        refused(data, "not_image", purpose="image")

    def test_refuses_a_presentation_that_is_a_zip_bomb(self):
        assert "压缩炸弹" in refused(
            pptx({"ppt/media/a.bin": bytes(300 << 20)}), "zip_bomb", purpose="document", name="课件.pptx"
        )

    def test_refuses_a_bomb_that_lies_about_its_size(self):
        data = bytearray(pptx({"ppt/media/a.bin": bytes(8 << 20)}))
        for name, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
            start = data.rfind(name)
            data[start + at : start + at + 4] = (1000).to_bytes(4, "little")
        refused(bytes(data), "zip_bomb", purpose="document")

    def test_refuses_other_archives_and_locked_or_broken_ones(self):
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w") as archive:
            archive.writestr("word/document.xml", "<d/>")
        assert "PPTX" in refused(kept.getvalue(), "not_presentation", purpose="document")
        refused(b"PK\x03\x04" + bytes(100), "damaged", purpose="document")

    def test_refuses_a_broken_pdf(self):
        refused(b"%PDF-1.7\n" + bytes(200), "not_pdf", purpose="document")

    @pytest.mark.skipif(office.program() is not None, reason="LibreOffice is installed here")
    def test_asks_for_a_pdf_where_presentations_cannot_be_turned(self):
        assert "转换为 PDF" in refused(pptx(), "no_office", purpose="document")


class TestGoodFiles:
    @pytest.fixture(autouse=True)
    def ground(self, kept):
        """Stand on the platform."""

    @pytest.mark.parametrize(("data", "purpose", "kind", "content_type"), [
        (png(), "image", "image", "image/png"),
        (pdf(2), "evidence", "document", "application/pdf"),
        (b"WEBVTT\n\n00:00.000 --> 00:01.000\nx\n", "subtitles", "subtitles", "text/vtt"),
        ("1\n00:00:00,000 --> 00:00:01,000\n安全\n".encode("gb18030"), "subtitles", "subtitles", "application/x-subrip"),
    ])  # fmt: skip
    def test_knows_files_by_their_content_whatever_they_are_called(self, data, purpose, kind, content_type):
        found = uploaded(data, purpose=purpose, name="无后缀")
        assert (found.state, found.kind, found.content_type) == ("READY", kind, content_type)
        assert len(found.sha256) == 64

    @pytest.mark.parametrize("suffix", ["jpg", "webp"])
    def test_takes_jpeg_and_webp(self, tmp_path, suffix):
        file = tmp_path / f"a.{suffix}"
        ffmpeg("-f", "lavfi", "-i", "testsrc=size=64x64", "-frames:v", "1", "-update", "1", str(file))
        assert uploaded(file.read_bytes(), purpose="image").content_type == f"image/{'jpeg' if suffix == 'jpg' else suffix}"


class Finds:
    is_real = True

    def __init__(self, verdict):
        self.verdict = verdict

    def scan(self, stream):
        stream.read()
        if isinstance(self.verdict, OSError):
            raise self.verdict
        return self.verdict


@pytest.fixture
def scanner():
    former = SCANNER.get()
    yield lambda verdict: SCANNER.plug(Finds(verdict))
    SCANNER.plug(former)


class TestScanning:
    def test_an_infected_file_is_removed_and_named(self, kept, scanner):
        scanner(Verdict(scanned=True, virus="Eicar-Test-Signature"))
        found = uploaded(png(), purpose="image")
        assert found.state == "REFUSED"
        assert "Eicar-Test-Signature" in found.error
        assert list(kept.iterdir()) == []

    def test_a_scanned_file_says_so_and_an_unscanned_one_does_not(self, kept, scanner):
        assert not uploaded(png(), purpose="image").is_scanned
        scanner(Verdict(scanned=True))
        assert uploaded(png(), purpose="image").is_scanned

    def test_a_silent_scanner_leaves_the_file_waiting_and_it_is_asked_about_again(self, kept, scanner, monkeypatch):
        scanner(OSError("no answer"))
        with pytest.raises(OSError, match="no answer"):
            uploaded(png(), purpose="image")
        waiting = Upload.objects.get()
        assert waiting.state == "CHECKING"
        asked: list[object] = []
        monkeypatch.setattr(checking, "ask_to_check", asked.append)
        checking.sweep(at=NOON + timedelta(minutes=31))
        assert asked == [waiting.uuid]
        scanner(Verdict(scanned=True))
        checking.check(upload=waiting.uuid, at=NOON)
        assert api.upload(waiting.uuid).state == "READY"

    def test_checking_twice_changes_nothing(self, kept):
        upload = begun(png(), purpose="image")
        put_all(upload, png())
        checking.check(upload=upload.uuid, at=NOON)
        assert api.upload(upload.uuid).state == "OPEN"

    def test_production_without_a_scanner_is_warned(self, settings, scanner):
        assert checks.a_scanner_is_configured(None) == []
        settings.DEV_TOOLS = False
        assert [found.id for found in checks.a_scanner_is_configured(None)] == ["anxue.W004"]
        scanner(Verdict(scanned=True))
        assert checks.a_scanner_is_configured(None) == []
