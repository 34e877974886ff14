"""Where in a recording each clip's words are."""

import wave
from pathlib import Path

import pytest

from courseware.align.confidence import SURE
from courseware.align.pages import SaidPage
from courseware.speech.voice import voice
from courseware.times import Span
from render.narration.recorded import JoinedSound
from render.narration.timing import sections_of, time_words

OTHER = "水稻育秧要选好种子，晒种两天，再用温水浸种，催芽以后播在秧田里。"
SAID = ("甲：冬天剪枝，先剪去病枝和枯枝。", "乙：再剪去交叉的枝条，留三到五个芽。", "剪口要平，涂上保护剂。")


def pages(*says: str) -> tuple[SaidPage, ...]:
    return tuple(SaidPage("clip", words) for words in says)


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> tuple[JoinedSound, list[int]]:
    """The three texts in the synthesiser's voice, with pauses; and when each begins."""
    path = tmp_path_factory.mktemp("spoken") / "n.wav"
    starts, length, rate = list[int](), 0, 0
    with voice() as speaker, wave.open(str(path), "wb") as out:
        for words in SAID:
            speech = speaker.say(words.split("：")[-1], "cmn")
            rate = speech.rate
            if not starts:
                out.setparams((1, 2, rate, 0, "NONE", "not compressed"))
            starts.append(length * 1000 // rate)
            out.writeframes(speech.samples.astype("<i2").tobytes() + bytes(rate))
            length += len(speech.samples) + rate // 2
    return JoinedSound(path, "key", length * 1000 // rate), starts


def test_each_section_begins_a_little_before_its_words(spoken: tuple[JoinedSound, list[int]], tmp_path: Path) -> None:
    sound, starts = spoken
    timed = time_words(sound, pages(*SAID), tmp_path)
    assert [one.start_ms for one in timed.sections] == [0, *(pytest.approx(at - 200, abs=150) for at in starts[1:])]
    assert timed.sections[-1].end_ms == sound.duration_ms
    assert "".join(cue.text for cue in timed.cues).startswith("冬天剪枝，先剪去病枝和枯枝再剪去")
    assert [cue.speaker for cue in timed.cues][:1] == ["甲"]
    gone = JoinedSound(tmp_path / "gone.wv", sound.key, sound.duration_ms)
    assert time_words(gone, pages(*SAID), tmp_path) == timed, "it is remembered"


def test_another_text_is_known_as_such_and_so_is_a_page_of_other_slides(
    spoken: tuple[JoinedSound, list[int]], tmp_path: Path
) -> None:
    heard = time_words(spoken[0], pages(OTHER), tmp_path).heard
    assert heard is not None
    assert heard.is_other
    timed = time_words(spoken[0], pages(*SAID[:2], OTHER), tmp_path)
    assert timed.heard is not None
    sure = timed.heard.each
    assert sure[2] < SURE < min(sure[:2])
    assert timed.doubts == (), "a page that does not fit is told as one"


def test_what_was_not_heard_shares_the_time_of_what_stands_before_it() -> None:
    assert sections_of([100, None, 6_200], ["一二三", "一", "一"], 9_000) == (
        Span(0, 4_500),
        Span(4_500, 6_000),
        Span(6_000, 9_000),
    )
    assert sections_of([None], ["一"], 9_000) == (Span(0, 9_000),)
