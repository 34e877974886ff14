"""Where Chinese words begin and end (jieba): for the borders of lines and of cues."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jieba import Tokenizer


def word_spans(content: str) -> list[tuple[int, int]]:
    """Half-open ranges of the words and marks of a text, in order."""
    return [(start, end) for _, start, end in _tokenizer().tokenize(content)]


def words_in(content: str) -> list[str]:
    """The words and marks of a text, in order; joined they are the text again."""
    return list(_tokenizer().lcut(content))


@cache
def _tokenizer() -> Tokenizer:
    """Jieba without its log, and without the cache it would leave in the shared temp folder and trust."""
    import warnings

    with warnings.catch_warnings():
        # Its patterns have invalid escapes and it asks for pkg_resources; neither is the user's business.
        warnings.simplefilter("ignore")
        from jieba import Tokenizer

    tokenizer = Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer
