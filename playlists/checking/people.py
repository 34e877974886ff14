"""Rules that look at several venues at once: lecturers in one place at a time, every venue once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from courseware.errors import text
from playlists.almanac.days import week_of
from playlists.checking.facts import Facts, Fault, VenueWeek
from playlists.files.lecturers import is_relayed, speakers_in
from playlists.files.venues import Venue


@dataclass(frozen=True, slots=True)
class Talk:
    """Somebody who speaks somewhere at some time.

    Attributes:
        evening: the day that it belongs to, also after midnight.
        relayed: shown live at several venues at once, of which one has the speaker.
    """

    name: str
    venue: Venue
    start: datetime
    end: datetime
    relayed: bool = False
    evening: date | None = None

    @property
    def day(self) -> date:
        """In whose week it counts."""
        return self.evening or self.start.date()


def talks_in(week: VenueWeek, facts: Facts) -> tuple[Talk, ...]:
    """The talks of a venue's week, for the rules below; of an activity, who is not in the list may be an office."""
    return tuple(
        Talk(name, week.venue, slot.start, slot.end, is_relayed(slot), day.date)
        for day in week.sheet.days
        for slot in day.slots
        for name, _ in speakers_in(slot)
        if slot.kind == "lecture" or name in facts.lecturers
    )


def two_places(talks: Sequence[Talk], facts: Facts) -> Iterator[tuple[str, Fault]]:
    """A lecturer is in one place at a time, and has time for the way to the next."""
    for name, own in _by_name(talks).items():
        for one, other in pairwise(own):
            spare = (other.start - one.end).total_seconds() // 60
            # Nobody knows where those come from who are not in the list.
            way = facts.travel.between(one.venue, other.venue) if name in facts.lecturers else 0
            if spare < 0:
                what = text("{name} is at {venue} then", name=one.name, venue=one.venue.name)
                yield other.venue.id, Fault(other.start, what)
            elif spare < way:
                what = text(
                    "{name} comes from {venue} and has {spare} minutes for a way of {way}",
                    name=one.name,
                    venue=one.venue.name,
                    spare=int(spare),
                    way=way,
                )
                yield other.venue.id, Fault(other.start, what)


def too_many(talks: Sequence[Talk], facts: Facts) -> Iterator[tuple[str, Fault]]:
    """Nobody gives more lectures in a week than the list allows."""
    for name, own in _by_name(one for one in talks if one.name in facts.lecturers).items():
        most = facts.lecturers[name].max_per_week
        given: Counter[str] = Counter()
        for one in own:
            week = week_of(one.day)
            given[week] += 1
            if given[week] > most:
                what = text(
                    "{name} gives {number} lectures this week; at most {most}",
                    name=name,
                    number=given[week],
                    most=most,
                )
                yield one.venue.id, Fault(one.start, what)


def _by_name(talks: Iterable[Talk]) -> dict[str, list[Talk]]:
    found = defaultdict[str, list[Talk]](list)
    for one in sorted(talks, key=lambda talk: (talk.start, talk.venue.id)):
        before = found[one.name][-1:]
        # A talk that is relayed is one talk, however many venues show it.
        if not (one.relayed and before and before[0].relayed and before[0].start == one.start):
            found[one.name].append(one)
    return found
