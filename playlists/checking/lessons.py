"""Rules of what plays: known, approved, valid lessons, as finished files made for the venue's screen, never cut."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from courseware.errors import text
from courseware.lessons.lesson import Lesson
from courseware.lessons.profile import canvas_of
from courseware.lessons.rendition import Rendition
from courseware.validate import Complaint
from playlists.checking.facts import Facts, Fault, VenueWeek
from playlists.schedules.schedule import Slot
from templates.type.printed import printable, visible


def lessons_unknown(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """Every lesson shown is one of the workspace's."""
    for _, slot in _shown(week):
        if slot.lesson in facts.unreadable:
            yield Fault(slot.start, text("lesson {lesson} cannot be read; see “yuanjiao check”", lesson=slot.lesson))
        elif slot.lesson not in facts.lessons:
            yield Fault(slot.start, text("there is no lesson “{lesson}”", lesson=slot.lesson))


def lessons_unapproved(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """Where the workspace demands it, every lesson shown names its reviewer, and every file shown is approved."""
    for _, slot in _shown(week):
        lesson = facts.lessons.get(slot.lesson)
        if facts.reviewed and lesson and not lesson.reviewer:
            what = text("“{title}” ({lesson}) is not reviewed", title=slot.title, lesson=lesson.id)
            yield Fault(slot.start, what)
        if not facts.approval.allows(slot.sha256):
            why = facts.approval.why_not(slot.sha256)
            yield Fault(slot.start, text("“{title}” ({lesson}) {why}", title=slot.title, lesson=slot.lesson, why=why))


def lessons_expired(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """No lesson is shown before or after it is valid."""
    for day, slot, lesson in _known(week, facts):
        if lesson.valid_from and day < lesson.valid_from:
            what = text("“{title}” is valid only from {day} on", title=slot.title, day=lesson.valid_from)
            yield Fault(slot.start, what)
        if lesson.valid_until and day > lesson.valid_until:
            yield Fault(slot.start, text("“{title}” expired on {day}", title=slot.title, day=lesson.valid_until))


def lessons_forbidden(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """No lesson is shown where the office said by hand that it is not."""
    forbidden = {day.date: facts.edits.forbidden(week.venue.id, day.date) for day in week.sheet.days}
    for day, slot in _shown(week):
        if slot.lesson in forbidden[day]:
            yield Fault(slot.start, text("“{title}” is not to be shown here (edits.toml)", title=slot.title))


def files_missing(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """Every lesson shown is rendered for the venue's screen, and its file is there whole."""
    for _, slot, _lesson in _known(week, facts):
        if slot.lesson not in facts.renditions.get(week.venue.profile, {}):
            what = text(
                "“{title}” is not rendered for {profile}, or not as it was made",
                title=slot.title,
                profile=week.venue.profile,
            )
            yield Fault(slot.start, what)


def files_changed(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """The file is the one that was planned, byte for byte."""
    for slot, made in _made(week, facts):
        if slot.sha256 != made.sha256:
            what = text("{file} was made again since the plan; plan again", file=made.file)
            yield Fault(slot.start, what)
        elif slot.file in facts.damaged:
            yield Fault(slot.start, text("{file} is damaged; render it again", file=made.file))


def canvas_wrong(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """The file is of the venue's profile, and has the canvas that profile stands for."""
    profile = week.venue.profile
    canvas = canvas_of(profile)
    for _, slot in _shown(week):
        home, _, rest = slot.file.partition("/")
        folder, _, name = rest.partition("/")
        if home != "renditions" or not folder or not name or "/" in name:
            yield Fault(slot.start, text("“{file}” is no finished file of this workspace", file=slot.file))
        elif folder != profile:
            what = text("the file is for {other}, this screen plays {profile}", other=folder, profile=profile)
            yield Fault(slot.start, what)
    for slot, made in _made(week, facts):
        if (made.width, made.height) != canvas or made.profile != profile:
            size = f"{made.width}x{made.height}"
            yield Fault(slot.start, text("the picture is {size}, not that of {profile}", size=size, profile=profile))


def lessons_cut(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """A lesson is shown from beginning to end."""
    for slot, made in _made(week, facts):
        if slot.seconds != made.seconds:
            what = text(
                "“{title}” lasts {seconds} seconds, the plan gives it {given}",
                title=slot.title,
                seconds=made.seconds,
                given=slot.seconds,
            )
            yield Fault(slot.start, what)


def descriptions_wrong(week: VenueWeek, facts: Facts) -> Iterator[Fault]:
    """Title, series, form and file are those of the lesson shown."""
    for slot, made in _made(week, facts):
        name = slot.file.rpartition("/")[2]
        said = ((slot.title, made.title), (slot.series, made.series), (slot.form, made.form), (name, made.file))
        for given, right in said:
            if given != right:
                what = text("says “{given}”, but the lesson shown is “{right}”", given=given, right=right)
                yield Fault(slot.start, what)
                break


def header_wrong(week: VenueWeek, _facts: Facts) -> Iterator[Fault]:
    """The file says of itself the week, venue and screen that it lies there for."""
    at = week.wanted[0].midnight
    venue = week.venue
    hard = {"venue": venue.id, "week": week.sheet.week, "kind": venue.kind, "profile": venue.profile}
    soft = {"venue_name": venue.name, "town": venue.town, "county": venue.county}
    for key, right in (hard | soft).items():
        given = week.sheet.header.get(key, right)
        if given != right:
            what = text("the file says {key} “{given}”; it is “{right}”", key=key, given=given, right=right)
            yield Fault(at, what, hard=key in hard)


def words_unprintable(week: VenueWeek, _facts: Facts) -> Iterator[Fault]:
    """Every word that pages and lists print can be printed, and is read in the direction in which it is written."""
    for key in ("venue_name", "town", "county"):
        yield from _unprintable(week.wanted[0].midnight, week.sheet.header.get(key, ""))
    for day in week.sheet.days:
        for slot in day.slots:
            for said in dict.fromkeys((slot.title, slot.block, slot.series, slot.note)):
                yield from _unprintable(slot.start, said)


def _unprintable(at: datetime, said: str) -> Iterator[Fault]:
    try:
        printable(said)
    except Complaint as complaint:
        yield Fault(at, text("“{said}”: {wrong}", said=visible(said), wrong=complaint.what))


def closing_untrue(week: VenueWeek, _facts: Facts) -> Iterator[Fault]:
    """A day that the file calls closed is closed."""
    wanted = {day.date: day for day in week.wanted}
    for day in week.sheet.days:
        if day.closed and day.date in wanted and (wanted[day.date].windows or wanted[day.date].events):
            what = text("the file calls this day closed ({reason}), but it is not", reason=day.closed)
            yield Fault(wanted[day.date].begins, what)


def _shown(week: VenueWeek) -> Iterator[tuple[date, Slot]]:
    for day in week.sheet.days:
        yield from ((day.date, slot) for slot in day.slots if slot.kind == "lesson")


def _known(week: VenueWeek, facts: Facts) -> Iterator[tuple[date, Slot, Lesson]]:
    for day, slot in _shown(week):
        if lesson := facts.lessons.get(slot.lesson):
            yield day, slot, lesson


def _made(week: VenueWeek, facts: Facts) -> Iterator[tuple[Slot, Rendition]]:
    made = facts.renditions.get(week.venue.profile, {})
    for _, slot in _shown(week):
        if slot.lesson in made:
            yield slot, made[slot.lesson]
