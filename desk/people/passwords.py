"""Passwords: which are taken, and their hashes (argon2id). Knows no users."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING

from courseware.errors import InputError, Problem, text

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 8, 200
_FEWEST_LETTERS = 4  # different ones
# A hash takes 64 MB: more than two at a time would let a crowd at the door fill the memory.
_AT_ONCE = threading.BoundedSemaphore(2)


def hash_password(password: str, name: str) -> str:
    """The hash of a new password.

    Raises:
        InputError: anybody would guess it.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        what = text("the password must have {least} to {most} letters", least=SHORTEST, most=LONGEST)
        raise InputError(Problem("", what))
    if len(set(password)) < _FEWEST_LETTERS or name.casefold() in password.casefold():
        what = text("this password is easily guessed: too few different letters, or the name in it; take another")
        raise InputError(Problem("", what))
    with _AT_ONCE:
        return _hasher().hash(password)


def is_password(password: str, hashed: str | None) -> bool:
    """Whether it is the password; takes as long where there is no hash, so that time tells nobody who exists."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > LONGEST:
        password = ""
    with _AT_ONCE:
        try:
            _hasher().verify(hashed or _nobodys(), password)
        except (VerificationError, InvalidHashError):
            return False
    return hashed is not None


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobodys() -> str:
    """The hash of what nobody can type."""
    return _hasher().hash("\0nobody")
