"""Writes cues that are set for a canvas as ASS.

libass neither wraps nor chooses fonts here: every line has its own place and every run its own font.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from math import ceil

from courseware.subtitles.cue import Cue, letters_in
from render.plan.captions import BOXES, LINE_PITCH, CaptionStyle, safe_px, tallness
from templates.captions.caption_look import TextArea
from templates.type.fonts import FAMILIES, Run, advance, runs
from templates.type.phrases import ZERO_WIDTH_SPACE, tidy

_SUNG = "&H32C8FF&"  # amber: on white letters seen from afar, and not the red of alarms
_HEADER = """\
[Script Info]
ScriptType: v4.00+
PlayResX: {width}
PlayResY: {height}
WrapStyle: 2
ScaledBorderAndShadow: yes
YCbCr Matrix: None

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, Outline, Shadow, Alignment
Style: Cue,{family},{size},{letters},{edge},{back},-1,{outline},{shadow},2

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def dump_ass(cues: Sequence[Cue], style: CaptionStyle) -> str:
    """The cues as an ASS file for libass with the shipped fonts. No ink leaves the margins, at least 4 % each.

    Args:
        cues: from `typeset`; lines that are too wide or too many are set smaller, never clipped.
    """
    header = _HEADER.format(
        width=style.width,
        height=style.height,
        family=FAMILIES[0],
        size=_font_size(FAMILIES[0], style.em_px),
        letters=style.look.letters,
        edge=style.look.edge,
        back=style.look.shadow,
        outline=style.outline_px,
        shadow=style.shadow_px,
    )
    return header + "".join(f"{event}\n" for cue in cues for event in _events(cue, style))


def _events(cue: Cue, style: CaptionStyle) -> Iterator[str]:
    """A dialogue line for each line of the cue, from the top one down; before them what lies behind."""
    lines = [line for line in tidy(cue.text).replace(ZERO_WIDTH_SPACE, "").split("\n") if line]
    sizes = _sizes(lines, cue.second, style)
    start_cs = (cue.span.start_ms + 5) // 10
    end_cs = max(start_cs + 1, (cue.span.end_ms + 5) // 10)
    times = f"{_clock(start_cs)},{_clock(end_cs)},Cue,,0,0,0,,"
    baselines = _baselines(sizes, style, top=cue.place == "top")
    if style.look.behind:
        yield f"Dialogue: 0,{times}{style.look.behind(_area(lines, sizes, baselines, style))}"
    for number, (line, em_px, baseline_px) in enumerate(zip(lines, sizes, baselines, strict=True)):
        drawn = tuple(runs(line))
        fill = karaoke(cue, letters_in("".join(lines[:number])), letters_in(line))
        colours = rf"{{\1c{_SUNG}\2c{_bgr(style.look.letters)}}}" if fill else ""
        yield f"Dialogue: 0,{times}{_place(drawn, em_px, baseline_px, style)}{colours}{_drawn(drawn, em_px, fill)}"


def _baselines(sizes: Sequence[float], style: CaptionStyle, *, top: bool) -> list[int]:
    """Heights of the lines' baselines, the top line first."""
    ems = list(accumulate(((upper + lower) / 2 for upper, lower in pairwise(sizes)), initial=0.0))
    around_px = safe_px(style.height) + style.outline_px
    ascent_px, descent_px = (
        size * side / 1000 for size, side in zip((sizes[0], sizes[-1]), BOXES[FAMILIES[0]], strict=True)
    )
    if top:
        steps = [round(em * LINE_PITCH / 1000) for em in ems]
        highest_px = around_px + style.clear_top_px + ascent_px
        return [ceil(highest_px) + step for step in steps]
    lowest_px = style.height - around_px - style.clear_bottom_px - style.shadow_px - descent_px
    return [int(lowest_px) - round((ems[-1] - em) * LINE_PITCH / 1000) for em in ems]


def _area(lines: Sequence[str], sizes: Sequence[float], baselines: Sequence[int], style: CaptionStyle) -> TextArea:
    """Where the lines lie, with a quarter em around them, inside the safe frame."""
    widest_px = max(advance(line, em_px) for line, em_px in zip(lines, sizes, strict=True))
    half_px = min(widest_px / 2 + sizes[0] / 4 + style.outline_px, style.width / 2 - style.margin_px)
    least_px = safe_px(style.height)
    top_px = max(least_px, baselines[0] - sizes[0])
    bottom_px = min(style.height - least_px, baselines[-1] + sizes[-1] * 0.3)
    return TextArea(style.width / 2 - half_px, top_px, 2 * half_px, bottom_px - top_px)


def _sizes(lines: Sequence[str], second: int, style: CaptionStyle) -> list[float]:
    """The em of each line: as large as may be, the last ones smaller when they are in a second language."""
    shares = [1.0] * (len(lines) - second) + [style.second_px / style.em_px] * second
    widest = max((advance(line, 1) * share for line, share in zip(lines, shares, strict=True)), default=0)
    em_px = min(style.em_px, style.line_px / max(widest, 1), style.free_px / tallness(len(lines)))
    return [em_px * share for share in shares]


def _place(line: Sequence[Run], em_px: float, baseline_px: int, style: CaptionStyle) -> str:
    """Bottom centre, so that the baselines of lines with and without the second font are where they belong."""
    descent = max(BOXES[run.family][1] for run in line)
    y_px = baseline_px + em_px * descent / 1000
    size = "" if em_px == style.em_px else rf"\fs{_font_size(FAMILIES[0], em_px)}"
    return rf"{{\an2\pos({style.width / 2:g},{y_px:.2f}){size}}}"


def karaoke(cue: Cue, before: int, letters: int) -> dict[int, str]:
    """What stands before letters of one line of a cue whose words are sung: which of its letters, and the tags.

    The first waits until its word is sung; each word is filled from its beginning to that of the next one.

    Args:
        before: letters of the cue on the lines above.
        letters: of the line.
    """
    inside = [word for word in cue.sung if before <= word.letters < before + letters]
    if not inside:
        return {}
    later = [word.at_ms for word in cue.sung if word.letters >= before + letters]
    starts = [max(0, (word.at_ms - cue.span.start_ms + 5) // 10) for word in inside]
    last = max(starts[-1], ((later[0] if later else cue.span.end_ms) - cue.span.start_ms + 5) // 10)
    tags = {
        word.letters - before: rf"{{\kf{end - start}}}"
        for word, start, end in zip(inside, starts, (*starts[1:], last), strict=True)
    }
    first = inside[0].letters - before
    # Letters before the first word that is timed are sung with it.
    tags[0] = rf"{{\k{starts[0]}}}" + tags.pop(first)
    return tags


def _bgr(colour: str) -> str:
    """A colour of a style as an override has it, without its transparency."""
    return f"&H{colour[4:]}&"


def _drawn(line: Sequence[Run], em_px: float, fill: Mapping[int, str]) -> str:
    """The line's text, escaped, each run in the font that has its glyphs; before its letters what fills them."""
    said, family, letters = "", FAMILIES[0], 0
    for run in line:
        if run.family != family:
            said += rf"{{\fn{run.family}\fs{_font_size(run.family, em_px)}}}"
            family = run.family
        if not fill:
            said += _escaped(run.text)
            continue
        for ch in run.text:
            said += ("" if ch.isspace() else fill.get(letters, "")) + _escaped(ch)
            letters += not ch.isspace()
    return said


def _escaped(said: str) -> str:
    """Plain text for ASS: braces open no override, and a backslash stays one."""
    return said.replace("\\", "\\\u2060").replace("{", r"\{").replace("}", r"\}")


def _font_size(family: str, em_px: float) -> str:
    """What Fontsize must be for an em of so many pixels: libass takes it for the height of the line box."""
    return f"{em_px * sum(BOXES[family]) / 1000:.3f}"


def _clock(centiseconds: int) -> str:
    seconds, cs = divmod(centiseconds, 100)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{cs:02}"
