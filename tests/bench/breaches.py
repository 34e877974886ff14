"""What can go wrong in a planned week: each makes one breach, or returns None where the week has nothing to break."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from courseware.reviews.approval import Approval
from playlists.checking.facts import Facts
from playlists.checking.people import Talk
from playlists.files.edits import Edits, Never
from playlists.files.venues import Venue
from playlists.schedules.history import Past
from tests.bench.checked_county import County, Raw, Rng


class Found(NamedTuple):
    """A breach that was made: what the checker is given then, and the instant at which it must speak."""

    facts: Facts
    raw: Raw
    at: str
    also: tuple[Talk, ...] = ()
    past: Past | None = None


Break = Callable[[Rng, County, Venue, Raw], Found | None]


def slots_of(raw: Raw, kind: str = "lesson") -> list[tuple[Raw, int]]:
    """The day and place of every showing or event of a kind."""
    return [(day, n) for day in raw["days"] for n, one in enumerate(day["slots"]) if one["kind"] == kind]


def pick(dice: Rng, raw: Raw, kind: str = "lesson") -> Raw | None:
    """One of them; None where there is none."""
    some = slots_of(raw, kind)
    if not some:
        return None
    day, number = dice.choice(some)
    found: Raw = day["slots"][number]
    return found


def shift(at: str, seconds: int) -> str:
    """A moment so much later."""
    return (datetime.fromisoformat(at) + timedelta(seconds=seconds)).isoformat()


def edited(**changes: Any) -> Break:
    """One showing is edited."""

    def apply(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
        one = pick(dice, raw)
        if one is None:
            return None
        one.update({key: value(one) if callable(value) else value for key, value in changes.items()})
        return Found(county.facts, raw, one["start"])

    return apply


def dropped(kind: str) -> Break:
    """One showing or event is gone."""

    def apply(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
        one = pick(dice, raw, kind)
        if one is None:
            return None
        for day in raw["days"]:
            day["slots"] = [other for other in day["slots"] if other is not one]
        return Found(county.facts, raw, one["start"])

    return apply


def day_deleted(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    some = [day for day in raw["days"] if day["windows"]]
    if not some:
        return None
    day = dice.choice(some)
    raw["days"].remove(day)
    return Found(county.facts, raw, min(one["start"] for one in (*day["windows"], *day["slots"])))


def day_emptied(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    some = [day for day in raw["days"] if day["windows"] and not any(one["kind"] != "lesson" for one in day["slots"])]
    if not some:
        return None
    day = dice.choice(some)
    at = day["windows"][0]["start"]
    day["slots"], day["windows"] = [], []
    return Found(county.facts, raw, at)


def day_moved(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    """A study day is held on the day after."""
    some = [n for n in range(6) if raw["days"][n]["slots"] and not raw["days"][n + 1]["windows"]]
    if not some:
        return None
    number = dice.choice(some)
    day, after = raw["days"][number], raw["days"][number + 1]
    at = day["windows"][0]["start"]
    for key in ("slots", "windows"):
        after[key], day[key] = day[key], []
        for one in after[key]:
            one["start"] = shift(one["start"], 86_400)
            if "end" in one:
                one["end"] = shift(one["end"], 86_400)
    return Found(county.facts, raw, dice.choice([at, shift(at, 86_400)]))


def overlapping(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    some = [(day, n) for day, n in slots_of(raw) if n]
    if not some:
        return None
    day, number = dice.choice(some)
    one, before = day["slots"][number], day["slots"][number - 1]
    if shift(before["start"], before["seconds"]) != one["start"]:
        return None
    one["start"] = shift(one["start"], -dice.randint(1, 50))
    return Found(county.facts, raw, one["start"])


def late(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    """Something plays after closing time."""
    some = [day for day in raw["days"] if day["slots"] and day["slots"][-1]["kind"] == "lesson"]
    if not some:
        return None
    slots = dice.choice(some)["slots"]
    again = {**slots[0], "start": shift(slots[-1]["start"], slots[-1]["seconds"])}
    if again["kind"] != "lesson":
        return None
    slots.append(again)
    return Found(county.facts, raw, again["start"])


def across(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    """The last lesson of the day begins late and crosses closing time."""
    some = [day for day in raw["days"] if day["slots"] and day["slots"][-1]["kind"] == "lesson"]
    if not some:
        return None
    one = dice.choice(some)["slots"][-1]
    one["start"] = shift(one["start"], dice.randint(1, 50))
    return Found(county.facts, raw, one["start"])


def swapped(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    """Two showings stand in the wrong order."""
    some = [day for day in raw["days"] if len(day["slots"]) > 2]
    if not some:
        return None
    slots = dice.choice(some)["slots"]
    number = dice.randrange(len(slots) - 1)
    slots[number], slots[number + 1] = slots[number + 1], slots[number]
    return Found(county.facts, raw, slots[number + 1]["start"])


def moved(kind: str) -> Break:
    """An event begins at another time."""

    def apply(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
        one = pick(dice, raw, kind)
        if one is None:
            return None
        was = one["start"]
        one["start"] = shift(was, 60 * dice.choice([-10, -5, 5, 10, 30]))
        return Found(county.facts, raw, was)

    return apply


def _follows(earlier: Raw, later: Raw) -> bool:
    """Whether it begins when the lesson before it ends, not in another window of the day."""
    return bool(earlier["kind"] == "lesson" and shift(earlier["start"], earlier["seconds"]) == later["start"])


def repeated(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    """A lesson again after the one that followed it."""
    some = [(day, n) for day, n in slots_of(raw) if n and _follows(day["slots"][n - 1], day["slots"][n])]
    if not some:
        return None
    day, number = dice.choice(some)
    one = day["slots"][number]
    one.update(
        {key: day["slots"][number - 1][key] for key in ("lesson", "title", "series", "form", "file", "sha256")}
    )
    return Found(county.facts, raw, one["start"])


def lesson_changed(**changes: Any) -> Break:
    """A lesson is not what it was when the week was planned."""

    def apply(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
        one = pick(dice, raw)
        if one is None:
            return None
        lessons = dict(county.facts.lessons)
        lessons[one["lesson"]] = lessons[one["lesson"]].model_copy(update=changes)
        return Found(replace(county.facts, lessons=lessons), raw, one["start"])

    return apply


def rendition_changed(**changes: Any) -> Break:
    """The file is not what it was; without changes, it is gone."""

    def apply(dice: Rng, county: County, venue: Venue, raw: Raw) -> Found | None:
        one = pick(dice, raw)
        if one is None:
            return None
        made = dict(county.facts.renditions[venue.profile])
        old = made.pop(one["lesson"])
        if changes:
            made[one["lesson"]] = old.model_copy(update=changes)
        facts = replace(county.facts, renditions={**county.facts.renditions, venue.profile: made})
        return Found(facts, raw, one["start"])

    return apply


def taken_back(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    """What was approved when the week was planned is so no more."""
    one = pick(dice, raw)
    if one is None or county.facts.approval.contents is None:
        return None
    left = county.facts.approval.contents - {one["sha256"]}
    return Found(replace(county.facts, approval=Approval(left)), raw, one["start"])


def untrained(dice: Rng, county: County, venue: Venue, raw: Raw) -> Found | None:
    return dropped("activity")(dice, county, venue, raw) if venue.kind == "centre" else None


def forbidden(dice: Rng, county: County, venue: Venue, raw: Raw) -> Found | None:
    one = pick(dice, raw)
    if one is None:
        return None
    never = Never.model_validate({"lesson": one["lesson"], "venues": venue.id})
    return Found(replace(county.facts, edits=Edits(never=(never,))), raw, one["start"])


def header(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    raw.update(dice.choice([{"week": "2027-W20"}, {"venue": "square-999"}, {"profile": "wechat"}]))
    return Found(county.facts, raw, raw["days"][0]["date"] + "T00:00:00+08:00")


def lecturer_elsewhere(minutes: int) -> Break:
    """The lecturer of another square is said to speak here as well, so long after the lecture there ends."""

    def apply(dice: Rng, county: County, venue: Venue, raw: Raw) -> Found | None:
        one = pick(dice, raw, "lecture")
        if one is None:
            return None
        start = datetime.fromisoformat(one["start"])
        same = [t for t in county.talks if t.start == start and t.venue.id != venue.id and t.venue.town != venue.town]
        other = dice.choice(same)
        one["note"] = f"主讲：{other.name}（讲政策）"
        away = timedelta(minutes=minutes)
        there = replace(other, start=other.start - away, end=other.end - away)
        at = one["start"] if minutes or venue.id > other.venue.id else ""
        return Found(county.facts, raw, at or one["start"], (there,)) if at else None

    return apply


def _reshaped(one: Raw) -> str:
    return str(one["file"]).replace("led-512x320", "wechat").replace("station-tv", "wechat")


# Kind → how it is made, and which rules may speak of it.
