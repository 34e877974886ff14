"""What is to be made: a lesson's texts, source and cues, with everything looked up. Knows no profile."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from courseware.cue import Cue
from courseware.errors import InputError, Problem, Text, text
from courseware.lesson import Lesson
from courseware.settings import Settings
from courseware.subtitles import load_cues
from templates.looks import Look, look_of

Fit = Literal["pad", "blur", "crop"]


@dataclass(frozen=True, slots=True)
class Order:
    """One lesson, ready to be made for any profile.

    Attributes:
        lesson: id; names the file.
        source: the raw video.
        cues: in the source's own time.
        fit: what fills the canvas beside a picture of another shape.
        words: which no line of a subtitle breaks, beside those of the dictionary.
    """

    lesson: str
    title: str
    series: str
    form: str
    look: Look
    source: Path
    cues: tuple[Cue, ...] = ()
    presenter: str = ""
    producer: str = ""
    reviewer: str = ""
    office: str = ""
    credit: str = ""
    link: str = ""
    fit: Fit = "pad"
    words: frozenset[str] = frozenset()


def order_of(lesson: Lesson, settings: Settings) -> tuple[Order, tuple[Problem, ...]]:
    """The order for a lesson of the catalogue, and what was left out of its subtitles.

    Raises:
        InputError: the subtitles cannot be used.
    """
    cues, skipped = load_cues(lesson.subtitles_path) if lesson.subtitles_path else ((), ())
    order = Order(
        lesson=lesson.id,
        title=lesson.title,
        series=lesson.series,
        form=lesson.form,
        look=look_of(settings.series_named(lesson.series)),
        source=lesson.source_path,
        cues=cues,
        presenter=lesson.presenter,
        producer=lesson.producer,
        reviewer=_reviewed(lesson),
        office=settings.office.name,
        credit=lesson.credit,
        link=lesson.link or settings.office.url,
        fit=lesson.fit,
    )
    return order, skipped


def unseen_cues(order: Order, duration_ms: int) -> tuple[Text, ...]:
    """What a person should know of cues that begin when the video has ended.

    Args:
        duration_ms: of the source.

    Raises:
        InputError: all of them do, so they belong to another video.
    """
    late = sum(cue.span.start_ms >= duration_ms for cue in order.cues)
    if late and late == len(order.cues):
        what = text("every subtitle begins after the video has ended; name the file that belongs to it")
        raise InputError(Problem("subtitles", what))
    if late:
        what = text("subtitles that begin after the video has ended: {count}; is it the right file?", count=late)
        return (what,)
    return ()


def _reviewed(lesson: Lesson) -> str:
    """Who reviewed the lesson and, when it is known, on what day."""
    day = lesson.reviewed_on.isoformat() if lesson.reviewed_on and lesson.reviewer else ""
    return f"{lesson.reviewer} {day}".rstrip()
