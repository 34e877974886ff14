"""The least that the soft rules of a day can cost, proved by OR-tools CP-SAT (ortools is needed for this only)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playlists.files.rules import Soft
from playlists.planning.showings import Candidate


@dataclass(frozen=True)
class SmallDay:
    """One window, and what is wished of it; times are seconds after it opens.

    Attributes:
        gap: wished between two starts of a lesson.
        best: when a lesson of `unseen` should be shown for the first time.
        wanted: lessons that were asked for.
    """

    seconds: int
    some: Sequence[Candidate]
    gap: int
    best: tuple[int, int]
    unseen: frozenset[str]
    wanted: frozenset[str]


def least_cost(  # noqa: C901, PLR0912  (one constraint after the other)
    day: SmallDay, weights: Mapping[Soft, int], limit_s: float = 60
) -> tuple[int, bool] | None:
    """The least cost of filling the window exactly, and whether it is proved; None where it cannot be filled.

    A lesson may come twice at most. A pair of showings of it closer than the gap costs, so do neighbours of one
    series, a first showing outside the best time, and a lesson that was asked for and is not shown.
    """
    from ortools.sat.python import cp_model

    some, model = day.some, cp_model.CpModel()
    places = range(day.seconds // min(one.seconds for one in some))
    shown = [[model.new_bool_var(f"x{p}_{n}") for n in range(len(some))] for p in places]
    starts = [model.new_int_var(0, day.seconds, f"s{p}") for p in places]
    model.add(starts[0] == 0)
    for p in places:
        model.add(sum(shown[p]) <= 1)
        if p:
            model.add(sum(shown[p]) <= sum(shown[p - 1]))
            before = sum(x * one.seconds for x, one in zip(shown[p - 1], some, strict=True))
            model.add(starts[p] == starts[p - 1] + before)
    model.add(sum(shown[p][n] * one.seconds for p in places for n, one in enumerate(some)) == day.seconds)
    costs = []
    for n in range(len(some)):
        model.add(sum(shown[p][n] for p in places) <= 2)
        for p in places:
            for q in range(p + 1, len(places)):
                close = model.new_bool_var("")
                both = [shown[p][n], shown[q][n], close.negated()]
                model.add(starts[q] - starts[p] >= day.gap).only_enforce_if(both)
                costs.append(weights["repeat_gap"] * close)
    by_series: dict[str, list[int]] = {}
    for n, one in enumerate(some):
        by_series.setdefault(one.series, []).append(n)
    for p in list(places)[1:]:
        for own in by_series.values():
            row = model.new_bool_var("")
            model.add(sum(shown[p - 1][n] for n in own) + sum(shown[p][n] for n in own) - 1 <= row)
            costs.append(weights["series_in_a_row"] * row)
    for p in places:
        timely = model.new_bool_var("")
        model.add(starts[p] >= day.best[0]).only_enforce_if(timely)
        model.add(starts[p] < day.best[1]).only_enforce_if(timely)
        for n, one in enumerate(some):
            if one.lesson in day.unseen:
                late = model.new_bool_var("")
                model.add(shown[p][n] - timely - sum(shown[q][n] for q in range(p)) <= late)
                costs.append(weights["premieres"] * late)
    for n, one in enumerate(some):
        if one.lesson in day.wanted:
            missed = model.new_bool_var("")
            model.add(1 - sum(shown[p][n] for p in places) <= missed)
            costs.append(weights["requests"] * missed)
    model.minimize(sum(costs))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limit_s
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return round(solver.objective_value), status == cp_model.OPTIMAL
