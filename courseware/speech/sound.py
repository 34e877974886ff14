"""A recording as what alignment needs of it: loudness by frequency band every 10 ms, and its waveform's outline.

The samples themselves are dropped while reading, so that three hours fit into a small part of 1 GB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from courseware.errors import MediaError, Problem, text
from courseware.media.facts import PROTOCOLS, probe
from courseware.media.reading import shape_of
from courseware.times import Span

if TYPE_CHECKING:
    import numpy as np
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Samples = NDArray[np.int16]

RATE = 16_000
HOP_MS = 10
HOP = RATE * HOP_MS // 1000
WINDOW = 400  # 25 ms, as in speech recognition since the 1980s
FFT = 512
BANDS = 24
_LOW_HZ, _HIGH_HZ = 100.0, 7_200.0
_LAG = 10  # frames
_FINE = slice(6, 160)  # bins, 190 Hz to 5 kHz
_ABOUT = 4  # bins on both sides, whose mean is not fine
_BLOCK = 30 * RATE  # samples turned into bands at a time
_MANY = 400  # blocks of a decoder, some seconds in all
_SILENT = 1.0  # energy of a band without any sound, in squared 16-bit steps
LONGEST_MS = 12 * 3_600_000


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording, as heard every HOP_MS.

    Attributes:
        duration_ms: from the moment that players call 0.
        bands: frames × BANDS, natural logarithm of the energy.
        peaks: the largest sample of each frame, 0 to 32768.
        steady: how much the fine spectrum of each frame is that of a tenth of a second before, from about 0 (speech,
            noise) to 1 (held notes).
    """

    duration_ms: int
    bands: Floats
    peaks: NDArray[np.int32]
    steady: Floats


def load_sound(path: Path, audio: int | None = None, heard: Callable[[int], None] = lambda _: None) -> Sound:
    """Decode a video or sound file.

    Args:
        audio: which sound track of a video, counted from 1; None takes the one that a rendition would play.
        heard: told now and then how many milliseconds have been heard; what it raises ends it.

    Raises:
        MediaError: missing, not media, without that sound, or not decodable.
    """
    return sound_of(_telling(samples_of(path, audio), heard))


def silenced(sound: Sound, spans: Sequence[Span]) -> Sound:
    """The recording with nothing to hear in these stretches of it."""
    if not spans:
        return sound
    bands, peaks, steady = sound.bands.copy(), sound.peaks.copy(), sound.steady.copy()
    for span in spans:
        inside = slice(span.start_ms // HOP_MS, span.end_ms // HOP_MS)
        bands[inside], peaks[inside], steady[inside] = 0, 0, 0  # 0 is the logarithm of _SILENT
    return replace(sound, bands=bands, peaks=peaks, steady=steady)


def samples_of(path: Path, audio: int | None = None) -> Iterator[Samples]:
    """The sound of a file as blocks of 16 kHz mono samples, from the moment that players call 0.

    Args:
        audio: as for `load_sound`.

    Raises:
        MediaError: missing, not media, without that sound, or not decodable.
    """
    import av

    try:
        with av.open(
            f"file:{path.absolute()}", metadata_errors="replace", options={"protocol_whitelist": PROTOCOLS}
        ) as container:
            yield from _samples(container, _stream(container, path, audio), path)
    except FileNotFoundError:
        raise MediaError(Problem(path.name, text("there is no such file"))) from None
    except IsADirectoryError:
        raise MediaError(Problem(path.name, text("this is a folder, not a recording"))) from None
    except PermissionError as error:
        raise MediaError(Problem(path.name, text("cannot be read: {reason}", reason=error.strerror))) from error
    except (av.error.FFmpegError, ValueError) as error:
        what = text("this is not a video or sound file, or only a part of one; copy it again")
        raise MediaError(Problem(path.name, what)) from error


def sound_of(blocks: Iterable[Samples]) -> Sound:
    """The bands and the outline of 16 kHz mono samples, however they are cut into blocks."""
    import numpy as np

    parts, total = [], 0
    rest = np.zeros(0, np.int16)
    for block in _gathered(blocks):
        total += len(block)
        rest = np.concatenate((rest, block))
        while len(rest) >= _BLOCK + WINDOW:
            parts.append(_heard(rest[: _BLOCK + WINDOW - HOP]))
            rest = rest[_BLOCK:]
    whole = -(-len(rest) // HOP) * HOP
    parts.append(_heard(np.pad(rest, (0, whole - len(rest) + WINDOW - HOP))))
    bands, peaks, steady = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Sound(total * 1000 // RATE, bands, peaks, steady)


def _heard(samples: Samples) -> tuple[Floats, NDArray[np.int32], Floats]:
    """Bands, peaks and steadiness of every frame that the samples hold whole."""
    power = _power(samples)
    return _bands(power), _peaks(samples[: len(power) * HOP]), _steadiness(power)


def _telling(blocks: Iterable[Samples], heard: Callable[[int], None]) -> Iterator[Samples]:
    total = 0
    for block in blocks:
        yield block
        total += len(block)
        heard(total * 1000 // RATE)


def _gathered(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """The same samples in larger blocks."""
    import numpy as np

    waiting: list[Samples] = []
    for block in blocks:
        waiting.append(block)
        if len(block) >= _BLOCK or len(waiting) >= _MANY:
            yield np.concatenate(waiting)
            waiting = []
    if waiting:
        yield np.concatenate(waiting)


def bands_of(samples: Samples) -> Floats:
    """Frames × BANDS; a frame begins every HOP samples and is WINDOW long.

    Mel-spaced triangles after O'Shaughnessy, with a pre-emphasis of 0.97.
    """
    return _bands(_power(samples))


def _power(samples: Samples) -> Floats:
    """Frames × bins of the power spectrum."""
    import numpy as np

    count = (len(samples) - WINDOW) // HOP + 1
    if count < 1:
        return np.zeros((0, FFT // 2 + 1), np.float32)
    signal = samples.astype(np.float32)
    signal[1:] -= np.float32(0.97) * signal[:-1]
    frames = np.lib.stride_tricks.sliding_window_view(signal, WINDOW)[::HOP][:count]
    spectrum = np.fft.rfft(frames * np.hamming(WINDOW).astype(np.float32), FFT)
    return cast("Floats", (spectrum.real**2 + spectrum.imag**2).astype(np.float32) / WINDOW)


def _bands(power: Floats) -> Floats:
    """Frames × BANDS: natural logarithm of the energy in each band, in squared 16-bit steps."""
    import numpy as np

    return cast("Floats", np.log(power @ _triangles() + np.float32(_SILENT)))


def _steadiness(power: Floats) -> Floats:
    """How alike the peaks and valleys of the spectrum are to those _LAG frames before.

    Held notes stay where they are, the partials of a voice glide.
    """
    import numpy as np

    if len(power) <= _LAG:
        return np.zeros(len(power), np.float32)
    level = np.log(power[:, _FINE.start - _ABOUT : _FINE.stop + _ABOUT] + np.float32(_SILENT))
    sums = np.cumsum(np.pad(level, ((0, 0), (1, 0))), axis=1)
    width = 2 * _ABOUT + 1
    fine = level[:, _ABOUT:-_ABOUT] - (sums[:, width:] - sums[:, :-width]) / width
    fine /= np.sqrt((fine**2).sum(axis=1, keepdims=True)) + np.float32(1e-6)
    alike = (fine[_LAG:] * fine[:-_LAG]).sum(axis=1)
    return cast("Floats", np.concatenate((np.repeat(alike[:1], _LAG), alike)).astype(np.float32))


def _triangles() -> Floats:
    """FFT bins × BANDS: overlapping triangles, evenly spaced in mel from _LOW_HZ to _HIGH_HZ, as ears hear pitch."""
    import numpy as np

    def mel(hertz: float) -> float:
        return float(2595 * np.log10(1 + hertz / 700))

    edges = 700 * (10 ** (np.linspace(mel(_LOW_HZ), mel(_HIGH_HZ), BANDS + 2) / 2595) - 1)
    bins = np.arange(FFT // 2 + 1)[:, None] * (RATE / FFT)
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


def _peaks(samples: Samples) -> NDArray[np.int32]:
    """The largest sample of each frame, without its sign."""
    import numpy as np

    return cast("NDArray[np.int32]", np.abs(samples.astype(np.int32)).reshape(-1, HOP).max(axis=1))


def _samples(container: InputContainer, stream: AudioStream, path: Path) -> Iterator[Samples]:
    """16 kHz mono, from the moment that players call 0; where sound is missing there is silence."""
    import av
    import numpy as np

    origin = (container.start_time or 0) / 1_000_000
    given = 0
    for _, alike in groupby(_frames(container, stream), shape_of):
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        for frame in chain(alike, (None,)):
            if frame is not None and frame.time is not None:
                missing = round((frame.time - origin) * RATE) - given
                if RATE // 20 < missing < LONGEST_MS * RATE // 1000:
                    yield from _silence(missing)
                    given += missing
            for part in resampler.resample(frame):
                block = part.to_ndarray().reshape(-1).astype(np.int16, copy=False)
                given += len(block)
                yield block
    if not given:
        raise MediaError(Problem(path.name, text("the sound of this file cannot be read; save it as an MP4 or WAV")))


def _silence(count: int) -> Iterator[Samples]:
    """So many samples of it, block by block."""
    import numpy as np

    while count > 0:
        yield np.zeros(min(count, _BLOCK), np.int16)
        count -= _BLOCK


def _stream(container: InputContainer, path: Path, audio: int | None) -> AudioStream:
    """The first stream that can be read; of a video with several, or when one is named, the one that is rendered."""
    if container.streams.video and (audio is not None or len(container.streams.audio) > 1):
        index = probe(path, audio=audio, salvage=True).audio_index
        if index is not None:
            return cast("AudioStream", container.streams[index])
    usable = [one for one in container.streams.audio if getattr(one, "codec_context", None) is not None]
    if not usable:
        raise MediaError(Problem(path.name, text("there is no sound in this file that can be read")))
    return usable[0]


def _frames(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """Decoded sound up to the end or to where the file can no longer be read; damaged packets have none."""
    import av

    packets: Iterator[Any] = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.FFmpegError):
            return
        try:
            yield from packet.decode()
        except av.error.FFmpegError:
            continue
