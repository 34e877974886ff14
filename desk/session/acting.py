"""Who acts, where it must be known: whoever has logged in, or the name that was typed, kept by the browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.responses import Response

from courseware.errors import InputError, Problem, text
from courseware.reviews.ledger import LedgerEntry
from desk.session.asking import NAME_COOKIE, Ask

_YEAR_S = 400 * 86400


def acting(ask: Ask) -> str:
    """The name under which the request acts.

    Raises:
        InputError: none was given.
    """
    if not ask.who:
        raise InputError(Problem("", text("write your name; it is kept with what you do")))
    return ask.who


def when_of(ask: Ask) -> Callable[[LedgerEntry], str]:
    """What templates call for the local time of an entry of the reviews."""
    return _when_in(ask.workspace.settings.zone)


@cache
def _when_in(zone: ZoneInfo) -> Callable[[LedgerEntry], str]:
    def when(entry: LedgerEntry) -> str:
        return f"{datetime.fromtimestamp(entry.at, zone):%Y-%m-%d %H:%M}"

    return when


def remembering(ask: Ask, answer: Response) -> Response:
    """The answer, with which the browser remembers the name that was typed."""
    if ask.person is None and ask.said("by"):
        answer.set_cookie(NAME_COOKIE, quote(ask.said("by")), max_age=_YEAR_S, httponly=True, samesite="strict")
    return answer
