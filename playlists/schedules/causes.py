"""Why time stays empty, or a rule gave way: in a schedule's file a code with its values, a sentence when shown."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

from pydantic import BaseModel, ConfigDict, model_validator

from courseware.errors import Text, text

_TOLD = "told"  # in words of a person who edited the file
_SAID: Mapping[str, Text] = {
    _TOLD: text("{words}"),
    # Time that stays empty.
    "none_approved": text("no video for this screen ({profile}) is approved yet"),
    "none_made": text("no video is made for this screen ({profile})"),
    "none_valid": text("no lesson is valid on that day"),
    "no_lesson": text("courseware/ holds no lesson; make a folder there for each, or import a list of them"),
    "all_forbidden": text("edits.toml bars every lesson that is valid on that day; remove one “never”"),
    "all_longer": text(
        "every lesson is longer than that: the shortest lasts {shortest}, and {seconds} seconds are free; make a"
        " shorter one, or open for longer"
    ),
    "too_soon": text(
        "showings of a lesson must lie {minutes} minutes apart, and there are too few lessons: {seconds} seconds are"
        " missing"
    ),
    "no_sum": text("no lessons fill it exactly; {seconds} seconds remain"),
    "variety": text("to fill the last {seconds} seconds too, one lesson would have to follow itself"),
    # Soft rules of a day.
    "too_few": text("the lessons last {length} together, too little to keep {minutes} minutes apart"),
    "no_other": text("with another lesson the time would not be filled, or a rule of higher rank would be broken"),
    "no_other_order": text("another order would break a rule of higher rank"),
    "borrowed": text("the lessons of “{block}” do not fill its time; some are borrowed"),
    "none_own": text("no lesson of “{block}” fits so that the time is filled; all that is shown there is borrowed"),
    "no_insert": text("with an insert the time would not be filled"),
    "no_best_hour": text("at the best hour the time would not be filled, or a rule of higher rank would be broken"),
    "replay_too_soon": text("the lessons of “{block}” must lie {minutes} minutes apart, so it is not repeated then"),
    "one_series": text("all lessons that can be shown that day belong to “{series}”"),
    "half_series": text("“{series}” is more than half of that day"),
    # Soft rules of a week.
    "no_window": text("due by {due}: the venue is not open until then"),
    "no_showing": text("due by {due}: it is not made, not valid, or fits no window"),
    "share": text("“{series}” has {got} % of the week instead of {wished} %: blocks, lengths or too few videos"),
    "uneven": text(
        "lessons of “{series}” have {least} to {most} showings this month: lengths, or blocks that take some"
    ),
    "same_order": text("there are too few lessons for another order"),
    # Manual edits.
    "not_shown": text("it cannot be shown that day: not made, not valid, or forbidden"),
    "shut": text("the venue is not open then, or not for as long as the lesson lasts"),
    "taken": text("a lecture, an activity or another edit takes that time"),
}


class Cause(BaseModel):
    """Why.

    In a file edited by hand a plain sentence may stand for it.

    Attributes:
        code: one of those above.
        values: what its sentence names.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    values: Mapping[str, str | int] = {}

    @model_validator(mode="before")
    @classmethod
    def _of_words(cls, given: object) -> object:
        return {"code": _TOLD, "values": {"words": given}} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _can_be_said(self) -> Cause:
        if self.code not in _SAID:
            raise ValueError(self.code)
        named = {name for _, name, _, _ in Formatter().parse(_SAID[self.code].pattern) if name}
        if named != set(self.values):
            raise ValueError(named)
        return self

    @property
    def key(self) -> tuple[str, ...]:
        """The same for causes that say the same."""
        return (self.code, *map(str, self.values.values()))

    @property
    def said(self) -> Text:
        """The sentence, for a person."""
        return Text(_SAID[self.code].pattern, self.values)


def cause(code: str, /, **values: str | int) -> Cause:
    """A cause that the planner names; it is right, so it is not validated once more."""
    return Cause.model_construct(code=code, values=values)
