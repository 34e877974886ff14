"""Choices solved to optimality: columns of whole numbers, rows that bound them. Knows the solver, and no lecture.

HiGHS, through scipy; the same input gives the same choice. That nothing is better is proven, unless a proof would
take minutes; then it is known how much better something may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count

# Parts into which the solver divides a problem; some thousand take minutes. A limit by the clock would make chance.
_MOST_NODES = 1000
_IMPOSSIBLE = 2  # of the solver's answers
Limit = tuple[Sequence[int], int]
"""Columns, and how often they may be taken all together."""


class Program:
    """Columns that are taken or not, or several times, and rows: sums over columns between two bounds.

    Attributes:
        gap: by what part a choice may be better than the one that was found; 0 when none is.
    """

    def __init__(self) -> None:
        self.gap = 0.0
        self._costs: list[float] = []
        self._most: list[int] = []
        self._entries: list[tuple[int, int, float]] = []
        self._bounds: list[tuple[float, float]] = []
        self._row = count()

    def add_column(self, cost: float, most: int = 1) -> int:
        """A new column, how often it may be taken, and what it costs each time; its number."""
        self._costs.append(cost)
        self._most.append(most)
        return len(self._costs) - 1

    def most_of(self, columns: Iterable[int]) -> int:
        """How often they may be taken all together."""
        return sum(self._most[column] for column in columns)

    def add_row(self, columns: Iterable[int], low: float, high: float, less: Iterable[int] = ()) -> None:
        """At least `low` and at most `high` of the columns, those of `less` taken off."""
        row = next(self._row)
        self._entries += ((row, column, 1) for column in columns)
        self._entries += ((row, column, -1) for column in less)
        self._bounds.append((low, high))

    def add_soft_row(self, columns: Sequence[int], high: int, price: float) -> None:
        """At most `high` of the columns, or `price` for each beyond."""
        beyond = [self.add_column(price) for _ in range(max(0, len(columns) - high))]
        self.add_row(columns, 0, high, beyond)

    def add_balance(self, columns: Iterable[int], others: Iterable[int]) -> None:
        """As many of the columns as of the others."""
        self.add_row(columns, 0, 0, others)

    def solve(self, *scarce: Sequence[int]) -> list[int]:
        """How often each column is taken in the cheapest choice that takes as few as can be of the scarce ones.

        Args:
            scarce: first as few as can be of the first ones; then, with that, of the second; and so on.
        """
        found = self.within([(columns, 0) for columns in scarce])
        if found is not None:
            return found
        limits = list[Limit]()
        for columns in scarce:
            only = [0.0] * len(self._costs)
            for column in columns:
                only[column] = 1
            found = self._run(only, limits) or []
            limits.append((columns, sum(found[column] for column in columns)))
        return self.within(limits) or found or []

    def within(self, limits: Sequence[Limit]) -> list[int] | None:
        """The cheapest choice within these limits; None when there is none."""
        return self._run(self._costs, limits)

    def _run(self, costs: Sequence[float], limits: Sequence[Limit]) -> list[int] | None:
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        first = len(self._bounds)
        entries = [*self._entries]
        entries += [(first + n, column, 1) for n, (columns, _) in enumerate(limits) for column in columns]
        rows, columns, values = zip(*entries, strict=True)
        low, high = zip(*self._bounds, *((0, most) for _, most in limits), strict=True)
        matrix = csr_array((values, (rows, columns)), shape=(first + len(limits), len(costs)))
        bounds, rules = Bounds(0, np.array(self._most)), LinearConstraint(matrix, np.array(low), np.array(high))
        # Where nothing was found within the limit there may be something nevertheless.
        for nodes in ({"node_limit": _MOST_NODES}, {}):
            options = {"mip_rel_gap": 0, **nodes}
            whole = np.ones(len(costs))
            found = milp(np.array(costs), integrality=whole, bounds=bounds, constraints=rules, options=options)
            if found.x is not None or found.status == _IMPOSSIBLE:
                break
        if found.x is None:
            return None
        self.gap = max(self.gap, float(found.mip_gap or 0))
        return [round(value) for value in found.x]
