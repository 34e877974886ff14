"""Whether a recording says what the pages of a lesson say: how sure that is of the whole, and of each page.

One page that is not said may have been skipped, and is told; where the whole is not said, the text is that of another
recording, and is refused with the pages that do not fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from courseware.align.confidence import SURE
from courseware.align.cues import Alignment
from courseware.align.making import LEAST_SURE, align_script
from courseware.errors import Problem, Text, text
from courseware.lessons.clips import Clip
from courseware.script.script import Script, ScriptLine
from courseware.speaking.turns import turns_of
from courseware.speech.sound import samples_of, sound_of

_OPENING = 12  # characters of a page by which one knows it again


@dataclass(frozen=True, slots=True)
class SaidPage:
    """What is said while a page is shown.

    Attributes:
        where: how messages name it.
    """

    where: str
    says: str


@dataclass(frozen=True, slots=True)
class HeardPages:
    """How sure it is that a recording says them, in percent.

    Attributes:
        each: of every page.
    """

    whole: int
    each: tuple[int, ...]

    @property
    def is_other(self) -> bool:
        """Whether the recording says something else."""
        return self.whole < LEAST_SURE


def said_pages(clips: Iterable[Clip]) -> tuple[SaidPage, ...]:
    """Those clips of a lesson that say something."""
    return tuple(
        SaidPage(f"{clip.key} ({clip.path.name})" if clip.path.name else clip.key, clip.says)
        for clip in clips
        if clip.says
    )


def script_of(pages: Sequence[SaidPage]) -> tuple[Script, tuple[int, ...]]:
    """What is said as a script, and of each of its lines the number of its page."""
    turns = [(number, turn) for number, page in enumerate(pages) for turn in turns_of(page.says)]
    return Script(tuple(ScriptLine(turn.text, turn.part) for _, turn in turns)), tuple(number for number, _ in turns)


def listen(recordings: Sequence[Path], pages: Sequence[SaidPage]) -> HeardPages:
    """Hold recordings, one after the other, against the pages.

    Raises:
        MediaError: one of them cannot be used.
    """
    script, numbers = script_of(pages)
    sound = sound_of(chain.from_iterable(map(samples_of, recordings)))
    return heard_pages(align_script(sound, script), numbers, len(pages))


def heard_pages(alignment: Alignment, numbers: Sequence[int], count: int) -> HeardPages:
    """How sure each page is: the mean of its cues, each weighing as much as it is long.

    Args:
        numbers: of each line of the script the page.
        count: of pages.
    """
    sums, weights = [0] * count, [0] * count
    for cue in alignment.cues:
        sums[numbers[cue.line]] += cue.confidence * len(cue.text)
        weights[numbers[cue.line]] += len(cue.text)
    each = tuple(round(total / max(1, weight)) for total, weight in zip(sums, weights, strict=True))
    return HeardPages(alignment.confidence, each)


def other_text(heard: HeardPages, pages: Sequence[SaidPage]) -> tuple[Problem, ...]:
    """Why a recording is not that of the pages, and which of them do not fit; nothing when it is."""
    if not heard.is_other:
        return ()
    what = text("hardly fits what the clips say ({percent} %); is it the right recording?", percent=heard.whole)
    unfit = misfits(heard, pages)
    return (Problem("narration", what), *(unfit if len(unfit) < len(pages) else ()))


def misfits(heard: HeardPages, pages: Sequence[SaidPage]) -> tuple[Problem, ...]:
    """The pages whose words the recording hardly has."""
    return tuple(
        Problem(page.where, _unfit(page, percent))
        for page, percent in zip(pages, heard.each, strict=True)
        if percent < SURE
    )


def _unfit(page: SaidPage, percent: int) -> Text:
    words = " ".join(page.says.split())
    shown = words if len(words) <= _OPENING else f"{words[:_OPENING]}…"
    return text(
        "“{words}” is hardly heard in the narration ({percent} %); is it said there, or is it of other slides?",
        words=shown,
        percent=percent,
    )
