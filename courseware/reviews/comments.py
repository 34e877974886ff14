"""What reviewers say of a moment of a finished video, for the editors to see to: entries of the review ledger."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from courseware.errors import InputError, Problem, text
from courseware.lessons.moments import lesson_moment
from courseware.lessons.rendition import Rendition
from courseware.lessons.workspace import Workspace, load_catalogue
from courseware.reviews.items import find_items
from courseware.reviews.ledger import LedgerEntry, Pages, believed, load_pages, open_reviews
from courseware.reviews.wording import worded
from courseware.times import clock, parse_shift
from courseware.validate import not_one_of


@dataclass(frozen=True, slots=True)
class ReviewComment:
    """A comment and what became of it.

    Attributes:
        number: of its entry in the ledger; by it the comment is named.
        settled: by whom and when it was seen to; None while it is open.
    """

    number: int
    said: LedgerEntry
    settled: LedgerEntry | None = None

    @property
    def at_ms(self) -> int:
        """Milliseconds from the start of the video that was seen."""
        return int(self.said.moment)

    @property
    def at(self) -> str:
        """The same for people."""
        return clock(self.at_ms // 1000)


@dataclass(frozen=True, slots=True)
class CommentWish:
    """What somebody has to say.

    Attributes:
        at: the moment in the finished video, like 0:42 or 1:02.5.
        profile: the screen whose video was seen; "" for the first one that is made.
        despite_clock: also when the last entry is of a later time.
    """

    lesson: str
    at: str
    words: str
    by: str
    profile: str = ""
    despite_clock: bool = False


def comments_of(pages: Pages, lessons: Sequence[str] = ()) -> tuple[ReviewComment, ...]:
    """The comments on these lessons, or on all: by lesson, and by moment.

    Raises:
        InputError: the ledger does not hold together.
    """
    believed(pages)
    settled = {one.answers: one for one in pages.entries.values() if one.action == "settled"}
    found = [
        ReviewComment(number, entry, settled.get(str(number)))
        for number, entry in sorted(pages.entries.items())
        if entry.action == "commented" and (not lessons or entry.lesson in lessons)
    ]
    return tuple(sorted(found, key=lambda one: (one.said.lesson, one.at_ms, one.number)))


def load_comments(workspace: Workspace, lessons: Sequence[str] = ()) -> tuple[ReviewComment, ...]:
    """As comments_of, from the workspace's ledger.

    Raises:
        InputError, StorageError: the ledger cannot be read, or does not hold together.
    """
    return comments_of(load_pages(workspace.cache_dir), lessons)


def comment(workspace: Workspace, wish: CommentWish) -> ReviewComment:
    """Write a comment down. Call under the workspace's lock.

    Raises:
        InputError: no such lesson or moment, nothing finished to speak of, no words, no name; all that is wrong of
            these that can be told at once.
    """
    by, words = worded("--by", wish.by), worded("WORDS", wish.words, long=True)
    seen = _video_of(workspace, wish)
    at_ms = parse_shift(wish.at)
    if at_ms is None or not 0 <= at_ms < seen.seconds * 1000:
        what = text(
            "“{at}” is no moment of the video, which lasts {length}; write it like 0:42",
            at=wish.at,
            length=clock(seen.seconds),
        )
        raise InputError(Problem("--at", what))
    entry = LedgerEntry(
        int(time.time()),
        "commented",
        seen.lesson,
        seen.profile,
        seen.sha256,
        seen.key,
        by,
        workspace.settings.office.name,
        words,
        title=seen.title,
        moment=str(at_ms),
    )
    with open_reviews(workspace.cache_dir) as reviews:
        reviews.add([entry], despite_clock=wish.despite_clock)
        return ReviewComment(max(reviews.read().entries), entry)


def settle(
    workspace: Workspace, numbers: Sequence[int], by: str, note: str = "", *, despite_clock: bool = False
) -> tuple[ReviewComment, ...]:
    """Write down that what these comments ask for was seen to. Call under the workspace's lock.

    Raises:
        InputError: a number that is no open comment's, or no name; then nothing is written.
    """
    by, note = worded("--by", by), worded("--note", note, needed=False, long=True)
    known = {one.number: one for one in load_comments(workspace)}
    found = [(number, known.get(number)) for number in dict.fromkeys(numbers)]
    missing = [
        Problem(str(number), text("there is no comment of this number")) for number, one in found if one is None
    ]
    over = [Problem(str(one.number), text("is settled already")) for _, one in found if one and one.settled]
    if missing or over:
        raise InputError(*missing, *over)
    office, now = workspace.settings.office.name, int(time.time())
    done = [
        ReviewComment(one.number, one.said, _answer(one, now, by, office, note))
        for _, one in found
        if one is not None
    ]
    with open_reviews(workspace.cache_dir) as reviews:
        reviews.add([one.settled for one in done if one.settled], despite_clock=despite_clock)
    return tuple(done)


def source_moment(found: ReviewComment, rendition: Rendition | None) -> int | None:
    """The same moment in the lesson's own time, in ms; None where that is not shown then, or nobody knows."""
    return lesson_moment(rendition, found.at_ms) if rendition else None


def _answer(one: ReviewComment, at: int, by: str, office: str, note: str) -> LedgerEntry:
    said = one.said
    return LedgerEntry(
        at, "settled", said.lesson, said.profile, said.content, said.key, by, office, note, answers=str(one.number)
    )


def _video_of(workspace: Workspace, wish: CommentWish) -> Rendition:
    """The finished video that is meant.

    Raises:
        InputError: there is none.
    """
    load_catalogue(workspace).select((wish.lesson,))
    made = {one.rendition.profile: one.rendition for one in find_items(workspace, (wish.lesson,))}
    if not made:
        raise InputError(Problem(wish.lesson, text("is not rendered yet; run “yuanjiao render”")))
    if wish.profile and wish.profile not in made:
        raise InputError(Problem("--profile", not_one_of(wish.profile, sorted(made))))
    usual = (name for name in (*workspace.settings.render.profiles, *made) if name in made)
    return made[wish.profile or next(usual)]
