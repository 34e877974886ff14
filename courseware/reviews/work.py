"""Submit, approve, reject: which finished videos an order means, and what is wrong with it. Prints nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.made_from import dump_inputs, load_inputs
from courseware.lessons.proofs import digest_of
from courseware.lessons.rendition import Rendition, damaged
from courseware.lessons.workspace import Workspace, load_catalogue
from courseware.reviews.book import State
from courseware.reviews.comments import load_comments
from courseware.reviews.items import ReviewItem, find_damaged, find_items
from courseware.reviews.ledger import Action, LedgerEntry, open_reviews
from courseware.reviews.rules import why_refused, why_unknown
from courseware.reviews.wording import worded

Progress = Callable[[int, int], None]


def _unread(renditions: Sequence[Rendition]) -> frozenset[str]:
    return frozenset(one.sha256 for one in renditions)


def _silent(_read: int, _total: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class ReviewOutcome:
    """What was written into the ledger, what could not be, and what is worth saying.

    Attributes:
        before: the videos of the lessons named, as they stood before.
    """

    entries: tuple[LedgerEntry, ...]
    problems: tuple[Problem, ...]
    before: tuple[ReviewItem, ...]
    notes: tuple[Problem, ...] = ()


def nothing_done() -> ReviewOutcome:
    """Where there was nothing to act on."""
    return ReviewOutcome((), (), ())


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """Who acts on which lessons.

    Attributes:
        lessons: ids; every lesson when empty.
        by: the person.
        note: why, in a line.
        step: the step that is meant by an approval; "" for whichever is next.
        despite_clock: act also when the last entry is of a later time.
    """

    lessons: tuple[str, ...]
    by: str
    note: str = ""
    despite_clock: bool = False
    step: str = ""


def submit(workspace: Workspace, order: ReviewRequest, _progress: Progress = _silent) -> ReviewOutcome:
    """Hand in for review what stands neither approved nor waiting.

    Raises:
        InputError: a lesson is not known, or no name is given.
    """
    return _act(workspace, order, "submitted", ("new", "changed", "rejected"))


def approve(workspace: Workspace, order: ReviewRequest, progress: Progress = _silent) -> ReviewOutcome:
    """Take the next step of what waits; a file that was made again since it was handed in has to be handed in again.

    Every file is read: what is approved is what lies on the disk, not only what is said of it.

    Args:
        progress: told how many bytes of how many are read.

    Raises:
        InputError: a lesson is not known, or no name is given.
    """
    rules, by = workspace.settings.review, worded("--by", order.by)
    if order.step and (wrong := why_unknown(order.step, rules)):
        raise InputError(Problem("--step", wrong))

    def refuse(item: ReviewItem) -> Text | None:
        return why_refused(rules, item, by, order.step)

    done = _act(workspace, order, "approved", ("waiting",), refuse, lambda meant: _whole(workspace, meant, progress))
    return replace(done, notes=(*done.notes, *_remarks(workspace, done)))


def reject(workspace: Workspace, order: ReviewRequest, _progress: Progress = _silent) -> ReviewOutcome:
    """Reject what waits, or take back what was approved.

    Raises:
        InputError: a lesson is not known, no name or no reason is given.
    """
    if not order.note.strip():
        raise InputError(Problem("--reason", text("must not be empty")))
    return _act(workspace, order, "rejected", ("waiting", "approved"))


def _act(
    workspace: Workspace,
    order: ReviewRequest,
    action: Action,
    states: tuple[State, ...],
    refuse: Callable[[ReviewItem], Text | None] = lambda _: None,
    check: Callable[[Sequence[Rendition]], frozenset[str]] = _unread,
) -> ReviewOutcome:
    by, note = worded("--by", order.by), worded("--note", order.note, needed=False, long=True)
    items = find_items(workspace, order.lessons)
    due = [one for one in items if one.state in states and (order.lessons or _stands_there(one, order.step))]
    refused = {one.rendition.lesson: why for one in due if (why := refuse(one))}
    meant = [one for one in due if not refuse(one)]
    whole = check([one.rendition for one in meant])
    spoilt = (
        *find_damaged(workspace, order.lessons),
        *(one.rendition for one in meant if one.rendition.sha256 not in whole),
    )
    met = {one.rendition.lesson for one in due} | {one.lesson for one in spoilt}
    no = tuple(Problem(lesson, why) for lesson, why in refused.items())
    problems = (
        *_idle(order.lessons, items, action, met),
        *(no if order.lessons else ()),
        *map(damaged, dict.fromkeys(spoilt)),
    )
    said = LedgerEntry(int(time.time()), action, "", "", "", "", by, workspace.settings.office.name, note)
    entries = tuple(_entry(workspace, one, said) for one in meant if one.rendition.sha256 in whole)
    if entries:
        with open_reviews(workspace.cache_dir) as reviews:
            reviews.add(entries, despite_clock=order.despite_clock)
    return ReviewOutcome(entries, problems, items, () if order.lessons else no)


def _stands_there(item: ReviewItem, step: str) -> bool:
    return not step or (item.due is not None and item.due.name == step)


def _entry(workspace: Workspace, item: ReviewItem, said: LedgerEntry) -> LedgerEntry:
    """What is said of one video; a submission keeps what it was made from, to tell later what was changed."""
    one, made = item.rendition, None
    if said.action == "submitted":
        made = load_inputs(workspace.cache_dir, one.profile, one.lesson)
    return replace(
        said,
        lesson=one.lesson,
        profile=one.profile,
        content=one.sha256,
        key=one.key,
        step=item.due.name if item.due else "",
        title=one.title,
        made_from=dump_inputs(made) if made else "",
    )


def accept(workspace: Workspace, by: str, reason: str) -> None:
    """Answer for a ledger that does not hold together: it is believed again as it stands, which is written into it.

    Raises:
        InputError: no name or no reason is given.
    """
    by, reason = worded("--by", by), worded("--reason", reason)
    entry = LedgerEntry(int(time.time()), "accepted", "", "", "", "", by, workspace.settings.office.name, reason)
    with open_reviews(workspace.cache_dir) as reviews:
        reviews.accept(entry)


def _whole(workspace: Workspace, renditions: Sequence[Rendition], progress: Progress) -> frozenset[str]:
    """The sha256 of those files whose bytes are what their descriptions say."""
    total, read = sum(one.size for one in renditions), 0
    whole = set()
    for rendition in renditions:
        if digest_of(workspace.renditions_dir / rendition.profile / rendition.file, anew=True) == rendition.sha256:
            whole.add(rendition.sha256)
        read += rendition.size
        progress(read, total)
    return frozenset(whole)


def _idle(lessons: Iterable[str], items: Sequence[ReviewItem], action: Action, met: set[str]) -> Iterable[Problem]:
    """The lessons named of which nothing is in the right state, and what would repair it."""
    for lesson in lessons:
        if lesson not in met:
            states = {one.state for one in items if one.rendition.lesson == lesson}
            yield Problem(lesson, _why_idle(states, action))


def _why_idle(states: set[State], action: Action) -> Text:
    if not states:
        return text("is not rendered yet; run “yuanjiao render”")
    if "waiting" in states:
        return text("waits for approval already")
    if "approved" in states:
        return text("is approved already")
    if action == "rejected" or "rejected" in states:
        return text("was not submitted again since it was rejected or changed; run “yuanjiao review submit”")
    if "changed" in states:
        return text("was made again since it was submitted; submit it again")
    return text("is not submitted yet; run “yuanjiao review submit”")


def _remarks(workspace: Workspace, done: ReviewOutcome) -> Iterable[Problem]:
    """What is no fault, but should be seen: one person for both steps, another name printed, videos left behind."""
    printed = {one.id: one.reviewer for one in load_catalogue(workspace).lessons}
    steps = workspace.settings.review.taken_in
    last = steps[-1].name if steps else ""
    said = load_comments(workspace) if done.entries else ()
    for lesson in dict.fromkeys(one.lesson for one in done.entries):
        own = [one for one in done.before if one.rendition.lesson == lesson]
        by = done.entries[0].by
        if any(one.submitted and one.state == "waiting" and one.submitted.by == by for one in own):
            yield Problem(lesson, text("{by} submitted it, too; let somebody else approve", by=by))
        signed = {by, *(decision.by for item in own for decision in item.decisions)}
        if done.entries[0].step == last and printed.get(lesson) not in {None, "", *signed}:
            what = text("the card names {printed} as reviewer, but {by} approved it", printed=printed[lesson], by=by)
            yield Problem(lesson, what)
        waiting = sum(one.said.lesson == lesson and one.settled is None for one in said)
        if waiting:
            yield Problem(lesson, text("{count} comments on it are not settled", count=waiting))
        left = [one.rendition.profile for one in own if one.state in {"new", "changed"}]
        if left:
            yield Problem(lesson, text("not submitted for {profiles} yet", profiles="、".join(left)))
