"""A town's week as a message for a chat group, short enough to be sent in one piece. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from playlists.publishing.condense import quoted
from templates.pages.week import EventNote, TownPage

MOST = 2_000  # characters; longer messages are folded or cut by the programs that show them


class _Limits(NamedTuple):
    """How much of each part is told.

    Attributes:
        events: at most so many.
        names: of venues in a line.
        news: at most so many titles.
        times: whether each new lesson is told with its times.
    """

    events: int
    names: int
    news: int
    times: bool


# What villagers miss least is left out first: times of new lessons, then titles, then names, then the later events.
_LIMITS = (
    _Limits(60, 60, 60, times=True),
    _Limits(60, 60, 30, times=False),
    _Limits(60, 20, 12, times=False),
    _Limits(40, 8, 6, times=False),
    *(_Limits(events, 4, 0, times=False) for events in (25, 15, 8, 4)),
)


def town_message(page: TownPage) -> str:
    """At most MOST characters: what is held, when venues play, what is new; what has no room is counted."""
    for limits in _LIMITS:
        said = "\n".join(_lines(page, limits)) + "\n"
        if len(said) <= MOST:
            return said
    # Names and titles beyond all measure: the end goes, the foot stays.
    foot = "\n".join(_foot(page, shortened=True)) + "\n"
    return said[: MOST - len(foot) - 2].rsplit("\n", 1)[0] + "\n…\n" + foot


def _lines(page: TownPage, limits: _Limits) -> Iterator[str]:
    head = page.head
    yield f"【{page.name}】{head.dates}播放安排"
    if head.edition.number > 1:
        yield f"第{head.edition.number}版，{head.edition.at}更新"
    if page.events:
        yield "▍宣讲和活动"
        yield from (f"{_event(event, limits.names)}" for event in page.events[: limits.events])
        yield from _more(len(page.events) - limits.events, "另有{}场")
    yield "▍播放时间"
    yield from _hours(page, limits.names)
    yield from page.off
    if page.news and limits.news:
        yield "▍本周新课件"
        for lesson in page.news[: limits.news]:
            yield quoted(lesson.title) + (f" {'、'.join(lesson.times)}" if limits.times and lesson.times else "")
        yield from _more(len(page.news) - limits.news, "另有{}部")
    whole = limits is _LIMITS[0] and len(page.events) <= limits.events and len(page.news) <= limits.news
    yield from _foot(page, shortened=not whole)


def _event(event: EventNote, most: int) -> str:
    note = f"（{event.note}）" if event.note else ""
    names = [place.name for place in event.places]
    place = _some(names, most) if names else event.place
    return f"{event.day.label}（{event.day.weekday}）{event.time} {event.label}：{event.title}{note} {place}"


def _hours(page: TownPage, most: int) -> Iterator[str]:
    """Venues that play at the same times, in one line."""
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for venue in page.venues:
        alike[venue.hours].append(venue.name)
    for hours, names in alike.items():
        yield f"{'；'.join(hours) or '本周不播放'}：{_some(names, most)}"


def _some(names: Sequence[str], most: int) -> str:
    return "、".join(names[:most]) + (f"等{len(names)}个场所" if len(names) > most else "")


def _more(count: int, said: str) -> Iterator[str]:
    if count > 0:
        yield said.format(count)


def _foot(page: TownPage, *, shortened: bool) -> Iterator[str]:
    imprint = page.head.imprint
    if shortened:
        yield "全部内容见网页或海报。"
    if imprint.url:
        yield imprint.url
    yield f"{imprint.office}{f'　电话：{imprint.phone}' if imprint.phone else ''}"
