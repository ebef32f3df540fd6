"""Speed of the media pipeline: a minute of 1080p film through probe, loudness, the whole ladder, encryption and previews.

``speed_x_realtime_per_core`` is the length of the film divided by all CPU time spent, so it does not depend on how many cores
there are or how busy they are; ``wall_x_realtime`` is what a person waits for on this machine now.
"""

import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import imageio_ffmpeg

from infra.adapters.media.pipeline import MediaPipeline

SECONDS = 60


def run(options: dict[str, Any]) -> dict[str, Any]:
    """Make the film, measure, and return the figures."""
    with tempfile.TemporaryDirectory(prefix="anxue-bench-") as name:
        source = _film(Path(name))
        before, began = os.times(), time.monotonic()
        made = MediaPipeline().prepare(
            kind="VIDEO", content_type="video/mp4", source=source, folder=Path(name) / "made", told=lambda *_: None
        )
        wall_s, after = time.monotonic() - began, os.times()
        size = sum(path.stat().st_size for path in made.files)
    cpu_s = sum(after[:4]) - sum(before[:4])
    return {
        "bench": "transcode",
        "source": "1920x1080, 25 fps, 60 s",
        "renditions": [step["name"] for step in made.package["renditions"]],
        "speed_x_realtime_per_core": round(SECONDS / cpu_s, 2),
        "wall_x_realtime": round(SECONDS / wall_s, 2),
        "cpu_s": round(cpu_s, 1),
        "made_mb": round(size / 1e6, 1),
    }


def _film(folder: Path) -> Path:
    """A slide-like picture with a moving part and a voice-like sound: what courseware looks like to an encoder."""
    target = folder / "source.mp4"
    picture = ("-f", "lavfi", "-i", f"testsrc=size=1920x1080:rate=25:duration={SECONDS}")
    sound = ("-f", "lavfi", "-i", f"anoisesrc=color=pink:amplitude=0.05:duration={SECONDS}")
    codecs = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", *picture, *sound, *codecs, str(target)]
    subprocess.run(command, check=True)
    return target
