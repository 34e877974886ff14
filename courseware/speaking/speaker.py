"""Who speaks: what a voice has to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 24_000  # samples a second
DEFAULT_VOICE, SECOND_VOICE = "zf_xiaoxiao", "zm_yunxi"


class Speaker(Protocol):
    """Says sounds; the same sounds in the same voice always as the same samples, on one computer."""

    @property
    def voices(self) -> tuple[str, ...]:
        """The names of its voices, those we ship first."""

    def key(self, voice: str) -> str:
        """Stands for all that decides how a voice sounds.

        Raises:
            InputError: there is no such voice.
        """

    def say(self, sounds: str, voice: str, speed: float) -> NDArray[np.float32]:
        """Mono samples at RATE, without silence at their ends.

        Args:
            sounds: as courseware/speaking/sentences.py writes them.
            speed: how many times as fast as usual.

        Raises:
            InputError: there is no such voice.
            ToolError: the model cannot be run.
        """


def other_voice(voice: str) -> str:
    """Who answers in a dialogue: a man to a woman, a woman to a man."""
    return SECOND_VOICE if voice.startswith("zf") else DEFAULT_VOICE
