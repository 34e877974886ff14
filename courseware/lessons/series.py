"""The series and forms a lesson belongs to. Four and five are built in; a workspace may add its own."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from courseware.errors import text
from courseware.validate import Complaint, not_one_of, one_line

MOTIFS = ("terraces", "road", "sprout", "sunrise", "wave")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class Series(BaseModel):
    """A series (系列) and what its look is made from.

    Attributes:
        name: as printed, e.g. 扶贫实用技术.
        slug: ASCII name for files.
        colour: main colour, "#rrggbb"; dark enough for white text.
        accent: second colour, "#rrggbb".
        motif: the drawing behind its cards and ident, one of MOTIFS.
        goal: how many lessons the programme asks for.
        printed: what cards, pages, lists and reports call it; "" for its name.
        off: it is not used here: no lesson may belong to it, nothing is missed in it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, AfterValidator(one_line)] = Field(min_length=1, max_length=20)
    slug: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")
    colour: str = "#1F5F8B"
    accent: str = "#F2B134"
    motif: str = "wave"
    goal: int = Field(default=25, ge=0)
    printed: Annotated[str, AfterValidator(one_line)] = Field(default="", max_length=20)
    off: bool = False

    @field_validator("colour", "accent")
    @classmethod
    def _colour(cls, value: str) -> str:
        if not _COLOUR.fullmatch(value):
            raise Complaint(text("“{value}” is not a colour; write #RRGGBB, like #1F5F8B", value=value))
        return value.upper()

    @property
    def shown(self) -> str:
        """What people read."""
        return self.printed or self.name

    @field_validator("motif")
    @classmethod
    def _motif(cls, value: str) -> str:
        if value not in MOTIFS:
            raise Complaint(not_one_of(value, MOTIFS))
        return value


BUILT_IN_SERIES = (
    Series(name="我的扶贫故事", slug="story", colour="#8C2F1B", accent="#F2B84B", motif="sunrise"),
    Series(name="我的脱贫之路", slug="road", colour="#1D4E79", accent="#F29F58", motif="road"),
    Series(name="扶贫实用技术", slug="skills", colour="#1E5B3A", accent="#E6C229", motif="sprout"),
    Series(name="乡村振兴之路", slug="revival", colour="#5A2A6B", accent="#7BC8A4", motif="terraces"),
)

SONG_FORM = "MV"  # music video: a song is its main sound
BUILT_IN_FORMS = ("微视频", "微电影", "微动漫", "公益广告", SONG_FORM)
