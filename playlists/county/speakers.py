"""Lecturers as people read them: with unit and post, and their topics in the words of the office. Chooses nobody."""

from __future__ import annotations

from collections.abc import Iterable

from courseware.lessons.workspace import Workspace
from playlists.files import lecturers as lecturers_file
from playlists.files.lecturers import Lecturer, load_lecturers, speakers_in
from playlists.schedules.schedule import Schedule, Slot

_SPEAKS = "主讲："


def printed_weeks(workspace: Workspace, schedules: Iterable[Schedule]) -> tuple[Schedule, ...]:
    """The weeks as they are printed, by the county's list of lecturers."""
    lecturers, _ = load_lecturers(workspace.root / lecturers_file.FILE_NAME)
    return tuple(as_printed(one, lecturers) for one in schedules)


def as_printed(schedule: Schedule, lecturers: Iterable[Lecturer]) -> Schedule:
    """The week with 主讲：县农技站农艺师 李建国（讲法治） where lecturers.csv says more of 李建国 than the plan."""
    people = {one.name: one for one in lecturers}
    days = (
        day.model_copy(update={"slots": tuple(_printed(slot, people) for slot in day.slots)}) for day in schedule.days
    )
    return schedule.model_copy(update={"days": tuple(days)})


def _printed(slot: Slot, people: dict[str, Lecturer]) -> Slot:
    speakers = speakers_in(slot)
    if not any(name in people for name, _ in speakers):
        return slot
    said = "、".join(_named(people.get(name), name, topic) for name, topic in speakers)
    parts = (_SPEAKS + said if part.startswith(_SPEAKS) else part for part in slot.note.split("；"))
    return slot.model_copy(update={"note": "；".join(parts)})


def _named(lecturer: Lecturer | None, name: str, topic: str) -> str:
    if lecturer is None:
        return f"{name}（{topic}）" if topic else name
    return f"{lecturer.printed}（{lecturer.printed_topic(topic)}）" if topic else lecturer.printed
