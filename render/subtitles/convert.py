"""Writes subtitle files: in another format, or set for a screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from courseware.documents import said
from courseware.errors import InputError, Problem, Text, text
from courseware.files import write_text
from courseware.lessons.profile import legible_px
from courseware.storage.outputs import refuse_clashes, refuse_existing
from courseware.subtitles import load_cues, load_subtitles, write_cues
from courseware.subtitles.cue import Cue, Place, labels
from courseware.subtitles.formats import FORMATS, format_named
from courseware.terminal.console import Console
from courseware.times import clock
from render.plan.ass import dump_ass
from render.plan.captions import CaptionStyle, caption_style, glyph_problems, typeset
from render.plan.profiles import Profile
from templates.captions import LOOKS, USUAL
from templates.type.phrases import NO_WORDS, Words


@dataclass(frozen=True, slots=True)
class Converted:
    """What was written.

    Attributes:
        problems: what was left out or repaired in reading.
        losses: what the new format cannot hold.
    """

    format: str
    cues: int
    problems: tuple[Problem, ...]
    losses: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class SubtitleSetting:
    """How subtitles are to be set.

    Attributes:
        distance_m, pitch_mm: of the farthest viewer, and from pixel to pixel; None when not known.
        place: where all cues go; None for where the file says.
        clear_top_px, clear_bottom_px: kept free for a logo or a clock.
        look: one of LOOKS.
        words: which no line breaks.
    """

    distance_m: float | None = None
    pitch_mm: float | None = None
    place: Place | None = None
    look: str = USUAL
    clear_top_px: int = 0
    clear_bottom_px: int = 0
    words: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class Typeset:
    """What was written: how many pictures of text, at what size, and what a person should know."""

    style: CaptionStyle
    cues: int
    pictures: int
    problems: tuple[Problem, ...]
    notes: tuple[Text, ...]


def convert(source: Path, target: Path, encoding: str, *, force: bool) -> Converted:
    """Write subtitles in the format that the suffix of `target` names.

    Raises:
        InputError: the source cannot be read, the suffix is unknown, the target exists and `force` is not given, or
            the encoding lacks a character.
    """
    _refuse_to_overwrite(target, source, force=force)
    name = format_named(target)
    read = load_subtitles(source)
    write_cues(read.cues, target, encoding)
    return Converted(name, len(read.cues), read.problems, tuple(losses(read.cues, name)))


def typeset_file(source: Path, target: Path, profile: Profile, setting: SubtitleSetting, *, force: bool) -> Typeset:
    """Write the ASS file that rendering for the profile would burn in.

    Raises:
        InputError: the source cannot be read, a character cannot be drawn, too much is to be kept free, or the target
            exists and `force` is not given.
    """
    _refuse_to_overwrite(target, source, force=force)
    cues, problems = load_cues(source)
    missing = glyph_problems(
        [(clock(cue.span.start_ms // 1000), label + cue.text) for cue, label in zip(cues, labels(cues), strict=True)]
    )
    if missing:
        raise InputError(*missing)
    if setting.place:
        cues = tuple(replace(cue, place=setting.place) for cue in cues)
    style, notes = _style(profile, setting)
    pictures = typeset(cues, style)
    write_text(target, dump_ass(pictures, style))
    return Typeset(style, len(cues), len(pictures), problems, notes)


def tell_converted(console: Console, target: Path, done: Converted) -> None:
    """What was written, and what became of the rest."""
    console.problems(done.problems)
    for loss in done.losses:
        console.note(loss)
    console.say(text("{target}: {cues} subtitles", target=str(target), cues=done.cues))


def converted_document(console: Console, target: Path, encoding: str, done: Converted) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "file": str(target),
        "format": done.format,
        "encoding": encoding,
        "cues": done.cues,
        "problems": said(done.problems, console.tr),
        "losses": [console.tr(one) for one in done.losses],
    }


def tell_typeset(console: Console, target: Path, done: Typeset) -> None:
    """What was written, and what a person should know."""
    console.problems(done.problems)
    for note in done.notes:
        console.note(note)
    console.say(
        text(
            "{target}: {cues} subtitles in {pictures} pictures, letters of {em} pixels, {lines} lines at most",
            target=str(target),
            cues=done.cues,
            pictures=done.pictures,
            em=done.style.em_px,
            lines=done.style.max_lines,
        )
    )


def typeset_document(console: Console, target: Path, done: Typeset) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "file": str(target),
        "width": done.style.width,
        "height": done.style.height,
        "em_px": done.style.em_px,
        "max_lines": done.style.max_lines,
        "cues": done.cues,
        "pictures": done.pictures,
        "problems": said(done.problems, console.tr),
        "notes": [console.tr(one) for one in done.notes],
    }


def _style(profile: Profile, setting: SubtitleSetting) -> tuple[CaptionStyle, tuple[Text, ...]]:
    if (setting.clear_top_px + setting.clear_bottom_px) * 2 > profile.canvas.height:
        what = text(
            "more than half of the picture's {height} pixels is to be kept free", height=profile.canvas.height
        )
        raise InputError(Problem("--clear-top, --clear-bottom", what))
    least_px = 0
    if setting.distance_m and setting.pitch_mm:
        least_px = legible_px(setting.distance_m, setting.pitch_mm)
    style = replace(
        caption_style(profile.canvas, profile.led, least_px),
        look=LOOKS[setting.look],
        clear_top_px=setting.clear_top_px,
        clear_bottom_px=setting.clear_bottom_px,
        words=setting.words,
    )
    if style.em_px >= least_px:
        return style, ()
    far_m = style.em_px * 345 * (setting.pitch_mm or 0) / 1000
    what = text(
        "from {distance} m letters need {need} pixels, but this screen holds {em} at most, read from {far} m",
        distance=f"{setting.distance_m:g}",
        need=least_px,
        em=style.em_px,
        far=int(far_m),
    )
    return style, (what,)


def losses(cues: Sequence[Cue], name: str) -> Iterator[Text]:
    """What a format cannot hold of some cues."""
    form = FORMATS[name]
    if not form.speakers and any(cue.speaker for cue in cues):
        yield text("{format} holds no speakers; they are named in the text", format=name)
    if not form.places and any(cue.place == "top" for cue in cues):
        yield text("{format} holds no places; what stood at the top will stand at the bottom", format=name)
    if form.hundredths and any(ms % 10 for cue in cues for ms in (cue.span.start_ms, cue.span.end_ms)):
        yield text("{format} holds hundredths of a second; times are rounded", format=name)


def _refuse_to_overwrite(target: Path, source: Path, *, force: bool) -> None:
    refuse_clashes([target], [source])
    if not force:
        refuse_existing([target])
