"""Where Chinese words begin and end (jieba): for the borders of lines and of cues."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jieba import Tokenizer

_FREQUENCIES = re.compile(r"^\S+ (\d+)", re.MULTILINE)


def word_spans(content: str) -> list[tuple[int, int]]:
    """Half-open ranges of the words and marks of a text, in order."""
    return [(start, end) for _, start, end in _dictionary().tokenizer_for(content).tokenize(content)]


def words_in(content: str) -> list[str]:
    """The words and marks of a text, in order; joined they are the text again."""
    return list(_dictionary().tokenizer_for(content).lcut(content))


@dataclass(slots=True)
class _WordList:
    """Jieba, which knows of its 349,000 words those that begin with a character it was asked about.

    To look up a word it never needs another one, and to learn all of them takes half a second.

    Attributes:
        unread: lines of its dictionary that it does not know yet, by their first character.
    """

    tokenizer: Tokenizer
    unread: dict[str, list[str]]
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def tokenizer_for(self, content: str) -> Tokenizer:
        """The tokenizer, knowing every word that may stand in the text."""
        with self._guard:
            for first in self.unread.keys() & set(content):
                _learn(self.tokenizer.FREQ, self.unread[first])
                del self.unread[first]
        return self.tokenizer


def _learn(frequencies: dict[str, int], lines: list[str]) -> None:
    """As Tokenizer.gen_pfdict, which always reads the whole dictionary: beginnings of words count 0."""
    for line in lines:
        word, frequency = line.split(" ")[:2]
        frequencies[word] = int(frequency)
        for end in range(1, len(word)):
            frequencies.setdefault(word[:end], 0)


@cache
def _dictionary() -> _WordList:
    """Jieba without its log, and without the cache it would leave in the shared temp folder and trust."""
    import warnings

    with warnings.catch_warnings(), _hidden("pkg_resources"):
        warnings.simplefilter("ignore")  # its patterns have invalid escapes; that is not the user's business
        from jieba import Tokenizer

    tokenizer = Tokenizer()
    with tokenizer.get_dict_file() as stream:
        whole = stream.read().decode("utf-8")
    unread: dict[str, list[str]] = {}
    # Words with one beginning stand together nearly everywhere.
    for first, together in groupby(whole.splitlines(), key=itemgetter(0)):
        unread.setdefault(first, []).extend(together)
    tokenizer.total = sum(map(int, _FREQUENCIES.findall(whole)))
    tokenizer.initialized = True
    return _WordList(tokenizer, unread)


@contextmanager
def _hidden(name: str) -> Iterator[None]:
    """Without a module that is imported only where it is there; it would cost a quarter of a second."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # so that importing it fails
    try:
        yield
    finally:
        del sys.modules[name]
