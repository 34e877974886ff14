"""The finished videos of a workspace, and how each stands in the review. Decides nothing, writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from courseware.clutter import listed
from courseware.errors import Text, text
from courseware.lessons.made_from import changes, load_inputs, parse_inputs
from courseware.lessons.rendition import Rendition, damaged_renditions, load_rendition
from courseware.lessons.settings import ReviewStep
from courseware.lessons.workspace import Catalogue, Workspace, load_catalogue
from courseware.reviews.book import Book, State, load_book
from courseware.reviews.ledger import LedgerEntry, believed, load_pages


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """A finished video and how it stands.

    Attributes:
        submitted: by whom and when, as far as it has come.
        decisions: what was decided of it since, the first first; what was decided before that is past.
        due: the step that is waited for; None where there are no steps, or it does not wait.
        changed: what is not as in the file of its lesson and screen that was submitted before.
        approved: the submission of the file of its lesson and screen that was approved before; None when none was.
        since: what is not as in that one.
    """

    rendition: Rendition
    state: State
    submitted: LedgerEntry | None
    decisions: tuple[LedgerEntry, ...] = ()
    due: ReviewStep | None = None
    changed: tuple[Text, ...] = ()
    approved: LedgerEntry | None = None
    since: tuple[Text, ...] = ()

    @property
    def decided(self) -> LedgerEntry | None:
        """The last decision."""
        return self.decisions[-1] if self.decisions else None


def find_items(
    workspace: Workspace, lessons: Sequence[str] = (), catalogue: Catalogue | None = None
) -> tuple[ReviewItem, ...]:
    """Every finished video of these lessons, or of all, by lesson and profile, and how it stands.

    Args:
        catalogue: the lessons as they are now, for who has read them already.

    Raises:
        InputError: an id that names no lesson; the ledger cannot be read.
    """
    known = catalogue or load_catalogue(workspace)
    chosen = sorted(one.id for one in known.select(tuple(lessons)))
    book = load_book(workspace.cache_dir, workspace.settings.review)
    folders = [workspace.renditions_dir / profile for profile in sorted(_made_for(workspace))]
    made = (load_rendition(folder, lesson) for lesson in chosen for folder in folders)
    return tuple(_item(workspace, one, book) for one in made if one)


def history_of(workspace: Workspace, lesson: str) -> tuple[LedgerEntry, ...]:
    """Every step of every review of a lesson, the oldest first.

    Raises:
        InputError: the ledger cannot be read.
    """
    return tuple(entry for entry in believed(load_pages(workspace.cache_dir)) if entry.lesson == lesson)


def find_damaged(workspace: Workspace, lessons: Sequence[str] = ()) -> tuple[Rendition, ...]:
    """The videos of these lessons, or of all, that are not as they were made and so have no standing."""
    found = (one for profile in _made_for(workspace) for one in damaged_renditions(workspace.renditions_dir, profile))
    return tuple(one for one in found if not lessons or one.lesson in lessons)


def _made_for(workspace: Workspace) -> tuple[str, ...]:
    return tuple(path.name for path in listed(workspace.renditions_dir) if path.is_dir())


def _item(workspace: Workspace, rendition: Rendition, book: Book) -> ReviewItem:
    state, rounds = book.state_of(rendition), book.entries.get(rendition.sha256, ())
    approved = book.approved_before(rendition)
    return ReviewItem(
        rendition,
        state,
        next((one for one in rounds if one.action == "submitted"), None),
        tuple(one for one in rounds if one.action != "submitted"),
        book.next_step(rendition.sha256) if state == "waiting" else None,
        tuple(_changes(workspace, rendition, book.before(rendition))),
        approved,
        tuple(_changes(workspace, rendition, approved)),
    )


def _changes(workspace: Workspace, now: Rendition, before: LedgerEntry | None) -> Iterator[Text]:
    """What is not as in the file that was submitted before, as far as that is known."""
    if before is None:
        return
    if before.title and before.title != now.title:
        yield text("the title: {before} → {now}", before=before.title, now=now.title)
    was, made = parse_inputs(before.made_from), load_inputs(workspace.cache_dir, now.profile, now.lesson)
    if was and made:
        yield from changes(was, made)
