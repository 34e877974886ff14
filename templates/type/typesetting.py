"""Breaks Chinese text into balanced lines with real glyph widths. Where a line may be broken: phrases.py.

A line is never wider than asked, save when one single character already is. Fewest lines come first, then good
places, then even lengths.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

from templates.type.fonts import Weight, advance
from templates.type.phrases import (
    BORDER,
    NEVER,
    NO_WORDS,
    PAIR,
    TITLE,
    WORD,
    ZERO_WIDTH_SPACE,
    Words,
    is_ideographic,
    phrases,
    tidy,
)

SHORTEST_LAST_LINE = 3  # characters
# Grades up to the first, then up to the second …: the order in which something too wide is taken apart.
_RANKS = (BORDER, WORD, TITLE + BORDER, TITLE + WORD, *range(2_000, PAIR + 1, 1_000))
_ORPHAN_COST = 3_000.0
_RAGGED_COST = 100.0  # of a line that is empty, or twice as long as the average
_PART_COST, _INSIDE_COST = 8.0, 2.0  # how much a good place matters between two pictures, and between their two lines
_ONE_MORE_PART_COST = 90.0
_SHORT_PART_COST = 40  # as a grade: less than tearing a word, more than any border between words
_EXACT = 1e-6  # of an em; what sums of widths may err by
_HALVES = 2  # lines

Cost = Callable[[int, int], float | None]


def break_lines(
    content: str,
    width_px: float,
    em_px: float,
    weight: Weight = "Bold",
    max_lines: int | None = None,
    words: Words = NO_WORDS,
) -> tuple[str, ...] | None:
    """Break text into the fewest lines, as even as good places allow.

    A line feed in `content` is kept as a break, a ZERO WIDTH SPACE asks for one. Blanks at a break are dropped.
    Numbers stay with their units, Latin words, —— and …… stay whole, 《titles》 too when one fits on a line; what is
    wider than a line is taken apart at its mildest places.

    Args:
        width_px: what no line exceeds, > 0.
        em_px: font size, > 0.
        max_lines: None for as many as it takes.
        words: which stay whole where that is possible, beside those of the dictionary.

    Returns:
        The lines, none for blank text; None when more than `max_lines` would be needed.
    """
    limit = width_px / em_px
    lines: list[str] = []
    for paragraph in filter(None, tidy(content).split("\n")):
        block = _block(paragraph, weight, limit, words)
        left = None if max_lines is None else max_lines - len(lines)
        cuts = _cuts(block, 0, len(block.content), left) if block.content else ()
        if cuts is None:
            return None
        lines += _slices(block, cuts)
    return tuple(lines)


def fit_lines(
    content: str, width_px: float, em_sizes: Sequence[int], max_lines: int, weight: Weight = "Bold"
) -> tuple[int, tuple[str, ...]]:
    """Set text as large as it fits.

    Args:
        em_sizes: allowed sizes in pixels, largest first, not empty.
        max_lines: at most so many lines, at least 1.

    Returns:
        The size and the lines. When not even the smallest size fits, a smaller one, so that nothing is clipped; only
        what would not fit at one pixel gets more lines.
    """
    for em_px in (*em_sizes, *range(em_sizes[-1] - 1, 0, -1)):
        lines = break_lines(content, width_px, em_px, weight, max_lines)
        if lines is not None:
            return em_px, lines
    return 1, break_lines(content, width_px, 1, weight) or ()


def split_lines(
    content: str,
    width_px: float,
    em_px: float,
    max_lines: int,
    weight: Weight = "Bold",
    words: Words = NO_WORDS,
) -> tuple[tuple[str, ...], ...]:
    """Cut a paragraph into pictures of at most `max_lines` lines each, at the best places.

    Args:
        content: one paragraph; line feeds count as blanks.

    Returns:
        The lines of each picture, none empty.
    """
    block = _block(tidy(content.replace("\n", " ")), weight, width_px / em_px, words)
    if not block.content:
        return ()
    parts = pairwise(_best_parts(block, max_lines))
    return tuple(_slices(block, _cuts(block, start, end, max_lines) or (start, end)) for start, end in parts)


def rejoin(content: str) -> str:
    """Make of a cue's source lines the paragraphs that they are.

    Lines of one script become one paragraph, with a ZERO WIDTH SPACE (between Latin letters a space) where the source
    broke. Chinese above English stay two paragraphs, and so do two speakers' lines, each begun by a dash.
    """
    lines = [line for line in tidy(content).split("\n") if line]
    if len(lines) > 1 and all(line[0] in "-–—" for line in lines):
        return "\n".join(lines)
    by_script = groupby(lines, key=lambda line: any(map(is_ideographic, line)))
    return "\n".join(_joined(list(group)) for _, group in by_script)


def is_bilingual(content: str) -> bool:
    """Whether paragraphs say the same in two scripts, rather than follow each other."""
    scripts = [any(map(is_ideographic, line)) for line in content.split("\n")]
    return len(scripts) > 1 and len(set(scripts)) == len(scripts)


def is_good_break(before: str, after: str, words: Words = NO_WORDS) -> bool:
    """Whether `after` may well begin a new line: no rule is broken and no word torn."""
    blank = "" if is_ideographic(before[-1]) or is_ideographic(after[0]) else " "
    return phrases(before + blank + after, words).grades[len(before + blank)] <= BORDER


class _Block(NamedTuple):
    """A paragraph for one width. Widths are in em.

    Attributes:
        grades: of each place, 《titles》 that fit already guarded.
        ends: ends[i] is the width of content[:i].
        trimmed: the same without the blank it may end with.
    """

    content: str
    grades: tuple[int, ...]
    ends: tuple[float, ...]
    trimmed: tuple[float, ...]
    limit: float

    def width(self, start: int, end: int) -> float:
        """Of a line, without the blank it may end with."""
        return self.trimmed[end] - self.ends[start] if end > start else 0.0


@lru_cache(maxsize=8192)
def _measured(content: str, weight: Weight) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Widths in em of all beginnings of a text, and of the same without the blank that each may end with."""
    ends = tuple(accumulate((advance(ch, 1, weight) for ch in content), initial=0.0))
    trimmed = (ends[index] if ch.isspace() else ends[index + 1] for index, ch in enumerate(content))
    return ends, (0.0, *trimmed)


def _block(paragraph: str, weight: Weight, limit: float, words: Words) -> _Block:
    """Measure a tidy paragraph; grade it only if it must be broken, since that loads a dictionary."""
    content = paragraph.replace(ZERO_WIDTH_SPACE, "")
    ends, trimmed = _measured(content, weight)
    limit += _EXACT
    if ends[-1] <= limit:
        return _Block(content, (), ends, trimmed, limit)
    graded = phrases(paragraph, words)
    grades = list(graded.grades)
    for start, end in graded.books:
        if ends[end] - ends[start] <= limit:
            grades[start + 1 : end] = [grade + TITLE if grade <= WORD else grade for grade in grades[start + 1 : end]]
    return _Block(content, tuple(grades), ends, trimmed, limit)


def _cuts(block: _Block, start: int, end: int, max_lines: int | None) -> tuple[int, ...] | None:
    """The places where lines begin, and `end`; None when there would be too many lines."""
    if block.width(start, end) <= block.limit:
        return (start, end) if max_lines is None or max_lines > 0 else None
    fallback = None
    for tolerance in (BORDER, WORD):
        places = _places(block, start, end, tolerance)
        if max_lines is not None and _fewest_lines(block, places) > max_lines:
            continue
        cuts = _even_lines(block, places)
        if cuts[-1] - cuts[-2] >= SHORTEST_LAST_LINE:
            return tuple(cuts)
        fallback = fallback or tuple(cuts)
    return fallback


def _places(block: _Block, start: int, end: int, tolerance: int) -> list[int]:
    """Where lines may begin or end; what lies between two neighbours fits on a line."""
    grades = block.grades
    places = [start, *(place for place in range(start + 1, end) if grades[place] <= tolerance), end]
    if all(block.width(*atom) <= block.limit for atom in pairwise(places)):
        return places
    return [start, *(place for atom in pairwise(places) for place in _taken_apart(block, *atom))]


def _taken_apart(block: _Block, start: int, end: int) -> Iterator[int]:
    """The ends of the pieces, each narrow enough, opened at the mildest places that do."""
    if block.width(start, end) > block.limit:
        inside = [
            (grade, place) for place, grade in enumerate(block.grades[start + 1 : end], start + 1) if grade < NEVER
        ]
        if inside:
            rank = _RANKS[bisect_left(_RANKS, min(inside)[0])]
            opened = [start, *(place for grade, place in inside if grade <= rank), end]
            for atom in pairwise(opened):
                yield from _taken_apart(block, *atom)
            return
    yield end


def _even_lines(block: _Block, places: Sequence[int]) -> list[int]:
    """Of the fewest lines the most even: the least sum of squared shares by which lines miss the mean width.

    Added are the grades of the places where lines begin (the worse to break at, the dearer) and what a very short
    last line costs. A line may be too wide only where nothing in it can be parted.
    """

    def line_cost(first: int, after: int) -> float | None:
        width = closes[after] - opens[first]
        if width > block.limit and after > first + 1:
            return None
        last = after == len(places) - 1
        orphan = _ORPHAN_COST if last and places[after] - places[first] < SHORTEST_LAST_LINE else 0.0
        # A shade dearer when long: of two equal layouts the one with the longer last line is taken.
        ragged = (width / average - 1) ** 2 * (1.0 if last or width < average else 1.1)
        return ragged * _RAGGED_COST + orphan + (block.grades[places[first]] if first else 0)

    opens, closes = [block.ends[place] for place in places], [block.trimmed[place] for place in places]
    average = block.width(places[0], places[-1]) / _fewest_lines(block, places)
    return [places[index] for index in _cheapest(len(places), line_cost)]


def _fewest_lines(block: _Block, places: Sequence[int]) -> int:
    """How many lines it takes when each is filled."""
    ends, lines, first = block.ends, 0, 0
    widths = [block.trimmed[place] for place in places]
    while first < len(places) - 1:
        first = max(bisect_right(widths, ends[places[first]] + block.limit) - 1, first + 1)
        lines += 1
    return lines


def _best_parts(block: _Block, max_lines: int) -> list[int]:
    """The places where pictures begin, and the end. One picture more is taken where it keeps clauses whole."""
    if not block.grades:
        return [0, len(block.content)]
    places = _places(block, 0, len(block.content), BORDER)
    widest = max_lines * block.limit
    average = block.ends[-1] / (block.ends[-1] // widest + 1)

    def part_cost(first: int, after: int) -> float | None:
        width, inside = block.width(places[first], places[after]), 0
        if width > block.limit and after > first + 1:
            if width > widest:
                return None
            part = places[first : after + 1]
            halves = _halves(block, part)
            if not halves and (max_lines <= _HALVES or _fewest_lines(block, part) > max_lines):
                return None
            inside = min([block.grades[place] for place in halves or part[1:-1]])
        begun = block.grades[places[first]] if first else 0
        if first and after == len(places) - 1 and places[after] - places[first] < SHORTEST_LAST_LINE:
            begun += _SHORT_PART_COST
        return (width / average - 1) ** 2 * _RAGGED_COST / 2 + begun * _PART_COST + inside * _INSIDE_COST

    return [places[index] for index in _cheapest(len(places), part_cost, _ONE_MORE_PART_COST)]


def _halves(block: _Block, places: Sequence[int]) -> list[int]:
    """The places between the first and the last that leave two lines that fit."""
    latest, earliest = block.ends[places[0]] + block.limit, block.trimmed[places[-1]] - block.limit
    return [place for place in places[1:-1] if block.trimmed[place] <= latest and block.ends[place] >= earliest]


def _cheapest(count: int, cost: Cost, step_cost: float | None = None) -> list[int]:
    """The path from 0 to count - 1 with the least cost; without `step_cost`, among those with the fewest steps.

    Args:
        cost: of a step from one index to a later one; None when it cannot be made, nor any longer one from a smaller
            index. A step to the next index can always be made.
    """
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for after in range(1, count):
        candidates = []
        for first in range(after - 1, -1, -1):
            step = cost(first, after)
            if step is None:
                break
            steps, spent, _ = best[first]
            if step_cost is None:
                candidates.append((steps + 1, spent + step, first))
            else:
                candidates.append((0, spent + step + step_cost, first))
        best.append(min(candidates))
    path = [count - 1]
    while path[-1]:
        path.append(best[path[-1]][2])
    return path[::-1]


def _slices(block: _Block, cuts: Sequence[int]) -> tuple[str, ...]:
    return tuple(block.content[start:end].strip() for start, end in pairwise(cuts))


def _joined(lines: list[str]) -> str:
    """Lines as one paragraph again: a space between Latin words, else a sign without width that allows a break."""
    whole = lines[0]
    for line in lines[1:]:
        latin = not is_ideographic(whole[-1]) and not is_ideographic(line[0])
        tight = _is_full_width(whole[-1]) or _is_full_width(line[0])
        whole += (" " if latin and not tight else ZERO_WIDTH_SPACE) + line
    return whole


def _is_full_width(ch: str) -> bool:
    """Whether the sign is as wide as a Chinese character, so that no space belongs beside it."""
    return "\u3000" <= ch <= "\u303f" or "\uff00" <= ch <= "\uffef" or ch in "—…“”‘’·"
