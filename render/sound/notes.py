"""What a person should know of a source's sound: what was mended of it, and what could not be. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from courseware.errors import Text, text
from courseware.times import clock
from render.sound.levels import Aim, Got, MeasuredProgramme
from render.sound.loudness import SILENT_LKFS
from render.sound.mends import Balance, Mends
from render.sound.mix import Materials

_FAR_UNDER_LU = 6.0
_WIDE_LU = 20.0

_WHOLE: Mapping[Balance, Text] = {
    "left": text("only the left side of the source has sound; both sides have it now"),
    "right": text("only the right side of the source has sound; both sides have it now"),
    "opposed": text(
        "the two sides of the source's sound cancel each other, as with a wrongly wired microphone; one of them was"
        " turned round"
    ),
}
_PARTS: Mapping[Balance, Text] = {
    "left": text("in parts of the source ({places}) only the left side has sound; both sides have it now"),
    "right": text("in parts of the source ({places}) only the right side has sound; both sides have it now"),
    "opposed": text(
        "in parts of the source ({places}) the two sides of the sound cancel each other; there, one of them was"
        " turned round"
    ),
}
_MOST_PLACES = 3
NOTHING_TAKEN_OUT = text(
    "no pause was found in which the noise could be learnt, or it is clean already; nothing was taken out"
)


def source_notes(made_of: Materials, heard: MeasuredProgramme) -> Iterator[Text]:
    """Everything but whether the result is loud enough."""
    plan = made_of.plan
    if heard.damaged:
        yield text("the source's sound is damaged in places; listen to the result before you use it")
    if plan.source and made_of.speech_lkfs <= SILENT_LKFS:
        yield text("the source has a sound track, but there is nothing to hear in it")
    if plan.denoise and made_of.noise_dbfs is None and not heard.silent:
        yield NOTHING_TAKEN_OUT
    yield from _mended(heard.mends)
    if heard.under_lu > _FAR_UNDER_LU:
        yield text(
            "louder parts decide how loud the whole is; what is said stays {short} LU under them: make those parts"
            " softer in the source",
            short=f"{heard.under_lu:.0f}",
        )
    elif heard.lra > _WIDE_LU:
        yield text(
            "soft and loud passages of the source lie {range} LU apart: what is soft is lost outdoors; even"
            " them out in the source",
            range=f"{heard.lra:.0f}",
        )


def _mended(mends: Mends) -> Iterator[Text]:
    """What was mended, each thing once, with the first places of what was mended in parts."""
    if any(mends.offset):
        yield text(
            "a constant voltage (DC offset) lay under the source's sound and was taken out; check the recorder or the"
            " sound card"
        )
    if mends.balance in _WHOLE:
        yield _WHOLE[mends.balance]
    for balance, sentence in _PARTS.items():
        starts = [one.span.start_ms for one in mends.stretches if one.balance == balance]
        if starts:
            yield Text(sentence.pattern, {"places": _places(starts)})
    if mends.bursts:
        yield text(
            "bangs far louder than what is said ({count}; {places}) were made softer, so that the speech is heard",
            count=len(mends.bursts),
            places=_places([burst.span.start_ms for burst in mends.bursts]),
        )


def _places(starts_ms: list[int]) -> str:
    """The first few, as a player shows them."""
    said = [clock(round(start_ms / 1000)) for start_ms in starts_ms[:_MOST_PLACES]]
    return ", ".join((*said, "…") if len(starts_ms) > _MOST_PLACES else said)


def inaudible(got: Got, heard: MeasuredProgramme, aim: Aim) -> Text:
    """Why a sound is refused."""
    return text(
        "somebody speaks in it, but {short} LU under the loudness wanted even when raised as far as its noise allows:"
        " nobody would hear it; record it again, nearer to the microphone",
        short=f"{aim.lkfs - got.lkfs + heard.under_lu:.0f}",
    )
