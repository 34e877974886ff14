"""Looks at a job from elsewhere before it is carried out: it reads and writes in its own work folder alone.

Jobs carry ffmpeg's arguments. Whoever is in the farm could write others than ours into one; what leads out of the
folder, to a device or to the network is refused.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from courseware.files import is_plain
from render.farm.shared.wire import Work, pictures_in
from render.work.jobs import Job

# A rate, the fonts beside the work folder, and the drawing of a graph: all that has a slash in ours.
_HARMLESS = re.compile(r"\b\d+/\d+\b|\bfontsdir=\.\./fonts\b")
_OUTSIDE = re.compile(r"[/\\]")
# Others are cameras, screens and playlists of files; what is drawn comes as "rawvideo" from us.
_FORMATS = frozenset({"mp4", "matroska", "image2", "rawvideo"})
_MOST_WORDS = 2000


def is_strange(work: Work) -> bool:
    """Whether a job is not such as we make them."""
    if not isinstance(work, Job):
        return False  # the others hold figures alone
    return not work.outputs or _names_others(work) or any(map(_leads_out, (work.arguments, work.patient)))


def _names_others(job: Job) -> bool:
    files = [*(step.file for step in job.steps), *(output.file for output in job.outputs)]
    # What is drawn is drawn of the job's source.
    drawn = [job.feed.path, *(one.path for one in pictures_in(job.feed))] if job.feed else []
    return not all(map(is_plain, files)) or any(path != Path() for path in drawn)


def _leads_out(arguments: tuple[str, ...]) -> bool:
    formats = {word for before, word in pairwise(arguments) if before == "-f"}
    words = [_HARMLESS.sub("", word) for word in arguments]
    return len(words) > _MOST_WORDS or not formats <= _FORMATS or any(map(_OUTSIDE.search, words))
