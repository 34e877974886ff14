"""Encodes a broadcast as MP3 or WAV and proves the result: length to the sample, loudness, peak."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from courseware.errors import Problem, ToolError, text
from render.loudspeaker.pieces import CEILING_DBTP, LOUDNESS_LKFS
from render.sound.graph import gained, limited
from render.sound.levelled import RATE, Kitchen
from render.sound.loudness import meter_file
from render.work.ffmpeg import run
from render.work.wav import length_of

Format = Literal["mp3", "wav"]
KBPS = 128
_TRIES = 4
_NEAR_LU = 0.3
_FRAME = 1152  # samples of an MPEG-1 layer III frame
_HEAD = 4096  # bytes within which the first frame lies
# Where the information of the first frame lies: after the header and the side information of a stereo frame.
_INFO_AT = 4 + 32


@dataclass(frozen=True, slots=True)
class MeasuredFile:
    """What was measured of a finished file."""

    lkfs: float
    peak_dbtp: float
    samples: int


@dataclass(frozen=True, slots=True)
class Tags:
    """What a player shows of a file; "" where nothing is known."""

    title: str
    series: str = ""
    producer: str = ""

    def fields(self, form: Format) -> Iterator[tuple[str, str]]:
        """Names as ffmpeg has them, and values."""
        yield "title", self.title
        yield "album", self.series
        yield "artist", self.producer
        if form == "mp3":
            yield "publisher", self.producer


def encode(kitchen: Kitchen, tape: Path, form: Format, target: Path, tags: Tags) -> MeasuredFile:
    """Write the tape to `target`, a scratch path, as loud as it should be.

    Raises:
        ToolError: the finished file is not as it should be.
    """
    samples = length_of(tape)
    gain, limit = 0.0, None
    for _ in range(_TRIES):
        _write(kitchen, tape, form, target, tags, gain, limit)
        reading = meter_file(kitchen.tool, target, kitchen.folder, stop=kitchen.stop)
        heard = MeasuredFile(round(reading.loudness(), 2), round(reading.peak_dbtp, 2), length_in(target, form))
        short, over = LOUDNESS_LKFS - heard.lkfs, heard.peak_dbtp - CEILING_DBTP
        if over <= 0 and not _NEAR_LU < abs(short) < 1:  # What was recorded too softly stays so.
            break
        gain += short if abs(short) < 1 else 0
        limit = min(limit or 0.0, CEILING_DBTP - 0.3) - max(0.0, over)
    if heard.samples != samples or heard.peak_dbtp > CEILING_DBTP:
        what = text(
            "the finished file is not right and was removed: {samples} samples instead of {wanted}, {peak} dBTP",
            samples=heard.samples,
            wanted=samples,
            peak=heard.peak_dbtp,
        )
        raise ToolError(Problem(target.name, what))
    return heard


def length_in(path: Path, form: Format) -> int:
    """Samples that a player plays which leaves out what the coder put before and behind (LAME's gapless header).

    Raises:
        ToolError: the MP3 file does not say.
    """
    if form == "wav":
        return length_of(path)
    head = path.read_bytes()[:_HEAD]
    # An ID3v2 tag may come first.
    start = 10 + _synchsafe(head[6:10]) if head[:3] == b"ID3" else 0
    at = start + _INFO_AT
    if head[at : at + 4] not in {b"Info", b"Xing"} or not head[at + 7] & 1:
        raise ToolError(Problem(path.name, text("the MP3 file does not say how long it is")))
    frames = int.from_bytes(head[at + 8 : at + 12], "big")
    # After the optional fields (frames, bytes, table, quality) follow 21 bytes of LAME's, then both paddings.
    flags = head[at + 7]
    lame = at + 8 + 4 * (flags & 1) + 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1) + 4 * (flags >> 3 & 1)
    paddings = int.from_bytes(head[lame + 21 : lame + 24], "big")
    return frames * _FRAME - (paddings >> 12) - (paddings & 0xFFF)


def _write(
    kitchen: Kitchen, tape: Path, form: Format, target: Path, tags: Tags, gain: float, limit: float | None
) -> None:
    import ffmpeg

    sound = ffmpeg.input(str(tape.absolute())).audio
    if gain or limit is not None:
        sound = limited(gained(sound, gain), limit if limit is not None else CEILING_DBTP - 0.3, RATE)
    # Old players read no tags but those of ID3v2.3.
    coded = {"c:a": "libmp3lame", "b:a": f"{KBPS}k", "format": "mp3", "id3v2_version": 3}
    told = {
        f"metadata:g:{number}": f"{name}={value}"
        for number, (name, value) in enumerate(field for field in tags.fields(form) if field[1])
    }
    options = coded if form == "mp3" else {"c:a": "pcm_s16le", "format": "wav"}
    common = {"fflags": "+bitexact", "map_metadata": -1, "loglevel": "warning", "ar": RATE, "ac": 2}
    output = sound.output(f"file:{target.absolute()}", **options, **told, **common)
    run(kitchen.tool, output.overwrite_output().get_args(), kitchen.folder, stop=kitchen.stop)


def _synchsafe(four: bytes) -> int:
    return sum((byte & 0x7F) << 7 * (3 - place) for place, byte in enumerate(four))
