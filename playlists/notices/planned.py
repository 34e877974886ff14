"""What a venue's player is told of a notice: when it interrupts, with which video; or that it is withdrawn. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from courseware.errors import InputError, Problem, text
from courseware.lessons.profile import canvas_of
from courseware.lessons.rendition import Rendition
from playlists.almanac.days import clock_at
from playlists.files.venues import Venue
from playlists.kits.plan import (
    SHORT,
    Fallback,
    KitFile,
    KitPlan,
    PlanSlot,
    PlanVenue,
    Validity,
    media_path,
    name_in_kits,
    seconds_of,
)
from playlists.notices.ledger import NoticeAct

CARD_PATH = "fallback/card.png"
SENT, WITHDRAWN = 1, 2  # revisions of a notice
_LONGEST_SLOT_S = 3600  # so that the record of a long notice is in pieces


def plan_notice(act: NoticeAct, venue: Venue, video: Rendition, county: str, zone: ZoneInfo) -> KitPlan:
    """The plan of a notice's kit.

    Raises:
        InputError: the video does not fit into the time.
    """
    moments = tuple(_moments(act, video.seconds))
    if not moments:
        what = text(
            "is shown for {seconds} seconds on {profile}, longer than from beginning to end; let it end later",
            seconds=video.seconds,
            profile=video.profile,
        )
        raise InputError(Problem("--until", what))
    if act.every_s and act.every_s < video.seconds:
        what = text(
            "is shown for {seconds} seconds on {profile}; write more minutes, or --repeat for no break at all",
            seconds=video.seconds,
            profile=video.profile,
        )
        raise InputError(Problem("--every", what))
    short = video.sha256[:SHORT]
    slots = tuple(
        PlanSlot(
            id=f"notice-{act.notice:04}-{number:03}",
            start=clock_at(start_s, zone),
            start_s=start_s,
            seconds=seconds,
            kind="notice",
            title=act.title,
            file=short,
        )
        for number, (start_s, seconds) in enumerate(moments)
    )
    path = media_path(video.sha256)
    file = KitFile(path=path, size=video.size, sha256=video.sha256, seconds=video.seconds)
    return _plan(act, venue, county, zone, SENT, {short: file}, slots)


def plan_withdrawal(act: NoticeAct, venue: Venue, county: str, zone: ZoneInfo) -> KitPlan:
    """The plan that takes the place of a notice's: for the same time, and nothing in it."""
    return _plan(act, venue, county, zone, WITHDRAWN, {}, ())


def kit_id(act: NoticeAct, venue: str, revision: int) -> str:
    """How a notice's kit is called; of those that differ in the revision alone, a player takes the highest."""
    return f"{name_in_kits(venue)}_notice-{act.notice:04}_r{revision}"


def _moments(act: NoticeAct, seconds: int) -> Iterator[tuple[int, int]]:
    """When a showing begins and how long it lasts: in a row the video is shown over and over."""
    start, end = seconds_of(act.start), seconds_of(act.end)
    if act.every_s:
        yield from ((at, seconds) for at in range(start, end - seconds + 1, act.every_s))
        return
    turns, most = (end - start) // seconds, max(1, _LONGEST_SLOT_S // seconds)
    for first in range(0, turns, most):
        yield start + first * seconds, min(most, turns - first) * seconds


def _plan(
    act: NoticeAct,
    venue: Venue,
    county: str,
    zone: ZoneInfo,
    revision: int,
    files: dict[str, KitFile],
    slots: tuple[PlanSlot, ...],
) -> KitPlan:
    width, height = canvas_of(venue.profile)
    start, end = seconds_of(act.start), seconds_of(act.end)
    return KitPlan(
        form="yuanjiao-notice/1",
        kit=kit_id(act, venue.id, revision),
        revision=revision,
        built=_whole(act.at),
        venue=PlanVenue(
            id=venue.id,
            name=venue.name,
            kind=venue.kind,
            town=venue.town,
            county=venue.county or county,
            width=width,
            height=height,
        ),
        zone=str(zone),
        valid=Validity(start=clock_at(start, zone), start_s=start, end=clock_at(end, zone), end_s=end),
        interrupts=True,
        files=files,
        fallback=Fallback(card=CARD_PATH, idle=CARD_PATH),
        slots=slots,
    )


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
