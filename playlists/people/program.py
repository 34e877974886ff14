"""Choices solved to proven optimality: columns taken or left, rows that bound them. Knows the solver, and no lecture.

HiGHS, through scipy; the gap to the optimum is zero, and the same input gives the same choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count


class Program:
    """Columns that are taken or not, and rows: sums over columns between two bounds."""

    def __init__(self) -> None:
        self._costs: list[float] = []
        self._entries: list[tuple[int, int, float]] = []
        self._bounds: list[tuple[float, float]] = []
        self._row = count()

    def add_column(self, cost: float) -> int:
        """A new column and what it costs to take it; its number."""
        self._costs.append(cost)
        return len(self._costs) - 1

    def add_row(self, columns: Iterable[int], low: float, high: float) -> None:
        """At least `low` and at most `high` of the columns."""
        row = next(self._row)
        self._entries += ((row, column, 1) for column in columns)
        self._bounds.append((low, high))

    def add_soft_row(self, columns: Sequence[int], high: int, price: float) -> None:
        """At most `high` of the columns, or `price` for each beyond."""
        row = next(self._row)
        self._entries += ((row, column, 1) for column in columns)
        self._entries += ((row, self.add_column(price), -1) for _ in range(max(0, len(columns) - high)))
        self._bounds.append((0, high))

    def add_balance(self, columns: Iterable[int], others: Iterable[int]) -> None:
        """As many of the columns as of the others."""
        row = next(self._row)
        self._entries += ((row, column, 1) for column in columns)
        self._entries += ((row, column, -1) for column in others)
        self._bounds.append((0, 0))

    def solve(self, spare: Sequence[int]) -> list[bool]:
        """The cheapest choice among those that take as few of the spare columns as can be."""
        first = self._run(self._costs, spare, 0)
        if first is None:
            only_spare = [0.0] * len(self._costs)
            for column in spare:
                only_spare[column] = 1
            fewest = self._run(only_spare, spare, len(spare)) or []
            first = self._run(self._costs, spare, sum(fewest[column] for column in spare)) or []
        return first

    def _run(self, costs: Sequence[float], spare: Sequence[int], most_spare: int) -> list[bool] | None:
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        row = len(self._bounds)
        entries = [*self._entries, *((row, column, 1) for column in spare)]
        rows, columns, values = zip(*entries, strict=True)
        low, high = zip(*self._bounds, (0, most_spare), strict=True)
        matrix = csr_array((values, (rows, columns)), shape=(row + 1, len(costs)))
        found = milp(
            np.array(costs),
            integrality=np.ones(len(costs)),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(matrix, np.array(low), np.array(high)),
            options={"mip_rel_gap": 0},
        )
        return None if found.x is None else [value > 0.5 for value in found.x]  # noqa: PLR2004  (rounding)
