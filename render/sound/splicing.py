"""Splices the sound of a montage: the sound of each take, cut by samples where its pictures are cut, as one file.

What comes after, from mending to loudness, takes that file for a source. It is kept in the store without loss.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from courseware.lessons.narrated import Utterance
from render.plan.montage import Montage
from render.plan.picture import Stream
from render.sound.graph import counted, lasting, steady
from render.sound.mix import EARS, Recorded, even_source, of_one_shape, run_outputs
from render.sound.plan import Soundtrack, origin_us
from render.work.ffmpeg import Ffmpeg
from render.work.workshop import Workshop

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SPLICED = "spliced.wv"
_RECIPE = 1  # raise when the same splice would be carried out differently
_SOFT_MS = 5  # sound goes over into other sound in so long, lest a cut clicks
_RAW: dict[str, Any] = {"format": "f32le", "c:a": "pcm_f32le", "ac": EARS}


@dataclass(frozen=True, slots=True)
class SoundTake:
    """The sound of a take, in samples.

    Attributes:
        source: path of the file, "" for silence.
        content: stands for the file's bytes.
        start, length: the stretch of the source, at its own speed.
        samples: how long it lasts in the whole.
        fade: so many of them are heard together with the last of the take before.
    """

    source: str
    content: str
    stream: int
    origin_us: int
    start: int
    length: int
    samples: int
    fade: int
    speed: Fraction = Fraction(1)
    gain_db: float = 0


@dataclass(frozen=True, slots=True)
class Overlay:
    """Sound that is heard over the takes, from sample `at` of the whole on."""

    take: SoundTake
    at: int


@dataclass(frozen=True, slots=True)
class Splice:
    """The sound of a montage.

    Attributes:
        channels: of its sources: 1 where all are mono, 2 where one is stereo.
        overlays: the narration.
    """

    rate: int
    channels: int
    takes: tuple[SoundTake, ...]
    overlays: tuple[Overlay, ...] = ()

    @property
    def samples(self) -> int:
        """How long it is."""
        return sum(take.samples - take.fade for take in self.takes)


def plan_splice(montage: Montage, rate: int, utterances: Sequence[Utterance] = ()) -> Splice | None:
    """The splice of a montage; None when there is nothing to hear.

    Args:
        utterances: of its narration; under it only takes are heard whose gain was said.
    """
    heard = [montage.reels[take.reel].facts.audio_channels for take in montage.takes]
    if not any(heard) and not utterances:
        return None
    takes = [_take(montage, number, rate) for number in range(len(montage.takes))]
    if utterances:
        takes = [take if take.gain_db else replace(take, source="", content="", stream=-1) for take in takes]
        return Splice(rate, EARS, tuple(takes), tuple(_overlay(one, rate) for one in utterances))
    return Splice(rate, EARS if EARS in heard else max(heard), tuple(takes))


def splice_key(splice: Splice, ffmpeg_version: str) -> str:
    """SHA-256 over everything that can change its bytes; where files lie cannot."""
    takes = [asdict(replace(take, source="")) for take in splice.takes]
    overlays = [asdict(replace(one, take=replace(one.take, source=""))) for one in splice.overlays]
    over = [overlays] if overlays else []  # what was made before there were any stays as it is
    said = json.dumps([_RECIPE, ffmpeg_version, splice.rate, takes, *over], sort_keys=True, default=str)
    return sha256(said.encode()).hexdigest()


def spliced(plan: Soundtrack, splice: Splice | None, path: Path, *, denoise: bool, song: bool) -> Soundtrack:
    """The plan of a lesson's sound with the spliced file in the place of its source.

    Args:
        path: where the file lies, or will lie.
        denoise: whether hum and hiss are to be taken out of it.
        song: whether it is music.
    """
    if splice is None:
        return replace(plan, source="", stream=-1, channels=0, origin_us=0, denoise=False, song=False)
    return replace(
        plan,
        source=str(path.absolute()),
        stream=0,
        channels=splice.channels,
        origin_us=0,
        denoise=denoise,
        song=song,
    )


def ready_splice(workshop: Workshop, splice: Splice) -> Path:
    """The sound of a montage as a file, made unless the store has it.

    Raises:
        YuanjiaoError: it cannot be made.
        StoppedError: the batch was called off.
    """
    key = splice_key(splice, workshop.tool.version)
    with workshop.locks[f"splice {key}"]:
        if workshop.store.find(key, check=True) is None:
            with workshop.work_folder() as work:
                made = make_splice(workshop.tool, splice, work, workshop.stop)
                workshop.store.put(key, "splice", made)
    return workshop.store.place(key, "splice")


def make_splice(tool: Ffmpeg, splice: Splice, folder: Path, stop: threading.Event | None = None) -> Path:
    """Make the file in a private folder.

    Raises:
        ToolError: a sound cannot be decoded.
    """
    import ffmpeg

    named = {_file(number): take for number, take in enumerate(splice.takes)}
    named |= {_overlaid(number): one.take for number, one in enumerate(splice.overlays)}
    by_source: dict[Recorded, dict[str, SoundTake]] = {}
    for name, take in named.items():
        by_source.setdefault((take.source, take.stream, take.origin_us), {})[name] = take
    for number, (source, takes) in enumerate(by_source.items()):
        if source[0]:
            alike = folder / f"source{number}.nut"
            _cut_apart(tool, splice.rate, of_one_shape(tool, source, splice.rate, alike, stop), takes, folder, stop)
            alike.unlink(missing_ok=True)
    raw = folder / "spliced.raw"
    _put_together(splice, folder, raw)
    joined = ffmpeg.input(raw.name, format="f32le", ar=splice.rate, ac=EARS).audio
    bitexact = {"map_metadata": -1, "fflags": "+bitexact", "flags:a": "+bitexact"}
    output = joined.output(SPLICED, **{"c:a": "wavpack", "format": "wv", **bitexact}).overwrite_output()
    run_outputs(tool, [output], folder, stop, "warning")
    raw.unlink()
    return folder / SPLICED


def _take(montage: Montage, number: int, rate: int) -> SoundTake:
    take = montage.takes[number]
    reel, at = montage.reels[take.reel], montage.starts[number]

    def samples(frames: int, speed: Fraction = Fraction(1)) -> int:
        return round(frames * speed * rate / montage.fps)

    # Borders are rounded, not lengths, so that nothing adds up.
    start, end = samples(take.start, reel.speed), samples(take.end, reel.speed)
    return SoundTake(
        source=str(reel.path.absolute()) if reel.facts.audio_index is not None else "",
        content=reel.content,
        stream=-1 if reel.facts.audio_index is None else reel.facts.audio_index,
        origin_us=origin_us(reel.facts),
        start=start,
        length=end - start,
        samples=samples(at + take.frames) - samples(at),
        fade=samples(at + take.fade) - samples(at),
        speed=reel.speed,
        gain_db=take.gain_db,
    )


def _overlay(utterance: Utterance, rate: int) -> Overlay:
    def samples(ms: int) -> int:
        return ms * rate // 1000

    start, length = samples(utterance.start_ms), samples(utterance.length_ms)
    take = SoundTake(str(utterance.path.absolute()), utterance.key, 0, 0, start, length, length, 0)
    return Overlay(take, samples(utterance.at_ms))


def _cut_apart(
    tool: Ffmpeg,
    rate: int,
    source: Recorded,
    takes: Mapping[str, SoundTake],
    folder: Path,
    stop: threading.Event | None,
) -> None:
    """Decode a source once and write the sound of each of its takes, exactly as long as it is to be.

    Args:
        takes: by the files that they are written into.
    """
    heard = even_source(*source, rate)
    parts = heard.filter_multi_output("asplit", len(takes)) if len(takes) > 1 else [heard]
    outputs = []
    for place, (name, take) in enumerate(takes.items()):
        cut = parts[place].filter("atrim", start_sample=take.start, end_sample=take.start + take.length)
        paced = _paced(counted(cut), take.speed)
        sound = steady(paced, rate) if take.speed != 1 else paced
        outputs.append(lasting(sound, take.samples).output(name, **_RAW, ar=rate).overwrite_output())
    run_outputs(tool, outputs, folder, stop, "warning")


def _paced(stream: Stream, speed: Fraction) -> Stream:
    """Faster or slower at the same pitch. A short window keeps what is sudden where it belongs, within 16 ms."""
    return stream.filter("rubberband", tempo=f"{float(speed):.9f}", window="short") if speed != 1 else stream


def _file(number: int) -> str:
    return f"take{number}.raw"


def _overlaid(number: int) -> str:
    return f"over{number}.raw"


def _put_together(splice: Splice, folder: Path, target: Path) -> None:
    """Each take at its place; what is heard together is added up."""
    import numpy as np

    whole = np.memmap(target, np.float32, "w+", shape=(splice.samples, EARS))
    soft, at = splice.rate * _SOFT_MS // 1000, 0
    fades = [take.fade for take in splice.takes] + [0]
    for number, take in enumerate(splice.takes):
        at -= take.fade
        if take.source:
            sound = _read(folder / _file(number)) * np.float32(10 ** (take.gain_db / 20))
            _soften(sound, _ramp(number and (take.fade or soft)), _ramp(_goes(fades, number, soft)))
            whole[at : at + take.samples] += sound
        at += take.samples
    for number, one in enumerate(splice.overlays):
        sound = _read(folder / _overlaid(number))[: max(0, splice.samples - one.at)]
        _soften(sound, _ramp(soft), _ramp(soft))
        whole[one.at : one.at + len(sound)] += sound
    whole.flush()


def _read(file: Path) -> NDArray[np.float32]:
    """The samples of a file, which is removed."""
    import numpy as np

    sound = np.fromfile(file, np.float32).reshape(-1, EARS)
    file.unlink()
    return sound


def _goes(fades: Sequence[int], number: int, soft: int) -> int:
    """How many samples a take goes out in: none at the very end."""
    return 0 if number == len(fades) - 2 else fades[number + 1] or soft


def _ramp(samples: int) -> NDArray[np.float32]:
    """From nothing to all; two of them, crossed, keep the power of sounds that have nothing in common."""
    import numpy as np

    rise: NDArray[np.float32] = np.sin((np.arange(samples) + 0.5) * (np.pi / 2 / max(1, samples))).astype(np.float32)
    return rise[:, None]


def _soften(sound: NDArray[np.float32], rise: NDArray[np.float32], fall: NDArray[np.float32]) -> None:
    """Let a sound rise at its beginning and fall at its end."""
    sound[: len(rise)] *= rise[: len(sound)]
    if len(fall):
        sound[-len(fall) :] *= fall[::-1][-len(sound) :]
