"""What is reviewed besides finished videos: a week before it is published, an issue of a column.

Each is known by a name (week:2026-W49), and by the parts that it would show. The hash of all parts is what is
approved; one part changed, and the approval is void. The parts are kept with the submission, to tell later what was
changed.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.settings import ReviewStep
from courseware.lessons.workspace import Workspace
from courseware.reviews.book import Book, State
from courseware.reviews.ledger import Action, LedgerEntry, open_reviews
from courseware.reviews.rules import why_refused, why_unknown
from courseware.reviews.wording import worded
from courseware.reviews.work import ReviewOutcome, ReviewRequest

HASHED = "sha256:"
_STATES: Mapping[Action, tuple[State, ...]] = {
    "submitted": ("new", "changed", "rejected"),
    "approved": ("waiting",),
    "rejected": ("waiting", "approved"),
}
_NAMED = 6


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that is reviewed as a whole.

    Attributes:
        lesson: its name, in the place where the ledger has the lesson of a video.
        parts: what it would show: name → words, or HASHED and the hash of more than a line.
        profile: none.
    """

    lesson: str
    title: str
    parts: Mapping[str, str]
    profile: str = ""

    @property
    def sha256(self) -> str:
        """The hash of its name and all parts."""
        return hashlib.sha256(f"{self.lesson}\n{_dumped(self.parts)}".encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class SubjectItem:
    """Something that is reviewed as a whole, and how it stands; as ReviewItem."""

    subject: Subject
    state: State
    submitted: LedgerEntry | None
    decisions: tuple[LedgerEntry, ...]
    due: ReviewStep | None
    changed: tuple[Text, ...]

    @property
    def approvers(self) -> tuple[str, ...]:
        """Who took the steps that make it approved, each once."""
        return tuple(dict.fromkeys(one.by for one in self.decisions if one.action == "approved"))


def why_not_approved(item: SubjectItem) -> Text:
    """What stands in the way of what is not approved, and what to do."""
    match item.state:
        case "waiting" if item.due:
            return text("is not approved yet: it waits for {step}", step=item.due.name)
        case "waiting":
            return text("is not approved yet")
        case "rejected":
            return text("was rejected: {note}", note=item.decisions[-1].note)
        case "changed" if item.changed:
            return text("was changed since it was submitted ({what}); submit it again", what=item.changed[0])
    return text("is not approved; run “yuanjiao review submit {name} --by …”", name=item.subject.lesson)


def hashed(content: bytes) -> str:
    """What stands for a part that is more than a line."""
    return HASHED + hashlib.sha256(content).hexdigest()[:32]


def stand(subject: Subject, book: Book) -> SubjectItem:
    """How it stands."""
    state, rounds = book.state_of(subject), book.entries.get(subject.sha256, ())
    return SubjectItem(
        subject,
        state,
        next((one for one in rounds if one.action == "submitted"), None),
        book.taken(subject.sha256) if state != "rejected" else rounds[-1:],
        book.next_step(subject.sha256) if state == "waiting" else None,
        tuple(_changes(subject, book.before(subject))),
    )


def act_on(
    workspace: Workspace, book: Book, subjects: Sequence[Subject], order: ReviewRequest, action: Action
) -> ReviewOutcome:
    """Submit, approve or reject; what cannot be is told, and the rest is done.

    Raises:
        InputError: no name, or where one is needed no reason, is given; the clock is behind the ledger.
    """
    by, note = worded("--by", order.by), worded("--note", order.note, needed=False, long=True)
    if action == "rejected" and not note:
        raise InputError(Problem("--reason", text("must not be empty")))
    if order.step and (wrong := why_unknown(order.step, book.rules)):
        raise InputError(Problem("--step", wrong))
    said = LedgerEntry(int(time.time()), action, "", "", "", "", by, workspace.settings.office.name, note)
    entries: list[LedgerEntry] = []
    problems: list[Problem] = []
    for item in (stand(one, book) for one in subjects):
        before = book.before(item.subject) if action == "rejected" and item.state == "changed" else None
        if before and before.content in book.approved:
            # What was approved, and may be shown, is rejected, also when something else lies there by now.
            entries.append(replace(said, lesson=before.lesson, content=before.content, title=before.title))
            continue
        why = _why_not(book, item, said, order.step)
        if why:
            problems.append(Problem(item.subject.lesson, why))
        else:
            entries.append(_entry(item, said))
    if entries:
        with open_reviews(workspace.cache_dir) as reviews:
            reviews.add(entries, despite_clock=order.despite_clock)
    return ReviewOutcome(tuple(entries), tuple(problems), ())


def _why_not(book: Book, item: SubjectItem, said: LedgerEntry, step: str) -> Text | None:
    if item.state in _STATES[said.action]:
        return why_refused(book.rules, item, said.by, step) if said.action == "approved" else None
    match item.state:
        case "waiting":
            return text("waits for approval already")
        case "approved":
            return text("is approved already")
        case "rejected":
            return text("was not submitted again since it was rejected or changed; run “yuanjiao review submit”")
        case "changed":
            return text("was changed since it was submitted; submit it again")
    return text("is not submitted yet; run “yuanjiao review submit”")


def _entry(item: SubjectItem, said: LedgerEntry) -> LedgerEntry:
    one = item.subject
    return replace(
        said,
        lesson=one.lesson,
        content=one.sha256,
        step=item.due.name if item.due else "",
        title=one.title,
        made_from=_dumped(one.parts) if said.action == "submitted" else "",
    )


def _changes(subject: Subject, before: LedgerEntry | None) -> Iterator[Text]:
    """What is not as in what was submitted before."""
    was = _parsed(before.made_from) if before else {}
    if not was:
        return
    now = subject.parts
    changed = [name for name in now if name in was and now[name] != was[name]]
    for name in [one for one in changed if not now[one].startswith(HASHED)]:
        yield text("{part}: {before} → {now}", part=name, before=was[name] or "—", now=now[name] or "—")
    if more := [name for name in changed if now[name].startswith(HASHED)]:
        yield text("changed: {names}", names=_named(more))
    if new := [name for name in now if name not in was]:
        yield text("new: {names}", names=_named(new))
    if gone := [name for name in was if name not in now]:
        yield text("gone: {names}", names=_named(gone))


def _named(names: Sequence[str]) -> str:
    shown = "、".join(names[:_NAMED])
    return f"{shown}…（{len(names)}）" if len(names) > _NAMED else shown


def _dumped(parts: Mapping[str, str]) -> str:
    return json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _parsed(content: str) -> dict[str, str]:
    try:
        found = json.loads(content) if content else {}
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
