"""How subtitles come out here and elsewhere: python -m tests.bench.bench_typesetting [FOLDER with subtitle files].

How long our typesetting takes; then for each canvas, and for us, libass alone, libass with wrap_unicode, greedy
wrapping and MoviePy's TextClip (a sample): rules of line breaking broken, last lines under three characters, numbers
and words torn, and pictures with ink outside the safe frame of 4 %, from the pixels that ffmpeg draws.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

from courseware.errors import InputError
from courseware.lessons.profile import Canvas
from courseware.subtitles import load_cues
from courseware.subtitles.cue import Cue
from courseware.times import Span
from render.plan.ass import dump_ass
from render.plan.captions import CaptionStyle, caption_style, typeset
from render.work.ffmpeg import find_ffmpeg
from templates.type.fonts import FONTS_DIR, advance, font_file, missing_glyphs
from templates.type.phrases import phrases, tidy
from templates.type.typesetting import rejoin
from tests.bench.farming import SENTENCES, unmarked
from tests.bench.lines import faults

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    Picture = NDArray[np.uint8]

ROOT = Path(__file__).parents[2]
CANVASES = ((320, 160), (384, 192), (512, 320), (800, 480), (1920, 1080))
MOVIEPY_SAMPLE = 40
_LONGEST = 300  # characters; the colours below do not reach further
_GROUND = 96
_INK = 24  # how far a pixel must be from the ground


def load_texts(folder: Path) -> list[str]:
    """The texts of all subtitle files below a folder, then the farming sentences; each once, all glyphs shipped."""
    texts: dict[str, None] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in {".srt", ".ass", ".vtt", ".ttml", ".lrc", ".sbv"} and path.is_file():
            try:
                cues, _ = load_cues(path)
            except InputError:
                continue
            texts |= dict.fromkeys(tidy(cue.text) for cue in cues)
    texts |= dict.fromkeys(map(unmarked, SENTENCES))
    return [said for said in texts if said and len(said) <= _LONGEST and not missing_glyphs(said)]


def ours(texts: Sequence[str], style: CaptionStyle) -> Iterator[list[tuple[str, ...]]]:
    """The lines of each picture of each text."""
    for said in texts:
        cues = typeset([Cue(Span(0, 1_000_000), said)], style)
        yield [tuple(cue.text.split("\n")) for cue in cues]


def greedy(said: str, style: CaptionStyle) -> list[str]:
    """Lines filled character by character, as many a script does it."""
    lines = []
    for paragraph in said.split("\n"):
        line = ""
        for ch in paragraph:
            if advance(line + ch, style.em_px) > style.line_px:
                lines.append(line)
                line = ""
            line += ch
        lines.append(line)
    return [line for line in lines if line.strip()]


def moviepy_lines(said: str, style: CaptionStyle) -> tuple[list[str], bool]:
    """The lines of MoviePy's caption, and whether its picture is cut off or too high for the screen."""
    import numpy as np

    clip = _moviepy_clip(said, style)
    broken: Any = clip._TextClip__break_text
    width = style.width - 2 * style.margin_px
    lines = broken(width, said, str(font_file("Noto Sans SC", "Bold")), style.em_px, 2, "center", 4)
    drawn = np.asarray(clip.mask.get_frame(0)) > 0.1
    cut = bool(drawn[0].any() or drawn[-1].any() or drawn[:, 0].any() or drawn[:, -1].any())
    return "\n".join(lines).split("\n"), cut or drawn.shape[0] > style.height * 0.92


def moviepy_picture(said: str, style: CaptionStyle) -> Image:
    """The caption as MoviePy draws it, RGBA."""
    import numpy as np
    from PIL.Image import fromarray

    clip = _moviepy_clip(said, style)
    alpha = (np.asarray(clip.mask.get_frame(0)) * 255).astype(np.uint8)
    return fromarray(np.dstack([np.asarray(clip.get_frame(0)), alpha]))


def _moviepy_clip(said: str, style: CaptionStyle) -> Any:
    from moviepy import TextClip

    return TextClip(
        font=str(font_file("Noto Sans SC", "Bold")),
        text=said,
        font_size=style.em_px,
        size=(style.width - 2 * style.margin_px, None),
        method="caption",
        color="white",
        stroke_color="black",
        stroke_width=2,
        text_align="center",
    )


def libass_script(texts: Sequence[str], style: CaptionStyle, *, coloured: bool = True) -> str:
    """A script as people write it: a style, margins, no line breaks but the author's; each character coloured."""
    head = dump_ass([], style).replace("WrapStyle: 2", "WrapStyle: 0")
    head = head.replace(" Alignment\n", " Alignment, MarginL, MarginR, MarginV\n")
    margins = f",{style.margin_px},{style.margin_px},{-(-style.height * 4 // 100)}"
    head = "\n".join(line + margins if line.startswith("Style: ") else line for line in head.split("\n"))
    events = (
        f"Dialogue: 0,{_clock(second)},{_clock(second + 1)},Cue,,0,0,0,,{_coloured(said) if coloured else said}\n"
        for second, said in enumerate(texts)
    )
    return head + "".join(events)


def _coloured(said: str) -> str:
    pieces = []
    for index, ch in enumerate(said):
        red, green, blue = colour(index)
        drawn = {"\n": r"\N", "{": r"\{", "}": r"\}", "\\": "\\\u2060"}.get(ch, ch)
        pieces.append(rf"{{\c&H{blue:02X}{green:02X}{red:02X}&}}{drawn}")
    return "".join(pieces)


def colour(index: int) -> tuple[int, int, int]:
    """A colour of its own for each character: one channel full, so that only wholly covered pixels count."""
    channel, rest = divmod(index, 196)
    low, high = rest % 14 * 17, rest // 14 * 17
    return ((255, low, high), (low, 255, high), (low, high, 255))[channel]


def _clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.00"


def pictures(script: str, canvas: Canvas, count: int, filters: str) -> Iterator[Picture]:
    """What ffmpeg draws in each second, as rgb24 arrays of height × width × 3."""
    import numpy as np

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "x.ass").write_text(script, encoding="utf-8")
        Path(folder, "fonts").symlink_to(FONTS_DIR)
        ground = f"color=#{_GROUND:02x}{_GROUND:02x}{_GROUND:02x}:s={canvas.width}x{canvas.height}:r=1:d={count}"
        command = [find_ffmpeg().path, "-v", "error", "-f", "lavfi", "-i", f"{ground},format=rgb24"]
        command += ["-vf", filters, "-pix_fmt", "rgb24", "-f", "rawvideo", "-"]
        with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE) as process:
            size = canvas.width * canvas.height * 3
            while process.stdout and len(data := process.stdout.read(size)) == size:
                yield np.frombuffer(data, np.uint8).reshape(canvas.height, canvas.width, 3)


def inked_outside(picture: Picture) -> bool:
    """Whether anything is drawn in the outer 4 % on any side."""
    import numpy as np

    height, width = picture.shape[:2]
    above, aside = -(-height * 4 // 100), -(-width * 4 // 100)
    edges = (picture[:above], picture[-above:], picture[:, :aside], picture[:, -aside:])
    return any((np.abs(edge.astype(np.int16) - _GROUND) > _INK).any() for edge in edges)


def lines_seen(picture: Picture, said: str) -> list[str]:
    """The lines as they are in the picture: a character left of the one before begins another."""
    import numpy as np

    full = picture.max(axis=2) >= 252
    rows, columns = np.nonzero(full)
    del rows
    levels = (picture[full].astype(np.int16) + 8) // 17
    seen: dict[tuple[int, int, int], list[int]] = {}
    for level, column in zip(map(tuple, levels.tolist()), columns.tolist(), strict=True):
        seen.setdefault(level, []).append(column)
    lines, before = [""], -1.0
    for index, ch in enumerate(said):
        if ch == "\n":
            continue
        red, green, blue = (part // 17 for part in colour(index))
        found = seen.get((red, green, blue), [])
        if len(found) > 1:
            middle = sum(found) / len(found)
            if middle < before:
                lines.append("")
            before = middle
        lines[-1] += ch
    return [line for line in lines if line.strip()]


def bench_canvas(texts: Sequence[str], size: tuple[int, int]) -> dict[str, Counter[str]]:
    """Counts for each way of setting."""
    canvas = Canvas(*size)
    style = caption_style(canvas, led=canvas.height < 720)
    ems = style.line_px / style.em_px
    paragraphs = [rejoin(said).split("\n") for said in texts]
    counts: dict[str, Counter[str]] = {"ours": _ours(texts, paragraphs, canvas, style)}
    # Far from the small canvases pixels are plenty: half as many show the same breaks in a quarter of the time.
    drawn = Canvas(canvas.width // 2, canvas.height // 2) if canvas.height >= 720 else canvas
    script = libass_script(texts, style)
    for name, option in {"libass": 0, "libass wrap_unicode": 1}.items():
        counts[name] = Counter(texts=len(texts))
        filters = f"subtitles=filename=x.ass:fontsdir=fonts:wrap_unicode={option}"
        seen = pictures(script, drawn, len(texts), filters)
        for said, parts, picture in zip(texts, paragraphs, seen, strict=True):
            counts[name] += faults(parts, lines_seen(picture, said), ems)
            counts[name]["outside"] += inked_outside(picture)
    counts["greedy"] = Counter(texts=len(texts))
    for said, parts in zip(texts, paragraphs, strict=True):
        lines = greedy(said, style)
        counts["greedy"] += faults(parts, lines, ems)
        counts["greedy"]["outside"] += len(lines) * style.em_px * 1.448 > style.height * 0.92
    counts["MoviePy TextClip"] = Counter()
    step = max(1, len(texts) // MOVIEPY_SAMPLE)
    for said, parts in list(zip(texts, paragraphs, strict=True))[::step]:
        lines, cut = moviepy_lines(said, style)
        counts["MoviePy TextClip"] += faults(parts, lines, ems) + Counter(texts=1, outside=int(cut))
    return counts


def _ours(texts: Sequence[str], paragraphs: Sequence[list[str]], canvas: Canvas, style: CaptionStyle) -> Counter[str]:
    counts = Counter(texts=len(texts))
    sets = list(ours(texts, style))
    for parts, shown in zip(paragraphs, sets, strict=True):
        counts += faults(parts, chain.from_iterable(shown), style.line_px / style.em_px)
    every = ["\n".join(lines) for lines in chain.from_iterable(sets)]
    cues = [Cue(Span(second * 1000, second * 1000 + 1000), said) for second, said in enumerate(every)]
    drawn = pictures(dump_ass(cues, style), canvas, len(every), "ass=filename=x.ass:fontsdir=fonts")
    outside = [inked_outside(picture) for picture in drawn]
    if len(outside) != len(every):
        raise SystemExit("ffmpeg drew too few pictures")
    counts["outside"] += sum(outside)
    counts["pictures"] = len(every)
    return counts


def bench_speed(texts: Sequence[str]) -> str:
    """How long 1,000 cues take on all canvases, the loading of fonts and dictionary included."""
    some = [text for _, text in zip(range(1_000), texts, strict=False)]
    cues = [Cue(Span(second * 3000, second * 3000 + 2500), said) for second, said in enumerate(some)]
    phrases.cache_clear()
    began, wall = process_time(), perf_counter()
    for size in CANVASES:
        style = caption_style(Canvas(*size), led=size[1] < 720)
        dump_ass(typeset(cues, style), style)
    used, took = process_time() - began, perf_counter() - wall
    return f"{len(cues)} cues on {len(CANVASES)} canvases: {used:.2f} s of processor, {took:.2f} s by the clock"


def main() -> None:
    """Print the speed, then a table for each canvas."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "templates" / "county" / "media"
    texts = load_texts(folder)
    # First, while nothing is loaded or remembered.
    sys.stdout.write(f"{len(texts)} texts. {bench_speed(texts)}\n")
    total: dict[str, Counter[str]] = {}
    for size in CANVASES:
        sys.stdout.write(f"\n{size[0]}×{size[1]}\n")
        for name, counts in bench_canvas(texts, size).items():
            sys.stdout.write(_row(name, counts))
            total.setdefault(name, Counter()).update(counts)
    sys.stdout.write("\nAll canvases\n" + "".join(_row(name, counts) for name, counts in total.items()))


def _row(name: str, counts: Counter[str]) -> str:
    return (
        f"{name:<20} {counts['texts']:5} texts {counts['lines']:6} lines"
        f"  prohibited {counts['prohibited']:5}  pairs {counts['pairs']:3}  torn {counts['torn']:5}"
        f"  short last {counts['short last']:5}  ink outside {counts['outside']:5}\n"
    )


if __name__ == "__main__":
    main()
