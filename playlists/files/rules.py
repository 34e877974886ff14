"""Which wishes a plan should keep, and in which order. Says nothing of how a plan comes about.

Hard rules are never broken. Soft rules are ranked; when one has to give way, the plan says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from courseware.errors import text
from courseware.validate import Complaint, not_one_of
from playlists.almanac.days import DAY_MINUTES, parse_span

Soft = Literal[
    "requests", "premieres", "blocks", "repeat_gap", "share", "fresh", "series_in_a_row", "days_alike", "inserts"
]
# In the order in which they are kept when nobody says otherwise.
SOFT_NAMES: Mapping[Soft, str] = {
    "requests": "点播限期播出",
    "blocks": "板块播自己的内容",
    "premieres": "首播在黄金时段",
    "repeat_gap": "重播间隔",
    "inserts": "定数插播",
    "fresh": "久未播的先播",
    "share": "系列比例",
    "series_in_a_row": "同系列不连播",
    "days_alike": "天天不同",
}
_BY_NAME: Mapping[str, Soft] = {**{key: key for key in SOFT_NAMES}, **{name: key for key, name in SOFT_NAMES.items()}}
# Read in files of earlier versions, written no more.
_FORMER_NAMES: Mapping[str, Soft] = {"点菜限期播出": "requests"}


def rule_called(name: str) -> Soft | None:
    """The rule of a name, also of one that earlier versions wrote; None when there is none."""
    return _BY_NAME.get(name) or _FORMER_NAMES.get(name)


@lru_cache(maxsize=256)
def _span(hours: str) -> tuple[int, int]:
    return parse_span(hours)


class Rules(BaseModel):
    """The [rules] of programmes.toml.

    Attributes:
        separation_minutes: hard; least time from the start of a showing to the next start of the same lesson. Time
            that no other lesson can take stays empty rather than break it.
        soft: what is wished, the most important first; a rule that is not listed is not asked for.
        share: series → weight of its seconds over the week; others take what is left. Empty: no wish.
        tolerance_percent: how far from its share a series may be without a word.
        best_hours: when a lesson is shown at a venue for the first time.
        request_days: a request is met within so many days.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    separation_minutes: int = Field(default=0, ge=0, le=DAY_MINUTES)
    soft: tuple[Soft, ...] = tuple(SOFT_NAMES)
    share: dict[str, int] = Field(default_factory=dict)
    tolerance_percent: int = Field(default=10, ge=0, le=100)
    best_hours: str = "19:30-20:30"
    request_days: int = Field(default=7, ge=1, le=60)

    @field_validator("soft", mode="before")
    @classmethod
    def _soft(cls, value: object) -> object:
        if not isinstance(value, list | tuple):
            return value
        rules = [rule_called(str(one)) for one in value]
        if None in rules:
            raise Complaint(not_one_of(str(value[rules.index(None)]), _BY_NAME))
        return tuple(dict.fromkeys(rules))

    @field_validator("share")
    @classmethod
    def _share(cls, value: dict[str, int]) -> dict[str, int]:
        if any(weight < 1 for weight in value.values()):
            raise Complaint(text("a share is a whole number, at least 1"))
        return value

    @field_validator("best_hours")
    @classmethod
    def _best_hours(cls, value: str) -> str:
        parse_span(value)
        return value

    @property
    def best(self) -> tuple[int, int]:
        """The best hours in minutes after midnight."""
        return _span(self.best_hours)

    def weight(self, rule: Soft) -> int:
        """How much one breach counts: twice as much as one of the next rule; 0 when the rule is not asked for."""
        return 1 << (len(self.soft) - 1 - self.soft.index(rule)) if rule in self.soft else 0
