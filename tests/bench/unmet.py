"""Wishes and edits of the office that a week does not meet, and does not tell of; like tests/bench/breaches.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from playlists.checking.wanted import wanted_week
from playlists.files.edits import Edits, Pin, Swap
from playlists.files.requests import Request
from playlists.files.rules import SOFT_NAMES, Soft
from playlists.files.venues import Venue
from playlists.schedules.history import Past
from tests.bench.breaches import Found, pick, shift, slots_of
from tests.bench.checked_county import EVERY, WEEKS, County, Raw, Rng


def foreign(dice: Rng, county: County, venue: Venue, raw: Raw) -> Found | None:
    """A lesson in a block that does not ask for it."""
    told = {one["start"][:10] for one in raw["relaxed"] if one["rule"] == "板块播自己的内容"}
    some = [
        day["slots"][n] for day, n in slots_of(raw) if day["slots"][n]["block"] == "技术" and day["date"] not in told
    ]
    if not some:
        return None
    one = dice.choice(some)
    made = county.facts.renditions[venue.profile].values()
    others = [it for it in made if it.series not in ("扶贫实用技术", one["series"]) and it.form != "公益广告"]
    other = dice.choice(others)
    one.update(lesson=other.lesson, title=other.title, series=other.series, form=other.form, sha256=other.sha256)
    one.update(file=f"renditions/{venue.profile}/{other.file}", why="")
    return Found(county.facts, raw, one["start"])


def unpinned(dice: Rng, county: County, venue: Venue, raw: Raw) -> Found | None:
    """The office pins a lesson that the plan does not show then."""
    one = pick(dice, raw)
    if one is None:
        return None
    at = datetime.fromisoformat(one["start"]).replace(tzinfo=None)
    pin = Pin(venue=venue.id, at=at, lesson="lesson-000" if one["lesson"] != "lesson-000" else "lesson-001")
    return Found(replace(county.facts, edits=Edits(pin=(pin,))), raw, one["start"])


def unpinned_behind_another(dice: Rng, county: County, venue: Venue, raw: Raw) -> Found | None:
    """The plan says of the same lesson that it could not be shown at another time."""
    found = unpinned(dice, county, venue, raw)
    if found:
        other = {"rule": "pin", "start": shift(found.at, -3600), "lesson": found.facts.edits.pin[0].lesson}
        raw["relaxed"].append({**other, "reason": "不开放"})
    return found


def swap_undone(dice: Rng, county: County, venue: Venue, raw: Raw) -> Found | None:
    """The office swaps two showings that stand where they stood."""
    some = [day for day in raw["days"] if len({one["lesson"] for one in day["slots"] if one["lesson"]}) > 2]
    if not some:
        return None
    slots = [one for one in dice.choice(some)["slots"] if one["lesson"]]
    one, other = slots[0], next(it for it in slots if it["lesson"] != slots[0]["lesson"])
    sides = [
        {"at": datetime.fromisoformat(it["start"]).replace(tzinfo=None), "lesson": it["lesson"]}
        for it in (one, other)
    ]
    if sides[0]["at"].date() != sides[1]["at"].date():
        return None
    swap = Swap.model_validate({"venue": venue.id, "first": sides[0], "second": sides[1]})
    return Found(replace(county.facts, edits=Edits(swap=(swap,))), raw, one["start"])


def _told(raw: Raw, rule: Soft) -> list[Raw]:
    return [one for one in raw["relaxed"] if one["rule"] == SOFT_NAMES[rule]]


def _forget(raw: Raw, rule: Soft) -> None:
    raw["relaxed"] = [one for one in raw["relaxed"] if one["rule"] != SOFT_NAMES[rule]]


def day_copied(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    """A day shows what another shows, second by second."""
    some = [n for n, day in enumerate(raw["days"]) if day["slots"] and all(one["lesson"] for one in day["slots"])]
    if len(some) < 2:
        return None
    first, second = sorted(dice.sample(some, 2))
    days = 86_400 * (second - first)
    raw["days"][second]["slots"] = [
        {**one, "start": shift(one["start"], days)} for one in raw["days"][first]["slots"]
    ]
    _forget(raw, "days_alike")
    return Found(county.facts, raw, raw["days"][second]["slots"][0]["start"])


def untold(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    """The plan no longer tells that a series follows itself."""
    some = _told(raw, "series_in_a_row")
    raw["relaxed"] = []
    return Found(county.facts, raw, dice.choice(some)["start"]) if some else None


def out_of_season(dice: Rng, county: County, venue: Venue, raw: Raw) -> Found | None:
    """A lesson of August in a block of what suits the season."""
    told = {one["start"][:10] for one in _told(raw, "blocks")}
    some = [
        it for day, n in slots_of(raw) if (it := day["slots"][n])["block"] == "农时" and it["start"][:10] not in told
    ]
    if not some:
        return None
    one = dice.choice(some)
    made = county.facts.renditions[venue.profile].values()
    other = dice.choice(
        [it for it in made if "8月" in county.facts.lessons[it.lesson].season and it.form != "公益广告"]
    )
    one.update(lesson=other.lesson, title=other.title, series=other.series, form=other.form, sha256=other.sha256)
    one.update(file=f"renditions/{venue.profile}/{other.file}", why="")
    return Found(county.facts, raw, one["start"])


def called_closed(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    some = [day for day in raw["days"] if day["windows"]]
    if not some:
        return None
    day = dice.choice(some)
    day["closed"] = "哀悼日"
    events = (one for one in day["slots"] if one["kind"] != "lesson")
    return Found(county.facts, raw, min(one["start"] for one in (*day["windows"], *events)))


def late_premiere(dice: Rng, county: County, venue: Venue, raw: Raw) -> Found | None:
    """A lesson was never shown here before, and comes outside the best hours."""
    past = county.pasts[venue.id, raw["week"]]
    told = {one["start"][:10] for one in _told(raw, "premieres")}
    firsts: dict[str, Raw] = {}
    for day, n in slots_of(raw):
        firsts.setdefault(day["slots"][n]["lesson"], day["slots"][n])
    some = [
        one
        for one in firsts.values()
        if one["start"][11:16] < "19:30"
        and one["start"][:10] not in told
        and one["lesson"] in past.last
        and not one["why"]
    ]
    if not some or venue.kind != "square":
        return None
    one = dice.choice(some)
    last = {lesson: at for lesson, at in past.last.items() if lesson != one["lesson"]}
    return Found(county.facts, raw, one["start"], past=replace(past, last=last))


def request_unmet(dice: Rng, county: County, venue: Venue, raw: Raw) -> Found | None:
    """Somebody asked for a lesson on the Sunday before."""
    shown = {day["slots"][n]["lesson"] for day, n in slots_of(raw)}
    left = sorted(county.facts.lessons.keys() - shown)
    if not left:
        return None
    monday = date.fromisoformat(raw["days"][0]["date"])
    asked = Request(venue=venue.id, lesson=dice.choice(left), on=monday - timedelta(days=1))
    due = wanted_week(venue, county.facts.calendar, raw["week"], county.facts.zone)[6]
    return Found(replace(county.facts, requests=(asked,)), raw, due.begins.isoformat(), past=Past())


def insert_unmarked(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    some = []
    for day in raw["days"]:
        since = 0
        for it in (one for one in day["slots"] if one["lesson"]):
            # One that came sooner than due is not missed.
            some += [it] if it["why"] == "insert" and since >= EVERY else []
            since = 0 if it["why"] == "insert" or since >= EVERY else since + 1
    if not some:
        return None
    one = dice.choice(some)
    one["why"] = ""
    return Found(county.facts, raw, one["start"])


def share_lost(_dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    """A series that should have two thirds of the week has nothing."""
    changed = [it for day, n in slots_of(raw) if (it := day["slots"][n])["series"] == "扶贫实用技术"]
    for one in changed:
        one["series"] = "乡村振兴之路"
    _forget(raw, "share")
    at = f"{raw['days'][0]['date']}T00:00:00+08:00"
    return Found(county.facts, raw, at) if changed else None


def shown_more(dice: Rng, county: County, venue: Venue, raw: Raw) -> Found | None:
    """A lesson was shown five times more than the others of its series before the week began."""
    past = county.pasts[venue.id, raw["week"]]
    if raw["week"] == WEEKS[0] or not past.last or not any(day["windows"] for day in raw["days"]):
        return None
    favoured = dice.choice(sorted(past.last))
    uses = {**past.uses, favoured: past.uses.get(favoured, 0) + 5}
    _forget(raw, "fresh")
    at = f"{raw['days'][0]['date']}T00:00:00+08:00"
    return Found(county.facts, raw, at, past=replace(past, uses=uses))
