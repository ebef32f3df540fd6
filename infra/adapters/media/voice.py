"""A Mandarin narrator: espeak-ng from its wheel, one engine per process behind a lock."""

import ctypes
import os
import threading
import wave
from pathlib import Path
from typing import Any, Final

import espeakng_loader  # type: ignore[import-untyped, unused-ignore]

from infra.adapters.media.errors import MediaError
from infra.adapters.media.spoken import pronounce

SAMPLE_RATE: Final = 22_050
SAMPLE_BYTES: Final = 2
MAX_CHARACTERS: Final = 2_000
RATE: Final = 175
_SLOWEST, _FASTEST = 80, 450
_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
_UTF8 = 1
_RATE_PARAMETER = 1
_VOICE = b"cmn"
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class _Narrator:
    """The process's only user of espeak's global state."""

    def __init__(self) -> None:
        self._library: Any = None
        self._sound = bytearray()
        # The library keeps the bare pointer: losing this reference would crash the process.
        self._callback = _Callback(self._take)
        self.renew_lock()

    def renew_lock(self) -> None:
        self._lock = threading.Lock()

    def _take(self, samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            self._sound += ctypes.string_at(samples, count * SAMPLE_BYTES)
        return 0

    def _open(self) -> Any:
        if self._library is not None:
            return self._library
        try:
            library = ctypes.CDLL(str(espeakng_loader.get_library_path()))
        except OSError as error:
            raise MediaError("语音组件无法加载，请先安装项目依赖后重试。", "voice_unavailable") from error
        data = str(espeakng_loader.get_data_path()).encode()
        if library.espeak_Initialize(_SYNCHRONOUS, 500, data, _DO_NOT_EXIT) != SAMPLE_RATE:
            raise MediaError("语音组件无法启动，请先安装项目依赖后重试。", "voice_unavailable")
        library.espeak_SetSynthCallback(self._callback)
        if library.espeak_SetVoiceByName(_VOICE) != 0:
            raise MediaError("语音组件缺少普通话语音，请重新安装项目依赖。", "voice_unavailable")
        self._library = library
        return library

    def samples(self, text: str, rate: int) -> bytes:
        spoken = text.encode()
        with self._lock:
            library = self._open()
            self._sound = bytearray()
            library.espeak_SetParameter(_RATE_PARAMETER, rate, 0)
            size = ctypes.c_size_t(len(spoken) + 1)
            failed = library.espeak_Synth(spoken, size, 0, 0, 0, _UTF8, None, None)
            sound, self._sound = bytes(self._sound), bytearray()
        if failed or not sound:
            raise MediaError("这段文字无法朗读，请修改讲稿后重试。", "speech_failed")
        return sound


_narrator = _Narrator()
# A lock held by another thread at fork time would stay shut for ever in the child.
os.register_at_fork(after_in_child=_narrator.renew_lock)


def samples(text: str, *, rate: int = RATE) -> bytes:
    """Return the speech of ``text`` as 16-bit mono samples at 22,050 Hz.

    :param rate: words a minute as espeak counts them, 80 to 450; 175 is about 3.8 characters a second
    :raises MediaError: ``nothing_to_say``, ``text_too_long`` (2,000 characters), ``bad_rate``,
        ``voice_unavailable``, ``speech_failed``
    """
    if not _SLOWEST <= rate <= _FASTEST:
        raise MediaError("语速应在 80 到 450 之间，请调整后重试。", "bad_rate")
    words = pronounce(text)
    if not any(sign.isalnum() for sign in words):
        raise MediaError("讲稿中有空白句子，请填写文字后重试。", "nothing_to_say")
    if len(words) > MAX_CHARACTERS:
        raise MediaError("单句讲稿不能超过 2000 字，请拆成几句。", "text_too_long")
    return _narrator.samples(words, rate)


def milliseconds(sound: bytes) -> int:
    """Return how long ``sound`` (samples of this module) lasts, in ms."""
    return len(sound) // SAMPLE_BYTES * 1000 // SAMPLE_RATE


def length_ms(text: str, *, rate: int = RATE) -> int:
    """Return how long the narrator takes to say ``text``, in ms, measured by saying it (about 1,000x real time)."""
    return milliseconds(samples(text, rate=rate))


def speak(text: str, out: Path, *, rate: int = RATE) -> int:
    """Write the Mandarin narration of ``text`` as a WAV file to ``out`` and return its duration in ms.

    :raises MediaError: as :func:`samples`; nothing is written then
    """
    sound = samples(text, rate=rate)
    with wave.open(str(out), "wb") as file:
        open_track(file)
        file.writeframes(sound)
    return milliseconds(sound)


def open_track(file: wave.Wave_write) -> None:
    """Set the narrator's sample format on a WAV file about to be written."""
    file.setnchannels(1)
    file.setsampwidth(SAMPLE_BYTES)
    file.setframerate(SAMPLE_RATE)
