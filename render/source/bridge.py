"""Bridges: a copy of a source that cannot be used as it is, upright, in television's colours, with many key frames.

Without it every chunk of a camcorder's hour would be reached by decoding all that comes before it, and ffmpeg would
lose count where pictures change their size midway. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from courseware.lessons.profile import Canvas
from courseware.media.facts import MediaFacts
from courseware.times import frames_for_ms
from render.plan.graph import BRIDGE_OUTPUT, bridge_arguments
from render.plan.keys import RECIPE, digest
from render.plan.montage import Reel
from render.plan.picture import inside_size
from render.plan.profiles import Profile
from render.work.jobs import Job, Output

FROM_MS = 60_000  # a shorter source is decoded from its beginning for every job; that costs less than a copy
_FARTHEST_MS = 60_000  # from key frame to key frame; beyond it seeking gains little
_LARGEST = 1920


@dataclass(frozen=True, slots=True)
class Bridge:
    """A copy that stands in for a source.

    Attributes:
        of: the source as it is to be shown.
        facts: of the copy.
        arguments: of ffmpeg, to make it.
    """

    key: str
    of: Reel
    facts: MediaFacts
    arguments: tuple[str, ...]
    frames: int

    def reel(self, path: Path) -> Reel:
        """What is shown in place of the source.

        Args:
            path: where the copy lies, or will lie.
        """
        # Where each part was fitted by itself, it was also turned.
        turn = 0 if self.of.facts.parts else self.of.turn
        return replace(self.of, facts=self.facts, turn=turn, path=path, sha256="", content=self.key)


def plan_bridge(reel: Reel, profile: Profile, ffmpeg_version: str) -> Bridge | None:
    """The bridge that a source needs; None for one that can be used as it is.

    Pictures that change their shape midway are fitted in it, each part as if it were alone.
    """
    facts = reel.facts
    if not (facts.parts or _out_of_reach(facts)):
        return None
    # It is made of the whole source at its own speed; how it is shown is for those who read it.
    own = replace(reel, speed=Fraction(1)) if facts.parts else replace(reel, speed=Fraction(1), fit="pad", turn=0)
    canvas = profile.canvas if facts.parts else _canvas(facts)
    fps, frames = profile.fps, frames_for_ms(facts.duration_ms, profile.fps)
    arguments = bridge_arguments(own, canvas, fps, frames)
    key = digest([RECIPE, ffmpeg_version, "bridge", reel.content, arguments])
    return Bridge(key, reel, _facts(facts, canvas, fps, frames), arguments, frames)


def _out_of_reach(facts: MediaFacts) -> bool:
    """Whether every chunk would be reached by decoding all, or much, of what comes before it."""
    moments = (*facts.keyframes_ms, facts.duration_ms)
    far = any(after - before > _FARTHEST_MS for before, after in pairwise(moments))
    return facts.duration_ms > FROM_MS and (far or not facts.seekable)


def bridge_job(bridge: Bridge, lesson: str) -> Job:
    """The job that makes a bridge."""
    pixels = bridge.facts.width * bridge.facts.height
    return Job(
        name=lesson,
        source=str(bridge.of.path.absolute()),
        source_sha256=bridge.of.sha256,
        steps=(),
        arguments=bridge.arguments,
        patient=(),
        outputs=(Output(BRIDGE_OUTPUT, bridge.key, bridge.frames, pixels, bridge.facts.fps, "bridge"),),
        to_ms=bridge.facts.duration_ms,
    )


def _canvas(facts: MediaFacts) -> Canvas:
    """The source's own size, upright and with square pixels, as far as a screen can show it."""
    wide, high = facts.width * facts.sar, Fraction(facts.height)
    if facts.rotation % 180:
        wide, high = high, wide
    return inside_size(facts, Canvas(*(min(_LARGEST, max(2, round(side / 2) * 2)) for side in (wide, high))))


def _facts(facts: MediaFacts, canvas: Canvas, fps: Fraction, frames: int) -> MediaFacts:
    """What probing the copy would find."""
    tick_ms = -(-1000 * fps.denominator // fps.numerator)
    last_ms = int((frames - 1) * 1000 / fps)
    return replace(
        facts,
        container="mov,mp4,m4a,3gp,3g2,mj2",
        video_index=0,
        video_codec="h264",
        width=canvas.width,
        height=canvas.height,
        sar=Fraction(1),
        rotation=0,
        mirrored=False,
        fps=fps,
        pixel_format="yuv420p",
        interlaced=False,
        field_order="",
        origin=Fraction(0),
        keyframes_ms=tuple(int(frame * 1000 / fps) for frame in range(0, frames, round(fps))),
        longest_gap_ms=tick_ms,
        last_picture_ms=last_ms,
        seekable=True,
        gop_pictures=round(fps),
        primaries="bt709",
        transfer="bt709",
        matrix="bt709",
        color_range="tv",
        alpha=False,
        jumps=False,
        parts=(),
        bits=8,
    )
