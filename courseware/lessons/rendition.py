"""A rendition: a lesson made for a profile. The file <id>.mp4 and, beside it, <id>.json that describes it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from courseware.clutter import matching
from courseware.errors import Problem, text
from courseware.files import is_plain, write_text
from courseware.lessons.proofs import digest_of
from courseware.unchanged import while_unchanged


class RenditionPart(BaseModel):
    """A stretch of a rendition: from `start_ms` up to, not including, `end_ms`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Literal["ident", "title", "body", "end"]
    start_ms: int = Field(ge=0)
    end_ms: int

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.end_ms <= self.start_ms:
            raise ValueError("end_ms must come after start_ms")
        return self


class ShownStretch(BaseModel):
    """From `start_ms` to `end_ms` of the video `from_ms` to `to_ms` of the lesson's own time is seen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start_ms: int = Field(ge=0)
    end_ms: int
    from_ms: int = Field(ge=0)
    to_ms: int

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.end_ms <= self.start_ms or self.to_ms <= self.from_ms:
            raise ValueError("a stretch must end after it starts")
        return self


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
        parts: what is where in it; empty in a description of before that was written.
        stretches: what of the lesson's own time the body shows; empty where it shows all of it, as it is.
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
    parts: tuple[RenditionPart, ...] = ()
    stretches: tuple[ShownStretch, ...] = ()

    @field_validator("file")
    @classmethod
    def _beside(cls, name: str) -> str:
        if not is_plain(name):
            raise ValueError(name)
        return name


def describe(rendition: Rendition, folder: Path) -> None:
    """Write the description beside the file; its presence says the file is finished."""
    whole = None if rendition.stretches else {"stretches"}
    write_text(folder / f"{rendition.lesson}.json", rendition.model_dump_json(indent=2, exclude=whole) + "\n")


def load_rendition(folder: Path, lesson: str) -> Rendition | None:
    """The rendition of that lesson in <renditions>/<profile>; None when it is not finished, or not as it was made."""
    found = _described(f"{folder}/{lesson}.json")
    return found if found and _is_as_made(folder / found.file, found) else None


def load_renditions(renditions_dir: Path, profile: str) -> dict[str, Rendition]:
    """Every finished rendition for a profile that is as it was made, by lesson id."""
    folder = renditions_dir / profile
    found = (load_rendition(folder, path.stem) for path in matching(folder, "*.json"))
    return {one.lesson: one for one in found if one is not None}


def damaged_renditions(renditions_dir: Path, profile: str) -> tuple[Rendition, ...]:
    """What was finished for a profile and whose file is not as it was made; nothing shows it."""
    folder = renditions_dir / profile
    described = [one for path in matching(folder, "*.json") if (one := _described(str(path)))]
    return tuple(
        one for one in described if (folder / one.file).is_file() and not _is_as_made(folder / one.file, one)
    )


def is_description(path: Path) -> bool:
    """Whether a file is the description of a rendition, as `describe` writes it."""
    return _described(str(path)) is not None


def damaged(rendition: Rendition) -> Problem:
    """What is said of a file whose bytes are not those that were made."""
    what = text("is not as it was made; run “yuanjiao render {lesson}”", lesson=rendition.lesson)
    return Problem(f"renditions/{rendition.profile}/{rendition.file}", what)


@while_unchanged(lambda name: (name,), most=8192)
def _described(name: str) -> Rendition | None:
    path = Path(name)
    try:
        found = Rendition.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    # Its names become paths, so they must be those of its place.
    return found if (found.profile, found.lesson) == (path.parent.name, path.stem) else None


def _is_as_made(media: Path, rendition: Rendition) -> bool:
    try:
        return media.stat().st_size == rendition.size and digest_of(media) == rendition.sha256
    except OSError:
        return False
