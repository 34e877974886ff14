"""Whether a heading, a speaker's name or a number was spoken is decided by the recording."""

import numpy as np
import pytest

from courseware.align.cues import Alignment
from courseware.align.doubts import ScriptSegment, segments_of, settle
from courseware.align.engine import Timing
from courseware.align.making import align_doubtful
from courseware.script.files import Paragraph
from courseware.script.script import Doubt, Script, ScriptLine, read_script
from courseware.speech.chain import SENTENCE, Unit
from courseware.speech.reading import ReadScript, Spot
from courseware.speech.sound import sound_of
from tests.courseware.align.narration import samples, truth

NAME = "check-quality"


def heard(*lines: str) -> tuple[Alignment, Script]:
    return align_doubtful(sound_of([samples(NAME)]), read_script(map(Paragraph, lines)))


def as_heading(said: str) -> str:
    """A clause without marks, as people write headings and the bullet points of slides."""
    return said.rstrip("，。：").replace("，", " ").replace("、", " ")


@pytest.mark.parametrize("number", [1, 2])
def test_a_line_without_a_full_stop_that_is_spoken_is_kept(number: int) -> None:
    lines = [cue.text if cue.text[-1] in "。：" else f"{cue.text[:-1]}。" for cue in truth(NAME)]
    lines[number] = as_heading(lines[number])
    script = read_script(map(Paragraph, lines))
    assert [doubt.text for doubt in script.doubts] == [lines[number]]
    alignment, found = heard(*lines)
    assert (found.spoken, found.left_out) == ((lines[number],), ())
    cue = next(one for one in alignment.cues if one.line == number)
    assert cue.span is not None
    assert abs(cue.span.start_ms - truth(NAME)[number].span.start_ms) < 500


def test_what_is_not_spoken_is_left_out_and_the_rest_stays_where_it_is() -> None:
    said = [f"{cue.text[:-1]}。" for cue in truth(NAME)]
    plain, _ = heard(*said)
    guided = ["第二章 病虫防治", f"甲：{said[0]}", "（画面：茶园航拍）", f"一、{said[1]}", "广州市房地产中介协会分析"]
    alignment, script = heard(*guided, f"乙：{said[2]}", *said[3:])
    assert script.spoken == ()
    assert script.left_out == ("第二章 病虫防治", "（画面：茶园航拍）", "广州市房地产中介协会分析")
    assert [line.speaker for line in script.lines][:3] == ["甲", "甲", "乙"]
    assert [cue.text for cue in alignment.cues] == [cue.text for cue in plain.cues]
    for cue, same in zip(alignment.cues, plain.cues, strict=True):
        assert cue.span is not None
        assert same.span is not None
        assert abs(cue.span.start_ms - same.span.start_ms) < 300


SCRIPT = Script(
    (ScriptLine("你好", "甲"), ScriptLine("再见", "乙")),
    (
        Doubt("问候", "heading", 0),
        Doubt("甲：", "speaker", 0, 0),
        Doubt("（笑）", "direction", 0, 1),
        Doubt("乙：", "speaker", 1, 0),
        Doubt("完", "heading", 2),
        Doubt("3", "mark", 2),
    ),
)


def settled(found: dict[str, float]) -> Script:
    """The script when these segments are found, and how well each fits."""
    segments = segments_of(SCRIPT)
    count = len(segments)
    units = tuple(Unit(0, ("a",), (100,), SENTENCE) for _ in segments)
    spots = tuple(Spot(at, 0) for at in range(count))
    reading = ReadScript(units, spots, np.zeros((0, 1), np.float32), np.zeros(0, np.int32), ())
    start = np.array([at * 5 if one.text in found else -1 for at, one in enumerate(segments)], np.int64)
    fit = np.array([found.get(one.text, 0) for one in segments], np.float32)
    timing = Timing(start, start + 5, fit, np.zeros(5 * count, np.bool_), np.zeros(0, np.float32))
    done = settle(SCRIPT, segments, reading, timing)
    assert len(done.reading.units) == len(done.timing.start) == len(done.reading.spots)
    for spot in done.reading.spots:
        assert spot.place < len(done.script.lines[spot.line].text)
    return done.script


SURE = {"你": 1.0, "好": 1.0, "再见": 1.0}


def test_the_script_is_cut_where_something_is_in_doubt() -> None:
    texts = [(one.text, one.line) for one in segments_of(SCRIPT)]
    assert texts == [
        *(("问候", 0), ("甲：", 0), ("你", 0), ("（笑）", 0), ("好", 0), ("乙：", 1), ("再见", 1), ("完", 2)),
    ]
    assert segments_of(Script((ScriptLine("你好"),))) == (ScriptSegment("你好", 0),)


def test_what_was_heard_of_the_doubts_stands_in_its_place() -> None:
    assert [line.text for line in settled(SURE).lines] == ["你好", "再见"]
    script = settled(SURE | {"问候": 1.0, "（笑）": 0.71, "完": 0.9})
    assert script.lines == (
        ScriptLine("问候", "甲"),
        ScriptLine("你（笑）好", "甲"),
        ScriptLine("再见", "乙"),
        ScriptLine("完"),
    )
    assert script.spoken == ("问候", "（笑）", "完")
    assert script.left_out == ("3",)


def test_what_was_found_but_hardly_fits_was_not_spoken() -> None:
    assert settled(SURE | {"问候": 0.69}).spoken == ()


def test_who_reads_one_name_reads_all() -> None:
    assert [line.text for line in settled(SURE | {"甲：": 1.0, "乙：": 0.5}).lines] == ["甲：你好", "乙：再见"]
    assert settled(SURE | {"甲：": 1.0}).spoken == ()
