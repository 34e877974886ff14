"""Foreign words as sounds: letters by their names, words as the synthesiser pronounces them in English."""

from __future__ import annotations

from collections.abc import Iterable

from courseware.speaking.sounds import LETTERS
from courseware.speech.voice import voice

_LONGEST_SPELT = 4  # capitals; more that can be said are said
# The synthesiser's IPA → the notation that the voice was taught; the longer ones first.
_NOTATION = (
    ("eɪ", "A"), ("aɪ", "I"), ("oʊ", "O"), ("əʊ", "O"), ("aʊ", "W"), ("ɔɪ", "Y"), ("tʃ", "ʧ"), ("dʒ", "ʤ"),
    ("ɜː", "ɜɹ"), ("ɚ", "əɹ"), ("ɝ", "ɜɹ"), ("ɐ", "ə"), ("ᵻ", "ɪ"), ("r", "ɹ"), ("ɾ", "T"), ("e", "A"), ("o", "ɔ"),
    ("g", "ɡ"), ("x", "k"), ("ː", ""), ("ʔ", "t"), ("\u0329", ""), ("\u0361", ""), ("-", ""),
)  # fmt: skip


def foreign_sounds(words: Iterable[str]) -> dict[str, str]:
    """Sounds of each word; the synthesiser is started once, and only for words that are not spelt."""
    each = list(dict.fromkeys(words))
    said = {word: " ".join(LETTERS[letter] for letter in word.upper()) for word in each if _is_spelt(word)}
    others = [word for word in each if word not in said]
    if others:
        with voice() as speaker:
            said |= {word: _in_notation(speaker.phonemes(word, "en-us")) for word in others}
    return said


def _is_spelt(word: str) -> bool:
    return len(word) == 1 or (word.isupper() and word.isalpha() and word.isascii() and len(word) <= _LONGEST_SPELT)


def _in_notation(ipa: str) -> str:
    for given, taught in _NOTATION:
        ipa = ipa.replace(given, taught)
    return " ".join(ipa.split())
