"""The synthesiser says the same thing every time, whatever it said before."""

from __future__ import annotations

import numpy as np

from courseware.speech.voice import Speech, voice

LINES = ("各位乡亲，大家好！", "今天讲猕猴桃冬季修剪，剪口要平。")


def spoken(*lines: str) -> list[Speech]:
    with voice() as speaker:
        return [speaker.say(line, "cmn") for line in lines]


def test_what_was_said_before_changes_nothing() -> None:
    first = spoken(*LINES)
    spoken("别的话，说得很长很长。", LINES[1])
    for one, again in zip(first, spoken(*LINES), strict=True):
        assert np.array_equal(one.samples, again.samples)
        assert one.phones == again.phones


def test_a_text_is_spoken_sound_by_sound() -> None:
    (speech,) = spoken(LINES[0])
    assert len(speech.samples) > speech.rate
    places = [phone.place for phone in speech.phones if not phone.name.startswith("_")]
    assert places == sorted(places)
    assert {LINES[0][place] for place in places} == set("各位乡亲大家好")
