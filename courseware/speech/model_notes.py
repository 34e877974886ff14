"""What an ONNX file says of itself: its notes and its inputs. Runs no model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from courseware.speech.extra import importing

_STREAMING = {"decode_chunk_len", "chunk_length", "chunk_shift"}


@dataclass(frozen=True, slots=True)
class ModelNotes:
    """What whoever exported a model wrote into it, and how many inputs it has."""

    facts: Mapping[str, str]
    inputs: int

    @property
    def kind(self) -> str:
        """Its “model_type”; "" when it does not say."""
        return self.facts.get("model_type", "")

    def is_streaming(self, inputs: int) -> bool:
        """Whether it is for live speech: has more inputs than that, which are states that are handed on."""
        return bool(self.facts.keys() & _STREAMING) or self.inputs > inputs


def load_notes(path: Path) -> ModelNotes:
    """Read the file by the definition of ONNX, without the weights that lie in files of their own.

    Raises:
        ToolError: the extra yuanjiao[asr] is not installed.
        OSError: the file cannot be read.
        ValueError: it is no such file, or only a part of one.
    """
    with importing("onnx"):
        import onnx
        from google.protobuf.message import DecodeError

    try:
        model = onnx.load(path, load_external_data=False)
    except DecodeError as error:
        raise ValueError(str(error)) from error
    if not model.HasField("graph"):
        raise ValueError("no graph")
    # Old files list the weights among the inputs.
    weights = {weight.name for weight in model.graph.initializer}
    inputs = {one.name for one in model.graph.input} - weights
    return ModelNotes({note.key: note.value for note in model.metadata_props}, len(inputs))
