"""The ledger as read: how each file stands, which steps it has taken, what was submitted of its lesson before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from courseware.lessons.settings import ReviewSettings, ReviewStep
from courseware.reviews.ledger import COMMENTING, LedgerEntry, believed, load_pages

State = Literal["approved", "waiting", "rejected", "changed", "new"]


class Reviewed(Protocol):
    """What is reviewed: a finished video, or what is shown as a whole and has no profile."""

    @property
    def lesson(self) -> str:
        """Whose it is."""

    @property
    def profile(self) -> str:
        """What kind of screen it is for."""

    @property
    def sha256(self) -> str:
        """Of the very bytes that are shown."""


@dataclass(frozen=True, slots=True)
class Book:
    """The ledger by file, and the rules that approve one.

    Attributes:
        entries: content → its entries since it was submitted last, that one among them; the oldest first.
        submissions: (lesson, profile) → all submissions of it.
    """

    rules: ReviewSettings
    entries: Mapping[str, tuple[LedgerEntry, ...]]
    submissions: Mapping[tuple[str, str], tuple[LedgerEntry, ...]]

    @staticmethod
    def of(entries: Sequence[LedgerEntry], rules: ReviewSettings) -> Book:
        """From the entries, the oldest first."""
        rounds: dict[str, tuple[LedgerEntry, ...]] = {}
        submissions: dict[tuple[str, str], tuple[LedgerEntry, ...]] = {}
        for entry in (one for one in entries if one.action not in COMMENTING):
            before = () if entry.action == "submitted" else rounds.get(entry.content, ())
            rounds[entry.content] = (*before, entry)
            if entry.action == "submitted":
                place = entry.lesson, entry.profile
                submissions[place] = (*submissions.get(place, ()), entry)
        return Book(rules, rounds, submissions)

    @property
    def approved(self) -> frozenset[str]:
        """The sha256 of every file that stands approved."""
        return frozenset(content for content in self.entries if self._stands(content) == "approved")

    @property
    def rejected(self) -> Mapping[str, str]:
        """The sha256 of every file that stands rejected → its lesson."""
        return {content: own[-1].lesson for content, own in self.entries.items() if own[-1].action == "rejected"}

    def state_of(self, rendition: Reviewed) -> State:
        """How the file stands: "changed" when only another file of that lesson and profile was ever submitted."""
        if rendition.sha256 in self.entries:
            return self._stands(rendition.sha256)
        return "changed" if (rendition.lesson, rendition.profile) in self.submissions else "new"

    def taken(self, content: str) -> tuple[LedgerEntry, ...]:
        """The approvals of a file since it was submitted, or rejected, last."""
        taken: tuple[LedgerEntry, ...] = ()
        for entry in self.entries.get(content, ()):
            taken = (*taken, entry) if entry.action == "approved" else ()
        return taken

    def next_step(self, content: str) -> ReviewStep | None:
        """The first step that the file has not taken; None when there is none, or an approval without steps holds."""
        names = {entry.step for entry in self.taken(content)}
        if "" in names:
            return None
        return next((step for step in self.rules.taken_in if step.name not in names), None)

    def before(self, rendition: Reviewed) -> LedgerEntry | None:
        """The last submission of another file of its lesson and profile, before its own where it has one."""
        own = self.submissions.get((rendition.lesson, rendition.profile), ())
        held = self.entries.get(rendition.sha256, ())
        if held and held[0] in own:
            own = own[: own.index(held[0])]
        return next((entry for entry in reversed(own) if entry.content != rendition.sha256), None)

    def approved_before(self, rendition: Reviewed) -> LedgerEntry | None:
        """The last submission of another file of its lesson and profile that stands approved."""
        own = self.submissions.get((rendition.lesson, rendition.profile), ())
        others = (one for one in reversed(own) if one.content != rendition.sha256)
        return next((one for one in others if self._stands(one.content) == "approved"), None)

    def _stands(self, content: str) -> State:
        last = self.entries[content][-1]
        if last.action == "rejected":
            return "rejected"
        return "approved" if self.taken(content) and self.next_step(content) is None else "waiting"


def load_book(folder: Path, rules: ReviewSettings) -> Book:
    """The ledger in that folder; empty where nothing was ever submitted.

    Raises:
        InputError: it does not hold together, so that nothing in it is believed; or as open_state.
        StorageError: as open_state.
    """
    return Book.of(believed(load_pages(folder)), rules)
