"""审核: weeks and issues of columns, which are reviewed as a whole; how one stands, and what is decided of it."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from courseware.errors import InputError, text
from courseware.lessons.workspace import lock_at, open_workspace
from courseware.reviews.ledger import Action
from courseware.reviews.rules import why_refused
from courseware.reviews.work import ReviewRequest
from desk.people.roles import EDITORS, OFFICE, REVIEWERS
from desk.reviews.dossier import steps_shown
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.acting import acting, remembering, when_of
from desk.session.asking import Ask
from playlists.reviews.rejecting import act_on_subjects
from playlists.reviews.subjects import find_items, standing

_DONE: dict[Action, str] = {"submitted": "submit", "approved": "approve", "rejected": "reject"}
TOLD = {
    "submit": text("Handed in."),
    "approve": text("The step is passed."),
    "reject": text("Rejected."),
}


def show_whole(ask: Ask) -> Response:
    """A week or an issue: its steps, what changed, what is to be decided."""
    workspace, by = ask.workspace, ask.known
    (item,) = find_items(workspace, (ask.path("name"),))
    rules, name = workspace.settings.review, item.subject.lesson
    kind, _, rest = name.partition(":")
    return ask.show(
        "whole.html.j2",
        item=item,
        kind=kind,
        rest=rest,
        standing=standing(item),
        remaining=steps_shown(item, [step.name for step in rules.taken_in]),
        refusal=why_refused(rules, item, by, "") if by else None,
        told=(),
        done=TOLD.get(ask.query("done")),
        by=ask.who,
        when=when_of(ask),
    )


def submit(ask: Ask) -> Response:
    """Hand it in."""
    return _decided(ask, "submitted")


def approve(ask: Ask) -> Response:
    """Take its next step."""
    return _decided(ask, "approved")


def refuse(ask: Ask) -> Response:
    """Reject it."""
    return _decided(ask, "rejected")


def _decided(ask: Ask, action: Action) -> Response:
    """Do what `yuanjiao review` does, and show it again.

    Raises:
        InputError: it cannot be done; then nothing was written.
    """
    name, root = ask.said("name"), ask.workspace.root
    order = ReviewRequest((name,), acting(ask), ask.said("note"), step=ask.said("step"))
    with lock_at(root):
        done = act_on_subjects(open_workspace(root), order, action)
        if done.problems:
            raise InputError(*done.problems)
    if done.notes:
        return remembering(ask, ask.show("told.html.j2", problems=done.notes, back=_address(name)))
    return remembering(ask, ask.go(f"{_address(name)}?done={_DONE[action]}"))


def _address(name: str) -> str:
    return f"/wholes/{quote(name, safe='')}"


_LOOK = EDITORS | REVIEWERS | OFFICE
ROOM = DeskRoom(
    text("Reviews"),
    "/wholes/{name:path}",
    (
        DeskRoute("GET", "/wholes/{name:path}", show_whole, roles=_LOOK),
        DeskRoute("POST", "/wholes/submit", submit, roles=EDITORS | OFFICE),
        DeskRoute("POST", "/wholes/approve", approve, roles=REVIEWERS),
        DeskRoute("POST", "/wholes/reject", refuse, roles=REVIEWERS),
    ),
    in_menu=False,
)
