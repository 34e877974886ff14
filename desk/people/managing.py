"""Users added, changed and removed, by a command or in the desk; each change stands in the ledger.

Whoever calls holds the workspace's lock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.workspace import Workspace
from desk.people.acts import record_act
from desk.people.passwords import hash_password
from desk.people.roles import UserRole
from desk.people.users import User, load_users, plain_user_name, save_users
from playlists.files import venues as venues_file
from playlists.files.venues import load_venues


def add_user(
    workspace: Workspace, by: str, name: str, roles: Collection[UserRole], venues: Collection[str], password: str
) -> User:
    """Add somebody who may log in.

    Raises:
        InputError: there is one of that name, the password is easily guessed, or as change_user.
    """
    name, users = plain_user_name(name), load_users(workspace.cache_dir)
    if name in users:
        raise InputError(Problem(name, text("there is a user of this name already")))
    _check(workspace, users, name, roles, venues)
    user = User(
        name=name,
        roles=frozenset(roles),
        venues=frozenset(venues),
        password=hash_password(password, name),
        since=datetime.now(UTC),
    )
    _save(workspace.cache_dir, {**users, name: user}, by, text("user added"), user)
    return user


def change_user(
    workspace: Workspace, by: str, name: str, roles: Collection[UserRole], venues: Collection[str]
) -> User:
    """Give a user other roles and venues.

    Raises:
        InputError: no such user, an operator without venues or venues without an operator, a venue that does not
            exist, or nobody would be left to administer the others; all problems at once.
    """
    users, user = _found(workspace, name)
    _check(workspace, users, user.name, roles, venues)
    changed = user.model_copy(update={"roles": frozenset(roles), "venues": frozenset(venues)})
    _save(workspace.cache_dir, {**users, user.name: changed}, by, text("user changed"), changed)
    return changed


def set_password(workspace: Workspace, by: str, name: str, password: str) -> None:
    """Give a user another password; whoever is logged in under that name is out.

    Raises:
        InputError: no such user, or the password is easily guessed.
    """
    users, user = _found(workspace, name)
    hashed = hash_password(password, user.name)
    changed = user.model_copy(update={"password": hashed, "since": datetime.now(UTC)})
    _save(workspace.cache_dir, {**users, user.name: changed}, by, text("password set"), changed)


def remove_user(workspace: Workspace, by: str, name: str) -> None:
    """Let a user in no more; the name stays in what was done.

    Raises:
        InputError: no such user, or nobody would be left to administer the others.
    """
    users, user = _found(workspace, name)
    left = {other: one for other, one in users.items() if other != user.name}
    if left and not _has_administrator(left):
        raise InputError(_nobody_left(user.name))
    _save(workspace.cache_dir, left, by, text("user removed"), user)


def needed_administrator(cache_dir: Path) -> None:
    """See to it that the desk may be opened to others.

    Raises:
        InputError: there is no administrator yet.
    """
    if not _has_administrator(load_users(cache_dir)):
        what = text("first add an administrator: “yuanjiao user add NAME --role administrator”")
        raise InputError(Problem("--lan", what))


def _check(
    workspace: Workspace,
    users: Mapping[str, User],
    name: str,
    roles: Collection[UserRole],
    venues: Collection[str],
) -> None:
    problems = list(_problems(workspace, name, roles, venues))
    others = [user for user in users.values() if user.name != name]
    if "administrator" not in roles and not any("administrator" in user.roles for user in others):
        problems.append(_nobody_left(name))
    if problems:
        raise InputError(*problems)


def _problems(
    workspace: Workspace, name: str, roles: Collection[UserRole], venues: Collection[str]
) -> Iterator[Problem]:
    if not roles:
        yield Problem(name, text("choose at least one role"))
    if ("operator" in roles) != bool(venues):
        yield Problem(name, text("an operator has venues, and nobody else: name both or neither"))
    if venues:
        known = {venue.id for venue in load_venues(workspace.root / venues_file.FILE_NAME)[0]}
        for venue in sorted(set(venues) - known):
            yield Problem(venue, text("there is no venue of this id in venues.csv"))


def _nobody_left(name: str) -> Problem:
    return Problem(name, text("at least one user must be an administrator; make another one first"))


def _has_administrator(users: Mapping[str, User]) -> bool:
    return any("administrator" in user.roles for user in users.values())


def _found(workspace: Workspace, name: str) -> tuple[Mapping[str, User], User]:
    users = load_users(workspace.cache_dir)
    user = users.get(plain_user_name(name))
    if user is None:
        raise InputError(Problem(name, text("there is no user of this name")))
    return users, user


def _save(cache_dir: Path, users: Mapping[str, User], by: str, act: Text, user: User) -> None:
    save_users(cache_dir, tuple(users.values()))
    record_act(cache_dir, by, act.pattern, user.name, "、".join([*sorted(user.roles), *sorted(user.venues)]))
