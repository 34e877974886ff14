"""Plans a lesson's sound: pure data that decides every byte of it, and the names such data have in a cache."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from courseware.media.facts import MediaFacts
from render.plan.order import Order
from render.plan.profiles import Profile
from render.plan.timeline import Timeline
from render.sound.levels import Aim

RECIPE = 2  # raise when the same plan would be carried out differently


@dataclass(frozen=True, slots=True)
class Soundtrack:
    """Everything that decides the bytes of a lesson's sound.

    Attributes:
        source: absolute path, "" when the lesson has no sound.
        stream: index in the source.
        channels: of that stream.
        origin_us: what is 0 for the picture, on the source's own clock; ffmpeg would begin with the sound itself.
        jingle: whether the ident's jingle plays at the start.
        before_samples: ident and title card; the jingle plays in them, then silence.
        body_samples: of the body; shorter sound is followed by silence, longer is cut. 0 for an ident alone.
        total_samples: with the end card.
        music: absolute path, "" for none.
        music_gain_db: how much louder than usual it is under speech.
        quick: as it was recorded; nothing is measured or mended.
        song: it is music: nothing is mended that only speech needs.
    """

    source: str
    stream: int
    channels: int
    origin_us: int
    jingle: bool
    loudness_lkfs: int
    true_peak_dbtp: int
    rate: int
    kbps: int
    before_samples: int
    body_samples: int
    total_samples: int
    denoise: bool = False
    music: str = ""
    music_gain_db: float = 0
    quick: bool = False
    song: bool = False

    @property
    def aim(self) -> Aim:
        """What the profile wants."""
        return Aim(self.loudness_lkfs, self.true_peak_dbtp)

    @property
    def body_ms(self) -> tuple[int, int]:
        """Where the body lies in the whole."""
        start = self.before_samples * 1000 // self.rate
        return start, start + self.body_samples * 1000 // self.rate


def plan_soundtrack(order: Order, facts: MediaFacts | None, profile: Profile, timeline: Timeline) -> Soundtrack:
    """Plan a lesson's sound.

    Args:
        facts: of the source; None for a lesson without one.
    """
    rate = profile.audio_rate
    start, end = timeline.span("body")
    before = timeline.samples(start, rate)
    heard = facts is not None and facts.audio_index is not None and order.source is not None
    source, stream, channels = "", facts.audio_index if facts and facts.audio_index is not None else -1, 0
    if order.voice:
        source, stream, channels = str(order.voice.absolute()), 0, 2
    elif facts and heard and order.source:
        source, channels = str(order.source.absolute()), facts.audio_channels
    return Soundtrack(
        source=source,
        stream=stream,
        channels=channels,
        origin_us=origin_us(facts) if facts and heard else 0,
        jingle=any(one.name == "ident" and one.frames for one in timeline.segments),
        loudness_lkfs=profile.loudness_lkfs,
        true_peak_dbtp=profile.true_peak_dbtp,
        rate=rate,
        kbps=profile.audio_kbps,
        before_samples=before,
        body_samples=timeline.samples(end, rate) - before,
        total_samples=timeline.samples(timeline.frames, rate),
        denoise=order.denoise and heard,
        music=str(order.music.absolute()) if order.music else "",
        music_gain_db=order.music_gain_db if order.music else 0,
        quick=profile.quick,
        song=order.song and bool(source),
    )


def origin_us(facts: MediaFacts) -> int:
    """What is 0 for the picture, on the sound's clock; where that starts again midway, ffmpeg makes one from 0."""
    return 0 if facts.jumps else round(facts.origin * 1_000_000)


def soundtrack_key(
    plan: Soundtrack, source_sha256: str, music_sha256: str, jingle_key: str, ffmpeg_version: str
) -> str:
    """SHA-256 over everything that can change the sound's bytes; where files lie cannot.

    Args:
        jingle_key: of the jingle's content; "" without jingle.
    """
    parts = asdict(plan)
    # Sound made before there was such a thing stays as it is.
    for name in ("music_gain_db", "quick", "song"):
        if not parts[name]:
            del parts[name]
    parts |= {"source": source_sha256, "music": music_sha256, "jingle_file": jingle_key}
    said = json.dumps(parts | {"recipe": RECIPE, "ffmpeg": ffmpeg_version}, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def heard_key(plan: Soundtrack, source_sha256: str, ffmpeg_version: str) -> str:
    """SHA-256 over what decides the result of `hear`: the same for every loudness."""
    song = ("song",) if plan.song else ()
    parts = (
        source_sha256,
        plan.stream,
        plan.channels,
        plan.origin_us,
        plan.rate,
        plan.denoise,
        RECIPE,
        ffmpeg_version,
        *song,
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
