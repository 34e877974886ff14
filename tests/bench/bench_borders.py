"""Which finds better places to end a line in farming text, jieba or budoux: python -m tests.bench.bench_borders.

Prints how well each agrees with the marked sentences, how many lines end badly when each guides the line breaking,
and how long it takes to load and to use.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import pairwise
from time import perf_counter
from unittest.mock import patch

from courseware import words
from templates.type import phrases as grading
from templates.type.phrases import BORDER, phrases
from templates.type.typesetting import break_lines
from tests.bench.farming import SENTENCES, borders, unmarked

Segment = Callable[[str], list[str]]
WIDTHS = range(5, 13)


def by_jieba() -> Segment:
    """The words of jieba's dictionary."""
    segment: Segment = words.words_in
    return segment


def by_budoux() -> Segment:
    """The phrases of budoux's model for simplified Chinese."""
    import budoux

    segment: Segment = budoux.load_default_simplified_chinese_parser().parse
    return segment


def bench(name: str, load: Callable[[], Segment]) -> str:
    """One line about one segmenter."""
    words._dictionary.cache_clear()
    began = perf_counter()
    segment = load()
    segment("春季茶园管理")
    loaded = perf_counter()
    for sentence in SENTENCES:
        segment(unmarked(sentence))
    used = perf_counter()
    bad, breaks = _set_lines(segment)
    return (
        f"{name:<8} {_agreement(segment)}  lines ended badly {bad:3} of {breaks}"
        f"  load {1000 * (loaded - began):4.0f} ms  use {1e6 * (used - loaded) / len(SENTENCES):4.0f} us a sentence"
    )


def _agreement(segment: Segment) -> str:
    right = found = wanted = 0
    for sentence in SENTENCES:
        with patch.object(grading, "words_in", segment):
            phrases.cache_clear()
            grades = phrases(unmarked(sentence)).grades
        # What the grading itself thinks of as good: not beside a particle, not behind a preposition.
        places = {place for place, grade in enumerate(grades) if grade <= BORDER // 2}
        right += len(places & borders(sentence))
        found += len(places)
        wanted += len(borders(sentence))
    precision, recall = right / found, right / wanted
    return f"precision {precision:.1%}  recall {recall:.1%}  F1 {2 * precision * recall / (precision + recall):.1%}"


def _set_lines(segment: Segment) -> tuple[int, int]:
    """How many line ends are not at a marked place, and how many there are."""
    bad = breaks = 0
    with patch.object(grading, "words_in", segment):
        phrases.cache_clear()
        for sentence in SENTENCES:
            for width in WIDTHS:
                ends = _ends(break_lines(unmarked(sentence), width, 1) or ())
                bad += len(ends - borders(sentence))
                breaks += len(ends)
    phrases.cache_clear()
    return bad, breaks


def _ends(lines: tuple[str, ...]) -> frozenset[int]:
    ends, at = set(), 0
    for line, _ in pairwise(lines):
        at += len(line)
        ends.add(at)
    return frozenset(ends)


def main() -> None:
    """Print a line for each."""
    sys.stdout.write(f"{len(SENTENCES)} sentences, lines of {WIDTHS[0]} to {WIDTHS[-1]} characters\n")
    for name, load in {"jieba": by_jieba, "budoux": by_budoux}.items():
        sys.stdout.write(bench(name, load) + "\n")


if __name__ == "__main__":
    main()
