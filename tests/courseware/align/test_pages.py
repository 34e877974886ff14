"""Whether a recording says what pages say."""

from pathlib import Path

from courseware.align.cues import Alignment, TimedCue
from courseware.align.pages import HeardPages, SaidPage, heard_pages, misfits, other_text, said_pages, script_of
from courseware.lessons.clips import Clip
from courseware.script.script import ScriptLine
from courseware.times import Span

PAGES = (SaidPage("clip.1 (a.png)", "先剪病枝。\n再剪弱枝。"), SaidPage("clip.3", "剪口要平，涂上愈合剂，过冬不冻。"))


def cue(line: int, words: str, percent: int) -> TimedCue:
    return TimedCue(words, line, opens=True, span=Span(0, 1) if percent else None, confidence=percent)


def test_a_page_is_as_sure_as_its_cues_and_the_longer_of_them_weigh_more() -> None:
    script, numbers = script_of(PAGES)
    assert script.lines == (ScriptLine("先剪病枝。"), ScriptLine("再剪弱枝。"), ScriptLine(PAGES[1].says))
    cues = (cue(0, "一二三", 90), cue(1, "一", 10), cue(2, "一二", 0))
    assert heard_pages(Alignment(cues, 80, 9000, ()), numbers, 2) == HeardPages(80, (70, 0))


def test_a_page_that_is_not_said_is_named_and_does_not_make_it_another_recording() -> None:
    heard = HeardPages(95, (96, 12))
    assert other_text(heard, PAGES) == ()
    (told,) = misfits(heard, PAGES)
    assert told.render(str) == (
        "clip.3: “剪口要平，涂上愈合剂，过…” is hardly heard in the narration (12 %);"
        " is it said there, or is it of other slides?"
    )


def test_another_recording_is_refused_with_the_pages_that_do_not_fit_where_some_do() -> None:
    assert [one.where for one in other_text(HeardPages(30, (88, 12)), PAGES)] == ["narration", "clip.3"]
    assert [one.where for one in other_text(HeardPages(4, (8, 12)), PAGES)] == ["narration"]


def test_a_page_is_named_by_its_clip_and_its_picture() -> None:
    silent = Clip("clip.2", Path("b.png"))
    clips = (Clip("clip.1", Path("x/page-01.png"), says="先"), silent, Clip("clip.3", Path(), card="二", says="二"))
    assert [page.where for page in said_pages(clips)] == ["clip.1 (page-01.png)", "clip.3"]
