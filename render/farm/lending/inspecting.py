"""Looks at a job from elsewhere before it is carried out: it reads and writes in its own work folder alone.

Jobs carry ffmpeg's arguments. Whoever is in the farm could write others than ours into one; what leads out of the
folder, to a device or to the network is refused. Sheets are set by our own templates, or not at all.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from courseware.files import is_plain
from render.farm.build import Build, PageBuild, sign_of
from render.farm.shared.wire import FarmTask, pictures_in
from render.pieces.factswork import FactsJob
from render.pieces.sheetwork import SheetsJob, sheets_key
from render.pieces.soundwork import SoundJob
from render.work.jobs import Job
from templates.pages.typeset import PAGES_DIR

# A rate, the fonts beside the work folder, and the drawing of a graph: all that has a slash in ours.
_HARMLESS = re.compile(r"\b\d+/\d+\b|\bfontsdir=\.\./fonts\b")
_OUTSIDE = re.compile(r"[/\\]")
# Others are cameras, screens and playlists of files; what is drawn comes as "rawvideo" from us.
_FORMATS = frozenset({"mp4", "matroska", "image2", "rawvideo"})
_MOST_WORDS = 2000


def is_strange(task: FarmTask) -> bool:
    """Whether a task is not such as we make them."""
    match task.work, task.build:
        case Job() as job, Build():
            return not job.outputs or _names_others(job) or any(map(_leads_out, (job.arguments, job.patient)))
        case SheetsJob() as job, PageBuild():
            known = all(_is_template(one.template) for one in job.sheets)
            return not known or job.key != sheets_key(job.sheets, sign_of(task.build))
        case ((SoundJob() | FactsJob()), Build()):
            return False  # they hold figures alone
    return True


def _is_template(name: str) -> bool:
    return is_plain(name) and (PAGES_DIR / f"{name}.typ").is_file()


def _names_others(job: Job) -> bool:
    files = [*(step.file for step in job.steps), *(output.file for output in job.outputs)]
    # What is drawn is drawn of the job's source.
    drawn = [job.feed.path, *(one.path for one in pictures_in(job.feed))] if job.feed else []
    return not all(map(is_plain, files)) or any(path != Path() for path in drawn)


def _leads_out(arguments: tuple[str, ...]) -> bool:
    formats = {word for before, word in pairwise(arguments) if before == "-f"}
    words = [_HARMLESS.sub("", word) for word in arguments]
    return len(words) > _MOST_WORDS or not formats <= _FORMATS or any(map(_OUTSIDE.search, words))
