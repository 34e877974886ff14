"""A first script for a recording without one, written down by a speech model on this machine.

The model's folder is named by the user; nothing is ever fetched. Needs the extra yuanjiao[asr].
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from courseware.errors import InputError, Problem, ToolError, text
from courseware.files import write_text
from courseware.speech.extra import importing, in_short
from courseware.speech.sound import RATE, samples_of
from courseware.speech.speech_models import SherpaFolder, WhisperFolder, speech_model

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

# Pieces end in the first pause after the first length, at the latest at the second; seconds.
_SHORT = (5, 25)  # for recognisers without a voice detector of their own; Whisper takes no more than 30
_LONG = (150, 180)  # faster-whisper needs 80 MB a minute
_TAIL_S = 1  # recognisers read beyond the end of pieces that are shorter than their window
_QUIETEST_S = 5
_FRAME = RATE // 50
_PAUSE = 15  # frames
_SILENCE = 0.001  # of full scale; a recogniser given silence invents words
_SENTENCE_END = re.compile(r"(?<=[。！？!?])(?![。！？!?”’」』）])")
_NO_TEXT = re.compile("<unk>|[\ufffd\x00-\x08\x0e-\x1f\x7f]")  # Whisper may break off inside a character
# Read when the libraries are loaded. Without the first, onnxruntime from 1.29 on tells Microsoft of every use.
_OFFLINE = {"ORT_DISABLE_TELEMETRY": "1", "HF_HUB_OFFLINE": "1"}
# It writes simplified characters and punctuation if it has seen some.
_PROMPT = "以下是普通话的句子，有标点符号。"


def draft_script(recording: Path, model: Path, target: Path) -> None:
    """Write the script of a recording, a sentence or what was said between two pauses a line.

    Args:
        model: folder of a faster-whisper (CTranslate2) model, or of a SenseVoice, Paraformer, Zipformer (transducer
            or CTC), Whisper, WeNet or TeleSpeech model of sherpa-onnx that is not for streaming.

    Raises:
        InputError: the folder is missing, holds no whole model, or there is no speech in the recording.
        MediaError: the recording cannot be used.
        ToolError: yuanjiao[asr] is not installed, or the model cannot be used.
    """
    found = speech_model(model)
    os.environ.update(_OFFLINE)
    heard = _by_whisper(recording, found) if isinstance(found, WhisperFolder) else _by_sherpa(recording, found)
    lines = [" ".join(line.split()) for said in heard for line in _SENTENCE_END.split(_NO_TEXT.sub("", said))]
    said = [line for line in lines if line]
    if not said:
        raise InputError(Problem(recording.name, text("the speech model heard no speech in this recording")))
    write_text(target, "\n".join(said) + "\n")


@contextlib.contextmanager
def _using(folder: Path) -> Iterator[None]:
    """What a speech library raises, as an error that names the model.

    The libraries raise whatever lies under them: RuntimeError, IndexError, for a broken tokenizer plain Exception.
    """
    try:
        yield
    except IndexError as error:
        what = text("tokens.txt does not fit this speech model; download the whole model again")
        raise ToolError(Problem(str(folder), what)) from error
    except Exception as error:
        what = text("this speech model cannot be used: {reason}", reason=in_short(error))
        raise ToolError(Problem(str(folder), what)) from error


def _by_whisper(recording: Path, model: WhisperFolder) -> Iterator[str]:
    with importing("faster_whisper"):
        from faster_whisper import WhisperModel
    with _using(model.folder):
        # local_files_only: a name that looks like a repository must not make it fetch one.
        whisper = WhisperModel(str(model.folder.resolve()), device="cpu", compute_type="int8", local_files_only=True)
    for piece in _pieces(recording, *_LONG):
        with _using(model.folder):
            segments, _ = whisper.transcribe(piece, initial_prompt=_PROMPT, vad_filter=True)
            said = [segment.text for segment in segments]
        yield from said


def _by_sherpa(recording: Path, model: SherpaFolder) -> Iterator[str]:
    with importing("sherpa_onnx"):
        import sherpa_onnx
    # On Windows it cannot open a path with Chinese characters; the names in the folder have none.
    with _using(model.folder), contextlib.chdir(model.folder):
        load: Callable[..., Any] = getattr(sherpa_onnx.OfflineRecognizer, model.maker)
        recogniser = load(num_threads=min(os.cpu_count() or 1, 4), **model.files, **model.options)
    for piece in _pieces(recording, *_SHORT):
        with _using(model.folder):
            stream = recogniser.create_stream()
            stream.accept_waveform(RATE, piece)
            recogniser.decode_stream(stream)
            said = str(stream.result.text)
        yield said


def _pieces(recording: Path, shortest_s: int, longest_s: int) -> Iterator[Samples]:
    """The recording in pieces, cut in pauses or where it is quietest; silent ones are left out."""
    import numpy as np

    held: list[Samples] = []
    count = 0
    for block in samples_of(recording):
        held.append(block.astype(np.float32) / np.float32(32768))
        count += len(block)
        if count < longest_s * RATE:
            continue
        rest = np.concatenate(held)
        while len(rest) >= longest_s * RATE:
            start = rest[: longest_s * RATE]
            cut = _pause(start, shortest_s) or _quietest(start)
            yield from _audible(rest[:cut])
            rest = rest[cut:]
        held, count = [rest], len(rest)
    rest = np.concatenate(held)
    while cut := _pause(rest, shortest_s):
        yield from _audible(rest[:cut])
        rest = rest[cut:]
    yield from _audible(rest)


def _audible(piece: Samples) -> Iterator[Samples]:
    """The piece, at least _TAIL_S long, unless nothing is heard in it."""
    import numpy as np

    if len(piece) and np.abs(piece).max() > _SILENCE:
        yield np.pad(piece, (0, max(0, _TAIL_S * RATE - len(piece))))


def _loudness(samples: Samples) -> Samples:
    """Decibels of each 20 ms, from −70 up."""
    import numpy as np

    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    loudness: Samples = 10 * np.log10(np.maximum((frames**2).mean(axis=1), 1e-7))
    return loudness


def _pause(samples: Samples, after_s: int) -> int:
    """The middle of the first 0.3 s of quiet after so many seconds, as a sample; 0 if there is none.

    Quiet is nearer to the quietest tenth than to the loudest.
    """
    import numpy as np

    if len(samples) < (after_s + 1) * RATE:
        return 0
    loudness = _loudness(samples)
    low, high = np.percentile(loudness, (10, 90))
    quiet = (loudness < low + 0.3 * (high - low)).astype(np.int32)
    run = np.convolve(quiet[after_s * 50 :], np.ones(_PAUSE, np.int32), "valid")
    full = np.flatnonzero(run == _PAUSE)
    return int((after_s * 50 + full[0] + _PAUSE // 2) * _FRAME) if len(full) else 0


def _quietest(samples: Samples) -> int:
    """The quietest 0.1 s of the last five seconds, as a sample."""
    import numpy as np

    start = len(samples) - _QUIETEST_S * RATE
    step = RATE // 10
    energy = (samples[start:] ** 2).reshape(-1, step).sum(axis=1)
    return start + int(np.argmin(energy)) * step + step // 2
