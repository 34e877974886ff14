"""What is to be made: a lesson's texts, source and cues, with everything looked up. Knows no profile."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from courseware.cue import Cue
from courseware.errors import Problem
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
        reviewer=lesson.reviewer,
        office=settings.office.name,
        credit=lesson.credit,
        link=lesson.link,
        fit=lesson.fit,
    )
    return order, skipped
