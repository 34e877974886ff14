"""Two searches, showing by showing and back again: lessons kept apart, and a short day at the least cost.

Both are bounded by steps, not by time, so that they find the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from playlists.files.rules import Soft
from playlists.planning.judge import Judge
from playlists.planning.shelf import Pool
from playlists.planning.showings import BlockPart, Candidate, FillOrder, FreeStretch, History, PlannedShowing
from playlists.planning.sums import sums_of

# Steps of the search that keeps lessons apart.
_MOST_STEPS_APART = 1000
# Showings in a stretch beyond which the search would be too deep.
_DEEPEST = 400
# Longer days have too many orders, and always some without a breach that swaps find.
_MOST_SHOWINGS, _MOST_LESSONS = 12, 16
_MOST_STEPS_SHORT = 3000


def fill_apart(
    stretch: FreeStretch, parts: Sequence[BlockPart], pool: Pool, history: History, apart: int, order: FillOrder
) -> list[PlannedShowing]:
    """The stretch with every lesson kept apart: exactly filled where a search finds how, else with pauses."""
    later, firm = order.later or {}, order.firm or {}
    for coming in (later,) if later == firm else (later, firm):
        found = ApartSearch(stretch, parts, pool, apart, coming).exact(dict(history.last), history.uses)
        if found is not None:
            return found
    return ApartSearch(stretch, parts, pool, apart, firm).with_pauses(dict(history.last))


@dataclass(slots=True)
class ApartSearch:
    """Showing after showing, the most rested first, and back again where that leads nowhere."""

    stretch: FreeStretch
    parts: Sequence[BlockPart]
    pool: Pool
    apart: int
    later: Mapping[str, int]
    steps: int = 0

    def exact(self, last: dict[str, int], uses: Mapping[str, int]) -> list[PlannedShowing] | None:
        """A way to fill all of it; None when there is none, or none was found in time."""
        total = self.stretch.seconds
        shortest = min((candidate.seconds for candidate in self.pool.candidates), default=0)
        if not shortest or total // shortest > _DEEPEST:
            return None
        reachable = sums_of(total, self.pool.lengths, every=True)
        ordered = sorted(self.pool.candidates, key=lambda each: (uses.get(each.lesson, 0), each.lesson))
        path: list[PlannedShowing] = []
        return path if reachable >> total & 1 and self._extend(path, last, reachable, ordered) else None

    def _extend(
        self, path: list[PlannedShowing], last: dict[str, int], reachable: int, ordered: list[Candidate]
    ) -> bool:
        """Whether the path can go on to the end of the stretch; depth first, most rested lesson first, and back."""
        now = path[-1].end if path else self.stretch.start
        left = self.stretch.end - now
        if not left:
            return True
        self.steps += 1
        if self.steps > _MOST_STEPS_APART:
            return False
        for candidate in self._rested(now, last, ordered):
            if candidate.seconds > left or not reachable >> (left - candidate.seconds) & 1:
                continue
            before = last.get(candidate.lesson)
            path.append(PlannedShowing(now, candidate, self._block_at(now)))
            last[candidate.lesson] = now
            if self._extend(path, last, reachable, ordered):
                return True
            path.pop()
            if before is None:
                del last[candidate.lesson]
            else:
                last[candidate.lesson] = before
            if self.steps > _MOST_STEPS_APART:
                return False
        return False

    def with_pauses(self, last: dict[str, int]) -> list[PlannedShowing]:
        """The most rested lesson that fits, again and again; nothing while none may be shown."""
        path, now = list[PlannedShowing](), self.stretch.start
        while True:
            fitting = [candidate for candidate in self.pool.candidates if candidate.seconds <= self.stretch.end - now]
            rested = list(self._rested(now, last, fitting))
            if rested:
                path.append(PlannedShowing(now, rested[0], self._block_at(now)))
                last[rested[0].lesson] = now
                now += rested[0].seconds
                continue
            again = [last[candidate.lesson] + self.apart for candidate in fitting if candidate.lesson in last]
            again = [at for at in again if at > now]
            if not again or min(again) >= self.stretch.end:
                return path
            now = min(again)

    def _rested(self, now: int, last: Mapping[str, int], some: Iterable[Candidate]) -> list[Candidate]:
        """What may start now, apart from its starts before and after: the block's own first, longest ago first."""
        own = self._own_at(now)
        rested = [
            candidate
            for candidate in some
            if now - last.get(candidate.lesson, now - self.apart) >= self.apart
            and self.later.get(candidate.lesson, now + self.apart) - now >= self.apart
        ]
        return sorted(rested, key=lambda each: (each.lesson not in own, last.get(each.lesson, 0)))

    def _own_at(self, now: int) -> set[str]:
        return next(({candidate.lesson for candidate in part.own} for part in self._parts_from(now)), set())

    def _block_at(self, now: int) -> str:
        return next(part.name for part in self._parts_from(now))

    def _parts_from(self, now: int) -> Iterable[BlockPart]:
        """The parts of the stretch that are not over at that moment."""
        end = self.stretch.start
        for part in self.parts:
            end += part.seconds
            if now < end:
                yield part


def best_of_few(
    planned: Sequence[PlannedShowing],
    free: Sequence[FreeStretch],
    pool: Pool,
    judge: Judge,
    history: History,
    wanted: frozenset[str],
    seen: AbstractSet[tuple[str, ...]],
) -> list[PlannedShowing] | None:
    """A day that costs less than the planned one; None where there is none, or the day is not of that kind."""
    full = sum(showing.candidate.seconds for showing in planned) == sum(stretch.seconds for stretch in free)
    plain = not judge.every and not any(stretch.block and stretch.block.replay for stretch in free)
    if not (full and plain and len(planned) <= _MOST_SHOWINGS and len(pool.candidates) <= _MOST_LESSONS):
        return None
    search = _ShortDaySearch(planned, free, pool, judge, history, wanted, seen)
    return search.better_than(search.cost_of(planned))


@dataclass(slots=True)
class _ShortDaySearch:
    """Deeper and deeper by cost: first what costs nothing, then what costs as little as can be more."""

    planned: Sequence[PlannedShowing]
    free: Sequence[FreeStretch]
    pool: Pool
    judge: Judge
    history: History
    wanted: frozenset[str]
    seen: AbstractSet[tuple[str, ...]]
    steps: int = 0
    bound: int = 0
    following: int | None = None
    path: list[PlannedShowing] = field(default_factory=list)

    def better_than(self, cost: int) -> list[PlannedShowing] | None:
        """The cheapest day, if it costs less than that."""
        reach = [sums_of(stretch.seconds, self.pool.lengths, every=True) for stretch in self.free]
        queue = sorted(self.pool.candidates, key=self._turn)
        while self.bound < cost and self.steps < _MOST_STEPS_SHORT:
            self.following = None
            if self._extend(0, 0, dict(self.history.last), reach, queue):
                return [showing._replace(why=self._why(place)) for place, showing in enumerate(self.path)]
            if self.following is None:
                return None
            self.bound = self.following
        return None

    def cost_of(self, showings: Sequence[PlannedShowing]) -> int:
        """What the day's breaches weigh, with those that are only known when it is complete."""
        return self.judge.cost(showings) + self._whole(showings)

    def _turn(self, candidate: Candidate) -> tuple[bool, int, int, str]:
        lesson = candidate.lesson
        uses, last = self.history.uses.get(lesson, 0), self.history.last.get(lesson, 0)
        return lesson not in self.wanted, uses, last, lesson

    def _extend(
        self, stretch: int, cost: int, latest: dict[str, int], reach: Sequence[int], queue: Sequence[Candidate]
    ) -> bool:
        """Whether the path can be completed within the bound; notes the least cost beyond it, the next bound."""
        if stretch == len(self.free):
            return self._complete(cost)
        here = self.free[stretch]
        now = max(here.start, self.path[-1].end) if self.path else here.start
        if now == here.end:
            return self._extend(stretch + 1, cost, latest, reach, queue)
        self.steps += 1
        if self.steps > _MOST_STEPS_SHORT:
            return False
        for more, showing in self._possible(now, here.end - now, latest, reach[stretch], queue):
            if cost + more > self.bound:
                self._note(cost + more)
                continue
            before = latest.get(showing.candidate.lesson)
            latest[showing.candidate.lesson] = now
            self.path.append(showing)
            if self._extend(stretch, cost + more, latest, reach, queue):
                return True
            self.path.pop()
            if before is None:
                del latest[showing.candidate.lesson]
            else:
                latest[showing.candidate.lesson] = before
        return False

    def _possible(
        self, now: int, left: int, latest: dict[str, int], reach: int, queue: Sequence[Candidate]
    ) -> Iterator[tuple[int, PlannedShowing]]:
        """What may come now, with what it costs; what leaves a rest that nothing fills does not."""
        block, previous = self._block_at(now), self.path[-1] if self.path else None
        for candidate in queue:
            if candidate.seconds > left or not reach >> (left - candidate.seconds) & 1:
                continue
            if previous is None or candidate != previous.candidate:
                since = now - latest[candidate.lesson] if candidate.lesson in latest else None
                if (since is None or since >= self.judge.apart) and self.judge.is_free(candidate.lesson, now):
                    showing = PlannedShowing(now, candidate, block)
                    yield self._more(showing, previous, since), showing

    def _more(self, showing: PlannedShowing, previous: PlannedShowing | None, since: int | None) -> int:
        """What the rules weigh that it breaks after the showing before, and so many seconds since its own last."""
        judge = self.judge
        lesson, broken = showing.candidate.lesson, list[Soft]()
        if since is not None and since < judge.gap:
            broken.append("repeat_gap")
        if lesson not in judge.own.get(showing.block, ()):
            broken.append("blocks")
        first = lesson in judge.unseen and all(other.candidate.lesson != lesson for other in self.path)
        if first and judge.best and not judge.best.holds(showing.start):
            broken.append("premieres")
        if previous and previous.end == showing.start and judge.series_of(previous) == judge.series_of(showing) != "":
            asked = previous.block == showing.block and showing.block in judge.single
            broken += [] if asked else ["series_in_a_row"]
        return sum(judge.weight(rule) for rule in broken)

    def _complete(self, cost: int) -> bool:
        """Whether to keep the day: in no order seen before, and within the bound with what only a whole day costs."""
        if tuple(showing.candidate.lesson for showing in self.path) in self.seen:
            return False
        whole = cost + self._whole(self.path)
        if whole > self.bound:
            self._note(whole)
            return False
        return True

    def _whole(self, showings: Sequence[PlannedShowing]) -> int:
        """Wishes that are not met, and series in which some lesson is more than one showing ahead of another."""
        judge, counts = self.judge, dict(self.history.uses)
        for showing in showings:
            counts[showing.candidate.lesson] = counts.get(showing.candidate.lesson, 0) + 1
        missed = len(self.wanted & self.pool.lessons.keys() - {showing.candidate.lesson for showing in showings})
        numbers: dict[str, list[int]] = {}
        for each in self.pool.candidates:
            if each.series:
                numbers.setdefault(each.series, []).append(counts.get(each.lesson, 0))
        unfair = sum(max(some) - min(some) > 1 for some in numbers.values())
        return missed * judge.weight("requests") + unfair * judge.weight("fresh")

    def _note(self, cost: int) -> None:
        self.following = cost if self.following is None else min(self.following, cost)

    def _why(self, place: int) -> str:
        lesson = self.path[place].candidate.lesson
        first = all(showing.candidate.lesson != lesson for showing in self.path[:place])
        return "request" if first and lesson in self.wanted else ""

    def _block_at(self, now: int) -> str:
        """The block that the plan has on then."""
        return next((showing.block for showing in self.planned if now < showing.end), self.planned[-1].block)
