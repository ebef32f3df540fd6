"""Running ffmpeg: modestly, with progress while it works, an end when it hangs or takes too long, its last words when it fails."""

import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

import imageio_ffmpeg  # type: ignore[import-untyped, unused-ignore]

from infra.adapters.media import modest
from infra.adapters.media.errors import MediaError

Progress = Callable[[int], None]

# Only real containers: a playlist or script handed in as "video" could make ffmpeg fetch other files or addresses.
CONTAINERS: Final = "mov,matroska,mpegts,mpeg,avi,flv,asf"
SOUND_CONTAINERS: Final = f"{CONTAINERS},mp3,wav,flac,ogg,aac"
UNTRUSTED: Final = ("-protocol_whitelist", "file", "-format_whitelist", CONTAINERS)
UNTRUSTED_SOUND: Final = ("-protocol_whitelist", "file", "-format_whitelist", SOUND_CONTAINERS)
STALL_SECONDS: Final = 120.0
SHORTEST_LIMIT_S: Final = 1_800.0
SLOWEST: Final = 20
"""How many times its own length a film may take, on the slowest machine at its busiest."""
_MEMORY = 6 << 30
_LAST_WORDS = 20
_LINE = 500
_BASE = ("-hide_banner", "-nostdin", "-y", "-nostats", "-progress", "pipe:1")


def run(
    arguments: Sequence[str], *, cwd: Path, total_ms: int, progress: Progress, heard: Callable[[str], None] | None = None
) -> None:
    """Run ffmpeg in ``cwd`` and report 0..100 as it writes ``total_ms`` of media.

    It runs behind other work (nice) and within 6 GiB where the machine can limit that. The process is ended when nothing
    moves for two minutes, when it takes 20 times the length of the media (at least half an hour), when ``progress`` raises, or
    when the caller dies.

    :param heard: gets every line that ffmpeg says; without it only errors are said
    :raises MediaError: ``ffmpeg_failed`` (ffmpeg's last words as a note, for logs only), ``stalled``
    """
    level = ("-loglevel", "info" if heard else "error")
    command = [*modest.words(memory=_MEMORY), imageio_ffmpeg.get_ffmpeg_exe(), *_BASE, *level, *arguments]
    limit_s = max(SHORTEST_LIMIT_S, SLOWEST * total_ms / 1000)
    with _started(command, cwd, limit_s, heard) as (process, words, watch):
        done = -1
        for percent in _percents(process.stdout, total_ms, watch):
            if percent > done:
                done = percent
                progress(percent)
        code = process.wait()
    if watch.stalled:
        raise MediaError("媒体处理长时间没有进展，已停止，请稍后重试。", "stalled")
    if code != 0:
        failure = MediaError("媒体处理失败，文件可能已损坏，请更换文件后重试。", "ffmpeg_failed")
        failure.add_note("\n".join(words))
        raise failure


class _Watch:
    """Ends the process when no sign of progress came in time, or in the end."""

    def __init__(self, process: subprocess.Popen[str], limit_s: float) -> None:
        self.stalled = False
        self._process = process
        self._position = ""
        self._last = threading.Timer(limit_s, self._end)
        self._last.daemon = True
        self._last.start()
        self._timer = threading.Timer(STALL_SECONDS, self._end)
        self._timer.start()

    def moved(self, position: str) -> None:
        if position == self._position:
            return
        self._position = position
        self._timer.cancel()
        self._timer = threading.Timer(STALL_SECONDS, self._end)
        self._timer.start()

    def off(self) -> None:
        self._timer.cancel()
        self._last.cancel()

    def _end(self) -> None:
        self.stalled = True
        self._process.kill()


@contextmanager
def _started(
    command: list[str], cwd: Path, limit_s: float, heard: Callable[[str], None] | None
) -> Iterator[tuple[subprocess.Popen[str], deque[str], _Watch]]:
    process = subprocess.Popen(
        command,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    words: deque[str] = deque(maxlen=_LAST_WORDS)
    # A broken file can make ffmpeg complain without end: read on, keep only the last words.
    listener = threading.Thread(target=_listen, args=(process.stderr, words, heard), daemon=True)
    listener.start()
    watch = _Watch(process, limit_s)
    try:
        yield process, words, watch
    finally:
        watch.off()
        if process.poll() is None:
            process.kill()
        process.wait()
        listener.join()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def _listen(pipe: IO[str] | None, words: deque[str], heard: Callable[[str], None] | None) -> None:
    while pipe is not None and (line := pipe.readline(_LINE)):
        words.append(line.strip())
        if heard is not None:
            heard(line.strip())


def _percents(pipe: IO[str] | None, total_ms: int, watch: _Watch) -> Iterator[int]:
    for line in pipe or ():
        name, _, value = line.strip().partition("=")
        if name == "out_time_us" and value.isdecimal():
            watch.moved(value)
            yield min(99, int(value) // 10 // max(total_ms, 1))
        elif name == "progress" and value == "end":
            yield 100
