"""What decides the bytes that a computer makes, beside the job: two computers that agree in it make the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from importlib import metadata
from typing import TypeAlias, TypeVar

from pydantic import TypeAdapter, ValidationError

from courseware.errors import Text, text
from render.footage.footage import FOOTAGE_RECIPE
from render.plan.keys import RECIPE, digest, font_hashes
from render.plan.watermark import WATERMARK_RECIPE
from render.sound.plan import RECIPE as SOUND_RECIPE
from render.source.sources import FACTS_RECIPE
from render.work.ffmpeg import Ffmpeg
from templates.cards.cards import CARD_RECIPE
from templates.cards.idents import IDENT_RECIPE
from templates.pages.typeset import templates_key

PROTOCOL = 3  # raise when tasks or answers mean something else
# They draw cards, idents and footage, set their lines, and read what is in a video.
_DRAWERS = ("av", "fonttools", "moviepy", "numpy", "pillow", "pillow-heif", "rlottie-python", "scipy", "typst")
_SETTERS = ("pillow", "typst")


@dataclass(frozen=True, slots=True)
class Build:
    """A computer's tools for videos.

    Attributes:
        drawers: what draws, with versions.
    """

    protocol: int
    ffmpeg: str
    recipe: str
    fonts: str
    drawers: str


@dataclass(frozen=True, slots=True)
class PageBuild:
    """A computer's tools for pages and posters.

    Attributes:
        templates: what they are set by.
        drawers: what sets them, with versions.
    """

    protocol: int
    fonts: str
    templates: str
    drawers: str


AnyBuild: TypeAlias = Build | PageBuild
SomeBuild = TypeVar("SomeBuild", Build, PageBuild)


def sign_of(build: AnyBuild) -> str:
    """By which the engine finds the workers that agree."""
    return f"build-{digest([asdict(build)])[:16]}"


def build_of(tool: Ffmpeg) -> Build:
    """This computer's."""
    recipes = (RECIPE, CARD_RECIPE, IDENT_RECIPE, WATERMARK_RECIPE, SOUND_RECIPE, FOOTAGE_RECIPE, FACTS_RECIPE)
    return Build(
        protocol=PROTOCOL,
        ffmpeg=tool.version,
        recipe=".".join(map(str, recipes)),
        fonts=_fonts(),
        drawers=_versions(_DRAWERS),
    )


def page_build() -> PageBuild:
    """This computer's."""
    return PageBuild(PROTOCOL, _fonts(), templates_key()[:16], _versions(_SETTERS))


def _fonts() -> str:
    return digest([font_hashes()])[:16]


def _versions(names: tuple[str, ...]) -> str:
    return ", ".join(f"{name} {metadata.version(name)}" for name in names)


def load_build(kind: type[SomeBuild], told: object) -> SomeBuild | None:
    """What a worker tells of itself; None where it is no such thing."""
    try:
        return TypeAdapter(kind).validate_python(told)
    except ValidationError:
        return None


def differences(ours: SomeBuild, theirs: SomeBuild) -> Iterator[Text]:
    """What makes another computer's pieces other ones than ours, by name."""
    for name in (part.name for part in fields(ours)):
        own, other = getattr(ours, name), getattr(theirs, name)
        if own != other:
            yield Text(_DIFFERENT[name].pattern, {"theirs": other, "ours": own})


_DIFFERENT: Mapping[str, Text] = {
    "protocol": text("it speaks protocol {theirs} of the farm, not {ours}"),
    "ffmpeg": text("its ffmpeg is {theirs}, not {ours}"),
    "fonts": text("its fonts are not ours"),
    "recipe": text("its yuanjiao makes videos by recipe {theirs}, not {ours}"),
    "templates": text("its templates of pages are not ours; install the same version on both"),
    "drawers": text("it draws with {theirs}, not {ours}"),
}
