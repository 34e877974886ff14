"""A first script for a recording without one, written down by a speech model on this machine.

The model's folder is named by the user; nothing is ever fetched. Needs the extra yuanjiao[asr].
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from courseware.align.sound import RATE, samples_of
from courseware.errors import InputError, Problem, ToolError, text
from courseware.files import write_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BLOCK_S = 25  # recognisers without a voice detector of their own get pieces of at most this length
_QUIETEST_S = 5  # at whose end the quietest moment is looked for, so that no word is cut


def draft_script(recording: Path, model: Path, target: Path) -> None:
    """Write the script of a recording, a sentence a line.

    Args:
        model: folder of a faster-whisper (CTranslate2) model, or of a SenseVoice, Paraformer, Whisper or transducer
            model of sherpa-onnx.

    Raises:
        InputError: the folder is missing or holds no model.
        MediaError: the recording cannot be used.
        ToolError: yuanjiao[asr] is not installed, or the model cannot be loaded.
    """
    kind = model_kind(model)
    lines = _whisper(recording, model) if kind == "faster-whisper" else _sherpa(recording, model)
    said = [line.strip() for line in lines if line.strip()]
    if not said:
        raise InputError(Problem(recording.name, text("the speech model heard no speech in this recording")))
    write_text(target, "\n".join(said) + "\n")


def model_kind(folder: Path) -> str:
    """Whose model a folder holds: "faster-whisper" or "sherpa-onnx".

    Raises:
        InputError: the folder is missing or holds neither.
    """
    if not folder.is_dir():
        what = text("there is no such folder; name the folder of a speech model that is on this machine")
        raise InputError(Problem(str(folder), what))
    if (folder / "model.bin").is_file():
        return "faster-whisper"
    if (folder / "tokens.txt").is_file() and any(folder.glob("*.onnx")):
        return "sherpa-onnx"
    what = text(
        "there is no speech model here: a faster-whisper model has a model.bin, one of sherpa-onnx a tokens.txt and "
        ".onnx files"
    )
    raise InputError(Problem(str(folder), what))


def _missing(library: str) -> ToolError:
    what = text("drafting a script needs “pip install yuanjiao[asr]”; or write the script yourself")
    return ToolError(Problem(library, what))


def _broken(model: Path, error: Exception) -> ToolError:
    what = text("this speech model cannot be loaded: {reason}", reason=str(error)[:200])
    return ToolError(Problem(model.name, what))


def _whisper(recording: Path, model: Path) -> Iterator[str]:
    import numpy as np

    try:
        from faster_whisper import WhisperModel
    except ImportError as error:
        raise _missing("faster-whisper") from error
    try:
        # local_files_only: a name that looks like a repository must not make it fetch one.
        whisper = WhisperModel(str(model.resolve()), device="cpu", compute_type="int8", local_files_only=True)
    except (RuntimeError, ValueError, OSError) as error:
        raise _broken(model, error) from error
    samples = np.concatenate(list(samples_of(recording))).astype(np.float32) / 32768
    # It writes simplified characters and punctuation if it has seen some.
    segments, _ = whisper.transcribe(samples, initial_prompt="以下是普通话的句子，有标点符号。", vad_filter=True)
    yield from (segment.text for segment in segments)


def _sherpa(recording: Path, model: Path) -> Iterator[str]:
    try:
        import sherpa_onnx
    except ImportError as error:
        raise _missing("sherpa-onnx") from error
    try:
        recogniser = _recogniser(sherpa_onnx.OfflineRecognizer, model)
    except (RuntimeError, ValueError, OSError) as error:
        raise _broken(model, error) from error
    for block in _pieces(recording):
        stream = recogniser.create_stream()
        stream.accept_waveform(RATE, block)
        recogniser.decode_stream(stream)
        yield stream.result.text


def _recogniser(factory: Any, model: Path) -> Any:  # noqa: ANN401  (sherpa-onnx has no types)
    """The recogniser for what lies in the folder; quantised files are preferred, they are faster."""
    tokens = str(model / "tokens.txt")

    def part(name: str) -> str:
        pattern = f"*{name}*.onnx" if name else "*.onnx"
        found = sorted(model.glob(pattern), key=lambda path: ("int8" not in path.name, path.name))
        return str(found[0]) if found else ""

    if part("joiner"):
        parts = {"encoder": part("encoder"), "decoder": part("decoder"), "joiner": part("joiner")}
        return factory.from_transducer(tokens=tokens, **parts)
    if part("encoder"):
        return factory.from_whisper(tokens=tokens, encoder=part("encoder"), decoder=part("decoder"))
    single = part("")
    if "paraformer" in (model.name + single).lower():
        return factory.from_paraformer(tokens=tokens, paraformer=single)
    return factory.from_sense_voice(tokens=tokens, model=single, use_itn=True)


def _pieces(recording: Path) -> Iterator[NDArray[np.float32]]:
    """The recording in pieces of at most 25 s, cut where it is quietest."""
    import numpy as np

    rest = np.zeros(0, np.float32)
    for block in samples_of(recording):
        rest = np.concatenate((rest, block.astype(np.float32) / 32768))
        while len(rest) >= _BLOCK_S * RATE:
            cut = _quietest(rest[: _BLOCK_S * RATE])
            yield rest[:cut]
            rest = rest[cut:]
    if len(rest):
        yield rest


def _quietest(samples: NDArray[np.float32]) -> int:
    import numpy as np

    start = len(samples) - _QUIETEST_S * RATE
    step = RATE // 10
    energy = (samples[start:] ** 2).reshape(-1, step).sum(axis=1)
    return start + int(np.argmin(energy)) * step + step // 2
