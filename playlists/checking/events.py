"""Rules of what people hold: every lecture and activity of the calendar at its minute, by the right speaker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from courseware.errors import text
from playlists.checking.facts import Facts, Fault, VenueWeek, WantedEvent
from playlists.files.lecturers import speakers_in
from playlists.schedules.schedule import TRAINING, Slot


def events_missing(week: VenueWeek, _facts: Facts) -> Iterator[Fault]:
    """Every lecture and activity that the calendar asks for is in the plan, at its time and of its length."""
    for wanted, slot in _match(week).pairs:
        if slot is None and wanted.kind == "lecture":
            yield Fault(wanted.at, text("the lecture “{title}” is missing", title=wanted.title))
        elif slot is None:
            yield Fault(wanted.at, text("the activity “{title}” is missing", title=wanted.title))
        elif slot.start != wanted.at:
            what = text("“{title}” is moved to {start}", title=wanted.title, start=f"{slot.start:%m-%d %H:%M:%S}")
            yield Fault(wanted.at, what)
        elif slot.seconds != wanted.seconds:
            what = text("“{title}” lasts {minutes} minutes", title=wanted.title, minutes=wanted.seconds // 60)
            yield Fault(slot.start, what)


def events_without_time(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """Every lecture whose time the calendar leaves open has one."""
    at = week.wanted[0].midnight
    for name, venue, title in sorted(facts.without_time):
        if (name, venue) == (week.sheet.week, week.venue.id):
            what = text("no time is chosen for the lecture “{title}”; plan the week again", title=title)
            yield Fault(at, what, hard=False)


def speakers_wrong(week: VenueWeek, _facts: Facts) -> Iterator[Fault]:
    """Where the calendar names the speaker, the plan does."""
    for wanted, slot in _match(week).pairs:
        if slot and wanted.speaker and wanted.speaker not in slot.note:
            what = text("the speaker of “{title}” is {speaker}", title=wanted.title, speaker=wanted.speaker)
            yield Fault(slot.start, what)


def speakers_missing(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """Where the workspace lists lecturers, every lecture has somebody to give it."""
    for day in week.sheet.days:
        for slot in day.slots:
            if facts.lecturers and slot.kind == "lecture" and not speakers_in(slot):
                yield Fault(slot.start, text("nobody is named to give “{title}”", title=slot.title), hard=False)


def events_unasked(week: VenueWeek, _facts: Facts) -> Iterator[Fault]:
    """No lecture or activity is in the plan of which the calendar knows nothing."""
    # Those in quiet time are told already, and the calendar does know them.
    refused = {(one.kind, one.title, one.at) for day in week.wanted for one in day.refused}
    for slot in _match(week).unasked:
        if (slot.kind, slot.title, slot.start) in refused:
            continue
        if slot.title.startswith(TRAINING):
            what = text("“{title}” is not in trainings.csv at this time; add it there", title=slot.title)
        else:
            what = text("“{title}” is not in calendar.toml at this time; add it there", title=slot.title)
        yield Fault(slot.start, what, hard=False)


def events_playing(week: VenueWeek, _facts: Facts) -> Iterator[Fault]:
    """What people hold plays no file: a lesson that is called an activity would escape the rules of lessons."""
    for day in week.sheet.days:
        for slot in day.slots:
            if slot.kind != "lesson" and (slot.lesson or slot.file or slot.sha256):
                what = text(
                    "“{title}” is called an event, but plays a file; write the kind “lesson”, or remove the file",
                    title=slot.title,
                )
                yield Fault(slot.start, what)


def lecturers_unfit(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """A lecturer of the list is free on the day and knows the topic."""
    for day in week.sheet.days:
        for slot in day.slots:
            for name, topic in speakers_in(slot):
                lecturer = facts.lecturers.get(name)
                if lecturer and not lecturer.is_free(day.date):
                    yield Fault(slot.start, text("{name} is not free on this day", name=name))
                if lecturer and topic and topic not in lecturer.gives:
                    yield Fault(slot.start, text("{name} does not give {topic}", name=name, topic=topic))


class _Match(NamedTuple):
    """The events asked for, each with what stands for it in the plan; and what stands for none."""

    pairs: list[tuple[WantedEvent, Slot | None]]
    unasked: list[Slot]


def _match(week: VenueWeek) -> _Match:
    """Pair off exact ones first, then the nearest of the same name in the week.

    What is asked of a day that the file lacks is left out: the whole day is missing then.
    """
    days = {day.date for day in week.sheet.days}
    left = [slot for day in week.sheet.days for slot in day.slots if slot.kind != "lesson"]
    pairs: list[tuple[WantedEvent, Slot | None]] = []
    waiting = []
    for wanted in (one for day in week.wanted if day.date in days for one in day.events):
        near = [slot for slot in left if (slot.kind, slot.title) == (wanted.kind, wanted.title)]
        exact = next((slot for slot in near if slot.start == wanted.at), None)
        if exact:
            left.remove(exact)
            pairs.append((wanted, exact))
        else:
            waiting.append(wanted)
    for wanted in waiting:
        near = [slot for slot in left if (slot.kind, slot.title) == (wanted.kind, wanted.title)]
        found = min(near, key=lambda slot: abs((slot.start - wanted.at).total_seconds()), default=None)
        if found:
            left.remove(found)
        pairs.append((wanted, found))
    return _Match(pairs, left)
