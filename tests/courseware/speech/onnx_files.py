"""ONNX files: what the models of sherpa-onnx say of themselves, and one that really runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

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
    inputs: Sequence[ValueInfoProto | str] = ("x", "x_lens"),
    *,
    nodes: Sequence[NodeProto] = (),
    weights: Sequence[TensorProto] = (),
    outputs: Sequence[ValueInfoProto] = (),
) -> bytes:
    given = [variable(one, np.float32, "N") if isinstance(one, str) else one for one in inputs]
    graph = helper.make_graph(nodes, "graph", given, outputs, weights)
    made = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 13)])
    helper.set_model_props(made, dict(facts))
    return bytes(made.SerializeToString())


def weight(name: str, values: NDArray[np.float32] | NDArray[np.int64]) -> TensorProto:
    return numpy_helper.from_array(values, name)


def variable(name: str, kind: type[np.generic], *shape: int | str) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(np.dtype(kind)), shape)


def running_ctc_model() -> bytes:
    """A Zipformer CTC model that hears 好 where the sum of the features is positive: where it is loud."""
    numbers = {"begin": 0, "end": 2**40, "axis": 1, "step": 4, "three": 3}
    columns = np.zeros((80, 4), np.float32)
    columns[:, 3] = 1  # features are logarithms, below 0 where it is quiet
    return model(
        ZIPFORMER_CTC,
        (variable("x", np.float32, "N", "T", 80), variable("x_lens", np.int64, "N")),
        nodes=(
            helper.make_node("Slice", ("x", "begin", "end", "axis", "step"), ("frames",)),
            helper.make_node("MatMul", ("frames", "columns"), ("log_probs",)),
            helper.make_node("Add", ("x_lens", "three"), ("sum",)),
            helper.make_node("Div", ("sum", "step"), ("log_probs_len",)),
        ),
        weights=(
            weight("columns", columns),
            *(weight(name, np.array([number], np.int64)) for name, number in numbers.items()),
        ),
        outputs=(variable("log_probs", np.float32, "N", "S", 4), variable("log_probs_len", np.int64, "N")),
    )


def make_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder
