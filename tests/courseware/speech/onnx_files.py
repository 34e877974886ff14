"""ONNX files written byte by byte: what the models of sherpa-onnx say of themselves, and one that really runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FLOAT, INT64 = 1, 7
_NUMBERS = ",".join(["1"] * 560)
_LFR = {"vocab_size": "4", "lfr_window_size": "7", "lfr_window_shift": "6"}
_LFR |= {"neg_mean": _NUMBERS, "inv_stddev": _NUMBERS}
_LANGUAGES = {f"lang_{name}": "0" for name in ("auto", "zh", "en", "ja", "ko", "yue")}
SENSE_VOICE = {"model_type": "sense_voice_ctc", **_LFR, **_LANGUAGES}
SENSE_VOICE |= {"normalize_samples": "0", "with_itn": "14", "without_itn": "15"}
PARAFORMER = {"model_type": "paraformer", **_LFR}
ZIPFORMER_CTC = {"model_type": "zipformer2_ctc", "vocab_size": "4"}
WENET = {"model_type": "wenet_ctc", "vocab_size": "4", "subsampling_factor": "4"}
TELESPEECH = {"model_type": "telespeech_ctc"}
ZIPFORMER = {"model_type": "zipformer2"}
PREDICTOR = {"vocab_size": "4", "context_size": "2"}
WHISPER = dict.fromkeys(("n_mels", "n_text_layer", "n_text_ctx", "n_text_state", "n_vocab", "sot", "eot"), "80")
WHISPER |= dict.fromkeys(("blank_id", "translate", "transcribe", "no_timestamps", "no_speech"), "3")
WHISPER |= {"model_type": "whisper-tiny", "is_multilingual": "1", "sot_sequence": "1,2,3"}
WHISPER |= {"all_language_tokens": "5", "all_language_codes": "zh"}
TOKENS = "<blk> 0\n<s> 1\n</s> 2\n好 3\n".encode()


def model(
    facts: Mapping[str, str],
    inputs: Sequence[bytes | str] = ("x", "x_lens"),
    *,
    nodes: Sequence[bytes] = (),
    weights: Sequence[bytes] = (),
    outputs: Sequence[bytes] = (),
) -> bytes:
    given = [one if isinstance(one, bytes) else variable(one, FLOAT, "N") for one in inputs]
    graph = b"".join(
        (
            *(field(1, node) for node in nodes),
            field(2, b"graph"),
            *(field(5, weight) for weight in weights),
            *(field(11, one) for one in given),
            *(field(12, one) for one in outputs),
        )
    )
    notes = b"".join(field(14, field(1, key.encode()) + field(2, value.encode())) for key, value in facts.items())
    return field(1, 8) + field(7, graph) + field(8, field(2, 13)) + notes


def node(kind: str, given: Sequence[str], made: str) -> bytes:
    return b"".join(field(1, one.encode()) for one in given) + field(2, made.encode()) + field(4, kind.encode())


def weight(name: str, values: NDArray[np.float32] | NDArray[np.int64]) -> bytes:
    dims = b"".join(field(1, size) for size in values.shape)
    kind = field(2, FLOAT if values.dtype == np.float32 else INT64)
    return dims + kind + field(8, name.encode()) + field(9, values.tobytes())


def variable(name: str, kind: int, *shape: int | str) -> bytes:
    dims = b"".join(field(1, field(1, one) if isinstance(one, int) else field(2, one.encode())) for one in shape)
    return field(1, name.encode()) + field(2, field(1, field(1, kind) + field(2, dims)))


def running_ctc_model() -> bytes:
    """A Zipformer CTC model that hears 好 where the sum of the features is positive: where it is loud."""
    numbers = {"begin": 0, "end": 2**40, "axis": 1, "step": 4, "three": 3}
    columns = np.zeros((80, 4), np.float32)
    columns[:, 3] = 1  # features are logarithms, below 0 where it is quiet
    return model(
        ZIPFORMER_CTC,
        (variable("x", FLOAT, "N", "T", 80), variable("x_lens", INT64, "N")),
        nodes=(
            node("Slice", ("x", "begin", "end", "axis", "step"), "frames"),
            node("MatMul", ("frames", "columns"), "log_probs"),
            node("Add", ("x_lens", "three"), "sum"),
            node("Div", ("sum", "step"), "log_probs_len"),
        ),
        weights=(
            weight("columns", columns),
            *(weight(name, np.array([number], np.int64)) for name, number in numbers.items()),
        ),
        outputs=(variable("log_probs", FLOAT, "N", "S", 4), variable("log_probs_len", INT64, "N")),
    )


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    low, rest = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + _varint(rest) if rest else bytes([low])


def make_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder
