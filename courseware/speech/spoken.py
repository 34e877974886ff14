"""How written text is spoken: numbers, units, dates, letters; and how many syllables that takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

_DIGITS = "零一二三四五六七八九"
_SIZES = ((100_000_000, "亿"), (10_000, "万"), (1_000, "千"), (100, "百"), (10, "十"))
_LONGEST_AMOUNT = 12  # digits; a longer number is read one by one
_LONGEST_SPELT = 4  # capitals; more that can be said are said
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹", "01234567890123456789")
_UNIT_TABLE = """
    mg/kg=毫克每千克 mg/L=毫克每升 ml/L=毫升每升 g/L=克每升 kg/亩=千克每亩 m/s=米每秒 km/h=千米每小时 kWh=千瓦时
    kg=千克 mg=毫克 μg=微克 ug=微克 km=千米 cm=厘米 mm=毫米 nm=纳米 hm²=公顷 hm2=公顷 km²=平方千米 cm²=平方厘米
    m²=平方米 m2=平方米 m³=立方米 m3=立方米 ml=毫升 mL=毫升 kW=千瓦 MPa=兆帕 kPa=千帕 ppm=P_P_M Hz=赫兹
    kHz=千赫兹 GB=G_B MB=兆 min=分钟 ℃=摄氏度 °C=摄氏度 °=度 ㎡=平方米 ㎏=千克 ㎝=厘米 ㎜=毫米 ㎞=千米 L=升 l=升 g=克
    m=米 t=吨 V=伏 W=瓦 A=安 h=小时 s=秒
"""
_UNITS = {name: said.replace("_", " ") for name, _, said in (pair.partition("=") for pair in _UNIT_TABLE.split())}
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_VOWELS = re.compile(r"[aeiouy]+", re.IGNORECASE)
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇\U00020000-\U0003ffff]")


class Spoken(NamedTuple):
    """A stretch of speech: what is said, for the characters from `place` on."""

    said: str
    place: int


def is_han(character: str) -> bool:
    """Whether it is a Chinese character, spoken as one syllable."""
    return bool(_HAN.match(character))


def digits(number: str) -> str:
    """One by one: "2026" → "二零二六"."""
    return "".join(_DIGITS[int(digit)] for digit in number if digit.isdecimal())


def cardinal(number: str) -> str:
    """As an amount: "1,205.5" → "一千二百零五点五"; very long numbers digit by digit."""
    whole, _, fraction = number.replace(",", "").partition(".")
    spoken = (
        digits(whole) if len(whole) > _LONGEST_AMOUNT or (len(whole) > 1 and whole[0] == "0") else _amount(int(whole))
    )
    return spoken + ("点" + digits(fraction) if fraction else "")


def _amount(value: int, *, first: bool = True) -> str:
    """A whole number as it is read: how many of the largest unit in it, then the rest, with 零 for units left out."""
    if value < len(_DIGITS):
        return _DIGITS[value]
    size, name = next((size, name) for size, name in _SIZES if value >= size)
    head, rest = divmod(value, size)
    # 十五, but 一百一十五.
    front = "" if first and name == "十" and head == 1 else _amount(head)
    gap = "零" if rest and rest < size // 10 else ""
    return front + name + gap + (_amount(rest, first=False) if rest else "")


def _year(found: re.Match[str]) -> str:
    return digits(found["year"]) + "年"


def _date(found: re.Match[str]) -> str:
    return f"{digits(found['y'])}年{_amount(int(found['mo']))}月{_amount(int(found['d']))}日"


def _clock(found: re.Match[str]) -> str:
    minute = int(found["min"])
    gap = "零" if 0 < minute < len(_DIGITS) else ""
    seconds = f"{_amount(int(found['sec']))}秒" if found["sec"] else ""
    return f"{_amount(int(found['hour']))}点" + (f"{gap}{_amount(minute)}分" if minute else "") + seconds


def _ratio(found: re.Match[str]) -> str:
    return "比".join(cardinal(part) for part in re.split("[:：]", found[0]))


def _fraction(found: re.Match[str]) -> str:
    return f"{cardinal(found['below'])}分之{cardinal(found['above'])}"


def _price(found: re.Match[str]) -> str:
    return cardinal(found["price"]) + ("美元" if found["coin"] in "$＄" else "元")


def _share(found: re.Match[str]) -> str:
    first = cardinal(found["from"]) + "到" if found["from"] else ""
    return {"%": "百分之", "％": "百分之", "‰": "千分之"}[found["sign"]] + first + cardinal(found["share"])


def _quantity(found: re.Match[str]) -> str:
    """A number or a range with sign and unit."""
    first = cardinal(found["low"]) + "到" if found["low"] else ""
    sign = {"-": "负", "−": "负", "+": "正", "±": "正负"}.get(found["plus"] or "", "")
    return sign + first + cardinal(found["high"]) + _UNITS.get(found["unit"] or "", "")


def _letters(found: re.Match[str]) -> str:
    """An abbreviation is spelt, a word is said; a number in it is read digit by digit."""
    word = found[0].translate(_SUBSCRIPTS)
    if any(ch.isdecimal() for ch in word) or (
        word.isupper() and (len(word) <= _LONGEST_SPELT or not _VOWELS.search(word))
    ):
        return " ".join(_DIGITS[int(ch)] if ch.isdecimal() else ch for ch in word)
    return word


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (r"(?<!\d)(?P<y>\d{4})[-/.](?P<mo>0?[1-9]|1[0-2])[-/.](?P<d>0?[1-9]|[12]\d|3[01])(?!\d)", _date),
        (r"(?<!\d)(?P<year>\d{4})年", _year),
        (rf"(?:(?<=比)|(?<=例)){_NUMBER}(?:[:：]{_NUMBER})+", _ratio),
        (r"(?<![\d/])(?P<above>\d{1,2})/(?P<below>\d{1,3})(?![\d/])", _fraction),
        (rf"(?P<coin>[￥¥$＄])\s?(?P<price>{_NUMBER})", _price),
        (r"[Nn][Oo]\.\s?(?=\d)", lambda _: "第"),
        (r"(?i:www)(?![A-Za-z])", lambda _: "W W W"),
        (r"(?<=[A-Za-z0-9])\.(?=[A-Za-z])", lambda _: "点"),
        (r"(?<![\d:：])(?P<hour>[01]?\d|2[0-4])[:：](?P<min>[0-5]\d)(?:[:：](?P<sec>[0-5]\d))?(?![\d:：])", _clock),
        (rf"(?<![\d:：.]){_NUMBER}(?:[:：]{_NUMBER})+", _ratio),
        (rf"(?:(?P<from>{_NUMBER})[%％]?[-~～–—至到])?(?P<share>{_NUMBER})(?P<sign>[%％‰])", _share),
        (r"(?<!\d)1\d{10}(?!\d)|(?<![\d.])0\d{2,3}-?\d{7,8}(?!\d)", lambda found: digits(found[0])),
        (r"[A-Za-z][A-Za-z'’]*[A-Za-z0-9₀-₉]*", _letters),
        (
            (
                rf"(?P<plus>(?<![\w一-鿿])[-−+±])?(?:(?P<low>{_NUMBER})(?:{_UNIT})?[-~～–—])?(?P<high>{_NUMBER})"
                rf"\s?(?P<unit>{_UNIT})?(?![A-Za-z])"
            ),
            _quantity,
        ),
        (r"\d", lambda found: digits(found[0])),
        (_UNIT.replace("|L|l|g|m|t|V|W|A|h|s", ""), lambda found: _UNITS[found[0]]),
    )
)
_SIGNS = dict(
    zip("×÷+＋=＝&№αβ<>〇@", "乘 除以 加 加 等于 等于 和 第 阿尔法 贝塔 小于 大于 零 艾特".split(), strict=True)  # noqa: SIM905  (a list hides the pairs)
)


def spoken(written: str, *, chinese: bool = True) -> Iterator[Spoken]:
    """Pieces of speech in order; punctuation is a piece of its own and means itself.

    Args:
        chinese: False for a text in English: it keeps its numbers, since its voice reads them.
    """
    plain = unicodedata.normalize("NFC", written)
    if len(plain) != len(written):
        plain = written
    place = 0
    while place < len(plain):
        rule = next(((found, read) for pattern, read in _RULES if (found := pattern.match(plain, place))), None)
        if rule is None or not chinese:
            word = re.compile(r"[A-Za-z0-9'’]+").match(plain, place)
            said = word[0] if word else _sign(plain[place]) if chinese else plain[place]
            yield Spoken(said, place)
            place += len(word[0]) if word else 1
            continue
        found, read = rule
        yield Spoken(read(found), place)
        place = max(found.end(), place + 1)


def said_with_places(line: str, *, chinese: bool = True) -> tuple[str, list[int]]:
    """The spoken text, and for each of its characters the place in the line."""
    said, places = "", []
    for piece in spoken(line, chinese=chinese):
        content = piece.said
        if said and said[-1].isascii() and content[0].isascii() and said[-1].isalnum() and content[0].isalnum():
            content = " " + content
        said += content
        places += [piece.place] * len(content)
    return said, places


def _sign(character: str) -> str:
    """A sign by its name, a number in a circle or of Roman letters as an amount; anything else means itself."""
    value = unicodedata.numeric(character, -1)
    if value == int(value) >= 0 and not is_han(character):
        return cardinal(str(int(value)))
    return _SIGNS.get(character, character)


def syllables(written: str, *, chinese: bool = True) -> int:
    """How many syllables it takes to say it; a foreign word has one for each group of vowels."""
    return sum(_syllables(piece.said) for piece in spoken(written, chinese=chinese))


def _syllables(said: str) -> int:
    total = sum(map(is_han, said))
    for word in re.findall(r"[A-Za-z]+", said):
        total += 3 if word in {"W", "w"} else _word(word)
    return total


def _word(word: str) -> int:
    # The e of "moisture" is silent, that of "the" is not.
    return max(1, len(_VOWELS.findall(re.sub(r"(?<=\w{3})e$", "", word.lower()))))
