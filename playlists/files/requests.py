"""requests.csv (点播): which lesson people at a venue asked for, and when. The rules say by when it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from courseware.errors import Problem
from courseware.lessons.lesson import Lesson
from courseware.validate import not_one_of
from playlists.files.naming import ids_of, no_venue
from playlists.files.registers import load_register
from playlists.files.rows import Headings, WrittenDate
from playlists.files.venues import Venue
from templates.type.printed import Printed

FILE_NAME = "requests.csv"
EVERYWHERE = "*"
HEADINGS: Headings = {
    "venue": ("场所", "场所编号", "广场", "站点"),
    "lesson": ("课件", "课件编号", "点播课件", "标题"),
    "on": ("日期", "点播日期", "登记日期", "点菜日期", "date"),
    "by": ("点播人", "登记人", "联系人", "点菜人"),
}
# How places end at which messages say that a name is unknown.
LESSON_PLACE, VENUE_PLACE = (f", {HEADINGS[key][0]}" for key in ("lesson", "venue"))


class Request(BaseModel):
    """A wish.

    Attributes:
        venue: id, or "*" for all.
        lesson: id; the sheet may give the title instead.
        on: the day on which it was made.
        place: of its row, like "requests.csv:3".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    venue: str = EVERYWHERE
    lesson: str
    on: WrittenDate
    by: Printed = Field(default="", max_length=60)
    place: str = FILE_NAME

    def due(self, days: int) -> date:
        """The last day on which it is met in time."""
        return self.on + timedelta(days=days)


def load_requests(path: Path) -> tuple[tuple[Request, ...], tuple[Problem, ...]]:
    """Read requests.csv; a missing file holds no request. One bad row hides no other."""
    rows, problems = load_register(path, Request, HEADINGS, ("lesson", "on"))
    return tuple(one.model_copy(update={"place": place}) for place, one in rows), problems


def resolve(
    requests: Iterable[Request], lessons: Sequence[Lesson], venues: Sequence[Venue]
) -> tuple[tuple[Request, ...], tuple[Problem, ...]]:
    """The requests with titles and names of venues turned into ids, and those that name nothing."""
    ids = dict.fromkeys(one.id for one in lessons)
    titles = {one.title: one.id for one in lessons}
    places = {**ids_of(venues), EVERYWHERE: EVERYWHERE}
    good, problems = list[Request](), list[Problem]()
    for request in requests:
        lesson = request.lesson if request.lesson in ids else titles.get(request.lesson.strip("《》"))
        if lesson is None:
            problems.append(Problem(request.place + LESSON_PLACE, not_one_of(request.lesson, (*ids, *titles))))
        elif request.venue not in places:
            problems.append(Problem(request.place + VENUE_PLACE, no_venue(request.venue, venues, (EVERYWHERE,))))
        else:
            good.append(request.model_copy(update={"lesson": lesson, "venue": places[request.venue]}))
    return tuple(good), tuple(problems)
