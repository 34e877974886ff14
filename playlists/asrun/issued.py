"""A venue's day as the kit had it that its player ran, where the plan was changed after that kit was issued."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from courseware.lessons.workspace import Workspace
from playlists.almanac.days import DAY_MINUTES, moment
from playlists.asrun.statement import Statement
from playlists.kits.issued import issued_as
from playlists.kits.plan import KitPlan, Opening, PlanSlot
from playlists.schedules.schedule import IDENT, NOTICE, SLOGAN, Day, Slot, Window
from playlists.schedules.slot_ids import with_ids

_EVENTS: Mapping[str, Literal["lecture", "activity"]] = {
    "lecture": "lecture",
    "activity": "activity",
    "training": "activity",
}
_NOTES = {"slogan": SLOGAN, "notice": NOTICE, "ident": IDENT}


class IssuedDays:
    """The days of kits that were issued; each kit is read once."""

    def __init__(self, workspace: Workspace) -> None:
        self._home, self._zone = workspace.kits_dir, workspace.settings.zone
        self._plans: dict[tuple[str, str], KitPlan | None] = {}

    def day_of(self, venue: str, day: date, planned: Day | None, said: Iterable[Statement]) -> Day | None:
        """The day by the newest kit that ran on it; `planned` where that says the same, or no such kit is known.

        Args:
            planned: the day as it was announced, or is planned, now.
            said: of the venue; that a player was awake tells by which kit.
        """
        first_ms, last_ms = (round(moment(day, at, self._zone).timestamp() * 1000) for at in (0, DAY_MINUTES))
        named = {
            one.name
            for one in said
            if one.said == "awake" and one.name and one.at_ms < last_ms and one.end_ms > first_ms
        }
        plans = [plan for kit in sorted(named) if (plan := self._plan(venue, kit)) is not None]
        # A kit that ends or begins within the day tells only of a part of it.
        whole = [one for one in plans if one.valid.start_s * 1000 <= first_ms and one.valid.end_s * 1000 >= last_ms]
        if not whole:
            return planned
        newest = max(whole, key=lambda plan: plan.revision)
        slots = tuple(one for one in newest.slots if _day_of(one, newest.windows) == day)
        if planned and _same(slots, planned):
            return planned
        return _made(day, slots, newest, planned, self._zone)

    def _plan(self, venue: str, kit: str) -> KitPlan | None:
        if (venue, kit) not in self._plans:
            self._plans[venue, kit] = issued_as(self._home, venue, kit)
        return self._plans[venue, kit]


def _day_of(slot: PlanSlot, windows: Iterable[Opening]) -> date:
    """The day whose window holds it, which may end after midnight; else that of its own start."""
    held = (one.start.date() for one in windows if one.start_s <= slot.start_s < one.end_s)
    return next(held, slot.start.date())


def _same(slots: Iterable[PlanSlot], planned: Day) -> bool:
    """Whether the kit shows what is planned, and at the same seconds."""
    known = [(name, slot.seconds, slot.sha256[:16]) for name, slot in with_ids(planned.slots)]
    return [(one.id, one.seconds, one.file or "") for one in slots] == known


def _made(day: date, slots: Iterable[PlanSlot], plan: KitPlan, planned: Day | None, zone: ZoneInfo) -> Day:
    alike = {(one.lesson, one.title): one for one in planned.slots} if planned else {}
    windows = [one for one in plan.windows if one.start.date() == day]
    return Day(
        date=day,
        windows=tuple(Window(start=one.start.astimezone(zone), end=one.end.astimezone(zone)) for one in windows),
        slots=tuple(_slots(slots, plan, alike, zone)),
        closed=planned.closed if planned and not windows else "",
    )


def _slots(
    slots: Iterable[PlanSlot], plan: KitPlan, alike: Mapping[tuple[str, str], Slot], zone: ZoneInfo
) -> Iterator[Slot]:
    for slot in slots:
        twin = alike.get((slot.lesson or "", slot.title))
        yield Slot(
            start=slot.start.astimezone(zone),
            seconds=slot.seconds,
            kind=_EVENTS.get(slot.kind, "lesson"),
            title=slot.title,
            block=slot.block or "",
            lesson=slot.lesson or "",
            series=slot.series or "",
            form=twin.form if twin else "",
            sha256=plan.files[slot.file].sha256 if slot.file else "",
            note=_NOTES.get(slot.kind) or (twin.note if twin else slot.who or ""),
        )
