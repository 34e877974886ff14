"""Lines of karaoke that a template took apart are one cue again; what only looks alike stays apart."""

from pathlib import Path

from courseware.subtitles import load_subtitles
from courseware.subtitles.cue import Cue
from courseware.times import Span

HEAD = "[Script Info]\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"


def event(start: float, end: float, said: str, layer: int = 0, effect: str = "fx") -> str:
    return f"Dialogue: {layer},0:00:{start:05.2f},0:00:{end:05.2f},Default,,0,0,0,{effect},{said}\n"


def cues_of(folder: Path, *events: str) -> tuple[Cue, ...]:
    path = folder / "a.ass"
    path.write_text(HEAD + "".join(events), encoding="utf-8")
    read = load_subtitles(path)
    assert read.problems == ()
    return read.cues


def test_one_event_for_each_syllable_is_one_line(tmp_path: Path) -> None:
    syllables = [
        event(6 + n / 4, 6.5 + n / 4, rf"{{\pos({400 + 60 * n},900)}}{one}") for n, one in enumerate("从小爱山")
    ]
    assert cues_of(tmp_path, *syllables) == (Cue(Span(6_000, 7_250), "从小爱山"),)


def test_syllables_in_layers_before_while_and_after_they_are_sung_are_one_line(tmp_path: Path) -> None:
    events = []
    for n, one in enumerate("山里的孩"):
        put = rf"\pos({400 + 60 * n},900)"
        events += [
            event(1, 2 + n, f"{{{put}}}{one}"),
            event(2 + n, 3 + n, rf"{{{put}\t(0,200,\fscx120)}}{one}", layer=1),
            event(3 + n, 8, f"{{{put}}}{one}"),
        ]
    assert cues_of(tmp_path, *events) == (Cue(Span(1_000, 8_000), "山里的孩"),)


def test_two_lines_that_follow_each_other_at_the_same_place_stay_two(tmp_path: Path) -> None:
    first = [event(1 + n / 2, 3.2, rf"{{\pos({400 + 60 * n},900)}}{one}") for n, one in enumerate("山里的")]
    second = [event(3 + n / 2, 5, rf"{{\pos({400 + 60 * n},900)}}{one}") for n, one in enumerate("孩子心")]
    later = [event(7 + n / 2, 9, rf"{{\move(0,0,{700 + 60 * n},900)}}{one}") for n, one in enumerate("爱山啊")]
    assert [cue.text for cue in cues_of(tmp_path, *first, *second, *later)] == ["山里的", "孩子心", "爱山啊"]


def test_words_and_syllables_of_latin_letters_keep_their_blanks(tmp_path: Path) -> None:
    words = [event(1 + n, 5, rf"{{\pos({60 * n},900)}}{one}") for n, one in enumerate(("We", "love", "tea"))]
    parts = [event(11 + n, 15, rf"{{\pos({60 * n},900)}}{one}") for n, one in enumerate(("moun", "tain ", "tea"))]
    assert [cue.text for cue in cues_of(tmp_path, *words, *parts)] == ["We love tea", "mountain tea"]


def test_the_same_text_in_layers_is_shown_once_as_long_as_any_of_them(tmp_path: Path) -> None:
    layers = [
        event(1, 5, r"{\k50}山{\k50}里{\k50}的", effect=""),
        event(1.2, 5.5, r"{\blur6\3c&HFF&}山里的", layer=1, effect=""),
    ]
    assert cues_of(tmp_path, *layers) == (Cue(Span(1_000, 5_500), "山里的"),)


def test_short_texts_without_an_effect_are_said_one_by_one(tmp_path: Path) -> None:
    said = [event(1 + n, 1.9 + n, one, effect="") for n, one in enumerate(("好", "好", "行", "来"))]
    assert [cue.text for cue in cues_of(tmp_path, *said)] == ["好", "好", "行", "来"]


def test_two_signs_in_the_picture_are_no_line(tmp_path: Path) -> None:
    signs = [event(1, 4, r"{\pos(100,100)}东", effect=""), event(1, 4, r"{\pos(900,100)}西", effect="")]
    assert {cue.text for cue in cues_of(tmp_path, *signs)} == {"东\n西"}
