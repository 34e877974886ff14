"""How words are read that no rule gets right: our own list, and the workspace's (读音.txt) over it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from courseware.encodings import decoded, read_bytes
from courseware.errors import InputError, Problem, Text, text

FILE_NAME = "读音.txt"
_OURS = Path(__file__).with_name("pronunciations.txt")
_SYLLABLE = re.compile(r"[a-zêü]{1,6}[1-5]")
_MOST = 20_000


def pronunciations_of(folder: Path | None) -> Mapping[str, tuple[str, ...]]:
    """Words and the pinyin of their syllables, e.g. "重茬": ("chong2", "cha2").

    Args:
        folder: of the workspace; None for our own list alone.

    Raises:
        InputError: the workspace's list cannot be used; all that is wrong with it at once.
    """
    path = folder / FILE_NAME if folder else None
    return {**_own(), **(load_pronunciations(path) if path and path.is_file() else {})}


@cache
def _own() -> dict[str, tuple[str, ...]]:
    return load_pronunciations(_OURS)


def load_pronunciations(path: Path) -> dict[str, tuple[str, ...]]:
    """Read a list: on each line a word, a blank and its pinyin; empty lines and those that begin with # are none.

    Raises:
        InputError: unreadable, or lines that are no word with its pinyin; all of them at once.
    """
    content, _ = decoded(read_bytes(path), path.name)
    found: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    for number, line in enumerate(content.splitlines(), 1):
        parts = line.split()
        if not parts or parts[0].startswith("#"):
            continue
        pinyin = tuple(map(_numbered, parts[1:]))
        wrong = _wrong(parts[0], parts[1:], pinyin)
        if wrong is None:
            found[parts[0]] = pinyin
        else:
            problems.append(Problem(path.name, text("line {line}: {what}", line=number, what=wrong)))
    if len(found) > _MOST:
        problems.append(Problem(path.name, text("more than {most} words; keep only those that matter", most=_MOST)))
    if problems:
        raise InputError(*problems)
    return found


def _numbered(syllable: str) -> str:
    """Pinyin with a digit for its tone: "lǜ" → "lv4", "de" → "de5"."""
    from pypinyin.contrib.tone_convert import to_tone3

    plain = syllable.lower().replace("u:", "ü")
    numbered = plain if plain[-1:].isdigit() else str(to_tone3(plain, neutral_tone_with_five=True))
    return numbered.replace("ü", "v")


def _wrong(word: str, given: list[str], pinyin: tuple[str, ...]) -> Text | None:
    if not pinyin:
        return text("write the word, a blank and its pinyin: 重茬 chóng chá")
    bad = next((said for said, one in zip(given, pinyin, strict=True) if not _is_syllable(one)), None)
    if bad is not None:
        return text("“{given}” is no syllable of pinyin; write it as in chóng or chong2", given=bad)
    if not word.isascii() and len(word) != len(pinyin):
        sizes = {"count": len(word), "given": len(pinyin)}
        return text("“{word}” has {count} characters, but {given} syllables", word=word, **sizes)
    return None


def _is_syllable(numbered: str) -> bool:
    from courseware.speaking.sounds import sounds_of

    return _SYLLABLE.fullmatch(numbered) is not None and sounds_of(numbered) is not None
