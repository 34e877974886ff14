"""Drawn footage: what a photo, an animation or a card becomes on a canvas: a file of the store that stands in for it.

Pure; the pictures are drawn when the job is done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata
from pathlib import Path

from courseware.media.facts import MediaFacts
from courseware.times import frames_for_ms
from render.footage.turning import turns_of
from render.plan.graph import BRIDGE_OUTPUT, TAGS, compiled, rate_of, standing_in, to_tv
from render.plan.keys import RECIPE, digest, font_hashes
from render.plan.montage import Reel
from render.plan.order import Order
from render.plan.profiles import Profile
from render.scene import Feed, Scene
from render.work.jobs import Job, Output
from templates.cards.cards import CARD_RECIPE
from templates.cards.pictures import Picture, drawn_facts
from templates.cards.steps.card import StepCard

FOOTAGE_RECIPE = 1  # raise when the same scene would be drawn differently
_DRAWERS = ("numpy", "pillow", "pillow-heif", "rlottie-python")


@dataclass(frozen=True, slots=True)
class DrawnFootage:
    """A file that stands in for a picture.

    Attributes:
        of: the picture as it is to be shown.
        facts: of the file.
    """

    key: str
    of: Reel
    facts: MediaFacts
    feed: Feed

    def reel(self, path: Path) -> Reel:
        """What is shown in place of the picture.

        Args:
            path: where the file lies, or will lie.
        """
        return replace(self.of, facts=self.facts, turn=0, path=path, sha256="", content=self.key, scene=None)

    @property
    def frames(self) -> int:
        """How many pictures it has."""
        return self.feed.count

    def still(self, frame: int) -> DrawnFootage:
        """The same with one picture only, which stands from the beginning to the end."""
        feed = replace(self.feed, first=min(frame, self.feed.lasts - 1), count=1)
        return replace(self, feed=feed, facts=replace(self.facts, keyframes_ms=(0,), last_picture_ms=0))


def plan_footage(reel: Reel, order: Order, profile: Profile, ffmpeg_version: str) -> DrawnFootage | None:
    """The footage of a reel; None for a video."""
    if reel.scene is None:
        return None
    frames = frames_for_ms(reel.facts.duration_ms, profile.fps)
    card = _card(reel, order, profile) if reel.scene.kind == "card" else None
    feed = Feed(
        scene=replace(reel.scene, said=()),  # nothing of it is seen but when pages are turned
        sign=reel.content,
        path=Path(),
        width=profile.canvas.width,
        height=profile.canvas.height,
        fps=profile.fps,
        lasts=frames,
        first=0,
        count=frames,
        fit=reel.fit,
        turn=reel.turn,
        card=card,
        turns=turns_of(card, reel.scene.said, profile.fps, frames) if card and reel.scene.said else (),
    )
    cards = [CARD_RECIPE, font_hashes()] if card else []
    key = digest([RECIPE, FOOTAGE_RECIPE, ffmpeg_version, _drawers(), drawn_facts(feed), cards])
    return DrawnFootage(key, reel, _facts(reel.facts, feed), feed)


def _card(reel: Reel, order: Order, profile: Profile) -> StepCard:
    screen, scene = order.screen_of(profile.name), reel.scene or Scene("card")
    return StepCard(
        *profile.canvas,
        order.look,
        scene.heading,
        scene.lines,
        Picture(Path(), reel.sha256) if reel.sha256 else None,
        screen.least_px,
        screen.clear_top_px,
        screen.clear_bottom_px,
    )


def footage_job(footage: DrawnFootage, lesson: str, *, passing: bool = False) -> Job:
    """The job that makes it.

    Args:
        passing: for one look and not for the store: quick to write and to read, and large.
    """
    feed, named = footage.feed, footage.of.path != Path()
    pixels = feed.width * feed.height
    return Job(
        name=lesson,
        source=str(footage.of.path.absolute()) if named else "",
        source_sha256=footage.of.sha256,
        steps=(),
        arguments=feed_arguments(feed, passing=passing),
        patient=(),
        outputs=(Output(BRIDGE_OUTPUT, footage.key, feed.count, pixels, feed.fps, "footage"),),
        feed=feed,
    )


def feed_arguments(feed: Feed, *, passing: bool = False) -> tuple[str, ...]:
    """Write pictures that are drawn (standard input) as a source is wanted: a key frame every second."""
    import ffmpeg

    size, rate = f"{feed.width}x{feed.height}", rate_of(feed.fps)
    raw = ffmpeg.input("pipe:0", format="rawvideo", pix_fmt="rgb24", s=size, framerate=rate)
    shown = to_tv(raw).filter("setsar", sar=1).filter("setparams", range="tv", **TAGS)
    if feed.stands:
        shown = shown.filter("tpad", stop_mode="clone", stop=-1)
    if passing:
        return compiled([shown.output(BRIDGE_OUTPUT, **{"c:v": "rawvideo", "frames:v": feed.count}, format="nut")])
    return compiled([shown.output(BRIDGE_OUTPUT, **standing_in(feed.fps, feed.count), format="mp4")])


@cache
def _drawers() -> str:
    return ", ".join(f"{name} {metadata.version(name)}" for name in _DRAWERS)


def _facts(facts: MediaFacts, feed: Feed) -> MediaFacts:
    """What probing the file would find."""
    return replace(
        facts,
        container="mov,mp4,m4a,3gp,3g2,mj2",
        video_codec="h264",
        width=feed.width,
        height=feed.height,
        fps=feed.fps,
        pixel_format="yuv420p",
        keyframes_ms=tuple(int(frame * 1000 / feed.fps) for frame in range(0, feed.lasts, round(feed.fps))),
        longest_gap_ms=-(-1000 * feed.fps.denominator // feed.fps.numerator),
        last_picture_ms=int((feed.lasts - 1) * 1000 / feed.fps),
        gop_pictures=round(feed.fps),
        primaries="bt709",
        transfer="bt709",
        matrix="bt709",
        color_range="tv",
    )
