"""A short day put together again, showing by showing, where every attempt broke a soft rule. Pure.

Finds the least that the soft rules can cost when the search ends in time, and never leaves a second more empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from playlists.files.rules import Soft
from playlists.planning.layout import Pool, Showing, Stretch
from playlists.planning.polish import Judge
from playlists.planning.sums import sums_of
from playlists.planning.tasks import Candidate, History

# Longer days have too many orders, and always some without a breach that swaps find.
_MOST_SHOWINGS, _MOST_LESSONS = 12, 16
_MOST_STEPS = 3000


def best_of_few(
    planned: Sequence[Showing],
    free: Sequence[Stretch],
    pool: Pool,
    judge: Judge,
    history: History,
    wanted: frozenset[str],
    seen: AbstractSet[tuple[str, ...]],
) -> list[Showing] | None:
    """A day that costs less than the planned one; None where there is none, or the day is not of that kind."""
    full = sum(one.candidate.seconds for one in planned) == sum(one.seconds for one in free)
    plain = not judge.every and not any(one.block and one.block.replay for one in free)
    if not (full and plain and len(planned) <= _MOST_SHOWINGS and len(pool.candidates) <= _MOST_LESSONS):
        return None
    search = _Search(planned, free, pool, judge, history, wanted, seen)
    return search.better_than(search.cost_of(planned))


@dataclass(slots=True)
class _Search:
    """Deeper and deeper by cost: first what costs nothing, then what costs as little as can be more."""

    planned: Sequence[Showing]
    free: Sequence[Stretch]
    pool: Pool
    judge: Judge
    history: History
    wanted: frozenset[str]
    seen: AbstractSet[tuple[str, ...]]
    steps: int = 0
    bound: int = 0
    following: int | None = None
    path: list[Showing] = field(default_factory=list)

    def better_than(self, cost: int) -> list[Showing] | None:
        """The cheapest day, if it costs less than that."""
        reach = [sums_of(one.seconds, self.pool.lengths, every=True) for one in self.free]
        queue = sorted(self.pool.candidates, key=self._turn)
        while self.bound < cost and self.steps < _MOST_STEPS:
            self.following = None
            if self._extend(0, 0, dict(self.history.last), reach, queue):
                return [one._replace(why=self._why(place)) for place, one in enumerate(self.path)]
            if self.following is None:
                return None
            self.bound = self.following
        return None

    def cost_of(self, showings: Sequence[Showing]) -> int:
        """What the day's breaches weigh, with those that are only known when it is complete."""
        return self.judge.cost(showings) + self._whole(showings)

    def _turn(self, one: Candidate) -> tuple[bool, int, int, str]:
        uses, last = self.history.uses.get(one.lesson, 0), self.history.last.get(one.lesson, 0)
        return one.lesson not in self.wanted, uses, last, one.lesson

    def _extend(
        self, stretch: int, cost: int, latest: dict[str, int], reach: Sequence[int], queue: Sequence[Candidate]
    ) -> bool:
        if stretch == len(self.free):
            return self._complete(cost)
        here = self.free[stretch]
        now = max(here.start, self.path[-1].end) if self.path else here.start
        if now == here.end:
            return self._extend(stretch + 1, cost, latest, reach, queue)
        self.steps += 1
        if self.steps > _MOST_STEPS:
            return False
        for more, one in self._possible(now, here.end - now, latest, reach[stretch], queue):
            if cost + more > self.bound:
                self._note(cost + more)
                continue
            before = latest.get(one.candidate.lesson)
            latest[one.candidate.lesson] = now
            self.path.append(one)
            if self._extend(stretch, cost + more, latest, reach, queue):
                return True
            self.path.pop()
            if before is None:
                del latest[one.candidate.lesson]
            else:
                latest[one.candidate.lesson] = before
        return False

    def _possible(
        self, now: int, left: int, latest: dict[str, int], reach: int, queue: Sequence[Candidate]
    ) -> Iterator[tuple[int, Showing]]:
        """What may come now, with what it costs; what leaves a rest that nothing fills does not."""
        block, previous = self._block_at(now), self.path[-1] if self.path else None
        for one in queue:
            if one.seconds > left or not reach >> (left - one.seconds) & 1:
                continue
            if previous is None or one != previous.candidate:
                since = now - latest[one.lesson] if one.lesson in latest else None
                if (since is None or since >= self.judge.apart) and self.judge.is_free(one.lesson, now):
                    showing = Showing(now, one, block)
                    yield self._more(showing, previous, since), showing

    def _more(self, one: Showing, previous: Showing | None, since: int | None) -> int:
        judge = self.judge
        lesson, broken = one.candidate.lesson, list[Soft]()
        if since is not None and since < judge.gap:
            broken.append("repeat_gap")
        if lesson not in judge.own.get(one.block, ()):
            broken.append("blocks")
        first = lesson in judge.unseen and all(other.candidate.lesson != lesson for other in self.path)
        if first and judge.best and not judge.best[0] <= one.start < judge.best[1]:
            broken.append("premieres")
        if previous and previous.end == one.start and judge.series_of(previous) == judge.series_of(one) != "":
            asked = previous.block == one.block and one.block in judge.single
            broken += [] if asked else ["series_in_a_row"]
        return sum(judge.weight(rule) for rule in broken)

    def _complete(self, cost: int) -> bool:
        if tuple(one.candidate.lesson for one in self.path) in self.seen:
            return False
        whole = cost + self._whole(self.path)
        if whole > self.bound:
            self._note(whole)
            return False
        return True

    def _whole(self, showings: Sequence[Showing]) -> int:
        """Wishes that are not met, and series in which some lesson is more than one showing ahead of another."""
        judge, counts = self.judge, dict(self.history.uses)
        for one in showings:
            counts[one.candidate.lesson] = counts.get(one.candidate.lesson, 0) + 1
        missed = len(self.wanted & self.pool.lessons.keys() - {one.candidate.lesson for one in showings})
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
        first = all(one.candidate.lesson != lesson for one in self.path[:place])
        return "request" if first and lesson in self.wanted else ""

    def _block_at(self, now: int) -> str:
        """The block that the plan has on then."""
        return next((one.block for one in self.planned if now < one.end), self.planned[-1].block)
