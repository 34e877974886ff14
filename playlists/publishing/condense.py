"""A day's slots as the few lines that a wall has room for, and the days that can share them.

Decides what is listed showing by showing and what is summed up; invents no time and no title.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, groupby

from playlists.publishing.wording import TimeSpan, rough_span, starts_at, weekdays
from playlists.schedules.schedule import TRAINING, Day, Slot, Window
from templates.pages.week import DayLine, EntryKind, Group, PrintedShowing, SeriesTitles, Tag

# A block is listed showing by showing while that stays readable on a wall; beyond it, title by title.
_MOST_SINGLES = 40
_MOST_SINGLES_OF_WEEK = 150
_SHORTEST_SINGLE_S = 60
# Of more titles than this the table names the series only; the titles are in the list of the week's lessons.
_MOST_TITLES = 12
# What is shown so many times less than the others on average is not what a loop is about.
_FILLER = 4
# Fewer lessons than this are named even where they are all there are.
_LEAST_WHOLE = 4
# More stretches than this in one window mean that blocks take turns.
_MOST_STRETCHES = 6
# Shorter pauses do not split a block.
_PAUSE = timedelta(minutes=5)
# Blocks that begin and end within this of each other are at the same time to whoever passes by.
_SAME_TIME = timedelta(minutes=5)

Title = tuple[str, str]
"""Series and title of a lesson."""


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of a day's table, from when until when it is printed, and the slots it stands for.

    Attributes:
        begin, end: of the slots, from the day's midnight, end excluded.
    """

    entry: DayLine
    span: TimeSpan
    begin: timedelta
    end: timedelta


@dataclass(frozen=True, slots=True)
class LineRules:
    """What lines are made with.

    Attributes:
        tags: the tag of each series that has one; the order decides in which order series are printed.
        every: all lessons of the venue's week.
        singles: whether lessons may be listed showing by showing.
    """

    tags: Mapping[str, Tag]
    every: frozenset[Title]
    singles: bool = True


def lines_of(days: Sequence[Day], rules: LineRules) -> tuple[tuple[PlacedLine, ...], ...]:
    """The table of each day, in order of time; showing by showing only where that fills no more than two sheets."""
    found = tuple(_lines(day, rules) for day in days)
    if sum(len(line.entry.singles) for lines in found for line in lines) <= _MOST_SINGLES_OF_WEEK:
        return found
    summed_up = dataclasses.replace(rules, singles=False)
    return tuple(_lines(day, summed_up) for day in days)


def brief_lines(day: Day, lines: Sequence[PlacedLine]) -> tuple[PlacedLine, ...]:
    """A line for each opening window, with the names of its blocks, and one for each event."""
    if not lines:
        return ()
    midnight = datetime.combine(day.date, time(), day.slots[0].start.tzinfo)
    found = [line for line in lines if line.entry.kind != "lessons"]
    for window in day.windows:
        begin, end = window.start - midnight, window.end - midnight
        inside = [one.entry for one in lines if one.entry.kind == "lessons" and begin <= one.begin < end]
        if inside:
            found.append(_summed_up(day.date, window, inside, begin, end))
    return tuple(sorted(found, key=lambda line: line.begin))


def _summed_up(day: date, window: Window, lines: Sequence[DayLine], begin: timedelta, end: timedelta) -> PlacedLine:
    labels = [label for line in lines for label in (line.label.split("、") if line.label else _series(line))]
    printed = rough_span(window.start, window.end, day, (window.start, window.end))
    entry = DayLine("lessons", str(printed), "、".join(dict.fromkeys(labels)), ())
    return PlacedLine(entry, printed, begin, end)


def _series(line: DayLine) -> Iterator[str]:
    yield from (part.tag.name for part in line.parts if part.tag)


def groups_of(days: Sequence[tuple[tuple[str, ...], str, tuple[PlacedLine, ...]]]) -> tuple[Group, ...]:
    """Days that read the same, together; closed days come last, for what plays is what people look for.

    Args:
        days: of each day its opening windows, the word for nothing on, and its lines.
    """
    found: list[list[int]] = []
    for number, (opening, empty, lines) in enumerate(days):
        for group in found:
            first = days[group[0]]
            if first[:2] == (opening, empty) and _alike(first[2], lines):
                group.append(number)
                break
        else:
            found.append([number])
    found.sort(key=lambda group: bool(days[group[0]][1]))
    return tuple(
        Group(
            tuple(group),
            weekdays(group),
            *days[group[0]][:2],
            tuple(_shared([days[number][2] for number in group])),
        )
        for group in found
    )


def named_event(slot: Slot) -> tuple[EntryKind, str, str]:
    """How a page shows an event: its kind, what it is called, its title."""
    if slot.is_training:
        return "activity", "培训", slot.title.removeprefix(TRAINING)
    return ("lecture", "宣讲", slot.title) if slot.kind == "lecture" else ("activity", "活动", slot.title)


def quoted(title: str) -> str:
    """A lesson's title as Chinese print marks it."""
    return title if title.startswith("《") and title.endswith("》") else f"《{title}》"


def _lines(day: Day, rules: LineRules) -> tuple[PlacedLine, ...]:
    if not day.slots:
        return ()
    midnight = datetime.combine(day.date, time(), day.slots[0].start.tzinfo)
    edges = {edge for window in day.windows for edge in (window.start, window.end)}
    return tuple(_placed(found, day.date, midnight, edges, rules) for found in _stretches(day))


def _placed(
    slots: Sequence[Slot], day: date, midnight: datetime, edges: Collection[datetime], rules: LineRules
) -> PlacedLine:
    begin, end = slots[0].start, slots[-1].end
    live = slots[0].kind != "lesson"
    printed = rough_span(begin, end, day, {begin, end} if live else edges)
    first, last = (int((moment - midnight) / timedelta(minutes=1)) for moment in (begin, end))
    entry = dataclasses.replace(_entry(slots, day, rules), time=str(printed), begin=first, end=last)
    return PlacedLine(entry, printed, begin - midnight, end - midnight)


def _alike(first: Sequence[PlacedLine], other: Sequence[PlacedLine]) -> bool:
    return len(first) == len(other) and all(map(_reads_same, first, other))


def _reads_same(one: PlacedLine, other: PlacedLine) -> bool:
    if one.entry == other.entry:
        return True
    same = dataclasses.replace(other.entry, time=one.entry.time, parts=one.entry.parts)
    if one.entry.kind != "lessons" or one.entry.singles or same != one.entry:
        return False
    near = abs(one.begin - other.begin) <= _SAME_TIME and abs(one.end - other.end) <= _SAME_TIME
    return near and _nearly_same_titles(one.entry, other.entry)


def _nearly_same_titles(one: DayLine, other: DayLine) -> bool:
    """Whether a loop has a filler more or less than another; lessons shown once must be the very same."""
    if one.more or not one.looped:
        return one.parts == other.parts
    shared = len(_titles(one) & _titles(other))
    return shared * 4 >= max(one.titles, other.titles) * 3


def _titles(entry: DayLine) -> set[tuple[Tag | None, str]]:
    return {(part.tag, title) for part in entry.parts for title in part.titles}


def _shared(days: Sequence[Sequence[PlacedLine]]) -> Iterator[DayLine]:
    """The lines of days that are alike: the first day's times, and what is on every day."""
    for lines in zip(*days, strict=True):
        first = lines[0].entry
        time = TimeSpan(*(_at_all(places) for places in zip(*(line.span for line in lines), strict=True)))
        common = set.intersection(*(_titles(line.entry) for line in lines))
        kept = ((part, tuple(title for title in part.titles if (part.tag, title) in common)) for part in first.parts)
        parts = tuple(dataclasses.replace(part, titles=titles) for part, titles in kept if titles or first.more)
        yield dataclasses.replace(first, time=str(time), parts=parts)


def _at_all(printed: Sequence[str]) -> str:
    """The time of one end on several days: 约 where it is not the same on all of them."""
    return printed[0] if len(set(printed)) == 1 else f"约{printed[0].removeprefix('约')}"


def _entry(slots: Sequence[Slot], day: date, rules: LineRules) -> DayLine:
    if slots[0].kind != "lesson":
        return _event_entry(slots[0])
    films = [slot for slot in slots if not slot.is_bare] or slots
    titles = _told(films)
    looped = len(films) > len(titles)
    line = DayLine(
        kind="lessons",
        time="",
        label="、".join(dict.fromkeys(slot.block for slot in slots if slot.block)),
        parts=(),
        showings=len(films),
        looped=looped,
        titles=len(titles),
    )
    if rules.singles and _can_be_listed(films, len(titles)):
        return dataclasses.replace(line, looped=False, singles=tuple(_single(slot, day, rules) for slot in films))
    if looped and len(titles) >= _LEAST_WHOLE and rules.every <= set(titles):
        return dataclasses.replace(line, whole=True)
    more = len(titles) > (_MOST_TITLES if rules.singles else _MOST_TITLES // 2)
    if looped or more:
        # Where a loop begins tells nobody anything; in a fixed order, days that are alike look alike.
        known = list(rules.tags)
        titles.sort(key=lambda found: (known.index(found[0]) if found[0] in known else len(known), found[1]))
    # A block that is called like its only series would be printed twice.
    label = "" if {series for series, _ in titles} == {line.label} else line.label
    return dataclasses.replace(line, label=label, parts=_parts(titles, rules, named=not more), more=more)


def _told(slots: Sequence[Slot]) -> list[Title]:
    """The titles in order of first showing, without what only fills a few seconds of a loop."""
    counts = Counter((slot.series, slot.title) for slot in slots)
    return [title for title, count in counts.items() if count * _FILLER * len(counts) >= len(slots)]


def _event_entry(slot: Slot) -> DayLine:
    kind, label, title = named_event(slot)
    return DayLine(kind, "", label, (SeriesTitles(None, (title,)),), note=slot.note)


def _single(slot: Slot, day: date, rules: LineRules) -> PrintedShowing:
    return PrintedShowing("lessons", starts_at(slot.start, day), quoted(slot.title), rules.tags.get(slot.series))


def _can_be_listed(slots: Sequence[Slot], titles: int) -> bool:
    """Whether it can be said when each lesson is on: they are few, not short, and hardly come again."""
    long = all(slot.seconds >= _SHORTEST_SINGLE_S for slot in slots)
    return long and len(slots) <= _MOST_SINGLES and len(slots) <= titles * 3 // 2


def _stretches(day: Day) -> Iterator[list[Slot]]:
    """The day's slots in order, cut at events, windows, pauses and blocks."""
    for run in _runs(day):
        stretches = [list(found) for _, found in groupby(_named(run), key=lambda named: named[0])]
        if len(stretches) > _MOST_STRETCHES:
            stretches = _merged_turns(stretches)
        yield from ([slot for _, slot in stretch] for stretch in stretches)


def _runs(day: Day) -> Iterator[list[Slot]]:
    run: list[Slot] = []
    for slot in day.slots:
        if run and _cuts(run[-1], slot, day.windows):
            yield run
            run = []
        run.append(slot)
    if run:
        yield run


def _cuts(before: Slot, after: Slot, windows: Sequence[Window]) -> bool:
    between = any(before.end <= window.start <= after.start for window in windows)
    events = before.kind != "lesson" or after.kind != "lesson"
    return between or events or after.start - before.end >= _PAUSE


def _named(run: Sequence[Slot]) -> Iterator[tuple[str, Slot]]:
    """Each slot with its block; one without a block belongs to the block before it."""
    block = ""
    for slot in run:
        block = slot.block or block
        yield block, slot


def _merged_turns(stretches: list[list[tuple[str, Slot]]]) -> list[list[tuple[str, Slot]]]:
    """Make one stretch of everything from a block's first showing to its last."""
    merged: list[list[tuple[str, Slot]]] = []
    for stretch in stretches:
        merged.append(stretch)
        first_block, _ = stretch[0]
        for index, earlier in enumerate(merged[:-1]):
            if any(block == first_block for block, _ in earlier):
                merged[index:] = [list(chain.from_iterable(merged[index:]))]
                break
    return merged


def _parts(titles: Sequence[Title], rules: LineRules, *, named: bool) -> tuple[SeriesTitles, ...]:
    by_series: dict[str, list[str]] = {}
    for series, title in titles:
        by_series.setdefault(series, []).append(quoted(title))
    return tuple(
        SeriesTitles(rules.tags.get(series), tuple(found) if named else ()) for series, found in by_series.items()
    )
