"""A notice as it is passed on: a message for a chat group, and what the page says. What is published is Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from courseware.lessons.settings import Office
from playlists.files.venues import KIND_NAMES, Venue
from playlists.notices.ledger import NoticeAct
from templates.pages.alert import AlertPage, AlertPlaces

LONGEST_MESSAGE = 2000  # characters that chat groups take at once
_NAMED = 8  # of more venues, the towns and their numbers are told


def message_of(act: NoticeAct, venues: Sequence[Venue], office: Office) -> str:
    """The message, with LF."""
    signed = f"{office.name} {_moment(act.at)}"
    if act.act == "sent":
        shown = f"大屏播出：{span_of(act.start, act.end)}，{_places(venues)}。"
        lines = [f"【{act.title}】", *act.content.split("\n"), signed, shown]
    else:
        why = f"原因：{act.remark}" if act.remark else ""
        first = act.content.split("\n")[0]
        lines = [f"【撤回】第{act.notice}号{act.title}已撤回，请不要再转发。{why}", f"撤回的是：{first}", signed]
    if office.phone:
        lines.append(f"电话：{office.phone}")
    return "\n".join(lines)[: LONGEST_MESSAGE - 1] + "\n"


def page_of(act: NoticeAct, venues: Sequence[Venue], office: Office) -> AlertPage:
    """What the page says."""
    towns: dict[str, list[str]] = {}
    for venue in venues:
        towns.setdefault(venue.town or venue.county or office.county, []).append(venue.name)
    return AlertPage(
        title=act.title,
        paragraphs=tuple(act.content.split("\n")),
        office=office.name,
        phone=office.phone,
        dated=_moment(act.at),
        span=span_of(act.start, act.end),
        places=tuple(AlertPlaces(town, tuple(names)) for town, names in towns.items()),
        number=act.notice,
        withdrawn=act.act == "withdrawn",
        remark=act.remark,
    )


def span_of(start: datetime, end: datetime) -> str:
    """Like "11月28日 20:50 至 22:00"; both days where they differ."""
    last = f"{end:%H:%M}" if start.date() == end.date() else _moment(end, year=False)
    return f"{_moment(start, year=False)} 至 {last}"


def _moment(at: datetime, *, year: bool = True) -> str:
    return (f"{at.year}年" if year else "") + f"{at.month}月{at.day}日 {at:%H:%M}"


def _places(venues: Sequence[Venue]) -> str:
    """Who shows it: by name where they are few, else how many of each kind."""
    if len(venues) <= _NAMED:
        return "、".join(f"{venue.town}{venue.name}" for venue in venues)
    kinds = [venue.kind for venue in venues]
    return "、".join(f"{kinds.count(kind)}个{name}" for kind, name in KIND_NAMES.items() if kind in kinds)
