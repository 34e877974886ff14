"""What the logs say, held against the plan of one venue. Pure.

A slot is shown as far as the stretches of it that believable logs name reach, put together and never added up, so
that two players, or one log told twice, count once. What no log speaks of is not reported, and never "not played".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from playlists.asrun.statement import Statement, Witness
from playlists.schedules.schedule import Slot

State = Literal["whole", "late", "part", "replaced", "missing", "doubtful", "silent"]
WHOLE = 0.95  # of a slot's seconds
LATE_MS = 60_000
# Other players know no slots, and drift: how far from its time a file may have been on to be the slot's.
_DRIFT_MS = 20 * 60_000
# Our player names the slot; its clock can hardly be further off while it does.
_ASTRAY_MS = 5 * 60_000
NOTICE_REASON = "notice"  # why a slot was interrupted or replaced
Stretch = tuple[int, int]
# What is the same in a hundred thousand slots is made once.
_WITNESS: Mapping[Witness, frozenset[Witness]] = {
    "player": frozenset({"player"}),
    "other": frozenset({"other"}),
    "hand": frozenset({"hand"}),
}


@dataclass(frozen=True, slots=True)
class SlotOutcome:
    """A slot and what became of it.

    Attributes:
        id: of the slot.
        state: "whole" is at least 95 % of its seconds, begun within a minute; "late" is whole but later, or all that
            was left when it began late; "part" is less; "replaced" had something else in its place; "missing" was not
            shown though a log speaks of that time; "doubtful" is what only logs say that do not prove themselves;
            "silent" is what no log speaks of.
        start_ms: when it is to begin, in milliseconds since 1970.
        ms: of it that were shown.
        late_ms: from its time to when it was first on.
        witnesses: who says so.
        people: how many came; None when nobody counted.
        reason: in the words of the log.
    """

    id: str
    slot: Slot
    state: State
    start_ms: int
    ms: int = 0
    late_ms: int = 0
    witnesses: frozenset[Witness] = frozenset()
    people: int | None = None
    reason: str = ""

    @property
    def is_shown(self) -> bool:
        """Whether the slot counts as shown: nearly all of it was on, be it late."""
        return self.state == "whole" or (self.state == "late" and self.ms >= WHOLE * self.slot.seconds * 1000)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A venue's plan and what became of it.

    Attributes:
        outcomes: of every slot, by time.
        unplanned: what was on and stands in no slot.
        gatherings: how many came when no event was on, by time.
    """

    outcomes: tuple[SlotOutcome, ...]
    unplanned: tuple[Statement, ...]
    gatherings: tuple[Statement, ...]


def reconcile(slots: Sequence[tuple[str, Slot]], said: Iterable[Statement], now_ms: int) -> Reconciled:
    """Hold statements of a venue against its plan.

    Args:
        slots: as with_ids gives them.
        now_ms: slots that begin later are left out.
    """
    starts = [round(slot.start.timestamp() * 1000) for _, slot in slots]
    past = [named for named, start_ms in zip(slots, starts, strict=True) if start_ms < now_ms]
    desk = _Desk(past, starts[: len(past)])
    for one in sorted(said, key=lambda one: (one.at_ms, one.source, one.pos_ms)):
        desk.take(one)
    outcomes = tuple(_judge(name, slot, desk) for name, slot in past)
    return Reconciled(outcomes, tuple(desk.unplanned), tuple(desk.gatherings))


def union(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """The same without overlaps, by time; empty ones are left out."""
    found: list[Stretch] = []
    for first, last in sorted(stretches):
        if last <= first:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


def length_of(stretches: Iterable[Stretch]) -> int:
    """How long they are together."""
    return sum(last - first for first, last in stretches)


@dataclass(slots=True)
class _File:
    """What is said of one slot so far: stretches of it, in milliseconds from its beginning."""

    shown: tuple[Stretch, ...] = ()
    doubtful: tuple[Stretch, ...] = ()
    replaced: tuple[Stretch, ...] = ()
    noticed: tuple[Stretch, ...] = ()
    first_ms: int | None = None
    held: bool = False
    failed: bool = False
    people: tuple[int, int, int] | None = None  # by hand?, when, how many
    witnesses: frozenset[Witness] = frozenset()
    reason: str = ""


class _Desk:
    """Deals statements out to the slots."""

    def __init__(self, slots: Sequence[tuple[str, Slot]], starts: Sequence[int]) -> None:
        self._slots = slots
        self._by_id = dict(slots)
        self._starts = starts
        self._ends = [start + slot.seconds * 1000 for start, (_, slot) in zip(self._starts, slots, strict=True)]
        self._start_of = dict(zip((name for name, _ in slots), self._starts, strict=True))
        self._places: Mapping[str, list[int]] | None = None
        self.files: dict[str, _File] = defaultdict(_File)
        self.unplanned: list[Statement] = []
        self.gatherings: list[Statement] = []
        self._awake: list[Stretch] = []
        self._awake_from: list[int] = []

    def take(self, one: Statement) -> None:
        """Put a statement where it belongs."""
        match one.said:
            case "awake":
                if not one.doubtful:
                    self._awake.append((one.at_ms, one.end_ms))
                    self._awake_from = []
            case "people":
                self._count(one)
            case "missing":
                self._note_missing(one)
            case "held":
                self._note_held(one)
            case "shown" | "substitute" | "fallback" if one.notice:
                self._note_notice(one)
            case _:
                self._note_shown(one)

    def start_ms(self, slot_id: str) -> int:
        """When the slot is to begin."""
        return self._start_of[slot_id]

    def is_awake(self, slot_id: str) -> bool:
        """Whether a player was running for most of the slot."""
        if not self._awake_from:
            self._awake = list(union(self._awake))
            self._awake_from = [first for first, _ in self._awake]
        start = self._start_of[slot_id]
        end = start + self._by_id[slot_id].seconds * 1000
        place = max(0, bisect_right(self._awake_from, start) - 1)
        covered = 0
        for first, last in self._awake[place:]:
            if first >= end:
                break
            covered += max(0, min(last, end) - max(first, start))
        return covered * 2 > end - start

    def _note_shown(self, one: Statement) -> None:
        if one.slot:
            self._note_claimed(one)
        elif one.witness == "hand":
            for place in self._overlapped(one):
                name, slot = self._slots[place]
                if slot.kind == "lesson":
                    self._add(name, one, one.at_ms - self._starts[place])
        elif one.said == "shown":
            nearest = self._nearest(one)
            if nearest is None:
                self.unplanned.append(one)
            else:
                name, _ = self._slots[nearest]
                self._add(name, one, one.pos_ms)

    def _note_claimed(self, one: Statement) -> None:
        """What names its slot: by the plan that this player had, which may have been an older one."""
        slot = self._by_id.get(one.slot)
        if slot is None:
            if one.said in {"shown", "substitute"}:
                self.unplanned.append(one)
            return
        found = self.files[one.slot]
        since = one.at_ms - self._start_of[one.slot]
        astray = not -_ASTRAY_MS <= since <= slot.seconds * 1000 + _ASTRAY_MS
        if one.said == "fallback":
            found.failed = True
            found.reason = found.reason or one.reason
        elif one.said == "event" or slot.kind != "lesson":
            self._add(one.slot, one, since, doubtful=astray)
        elif one.said == "substitute" or (one.content and one.content[:16] != slot.sha256[:16]):
            found.replaced += ((one.pos_ms, one.pos_ms + one.ms),)
            found.witnesses |= _WITNESS[one.witness]
            found.reason = found.reason or one.reason
        else:
            self._add(one.slot, one, one.pos_ms, doubtful=astray)

    def _add(self, name: str, one: Statement, pos_ms: int, *, doubtful: bool = False) -> None:
        found, slot = self.files[name], self._by_id[name]
        stretch = (max(0, pos_ms), min(slot.seconds * 1000, pos_ms + one.ms))
        if one.doubtful or doubtful:
            found.doubtful += (stretch,)
            return
        found.shown += (stretch,)
        found.witnesses |= _WITNESS[one.witness]
        began = max(one.at_ms, self._start_of[name])
        if stretch[1] > stretch[0] and (found.first_ms is None or began < found.first_ms):
            found.first_ms = began

    def _note_notice(self, one: Statement) -> None:
        """What an emergency notice interrupted is not the venue's fault, and not shown either."""
        self.unplanned.append(one)
        for place in () if one.doubtful else self._overlapped(one):
            name, slot = self._slots[place]
            since = one.at_ms - self._starts[place]
            found = self.files[name]
            found.noticed += ((max(0, since), min(slot.seconds * 1000, since + one.ms)),)
            found.witnesses |= _WITNESS[one.witness]
            found.reason = found.reason or NOTICE_REASON

    def _note_missing(self, one: Statement) -> None:
        places = [] if one.doubtful or one.slot else self._overlapped(one)
        overlapped = [name for name, _ in (self._slots[place] for place in places)]
        names = [one.slot] if one.slot in self._by_id else overlapped
        for name in names:
            if not one.doubtful:
                self.files[name].failed = True
                self.files[name].witnesses |= _WITNESS[one.witness]
                self.files[name].reason = self.files[name].reason or one.reason

    def _note_held(self, one: Statement) -> None:
        for place in self._overlapped(one):
            name, slot = self._slots[place]
            if slot.kind != "lesson":
                self.files[name].held = True
                self._add(name, one, one.at_ms - self._starts[place])

    def _count(self, one: Statement) -> None:
        if one.doubtful:
            return
        counted = (one.witness == "hand", one.at_ms, one.people)
        overlapped = (self._slots[place] for place in self._overlapped(one))
        events = [name for name, slot in overlapped if slot.kind != "lesson"]
        for name in events[:1]:
            found = self.files[name]
            found.people = max(found.people or counted, counted)
        if not events:
            self.gatherings.append(one)

    def _overlapped(self, one: Statement) -> range:
        """The places of the slots that lie in the time that is spoken of, in part or whole."""
        first = bisect_right(self._ends, one.at_ms)
        last = bisect_left(self._starts, max(one.end_ms, one.at_ms + 1))
        return range(first, last)

    def _nearest(self, one: Statement) -> int | None:
        """The slot of that file, of which the time is nearest."""
        keys = [one.content[:16]] if one.content else names_of(one.name)
        if self._places is None:  # our own player names its slots, and needs no names of files
            self._places = _places_by_name(self._slots)
        places = [place for key in keys for place in self._places.get(key, ())]
        near = [
            place for place in places if self._starts[place] - _DRIFT_MS <= one.at_ms <= self._ends[place] + _DRIFT_MS
        ]
        return min(near, key=lambda place: abs(self._starts[place] - one.at_ms), default=None)


def _places_by_name(slots: Sequence[tuple[str, Slot]]) -> Mapping[str, list[int]]:
    """Everything that a file may be called by → the places of its slots."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, (_, slot) in enumerate(slots):
        if slot.kind == "lesson":
            for name in {slot.sha256[:16], slot.lesson.casefold(), _bare(slot.title)} - {""}:
                found[name].append(place)
    return found


def names_of(file_name: str) -> tuple[str, ...]:
    """What a file's name may mean: an id, a hash, a title, with a number before it or without."""
    stem = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    stem = stem.rsplit(".", 1)[0] if "." in stem[-6:] else stem
    without = stem.lstrip("0123456789").lstrip(" ._-、")
    return tuple(dict.fromkeys(name for one in (stem, without) for name in (one.casefold(), _bare(one)) if name))


def _bare(title: str) -> str:
    """A title without what names of files change or drop."""
    return "".join(ch for ch in title.casefold() if ch.isalnum())


def _judge(name: str, slot: Slot, desk: _Desk) -> SlotOutcome:
    start_ms = desk.start_ms(name)
    if name not in desk.files:
        return SlotOutcome(name, slot, "missing" if desk.is_awake(name) else "silent", start_ms)
    found = desk.files[name]
    shown = union(found.shown)
    late_ms = 0 if found.first_ms is None else max(0, found.first_ms - start_ms)
    people = found.people[2] if found.people else None
    state = _state_shown(slot, found, shown, late_ms) or _state_unshown(slot, found, is_awake=desk.is_awake(name))
    return SlotOutcome(name, slot, state, start_ms, length_of(shown), late_ms, found.witnesses, people, found.reason)


def _state_shown(slot: Slot, found: _File, shown: Sequence[Stretch], late_ms: int) -> State | None:
    enough, ms = WHOLE * slot.seconds * 1000, length_of(shown)
    if slot.kind != "lesson" and (found.held or found.people):
        return "whole"
    if ms >= enough:
        return "late" if late_ms > LATE_MS else "whole"
    if ms:
        # One stretch that lacks nothing but its beginning.
        _, until = shown[-1]
        return "late" if len(shown) == 1 and until >= enough else "part"
    return None


def _state_unshown(slot: Slot, found: _File, *, is_awake: bool) -> State:
    if union(found.doubtful):
        return "doubtful"
    if union(found.replaced) or 2 * length_of(union(found.noticed)) >= slot.seconds * 1000:
        return "replaced"
    return "missing" if found.failed or is_awake else "silent"
