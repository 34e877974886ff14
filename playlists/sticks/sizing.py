"""What a kit would take on a stick, told before anything is written. Judges no week, issues no plan."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from courseware.lessons.workspace import Workspace
from playlists.kits.plan import media_path
from playlists.kits.sums import HOME
from playlists.schedules.schedule import Schedule
from playlists.sticks.building import videos_of


@dataclass(frozen=True, slots=True)
class StickSize:
    """What videos a kit needs, and which of them the stick lacks.

    Attributes:
        size: bytes of all its videos.
        lacking, lacking_size: how many of them are to be copied, and their bytes.
        free: bytes that are free where the kit is to lie.
    """

    videos: int
    size: int
    lacking: int
    lacking_size: int
    free: int

    @property
    def fits(self) -> bool:
        """Whether there is room; what only an older kit needs may make more."""
        return self.lacking_size <= self.free


def size_on(workspace: Workspace, schedules: Sequence[Schedule], stick: Path) -> StickSize:
    """What the kit of these weeks would take on a stick.

    A video of the right name and size counts as there; its bytes are read when the kit is written.

    Raises:
        InputError: a video is missing, not approved or made anew.
        OSError: the stick cannot be read.
    """
    videos = {digest: one for schedule in schedules for digest, one in videos_of(workspace, schedule).items()}
    home = stick / HOME
    lacking = [one.size for digest, one in videos.items() if not _is_there(home / media_path(digest), one.size)]
    whole = sum(one.size for one in videos.values())
    return StickSize(len(videos), whole, len(lacking), sum(lacking), shutil.disk_usage(stick).free)


def _is_there(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size
