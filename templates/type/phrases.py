"""Where a Chinese line may be broken, and how good each place is. Knows nothing of widths.

The prohibitions are those of "Requirements for Chinese Text Layout" (W3C CLREQ), level GB, with —— and …… kept off
line starts as in its strict level. Better places come from punctuation first, then from words (jieba).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from courseware.words import words_in

ZERO_WIDTH_SPACE = "\u200b"  # in a text: a good place to break
# Grades of a place between two characters; the smaller, the better the break. Up to BORDER nothing is torn.
BORDER = 100
WORD = 500
TITLE, SYMBOL, MARK, TIED, PAIR = 1_000, 2_000, 3_000, 4_000, 5_000
NEVER = 1_000_000
_BETWEEN_WORDS = 30
Words = frozenset[str]
NO_WORDS: Words = frozenset()

_OPENING = frozenset("“‘（【《〈「『〔〖｛［([{￥¥＄$€£＃#＠@№")
_CLOSING = frozenset("”’）】》〉」』〕〗｝］)]}")
_NOT_FIRST = _CLOSING | frozenset("、，；：。！？…—～－·•‧・／,.;:!?%％‰℃°′″~-–/|々ー﹏")
_NOT_LAST = _OPENING | frozenset("／/|")
_AFTER_MARK = {
    **dict.fromkeys("。！？…!?", 0),
    **dict.fromkeys("；，：,;:—", 2),
    **dict.fromkeys(")）】》〉」』”’", 16),
    "、": 8,
}


def _words(lines: str) -> frozenset[str]:
    return frozenset(lines.split())


_OPENS_LINE = _words("""
    和 与 及 以及 或 或者 还是 在 从 对 对于 把 被 给 让 向 往 由 因 因为 但 但是 而 而且 所以 因此 如果 若 当
    并 并且 不但 不仅 然后 再 接着 才 也 还 又 都 就 即 直到 按 按照 根据 通过 为了 比如 例如 跟 使 可以 应 应该
    必须 不要 需要 要 是
""")
_ENDS_BADLY = _words("""
    和 与 及 以及 或 或者 在 从 对 对于 把 被 给 让 向 往 由 因 但 而 若 当 并 按 为 为了 如 比 跟 同 至 到 以 于
    用 不 没 很 最 更 太 再 也 都 就 才 又 还 要 会 能 可 可以 应 须 别 每 每亩 各 第 这 那 此 该 一 两 几 某 其
    之 是 有 将 所 后 前 用于 不要 不能 没有 进行
""")
_STARTS_BADLY = _words("""
    的 地 得 了 着 过 吗 呢 吧 啊 呀 嘛 们 等 等等 上 下 里 中 内 外 时 之 后 前 以上 以下 以内 以后 以前 之前
    之后 之间 左右 起来 出来 下来 下去 上去 过来
""")
_UNITS = _words("""
    平方公里 平方米 立方米 摄氏度 毫克 公斤 千克 毫升 厘米 毫米 公里 千米 公顷 小时 分钟 世纪 年代 周岁 个月 星期
    人次 块钱 立方 万元 亿元 千瓦时 千瓦 兆帕 帕 目 斤 两 克 吨 升 米 里 亩 元 角 分 度 天 日 月 年 号 时 秒 点
    岁 周 个 只 头 株 棵 粒 袋 瓶 包 桶 盆 罐 次 遍 倍 级 届 期 名 人 户 位 章 节 页 条 项 层 寸 尺 丈 万 亿 千
    百 成 种 台 辆 颗 根 片 把 份 批 集 讲 课 组 村 镇 县 例 家 套 步 排 行 眼 座 间 口 尾 羽 匹 箱 担 垄 畦 茬
    季 旬
""")
_UNIT = "(?:" + "|".join(sorted(_UNITS, key=lambda unit: (-len(unit), unit))) + ")"
_DIGITS = r"[0-9０-９]+"
_NUMBER = rf"{_DIGITS}(?:[.．,，:：/／×xX*~～\-－—–至]{_DIGITS})*(?:多|余|来)?"
_HAN_NUMBER = "[一二三四五六七八九十百千万亿两半几零〇]+(?:多|余|来)?"
_AMOUNT = rf"第?(?:[￥¥＄$€£] ?)?[±+\-－]?{_NUMBER}(?: ?(?:[%％‰℃°]|{_UNIT}(?:[/／]{_UNIT})*))?"
_QUANTITY = re.compile(
    rf"{_AMOUNT}(?:[~～\-－—–至到]{_AMOUNT})*|第?{_HAN_NUMBER}{_UNIT}(?:[/／]{_UNIT})*|第{_HAN_NUMBER}|百分之{_HAN_NUMBER}"
)
_BOOK = re.compile("《[^《》]*》")
_JOINTS = frozenset("-.,:/'’&_+@#%=*~^?!‐‑")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"[^\S\n]+")
_INVISIBLE = re.compile(
    "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]"
)


class Phrases(NamedTuple):
    """One paragraph, ready to be broken.

    Attributes:
        content: what is drawn; without line feeds and without characters that draw nothing.
        grades: grades[i] is that of the place before content[i]; grades[0] is NEVER.
        books: half-open ranges of 《titles》.
    """

    content: str
    grades: tuple[int, ...]
    books: tuple[tuple[int, int], ...]


@lru_cache(maxsize=8192)
def tidy(content: str) -> str:
    """The text as it is drawn: NFC, one space for any run of blanks, no control or invisible character.

    Line feeds stay; a ZERO WIDTH SPACE stays too, since it asks for a break.
    """
    kept = unicodedata.normalize("NFC", content.replace("\r\n", "\n").replace("\r", "\n"))
    kept = _INVISIBLE.sub(lambda found: found[0] if found[0] == ZERO_WIDTH_SPACE else "", kept)
    kept = _CONTROL.sub(" ", kept)
    kept = _SPACES.sub(lambda run: "\u3000" if "\u3000" in run[0] else " ", kept)
    return "\n".join(line.strip() for line in kept.split("\n"))


@lru_cache(maxsize=8192)
def phrases(paragraph: str, words: Words = NO_WORDS) -> Phrases:
    """Grade every place of a paragraph. ZERO WIDTH SPACEs mark good places and are taken out.

    Args:
        paragraph: tidy text without a line feed.
        words: which stay whole where that is possible, beside those of the dictionary.
    """
    pieces = paragraph.split(ZERO_WIDTH_SPACE)
    content = "".join(pieces)
    grades = [NEVER, *(_grade(content, index) for index in range(1, len(content)))]
    _apply_words(content, grades)
    if words:
        _keep_words(content, grades, words)
    _ask(grades, pieces)
    _keep_runs(content, grades)
    books = tuple(found.span() for found in _BOOK.finditer(content))
    _prohibit(content, grades)
    return Phrases(content, tuple(grades), books)


def is_ideographic(ch: str) -> bool:
    """Whether a line may end on either side of the letter: Han, kana, hangul."""
    return (
        "\u2e80" <= ch <= "\u9fff" or "\uac00" <= ch <= "\ud7af" or "\uf900" <= ch <= "\ufaff" or ch >= "\U00020000"
    )


def _is_letter(ch: str) -> bool:
    return unicodedata.category(ch)[0] in "LN" and not is_ideographic(ch)


def _grade(content: str, index: int) -> int:
    """By punctuation and spaces only; words come later."""
    before, after = content[index - 1], content[index]
    if after.isspace() or unicodedata.category(after)[0] == "M":
        return NEVER
    if before in _AFTER_MARK:
        return _AFTER_MARK[before]
    if before.isspace():
        last = content[index - 2] if index > 1 else ""
        if last in _AFTER_MARK:
            return _AFTER_MARK[last]
        return 4 if last and is_ideographic(last) and is_ideographic(after) else 24
    if after in _OPENING:
        return 12
    return WORD if is_ideographic(before) and is_ideographic(after) else 34


def _apply_words(content: str, grades: list[int]) -> None:
    """Improve the places between words that punctuation left at WORD."""
    start = 0
    words = words_in(content)
    for word, following in pairwise(words):
        start += len(word)
        if grades[start] == WORD:
            grades[start] = _border(word, following)


def _keep_words(content: str, grades: list[int], words: Words) -> None:
    """What a person calls a word is one, whatever the dictionary makes of it; a place beside it is a word border."""
    for found in _pattern_of(words).finditer(content):
        start, end = found.span()
        for index in range(start + 1, end):
            grades[index] = max(grades[index], WORD)
        for place in (start, end):
            if 0 < place < len(grades) and grades[place] == WORD:
                grades[place] = _BETWEEN_WORDS


@cache
def _pattern_of(words: Words) -> re.Pattern[str]:
    """Matches any of the words, the longest first."""
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))))


def _border(word: str, following: str) -> int:
    if following in _STARTS_BADLY:
        return 90
    if word in _ENDS_BADLY:
        return 70
    return 18 if following in _OPENS_LINE else _BETWEEN_WORDS


def _ask(grades: list[int], pieces: list[str]) -> None:
    """Places where the author broke the line are as good as a comma, unless that tore a word apart."""
    place = 0
    for piece in pieces[:-1]:
        place += len(piece)
        if 0 < place < len(grades) and grades[place] <= BORDER:
            grades[place] = min(grades[place], 2)


def _keep_runs(content: str, grades: list[int]) -> None:
    """Tie Latin words, then quantities; quantities that touch (3月15日) come apart, but unwillingly."""
    for index in range(1, len(content)):
        before, after = content[index - 1], content[index]
        if _is_letter(before) and _is_letter(after):
            grades[index] = max(grades[index], TIED)
        elif _is_joint(content, index - 1) or (_is_letter(before) and _is_joint(content, index)):
            grades[index] = max(grades[index], SYMBOL)
    previous_end = 0
    for found in _QUANTITY.finditer(content):
        start, end = found.span()
        for index in range(start + 1, end):
            grades[index] = max(grades[index], TIED)
        if start == previous_end and 0 < start < len(grades):
            grades[start] = max(grades[start], 80)
        previous_end = end


def _is_joint(content: str, index: int) -> bool:
    """Whether a sign stands inside a Latin word or number, as in 2000mg/L or www.gov.cn."""
    if content[index] not in _JOINTS or not 0 < index < len(content) - 1:
        return False
    before, after = content[index - 1], content[index + 1]
    return (_is_letter(before) or before in _JOINTS) and (_is_letter(after) or after in _JOINTS)


def _prohibit(content: str, grades: list[int]) -> None:
    """Apply the rules for line starts and line ends, and keep —— and …… whole."""
    opening = _opening_quotes(content)
    for index in range(1, len(content)):
        if grades[index] == NEVER:
            continue
        last, after = _last_visible(content, index), content[index]
        if content[index - 1] == after and after in "—…":
            grades[index] = PAIR
        elif after == '"' and index not in opening:
            grades[index] = max(grades[index], MARK)
        elif after in _NOT_FIRST or content[last] in _NOT_LAST or last in opening:
            # A sign before a Latin word or number (.NET, -5℃) may well begin a line after a space.
            stands_alone = last < index - 1 and index + 1 < len(content) and _is_letter(content[index + 1])
            if content[last] in _NOT_LAST or last in opening or not stands_alone:
                grades[index] = max(grades[index], MARK)


def _last_visible(content: str, index: int) -> int:
    """Position of the last character before `index` that is not a space."""
    return index - 2 if content[index - 1].isspace() and index > 1 else index - 1


def _opening_quotes(content: str) -> frozenset[int]:
    """Where straight double quotes open: every other one."""
    places = [index for index, ch in enumerate(content) if ch == '"']
    return frozenset(places[::2])
