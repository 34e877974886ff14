"""A lesson as its reviewers see it: its finished videos, the steps taken, what was said, the subtitles beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from courseware.clutter import listed
from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.lesson import FILE_NAME, Lesson, load_lesson
from courseware.lessons.moments import shown_spans
from courseware.lessons.rendition import load_rendition
from courseware.lessons.workspace import Catalogue, Workspace
from courseware.reviews.comments import ReviewComment, load_comments, source_moment
from courseware.reviews.items import ReviewItem, find_items
from courseware.reviews.ledger import LedgerEntry
from courseware.reviews.subjects import SubjectItem
from courseware.reviews.telling import standing
from courseware.subtitles import load_subtitles, why_not_shown
from courseware.times import clock
from desk.lessons.editing import folder_of


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A lesson and one state that finished videos of it are in.

    Attributes:
        item: one of these videos.
        profiles: the screens that they are for.
        waiting: comments on the lesson that are not settled.
    """

    item: ReviewItem
    standing: Text
    profiles: tuple[str, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class ShownCue:
    """A subtitle at its moment in the finished video."""

    at_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything a reviewer looks at.

    Attributes:
        items: the finished videos.
        seen: the one that is shown.
        cues: the subtitles as they stand now.
    """

    lesson: Lesson
    items: tuple[ReviewItem, ...]
    seen: ReviewItem
    comments: tuple[ReviewComment, ...]
    cues: tuple[ShownCue, ...]

    @property
    def waiting(self) -> tuple[ReviewComment, ...]:
        """The comments that are not settled."""
        return tuple(one for one in self.comments if one.settled is None)


@dataclass(frozen=True, slots=True)
class AskedChange:
    """An open comment as the editor of the subtitles sees it: at its moment in the raw video."""

    number: int
    said: LedgerEntry
    at_ms: int
    settled: None = None

    @property
    def at(self) -> str:
        """The moment, for people."""
        return clock(self.at_ms // 1000)


def asked_of(workspace: Workspace, lesson: str) -> tuple[ReviewComment, ...]:
    """The comments on a lesson that are not settled.

    Raises:
        InputError: the ledger cannot be read.
    """
    return tuple(one for one in load_comments(workspace, (lesson,)) if one.settled is None)


def asked_by_lesson(workspace: Workspace) -> Counter[str]:
    """How many comments are not settled, by lesson.

    Raises:
        InputError: the ledger cannot be read.
    """
    return Counter(one.said.lesson for one in load_comments(workspace) if one.settled is None)


def asked_in_source(workspace: Workspace, lesson: str) -> tuple[AskedChange, ...]:
    """The comments that are not settled, in the time of the raw video; at its start what is said of a card.

    Raises:
        InputError: the ledger cannot be read.
    """
    made = {one: load_rendition(workspace.renditions_dir / one, lesson) for one in known_profiles(workspace)}
    return tuple(
        AskedChange(one.number, one.said, source_moment(one, made.get(one.said.profile)) or 0)
        for one in asked_of(workspace, lesson)
    )


def known_profiles(workspace: Workspace) -> tuple[str, ...]:
    """The screens for which something was ever made."""
    return tuple(path.name for path in listed(workspace.renditions_dir) if path.is_dir())


def review_rows(workspace: Workspace, catalogue: Catalogue) -> tuple[ReviewRow, ...]:
    """All lessons of which something is finished: those that wait first, then what is not submitted.

    Raises:
        InputError: the ledger cannot be read.
    """
    waiting = asked_by_lesson(workspace)
    groups: dict[tuple[str, str, str], list[ReviewItem]] = {}
    for item in find_items(workspace, (), catalogue):
        due = item.due.name if item.due else ""
        groups.setdefault((item.rendition.lesson, item.state, due), []).append(item)
    rows = [
        ReviewRow(
            own[0], standing(own[0]), tuple(one.rendition.profile for one in own), waiting[own[0].rendition.lesson]
        )
        for own in groups.values()
    ]
    order = ("waiting", "changed", "new", "rejected", "approved")
    return tuple(sorted(rows, key=lambda row: order.index(row.item.state)))


def load_dossier(workspace: Workspace, lesson_id: str, profile: str, catalogue: Catalogue) -> Dossier:
    """What is to be seen of a lesson.

    Args:
        profile: the screen whose video is shown; "" for the one with the largest picture.

    Raises:
        InputError: no such lesson, nothing of it is finished, or the ledger cannot be read.
    """
    lesson = load_lesson(folder_of(workspace, lesson_id) / FILE_NAME, workspace.settings)
    items = find_items(workspace, (lesson_id,), catalogue)
    seen = next((one for one in items if one.rendition.profile == profile), None)
    if not items or (profile and seen is None):
        raise InputError(Problem(lesson_id, text("is not rendered yet; render it on the page “Courseware”")))
    seen = seen or max(items, key=_area)
    return Dossier(lesson, items, seen, load_comments(workspace, (lesson_id,)), _cues(lesson, seen))


def _area(item: ReviewItem) -> int:
    return item.rendition.width * item.rendition.height


def _cues(lesson: Lesson, seen: ReviewItem) -> tuple[ShownCue, ...]:
    """The subtitles where the video's description says that they are seen."""
    path = lesson.subtitles_path
    if path is None or why_not_shown(path):
        return ()
    try:
        cues = load_subtitles(path, mend=True).cues
    except InputError:  # the subtitle editor tells it
        return ()
    shown = (ShownCue(span.start_ms, one.text) for one in cues for span in shown_spans(seen.rendition, one.span))
    return tuple(sorted(shown, key=lambda one: one.at_ms))


def steps_shown(item: ReviewItem | SubjectItem, names: Sequence[str]) -> tuple[str, ...]:
    """The names of the steps that it has still to take, in order."""
    taken = {one.step for one in item.decisions if one.action == "approved"}
    return tuple(name for name in names if name not in taken) if item.state == "waiting" else ()
