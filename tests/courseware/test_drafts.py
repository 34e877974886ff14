"""A draft needs a model that is on the machine; what is missing is said, nothing is fetched."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from courseware.drafts import draft_script, model_kind
from courseware.errors import InputError, ToolError
from tests.courseware.align.narration import MEDIA

RECORDING = MEDIA / "project-data.mp4"


def make_model(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(b"")
    return folder


def test_the_kind_of_a_model_is_told_by_its_files(tmp_path: Path) -> None:
    assert model_kind(make_model(tmp_path / "a", "model.bin", "config.json")) == "faster-whisper"
    assert model_kind(make_model(tmp_path / "b", "model.int8.onnx", "tokens.txt")) == "sherpa-onnx"


def test_a_folder_without_a_model_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"model\.bin"):
        model_kind(make_model(tmp_path / "a", "readme.txt"))
    with pytest.raises(InputError, match="no such folder"):
        model_kind(tmp_path / "none")


@pytest.mark.parametrize(
    ("names", "library"), [(("model.bin",), "faster_whisper"), (("x.onnx", "tokens.txt"), "sherpa_onnx")]
)
def test_a_missing_library_is_named_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ToolError, match=r"yuanjiao\[asr\]"):
        draft_script(RECORDING, make_model(tmp_path / "m", *names), tmp_path / "draft.txt")
    assert not (tmp_path / "draft.txt").exists()


def test_whisper_gets_the_sound_and_may_not_fetch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    class Model:
        def __init__(self, path: str, **options: object) -> None:
            seen.update(options, path=path)

        def transcribe(self, samples: Any, **_: object) -> tuple[list[SimpleNamespace], None]:
            seen["seconds"] = len(samples) / 16_000
            assert samples.dtype == np.float32
            return [SimpleNamespace(text=" 先松土。"), SimpleNamespace(text="再施肥。")], None

    monkeypatch.setitem(sys.modules, "faster_whisper", SimpleNamespace(WhisperModel=Model))
    draft_script(RECORDING, make_model(tmp_path / "m", "model.bin"), tmp_path / "draft.txt")
    assert (tmp_path / "draft.txt").read_text(encoding="utf-8") == "先松土。\n再施肥。\n"
    assert seen["local_files_only"] is True
    assert 15 < seen["seconds"] < 17


@pytest.mark.parametrize(
    ("names", "maker"),
    [
        (("encoder.onnx", "decoder.onnx", "joiner.onnx"), "from_transducer"),
        (("encoder.onnx", "decoder.onnx"), "from_whisper"),
        (("paraformer.int8.onnx",), "from_paraformer"),
        (("model.int8.onnx",), "from_sense_voice"),
    ],
)
def test_sherpa_models_are_loaded_by_what_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], maker: str
) -> None:
    heard: list[float] = []

    def stream() -> SimpleNamespace:
        return SimpleNamespace(
            accept_waveform=lambda rate, block: heard.append(len(block) / rate), result=SimpleNamespace(text="好。")
        )

    recogniser = SimpleNamespace(create_stream=stream, decode_stream=lambda _: None)
    factory = SimpleNamespace(**{maker: lambda **_: recogniser})
    monkeypatch.setitem(sys.modules, "sherpa_onnx", SimpleNamespace(OfflineRecognizer=factory))
    draft_script(RECORDING, make_model(tmp_path / "m", "tokens.txt", *names), tmp_path / "draft.txt")
    assert max(heard) <= 25
    assert 15 < sum(heard) < 17
