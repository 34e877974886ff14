"""Orders and facts for tests that need no file."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from courseware.media.facts import MediaFacts
from courseware.subtitles.cue import Cue
from courseware.times import Span
from render.plan.montage import Montage, Reel, montage_of
from render.plan.order import Order
from render.plan.plan import RenditionPlan, plan_rendition
from render.plan.profiles import Profile
from templates.cards.looks import Look

ORDER = Order(
    lesson="dose",
    title="农药怎样配",
    series="扶贫实用技术",
    form="微视频",
    look=Look("#1E5B3A", "#E6C229", "sprout"),
    source=Path("/videos/raw.mp4"),
    printed_series="扶贫实用技术",
    cues=(Cue(Span(200, 1500), "每亩用水50公斤，"), Cue(Span(1500, 4000), "早晚喷一次。")),
    presenter="王老师",
    producer="汉滨区远教办",
    reviewer="李主任",
    office="安康市远教办",
    credit="素材：某摄影者，CC BY 4.0",
    link="https://example.org/dose",
)

FACTS = MediaFacts(
    container="mov,mp4,m4a,3gp,3g2,mj2",
    duration_ms=25_020,
    video_index=0,
    video_codec="h264",
    width=768,
    height=432,
    sar=Fraction(1),
    rotation=0,
    fps=Fraction(25, 2),
    pixel_format="yuv420p",
    interlaced=False,
    audio_index=1,
    audio_codec="aac",
    audio_channels=2,
    audio_rate=48_000,
)


def reel(facts: MediaFacts = FACTS, order: Order = ORDER, sha256: str = "0" * 64) -> Reel:
    """The source of an order as it is shown."""
    return Reel(facts, order.fit, order.rotate, path=order.source or Path(), sha256=sha256, content=sha256)


def montage(
    order: Order, facts: MediaFacts | None, fps: Fraction = Fraction(25), sha256: str = "0" * 64
) -> Montage | None:
    """The montage of an order all of whose videos are alike."""
    if facts is None:
        return None
    sources = {path: replace(reel(facts, order, sha256), path=path) for path in order.videos}
    return montage_of(order, sources, fps)


def planned(order: Order, facts: MediaFacts | None, profile: Profile, sha256: str = "0" * 64) -> RenditionPlan:
    """The plan of such an order."""
    return plan_rendition(order, montage(order, facts, profile.fps, sha256), profile)
