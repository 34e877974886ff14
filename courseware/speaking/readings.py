"""Readings that hang on what stands around a character, however it is divided into words: 睡不着, 还款, 长5厘米.

Each rule has one character in its brackets, and how that one is read. Pure.
"""

from __future__ import annotations

import re
from functools import cache

_NUMBERS = "零〇一二三四五六七八九十百千万亿两几半多"
_LENGTHS = "米|厘米|毫米|公里|千米|尺|寸|里|丈"
_WITHOUT_DEI = "[了到病出知分益力奖名利失]"  # behind a 得 that is no “must”
_MUST = "先|把|用|靠|让|请|及时|马上|赶紧|赶快|尽快|经常|注意|重新"
_RESULTS = "主|宜|好|佳|准|限|止|例|度|期|辅|本|界|害|妥|单位|目标|中心|原则"
_WHOM = "了|什么|何|此|您|你|我|他|她|农|群|大家|人民|防"
_RULES: tuple[tuple[str, str], ...] = (
    (r"(?<=[不得])(着)(?![手重])", "zhao2"),
    (rf"(?<![生成])(长)(?=[约达近]?[{_NUMBERS}点]+(?:{_LENGTHS}))", "chang2"),
    (r"(?<![生成])(长)(?=[约达度])", "chang2"),
    (rf"(长)(?=[{_NUMBERS}]+[片个条根张对]?[新真小]?[叶芽梢枝根穗])", "zhang3"),
    (r"(还)(?=[钱款贷债账息]|清(?!楚)|本付)", "huan2"),
    (r"(?<=[归偿退返交])(还)", "huan2"),
    (r"(还)$", "huan2"),
    (rf"(?<=[还也都总必非就])(得)(?!{_WITHOUT_DEI})", "dei3"),
    (rf"(?<=[你我您咱])(得)(?!{_WITHOUT_DEI})", "dei3"),
    (rf"(?<![觉获取记懂认使晓值显变])(得)(?={_MUST})", "dei3"),
    (r"(?<=[已未曾易不])(得)(?=了?病|了?奖)", "de2"),
    (r"(?<=[单双大小宽窄隔邻垄株])(行)(?![动为业政走车驶人李星程商事道其])", "hang2"),
    (rf"(?<=[{_NUMBERS}]行)(行)", "hang2"),
    (rf"(?<=[{_NUMBERS}])(行)(?=行)", "hang2"),
    (r"(?<![运进实执流通航飞步出旅发举推])(行)(?=[向内距间]|与行)", "hang2"),
    (r"(?<=行与)(行)", "hang2"),
    (rf"(?<=[{_NUMBERS}]只)(只)", "zhi1"),
    (r"(?<![一亲密急迫关])(切)(?=[成块片开断碎去除掉口段根丝条好下])", "qie1"),
    (r"以[^以为]{1,12}(为)", "wei2"),
    (rf"(为)(?={_RESULTS})", "wei2"),
    (rf"(?:时间|[距度量积期色状例比均约]|方法|最好|分别|一般|通常)(为)(?!{_WHOM})", "wei2"),
)


def readings_in(run: str) -> dict[int, str]:
    """The places of characters in a run of Chinese that are read so, each with its syllable."""
    return {found.start(1): syllable for rule, syllable in _compiled() for found in rule.finditer(run)}


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), syllable) for pattern, syllable in _RULES)
