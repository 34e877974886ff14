"""What the guide says of the largest pictures, animations and decks is what the program takes."""

from __future__ import annotations

import re

from courseware.lessons.clipping.clip_file import MOST_CLIPS
from courseware.media.animations import MOST_LOTTIE, MOST_PICTURES, SEQUENCE_MS
from courseware.media.photos import MOST_BYTES, MOST_PIXELS
from courseware.origins.kinds.slides import LONGEST_NOTES
from courseware.slides.office import PATIENCE_S
from courseware.slides.presentation import LARGEST, LARGEST_UNPACKED, MOST_PARTS, MOST_TIMES, SMALL
from templates.cards import pictures
from tests.test_architecture import ROOT

_MB, _TEN_THOUSAND = 1_000_000, 10_000
FIGURES = {
    "照片": [MOST_BYTES // _MB, MOST_PIXELS // _TEN_THOUSAND],
    "GIF、APNG、动态 WebP、编号的图片": [
        MOST_PICTURES,
        1000 // SEQUENCE_MS,
        MOST_PIXELS // _TEN_THOUSAND,
        MOST_BYTES // _MB,
    ],
    "Lottie": [MOST_LOTTIE // _MB, MOST_PICTURES],
    "片名、标语、卡片的背景图": [pictures.MOST_BYTES // _MB, pictures.MOST_PIXELS // _TEN_THOUSAND],
    "演示文稿": [LARGEST // _MB, LARGEST_UNPACKED // _MB, MOST_PARTS, MOST_TIMES, SMALL // _MB, PATIENCE_S],
    "PDF、演示文稿、文件夹": [MOST_CLIPS],
    "一页的备注": [LONGEST_NOTES],
}


def test_the_guide_says_how_large_pictures_animations_and_decks_may_be() -> None:
    document = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    table = document.partition("| 什么 | 最大 | 说明 |")[2].partition("\n\n")[0]
    rows = dict(re.findall(r"^\| ([^|]+) \| ([^|]+ \|[^|]*) \|$", table, re.MULTILINE))
    said = {
        what: [int(figure) for figure in re.findall(r"\d+", told.partition("|")[0])] for what, told in rows.items()
    }
    said["演示文稿"] += map(int, re.findall(r"(\d+) 秒", rows["演示文稿"]))
    assert said == FIGURES
