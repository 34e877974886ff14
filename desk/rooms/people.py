"""人员: who may log in and as what, and who did what. For administrators, and for who is alone at the desk."""

from __future__ import annotations

from itertools import islice
from typing import cast, get_args

from starlette.responses import Response

from courseware.errors import InputError, Problem, text
from courseware.lessons.workspace import lock_at
from courseware.storage.locks import user_name
from desk.county.places import venues_there
from desk.people.acts import read_acts
from desk.people.managing import add_user, change_user, remove_user, set_password
from desk.people.roles import ADMINISTRATORS, ROLES, UserRole
from desk.people.users import load_users
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.asking import Ask

_SHOWN = 300


def show_people(ask: Ask) -> Response:
    """The users, and a form for another one."""
    workspace = ask.workspace
    return ask.show(
        "people.html.j2",
        users=sorted(load_users(workspace.cache_dir).values(), key=lambda user: user.name),
        roles=ROLES,
        venues=venues_there(workspace)[0],
        problems=(),
    )


def change_people(ask: Ask) -> Response:
    """Add, change or remove one, or give one another password."""
    workspace, name, by = ask.workspace, ask.said("name"), ask.who or user_name()
    roles = [cast("UserRole", role) for role in map(str, ask.form.getlist("role")) if role in get_args(UserRole)]
    venues = ask.said("venues").replace("，", ",").replace("、", ",").replace("\n", ",").split(",")
    venues = [venue.strip() for venue in venues if venue.strip()]
    with lock_at(workspace.root):
        match ask.said("do"):
            case "add":
                add_user(workspace, by, name, roles, venues, ask.raw("password"))
            case "change":
                change_user(workspace, by, name, roles, venues)
            case "password":
                set_password(workspace, by, name, ask.raw("password"))
            case "remove":
                remove_user(workspace, by, name)
            case _:
                raise InputError(Problem("", text("there is nothing at this address")))
    return ask.go("/people")


def show_acts(ask: Ask) -> Response:
    """Who did what, the newest first."""
    workspace = ask.workspace
    acts, problems = read_acts(workspace.cache_dir)
    return ask.show(
        "acts.html.j2",
        acts=list(islice(reversed(acts), _SHOWN)),
        problems=problems,
        zone=workspace.settings.zone,
    )


ROOM = DeskRoom(
    text("Users"),
    "/people",
    (
        DeskRoute("GET", "/people", show_people, roles=ADMINISTRATORS),
        DeskRoute("POST", "/people", change_people, roles=ADMINISTRATORS, records=False),
        DeskRoute("GET", "/people/log", show_acts, roles=ADMINISTRATORS),
    ),
)
