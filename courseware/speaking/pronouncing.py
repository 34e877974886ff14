"""What is said as syllables: words found, each with its pinyin, polyphones by the words about them, tones changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from courseware.speaking.readings import readings_in
from courseware.speaking.sandhi import changed
from courseware.speaking.sounds import sounds_of
from courseware.speech.spoken import is_han
from courseware.words import words_in

_TOKEN = re.compile(
    r"(?P<foreign>[A-Za-z][A-Za-z'’]*)|(?P<han>[\u3400-\u9fff〇\uf900-\ufaff\U00020000-\U000323af]+)|(?P<mark>\S)"
)
_NUMBER = frozenset("零一二三四五六七八九十百千万亿两几半多每")
_PLAIN = {"一": "yi1", "不": "bu4"}
_COUNTING = {"行": "hang2", "只": "zhi1", "种": "zhong3"}  # after a number
_COLOURED = frozenset("会点事花味活块片棵芽根个孩小伙玩心劲这那哪边")  # before a 儿 that is no syllable
_SEED_AFTER = frozenset("这那哪各品某此该同两几一二三四五六七八九十多种")
Fits = Callable[[str, str], bool]  # of the words before and after


@dataclass(frozen=True, slots=True)
class SaidWord:
    """A word as it is said.

    Attributes:
        text: as it stands in the worded text.
        pinyin: of a Chinese word, a syllable each with a digit for its tone; none for a foreign word or a mark.
    """

    text: str
    pinyin: tuple[str, ...] = ()

    @property
    def is_foreign(self) -> bool:
        """Whether it is in Latin letters."""
        return not self.pinyin and self.text[:1].isascii() and self.text[:1].isalpha()

    @property
    def is_unread(self) -> bool:
        """Whether nobody knows how it is read: a rare character, or a letter of another script."""
        if self.pinyin:
            return any(sounds_of(syllable) is None for syllable in self.pinyin)
        return not self.is_foreign and self.text.isalpha()


def pronounced(said: str, book: Mapping[str, tuple[str, ...]]) -> tuple[SaidWord, ...]:
    """Words and marks of a worded text, in order.

    Args:
        book: words whose pinyin is known, which no rule changes but those of tones.
    """
    found: list[SaidWord] = []
    for token in _TOKEN.finditer(said):
        if token["han"]:
            words = changed(_with_pinyin(token["han"], book))
            found += _coloured([SaidWord(text, tuple(pinyin)) for text, pinyin in words])
        else:
            found.append(SaidWord(token[0], book.get(token[0], ()) if token["foreign"] else ()))
    return tuple(found)


def pinyin_of(words: Sequence[SaidWord]) -> str:
    """For people: "chóng chá" with marks as they stand, foreign words as they are."""
    said = [" ".join(_marked(one) for one in word.pinyin) or word.text for word in words]
    return re.sub(r" (?=[，。、；：！？,.;:!?）)”])", "", " ".join(said))


def _marked(syllable: str) -> str:
    from pypinyin.contrib.tone_convert import to_tone

    return str(to_tone(syllable.replace("v", "ü"))).removesuffix("5")


def _with_pinyin(run: str, book: Mapping[str, tuple[str, ...]]) -> list[tuple[str, list[str]]]:
    words, readings = list(_divided(run, book)), readings_in(run)
    found, place = list[tuple[str, list[str]]](), 0
    for number, word in enumerate(words):
        given = book.get(word)
        guessed = list(given) if given else _guessed(words, number)
        if not given:
            guessed = [readings.get(place + at, one) for at, one in enumerate(guessed)]
        found.append((word, guessed))
        place += len(word)
    return found


def _divided(run: str, book: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Words; those of the book first, the longest first, a single character only where it stands alone."""
    longest, at, start = max(map(len, book), default=0), 0, 0
    while at < len(run):
        sizes = range(min(longest, len(run) - at), 1, -1)
        size = next((size for size in sizes if run[at : at + size] in book), 0)
        if size:
            yield from words_in(run[start:at]) if at > start else ()
            yield run[at : at + size]
            start = at + size
        at += size or 1
    if start < len(run):
        yield from words_in(run[start:])


def _guessed(words: Sequence[str], number: int) -> list[str]:
    """The pinyin of a word by pypinyin's phrases; of a single character by what stands about it."""
    from pypinyin import Style, lazy_pinyin

    word = words[number]
    before, after = words[number - 1] if number else "", words[number + 1] if number + 1 < len(words) else ""
    single = _alone(word, before, after)
    if single:
        return [single]
    found = [str(one).replace("ü", "v") for one in lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True)]
    # Some of its phrases have the tones of 一 and 不 changed already.
    found = [_PLAIN.get(character, one) for character, one in zip(word, found, strict=True)]
    if word[0] == "子":
        found[0] = "zi3"  # it is light at the end of words alone
    if word[-1] in _COUNTING and set(word[:-1]) <= _NUMBER:
        found[-1] = _COUNTING[word[-1]]
    return found


def _alone(word: str, before: str, after: str) -> str:
    """Of characters that are read in two ways as words of their own; "" for all others."""
    if word not in _POLYPHONES:
        return ""
    usual, other, fits = _POLYPHONES[word]
    return other if fits(before, after) else usual


def _adverbial(before: str, after: str) -> bool:
    """Whether a 地 makes an adverb of what stands before it."""
    return len(before) > 1 and after != "" and before[-1] not in _NUMBER and before[-1] not in "的亩块里外"


def _starts(characters: str) -> Fits:
    return lambda _, after: after != "" and after[0] in characters


def _counted(before: str, _: str) -> bool:
    return before[-1:] in _NUMBER


# The usual reading, the other one, and when it is that.
_POLYPHONES: dict[str, tuple[str, str, Fits]] = {
    "种": ("zhong4", "zhong3", lambda before, after: before[-1:] in _SEED_AFTER or not after),
    "行": ("xing2", "hang2", _counted),
    "只": ("zhi3", "zhi1", _counted),
    "长": ("chang2", "zhang3", _starts("出到得成满高大了着新势起")),
    "地": ("di4", "de5", _adverbial),
    "为": ("wei4", "wei2", lambda _, after: after[:1] in _NUMBER),
    "干": ("gan1", "gan4", _starts("活农完")),
    "幺": ("yao1", "yao1", _counted),
    "还": ("hai2", "hai2", _counted),
    "铺": ("pu1", "pu1", _counted),
    "切": ("qie1", "qie1", _counted),
    "得": ("de5", "de2", lambda before, _: not before),
}


def _coloured(words: Sequence[SaidWord]) -> list[SaidWord]:
    """A 儿 that colours the syllable before it is no syllable of its own: 一会儿, 花儿."""
    found: list[SaidWord] = []
    for word in words:
        if word.text == "儿" and found and found[-1].text[-1] in _COLOURED:
            found[-1] = _with_r(found[-1].text + "儿", found[-1].pinyin)
        elif len(word.text) > 1 and word.text[-1] == "儿" and word.text[-2] in _COLOURED and is_han(word.text[0]):
            found.append(_with_r(word.text, word.pinyin[:-1]))
        else:
            found.append(word)
    return found


def _with_r(text: str, pinyin: tuple[str, ...]) -> SaidWord:
    last = pinyin[-1]
    return SaidWord(text, (*pinyin[:-1], f"{last[:-1]}r{last[-1]}"))
