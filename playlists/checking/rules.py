"""The rules that schedules are held against, by the names under which a breach of them is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from playlists.checking import events, lessons, people, programme, times, wishes
from playlists.checking.facts import Facts, Fault, VenueWeek
from playlists.checking.people import Talk
from playlists.files.calendar import Calendar
from playlists.files.centres import Centres
from playlists.files.venues import Venue

Rule = Callable[[VenueWeek, Facts], Iterator[Fault]]
CountyRule = Callable[[Sequence[Talk], Facts], Iterator[tuple[str, Fault]]]
CentreRule = Callable[[Centres, Mapping[str, Venue], Calendar, ZoneInfo], Iterator[tuple[str, Fault]]]

RULES: Mapping[str, Rule] = {
    "header": lessons.header_wrong,
    "days-missing": times.days_missing,
    "days-wrong": times.days_wrong,
    "windows": times.windows_changed,
    "order": times.slots_unsorted,
    "overlap": times.overlaps,
    "closed": times.outside_windows,
    "closed-text": lessons.closing_untrue,
    "unfilled": times.unfilled,
    "gaps": times.gaps_untrue,
    "separation": programme.too_soon,
    "repeats": programme.repeats,
    "often": programme.shown_too_often,
    "block": programme.blocks_foreign,
    "block-unknown": programme.blocks_unknown,
    "block-time": programme.blocks_late,
    "pin": programme.pins_unmet,
    "swap": programme.swaps_undone,
    "series": wishes.series_in_a_row,
    "alike": wishes.days_alike,
    "premiere": wishes.premieres_late,
    "insert": wishes.inserts_due,
    "request": wishes.requests_unmet,
    "share": wishes.shares_off,
    "fresh": wishes.shown_unevenly,
    "unknown": lessons.lessons_unknown,
    "unapproved": lessons.lessons_unapproved,
    "expired": lessons.lessons_expired,
    "forbidden": lessons.lessons_forbidden,
    "file-missing": lessons.files_missing,
    "file-changed": lessons.files_changed,
    "canvas": lessons.canvas_wrong,
    "cut": lessons.lessons_cut,
    "description": lessons.descriptions_wrong,
    "unprintable": lessons.words_unprintable,
    "event-missing": events.events_missing,
    "event-untimed": events.events_without_time,
    "event-unasked": events.events_unasked,
    "event-file": events.events_playing,
    "speaker": events.speakers_wrong,
    "speaker-missing": events.speakers_missing,
    "lecturer-unfit": events.lecturers_unfit,
}
COUNTY_RULES: Mapping[str, CountyRule] = {"two-places": people.two_places, "too-many": people.too_many}
CENTRE_RULES: Mapping[str, CentreRule] = {
    "room-unknown": people.rooms_unknown,
    "room-small": people.rooms_too_small,
    "room-twice": people.rooms_twice,
    "centre-shut": people.centres_shut,
}
