"""Takes markup out of subtitle text, and guards plain text that would be taken for markup."""

from __future__ import annotations

import html
import re

LONGEST_RAW = 10_000  # characters with markup; what is longer is not worth reading and may be meant to hang us
_TAG = re.compile(
    r"</?(?:b|i|u|s|c|v|p|em|tt|font|lang|ruby|span|small|big|strong|strike|div)(?:[.\s][^<>]*)?/?>"
    r"|<(?:\d+:)?\d\d:\d\d\.\d{3}>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*/?>|</p>|\\[Nn]", re.IGNORECASE)
_ANNOTATION = re.compile(r"<rt(?:[.\s][^<>]*)?>[^<]*</rt>|</?r[tp]>", re.IGNORECASE)
_OVERRIDE = re.compile(r"\{[^{}\\]*\\[^{}]*\}")
_ENTITY = re.compile(r"&(?:amp|lt|gt|nbsp|quot|apos|lrm|rlm|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_GUARDED = str.maketrans({ch: f"&#{ord(ch)};" for ch in "{\\"})
_GUARD = "\u2060"
_GUARDS = re.compile(r"(?<=[\\<&])\u2060")


def plain(content: str) -> str:
    """Text lines without tags, overrides, annotations, entities and control characters; none blank."""
    if len(content) > LONGEST_RAW:
        return content
    content = _ANNOTATION.sub("", _BREAK.sub("\n", _OVERRIDE.sub("", content)))
    content = _TAG.sub("", content).replace("\\h", " ")
    return tidied(_GUARDS.sub("", _ENTITY.sub(_unescaped, content)))


def tidied(content: str) -> str:
    """Lines without control characters and outer blanks; none blank."""
    lines = (_CONTROL.sub(" ", line).replace("\u00a0", " ").strip() for line in content.split("\n"))
    return "\n".join(line for line in lines if line)


def with_entities(said: str) -> str:
    """Text for HTML-like formats that `plain` gives back as it is."""
    said = html.escape(said, quote=False)
    return said if plain(said) == html.unescape(said) else said.translate(_GUARDED)


def with_guards(said: str) -> str:
    """Text for formats without entities that `plain` gives back: a WORD JOINER parts what looks like markup."""
    return said if plain(said) == said else re.sub(r"([\\<&])", rf"\1{_GUARD}", said)


def _unescaped(found: re.Match[str]) -> str:
    return html.unescape(found[0])
