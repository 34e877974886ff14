"""All that a reviewer of a lesson is shown beside the video on the page of one file, gathered.

Reads what is finished and kept, checks what was not checked yet, and writes nothing. The desk, where that would take
too long, gathers its own: desk/reviews/dossier.py.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

from courseware.errors import InputError, Problem, text
from courseware.lessons.lesson import Lesson
from courseware.lessons.moments import shown_spans
from courseware.lessons.rendition import Rendition, damaged
from courseware.lessons.workspace import Workspace, load_catalogue
from courseware.media.pictures import pictures_at
from courseware.reviews.approval import load_approval
from courseware.reviews.comments import ReviewComment, load_comments
from courseware.reviews.items import ReviewItem, find_damaged, find_items, history_of
from courseware.reviews.ledger import LedgerEntry
from courseware.subtitles import load_shown
from courseware.subtitles.cue import Cue
from courseware.terminal.console import Console
from courseware.times import Span
from render.making.contact_sheet import Stretch, moments_within
from render.quality.checking import CheckedFile
from render.quality.checks.expected import assumed_parts
from render.quality.findings import QualityFinding
from render.quality.seen import recall_from
from render.quality.workflow import check_all, plan_workspace

_PICTURE_PX = 480  # the longer side; more is in the video


@dataclass(frozen=True, slots=True)
class ReviewPicture:
    """What a screen shows at a moment of the finished video."""

    at_ms: int
    width: int
    height: int
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class ReviewScreen:
    """A finished video of the lesson.

    Attributes:
        item: the video, and how it stands in the review.
        findings: of the quality check, in order of time.
        cues: the subtitles, where the video shows them.
    """

    item: ReviewItem
    findings: tuple[QualityFinding, ...]
    cues: tuple[Cue, ...]

    @property
    def profile(self) -> str:
        """Which screen it was made for."""
        return self.item.rendition.profile


@dataclass(frozen=True, slots=True)
class ReviewMaterial:
    """A lesson as a reviewer sees it.

    Attributes:
        screens: every finished video, the largest picture first; never empty.
        missing: the screens of the workspace for which nothing is finished.
        comments: what reviewers said of a moment, by moment.
        history: every step of every review, the oldest first.
        draft: whether one of the videos may not be shown, because nobody has approved it.
        problems: what of the subtitles was left out.
    """

    lesson: Lesson
    screens: tuple[ReviewScreen, ...]
    missing: tuple[str, ...]
    comments: tuple[ReviewComment, ...]
    history: tuple[LedgerEntry, ...]
    draft: bool
    problems: tuple[Problem, ...] = ()

    def screen_named(self, profile: str) -> ReviewScreen:
        """The video for a screen; the largest where none is named.

        Raises:
            InputError: it is not finished.
        """
        for screen in self.screens:
            if profile in {"", screen.profile}:
                return screen
        raise InputError(Problem(f"{self.lesson.id} · {profile}", text("is not rendered yet")))


def gather_review(workspace: Workspace, lesson: str, console: Console) -> ReviewMaterial:
    """All that is known of a lesson's finished videos; what was not checked yet is checked, which takes its time.

    Raises:
        InputError: no such lesson, nothing of it is finished, or the reviews do not hold together.
    """
    (chosen,) = load_catalogue(workspace).select((lesson,))
    items = find_items(workspace, (lesson,))
    if not items:
        spoilt = tuple(map(damaged, find_damaged(workspace, (lesson,))))
        raise InputError(*spoilt or (Problem(lesson, text("is not rendered yet; run “yuanjiao render”")),))
    tasks, unread = plan_workspace(
        workspace, (lesson,), [one.rendition.profile for one in items], recall_from(workspace.cache_dir)
    )
    checked = {one.profile: one for one in check_all(tasks, console, threads=1)}
    cues, skipped = load_shown(chosen.subtitles_path) if chosen.subtitles_path else ((), ())
    screens = (_screen(one, checked.get(one.rendition.profile), cues) for one in items)
    made = {one.rendition.profile for one in items}
    approval = load_approval(workspace)
    return ReviewMaterial(
        lesson=chosen,
        screens=tuple(sorted(screens, key=_largest_first)),
        missing=tuple(name for name in workspace.settings.render.profiles if name not in made),
        comments=load_comments(workspace, (lesson,)),
        history=history_of(workspace, lesson),
        draft=any(approval.is_draft(one.rendition) for one in items),
        problems=tuple(dict.fromkeys((*unread, *skipped))),
    )


def draw_pictures(workspace: Workspace, screen: ReviewScreen) -> tuple[ReviewPicture, ...]:
    """The cards, and the longest subtitles, as the finished video shows them on its canvas.

    Raises:
        MediaError: the video cannot be read.
    """
    made = screen.item.rendition
    title, body, end = (_stretch(made, name) for name in ("title", "body", "end"))
    in_body = [replace(cue, span=cue.span.shifted(-body[0])) for cue in screen.cues]
    moments = moments_within(title, body, end, in_body, made.seconds * 1000)
    found = pictures_at(workspace.renditions_dir / made.profile / made.file, moments)
    pictures = []
    for moment, picture in zip(moments, found, strict=True):
        picture.thumbnail((_PICTURE_PX, _PICTURE_PX))
        stream = io.BytesIO()
        picture.save(stream, format="JPEG", quality=82)
        pictures.append(ReviewPicture(moment, picture.width, picture.height, stream.getvalue()))
    return tuple(pictures)


def _screen(item: ReviewItem, checked: CheckedFile | None, cues: Sequence[Cue]) -> ReviewScreen:
    made = item.rendition
    shown = [replace(cue, span=span) for cue in cues for span in shown_spans(made, cue.span)]
    return ReviewScreen(item, checked.findings if checked else (), tuple(sorted(shown, key=lambda cue: cue.span)))


def _largest_first(screen: ReviewScreen) -> tuple[int, str]:
    made = screen.item.rendition
    return -made.width * made.height, made.profile


def _stretch(made: Rendition, name: str) -> Stretch:
    """Where a part of the video is, in milliseconds; nowhere when it has none."""
    known = {one.name: Span(one.start_ms, one.end_ms) for one in made.parts}
    found = known or {one.name: one.span for one in assumed_parts(made.seconds)}
    span = next((span for part, span in found.items() if part == name), None)
    return (span.start_ms, span.end_ms) if span else (0, 0)
