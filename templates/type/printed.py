"""Whether text can be printed: one line, read in one direction, every character in the shipped fonts."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from courseware.errors import text
from courseware.validate import Complaint, one_line
from templates.type.fonts import missing_glyphs


def printable(value: str) -> str:
    """A validator: text that can stand on a page, a card or a list, without blanks around it.

    Raises:
        Complaint: a line break, a control character, a mark that turns the direction of writing, or a character that
            no font has.
    """
    value = one_line(value)
    if missing := unprintable(value):
        raise Complaint(text("no font can print {characters}; write it otherwise", characters=" ".join(missing)))
    return value


def unprintable(value: str) -> tuple[str, ...]:
    """The characters that no shipped font draws, each once."""
    try:
        # The fonts have all of it, and need not be opened for what nearly every sheet is made of.
        value.encode("gb2312")
    except UnicodeEncodeError:
        return missing_glyphs(value)
    return ()


def visible(value: str) -> str:
    """The text with what cannot be seen, or turns what stands around it, as its number."""
    return "".join(ch if ch.isprintable() else f"\\u{ord(ch):04x}" for ch in value)


# In a model: text that is printed somewhere.
Printed = Annotated[str, AfterValidator(printable)]
