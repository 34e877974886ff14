"""The users of the desk in .yuanjiao/people/users.json, which its owner alone can read: names, roles, hashes.

A file that cannot be understood is never taken for an empty one: nobody would be kept out any more.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from courseware.errors import InputError, Problem, text
from courseware.files import replacing
from courseware.unchanged import stamp
from desk.people.roles import Person, UserRole

FOLDER, FILE_NAME = "people", "users.json"
LONGEST_NAME = 40


class User(BaseModel):
    """Somebody who may log in.

    Attributes:
        venues: those that an operator may see and change.
        password: its argon2 hash.
        since: when the password was set.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    roles: frozenset[UserRole] = Field(min_length=1)
    venues: frozenset[str] = frozenset()
    password: str
    since: AwareDatetime

    @property
    def person(self) -> Person:
        """What the rooms know of the user."""
        return Person(self.name, frozenset(self.roles), self.venues)


class _UserFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    users: tuple[User, ...]


def people_folder(cache_dir: Path) -> Path:
    """Where all lies that is known of people: nobody else of this computer can look into it."""
    folder = cache_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return folder


def load_users(cache_dir: Path) -> Mapping[str, User]:
    """All users by name; none where nobody was ever added.

    Raises:
        InputError: the file is damaged.
    """
    path = cache_dir / FOLDER / FILE_NAME
    try:
        found = stamp(path.stat())
    except FileNotFoundError:
        return {}
    return _loaded(path, found)


def save_users(cache_dir: Path, users: Sequence[User]) -> None:
    """Write them all, by name; to be called under the workspace's lock."""
    ordered = tuple(sorted(users, key=lambda user: user.name))
    content = _UserFile(users=ordered).model_dump_json(indent=1).encode()
    with replacing(people_folder(cache_dir) / FILE_NAME) as scratch:
        # Nobody else may read it at any moment, also not before it has its name.
        handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as target:
            target.write(content)


def plain_user_name(given: str) -> str:
    """The name as it is kept: composed, without blanks around it.

    Raises:
        InputError: nobody can be called so.
    """
    name = unicodedata.normalize("NFC", given).strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        what = text("a name has 1 to {most} letters, without line breaks", most=LONGEST_NAME)
        raise InputError(Problem(name[:LONGEST_NAME], what))
    return name


@lru_cache(maxsize=4)
def _loaded(path: Path, _stamp: str) -> Mapping[str, User]:
    try:
        read = _UserFile.model_validate_json(path.read_bytes())
    except ValidationError:
        what = text(
            "is damaged, so nobody is let in; put it back from the backup, or delete it and add all users again"
        )
        raise InputError(Problem(f"{FOLDER}/{FILE_NAME}", what)) from None
    return {user.name: user for user in read.users}
