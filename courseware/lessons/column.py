"""A column (专栏): a numbered row of articles that a county publishes.

One is built in; a workspace may name its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from courseware.errors import InputError, Problem, text
from courseware.files import is_safe_id
from courseware.validate import Complaint, not_one_of, one_line, web_link


class Column(BaseModel):
    """A column and where it is read.

    Attributes:
        name: as printed, and the folder of its issues below columns.
        slug: ASCII name for the folder of its pages.
        goal: how many issues there are to be; 0 for no end.
        summary: a line below its name.
        link: where the folder published/columns/<slug> lies on the web; "" when it is on none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, AfterValidator(one_line)] = Field(min_length=1, max_length=16)
    slug: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")
    goal: int = Field(default=100, ge=0, le=9999)
    summary: Annotated[str, AfterValidator(one_line)] = Field(default="", max_length=60)
    link: Annotated[str, AfterValidator(web_link)] = Field(default="", max_length=300)

    @field_validator("name")
    @classmethod
    def _names_a_folder(cls, value: str) -> str:
        if not is_safe_id(value):
            what = text("“{value}” cannot name a folder; write it without blanks and signs", value=value)
            raise Complaint(what)
        return value

    @property
    def base(self) -> str:
        """The link with a slash at its end; "" for none."""
        return f"{self.link.rstrip('/')}/" if self.link else ""


BUILT_IN_COLUMN = Column(name="扶贫振兴之路", slug="road", goal=100, summary="乡亲身边的帮扶故事和乡村振兴的好做法")


def column_named(columns: Sequence[Column], name: str) -> Column:
    """The column of that name, or slug; without a name the only one.

    Raises:
        InputError: there is none, or there are several and none is named.
    """
    names = [one.name for one in columns]
    if not name and len(names) == 1:
        return columns[0]
    found = next((one for one in columns if name in (one.name, one.slug)), None)
    if found is None:
        what = not_one_of(name, names) if name else text("name one of: {choices}", choices="、".join(names))
        raise InputError(Problem("column", what))
    return found
