"""standards.toml: what a venue of each kind must have (两有两通、屏幕和场地大小), as data; which venues have it.

Judges what venues.csv says. A cell that is empty is never called met or missing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from courseware.errors import Problem, Text, text
from courseware.validate import Complaint, not_one_of, parse, read_toml
from playlists.duties.obligations import Verdict
from playlists.files.scope import Kinds, Names, is_in_scope, refuse_twins, unknown_in_scope
from playlists.files.venues import FILE_NAME as VENUES_NAME
from playlists.files.venues import HEADINGS, Venue
from templates.type.printed import Printed

FILE_NAME = "standards.toml"
Measure = Literal["屏幕面积", "屏幕尺寸", "屏幕宽", "屏幕高", "点间距", "观看距离", "场地面积"]
_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Gauge:
    """How a measure is taken; its unit; the columns of venues.csv, one of which gives it."""

    take: Callable[[Venue], float | None]
    unit: str
    columns: tuple[str, ...]


_GAUGES: Mapping[Measure, _Gauge] = {
    "屏幕面积": _Gauge(lambda one: one.screen_m2, "平方米", ("area_m2", "pitch_mm")),
    "屏幕尺寸": _Gauge(lambda one: one.screen_inches, "英寸", ("inches", "pitch_mm")),
    "屏幕宽": _Gauge(lambda one: one.screen[0], "像素", ("screen",)),
    "屏幕高": _Gauge(lambda one: one.screen[1], "像素", ("screen",)),
    "点间距": _Gauge(lambda one: one.pitch_mm, "毫米", ("pitch_mm",)),
    "观看距离": _Gauge(lambda one: one.distance_m, "米", ("distance_m",)),
    "场地面积": _Gauge(lambda one: one.ground_m2, "平方米", ("ground_m2",)),
}


class Standard(BaseModel):
    """Something that the venues of a kind must have.

    Attributes:
        name: as reported; an entry of the workspace replaces the built-in one of the same name.
        measure: what is measured, with `least`, `most` or both.
        instead: what in the column 配套 does as well as the measure; any one of them.
        has: what that column must list, beside the measure or without one; the name of the standard there stands for
            all that is not measured.
        kind, venues, groups: whom it binds; all when none is given.
        must: whether `yuanjiao check` fails when it is not met, or only says so.
        off: true removes a built-in standard.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Printed = Field(min_length=1, max_length=40)
    measure: Measure | None = None
    least: float | None = Field(default=None, gt=0)
    most: float | None = Field(default=None, gt=0)
    instead: Names = ()
    has: Names = ()
    kind: Kinds = ()
    venues: Names = ()
    groups: Names = ()
    must: bool = False
    off: bool = False

    @model_validator(mode="before")
    @classmethod
    def _known_measure(cls, values: dict[str, object]) -> dict[str, object]:
        measure = values.get("measure")
        if isinstance(measure, str) and measure not in _GAUGES:
            raise Complaint(not_one_of(measure, _GAUGES))
        return values

    @model_validator(mode="after")
    def _complete(self) -> Standard:
        if self.off:
            return self
        if not self.measure and not self.has:
            raise Complaint(text("needs measure or has"))
        if not self.measure and (self.least or self.most or self.instead):
            raise Complaint(text("least, most and instead go with measure"))
        if self.measure and self.least is None and self.most is None:
            raise Complaint(text("needs least or most beside measure"))
        if self.least and self.most and self.most < self.least:
            raise Complaint(text("“most” is less than “least”"))
        return self

    def binds(self, venue: Venue) -> bool:
        """Whether the venue must meet it."""
        return is_in_scope(venue, self.kind, self.venues, self.groups)

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings of venues.csv, one of which answers it."""
        measured = _GAUGES[self.measure].columns if self.measure else ()
        keys = (*measured, "facilities") if self.has or self.instead else measured
        return tuple(HEADINGS[key][0] for key in keys)


BUILT_IN = (
    # 有电脑、有55寸以上大屏电视机或投影仪，通宽带、通WiFi (安康“八个一百工程”); the workspace may name its own.
    Standard(
        name="两有两通",
        measure="屏幕尺寸",
        least=55,
        instead=("有投影仪", "有投影机", "有投影"),
        has=("有电脑", "通宽带", "通WiFi"),
        kind=("station",),
    ),
    # "About 1,000 m²": a tenth less will do.
    Standard(name="场地约1000平方米", measure="场地面积", least=900, kind=("square",)),
    Standard(name="屏幕不小于20平方米", measure="屏幕面积", least=20, kind=("square",)),
    Standard(name="有专人负责、有播放管理办法", has=("有专人负责", "有播放管理办法"), kind=("square",)),
    Standard(name="有人员、有经费、有制度、有考核", has=("有人员", "有经费", "有制度", "有考核"), kind=("centre",)),
)


class _StandardsFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    standard: tuple[Standard, ...] = ()


_Part = tuple[Verdict, Text]


@dataclass(frozen=True, slots=True)
class StandardMark:
    """A standard at one venue; `evidence` says what the sheet says, or which column is empty."""

    venue: Venue
    standard: Standard
    verdict: Verdict
    evidence: Text


def load_standards(path: Path) -> tuple[Standard, ...]:
    """Read standards.toml; where there is none, the built-in standards hold.

    Returns:
        Built-in ones first, replaced or removed by those of the same name.

    Raises:
        InputError: not TOML, any key wrong, or two of one name; all problems at once.
    """
    if not path.exists():
        return BUILT_IN
    given = parse(_StandardsFile, read_toml(path), path.name).standard
    refuse_twins(f"{path.name}: standard.name", [one.name for one in given])
    own = {one.name: one for one in given}
    kept = tuple(own.pop(one.name, one) for one in BUILT_IN)
    return tuple(one for one in (*kept, *own.values()) if not one.off)


def check_standards(standards: Iterable[Standard], venues: Sequence[Venue]) -> tuple[Problem, ...]:
    """Every venue or group in the standards that does not exist."""
    return tuple(
        problem
        for standard in standards
        for problem in unknown_in_scope(f"{FILE_NAME}: {standard.name}", standard.venues, standard.groups, venues)
    )


def judge_venues(standards: Sequence[Standard], venues: Iterable[Venue]) -> tuple[StandardMark, ...]:
    """Every standard at every venue that must meet it, in the order of the venues."""
    return tuple(_mark(venue, one) for venue in venues for one in standards if one.binds(venue))


def sum_up(marks: Sequence[StandardMark]) -> tuple[tuple[bool, Problem], ...]:
    """One line for each standard that somebody does not meet, or does not say; whether it is a fault.

    A column that no venue has filled in is one the county does not keep: that is not worth a line.
    """
    lines: list[tuple[bool, Problem]] = []
    for standard in dict.fromkeys(one.standard for one in marks):
        own = [one for one in marks if one.standard == standard]
        short = [one.venue.id for one in own if one.verdict == "fail"]
        silent = [one.venue.id for one in own if one.verdict == "unknown"]
        values = {"name": standard.name, "all": len(own)}
        if short:
            what = text(
                "{name}: {count} of {all} fall short ({venues})", count=len(short), venues=_few(short), **values
            )
            lines.append((standard.must, Problem(VENUES_NAME, what)))
        if 0 < len(silent) < len(own):
            what = text(
                "{name}: {count} of {all} do not say ({venues}); fill in {columns}",
                count=len(silent),
                venues=_few(silent),
                columns="或".join(standard.columns),
                **values,
            )
            lines.append((False, Problem(VENUES_NAME, what)))
    return tuple(lines)


def _mark(venue: Venue, standard: Standard) -> StandardMark:
    """Met when every part of it is; a part that is missing outweighs one that nobody knows."""
    parts = [_measured(venue, standard, standard.measure)] if standard.measure else []
    parts += [_listed(venue, standard)] if standard.has else []
    verdicts = [verdict for verdict, _ in parts]
    verdict: Verdict = "fail" if "fail" in verdicts else "unknown" if "unknown" in verdicts else "pass"
    first, *rest = [evidence for found, evidence in parts if found == verdict]
    return StandardMark(
        venue, standard, verdict, text("{first}; {second}", first=first, second=rest[0]) if rest else first
    )


def _listed(venue: Venue, standard: Standard) -> _Part:
    if not venue.facilities:
        return "unknown", _empty(("facilities",))
    has = set(map(_plain, venue.facilities))
    missing = [] if _plain(standard.name) in has else [one for one in standard.has if _plain(one) not in has]
    if missing:
        return "fail", text("lacks {missing}", missing="、".join(missing))
    return "pass", text("has {facilities}", facilities="、".join(venue.facilities))


def _measured(venue: Venue, standard: Standard, measure: Measure) -> _Part:
    has = {_plain(one): one for one in venue.facilities}
    if found_instead := [has[_plain(one)] for one in standard.instead if _plain(one) in has]:
        return "pass", text("has {facilities}", facilities=found_instead[0])
    gauge = _GAUGES[measure]
    found = gauge.take(venue)
    if found is None:
        stands = _plain(standard.name) in has
        return (
            ("pass", text("has {facilities}", facilities=standard.name))
            if stands
            else ("unknown", _empty(gauge.columns))
        )
    said = {"found": f"{found:g}" if found == round(found, 1) else f"{found:.1f}", "unit": gauge.unit}
    if standard.least is not None and found < standard.least:
        wrong = text("{found} {unit}; at least {least}", least=f"{standard.least:g}", **said)
    elif standard.most is not None and found > standard.most:
        wrong = text("{found} {unit}; at most {most}", most=f"{standard.most:g}", **said)
    else:
        return "pass", text("{found} {unit}", **said)
    # Where the column is empty, what does as well may be there and not be written down.
    return ("unknown", _empty(("facilities",))) if standard.instead and not has else ("fail", wrong)


def _plain(word: str) -> str:
    """通Wi-Fi, 通ＷＩＦＩ and 通wifi are one word."""
    return unicodedata.normalize("NFKC", word).casefold().replace("-", "")


def _empty(keys: Iterable[str]) -> Text:
    return text("fill in {columns}", columns="或".join(HEADINGS[key][0] for key in keys))


def _few(names: Sequence[str]) -> str:
    return "、".join(names[:_MOST_SHOWN]) + ("…" if len(names) > _MOST_SHOWN else "")
