"""A draft needs a model that is on the machine; what is missing is said, nothing is fetched or sent."""

import os
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from courseware.errors import InputError, MediaError, ToolError
from courseware.speech.drafts import draft_script
from courseware.speech.sound import RATE
from tests.courseware.align.narration import MEDIA
from tests.courseware.speech import onnx_files as onnx
from tests.courseware.speech.onnx_files import TOKENS, make_folder, model

RECORDING = MEDIA / "project-data.mp4"
LOUD = 0.3


def whisper_folder(tmp_path: Path) -> Path:
    return make_folder(
        tmp_path / "语音模型",
        dict.fromkeys(("model.bin", "config.json", "tokenizer.json", "vocabulary.json"), b""),
    )


def sherpa_folder(tmp_path: Path) -> Path:
    files = {"model.int8.onnx": model(onnx.ZIPFORMER_CTC), "tokens.txt": TOKENS}
    return make_folder(tmp_path / "语音模型", files)


def write_sound(path: Path, *stretches: tuple[float, float]) -> Path:
    """Noise of so many seconds and so loud, one after the other."""
    rng = np.random.default_rng(4)
    sound = np.concatenate([rng.uniform(-loud, loud, int(seconds * RATE)) for seconds, loud in stretches])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((sound * 32767).astype("<i2").tobytes())
    return path


class Sherpa:
    """Stands in for sherpa_onnx: keeps what it is given, says what it is told to say."""

    def __init__(self, *said: str | Exception) -> None:
        self.said = list(said) or ["好。"]
        self.pieces: list[NDArray[np.float32]] = []
        self.loaded: dict[str, Any] = {}
        self.OfflineRecognizer = SimpleNamespace(from_zipformer_ctc=self.load)

    def load(self, **arguments: Any) -> Any:
        self.loaded = {**arguments, "cwd": Path.cwd(), "offline": os.environ["ORT_DISABLE_TELEMETRY"]}
        return SimpleNamespace(create_stream=self.stream, decode_stream=self.decode)

    def stream(self) -> SimpleNamespace:
        return SimpleNamespace(accept_waveform=lambda _, piece: self.pieces.append(piece), result=None)

    def decode(self, stream: Any) -> None:
        said = self.said[min(len(self.pieces), len(self.said)) - 1]
        if isinstance(said, Exception):
            raise said
        stream.result = SimpleNamespace(text=said)

    @property
    def seconds(self) -> list[float]:
        return [len(piece) / RATE for piece in self.pieces]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sherpa], Sherpa]:
    def stand_in(sherpa: Sherpa) -> Sherpa:
        monkeypatch.setitem(sys.modules, "sherpa_onnx", sherpa)
        return sherpa

    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)
    return stand_in


@pytest.mark.parametrize(
    ("folder", "library"),
    [(whisper_folder, "faster_whisper"), (sherpa_folder, "onnx"), (sherpa_folder, "sherpa_onnx")],
)
def test_a_missing_library_is_named_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Callable[[Path], Path], library: str
) -> None:
    model_folder = folder(tmp_path)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ToolError, match=r"yuanjiao\[asr\]"):
        draft_script(RECORDING, model_folder, tmp_path / "draft.txt")
    assert not (tmp_path / "draft.txt").exists()


def test_a_library_without_what_it_needs_is_not_called_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sherpa_onnx.py").write_text("raise ImportError('DLL load failed')", encoding="utf-8")
    monkeypatch.delitem(sys.modules, "sherpa_onnx", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ToolError, match="cannot be loaded: DLL load failed"):
        draft_script(RECORDING, sherpa_folder(tmp_path), tmp_path / "draft.txt")


def test_whisper_gets_the_sound_and_may_neither_fetch_nor_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, Any] = {}

    class Model:
        def __init__(self, path: str, **options: object) -> None:
            seen.update(options, path=path)
            seen["offline"] = os.environ["ORT_DISABLE_TELEMETRY"], os.environ["HF_HUB_OFFLINE"]

        def transcribe(self, samples: Any, **_: object) -> tuple[list[SimpleNamespace], None]:
            seen["seconds"] = len(samples) / RATE
            assert samples.dtype == np.float32
            return [SimpleNamespace(text=" 先松土。"), SimpleNamespace(text="再施肥。")], None

    monkeypatch.setitem(sys.modules, "faster_whisper", SimpleNamespace(WhisperModel=Model))
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    draft_script(RECORDING, whisper_folder(tmp_path), tmp_path / "draft.txt")
    assert (tmp_path / "draft.txt").read_text(encoding="utf-8") == "先松土。\n再施肥。\n"
    assert seen["local_files_only"] is True
    assert seen["offline"] == ("1", "1")
    assert 15 < seen["seconds"] < 17


def test_sherpa_is_given_names_only_since_it_cannot_open_chinese_paths_on_windows(
    tmp_path: Path, use: Callable[[Sherpa], Sherpa]
) -> None:
    sherpa, before = use(Sherpa()), Path.cwd()
    folder = sherpa_folder(tmp_path)
    draft_script(RECORDING, folder, tmp_path / "draft.txt")
    assert (sherpa.loaded["tokens"], sherpa.loaded["model"]) == ("tokens.txt", "model.int8.onnx")
    assert sherpa.loaded["cwd"] == folder.resolve()
    assert sherpa.loaded["offline"] == "1"
    assert Path.cwd() == before
    assert 15 < sum(sherpa.seconds) < 17


def test_pieces_end_in_pauses_and_so_do_lines(tmp_path: Path, use: Callable[[Sherpa], Sherpa]) -> None:
    sherpa = use(Sherpa("先松土", "再施肥", "最后浇水"))
    pause = (0.6, 0.002)
    sound = write_sound(tmp_path / "a.wav", (7, LOUD), pause, (3, LOUD), pause, (4, LOUD), pause, (6, LOUD))
    draft_script(sound, sherpa_folder(tmp_path), tmp_path / "draft.txt")
    # The pause after three seconds is passed by: a piece has five at least.
    assert sherpa.seconds == pytest.approx([7.15, 8.2, 6.45], abs=0.2)
    assert (tmp_path / "draft.txt").read_text(encoding="utf-8") == "先松土\n再施肥\n最后浇水\n"


def test_speech_without_a_pause_is_cut_before_whisper_can_take_no_more(
    tmp_path: Path, use: Callable[[Sherpa], Sherpa]
) -> None:
    sherpa = use(Sherpa())
    draft_script(write_sound(tmp_path / "a.wav", (61, LOUD)), sherpa_folder(tmp_path), tmp_path / "draft.txt")
    assert max(sherpa.seconds) <= 25
    assert sum(sherpa.seconds) == pytest.approx(61)


def test_no_sample_is_lost_or_given_twice(tmp_path: Path, use: Callable[[Sherpa], Sherpa]) -> None:
    sherpa = use(Sherpa())
    sound = write_sound(tmp_path / "a.wav", *[(4.0, LOUD), (0.5, 0.01)] * 9)
    draft_script(sound, sherpa_folder(tmp_path), tmp_path / "draft.txt")
    assert len(sherpa.pieces) > 3
    with wave.open(str(sound)) as file:
        whole = np.frombuffer(file.readframes(file.getnframes()), "<i2") / np.float32(32768)
    assert np.array_equal(np.concatenate(sherpa.pieces), whole)


def test_a_recogniser_is_not_given_silence(tmp_path: Path, use: Callable[[Sherpa], Sherpa]) -> None:
    sherpa, folder = use(Sherpa()), sherpa_folder(tmp_path)
    draft_script(write_sound(tmp_path / "a.wav", (40, 0), (3, LOUD)), folder, tmp_path / "draft.txt")
    assert len(sherpa.pieces) == 1
    with pytest.raises(InputError, match="no speech"):
        draft_script(write_sound(tmp_path / "b.wav", (40, 0)), folder, tmp_path / "b.txt")


def test_a_recogniser_is_given_a_second_at_least(tmp_path: Path, use: Callable[[Sherpa], Sherpa]) -> None:
    sherpa = use(Sherpa())
    draft_script(write_sound(tmp_path / "a.wav", (0.05, LOUD)), sherpa_folder(tmp_path), tmp_path / "draft.txt")
    assert sherpa.seconds == [1]


def test_sentences_get_their_own_lines_and_what_is_no_text_is_left_out(
    tmp_path: Path, use: Callable[[Sherpa], Sherpa]
) -> None:
    use(Sherpa(" 他说：“行吗？”行！\n用 2.5 公斤。再\ufffd浇<unk>水 "))
    draft_script(RECORDING, sherpa_folder(tmp_path), tmp_path / "draft.txt")
    lines = (tmp_path / "draft.txt").read_text(encoding="utf-8").splitlines()
    assert lines[:3] == ["他说：“行吗？”行！", "用 2.5 公斤。", "再浇水"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RuntimeError("Invalid\n  rank"), "cannot be used: Invalid rank"),
        (IndexError("_Map_base::at"), r"tokens\.txt does not fit"),
        (Exception("broken tokenizer"), "cannot be used: broken tokenizer"),
        (MemoryError(), "cannot be used: MemoryError"),
    ],
)
def test_what_a_library_raises_names_the_model(
    tmp_path: Path, use: Callable[[Sherpa], Sherpa], error: Exception, said: str
) -> None:
    use(Sherpa(error))
    with pytest.raises(ToolError, match=f"语音模型: .*{said}"):
        draft_script(RECORDING, sherpa_folder(tmp_path), tmp_path / "draft.txt")
    assert not (tmp_path / "draft.txt").exists()


def test_a_fault_of_the_recording_is_not_blamed_on_the_model(tmp_path: Path, use: Callable[[Sherpa], Sherpa]) -> None:
    use(Sherpa())
    with pytest.raises(MediaError, match="no such file"):
        draft_script(tmp_path / "none.mp4", sherpa_folder(tmp_path), tmp_path / "draft.txt")


def test_the_real_library_hears_what_a_model_made_here_hears(tmp_path: Path) -> None:
    pytest.importorskip("sherpa_onnx")
    files = {"model.onnx": onnx.running_ctc_model(), "tokens.txt": TOKENS}
    sound = write_sound(tmp_path / "a.wav", (7, LOUD), (0.6, 0.002), (3, LOUD))
    draft_script(sound, make_folder(tmp_path / "语音模型", files), tmp_path / "draft.txt")
    lines = (tmp_path / "draft.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    assert set("".join(lines)) == {"好"}


def test_the_real_library_says_what_is_wrong_with_the_tokens(tmp_path: Path) -> None:
    pytest.importorskip("sherpa_onnx")
    files = {"model.onnx": onnx.running_ctc_model(), "tokens.txt": TOKENS.replace(b" 3", b" 9")}
    sound = write_sound(tmp_path / "a.wav", (2, LOUD))
    with pytest.raises(ToolError, match=r"tokens\.txt does not fit"):
        draft_script(sound, make_folder(tmp_path / "m", files), tmp_path / "draft.txt")


def test_the_real_faster_whisper_says_that_a_model_is_broken(tmp_path: Path) -> None:
    pytest.importorskip("faster_whisper")
    with pytest.raises(ToolError, match="语音模型: this speech model cannot be used"):
        draft_script(RECORDING, whisper_folder(tmp_path), tmp_path / "draft.txt")
