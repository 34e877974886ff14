"""Scenes: what is shown of a picture, an animation or a card, and the feed of pictures that is drawn of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

from courseware.lessons.clipping.clip_file import Fit, Move
from courseware.media.facts import MediaFacts
from courseware.subtitles.cue import Cue
from templates.cards.steps.card import StepCard

SceneKind = Literal["photo", "animation", "sequence", "card"]


@dataclass(frozen=True, slots=True)
class Scene:
    """What a clip shows that is no video.

    Attributes:
        fills: a picture may fill the canvas where that costs little of it.
        heading: of a card; "" for a picture.
        lines: under the heading.
        said: when which words are heard.
    """

    kind: SceneKind
    move: Move = "auto"
    fills: bool = False
    heading: str = ""
    lines: tuple[str, ...] = ()
    said: tuple[Cue, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """Pictures that are drawn one after the other, each of the canvas's size, for ffmpeg's standard input.

    Attributes:
        sign: stands for the bytes they come from; decides what chance would.
        path: of the picture, the animation or the archive of a sequence, or of the picture on a card; known only
            while they are drawn.
        lasts: how many there are of the whole scene.
        first, count: which of them are drawn.
        fit: how a picture of another shape than the canvas stands on it.
        turn: degrees clockwise.
        card: what is drawn of a card.
        turns: the pictures with which its pages begin, from the second on; () for by what there is to read on each.
    """

    scene: Scene
    sign: str
    path: Path
    width: int
    height: int
    fps: Fraction
    lasts: int
    first: int
    count: int
    fit: Fit = "blur"
    turn: int = 0
    card: StepCard | None = None
    turns: tuple[int, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether all its pictures are the same, so that one is drawn, and ffmpeg holds it."""
        return self.scene.kind == "photo" and self.scene.move == "none"


def scene_facts(width: int, height: int, duration_ms: int) -> MediaFacts:
    """What is known of a picture before it has become footage.

    Args:
        duration_ms: of an animation; 0 for a picture that stands.
    """
    return MediaFacts(
        container="picture",
        duration_ms=duration_ms,
        video_index=0,
        video_codec="",
        width=width,
        height=height,
        sar=Fraction(1),
        rotation=0,
        fps=Fraction(0),
        pixel_format="rgb24",
        interlaced=False,
        audio_index=None,
        audio_codec="",
        audio_channels=0,
        audio_rate=0,
    )
