"""Burned-in subtitles: breaks cues for a canvas and splits long ones in time. Written as ASS by ass.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from courseware.errors import Problem, text
from courseware.lessons.profile import LED_FLOOR_PX, Canvas
from courseware.subtitles.cue import Cue, labels, letters_in
from courseware.times import Span
from templates.captions import LOOKS, USUAL
from templates.captions.caption_look import CaptionLook
from templates.type.fonts import FAMILIES, advance, missing_glyphs
from templates.type.phrases import NO_WORDS, ZERO_WIDTH_SPACE, Words, tidy
from templates.type.typesetting import (
    SHORTEST_LAST_LINE,
    break_lines,
    is_bilingual,
    is_good_break,
    rejoin,
    split_lines,
)

_LATIN_LINE = 15  # em, some thirty letters: in less, English runs over more pictures than anybody can read
_SECOND = 0.7  # of the first language's size
FRAME_MS = 40  # every profile has 25 pictures a second
SHORTEST_MS = 800  # a reader needs so long to find the line and read a few characters
# A line box is usWinAscent + usWinDescent high, which is what libass makes of Fontsize; in thousandths of an em.
BOXES = {"Noto Sans SC": (1160, 288), "Noto Sans": (1124, 395)}
LINE_PITCH = 1_220
_OVERHANG = 40  # thousandths of an em that letters such as f and j reach beyond their advance
_FEWEST_SPEAKERS = 2  # of one alone everybody knows who it is, and many files name a style instead
_FEWEST_ON_A_LINE = 6  # characters; with fewer, reading turns into spelling
_LED_COMFORT_PX = 24  # from which Chinese is read at ease
_SHADOW_FROM_PX = 40  # em


@dataclass(frozen=True, slots=True)
class CaptionStyle:
    """How cues look on a canvas; all in pixels.

    Attributes:
        width, height: of the canvas.
        em_px: font size.
        margin_px: at the left and right, free of ink.
        max_lines: at a time.
        clear_top_px, clear_bottom_px: kept free beyond the safe frame, e.g. for a logo or a clock.
        look: colours, and what lies behind the text.
        words: which stay whole on a line, beside those of the dictionary.
    """

    width: int
    height: int
    em_px: int
    margin_px: int
    max_lines: int = 2
    clear_top_px: int = 0
    clear_bottom_px: int = 0
    look: CaptionLook = LOOKS[USUAL]
    words: Words = NO_WORDS

    @property
    def second_px(self) -> int:
        """Font size of a second language: the first is read by most, and stands out."""
        return min(self.em_px, max(LED_FLOOR_PX, round(self.em_px * _SECOND)))

    @property
    def outline_px(self) -> float:
        """Width of the dark edge around each letter."""
        return max(1.6, round(self.em_px * 0.075, 1))

    @property
    def line_px(self) -> float:
        """The longest line: what the margins leave, but at most 20 Chinese characters, as on Chinese television."""
        around_px = self.margin_px + self.outline_px + self.shadow_px + self.em_px * _OVERHANG / 1000
        return min(self.width - 2 * around_px, 20 * self.em_px)

    @property
    def shadow_px(self) -> float:
        """How far down and right a soft shadow lies; none on small screens, where it would only blur."""
        return round(self.em_px / 30, 1) if self.em_px >= _SHADOW_FROM_PX else 0

    @property
    def free_px(self) -> float:
        """The height that the letters of all lines may take: without safe frame, clear stretches, edge and shadow."""
        around_px = 2 * (safe_px(self.height) + self.outline_px + self.shadow_px)
        return self.height - around_px - self.clear_top_px - self.clear_bottom_px

    def fits(self, lines: int) -> bool:
        """Whether so many lines have room at full size."""
        return self.em_px * tallness(lines) <= self.free_px


def caption_style(canvas: Canvas, led: bool, least_px: int = 0) -> CaptionStyle:  # noqa: FBT001  (a profile's word)
    """The style of a canvas.

    Television: characters of 5 % of the picture height (GY/T 288-2014). LED: 12 to 13 characters a line, at least 20
    pixels each, two lines in at most 45 % of the height, else one.

    Args:
        least_px: what the place needs, see `legible_px`; `em_px` is smaller only where no line of six would fit.
    """
    style = _usual_style(canvas, led=led)
    if style.em_px >= least_px:
        return style
    em_px = min(least_px, (canvas.width - 2 * style.margin_px - 8) // _FEWEST_ON_A_LINE, canvas.height * 45 // 100)
    two_lines = em_px * (LINE_PITCH + 1_000) <= canvas.height * 450
    return replace(style, em_px=max(style.em_px, em_px), max_lines=2 if two_lines else 1)


def _usual_style(canvas: Canvas, *, led: bool) -> CaptionStyle:
    """How large captions are on a canvas: 1/20 of its height, on an LED wall ten characters a line and two lines.

    An LED wall too low or narrow for that gets at least LED_FLOOR_PX, if need be on a single line.
    """
    margin_px = -(-canvas.width * 4 // 100)
    if not led:
        return CaptionStyle(canvas.width, canvas.height, max(LED_FLOOR_PX, round(canvas.height / 20)), margin_px)
    free_px = canvas.width - 2 * margin_px - 4
    two_lines_px = canvas.height * 45 // 100 * 1_000 // (LINE_PITCH + 1_000)
    em_px = min(free_px * 10 // 125, two_lines_px)
    if em_px >= _LED_COMFORT_PX:
        return CaptionStyle(canvas.width, canvas.height, em_px, margin_px)
    if two_lines_px >= LED_FLOOR_PX:
        em_px = min(_LED_COMFORT_PX if free_px >= 10 * _LED_COMFORT_PX else LED_FLOOR_PX, two_lines_px)
        return CaptionStyle(canvas.width, canvas.height, em_px, margin_px)
    return CaptionStyle(canvas.width, canvas.height, LED_FLOOR_PX, margin_px, max_lines=1)


def typeset(cues: Sequence[Cue], style: CaptionStyle) -> tuple[Cue, ...]:
    """Break each cue for the canvas. What needs more than `max_lines` follows as further cues, within its time.

    Where several speak, the name is put before the text in which another one begins.

    Args:
        cues: in order of time, not overlapping.

    Returns:
        Cues whose lines fit, every character kept. A split cue may last longer than it did, up to the next one, when
        its parts would else be too short to read.
    """
    spoken = zip(cues, labels(cues, _FEWEST_SPEAKERS), strict=True)
    named = [replace(cue, text=label + cue.text, speaker="", sung=() if label else cue.sung) for cue, label in spoken]
    following = [cue.span.start_ms for cue in cues[1:]]
    ends = (*following, cues[-1].span.end_ms) if cues else ()
    return tuple(part for cue, end_ms in zip(named, ends, strict=True) for part in _set_cue(cue, end_ms, style))


def holds_two_languages(style: CaptionStyle) -> bool:
    """Whether a line of Latin letters is long enough to be read, with Chinese above it."""
    return style.max_lines > 1 and style.line_px >= _LATIN_LINE * style.em_px


def glyph_problems(named_texts: Sequence[tuple[str, str]]) -> tuple[Problem, ...]:
    """Characters that no shipped font draws.

    Args:
        named_texts: where a text is from, for the reader, and the text.

    Returns:
        One problem for each character of each text, with the words around its first place.
    """
    return tuple(_glyph_problem(where, said, ch) for where, said in named_texts for ch in missing_glyphs(tidy(said)))


def _glyph_problem(where: str, said: str, ch: str) -> Problem:
    shown = tidy(said).replace("\n", " ")
    place = shown.find(ch)
    around = shown[max(0, place - 6) : place + 7]
    what = text(
        "the fonts have no “{char}” ({code}), in “{around}”; write it in another way",
        char=ch,
        code=f"U+{ord(ch):04X}",
        around=around,
    )
    return Problem(where, what)


def _set_cue(cue: Cue, next_ms: int, style: CaptionStyle) -> Iterator[Cue]:
    """The cue as pictures that show its text one after the other; it may stand longer for it, up to the next cue."""
    pictures = _in_two_sizes(cue, style) if cue.second else _pictures(cue.text, style)
    wanted_ms = min(SHORTEST_MS * len(pictures), next_ms - cue.span.start_ms)
    end_ms = max(cue.span.end_ms, cue.span.start_ms + wanted_ms) if len(pictures) > 1 else cue.span.end_ms
    span = Span(cue.span.start_ms, end_ms)
    pictures = _few_enough(pictures, span.duration_ms // FRAME_MS)
    letters = 0
    for part, lines in zip(_shared(span, [sum(map(len, lines)) for lines in pictures]), pictures, strict=True):
        said = "\n".join(lines)
        sung = [word._replace(letters=word.letters - letters) for word in cue.sung]
        letters += letters_in(said)
        inside = tuple(word for word in sung if 0 <= word.letters < letters_in(said))
        yield replace(cue, span=part, text=said, sung=inside, second=min(cue.second, len(lines)))


def _pictures(said: str, style: CaptionStyle) -> list[tuple[str, ...]]:
    """The lines of each picture that a cue needs."""
    kept = _as_written(said, style)
    if kept is not None:
        return [kept]
    paragraphs = rejoin(said)
    whole = break_lines(paragraphs, style.line_px, style.em_px, max_lines=style.max_lines, words=style.words)
    if whole:
        return [whole]
    if is_bilingual(paragraphs) and style.max_lines > 1:
        return _side_by_side(paragraphs.split("\n"), style)
    return [
        lines
        for paragraph in paragraphs.split("\n")
        for lines in split_lines(paragraph, style.line_px, style.em_px, style.max_lines, words=style.words)
    ] or [(said,)]


def _as_written(said: str, style: CaptionStyle) -> tuple[str, ...] | None:
    """The author's own lines, when they fit and tear no word apart."""
    lines = tuple(filter(None, tidy(said).replace(ZERO_WIDTH_SPACE, "").split("\n")))
    if not 1 < len(lines) <= style.max_lines or min(map(len, lines)) < SHORTEST_LAST_LINE:
        return None
    if any(advance(line, style.em_px) > style.line_px for line in lines):
        return None
    together = "\n" in rejoin(said) or all(is_good_break(*pair, style.words) for pair in pairwise(lines))
    return lines if together else None


def _side_by_side(paragraphs: Sequence[str], style: CaptionStyle) -> list[tuple[str, ...]]:
    """One line of each language at a time; the language that needs fewer lines keeps each for longer."""
    columns = [split_lines(one, style.line_px, style.em_px, 1, words=style.words) for one in paragraphs]
    return _in_step([[line for (line,) in column] for column in columns])


def _in_step(columns: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    steps = max(map(len, columns))
    return [tuple(column[step * len(column) // steps] for column in columns) for step in range(steps)]


def _in_two_sizes(cue: Cue, style: CaptionStyle) -> list[tuple[str, ...]]:
    """A line of each language at a time, the second one smaller; what stands alone has as many lines as may be."""
    lines = tidy(cue.text).split("\n")
    first, second = "\n".join(lines[: -cue.second]), " ".join(lines[-cue.second :])
    if not first:
        return list(split_lines(second, style.line_px, style.second_px, style.max_lines, words=style.words))
    columns = [
        [column for (column,) in split_lines(said, style.line_px, em_px, 1, words=style.words)]
        for said, em_px in ((first, style.em_px), (second, style.second_px))
    ]
    return _in_step(columns)


def _few_enough(pictures: list[tuple[str, ...]], most: int) -> list[tuple[str, ...]]:
    """At most one picture per frame; what is over is shown with the last one, small."""
    kept = max(1, most) - 1
    if len(pictures) <= kept + 1:
        return pictures
    return [*pictures[:kept], tuple(line for lines in pictures[kept:] for line in lines)]


def _shared(span: Span, weights: Sequence[int]) -> list[Span]:
    """Cut a span in proportion to `weights`, no part under SHORTEST_MS if there is time, on whole frames."""
    durations = _durations(span.duration_ms, weights)
    cuts = [span.start_ms]
    for done, at_ms in enumerate(accumulate(durations[:-1], initial=span.start_ms)):
        if done:
            latest_ms = span.end_ms - (len(weights) - done)
            cuts.append(min(max((at_ms + FRAME_MS // 2) // FRAME_MS * FRAME_MS, cuts[-1] + 1), latest_ms))
    return [Span(*pair) for pair in pairwise((*cuts, span.end_ms))]


def _durations(total_ms: int, weights: Sequence[int]) -> list[int]:
    """Share time out by weight, to each part at least SHORTEST_MS; by weight alone when there is too little for that.

    Parts that would get less are given SHORTEST_MS, and what is left is shared among the others anew until all fit.
    """
    if total_ms < SHORTEST_MS * len(weights):
        return [total_ms * weight // sum(weights) for weight in weights]
    short: set[int] = set()
    while True:
        left_ms = total_ms - SHORTEST_MS * len(short)
        left = sum(weight for index, weight in enumerate(weights) if index not in short)
        more = {index for index, weight in enumerate(weights) if left_ms * weight < SHORTEST_MS * left} - short
        if not more:
            break
        short |= more
    return [SHORTEST_MS if index in short else left_ms * weight // left for index, weight in enumerate(weights)]


def tallness(lines: int) -> float:
    """The height of so many lines, in em."""
    return ((lines - 1) * LINE_PITCH + sum(BOXES[FAMILIES[0]])) / 1000


def safe_px(side_px: int) -> int:
    """The margin that no ink enters: 4 % of a side, rounded up."""
    return -(-side_px * 4 // 100)
