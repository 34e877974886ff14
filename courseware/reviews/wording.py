"""What a person typed for the ledger, fit for one line of a list."""

from __future__ import annotations

from courseware.errors import InputError, Problem, text
from courseware.validate import one_line

_LONGEST_NAME, _LONGEST_NOTE = 60, 240


def worded(where: str, given: str, *, needed: bool = True, long: bool = False) -> str:
    """The words without blanks around them.

    Args:
        long: up to a short paragraph, not only a name or a few words.

    Raises:
        InputError: more than a line, too long, or nothing where something is needed.
    """
    try:
        said = one_line(given)
    except ValueError:
        raise InputError(Problem(where, text("must be one line without control characters"))) from None
    if needed and not said:
        raise InputError(Problem(where, text("must not be empty")))
    if len(said) > (_LONGEST_NOTE if long else _LONGEST_NAME):
        raise InputError(Problem(where, text("is too long; write it in a few words")))
    return said
