"""The script as units to be timed: read out by the synthesiser, each sound led back to its character."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, cast

from courseware.speech.chain import CLAUSE, INSIDE, SENTENCE, WORD, Unit
from courseware.speech.sound import HOP, RATE, WINDOW, bands_of
from courseware.speech.spoken import said_with_places
from courseware.speech.voice import PAUSE, Phone, Speech, voice
from courseware.words import word_spans

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from courseware.speech.sound import Floats, Samples

_SENTENCE_MARKS = frozenset("。！？!?…\n")
_CLAUSE_MARKS = frozenset('，、；：,;:—–～（）()《》“”"「」『』【】[]')
CHINESE, ENGLISH = "cmn", "en-us"  # voices of the synthesiser
_BEFORE_SON = frozenset("婴幼少女孤胎生健宠男")
_FULL_STOP = re.compile(r"\.[\"'”’)]*\s")
_ENOUGH = 90_000  # frames of the synthesiser to learn its sounds from, 15 minutes
_SPEAKABLE = re.compile(r"[\w]")


class Spot(NamedTuple):
    """Where a unit comes from: line of the script, first character in it."""

    line: int
    place: int


@dataclass(frozen=True, slots=True)
class ReadScript:
    """The script, read out.

    Attributes:
        units: what is to be timed.
        spots: where each comes from.
        bands: the synthesiser's voice as heard, frames × bands; of a long script the beginning.
        labels: for each frame of it: index into `names` of sound and part, −1 in pauses.
        names: sound and part (0 its beginning, 1 its end).
    """

    units: tuple[Unit, ...]
    spots: tuple[Spot, ...]
    bands: Floats
    labels: NDArray[np.int32]
    names: tuple[tuple[str, int], ...]


def read_out(lines: Sequence[str], language: str, optional: AbstractSet[int] = frozenset()) -> ReadScript:
    """Read lines out, each on its own; each line ends like a sentence.

    Args:
        language: CHINESE or ENGLISH; foreign words in Chinese are read in English.
        optional: the lines that may well not be spoken.
    """
    import numpy as np

    units: list[Unit] = []
    spots: list[Spot] = []
    bands: list[Floats] = []
    labels: list[NDArray[np.int32]] = []
    names: dict[tuple[str, int], int] = {}
    with voice() as speaker:
        for number, line in enumerate(lines):
            said, places = said_with_places(line, chinese=language == CHINESE)
            if not _SPEAKABLE.search(said):
                continue
            speech = speaker.say(said, language)
            inside = _inside_words(said)
            for unit in _units(said, speech, inside):
                units.append(replace(unit, optional=True) if number in optional else unit)
                spots.append(Spot(number, places[min(unit.place, len(places) - 1)]))
            if sum(map(len, bands)) < _ENOUGH:
                heard = bands_of(_resampled(speech))
                bands.append(heard)
                labels.append(_labels(speech, len(heard), names))
    if not units:
        return ReadScript((), (), np.zeros((0, 1), np.float32), np.zeros(0, np.int32), ())
    return ReadScript(tuple(units), tuple(spots), np.concatenate(bands), np.concatenate(labels), tuple(names))


def _inside_words(said: str) -> frozenset[int]:
    """The places of characters that do not end their word."""
    return frozenset(at for start, end in word_spans(said) for at in range(start, end - 1))


def _merged(
    said: str, groups: list[tuple[int, list[Phone]]], inside: frozenset[int]
) -> list[tuple[int, list[Phone]]]:
    """A 儿 that only colours the syllable before it is no syllable of its own."""
    kept: list[tuple[int, list[Phone]]] = []
    for place, phones in groups:
        if kept and said[place] == "儿" and place - 1 in inside and said[place - 1] not in _BEFORE_SON:
            kept[-1][1].extend(phones[-1:])
        else:
            kept.append((place, phones))
    return kept


def _units(said: str, speech: Speech, inside: frozenset[int]) -> Iterator[Unit]:
    """Phones gathered by the character they come from; the closure before a stop belongs to it."""
    groups: list[tuple[int, list[Phone]]] = []
    closure = 0
    for phone in speech.phones:
        if phone.name.startswith(PAUSE):
            if phone.name == PAUSE + "|":
                closure = phone.end_ms - phone.start_ms
            continue
        whole = Phone(phone.name, phone.place, phone.start_ms - closure, phone.end_ms)
        closure = 0
        if groups and groups[-1][0] >= phone.place:
            groups[-1][1].append(whole)
        else:
            groups.append((phone.place, [whole]))
    groups = _merged(said, groups, inside)
    places = [place for place, _ in groups[1:]] + [len(said)]
    for (place, phones), following in zip(groups, places, strict=True):
        border = SENTENCE if following == len(said) else _border(said, place, following, inside)
        sounds, lengths = zip(*((one.name, one.end_ms - one.start_ms) for one in phones), strict=True)
        yield Unit(place, sounds, lengths, border)


def _border(said: str, place: int, following: int, inside: frozenset[int]) -> int:
    """What stands between two units."""
    between = said[place + 1 : following]
    if any(mark in _SENTENCE_MARKS for mark in between) or _FULL_STOP.search(between):
        return SENTENCE
    if any(mark in _CLAUSE_MARKS for mark in between):
        return CLAUSE
    return INSIDE if following - 1 in inside else WORD


def _resampled(speech: Speech) -> Samples:
    """The voice at RATE, by straight lines between its samples."""
    import numpy as np

    count = len(speech.samples) * RATE // speech.rate
    # The synthesiser's voice has little above 8 kHz; a three-point mean before is filter enough.
    smooth = np.convolve(speech.samples.astype(np.float32), np.array([0.2, 0.6, 0.2], np.float32), "same")
    at = np.arange(count) * (speech.rate / RATE)
    return cast("Samples", np.interp(at, np.arange(len(smooth)), smooth).astype(np.int16))


def _labels(speech: Speech, frames: int, names: dict[tuple[str, int], int]) -> NDArray[np.int32]:
    """For each frame of HOP samples which half of which sound it holds, −1 for a pause.

    A frame is named by the middle of its window, so that all is half a window earlier. `names` is added to.
    """
    import numpy as np

    labels = np.full(frames, -1, np.int32)
    half = WINDOW // HOP // 2
    for phone in speech.phones:
        if phone.name.startswith(PAUSE):
            continue
        start, end = phone.start_ms // 10 - half, phone.end_ms // 10 - half
        middle = (start + end + 1) // 2
        labels[max(0, start) : max(0, middle)] = names.setdefault((phone.name, 0), len(names))
        labels[max(0, middle) : max(0, end)] = names.setdefault((phone.name, 1), len(names))
    return labels
