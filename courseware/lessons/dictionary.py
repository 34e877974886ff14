"""The workspace's own words (dictionary.txt): names and terms that no line of a subtitle shall break."""

from __future__ import annotations

from pathlib import Path

from courseware.encodings import decoded, read_bytes
from courseware.errors import InputError, Problem, Text, text
from courseware.lessons.workspace import find_root

FILE_NAME = "dictionary.txt"
_LONGEST = 20  # characters; more than that is no word, and no line of an LED screen could hold it
_MOST = 20_000


def load_words(path: Path) -> frozenset[str]:
    """The words of a dictionary, one on a line; empty lines and those that begin with # are none.

    What follows a word after a blank (a frequency, a part of speech, as in jieba's dictionaries) is left aside.

    Raises:
        InputError: unreadable, or something in it is no word.
    """
    content, _ = decoded(read_bytes(path), path.name)
    lines = [(number, line.split()[0]) for number, line in enumerate(content.splitlines(), 1) if line.split()]
    words = {word: number for number, word in lines if not word.startswith("#")}
    problems = [Problem(path.name, _too_long(word, line)) for word, line in words.items() if len(word) > _LONGEST]
    if len(words) > _MOST:
        problems.append(Problem(path.name, text("more than {most} words; keep only those that matter", most=_MOST)))
    if problems:
        raise InputError(*problems)
    return frozenset(word for word in words if len(word) > 1)


def words_of(folder: Path) -> frozenset[str]:
    """The words of the dictionary in a workspace's folder; none when there is no dictionary.

    Raises:
        InputError: there is one and it cannot be used.
    """
    path = folder / FILE_NAME
    return load_words(path) if path.is_file() and path.stat().st_size else frozenset()


def nearby_words(start: Path) -> frozenset[str]:
    """The words of the workspace that a folder lies in; none outside of any.

    Raises:
        InputError: there is a dictionary and it cannot be used.
    """
    try:
        root = find_root(start)
    except InputError:
        return frozenset()
    return words_of(root)


def _too_long(word: str, line: int) -> Text:
    return text(
        "line {line}: “{word}” is too long for a word; write one word on each line", line=line, word=word[:40]
    )
