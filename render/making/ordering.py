"""Lessons become orders, with narration and subtitles, before videos are examined; tells what cannot be begun."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from courseware.errors import Problem, YuanjiaoError
from courseware.lessons.dictionary import words_of
from courseware.lessons.lesson import Lesson
from courseware.lessons.workspace import Workspace
from render.making.timing import readied
from render.plan.order import Order, order_of
from render.plan.screens import load_screens
from render.source.examine import Outcome, Target
from render.source.sources import Unseen


@dataclass(frozen=True, slots=True)
class Ordered:
    """Lessons as orders; what was left out; and which lessons could not be begun, by id, with what is wrong."""

    orders: tuple[Order, ...]
    skipped: tuple[Problem, ...]
    failed: Mapping[str, tuple[Problem, ...]]


def asked_first(lessons: Iterable[Lesson]) -> Iterator[Unseen]:
    """The videos whose lengths are asked before there are orders: clips are laid under a narration, or spliced."""
    for lesson in lessons:
        if not lesson.is_of_one_video:
            yield from (Unseen(path, lesson.audio) for path in lesson.videos)


def ordered_of(lessons: Sequence[Lesson], workspace: Workspace, *, dry_run: bool, stop: threading.Event) -> Ordered:
    """The orders of lessons; what is wrong with one does not concern the others.

    Args:
        dry_run, stop: as for `readied`.

    Raises:
        KeyboardInterrupt: it was called off.
    """
    words, screens = words_of(workspace.root), load_screens(workspace.settings, workspace.root)
    orders, skipped, failed = list[Order](), list[Problem](), dict[str, tuple[Problem, ...]]()
    for chosen in lessons:
        try:
            lesson, remarks = readied(chosen, workspace, dry_run=dry_run, stop=stop)
            skipped += remarks
            order, left_out = order_of(lesson, workspace.settings, screens)
        except YuanjiaoError as error:
            failed[chosen.id] = error.problems
            continue
        orders.append(replace(order, words=words))
        skipped += left_out
    return Ordered(tuple(orders), tuple(skipped), failed)


def not_begun(ordered: Ordered, targets: Iterable[Target]) -> dict[str, tuple[Outcome, ...]]:
    """By lesson, the outcomes of those targets whose lesson could not be begun."""
    found: dict[str, tuple[Outcome, ...]] = {}
    for target in targets:
        if wrong := ordered.failed.get(target.lesson):
            found[target.lesson] = (*found.get(target.lesson, ()), Outcome(target, "failed", problems=wrong))
    return found
