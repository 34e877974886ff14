"""Subtitles made from a script and a recording, and what a person does with them: never overwritten.

Beside X.srt lies .X.srt.json: what X.srt was made from, and its own hash. If X.srt is no longer what was made, a
person changed it; then the new cues go to X.new.srt, and if that was changed, too, to X.new2.srt. One of these that a
person puts in the place of X.srt is ours again. After a change of the script, cues whose text stayed keep their
times.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal, NamedTuple

from courseware.align.confidence import SURE
from courseware.align.cues import Alignment, TimedCue, evenly_timed, timed_cues, with_speakers
from courseware.align.cutting import cut
from courseware.align.doubts import segments_of, settle
from courseware.align.engine import align
from courseware.errors import InputError
from courseware.files import sha256, write_text
from courseware.lessons.workspace import lock_around
from courseware.script.script import Script, load_script
from courseware.speech.reading import CHINESE, ENGLISH, read_out
from courseware.speech.sound import Sound, load_sound, silenced
from courseware.speech.spoken import is_han
from courseware.subtitles import load_cues, write_cues
from courseware.subtitles.cue import Cue
from courseware.times import Span

State = Literal["made", "updated", "unchanged", "beside", "refused"]
LEAST_SURE = 50  # percent of the whole; below it the script is probably another one
VERSION = 1
_CHINESE_SHARE = 0.1
_FASTEST_MS = 70  # a syllable; nobody reads faster
_SHORTEST = 10  # frames
_MOST_BESIDE = 1000


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one recording.

    Attributes:
        target: the subtitles that were asked for.
        written: the file that was written; None when none was.
        state: "made"; "updated": the changed stretch was timed anew; "unchanged": it was up to date; "beside": a
            person changed the target, so the new cues lie beside it; "refused": too unsure, and not forced.
        alignment: None when unchanged.
        script: what was read, and heard of it where that was in doubt; None when unchanged.
        kept: how many cues kept the times they had.
    """

    target: Path
    written: Path | None
    state: State
    alignment: Alignment | None = None
    script: Script | None = None
    kept: int = 0


class _Origin(NamedTuple):
    """Hashes of what subtitles are made from."""

    recording: str
    script: str


@dataclass(frozen=True, slots=True)
class _Memory:
    """What the sidecar file says.

    Attributes:
        written: hash of the subtitles.
    """

    origin: _Origin
    written: str
    cues: tuple[Cue, ...]


def is_generated(target: Path) -> bool:
    """Whether these subtitles were written here, not by a person; a person may have changed them since."""
    return _remembered(target) is not None


def is_untouched(target: Path) -> bool:
    """Whether these subtitles are as they were written here."""
    memory, touched = _standing(target)
    return memory is not None and not touched


def align_lesson(
    lesson_folder: Path,
    source_path: Path,
    script_path: Path,
    *,
    audio: int | None = None,
    unheard: Sequence[Span] = (),
    force: bool = False,
    also: Callable[[], None] = lambda: None,
) -> Made:
    """Make or refresh a lesson's subtitles.srt; costs little when nothing changed.

    Args:
        audio, unheard, also: as for make_subtitles.

    Raises:
        InputError: the script cannot be used.
        MediaError: the recording cannot be used.
    """
    target = lesson_folder / "subtitles.srt"
    return make_subtitles(source_path, script_path, target, audio=audio, unheard=unheard, force=force, also=also)


def make_subtitles(
    recording: Path,
    script_path: Path,
    target: Path,
    *,
    audio: int | None = None,
    unheard: Sequence[Span] = (),
    force: bool = False,
    also: Callable[[], None] = lambda: None,
) -> Made:
    """Align and write, unless nothing changed or the result is too unsure.

    Args:
        audio: which sound track of the recording is heard, counted from 1; None for the usual one.
        unheard: what is cut out of it. Cutting elsewhere moves nothing, so it makes no other recording of it.
        force: write a draft even when the script hardly fits.
        also: called between the steps of the work; what it raises ends it, and nothing is written.

    Raises:
        InputError: the script cannot be used.
        MediaError: the recording cannot be used.
    """
    script = load_script(script_path)
    origin = _Origin(_hash(recording, audio), sha256(script_path))
    memory, touched = _standing(target)
    lying = [memory] if target.exists() else []
    lying += [_remembered(path) for path in _names_beside(target) if touched and path.exists()]
    if any(one.origin == origin for one in lying if one):
        return Made(target, None, "unchanged")
    sound = silenced(load_sound(recording, audio), unheard)
    also()
    alignment, script = align_doubtful(sound, script, also)
    also()
    if alignment.confidence < LEAST_SURE and not force:
        return Made(target, None, "refused", alignment, script)
    if alignment.confidence < LEAST_SURE and 2 * len(alignment.shown) < len(alignment.cues):
        # What little was found of it is chance, and a draft is to hold the whole script.
        alignment = evenly_timed(alignment)
    # Until here a person, or another command, may have changed what is written over.
    with lock_around(target):
        return _write(target, script, alignment, origin)


def _write(target: Path, script: Script, alignment: Alignment, origin: _Origin) -> Made:
    memory, touched = _standing(target)
    old = _old_cues(target, memory, origin.recording, touched=touched)
    alignment, kept = keep_times(alignment, old)
    cues = [Cue(cue.span, cue.text) for cue in alignment.cues if cue.span]
    if not cues:
        return Made(target, None, "refused", alignment, script)
    written = next(path for path in _names_beside(target) if not _standing(path)[1]) if touched else target
    write_cues(cues, written)
    _remember(written, _Memory(origin, sha256(written), tuple(cues)))
    state: State = "beside" if touched else "updated" if kept else "made"
    return Made(target, written, state, alignment, script, kept)


def write_timed(target: Path, cues: Sequence[Cue], origin: str) -> Path | None:
    """Write subtitles whose times are known; beside the target where a person changed that.

    Args:
        origin: stands for all that they are made from.

    Returns:
        The file that was written; None when they were up to date.
    """
    with lock_around(target):
        memory, touched = _standing(target)
        made_from = _Origin(origin, origin)
        lying = [memory, *map(_remembered, _names_beside(target))] if target.exists() else []
        if any(one.origin == made_from for one in lying if one):
            return None
        written = next(path for path in _names_beside(target) if not _standing(path)[1]) if touched else target
        write_cues(cues, written)
        _remember(written, _Memory(made_from, sha256(written), tuple(cues)))
        return written


def align_script(sound: Sound, script: Script) -> Alignment:
    """The script's cues with their times, as the sound alone tells."""
    return align_doubtful(sound, script)[0]


def align_doubtful(sound: Sound, script: Script, also: Callable[[], None] = lambda: None) -> tuple[Alignment, Script]:
    """The same, and the script as it was spoken: with those of its doubts that the recording has.

    Args:
        also: as for make_subtitles.
    """
    segments = segments_of(script)
    # A script many times too long is the wrong one; reading it out would take minutes.
    fits = sum(is_han(ch) for line in script.lines for ch in line.text) * _FASTEST_MS <= sound.duration_ms
    optional = frozenset(at for at, one in enumerate(segments) if one.doubt is not None)
    reading = read_out([one.text for one in segments] if fits else [], language_of(script), optional)
    if not reading.units or len(sound.bands) < _SHORTEST:
        pieces = cut(script.lines)
        unheard = tuple(TimedCue(piece.text, piece.line, piece.opens, None, 0, ("unheard",)) for piece in pieces)
        return Alignment(unheard, 0, sound.duration_ms, ()), script
    also()
    timing = align(sound, reading)
    also()
    found = settle(script, segments, reading, timing)
    alignment = timed_cues(cut(found.script.lines), found.reading, found.timing, sound)
    return with_speakers(alignment, [line.speaker for line in found.script.lines]), found.script


def language_of(script: Script) -> str:
    """The synthesiser's voice for it: Chinese as soon as a tenth of its letters is."""
    letters = [ch for line in script.lines for ch in line.text if ch.isalnum()]
    return CHINESE if sum(map(is_han, letters)) >= _CHINESE_SHARE * len(letters) else ENGLISH


def keep_times(alignment: Alignment, old: Sequence[Cue]) -> tuple[Alignment, int]:
    """Give cues whose text stayed the times they had; the others keep clear of them.

    Returns:
        The cues, and how many kept their time.
    """
    cues = list(alignment.cues)
    matcher = SequenceMatcher(None, [one.text for one in old], [one.text for one in cues], autojunk=False)
    kept: dict[int, Span] = {}
    for first, second, size in matcher.get_matching_blocks():
        kept |= {second + at: old[first + at].span for at in range(size)}
    for index, cue in enumerate(cues):
        if index in kept:
            cues[index] = replace(cue, span=kept[index], confidence=max(cue.confidence, SURE), doubts=())
        elif cue.span:
            low = max((span.end_ms for at, span in kept.items() if at < index), default=0)
            high = min((span.start_ms for at, span in kept.items() if at > index), default=alignment.duration_ms + 1)
            cues[index] = replace(cue, span=_within(cue.span, low, high))
    return replace(alignment, cues=tuple(cues)), len(kept)


def _within(span: Span, low: int, high: int) -> Span | None:
    start, end = max(span.start_ms, low), min(span.end_ms, high)
    return Span(start, end) if end - start >= 1 else None


def _old_cues(target: Path, memory: _Memory | None, recording: str, *, touched: bool) -> tuple[Cue, ...]:
    """Cues whose times still hold: those of a person, else those made from the same recording."""
    if memory is None or memory.origin.recording != recording:
        return ()
    if not touched:
        return memory.cues if target.exists() else ()
    try:
        return load_cues(target)[0]
    except InputError:
        return memory.cues


def _standing(target: Path) -> tuple[_Memory | None, bool]:
    """What is known of the subtitles at the target, and whether a person changed or brought what lies there."""
    memory = _remembered(target)
    if not target.exists():
        return memory, False
    found = sha256(target)
    memories = (memory, *map(_remembered, _names_beside(target)))
    own = next((one for one in memories if one and one.written == found), None)
    return own or memory, own is None


def _names_beside(target: Path) -> Iterator[Path]:
    """X.new.srt, X.new2.srt, …: those that are there, and after them the first that is not."""
    for number in ("", *range(2, _MOST_BESIDE)):
        path = target.with_name(f"{target.stem}.new{number}{target.suffix}")
        yield path
        if not path.exists():
            return


def _sidecar(target: Path) -> Path:
    return target.with_name(f".{target.name}.json")


def _hash(recording: Path, audio: int | None) -> str:
    """Of what is heard: another track of the same file is another recording."""
    try:
        return sha256(recording) + (f" {audio}" if audio else "")
    except OSError:
        # load_sound says what is wrong with it.
        return ""


def _remember(target: Path, memory: _Memory) -> None:
    """Write what `_remembered` reads."""
    document = {
        "version": VERSION,
        "recording": memory.origin.recording,
        "script": memory.origin.script,
        "written": memory.written,
        "cues": [[cue.span.start_ms, cue.span.end_ms, cue.text] for cue in memory.cues],
    }
    write_text(_sidecar(target), json.dumps(document, ensure_ascii=False) + "\n")


def _remembered(target: Path) -> _Memory | None:
    """What the sidecar says; None when there is none, or a damaged one: then the target counts as a person's."""
    try:
        document: Any = json.loads(_sidecar(target).read_text(encoding="utf-8"))
        if document["version"] != VERSION:
            return None
        cues = tuple(Cue(Span(int(start), int(end)), str(said)) for start, end, said in document["cues"])
        origin = _Origin(str(document["recording"]), str(document["script"]))
        return _Memory(origin, str(document["written"]), cues)
    except (OSError, ValueError, KeyError, TypeError):
        return None
