"""The least that the soft rules of a day can cost, proved by OR-tools CP-SAT (ortools is needed for this only)."""

from __future__ import annotations

from collections.abc import Sequence

from playlists.fill import Candidate


def least_cost(
    seconds: int, some: Sequence[Candidate], gap: int, gap_weight: int, row_weight: int, limit_s: float = 20
) -> tuple[int, bool] | None:
    """The least cost of filling the window exactly, and whether it is proved; None where it cannot be filled.

    A lesson may come twice at most. A pair of showings of it closer than `gap` costs `gap_weight`; neighbours of one
    series cost `row_weight`.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    places = range(seconds // min(one.seconds for one in some))
    shown = [[model.new_bool_var(f"x{p}_{n}") for n in range(len(some))] for p in places]
    starts = [model.new_int_var(0, seconds, f"s{p}") for p in places]
    model.add(starts[0] == 0)
    for p in places:
        model.add(sum(shown[p]) <= 1)
        if p:
            model.add(sum(shown[p]) <= sum(shown[p - 1]))
            before = sum(x * one.seconds for x, one in zip(shown[p - 1], some, strict=True))
            model.add(starts[p] == starts[p - 1] + before)
    model.add(sum(shown[p][n] * one.seconds for p in places for n, one in enumerate(some)) == seconds)
    costs = []
    for n in range(len(some)):
        model.add(sum(shown[p][n] for p in places) <= 2)
        for p in places:
            for q in range(p + 1, len(places)):
                close = model.new_bool_var("")
                both = [shown[p][n], shown[q][n], close.negated()]
                model.add(starts[q] - starts[p] >= gap).only_enforce_if(both)
                costs.append(gap_weight * close)
    by_series: dict[str, list[int]] = {}
    for n, one in enumerate(some):
        by_series.setdefault(one.series, []).append(n)
    for p in list(places)[1:]:
        for own in by_series.values():
            row = model.new_bool_var("")
            model.add(sum(shown[p - 1][n] for n in own) + sum(shown[p][n] for n in own) - 1 <= row)
            costs.append(row_weight * row)
    model.minimize(sum(costs))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limit_s
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return round(solver.objective_value), status == cp_model.OPTIMAL
