"""Written text as it is said aloud: what the aligner's reading leaves open, a voice has to decide.

Numbers, units and dates are read by courseware/speech/spoken.py; here stand telephone numbers, codes, ratios, ranges
of times and 两, which a listener would stumble over but an aligner does not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from courseware.speech.spoken import cardinal, digits, said_with_places

_MEASURES = "个亩斤棵株袋包瓶次遍年天种只头行层块片条根把颗粒月小时分钟公斤千克克升毫升米吨元人名家户倍"
_CODES = "编号|证号|批号|账号|卡号|学号|代码|邮编|文号|许可证|登记号|车牌号?|房号"
_CALLS = "电话|热线|拨打?|致电|手机|联系方式|客服|火警|匪警|报警|急救|求助|投诉|事故"
_TO = r"\s*(?:——|[-—–~至到])\s*"
_ROADS = "国道|省道|县道|乡道"
_TWO = "个亩斤棵株袋包瓶次遍年天种只头行层块片条根把颗粒小时分钟公斤"  # such as come in twos and threes
_MIXING = re.compile("稀释|兑水|配比|比例|配制|浓度|勾兑|料水比|混合|喷雾|喷施|灌根")
_POINTS = "年月日号时点"
_SIGNS = str.maketrans({"≥": "大于等于", "≤": "小于等于", "≈": "约", "→": "，", "～": "~", "∶": ":", "•": "，"})


def worded(written: str) -> str:
    """The words that are said for a sentence, with its punctuation: "3.5亩" → "三点五亩"."""
    plain = "".join(map(_plain_letter, written.translate(_SIGNS)))
    if _MIXING.search(plain):
        plain = re.sub(r"(?<![\d:：.])(\d{1,3})[:：](\d{2,5})(?![\d:：])", _ratio, plain)
    for pattern, say in _RULES:
        plain = pattern.sub(say, plain)
    # 二 before a large unit is said 两, but not inside of a number.
    return re.sub(r"(?<![零一二三四五六七八九十百千万亿点第])二(?=[千万亿])", "两", said_with_places(plain)[0])


def _plain_letter(character: str) -> str:
    """A wide letter, or one with an accent, as the plain one; anything else as it is."""
    parts = unicodedata.normalize("NFKD", character)
    is_letter = parts[0].isascii() and parts[0].isalpha()
    return parts[0] if is_letter and all(map(unicodedata.combining, parts[1:])) else character


def _ratio(found: re.Match[str]) -> str:
    return f"{cardinal(found[1])}比{cardinal(found[2])}"


def _called(found: re.Match[str]) -> str:
    """A number that is dialled: 1 is said 幺, so that it does not sound like 7."""
    number = digits(found["number"]).replace("一", "幺")
    return found.groupdict().get("before", "") + number


def _coded(found: re.Match[str]) -> str:
    return found["before"] + " ".join(filter(None, (found["letters"], digits(found["number"]))))


def _each_digit(found: re.Match[str]) -> str:
    return digits(found[0])


def _years(found: re.Match[str]) -> str:
    return f"{digits(found['low'])}到{digits(found['high'])}"


def _frost(found: re.Match[str]) -> str:
    """From degrees below zero: what follows may be above."""
    return f"零下{found['low']}℃到"


def _grades(found: re.Match[str]) -> str:
    return "、".join(cardinal(part) for part in re.split("[-—–]", found[0]))


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(pattern), say)
    for pattern, say in (
        (r"(?<!\d)(?P<number>1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)", _called),
        (r"(?<![\d.])(?P<number>0\d{2,3}[- ]?\d{7,8}|[48]00[- ]?\d{3}[- ]?\d{4})(?!\d)", _called),
        (
            rf"(?P<before>(?:{_CALLS})[号码]*[是为：:\s“]*)(?P<number>\d{{3,8}})(?![\d.亩元年月起件个人次家户公千条])",
            _called,
        ),
        (r"(?<![\d.])(?P<number>\d{3,8})(?=[政务服供电查询咨投诉]{0,8}(?:热线|电话))", _called),
        (rf"(?<![\d.])\d{{3}}(?={_ROADS})", _each_digit),
        (rf"(?<!\d)(?P<low>(?:19|20)\d\d){_TO}(?P<high>(?:19|20)\d\d)(?=年|学年)", _years),
        (rf"(?P<before>(?:{_CODES})[号码]*[是为：:\s]*)(?P<letters>[A-Za-z]*)(?P<number>\d{{3,}})", _coded),
        (r"(?<![\d-])\d{1,2}-\d{1,2}-\d{1,2}(?![\d-])", _grades),
        (
            rf"(?<![\d.℃C度%％])[-−](?P<low>\d+(?:\.\d+)?)\s*(?:℃|°C)?{_TO}(?=[-−]?\d+(?:\.\d+)?\s*(?:℃|°C))",
            _frost,
        ),
        (r"(?<![\d.℃C度%％])[-−](?=\d+(?:\.\d+)?\s*(?:℃|°C))", lambda _: "零下"),
        (r"(?<=[于到达至为是约从在])[-−](?=\d+(?:\.\d+)?\s*度)", lambda _: "零下"),
        (r"[pP][hH]\s*(?:值\s*)?(?=\d)", lambda _: "P H 值"),
        (rf"(?<=[{_POINTS}])\s*[-—–~]+\s*(?=\d)", lambda _: "到"),
        (r"(?<=\d:\d\d)\s*[-—–~]+\s*(?=\d)", lambda _: "到"),
        (r"(?<=[元斤克升株袋棵头只个次米])/(?=[亩斤克升株袋棵头只个次米天年月人公])", lambda _: "每"),
        (r"(?<=[gGlLtT²³])/(?=[亩株棵穴盆袋只头人天年]|m[²³23]|\d)", lambda _: "每"),
        (r"(?<=每)m[²2](?![A-Za-z\d])", lambda _: "平方米"),
        (r"(?<=每)m[³3](?![A-Za-z\d])", lambda _: "立方米"),
        (rf"(?<![\d.,:：第年月/~到-])2{_TO}(?=\d+\s*[{_TWO}])", lambda _: "两到"),
        (rf"(?<![\d.,:：第年月/~到、-])2、3(?=[{_TWO}])", lambda _: "两三"),
        (rf"(?<![\d.,:：第年月/~到-])2(?=[{_MEASURES}](?![日号份]))(?!月)", lambda _: "两"),
    )
)
