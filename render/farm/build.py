"""What decides the bytes that a computer makes, beside the job: two computers that agree in it make the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata

from courseware.errors import Text, text
from render.footage.footage import FOOTAGE_RECIPE
from render.plan.keys import RECIPE, digest, font_hashes
from render.plan.watermark import WATERMARK_RECIPE
from render.sound.plan import RECIPE as SOUND_RECIPE
from render.source.sources import FACTS_RECIPE
from render.work.ffmpeg import Ffmpeg
from templates.cards.cards import CARD_RECIPE
from templates.cards.idents import IDENT_RECIPE

PROTOCOL = 2  # raise when tasks or answers mean something else
# They draw cards, idents and footage, set their lines, and read what is in a video.
_DRAWERS = ("av", "fonttools", "moviepy", "numpy", "pillow", "pillow-heif", "rlottie-python", "scipy", "typst")


@dataclass(frozen=True, slots=True)
class Build:
    """A computer's tools.

    Attributes:
        drawers: what draws, with versions.
    """

    protocol: int
    ffmpeg: str
    recipe: str
    fonts: str
    drawers: str

    @property
    def sign(self) -> str:
        """By which the engine finds the workers that agree."""
        return f"build-{digest([asdict(self)])[:16]}"


def build_of(tool: Ffmpeg) -> Build:
    """This computer's."""
    recipes = (RECIPE, CARD_RECIPE, IDENT_RECIPE, WATERMARK_RECIPE, SOUND_RECIPE, FOOTAGE_RECIPE, FACTS_RECIPE)
    return Build(
        protocol=PROTOCOL,
        ffmpeg=tool.version,
        recipe=".".join(map(str, recipes)),
        fonts=digest([font_hashes()])[:16],
        drawers=", ".join(f"{name} {metadata.version(name)}" for name in _DRAWERS),
    )


def differences(ours: Build, theirs: Build) -> Iterator[Text]:
    """What makes another computer's pieces other ones than ours, by name."""
    if ours.protocol != theirs.protocol:
        yield text("it speaks protocol {theirs} of the farm, not {ours}", theirs=theirs.protocol, ours=ours.protocol)
    if ours.ffmpeg != theirs.ffmpeg:
        yield text("its ffmpeg is {theirs}, not {ours}", theirs=theirs.ffmpeg, ours=ours.ffmpeg)
    if ours.fonts != theirs.fonts:
        yield text("its fonts are not ours")
    if ours.recipe != theirs.recipe:
        yield text("its yuanjiao makes videos by recipe {theirs}, not {ours}", theirs=theirs.recipe, ours=ours.recipe)
    if ours.drawers != theirs.drawers:
        yield text("it draws with {theirs}, not {ours}", theirs=theirs.drawers, ours=ours.drawers)
