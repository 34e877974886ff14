"""What clips say, spoken: sentences kept by content, pauses, two voices, equal levels; and whether all was said."""

from pathlib import Path

import numpy as np
import pytest

from courseware.speaking.kokoro import is_installed, load_kokoro
from courseware.speaking.pronunciations import pronunciations_of
from courseware.times import Span
from render.narration.spoken import SpeakingWish, plan_sentences, speak_clips, was_said
from render.narration.timing import time_spoken
from render.work.ffmpeg import find_ffmpeg
from render.work.workshop import Workshop, open_workshop
from tests.render.narration.voices import Hummer, Reader
from tests.render.sounds import samples_of

WISH = SpeakingWish("zf_xiaoxiao", 1.0, 800, {})
SAYS = [("甲：种什么？ / 乙：种香菇。每棚两千袋。", ""), ("好！", "zm_yunxi")]


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return open_workshop(find_ffmpeg(), tmp_path / "cache")


def test_a_dialogue_has_two_voices_and_its_pauses() -> None:
    planned = plan_sentences(SAYS, WISH)
    assert [(one.text, one.voice, one.clip, one.pause_ms) for one in planned] == [
        ("种什么？", "zf_xiaoxiao", 0, 600),
        ("种香菇。", "zm_yunxi", 0, 350),
        ("每棚两千袋。", "zm_yunxi", 0, 800),
        ("好！", "zm_yunxi", 1, 800),
    ]


def test_sentences_are_said_once_and_only_what_changed_is_said_again(workshop: Workshop) -> None:
    hummer = Hummer()
    assert not was_said(workshop, hummer, SAYS, WISH)
    first = speak_clips(workshop, hummer, SAYS, WISH)
    assert len(hummer.asked) == 4
    assert was_said(workshop, hummer, SAYS, WISH)
    assert speak_clips(workshop, hummer, SAYS, WISH) == first
    assert len(hummer.asked) == 4
    changed = [(SAYS[0][0].replace("香菇", "木耳"), ""), SAYS[1]]
    assert speak_clips(workshop, hummer, changed, WISH).sound.key != first.sound.key
    assert len(hummer.asked) == 5
    speak_clips(workshop, hummer, SAYS, SpeakingWish("zf_xiaoxiao", 1.2, 800, {}))
    assert len(hummer.asked) == 9, "another speed is another sound"


def test_sections_hold_their_sentences_and_the_pause_after_them(workshop: Workshop) -> None:
    spoken = speak_clips(workshop, Hummer(), SAYS, WISH)
    last = spoken.spans[2].end_ms + 800
    assert spoken.sections == (Span(0, last), Span(last, spoken.sound.duration_ms))
    assert spoken.spans[3].start_ms == last
    sound = samples_of(spoken.sound.path, rate=24_000)[:, 0]
    levels = [np.abs(sound[24 * span.start_ms : 24 * span.end_ms]).max() for span in spoken.spans]
    assert levels == pytest.approx([levels[0]] * 4, rel=0.03), "the soft voice is as loud as the other"
    assert not sound[24 * (last - 790) : 24 * (last - 10)].any()


def test_a_sentence_that_was_cut_short_is_found_and_whole_ones_are_not(workshop: Workshop, tmp_path: Path) -> None:
    texts = [
        "冬天剪枝要选晴天。",
        "先剪去病枝和枯枝，再剪去交叉的枝条。",
        "剪口要平，涂上保护剂。",
        "最后把剪下的枝条清出果园。",
    ]
    says = [("".join(texts), "")]
    whole = time_spoken(speak_clips(workshop, Reader(texts), says, WISH), tmp_path)
    assert whole.doubts == ()
    assert next(cue.text for cue in whole.cues) == "冬天剪枝要选晴天"
    cut = time_spoken(speak_clips(workshop, Reader(texts, short=1), says, WISH), tmp_path)
    assert ["先剪去病枝" in str(doubt) for doubt in cut.doubts] == [True]


@pytest.mark.long
@pytest.mark.skipif(not is_installed(), reason="the extra yuanjiao[voice] is not installed")
def test_all_that_the_neural_voice_says_is_heard(workshop: Workshop, tmp_path: Path) -> None:
    texts = [
        "冬天剪枝要选晴天，每亩桃树留60到80株。",
        "按1:500稀释，喷雾2次，每次间隔7天。",
        "棚温保持在22℃到25℃，LED灯不要直照。",
        "咨询电话：0915-3212345，一会儿再打也行。",
        "结果期控水，重茬地不要种。",
        "秸秆还田，可以当肥料。",
    ]
    wish = SpeakingWish("zf_xiaoxiao", 1.0, 500, pronunciations_of(None))
    spoken = speak_clips(workshop, load_kokoro(None), [(one, "") for one in texts], wish)
    assert time_spoken(spoken, tmp_path).doubts == ()
