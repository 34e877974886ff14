"""Stand-ins: files of the store that are shown in the place of sources, and the jobs that make them. Pure."""

from __future__ import annotations

from typing import Literal

from render.footage.footage import DrawnFootage, footage_job, plan_footage
from render.plan.montage import Reel
from render.plan.order import Order
from render.plan.profiles import Profile
from render.source.bridge import Bridge, bridge_job, plan_bridge
from render.work.jobs import Job

StandIn = Bridge | DrawnFootage


def stand_in_of(reel: Reel, order: Order, profile: Profile, ffmpeg_version: str) -> StandIn | None:
    """What is to be shown in the place of a reel; None for a source that can be used as it is."""
    return plan_footage(reel, order, profile, ffmpeg_version) or plan_bridge(reel, profile, ffmpeg_version)


def kind_of(stand_in: StandIn) -> Literal["bridge", "footage"]:
    """Of its file in the store."""
    return "footage" if isinstance(stand_in, DrawnFootage) else "bridge"


def stand_in_job(stand_in: StandIn, lesson: str) -> Job:
    """The job that makes it."""
    return footage_job(stand_in, lesson) if isinstance(stand_in, DrawnFootage) else bridge_job(stand_in, lesson)
