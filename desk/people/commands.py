"""The command user. Reads options, hands over, reports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

import click

from courseware.documents import said
from courseware.errors import InputError, text
from courseware.terminal.console import Console
from courseware.terminal.options import JSON, WORKSPACE, WRITES
from desk.people.roles import ROLES, UserRole

if TYPE_CHECKING:
    from desk.people.users import User

_LAST = 50


def _password(ctx: click.Context, _option: click.Parameter, from_stdin: bool) -> str:
    """Asked for before the workspace is locked; never an argument, which others on this computer could read."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    console: Console = ctx.obj
    typed: str = click.prompt(console.tr(text("Password")), hide_input=True, confirmation_prompt=True, err=True)
    return typed


_PASSWORD = click.option(
    "--password-stdin",
    "password",
    is_flag=True,
    callback=_password,
    help="Read the password from the first line of the input, instead of asking for it.",
)
_ROLES = click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(get_args(UserRole)),
    help="What the user may do; may be given several times.",
)
_VENUES = click.option(
    "--venue", "venues", metavar="VENUE", multiple=True, help="A venue of an operator; may be given several times."
)


@click.group(
    help="Who may log in to a desk that others on the network reach, and who did what there.",
    short_help="Users of the desk.",
    epilog="Example:\n\n  yuanjiao user add 王芳 --role administrator",
)
def user() -> None:
    """Hold the commands below."""


@user.command(
    "add",
    help="Add a user; the password is asked for. The first one must be an administrator.",
    short_help="Add a user.",
    epilog="Examples:\n\n  yuanjiao user add 王芳 --role administrator\n\n"
    "  yuanjiao user add 李强 --role operator --venue square-01",
)
@click.argument("name", metavar="PERSON")
@_ROLES
@_VENUES
@_PASSWORD
@WRITES
@JSON
@click.pass_obj
def user_add(
    console: Console,
    *,
    folder: Path,
    name: str,
    roles: tuple[str, ...],
    venues: tuple[str, ...],
    password: str,
    as_json: bool,
) -> None:
    """Add one."""
    from courseware.lessons.workspace import open_workspace
    from courseware.storage.locks import user_name
    from desk.people.managing import add_user

    workspace = open_workspace(folder)
    added = add_user(workspace, user_name(), name, cast("tuple[UserRole, ...]", roles), venues, password)
    _tell(console, added, as_json=as_json)


@user.command(
    "change",
    help="Give a user other roles and venues; those named here replace all that there were.",
    short_help="Change a user's roles.",
    epilog="Example:\n\n  yuanjiao user change 李强 --role operator --venue square-01 --venue square-02",
)
@click.argument("name", metavar="PERSON")
@_ROLES
@_VENUES
@WRITES
@JSON
@click.pass_obj
def user_change(
    console: Console, *, folder: Path, name: str, roles: tuple[str, ...], venues: tuple[str, ...], as_json: bool
) -> None:
    """Change one."""
    from courseware.lessons.workspace import open_workspace
    from courseware.storage.locks import user_name
    from desk.people.managing import change_user

    workspace = open_workspace(folder)
    changed = change_user(workspace, user_name(), name, cast("tuple[UserRole, ...]", roles), venues)
    _tell(console, changed, as_json=as_json)


@user.command(
    "password",
    help="Give a user another password, which is asked for; who is logged in under that name is out.",
    short_help="Set a user's password.",
    epilog="Example:\n\n  yuanjiao user password 李强",
)
@click.argument("name", metavar="PERSON")
@_PASSWORD
@WRITES
@JSON
@click.pass_obj
def user_password(console: Console, *, folder: Path, name: str, password: str, as_json: bool) -> None:
    """Set it."""
    from courseware.lessons.workspace import open_workspace
    from courseware.storage.locks import user_name
    from desk.people.managing import set_password
    from desk.people.users import load_users, plain_user_name

    workspace = open_workspace(folder)
    set_password(workspace, user_name(), name, password)
    _tell(console, load_users(workspace.cache_dir)[plain_user_name(name)], as_json=as_json)


@user.command("remove", help="Let a user in no more.", epilog="Example:\n\n  yuanjiao user remove 李强")
@click.argument("name", metavar="PERSON")
@WRITES
@JSON
@click.pass_obj
def user_remove(console: Console, *, folder: Path, name: str, as_json: bool) -> None:
    """Remove one."""
    from courseware.lessons.workspace import open_workspace
    from courseware.storage.locks import user_name
    from desk.people.managing import remove_user

    remove_user(open_workspace(folder), user_name(), name)
    if as_json:
        console.document({"removed": name})
    else:
        console.say(text("{name} is let in no more", name=name))


@user.command("list", help="List the users with their roles.", epilog="Example:\n\n  yuanjiao user list")
@WORKSPACE
@JSON
@click.pass_obj
def user_list(console: Console, *, folder: Path, as_json: bool) -> None:
    """List them."""
    from courseware.lessons.workspace import open_workspace
    from desk.people.users import load_users

    users = load_users(open_workspace(folder).cache_dir).values()
    if as_json:
        console.document({"users": [_told(one) for one in users]})
        return
    rows = [(one.name, _roles_of(console, one), "、".join(sorted(one.venues))) for one in users]
    console.table((text("user"), text("roles"), text("venues")), rows)


@user.command(
    "log",
    help="Show who did what at the desk, the newest last, and hold the ledger against its chain.",
    short_help="Who did what at the desk.",
    epilog="Example:\n\n  yuanjiao user log --last 200",
)
@click.option("--last", type=click.IntRange(1), default=_LAST, show_default=True, help="So many lines.")
@WORKSPACE
@JSON
@click.pass_obj
def user_log(console: Console, *, folder: Path, last: int, as_json: bool) -> None:
    """Show it; a ledger that is not as it was written is a failure."""
    from courseware.lessons.workspace import open_workspace
    from desk.people.acts import read_acts

    workspace = open_workspace(folder)
    acts, problems = read_acts(workspace.cache_dir)
    if as_json:
        console.document(
            {"acts": [act.model_dump(mode="json") for act in acts[-last:]], "problems": said(problems, console.tr)}
        )
    else:
        zone = workspace.settings.zone
        rows = [
            (f"{act.at.astimezone(zone):%Y-%m-%d %H:%M:%S}", act.by, console.tr(act.said), act.where)
            for act in acts[-last:]
        ]
        console.table((text("when"), text("who"), text("what"), text("where")), rows)
    if problems:
        raise InputError(*problems)


def _tell(console: Console, found: User, *, as_json: bool) -> None:
    if as_json:
        console.document({"user": _told(found)})
        return
    console.say(text("{name}: {roles}", name=found.name, roles=_roles_of(console, found)))


def _told(found: User) -> dict[str, Any]:
    return {"name": found.name, "roles": sorted(found.roles), "venues": sorted(found.venues)}


def _roles_of(console: Console, found: User) -> str:
    return "、".join(console.tr(name) for role, name in ROLES.items() if role in found.roles)
