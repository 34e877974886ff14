"""Lyrics filled word by word."""

from courseware.lessons.profile import Canvas
from courseware.subtitles.cue import Cue, SungFrom
from courseware.times import Span
from render.plan.ass import dump_ass
from render.plan.captions import caption_style, typeset

TV = caption_style(Canvas(1920, 1080), led=False)
LED = caption_style(Canvas(320, 160), led=True)


def drawn(cue: Cue, *, led: bool = False) -> list[str]:
    style = LED if led else TV
    lines = dump_ass(typeset((cue,), style), style).splitlines()
    return [line for line in lines if line.startswith("Dialogue")]


def test_each_word_is_filled_from_its_own_time_to_that_of_the_next() -> None:
    sung = (SungFrom(0, 10_500), SungFrom(2, 11_000), SungFrom(5, 12_200))
    (line,) = drawn(Cue(Span(10_000, 13_000), "清明 {过}后采", sung=sung))
    assert r"{\k50}{\kf50}清明 {\kf120}\{过\}{\kf80}后采" in line
    assert r"\1c&H32C8FF&\2c&HFFFFFF&" in line


def test_words_follow_their_letters_onto_the_next_line_and_picture() -> None:
    text = "春季茶园管理要抓好三件事一是及时修剪二是科学施肥三是防治病虫害年年都有好收成"
    sung = tuple(SungFrom(at, 10_000 + at * 500) for at in range(len(text)))
    lines = drawn(Cue(Span(10_000, 30_000), text, sung=sung), led=True)
    assert len(lines) > 2
    assert sum(line.count(r"\kf") for line in lines) == len(text)
    assert all(r"\kf50}" in line for line in lines)


def test_lines_without_times_of_words_are_drawn_as_before() -> None:
    assert r"\k" not in drawn(Cue(Span(0, 2_000), "清明过后采茶忙"))[0]
