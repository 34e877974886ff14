"""Which speech model lies in a folder, told by the names of its files and by what is written inside them.

The libraries that run these models end the whole program at a file they did not expect, without a word that could be
caught; so what they would stumble over is looked for here first. Nothing is loaded, nothing is fetched.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn, TypeAlias

from courseware.clutter import listed, matching
from courseware.errors import InputError, Problem, Text, reason_of, text
from courseware.speech.model_notes import ModelNotes, load_notes

_CTC_BLANKS = {"<blk>", "<eps>", "<blank>"}


@dataclass(frozen=True, slots=True)
class WhisperFolder:
    """A Whisper model for faster-whisper (CTranslate2)."""

    folder: Path


@dataclass(frozen=True, slots=True)
class SherpaFolder:
    """A model for sherpa-onnx.

    Attributes:
        maker: the method of sherpa_onnx.OfflineRecognizer that loads it.
        files: its arguments that are files, as names in the folder.
        options: its other arguments.
    """

    folder: Path
    maker: str
    files: Mapping[str, str]
    options: Mapping[str, bool | str] = field(default_factory=dict)


SpeechModel: TypeAlias = WhisperFolder | SherpaFolder


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of model in one file: how it is loaded, and the facts without which loading ends the program.

    Attributes:
        inputs: how many the model has. More are states, which are handed on in live speech.
    """

    maker: str
    argument: str
    inputs: int = 2
    needs: tuple[str, ...] = ()
    options: Mapping[str, bool | str] = field(default_factory=dict)
    ctc: bool = False


_LFR = ("vocab_size", "lfr_window_size", "lfr_window_shift", "neg_mean", "inv_stddev")
_SENSE_VOICE = (
    *_LFR,
    "normalize_samples",
    "with_itn",
    "without_itn",
    *(f"lang_{name}" for name in ("auto", "zh", "en", "ja", "ko", "yue")),
)
# By “model_type” inside the file, as the exporting scripts of sherpa-onnx write it.
_KINDS: Mapping[str, _Kind] = {
    "sense_voice_ctc": _Kind("from_sense_voice", "model", 4, _SENSE_VOICE, {"use_itn": True}),
    "paraformer": _Kind("from_paraformer", "paraformer", needs=_LFR),
    "zipformer2_ctc": _Kind("from_zipformer_ctc", "model", ctc=True),
    "wenet_ctc": _Kind("from_wenet_ctc", "model", needs=("vocab_size", "subsampling_factor"), ctc=True),
    "telespeech_ctc": _Kind("from_telespeech_ctc", "model", 1, ctc=True),
}
_WHISPER_NEEDS = (
    *(f"n_{name}" for name in ("mels", "text_layer", "text_ctx", "text_state", "vocab")),
    *("sot", "eot", "blank_id", "translate", "transcribe", "is_multilingual", "no_timestamps", "no_speech"),
    "sot_sequence",
)
_WHISPER_LANGUAGES = ("all_language_tokens", "all_language_codes")


def speech_model(folder: Path) -> SpeechModel:
    """What model a folder holds.

    Raises:
        InputError: the folder is missing, holds no model, only a part of one, or one of a kind that is not supported.
        ToolError: yuanjiao[asr] is not installed.
    """
    if not folder.is_dir():
        _refuse(folder, text("there is no such folder; name the folder of a speech model that is on this machine"))
    try:
        if (folder / "model.bin").is_file():
            return _faster_whisper(folder)
        if any(matching(folder, "*.onnx")):
            return _sherpa(folder)
    except OSError as error:
        _refuse(folder, text("cannot be read: {reason}", reason=reason_of(error)))
    inside = next((one for one in listed(folder) if one.is_dir() and _looks_like_one(one)), None)
    if inside is not None:
        return _refuse(folder, text("the speech model is in the folder {name} inside; name that", name=inside.name))
    what = text(
        "there is no speech model here: a faster-whisper model has a model.bin, one of sherpa-onnx a tokens.txt and "
        ".onnx files"
    )
    return _refuse(folder, what)


def _looks_like_one(folder: Path) -> bool:
    return (folder / "model.bin").is_file() or any(matching(folder, "*.onnx"))


def _refuse(path: Path, what: Text) -> NoReturn:
    raise InputError(Problem(str(path), what))


def _incomplete(folder: Path, name: str) -> NoReturn:
    _refuse(folder, text("{name} is missing in this speech model; download the whole model again", name=name))


def _damaged(path: Path) -> NoReturn:
    _refuse(path, text("this file of the speech model is damaged or only a part; download it again"))


def _faster_whisper(folder: Path) -> WhisperFolder:
    # Without tokenizer.json faster-whisper would fetch one.
    for names in (("config.json",), ("tokenizer.json",), ("vocabulary.json", "vocabulary.txt")):
        if not any((folder / name).is_file() for name in names):
            _incomplete(folder, names[0])
    return WhisperFolder(folder)


def _sherpa(folder: Path) -> SherpaFolder:
    for name, kind in (("llm", "FunASR-Nano"), ("conv_frontend", "Qwen3-ASR")):  # they have no tokens.txt
        if _part(folder, name):
            _unsupported(folder, kind)
    tokens = _tokens(folder)
    encoder, decoder, joiner = (_part(folder, name) for name in ("encoder", "decoder", "joiner"))
    if joiner:
        return _transducer(folder, tokens, {"encoder": encoder, "decoder": decoder, "joiner": joiner})
    if encoder or decoder:
        return _whisper(folder, tokens, {"encoder": encoder, "decoder": decoder})
    return _single(folder, tokens)


def _tokens(folder: Path) -> str:
    if (folder / "tokens.txt").is_file():
        return "tokens.txt"
    found = [path.name for path in matching(folder, "*-tokens.txt")]  # Whisper: tiny-tokens.txt
    return found[0] if found else _incomplete(folder, "tokens.txt")


def _models(folder: Path, pattern: str) -> list[str]:
    """Names of model files; quantised ones first, they are faster."""
    return sorted((path.name for path in matching(folder, pattern)), key=lambda name: ("int8" not in name, name))


def _part(folder: Path, name: str) -> str:
    found = _models(folder, f"*{name}*.onnx")
    return found[0] if found else ""


def _transducer(folder: Path, tokens: str, parts: Mapping[str, str]) -> SherpaFolder:
    notes = _notes_of(folder, parts)
    if notes["encoder"].is_streaming(inputs=2):
        _refuse_streaming(folder)
    _need(folder / parts["decoder"], notes["decoder"], ("vocab_size", "context_size"))
    _check_tokens(folder / tokens, notes["decoder"])
    return SherpaFolder(folder, "from_transducer", {"tokens": tokens, **parts})


def _whisper(folder: Path, tokens: str, parts: Mapping[str, str]) -> SherpaFolder:
    notes = _notes_of(folder, parts)["encoder"]
    if notes.kind == "paraformer":  # only the one for live speech is in two files
        _refuse_streaming(folder)
    if not notes.kind.startswith("whisper"):
        _unsupported(folder / parts["encoder"], notes.kind)
    several = _WHISPER_LANGUAGES if notes.facts.get("is_multilingual") != "0" else ()
    _need(folder / parts["encoder"], notes, (*_WHISPER_NEEDS, *several))
    for symbol in _check_tokens(folder / tokens, notes):
        try:
            base64.b64decode(symbol, validate=True)
        except ValueError:
            _damaged(folder / tokens)
    # Without a language it listens for which one it is; its default is English.
    return SherpaFolder(folder, "from_whisper", {"tokens": tokens, **parts}, {"language": ""})


def _single(folder: Path, tokens: str) -> SherpaFolder:
    """The first model of a supported kind; others beside it may be for voice activity or punctuation."""
    names = _models(folder, "*.onnx")
    found = ((name, _notes(folder / name)) for name in names)
    name, notes = next(((name, notes) for name, notes in found if _is_usable(notes)), ("", None))
    if notes is None:
        first = _notes(folder / names[0])
        if first.is_streaming(inputs=4):
            _refuse_streaming(folder)
        _unsupported(folder / names[0], first.kind)
    kind = _KINDS[notes.kind]
    _need(folder / name, notes, kind.needs)
    symbols = _check_tokens(folder / tokens, notes)
    if kind.ctc and not _CTC_BLANKS & set(symbols):
        _damaged(folder / tokens)
    return SherpaFolder(folder, kind.maker, {"tokens": tokens, kind.argument: name}, kind.options)


def _is_usable(notes: ModelNotes) -> bool:
    kind = _KINDS.get(notes.kind)
    return kind is not None and not notes.is_streaming(kind.inputs)


def _notes_of(folder: Path, parts: Mapping[str, str]) -> dict[str, ModelNotes]:
    for part, name in parts.items():
        if not name:
            _incomplete(folder, f"{part}.onnx")
    return {part: _notes(folder / name) for part, name in parts.items()}


def _refuse_streaming(folder: Path) -> NoReturn:
    what = text("this speech model is for live speech (streaming); take one that is not, it also hears better")
    _refuse(folder, what)


def _unsupported(path: Path, kind: str) -> NoReturn:
    if not kind:
        what = text(
            "this file does not say which kind of model it is; take a model that was published for sherpa-onnx"
        )
        _refuse(path, what)
    what = text(
        "models of the kind “{kind}” are not supported; take SenseVoice, Paraformer, Zipformer, Whisper, WeNet or "
        "TeleSpeech",
        kind=kind[:60],
    )
    _refuse(path, what)


def _need(path: Path, notes: ModelNotes, names: tuple[str, ...]) -> None:
    missing = [name for name in names if not notes.facts.get(name)]
    if missing:
        what = text(
            "{names} is not written in this file; take a model that was published for sherpa-onnx",
            names=", ".join(missing[:3]),
        )
        _refuse(path, what)


def _check_tokens(path: Path, notes: ModelNotes) -> tuple[str, ...]:
    """The symbols that a model can write, each with its number in a line of the file."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        _damaged(path)
    rows = [line.rsplit(maxsplit=1) for line in lines if line.strip()]
    if not rows or not all(row[-1].isdecimal() for row in rows):
        _damaged(path)
    expected = notes.facts.get("vocab_size", "")
    if expected.isdecimal() and len(rows) < int(expected) * 9 // 10:
        _damaged(path)
    # A number alone in its line belongs to the symbol “space”.
    return tuple(row[0] for row in rows if len(row) > 1)


def _notes(path: Path) -> ModelNotes:
    try:
        return load_notes(path)
    except ValueError:
        _damaged(path)
