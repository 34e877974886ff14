"""Pictures of an issue that are taken out of its lesson's video: still-1m05s.jpg is what stands at 1:05."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from courseware.clutter import listed
from courseware.errors import MediaError, Problem, Text, text
from courseware.files import write_bytes
from courseware.lessons.rendition import Rendition, load_rendition
from courseware.lessons.workspace import Workspace
from courseware.media.pictures import pictures_at
from courseware.reviews.approval import load_approval

_NAME = re.compile(r"still-(?:(\d{1,3})m)?(\d{1,2})s\.jpg", re.ASCII)
_QUALITY = 92
_USUAL = 3
_WORTH_A_PICTURE_MS = 2_000


def still_name(moment_ms: int) -> str:
    """How the picture at a moment is called."""
    minutes, seconds = divmod(moment_ms // 1000, 60)
    return f"still-{minutes}m{seconds:02}s.jpg"


def moment_of(name: str) -> int | None:
    """Which moment of the video, in milliseconds, a name stands for; None for other pictures."""
    found = _NAME.fullmatch(name)
    return (int(found[1] or 0) * 60 + int(found[2])) * 1000 if found else None


def usual_moments(rendition: Rendition) -> tuple[int, ...]:
    """Moments spread over what lies between title and end, whole seconds."""
    body = next((one for one in rendition.parts if one.name == "body"), None)
    start, end = (body.start_ms, body.end_ms) if body else (0, rendition.seconds * 1000)
    count = max(1, min(_USUAL, (end - start) // _WORTH_A_PICTURE_MS))
    moments = (start + (end - start) * (2 * place + 1) // (2 * count) for place in range(count))
    return tuple(dict.fromkeys(moment // 1000 * 1000 for moment in moments))


def finished_video(workspace: Workspace, lesson: str) -> Rendition | None:
    """The largest finished video of a lesson that may be shown; None when there is none."""
    approval = load_approval(workspace)
    folders = [path.name for path in listed(workspace.renditions_dir) if path.is_dir()]
    made = [one for name in folders if (one := load_rendition(workspace.renditions_dir / name, lesson))]
    fit = [one for one in made if approval.allows(one.sha256)]
    return max(fit, key=lambda one: (one.width > one.height, one.width * one.height), default=None)


def take_stills(workspace: Workspace, folder: Path, names: Sequence[str], lesson: str) -> tuple[Problem, ...]:
    """Take those of the pictures that are not in the folder yet; what cannot be taken is told.

    Args:
        names: of an article's pictures; those that name no moment are left alone.
        lesson: id; "" for none.
    """
    due = {name: moment for name in names if (moment := moment_of(name)) is not None and not (folder / name).exists()}
    if not due:
        return ()
    rendition = finished_video(workspace, lesson) if lesson else None
    if rendition is None:
        return tuple(Problem(name, _no_video(lesson)) for name in due)
    late = {name: moment for name, moment in due.items() if moment >= rendition.seconds * 1000}
    what = text("lies behind the end of the video, which lasts {seconds} seconds", seconds=rendition.seconds)
    try:
        _save(workspace, folder, rendition, [name for name in due if name not in late])
    except MediaError as error:
        return error.problems
    return tuple(Problem(name, what) for name in late)


def _no_video(lesson: str) -> Text:
    if not lesson:
        return text("is a moment of a lesson's video, but issue.toml names no lesson")
    return text("is taken from the video of {lesson}, which has none that may be shown; render it", lesson=lesson)


def _save(workspace: Workspace, folder: Path, rendition: Rendition, names: Sequence[str]) -> None:
    media = workspace.renditions_dir / rendition.profile / rendition.file
    moments = [moment for name in names if (moment := moment_of(name)) is not None]
    for name, picture in zip(names, pictures_at(media, moments), strict=True):
        packed = BytesIO()
        picture.convert("RGB").save(packed, "JPEG", quality=_QUALITY)
        write_bytes(folder / name, packed.getvalue())
