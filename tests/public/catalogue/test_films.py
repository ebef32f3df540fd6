"""A film is really made, measured, sealed and opened again."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.db import connection

from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.catalogue.models import Courseware, MediaAsset
from tenants.scope import enterprise_scope


@pytest.fixture
def film(seeded, settings, tmp_path):
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}}
    lesson = Courseware.objects.get(version__course__code="AQ-CY-C-TS-0021-A", no=1)
    catalogue.make_media(lesson.media_id, now=clock.now)
    lesson.media.refresh_from_db()
    return lesson.media


@pytest.mark.req("R3.4")
def test_a_made_film_has_a_measured_length_subtitles_and_decodable_segments(film, jia):
    assert (film.state, film.error) == ("READY", "")
    assert 20_000 < film.duration_ms < 60_000
    with enterprise_scope(jia):
        play = catalogue.playback(film.uuid)
        assert sum(s["duration_ms"] for s in play.package["segments"]) == pytest.approx(play.duration_ms, abs=300)
        assert catalogue.open_media(film.uuid, "subtitles.vtt").read().decode().startswith("WEBVTT")
        segment = play.package["segments"][0]
        cipher = catalogue.open_media(film.uuid, segment["file"]).read()
        key = catalogue.media_key(film.uuid, segment["key_no"])
        decryptor = Cipher(algorithms.AES(key), modes.CBC(bytes.fromhex(segment["iv"]))).decryptor()
        assert (decryptor.update(cipher) + decryptor.finalize())[4:8] in {b"styp", b"moof", b"sidx"}


@pytest.mark.req("R5.1")
def test_keys_rest_sealed_and_unknown_files_and_keys_are_refused(film):
    with connection.cursor() as cursor:
        cursor.execute("SELECT keys_sealed FROM catalogue_mediaasset WHERE id = %s", [film.pk])
        sealed = bytes(cursor.fetchone()[0])
    assert catalogue.media_key(film.uuid, 0) not in sealed
    for name in ("../../secret-key", "keys.bin", "source.mp4"):
        with pytest.raises(DomainError, match="not_found"):
            catalogue.open_media(film.uuid, name)
    for number in (-1, 99):
        with pytest.raises(DomainError, match="not_found"):
            catalogue.media_key(film.uuid, number)


def test_a_film_that_cannot_be_made_says_why_and_can_be_tried_again(seeded):
    lesson = Courseware.objects.get(version__course__code="AQ-CY-C-TS-0021-A", no=1)
    MediaAsset.objects.filter(pk=lesson.media_id).update(source={**lesson.media.source, "lesson_no": 99})
    catalogue.make_media(lesson.media_id, now=clock.now)
    lesson.media.refresh_from_db()
    assert lesson.media.state == "FAILED"
    assert lesson.media.error
