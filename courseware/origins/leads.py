"""Headings that no mark makes headings: a short line with a number, a few words in bold or before a colon. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

_HAN = "[一二三四五六七八九十百]"
_ORDINAL = rf"(?:第(?:{_HAN}|\d){{1,3}}[步条点项]?|{_HAN}{{1,3}}(?=、)|\d{{1,2}}(?=[、．.](?!\d)))[，,、：:．.\s]*"
_LEAD = re.compile(r"([^，。：；！？,:;!?\s]{2,12})[：:。]\s*(?=\S)")
_NUMBERED = re.compile(rf"({_ORDINAL}[^，。：；！？,:;!?\s]{{2,12}})[：:。]\s*(?=\S)")
_LINE = re.compile(rf"(?:第(?:{_HAN}|\d){{1,3}}[步条点项章节]|{_HAN}{{1,3}}、)[：:\s]*[^，。；！？,;!?：:]{{1,18}}")
_LONGEST = 16  # characters of a bold beginning that is a heading
_AROUND = "：:。．.，, "


class Lead(NamedTuple):
    """A heading that a paragraph begins with, and the rest of it; "" for none."""

    heading: str
    words: str


def is_heading(words: str, bold: str = "") -> bool:
    """Whether a paragraph is a heading and nothing else: in bold, or numbered, short and without a mark at its end.

    Args:
        bold: the words in bold with which it begins.
    """
    plain = words.strip()
    return bool(plain) and ((plain == bold.strip() and len(plain) <= _LONGEST) or _LINE.fullmatch(plain) is not None)


def lead_of(words: str, bold: str = "") -> Lead | None:
    """The heading that a paragraph begins with: in bold, or numbered.

    Args:
        bold: as for is_heading.
    """
    if bold and len(bold) <= _LONGEST and words.startswith(bold) and words[len(bold) :].strip(_AROUND):
        return Lead(bold.strip(_AROUND), words[len(bold) :].lstrip(_AROUND))
    found = _NUMBERED.match(words)
    return Lead(found[1], words[found.end() :]) if found else None


def point_lead_of(words: str, bold: str = "") -> Lead | None:
    """The heading that a point of a list begins with: as of a paragraph, or a few words before a colon or stop."""
    found = _LEAD.match(words)
    return lead_of(words, bold) or (Lead(found[1], words[found.end() :]) if found else None)
