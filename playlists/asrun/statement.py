"""What a source says happened at a venue, and how the lines of our own player become such statements. Pure.

`wall` tells when, `mono` how long: a clock that is set while something plays makes it neither longer nor shorter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from playlists.asrun.chain import RecordChain
from playlists.asrun.line import LogLine

Said = Literal["shown", "substitute", "event", "missing", "fallback", "people", "held", "awake"]
Witness = Literal["player", "other", "hand"]
_ON: dict[str, Said] = {
    "start": "shown",
    "substitute": "substitute",
    "event": "event",
    "fallback": "fallback",
}
_CARDS = frozenset({"event", "fallback"})
_FAILED = frozenset({"missing", "damaged", "skip"})
# Lines that end what is on, besides the beginning of the next.
_ENDING = frozenset({"end", "idle", "stop", "clock", "boot", "refused"})
_NOTICE = re.compile(r"notice-(\d+)-", re.ASCII)  # how the ids of its slots begin
_STEP_MS = 2_000  # by which the two clocks may differ before the one on the wall was set
LONGEST_MS = 24 * 3600 * 1000  # that one statement speaks of
_WAKE_MS = 6 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement.

    Attributes:
        venue: id.
        source: which log it comes from: machine and boot of our player, or the name of another one.
        witness: our player, other software, or a person with a pen.
        said: "shown" and "substitute": a file was on; "event": the card of a live event; "missing": it could not be
            shown; "held" and "people": a person notes that something was held, and how many came; "awake": the
            player was running.
        at_ms: when, in milliseconds since 1970, by the clock on the wall.
        ms: for how long.
        pos_ms: how far into the slot, or the file, it began.
        slot: id of the slot that it is said to be; "" when none is named.
        content: first digits of the SHA-256 of the file; "" when it is not known.
        name: of the file, or the title, where a source knows no more; of the kit, where said is "awake".
        people: how many came; only where said is "people".
        reason: in the words of the source.
        doubtful: the log does not prove it.
    """

    venue: str
    source: str
    witness: Witness
    said: Said
    at_ms: int
    ms: int
    pos_ms: int = 0
    slot: str = ""
    content: str = ""
    name: str = ""
    people: int = 0
    reason: str = ""
    doubtful: bool = False

    @property
    def notice(self) -> int:
        """The number of the emergency notice that it speaks of; 0 for none."""
        found = _NOTICE.match(self.slot)
        return int(found[1]) if found else 0

    @property
    def end_ms(self) -> int:
        """When it was over, in milliseconds since 1970."""
        return self.at_ms + self.ms


def statements_of(chain: RecordChain, venue: str, until_ms: int) -> tuple[Statement, ...]:
    """What one start of our player says.

    Args:
        venue: for which its kits were made.
        until_ms: the present; what is said of later moments is doubtful.
    """
    lines = [one.line for one in chain.lines]
    found = [*_shown(lines, venue), *_told(lines, venue), *_awake(lines, venue)]
    doubtful = _spans_of(chain, lines)
    return tuple(
        replace(one, doubtful=True) if one.end_ms > until_ms or _touches(one, doubtful) else one for one in found
    )


def _shown(lines: Sequence[LogLine], venue: str) -> Iterator[Statement]:
    """A statement for each stretch that a file or card was on; several where it stood still or jumped."""
    for place, line in enumerate(lines):
        if line.event in _ON:
            on = _said(line, venue, _ON[line.event])
            yield from _joined(_piece(on, line, before, after) for before, after in _pieces(lines, place))


def _piece(on: Statement, first: LogLine, before: LogLine, after: LogLine) -> Statement:
    passed = after.mono - before.mono
    # A file that stood still was on no longer than it moved; one that jumped, not all the way.
    moved = passed if on.said in _CARDS else max(0, after.pos - before.pos)
    pos_ms = before.mono - first.mono if on.said in _CARDS else before.pos
    ms = min(passed, moved, LONGEST_MS)
    return replace(on, at_ms=first.at_ms + before.mono - first.mono, ms=ms, pos_ms=pos_ms)


def _joined(pieces: Iterable[Statement]) -> Iterator[Statement]:
    """The same, with those that follow each other without a gap made one."""
    held: Statement | None = None
    for piece in pieces:
        if held and (held.end_ms, held.pos_ms + held.ms) == (piece.at_ms, piece.pos_ms):
            held = replace(held, ms=held.ms + piece.ms)
            continue
        if held:
            yield held
        held = piece
    if held:
        yield held


def _pieces(lines: Sequence[LogLine], place: int) -> Iterator[tuple[LogLine, LogLine]]:
    """From the line that something began with to the next that speaks of it, and so on until it ended."""
    first = before = last = lines[place]
    for line in lines[place + 1 :]:
        if line.event == "end" and _same(first, line):
            yield before, line
            return
        if line.event == "alive" and _same(first, line):
            yield before, line
            before = line
        elif line.event in _ON or line.event in _ENDING or line.event == "alive":
            # A card has no end of its own: it stood there until the next thing, unless lines between are lost.
            if first.event in _CARDS and line.n == last.n + 1:
                yield before, line
                return
            break
        last = line
    if before is first:
        yield first, first


def _same(first: LogLine, line: LogLine) -> bool:
    """Whether a line speaks of what another began."""
    return first.slot == line.slot and (first.sha16 == line.sha16 or not line.sha16)


def _said(line: LogLine, venue: str, said: Said) -> Statement:
    return Statement(
        venue=venue,
        source=f"{line.machine}/{line.boot}",
        witness="player",
        said=said,
        at_ms=line.at_ms,
        ms=0,
        pos_ms=line.pos,
        slot=line.slot or "",
        content=line.sha16 or "",
        reason=line.reason,
    )


def _told(lines: Iterable[LogLine], venue: str) -> Iterator[Statement]:
    """What is said of a moment: that something failed, how many came."""
    for line in lines:
        if line.event in _FAILED:
            yield _said(line, venue, "missing")
        elif line.event == "tally" and line.reason.strip().isdecimal():
            yield replace(_said(line, venue, "people"), people=min(int(line.reason), 1_000_000))


def _awake(lines: Sequence[LogLine], venue: str) -> Iterator[Statement]:
    """When the player ran by the clock on the wall; a clock that is set, or another kit, begins a new stretch."""
    first: LogLine | None = None
    last: LogLine | None = None
    for line in lines:
        if first is None or last is None:
            first = last = line
            continue
        stepped = abs((line.at_ms - last.at_ms) - (line.mono - last.mono)) > _STEP_MS
        if stepped or line.kit != first.kit:
            yield _stretch(first, last if stepped else line, venue)
            first = line
        elif line.mono - first.mono > _WAKE_MS:
            yield _stretch(first, line, venue)
            first = line
        last = line
    if first is not None and last is not None:
        yield _stretch(first, last, venue)


def _stretch(first: LogLine, last: LogLine, venue: str) -> Statement:
    plain = Statement(venue, f"{first.machine}/{first.boot}", "player", "awake", first.at_ms, 0)
    return replace(plain, ms=last.mono - first.mono, name=first.kit)


def _spans_of(chain: RecordChain, lines: Sequence[LogLine]) -> tuple[tuple[int, int], ...]:
    """The moments, by the clock on the wall, that hang on lines which are not as the player wrote them."""
    spans = []
    for place, line in enumerate(lines):
        if line.n in chain.doubtful:
            before, after = lines[max(0, place - 1)], lines[min(len(lines) - 1, place + 1)]
            moments = (before.at_ms, line.at_ms, after.at_ms)
            spans.append((min(moments), max(moments)))
    return tuple(spans)


def _touches(one: Statement, spans: Iterable[tuple[int, int]]) -> bool:
    # The whole log is not thrown away with one line: that the player ran is said by all of them.
    if one.said == "awake":
        return False
    end_ms = max(one.end_ms, one.at_ms + 1)
    return any((one.at_ms < last and first < end_ms) or first == last == one.at_ms for first, last in spans)
