"""Clips (片段): which stretches of which videos a lesson shows, and which pictures and cards, one after the other.

`[[clip]]` names each; `cut` names what is left out of the one video. Both become `Clip`s. Opens no file: whether a
stretch lies inside of its video is told by `beyond_end`, for whoever knows how long they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from courseware.errors import Problem, Text, text
from courseware.lessons.clipping.clip_file import SHORTEST_MS, ClipFile, Cut, Fit, Move
from courseware.lessons.lesson_files import is_footage
from courseware.subtitles.cue import Cue
from courseware.times import Span

STILL_MS = 5000  # a picture stays so long where nothing says otherwise
_LOOK_MS, _LETTER_MS = 1500, 250  # to find one's way on a card, and to read a letter of it from afar
_ROUNDED_MS = 1000  # players show whole seconds: an end typed from one may lie so far behind the video's
_END_MS = 100 * 3_600_000  # after the end of every video


@dataclass(frozen=True, slots=True)
class Clip:
    """A stretch of a video as it is shown; or a picture or a card, from 0 to how long it stays.

    Attributes:
        key: how messages name it, e.g. "clip.2" or "cut".
        path: of the video, the picture, or the sequence of pictures ("帧-%04d.png"); of the picture on a card, and
            Path() for a card without one.
        to_ms: None for the end of the video; for a picture or card whose length was not said.
        gain_db: louder, or softer when it is negative.
        speed: how many times as fast.
        rotate: degrees clockwise.
        fade_ms: for so long the clip before goes over into it; 0 for a cut.
        move: how a picture moves.
        caption: printed with it.
        says: what is said meanwhile.
        speaker: by which voice; "" for the lesson's.
        card: the heading of a card; "" for a video or a picture.
        lines: under the heading.
        said: when each part of what it says is heard, from its beginning; empty until it is known.
        fills: whether a picture may fill the canvas where that costs little of it, since nobody said how it fits.
    """

    key: str
    path: Path
    from_ms: int = 0
    to_ms: int | None = None
    gain_db: float = 0
    speed: Fraction = Fraction(1)
    fit: Fit = "pad"
    rotate: int = 0
    fade_ms: int = 0
    move: Move = "auto"
    caption: str = ""
    says: str = ""
    speaker: str = ""
    card: str = ""
    lines: tuple[str, ...] = ()
    fills: bool = False
    said: tuple[Cue, ...] = ()

    @property
    def is_footage(self) -> bool:
        """Whether it is a picture or a card, not a video."""
        return bool(self.card) or is_footage(self.path)


def one_video(clips: Sequence[Clip]) -> bool:
    """Whether all is of one video, whose time is that of the lesson's subtitles; true where nothing is clipped."""
    return len({clip.path for clip in clips}) <= 1 and not any(clip.is_footage for clip in clips)


def own_length_ms(clip: Clip, lengths_ms: Mapping[Path, int]) -> int | None:
    """How long the video of a clip is, None when unknown; or how long its picture or card stays.

    Args:
        lengths_ms: of videos and animations, as far as they are known.
    """
    if clip.is_footage:
        return clip.to_ms or lengths_ms.get(clip.path) or _read_ms(clip)
    return lengths_ms.get(clip.path)


def _read_ms(clip: Clip) -> int:
    """How long it takes to look at a picture or card, and to read its words."""
    letters = sum(map(len, (clip.card, *clip.lines, clip.caption)))
    return max(STILL_MS, _LOOK_MS + _LETTER_MS * letters)


def kept_clips(path: Path, cuts: Sequence[Cut], fit: Fit, rotate: int) -> tuple[Clip, ...]:
    """What remains of a video when `cuts` are left out; a rest too short to be seen goes with them."""
    clips, start = [], 0
    for cut_start, cut_end in (*sorted(cuts, key=lambda cut: cut[0]), (None, None)):
        if cut_start is None or cut_start - start >= SHORTEST_MS:
            clips.append(Clip("cut", path, start, cut_start, fit=fit, rotate=rotate))
        if cut_start is not None and cut_end is None:
            break
        start = cut_end or 0
    return tuple(clips)


def clashing_cuts(cuts: Sequence[Cut], where: str) -> list[Problem]:
    """Cuts that overlap, and cuts that leave nothing."""
    problems = []
    for before, after in pairwise(sorted(cuts, key=lambda cut: cut[0])):
        if before[1] is None or before[1] > after[0]:
            what = text(
                "the cuts from {first} and from {second} overlap; make one of them",
                first=said(before[0]),
                second=said(after[0]),
            )
            problems.append(Problem(where, what))
    if cuts and not problems and not kept_clips(Path(), cuts, "pad", 0):
        problems.append(Problem(where, text("nothing of the video would be left")))
    return problems


def short_for_fades(clips: Sequence[ClipFile], where: str) -> list[Problem]:
    """Clips that are shorter than the cross-fades into and out of them, as far as that is known from the file."""
    fades = [0, *(clip.fade for clip in clips[1:]), 0]
    problems = []
    if clips and clips[0].fade:
        problems.append(Problem(f"{where}: clip.1.fade", text("there is nothing before it to fade from; remove it")))
    for number, clip in enumerate(clips):
        end_ms = clip.seconds if clip.is_footage else clip.to_ms
        if end_ms is not None and (end_ms - clip.from_ms) / clip.speed < fades[number] + fades[number + 1]:
            what = text("is shorter than the cross-fades into and out of it")
            problems.append(Problem(f"{where}: clip.{number + 1}", what))
    return problems


def beyond_end(clips: Sequence[Clip], lengths_ms: Mapping[Path, int]) -> tuple[tuple[str, Text], ...]:
    """The clips that lie outside of their videos: the key of each, and what is wrong with it.

    Args:
        lengths_ms: of the videos that could be opened.
    """
    wrong: list[tuple[str, Text]] = []
    for clip in clips:
        length = own_length_ms(clip, lengths_ms)
        late = [ms for ms in (clip.from_ms, clip.to_ms or 0) if length and ms > length + _ROUNDED_MS]
        if length and not late and clip.key != "cut" and lasting_ms(clip, length) < SHORTEST_MS:
            late = [clip.from_ms]
        for moment in late[:1]:
            what = text(
                "{moment} lies after the end of {name}, which lasts {length}",
                moment=said(moment),
                name=clip.path.name,
                length=said(length or 0),
            )
            wrong.append((clip.key, what))
    found = [(clip, own_length_ms(clip, lengths_ms)) for clip in clips]
    if not wrong and all(length is not None and lasting_ms(clip, length) < SHORTEST_MS for clip, length in found):
        wrong += [(clip.key, text("nothing of the video would be left")) for clip in clips[:1]]
    return tuple(wrong)


def unheard(clips: Sequence[Clip]) -> tuple[Span, ...]:
    """What clips of one video leave out of it, in its time; nothing when there are none."""
    gaps, at = [], 0
    for start, end in sorted((clip.from_ms, _END_MS if clip.to_ms is None else clip.to_ms) for clip in clips):
        if start > at:
            gaps.append(Span(at, start))
        at = max(at, end)
    return (*gaps, *([Span(at, _END_MS)] if clips and at < _END_MS else []))


def subtitled_ms(videos: Sequence[Path], clips: Sequence[Clip], lengths_ms: Mapping[Path, int]) -> int | None:
    """How long the time of a lesson's subtitles is: that of its one video, else of all clips; None when unknown."""
    if len(videos) == 1 and one_video(clips):
        return lengths_ms.get(videos[0])
    if not clips or any(own_length_ms(clip, lengths_ms) is None for clip in clips):
        return None
    return shown_ms(clips, lengths_ms)


def footage_at(clips: Sequence[Clip], lengths_ms: Mapping[Path, int], at_ms: int) -> tuple[Clip, int]:
    """The clip that shows a moment of the lesson's own time, and its video's moment; of what is cut out, the next.

    Args:
        clips: at least one.
        lengths_ms: of all videos that are shown.
    """
    if one_video(clips):
        later = [(max(at_ms, clip.from_ms), clip) for clip in clips if clip.to_ms is None or at_ms < clip.to_ms]
        if later:
            moment, clip = min(later, key=lambda found: found[0])
            return clip, moment
    start = Fraction(0)
    for clip in clips:
        start -= clip.fade_ms
        lasts = _lasting(clip, lengths_ms)
        if not one_video(clips) and at_ms < start + lasts:
            return clip, clip.from_ms + int((at_ms - start) * clip.speed)
        start += lasts
    last = clips[-1]
    return last, last.from_ms + int(_lasting(last, lengths_ms) * last.speed) - 1


def shown_ms(clips: Sequence[Clip], lengths_ms: Mapping[Path, int]) -> int:
    """How long all clips are together."""
    return int(sum(_lasting(clip, lengths_ms) - clip.fade_ms for clip in clips))


def lasting_ms(clip: Clip, length_ms: int) -> Fraction:
    """How long a clip of a video of that length is on the screen; not positive when it lies after its end."""
    end_ms = length_ms if clip.to_ms is None else min(clip.to_ms, length_ms)
    return (end_ms - clip.from_ms) / clip.speed


def _lasting(clip: Clip, lengths_ms: Mapping[Path, int]) -> Fraction:
    return lasting_ms(clip, own_length_ms(clip, lengths_ms) or 0)


def said(ms: int) -> str:
    """A moment as lesson.toml has it: "1:20", "1:02:03.5"."""
    minutes, rest = divmod(ms, 60_000)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // 1000:02}" + (f".{rest % 1000:03}".rstrip("0") if rest % 1000 else "")
    return f"{hours}:{minutes:02}:{seconds}" if hours else f"{minutes}:{seconds}"
