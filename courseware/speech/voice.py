"""The synthesiser: how a text would sound, and when each of its characters would be spoken.

espeak-ng from the espeakng-loader wheel, used as a library inside this process. Nothing else knows it.
"""

from __future__ import annotations

import _ctypes
import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar

from courseware.errors import Problem, ToolError, text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Numbers and names of espeak-ng's speak_lib.h.
_AUDIO_SYNCHRONOUS = 2
_PHONEME_EVENTS = 1
_DONT_EXIT = 0x8000
_UTF8 = 1
_IPA = 2
_POSITION_CHARACTER = 1
_EVENT_END, _EVENT_PHONEME = 0, 7
_SWITCH = re.compile(r"\([a-z-]+\)")  # a change of language, written before or after a sound
_one_at_a_time = Lock()
PAUSE = "_"  # phones that begin so are pauses


@dataclass(frozen=True, slots=True)
class Phone:
    """A speech sound of the synthesiser.

    Attributes:
        name: espeak's mnemonic without stress and tone.
        place: the character it comes from, from 0.
        start_ms, end_ms: when in the spoken samples.
    """

    name: str
    place: int
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Speech:
    """What the synthesiser said.

    Attributes:
        rate: samples a second.
    """

    rate: int
    samples: NDArray[np.int16]
    phones: tuple[Phone, ...]


class _Id(ctypes.Union):
    _fields_: ClassVar = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_: ClassVar = [
        ("type", ctypes.c_int),
        ("unique", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Voice:
    """espeak-ng; one at a time, since the library keeps its state in globals."""

    def __init__(self) -> None:
        try:
            import espeakng_loader

            self._library = ctypes.CDLL(espeakng_loader.get_library_path())
            data = espeakng_loader.get_data_path()
        except (ImportError, OSError) as error:
            raise ToolError(Problem("espeak-ng", text("the speech synthesiser is missing; install again"))) from error
        options = _PHONEME_EVENTS | _DONT_EXIT
        self._rate = self._library.espeak_Initialize(_AUDIO_SYNCHRONOUS, 0, str(data).encode(), options)
        if self._rate <= 0:
            raise ToolError(Problem("espeak-ng", text("the speech synthesiser is missing; install again")))
        self._sounds: list[Any] = []
        self._events: list[tuple[str, int, int]] = []
        self._callback = _Callback(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def close(self) -> None:
        """Unload the library. What it said before colours what it says next, so each script gets it fresh."""
        self._library.espeak_Terminate()
        # Without this, the next load would find the globals as they are; ctypes has no public name for it.
        unload = getattr(_ctypes, "FreeLibrary", None) or _ctypes.dlclose
        unload(self._library._handle)  # noqa: SLF001  (ctypes has no other way)

    def say(self, said: str, name: str) -> Speech:
        """Speak a text.

        Args:
            said: any text; characters that cannot be spoken are passed over.
            name: a voice of espeak-ng, e.g. "cmn" or "cmn+f2".
        """
        import numpy as np

        self._sounds.clear()
        self._events.clear()
        if self._library.espeak_SetVoiceByName(name.encode()):
            raise ToolError(Problem("espeak-ng", text("the speech synthesiser has no voice {name}", name=name)))
        encoded = said.encode("utf-8", "replace") + b"\0"
        self._library.espeak_Synth(encoded, len(encoded), 0, _POSITION_CHARACTER, 0, _UTF8, None, None)
        samples = np.concatenate(self._sounds) if self._sounds else np.zeros(0, np.int16)
        return Speech(self._rate, samples, tuple(self._phones(len(samples))))

    def phonemes(self, said: str, name: str) -> str:
        """The sounds of a text in IPA.

        Args:
            name: as of say.
        """
        if self._library.espeak_SetVoiceByName(name.encode()):
            raise ToolError(Problem("espeak-ng", text("the speech synthesiser has no voice {name}", name=name)))
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        encoded = ctypes.c_char_p(said.encode("utf-8", "replace"))
        place = ctypes.c_void_p(ctypes.cast(encoded, ctypes.c_void_p).value)
        found = []
        while place.value:  # a clause at a time
            found.append(self._library.espeak_TextToPhonemes(ctypes.byref(place), _UTF8, _IPA) or b"")
        return b" ".join(found).decode("utf-8", "replace")

    def _take(self, samples: Any, count: int, events: Any) -> int:  # noqa: ANN401  (pointers)
        """Called by the synthesiser with some samples: keep them, and when each sound begins; 0 asks for more."""
        import numpy as np

        if samples and count > 0:
            self._sounds.append(np.ctypeslib.as_array(samples, (count,)).copy())
        index = 0
        while events[index].type != _EVENT_END:
            event = events[index]
            if event.type == _EVENT_PHONEME:
                sound = bytes(event.id.string).split(b"\0")[0].decode("utf-8", "replace")
                self._events.append((sound, event.text_position, event.sample))
            index += 1
        return 0

    def _phones(self, samples: int) -> Iterator[Phone]:
        """The sounds one after the other, each up to where the next begins; those without length are left out."""
        ends = [sample for _, _, sample in self._events[1:]] + [samples]
        for (sound, position, sample), end in zip(self._events, ends, strict=True):
            if end > sample:
                yield Phone(
                    _SWITCH.sub("", sound).lstrip("',%=|") or PAUSE,
                    max(0, position - 1),
                    sample * 1000 // self._rate,
                    end * 1000 // self._rate,
                )


@contextmanager
def voice() -> Iterator[Voice]:
    """The synthesiser as freshly started: the same texts in the same order always sound the same."""
    with _one_at_a_time:
        speaker = Voice()
        try:
            yield speaker
        finally:
            speaker.close()
