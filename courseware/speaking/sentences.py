"""A text as sentences that are said in one breath each, and each of them as the sounds of the voice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from courseware.errors import InputError, Problem, text
from courseware.speaking.foreign import foreign_sounds
from courseware.speaking.pronouncing import SaidWord, pronounced
from courseware.speaking.pronunciations import FILE_NAME
from courseware.speaking.sounds import sounds_of
from courseware.speaking.wording import worded

_END = re.compile(r"(?<=[。！？!?…])[”’」』）)》\"]*\s*|\n+")
_CLAUSE = re.compile(r"(?<=[，；：,;:、])")
_SPEAKABLE = re.compile(r"\w")
_LONGEST = 90  # characters; the voice takes some 500 sounds at once, and hurries over long ones
_MARK_TABLE = "，、,=, 。．.=. ！!=! ？?=? ；;=; ：:=: …=… —=— （(=( ）)=) “「『《【=“ ”」』》】=”"
_MARKS = {mark: pair[-1] for pair in _MARK_TABLE.split(" ") for mark in pair[:-2]}
_OPENING = "(“"


def sentences_of(text: str) -> tuple[str, ...]:
    """The sentences of a paragraph; a long one is parted where a clause ends."""
    whole = [sentence.strip() for sentence in _END.split(text)]
    parts = (part for sentence in whole for part in (_parted(sentence) if len(sentence) > _LONGEST else [sentence]))
    return tuple(part for part in parts if _SPEAKABLE.search(part))


def read_sentence(sentence: str, book: Mapping[str, tuple[str, ...]]) -> tuple[SaidWord, ...]:
    """A sentence as written → its words as they are said."""
    return pronounced(worded(sentence), book)


def refuse_unread(sentences: Iterable[Sequence[SaidWord]]) -> None:
    """Let nothing be passed over that nobody knows how to read.

    Raises:
        InputError: what it is, all of it at once.
    """
    unread = dict.fromkeys(word.text for words in sentences for word in words if word.is_unread)
    what = text("its reading is not known; write it into {file}, or write it otherwise", file=FILE_NAME)
    if unread:
        raise InputError(*(Problem(word, what) for word in unread))


def voiced(words: Sequence[SaidWord]) -> str:
    """The sounds of a sentence, words parted by blanks, as the voice was taught them."""
    foreign = foreign_sounds(word.text for word in words if word.is_foreign)
    said = ""
    for word in words:
        mark = _MARKS.get(word.text, "")
        in_chinese = "".join(sounds_of(one) or "" for one in word.pinyin)
        part = in_chinese or foreign.get(word.text, mark)
        if part and not (said.endswith(tuple(_OPENING)) or (mark and mark not in _OPENING)):
            said += " "
        said += part
    return said.strip()


def _parted(sentence: str) -> list[str]:
    found = [""]
    for clause in _CLAUSE.split(sentence):
        if found[-1] and len(found[-1]) + len(clause) > _LONGEST:
            found.append("")
        found[-1] += clause
    return found
