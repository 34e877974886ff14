"""Draws docs/subtitles-canvases.jpg and docs/subtitles-compared.jpg: python -m tests.bench.contact_sheets.

Over the sample county's footage, the pixels that rendering makes; television is shown at half its size.
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.lessons.profile import Canvas
from courseware.subtitles.cue import Cue
from courseware.times import Span
from render.plan.ass import dump_ass
from render.plan.captions import CaptionStyle, caption_style, typeset
from render.work.ffmpeg import find_ffmpeg
from templates.captions import LOOKS
from templates.type.fonts import FONTS_DIR, font_file
from tests.bench.bench_typesetting import ROOT, greedy, libass_script, moviepy_picture

if TYPE_CHECKING:
    from PIL.Image import Image

MEDIA = ROOT / "templates" / "county" / "media"
BESIDE = Path(__file__).with_name("city-night.mpg")
GAP = 12
LABEL = 26
PAPER, INK = (246, 244, 239), (40, 40, 40)
TELEVISION = Canvas(1920, 1080)
SAID = (
    ("check-quality.mp4", "每亩施用水溶肥50公斤，注意防治魔芋软腐病和茶叶红蜘蛛"),
    ("green-hills.webm", "春季茶园管理要抓好三件事：一是及时修剪，二是科学施肥"),
    ("project-data.mp4", "学习《农产品质量安全法》，CO₂浓度保持在800～1000mg/L"),
    ("city-night.mpg", "晚上七点半，到五里镇广场看电影\nMovie night on the square at 7:30"),
)
COMPARED = "我们说：“春分前后（三月下旬）播种最好”，每亩用种2000g，大家都记住了吧。"


def burned(film: str, script: str, canvas: Canvas, shown: Canvas, filters: str = "ass=filename=x.ass") -> Image:
    """A picture of the film on a canvas with a script burned in, at another size if `shown` differs."""
    from PIL.Image import open as open_picture

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "x.ass").write_text(script, encoding="utf-8")
        Path(folder, "fonts").symlink_to(FONTS_DIR)
        fill = f"scale={canvas.width}:{canvas.height}:force_original_aspect_ratio=increase"
        chain = f"{fill},crop={canvas.width}:{canvas.height},setsar=1,{filters}:fontsdir=fonts"
        path = BESIDE if film == BESIDE.name else MEDIA / film
        command = [find_ffmpeg().path, "-v", "error", "-ss", "1", "-i", str(path), "-vf"]
        command += [f"setpts=PTS-STARTPTS,{chain},scale={shown.width}:{shown.height}", "-frames:v", "1", "x.png"]
        subprocess.run(command, cwd=folder, check=True)
        with open_picture(Path(folder, "x.png")) as picture:
            converted: Image = picture.convert("RGB")
    return converted


def ours(said: str, style: CaptionStyle) -> str:
    """The script of the first picture."""
    first = typeset([Cue(Span(0, 9_000), said)], style)[0]
    return dump_ass([replace(first, span=Span(0, 9_000))], style)


def labelled(picture: Image, label: str) -> Image:
    """The picture with a line of text below it."""
    from PIL import Image, ImageDraw, ImageFont

    sheet = Image.new("RGB", (picture.width, picture.height + LABEL), PAPER)
    sheet.paste(picture, (0, 0))
    font = ImageFont.truetype(str(font_file("Noto Sans SC", "Regular")), 15)
    ImageDraw.Draw(sheet).text((0, picture.height + 3), label, fill=INK, font=font)
    return sheet


def stacked(pictures: list[Image]) -> Image:
    """One below the other."""
    from PIL import Image

    height = sum(one.height for one in pictures) + GAP * (len(pictures) - 1)
    sheet = Image.new("RGB", (max(one.width for one in pictures), height), PAPER)
    at = 0
    for one in pictures:
        sheet.paste(one, (0, at))
        at += one.height + GAP
    return sheet


def side_by_side(pictures: list[Image]) -> Image:
    """One beside the other."""
    from PIL import Image

    width = sum(one.width for one in pictures) + GAP * (len(pictures) - 1)
    sheet = Image.new("RGB", (width, max(one.height for one in pictures)), PAPER)
    at = 0
    for one in pictures:
        sheet.paste(one, (at, 0))
        at += one.width + GAP
    return sheet


def save(sheet: Image, name: str) -> None:
    """With a border, as a JPEG for the documentation."""
    from PIL import ImageOps

    ImageOps.expand(sheet, GAP, PAPER).save(ROOT / "docs" / name, quality=80, optimize=True, progressive=True)


def canvases() -> Image:
    """Every canvas, with subtitles of every sort."""

    def tile(size: tuple[int, int], which: int, *, look: str = "outline") -> Image:
        canvas = Canvas(*size)
        style = replace(caption_style(canvas, led=canvas != TELEVISION), look=LOOKS[look])
        shown = Canvas(canvas.width // 2, canvas.height // 2) if canvas == TELEVISION else canvas
        film, said = SAID[which]
        label = f"{canvas.width}×{canvas.height}  字高 {style.em_px} px" + ("  加底框" if look == "box" else "")
        return labelled(burned(film, ours(said, style), canvas, shown), label)

    small = stacked([tile((320, 160), 0), tile((320, 160), 2)])
    wide = stacked([tile((384, 192), 1), tile((384, 192), 3)])
    top = side_by_side([small, wide, tile((512, 320), 2), tile((512, 320), 3, look="box")])
    return stacked([top, side_by_side([tile((800, 480), 0), tile(TELEVISION, 1)])])


def compared() -> Image:
    """One text on one screen, set here and elsewhere."""
    canvas, film = Canvas(512, 320), "check-quality.mp4"
    style = caption_style(canvas, led=True)
    plain = libass_script([COMPARED], style, coloured=False).replace("0:00:01.00", "0:00:09.00")
    parts = typeset([Cue(Span(0, 9_000), COMPARED)], style)
    scripts = [dump_ass([replace(part, span=Span(0, 9_000))], style) for part in parts]
    tiles = [
        labelled(burned(film, script, canvas, canvas), f"yuanjiao（第 {number} 屏，共 {len(scripts)} 屏）")
        for number, script in enumerate(scripts, 1)
    ]
    for name, option in {"libass": 0, "libass wrap_unicode": 1}.items():
        filters = f"subtitles=filename=x.ass:wrap_unicode={option}"
        tiles.append(labelled(burned(film, plain, canvas, canvas, filters), name))
    lines = "\n".join(greedy(COMPARED, style))
    tall = replace(style, max_lines=9)
    tiles.append(labelled(burned(film, dump_ass([Cue(Span(0, 9_000), lines)], tall), canvas, canvas), "逐字填满"))
    bare = burned(film, dump_ass([], style), canvas, canvas)
    drawn = moviepy_picture(COMPARED, style)
    bare.paste(drawn, ((canvas.width - drawn.width) // 2, canvas.height - drawn.height - 12), drawn)
    tiles.append(labelled(bare, "MoviePy TextClip"))
    return stacked([side_by_side(tiles[at : at + 3]) for at in range(0, len(tiles), 3)])


def main() -> None:
    """Draw both sheets."""
    save(canvases(), "subtitles-canvases.jpg")
    save(compared(), "subtitles-compared.jpg")


if __name__ == "__main__":
    main()
