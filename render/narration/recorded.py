"""Recorded narration: sound files, noise-cleaned and made even, one after the other as one file in the store.

A song is not cleaned, and only made as loud as the next one: it keeps its sides and its dynamics.
"""

from __future__ import annotations

import json
import wave
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from courseware.errors import Text, YuanjiaoError
from render.sound.levelled import RATE, Kitchen, LevelledSound, Raw, levelled
from render.sound.levels import Aim
from render.sound.notes import NOTHING_TAKEN_OUT
from render.source.sources import checksum
from render.work.ffmpeg import run
from render.work.piece_facts import PieceFacts
from render.work.wav import writing_wav
from render.work.workshop import Workshop

_RECIPE = 1  # raise when the same files would be joined differently
_AIM = Aim(-20, -3)  # what comes after brings it to each screen's loudness
_SONG_AIM = Aim(-24, -1)  # so far from full scale that hardly any song has to be limited
_BLOCK = 60 * RATE


@dataclass(frozen=True, slots=True)
class JoinedSound:
    """Sound files as one.

    Attributes:
        key: stands for its bytes.
        notes: what a person should know of the files.
    """

    path: Path
    key: str
    duration_ms: int
    notes: tuple[Text, ...] = ()


def join_recordings(workshop: Workshop, paths: Sequence[Path], pause_ms: int, *, songs: bool = False) -> JoinedSound:
    """The recordings with pauses between them, made unless the store has them.

    Args:
        songs: they are music, not speech.

    Raises:
        MediaError: one of them is no sound, or there is nothing to hear in it.
        ToolError: one cannot be decoded.
        StoppedError: the batch was called off.
    """
    sums = [checksum(path, workshop.cache_dir) for path in paths]
    said = json.dumps([_RECIPE, workshop.tool.version, sums, pause_ms, *(["songs"] if songs else [])])
    key = sha256(said.encode()).hexdigest()
    with workshop.locks[f"narration {key}"]:
        there = workshop.store.find(key, check=True)
        if there is None:
            with workshop.work_folder() as work:
                made, notes = _joined(Kitchen(workshop.tool, work, workshop.stop), paths, pause_ms, songs=songs)
                there = workshop.store.put(key, "narration", made, PieceFacts(notes=notes))
    return JoinedSound(there.path, key, _length_ms(there.path), there.facts.notes)


def _joined(kitchen: Kitchen, paths: Sequence[Path], pause_ms: int, *, songs: bool) -> tuple[Path, tuple[Text, ...]]:
    made, notes = [], list[Text]()
    for number, path in enumerate(paths):
        piece = _levelled(kitchen, path, f"part{number}", song=songs)
        made.append(Path(piece.sized.file))
        notes += [note for note in piece.notes if note not in (NOTHING_TAKEN_OUT, *notes)]
    silent = [*[pause_ms] * (len(made) - 1), 0]
    return _packed(kitchen, list(zip(made, silent, strict=True))), tuple(notes)


def keep_joined(workshop: Workshop, key: str, parts: Sequence[tuple[Path, int]]) -> JoinedSound:
    """WAV files of one kind as one, made unless the store has it.

    Args:
        key: stands for all that decides its bytes.
        parts: each with the silence after it, in milliseconds.

    Raises:
        StoppedError: the batch was called off.
    """
    with workshop.locks[f"narration {key}"]:
        there = workshop.store.find(key, check=True)
        if there is None:
            with workshop.work_folder() as work:
                made = _packed(Kitchen(workshop.tool, work, workshop.stop), parts)
                there = workshop.store.put(key, "narration", made)
    return JoinedSound(there.path, key, _length_ms(there.path))


def _packed(kitchen: Kitchen, parts: Sequence[tuple[Path, int]]) -> Path:
    import ffmpeg

    whole = kitchen.folder / "whole.wav"
    _write(whole, parts)
    options = {"c:a": "wavpack", "format": "wv", "map_metadata": -1, "fflags": "+bitexact", "flags:a": "+bitexact"}
    joined = ffmpeg.input(whole.name).output("narration.wv", **options, loglevel="warning").overwrite_output()
    run(kitchen.tool, joined.get_args(), kitchen.folder, stop=kitchen.stop)
    return kitchen.folder / "narration.wv"


def _levelled(kitchen: Kitchen, path: Path, label: str, *, song: bool) -> LevelledSound:
    try:
        if song:
            return levelled(kitchen, Raw(path.name, path, song=True), label, _SONG_AIM)
        # Where its pauses are clean, nothing is taken out.
        return levelled(kitchen, Raw(path.name, path, denoise=True), label, _AIM)
    except YuanjiaoError as error:
        named = (replace(one, where=one.where or path.name) for one in error.problems)
        raise type(error)(*named) from error


def _write(target: Path, parts: Sequence[tuple[Path, int]]) -> None:
    """One WAV file of several, with silence between them."""
    first, _ = parts[0]
    with wave.open(str(first), "rb") as sound:
        kind = sound.getparams()
    with writing_wav(target, kind.nchannels, kind.framerate) as out:
        for part, pause_ms in parts:
            with wave.open(str(part), "rb") as sound:
                while block := sound.readframes(_BLOCK):
                    out.writeframes(block)
            out.writeframes(bytes(kind.nchannels * kind.sampwidth * (pause_ms * kind.framerate // 1000)))


def _length_ms(path: Path) -> int:
    import av

    with av.open(f"file:{path.absolute()}") as container:
        stream = container.streams.audio[0]
        return int((stream.duration or 0) * (stream.time_base or 0) * 1000)
