"""Sets click's sentences as Chinese is set: the words are our catalogue's, signs and ranges are mended here."""

from __future__ import annotations

import re

_HAN = "\u4e00-\u9fff"
_SIGNS = (
    (re.compile(r"' / '"), "”或“"),
    (re.compile(r"'([^']*)'"), r"“\1”"),
    (re.compile(r"(-?[0-9.]+)<=x<=(-?[0-9.]+)"), r"范围 \1～\2"),
    (re.compile(r"x>=(-?[0-9.]+)"), r"不小于 \1"),
    (re.compile(r"”, “"), "”“"),
    (re.compile(r"(?<=\S), (?=\S)"), "、"),
    (re.compile(r"; "), "，"),
    (re.compile(r"(?<=[”…])\."), "。"),
    (re.compile(r"。 ?(?=是否应为)"), "，"),
    (re.compile(rf"(?<=[{_HAN}，。：]) (?=[“（])"), ""),
)


def set_in_chinese(said: str) -> str:
    """Click's sentence with Chinese quotes, stops and ranges; one without a Chinese character as it is."""
    if not re.search(f"[{_HAN}]", said):
        return said
    for sign, better in _SIGNS:
        said = sign.sub(better, said)
    return said
