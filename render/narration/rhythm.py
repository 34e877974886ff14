"""Puts picture changes on the beats of a song."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.lessons.clips import Clip, lasting_ms, own_length_ms
from courseware.lessons.lesson import Lesson
from courseware.music.songs import beats_of, hear_songs

_SHORTEST_MS = 400  # of a picture, beside its cross-fades


def in_time(
    lesson: Lesson, laid: Sequence[Clip], lengths_ms: Mapping[Path, int], cache_dir: Path
) -> tuple[Clip, ...]:
    """The clips of a lesson that follows the beat of its songs.

    Args:
        laid, lengths_ms: as of on_beats.

    Raises:
        InputError: a song has no steady beat, or the pictures cannot follow it.
    """
    beats = beats_of(hear_songs(lesson.narration_paths, cache_dir), round(lesson.pause * 1000))
    return on_beats(lesson.clips, laid, lengths_ms, beats)


def on_beats(
    clips: Sequence[Clip], laid: Sequence[Clip], lengths_ms: Mapping[Path, int], beats: Sequence[int]
) -> tuple[Clip, ...]:
    """Clips whose changes fall on the nearest beats; a cross-fade is half over then.

    A picture that has its own seconds keeps them. The last that has none ends where it did, so that all of it lasts
    as long as the song.

    Args:
        clips: as they are written.
        laid: the same with their lengths.
        lengths_ms: of the videos.

    Raises:
        InputError: no picture can follow the beat, or there are more of them than beats.
    """
    free = [number for number, clip in enumerate(clips) if clip.is_footage and clip.to_ms is None]
    if not free:
        what = text("no picture follows the beat, since each has its “seconds”; remove those, or “beat”")
        raise InputError(Problem("beat", what))
    fades = [*(clip.fade_ms for clip in laid[1:]), 0]
    found, at_ms, moved_ms = list[Clip](), 0, 0
    for number, (clip, fade_ms) in enumerate(zip(laid, fades, strict=True)):
        lasts_ms = round(lasting_ms(clip, own_length_ms(clip, lengths_ms) or 0))
        if number in free:
            end_ms = at_ms + lasts_ms - moved_ms
            if number != free[-1]:
                least_ms = at_ms + clip.fade_ms + _SHORTEST_MS + fade_ms // 2
                change_ms = _nearest(beats, end_ms - fade_ms // 2, least_ms)
                end_ms, moved_ms = change_ms + fade_ms // 2, change_ms + fade_ms // 2 - end_ms
            lasts_ms = end_ms - at_ms
            if lasts_ms < clip.fade_ms + _SHORTEST_MS + fade_ms:
                raise _too_many()
        found.append(replace(clip, to_ms=lasts_ms) if number in free else clip)
        at_ms += lasts_ms - fade_ms
    return tuple(found)


def _nearest(beats: Sequence[int], wanted_ms: int, least_ms: int) -> int:
    later = [beat for beat in beats if beat >= least_ms]
    if not later:
        raise _too_many()
    return min(later, key=lambda beat: abs(beat - wanted_ms))


def _too_many() -> InputError:
    what = text("there are more pictures than beats for them; leave some out, or remove “beat”")
    return InputError(Problem("beat", what))
