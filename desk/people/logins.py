"""Who is logged in. Sessions live in the server's memory: a cookie holds their number and nothing else."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from courseware.errors import InputError, Problem, text
from desk.people.delays import LoginDelays
from desk.people.passwords import is_password
from desk.people.roles import Person
from desk.people.users import User, load_users, plain_user_name

IDLE_S, LONGEST_S = 4 * 3600, 16 * 3600
_MOST = 2000


class TooSoonError(InputError):
    """Too many wrong passwords; `wait_s` says for how long nothing is tried."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(Problem("", text("too many wrong passwords; wait {seconds} seconds", seconds=wait_s)))
        self.wait_s = wait_s


@dataclass(slots=True)
class LoginSession:
    """Somebody's time at the desk.

    Attributes:
        password: hash of the one that was used; a new one ends the session.
        born, used: moments of the server's clock.
    """

    name: str
    password: str
    born: float
    used: float


@dataclass(slots=True)
class Logins:
    """The door of a desk that people log in to."""

    cache_dir: Path
    now: Callable[[], float] = time.monotonic
    delays: LoginDelays = field(default_factory=LoginDelays)
    _sessions: dict[str, LoginSession] = field(default_factory=dict)
    _change: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, name: str, password: str, address: str, before: str = "") -> str:
        """Begin a session; one that the browser had before ends.

        Returns:
            Its token, which nobody else has ever seen.

        Raises:
            TooSoonError: after wrong passwords, of the name or from the address.
            InputError: name or password is wrong; which, is not said.
        """
        user = self.check(name, password, address)
        self.leave(before)
        return self._begin(user)

    def check(self, name: str, password: str, address: str) -> User:
        """The user whose password it is.

        Raises:
            TooSoonError, InputError: as `enter`.
        """
        try:
            name = plain_user_name(name)
        except InputError:
            name = ""
        if wait_s := self.delays.wait_s(name, address):
            raise TooSoonError(wait_s)
        user = load_users(self.cache_dir).get(name)
        if not is_password(password, user.password if user else None) or user is None:
            self.delays.failed(name, address)
            raise InputError(Problem("", text("name or password is wrong")))
        self.delays.passed(name, address)
        return user

    def renew(self, name: str) -> str:
        """A session for who has just set a new password, which ended all others of that name."""
        return self._begin(load_users(self.cache_dir)[name])

    def person(self, token: str, *, looks: bool = False) -> Person | None:
        """Who bears the token; None when nobody does any more.

        Args:
            looks: somebody only wants to know; the session lasts no longer for it.
        """
        now = self.now()
        with self._change:
            session = self._sessions.get(_mark(token))
            if session is None:
                return None
            user = self._user(session.name)
            is_over = now - session.used > IDLE_S or now - session.born > LONGEST_S
            if is_over or user is None or user.password != session.password:
                del self._sessions[_mark(token)]
                return None
            if not looks:
                session.used = now
        return user.person

    def leave(self, token: str) -> None:
        """End a session."""
        with self._change:
            self._sessions.pop(_mark(token), None)

    def _user(self, name: str) -> User | None:
        """None also when the list of users is damaged: then nobody is inside."""
        try:
            return load_users(self.cache_dir).get(name)
        except InputError:
            return None

    def _begin(self, user: User) -> str:
        token, now = secrets.token_urlsafe(32), self.now()
        with self._change:
            while len(self._sessions) >= _MOST:
                del self._sessions[min(self._sessions, key=lambda mark: self._sessions[mark].used)]
            self._sessions[_mark(token)] = LoginSession(user.name, user.password, now, now)
        return token


def _mark(token: str) -> str:
    """What is kept of a token: who reads our memory or a dump of it cannot log in with it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
