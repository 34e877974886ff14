"""Many problems made few for a reader: of one kind the first, and how many more there are. Prints nothing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence

from courseware.errors import Problem, Text, text

# So many of one kind are read at a glance, and are all shown; of more, the first few.
_MOST_ALIKE = 5
_FIRST = 3
_MOST_PLACES = 4
_HEAD = re.compile(r"[^\s:：,，]+")


def folded(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems by kind, in order of each kind's first; of a kind with many the first few and their number."""
    kinds = defaultdict[Hashable, list[Problem]](list)
    for problem in problems:
        kinds[problem.kind, *_patterns(problem.what)].append(problem)
    return tuple(shown for alike in kinds.values() for shown in _few(alike))


def _few(alike: Sequence[Problem]) -> Iterator[Problem]:
    if len(alike) <= _MOST_ALIKE:
        yield from alike
        return
    yield from alike[:_FIRST]
    more = alike[_FIRST:]
    places = list(dict.fromkeys(_place(one) for one in more))
    values = {"count": len(more), "places": "、".join(places[:_MOST_PLACES])}
    if len(places) > _MOST_PLACES:
        what = text("… {count} more of this kind ({places} …); --all shows them", **values)
    else:
        what = text("… {count} more of this kind ({places}); --all shows them", **values)
    yield Problem("", what)


def _patterns(sentence: Text) -> Iterator[str]:
    """What stays the same when a sentence is said of something else."""
    yield sentence.pattern
    for value in sentence.values.values():
        if isinstance(value, Text):
            yield from _patterns(value)


def _place(problem: Problem) -> str:
    """The venue or the file that the problem is about, without minute, row or key."""
    head = _HEAD.match(problem.where)
    return head[0] if head else problem.where
