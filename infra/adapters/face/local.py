"""Faces on our own machines: YuNet finds them, SFace measures them, with OpenCV and one thread. About 75 ms of a core a frame."""

import threading
from collections.abc import Sequence
from typing import Any

from apps.people.ports import Look
from infra.adapters.face import weights

LONG_SIDE = 480
"""Pictures are looked at with this long side in pixels: the cost of finding grows with it, faces of a selfie are large enough."""
LEAST_SURE, OVERLAP, MOST_FACES = 0.7, 0.3, 50
_GREY = (160, 120)


class LocalFaces:
    """The engine of the face workers. Models are loaded once for each process and thread."""

    name = "local-sface-2021dec-int8bq"

    def __init__(self) -> None:
        self._mine = threading.local()

    def look(self, frames: Sequence[bytes]) -> list[Look]:
        """See :class:`apps.people.ports.FaceEngine`."""
        looks: list[Look] = []
        before: Any = None
        for frame in frames:
            look, before = self._look(frame, before)
            looks.append(look)
        return looks

    def _look(self, frame: bytes, before: Any) -> tuple[Look, Any]:
        import cv2
        import numpy

        detector, recogniser = self._models()
        picture = cv2.imdecode(numpy.frombuffer(frame, numpy.uint8), cv2.IMREAD_COLOR)
        if picture is None:
            raise ValueError("not a picture")
        scale = LONG_SIDE / max(picture.shape[:2])
        if scale < 1:
            picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        small = cv2.resize(grey, _GREY, interpolation=cv2.INTER_AREA).astype(numpy.int16)
        change = 0.0 if before is None else float(numpy.abs(small - before).mean())
        height, width = picture.shape[:2]
        detector.setInputSize((width, height))
        found = detector.detect(picture)[1]
        if found is None:
            return Look(0, 0.0, 0.0, (), _fingerprint(grey), change, 0.0), small
        box = max(found, key=lambda row: row[2] * row[3])
        feature = recogniser.feature(recogniser.alignCrop(picture, box))[0].astype(numpy.float64)
        feature /= numpy.linalg.norm(feature)
        share = float(box[2]) / width
        sizes = (len(found), share, _yaw(box), tuple(feature.tolist()))
        return Look(*sizes, _fingerprint(grey), change, _sharpness(grey, box)), small

    def _models(self) -> tuple[Any, Any]:
        if not hasattr(self._mine, "models"):
            import cv2

            cv2.setNumThreads(1)  # workers share the machine; one core for each of them
            detector = cv2.FaceDetectorYN.create(
                str(weights.path_of(weights.YUNET)), "", (320, 320), LEAST_SURE, OVERLAP, MOST_FACES
            )
            self._mine.models = detector, cv2.FaceRecognizerSF.create(str(weights.path_of(weights.SFACE)), "")
        return self._mine.models  # type: ignore[no-any-return]


def _yaw(box: Any) -> float:
    """Return how far the nose has left the middle between the eyes, in half eye distances, along the line of the eyes."""
    import numpy

    right, left, nose = box[4:6], box[6:8], box[8:10]
    axis = left - right
    length = float(numpy.linalg.norm(axis)) or 1.0
    return float((nose - (right + left) / 2) @ axis / length / (length / 2))


def _fingerprint(grey: Any) -> int:
    """Return the difference hash of a grey picture: 256 bits, each telling which of two neighbours is brighter."""
    import cv2

    small = cv2.resize(grey, (17, 16), interpolation=cv2.INTER_AREA)
    bits = (small[:, 1:] > small[:, :-1]).flatten()
    return int("".join("1" if bit else "0" for bit in bits), 2)


def _sharpness(grey: Any, box: Any) -> float:
    import cv2

    x, y, width, height = (max(0, int(value)) for value in box[:4])
    face = grey[y : y + height, x : x + width]
    return float(cv2.Laplacian(face, cv2.CV_64F).var()) if face.size else 0.0
