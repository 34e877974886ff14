"""A rendition: a lesson made for a profile. The file <id>.mp4 and, beside it, <id>.json that describes it."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from courseware.files import write_text


class Rendition(BaseModel):
    """A finished file.

    Attributes:
        lesson: id of the lesson.
        profile: name of the profile it was made for.
        file: file name beside the description.
        seconds: length; always whole.
        width, height: canvas in pixels.
        size: bytes.
        sha256: of the file's bytes.
        key: hash of everything it was made from; another key means it is out of date.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    lesson: str
    title: str
    series: str
    form: str
    profile: str
    file: str
    seconds: int = Field(gt=0)
    width: int
    height: int
    size: int
    sha256: str
    key: str


def describe(rendition: Rendition, folder: Path) -> None:
    """Write the description beside the file; its presence says the file is finished."""
    write_text(folder / f"{rendition.lesson}.json", rendition.model_dump_json(indent=2) + "\n")


def load_rendition(folder: Path, lesson: str) -> Rendition | None:
    """The rendition of that lesson in <renditions>/<profile>, or None when it is not finished."""
    path = folder / f"{lesson}.json"
    try:
        found = Rendition.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return None
    media = folder / found.file
    return found if media.is_file() and media.stat().st_size == found.size else None


def load_renditions(renditions_dir: Path, profile: str) -> dict[str, Rendition]:
    """Every finished rendition for a profile, by lesson id."""
    folder = renditions_dir / profile
    found = (load_rendition(folder, path.stem) for path in sorted(folder.glob("*.json")))
    return {one.lesson: one for one in found if one is not None}
