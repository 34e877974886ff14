"""What the checker finds, and what it does not invent: python -m tests.bench.bench_checker.

Plans a county of 200 venues for a month with the commands, expects no alarm, then breaks 1,000 things, one at a time,
and asks whether each is reported at the right venue and minute. Seeded, so that two runs differ in nothing but time.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from click.testing import CliRunner

import cli
from courseware.rendition import describe, load_renditions
from courseware.reviews.approval import Approval, load_approval
from courseware.reviews.work import Order, approve, submit
from courseware.workspace import Workspace, load_catalogue, open_workspace
from playlists.checking.checker import Breach, check_schedules, check_talks, check_week
from playlists.checking.facts import Facts, VenueWeek
from playlists.checking.people import Talk, talks_in
from playlists.checking.sheets import read_sheet
from playlists.checking.wanted import wanted_week
from playlists.files.calendar import load_calendar
from playlists.files.centres import load_centres, with_trainings
from playlists.files.edits import Edits, Never, Pin, load_edits
from playlists.files.lecturers import load_lecturers, load_travel
from playlists.files.programmes import Programme, load_programmes, programme_for
from playlists.files.venues import Venue, load_venues
from tests.playlists.factories import lesson, rendition

SEED = 20270201
VENUES = 200
BREACHES = 1000
MOST_TRIES = 1000
# February 2027 begins on a Monday and has four weeks.
MONTH, WEEKS = "2027-02", ("2027-W05", "2027-W06", "2027-W07", "2027-W08")
PROFILES = ("led-512x320", "station-tv")
TOWNS = ("江北镇", "双河镇", "汉阳镇", "铁佛寺镇")
SQUARE_HOURS = (
    "每天 18:30-20:30",
    "每天 19:00-20:30",
    "周一至周五 19:00-20:30; 周六、周日 09:00-10:30, 18:30-21:00",
)
STATION_HOURS = ("每天 14:30-16:30", "每天 22:30-00:30", "每天 08:00-09:00, 19:00-20:00")
STUDY_DAYS = ("", "周四", "逢六", "每月5日", "第二个周六", "农历逢三六九")
LECTURERS = 130
CENTRES = tuple(f"centre-{n:02}" for n in range(4))

Raw = dict[str, Any]
Rng = random.Random


class Found(NamedTuple):
    """A breach that was made: what the checker is given then, and the instant at which it must speak."""

    facts: Facts
    raw: Raw
    at: str
    also: tuple[Talk, ...] = ()


@dataclass(frozen=True)
class County:
    """What the breaches are made in."""

    workspace: Workspace
    facts: Facts
    venues: tuple[Venue, ...]
    programmes: tuple[Programme, ...]
    talks: tuple[Talk, ...]

    def raw(self, venue: Venue, week: str) -> Raw:
        path = self.workspace.schedules_dir / week / f"{venue.id}.json"
        found: Raw = json.loads(path.read_text(encoding="utf-8"))
        return found


def write_county(root: Path) -> None:
    """Squares, stations and centres with all kinds of hours, lessons, events, lecturers."""
    dice = random.Random(SEED)  # noqa: S311  (the same county every time)
    profiles = ", ".join(f'"{one}"' for one in PROFILES)
    write = {
        "yuanjiao.toml": (
            f'[office]\nname = "测试"\ncounty = "测试县"\n'
            f"[render]\nprofiles = [{profiles}]\n[review]\nrequired = true\n"
        ),
        "venues.csv": "".join(_venue_rows(dice)),
        "programmes.toml": _PROGRAMMES,
        "edits.toml": _EDITS,
        "calendar.toml": _CALENDAR,
        "obligations.toml": "reviewed = true\n",
        "rooms.csv": "中心,教室,座位数\n" + "".join(f"{one},大教室,60\n" for one in CENTRES),
        "courses.csv": "编号,名称,人数,起,止\n"
        + "".join(f"C{n},果树修剪{n},40,2027-02-01,2027-02-28\n" for n in range(len(CENTRES))),
        "trainings.csv": "课程,批次,中心,教室,日期,时间,分钟,人数\n" + "".join(_training_rows()),
        "lecturers.csv": "姓名,镇\n" + "".join(f"讲师{n:03},{TOWNS[n % len(TOWNS)]}\n" for n in range(LECTURERS)),
    }
    for name, content in write.items():
        (root / name).write_text(content, encoding="utf-8")
    for number in range(60):
        _write_lesson(root, number, dice.randint(60, 600))
    everything = Order((), "李主任")
    submit(open_workspace(root), everything)
    approve(open_workspace(root), everything)


def _venue_rows(dice: Rng) -> Iterator[str]:
    yield "编号,名称,类型,镇,屏幕,开放时段,固定学习日\n"
    for n in range(VENUES):
        town = TOWNS[n % len(TOWNS)]
        if n % 2:
            hours, days = dice.choice(STATION_HOURS), dice.choice(STUDY_DAYS)
            yield f'station-{n:03},站点{n},站点,{town},1920x1080,"{hours}",{days}\n'
        else:
            yield f'square-{n:03},广场{n},广场,{town},512x320,"{dice.choice(SQUARE_HOURS)}",\n'
    for n, name in enumerate(CENTRES):
        yield f"{name},培训中心{n},培训中心,{TOWNS[n]},1920x1080,每天 09:00-11:00,\n"


def _training_rows() -> Iterator[str]:
    """Twice a week at every centre."""
    for n, name in enumerate(CENTRES):
        for week in range(len(WEEKS)):
            for weekday in (2, 4):
                day, batch = week * 7 + weekday, week * 2 + weekday
                yield f"C{n},{batch},{name},大教室,2027-02-{day:02},09:{n * 10:02},60,40\n"


_PROGRAMMES = """
[rules]
separation_minutes = 20
[[programme]]
id = "square"
kind = "广场"
repeat_gap_minutes = 60
insert_every = 4
[[programme.block]]
name = "技术"
series = ["扶贫实用技术"]
minutes = 30
[[programme.block]]
name = "故事"
series = ["我的扶贫故事", "我的脱贫之路"]
at = "19:40"
minutes = 20
[[programme.block]]
name = "轮播"
[[programme.variant]]
when = "周末"
[[programme.variant.block]]
name = "周末"
[[programme]]
id = "station"
kind = ["站点", "培训中心"]
[[programme.block]]
name = "集中学习"
"""

_EDITS = """
[[never]]
lesson = "lesson-007"
venues = ["square-002", "station-003"]
[[pin]]
venue = "square-004"
at = 2027-02-04T19:05:00
lesson = "lesson-009"
"""

_CALENDAR = """
[[market]]
venues = "*"
days = "农历逢三六九"
[[lecture]]
title = "农家夜话"
venues = "广场"
weekday = "周三"
at = "19:15"
minutes = 20
[[activity]]
title = "露天电影"
venues = "广场"
monthly = "第二个周六"
at = "19:10"
minutes = 40
[[activity]]
title = "春节联欢"
venues = "广场"
date = 2027-02-10
at = "19:05"
minutes = 30
[[closed]]
venues = "站点"
from = 2027-02-16
to = 2027-02-17
reason = "考试"
[[closed]]
venues = "广场"
from = 2027-02-23
to = 2027-02-23
hours = "19:30-19:50"
reason = "考试"
"""


def _write_lesson(root: Path, number: int, seconds: int) -> None:
    one = lesson(number)
    folder = root / "courseware" / one.id
    folder.mkdir(parents=True)
    (folder / "x.mp4").write_bytes(b"raw")
    said = f'title = "{one.title}"\nseries = "{one.series}"\nform = "{one.form}"\nreviewer = "李主任"\n'
    (folder / "lesson.toml").write_text(said, encoding="utf-8")
    for profile in PROFILES:
        made = root / "renditions" / profile
        made.mkdir(parents=True, exist_ok=True)
        (made / f"{one.id}.mp4").write_bytes(b"%d" % number)
        size = {"width": 1920, "height": 1080} if profile == "station-tv" else {}
        describe(rendition(one, seconds, profile, b"%d" % number).model_copy(update=size), made)


def run(root: Path, *arguments: str) -> None:
    """A command that must not fail."""
    result = CliRunner().invoke(cli.main, ["--lang", "en", *arguments, "--workspace", str(root)])
    if result.exit_code:
        raise SystemExit(result.output)


def load_county(root: Path) -> County:
    """The same as the checker loads."""
    workspace = open_workspace(root)
    facts = Facts(
        workspace.settings.zone,
        with_trainings(load_calendar(root / "calendar.toml"), load_centres(root)[0]),
        {one.id: one for one in load_catalogue(workspace).lessons},
        {profile: load_renditions(workspace.renditions_dir, profile) for profile in PROFILES},
        reviewed=True,
        approval=load_approval(workspace),
        lecturers={one.name: one for one in load_lecturers(root / "lecturers.csv")[0]},
        edits=load_edits(root / "edits.toml"),
        travel=load_travel(root / "travel.csv")[0],
    )
    county = County(
        workspace, facts, load_venues(root / "venues.csv")[0], load_programmes(root / "programmes.toml"), ()
    )
    talks = (
        talk
        for venue in county.venues
        for week in WEEKS
        for talk in talks_in(venue_week(county, facts, venue, week, county.raw(venue, week)), facts)
    )
    return replace(county, talks=tuple(talks))


def venue_week(county: County, facts: Facts, venue: Venue, week: str, raw: Raw) -> VenueWeek:
    """What the rules look at."""
    sheet = read_sheet(venue.id, week, json.dumps(raw).encode(), facts.zone)
    wanted = wanted_week(venue, facts.calendar, week, facts.zone)
    return VenueWeek(venue, programme_for(venue, county.programmes), sheet, wanted)


# --- what can go wrong: each makes one breach in a week, or returns None where the week has nothing to break ---

Break = Callable[[Rng, County, Venue, Raw], Found | None]


def _slots(raw: Raw, kind: str = "lesson") -> list[tuple[Raw, int]]:
    return [(day, n) for day in raw["days"] for n, one in enumerate(day["slots"]) if one["kind"] == kind]


def _pick(dice: Rng, raw: Raw, kind: str = "lesson") -> Raw | None:
    some = _slots(raw, kind)
    if not some:
        return None
    day, number = dice.choice(some)
    found: Raw = day["slots"][number]
    return found


def _shift(at: str, seconds: int) -> str:
    return (datetime.fromisoformat(at) + timedelta(seconds=seconds)).isoformat()


def edited(**changes: Any) -> Break:
    """One showing is edited."""

    def apply(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
        one = _pick(dice, raw)
        if one is None:
            return None
        one.update({key: value(one) if callable(value) else value for key, value in changes.items()})
        return Found(county.facts, raw, one["start"])

    return apply


def dropped(kind: str) -> Break:
    """One showing or event is gone."""

    def apply(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
        one = _pick(dice, raw, kind)
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
            one["start"] = _shift(one["start"], 86_400)
            if "end" in one:
                one["end"] = _shift(one["end"], 86_400)
    return Found(county.facts, raw, dice.choice([at, _shift(at, 86_400)]))


def overlapping(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    some = [(day, n) for day, n in _slots(raw) if n]
    if not some:
        return None
    day, number = dice.choice(some)
    one, before = day["slots"][number], day["slots"][number - 1]
    if _shift(before["start"], before["seconds"]) != one["start"]:
        return None
    one["start"] = _shift(one["start"], -dice.randint(1, 50))
    return Found(county.facts, raw, one["start"])


def late(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    """Something plays after closing time."""
    some = [day for day in raw["days"] if day["slots"] and day["slots"][-1]["kind"] == "lesson"]
    if not some:
        return None
    slots = dice.choice(some)["slots"]
    again = {**slots[0], "start": _shift(slots[-1]["start"], slots[-1]["seconds"])}
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
    one["start"] = _shift(one["start"], dice.randint(1, 50))
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
        one = _pick(dice, raw, kind)
        if one is None:
            return None
        was = one["start"]
        one["start"] = _shift(was, 60 * dice.choice([-10, -5, 5, 10, 30]))
        return Found(county.facts, raw, was)

    return apply


def _follows(earlier: Raw, later: Raw) -> bool:
    """Whether it begins when the lesson before it ends, not in another window of the day."""
    return bool(earlier["kind"] == "lesson" and _shift(earlier["start"], earlier["seconds"]) == later["start"])


def repeated(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    """A lesson again after the one that followed it."""
    some = [(day, n) for day, n in _slots(raw) if n and _follows(day["slots"][n - 1], day["slots"][n])]
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
        one = _pick(dice, raw)
        if one is None:
            return None
        lessons = dict(county.facts.lessons)
        lessons[one["lesson"]] = lessons[one["lesson"]].model_copy(update=changes)
        return Found(replace(county.facts, lessons=lessons), raw, one["start"])

    return apply


def rendition_changed(**changes: Any) -> Break:
    """The file is not what it was; without changes, it is gone."""

    def apply(dice: Rng, county: County, venue: Venue, raw: Raw) -> Found | None:
        one = _pick(dice, raw)
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
    one = _pick(dice, raw)
    if one is None or county.facts.approval.contents is None:
        return None
    left = county.facts.approval.contents - {one["sha256"]}
    return Found(replace(county.facts, approval=Approval(left)), raw, one["start"])


def untrained(dice: Rng, county: County, venue: Venue, raw: Raw) -> Found | None:
    return dropped("activity")(dice, county, venue, raw) if venue.kind == "centre" else None


def forbidden(dice: Rng, county: County, venue: Venue, raw: Raw) -> Found | None:
    one = _pick(dice, raw)
    if one is None:
        return None
    never = Never.model_validate({"lesson": one["lesson"], "venues": venue.id})
    return Found(replace(county.facts, edits=Edits(never=(never,))), raw, one["start"])


def foreign(dice: Rng, county: County, venue: Venue, raw: Raw) -> Found | None:
    """A lesson in a block that does not ask for it."""
    told = {one["start"][:10] for one in raw["relaxed"] if one["rule"] == "板块播自己的内容"}
    some = [
        day["slots"][n] for day, n in _slots(raw) if day["slots"][n]["block"] == "技术" and day["date"] not in told
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
    one = _pick(dice, raw)
    if one is None:
        return None
    at = datetime.fromisoformat(one["start"]).replace(tzinfo=None)
    pin = Pin(venue=venue.id, at=at, lesson="lesson-000" if one["lesson"] != "lesson-000" else "lesson-001")
    return Found(replace(county.facts, edits=Edits(pin=(pin,))), raw, one["start"])


def header(dice: Rng, county: County, _venue: Venue, raw: Raw) -> Found | None:
    raw.update(dice.choice([{"week": "2027-W20"}, {"venue": "square-999"}, {"profile": "wechat"}]))
    return Found(county.facts, raw, raw["days"][0]["date"] + "T00:00:00+08:00")


def lecturer_elsewhere(minutes: int) -> Break:
    """The lecturer of another square is said to speak here as well, so long after the lecture there ends."""

    def apply(dice: Rng, county: County, venue: Venue, raw: Raw) -> Found | None:
        one = _pick(dice, raw, "lecture")
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
BREAKS: dict[str, tuple[Break, str]] = {
    "day deleted": (day_deleted, "days-missing"),
    "day emptied": (day_emptied, "unfilled"),
    "study day moved": (day_moved, "closed unfilled"),
    "lesson deleted": (dropped("lesson"), "unfilled"),
    "lecture deleted": (dropped("lecture"), "event-missing"),
    "activity deleted": (dropped("activity"), "event-missing"),
    "lecture moved": (moved("lecture"), "event-missing"),
    "activity moved": (moved("activity"), "event-missing"),
    "overlap": (overlapping, "overlap"),
    "after closing time": (late, "closed"),
    "closing time crossed": (across, "closed"),
    "wrong order": (swapped, "order"),
    "shown again too soon": (repeated, "separation"),
    "unknown lesson": (edited(lesson="lesson-999"), "unknown"),
    "lesson cut": (edited(seconds=lambda one: one["seconds"] - 9), "cut"),
    "wrong canvas": (edited(file=_reshaped), "canvas"),
    "wrong title": (edited(title="别的题目"), "description"),
    "other content": (edited(sha256="0" * 64), "file-changed"),
    "unreadable slot": (edited(seconds=-1), "file"),
    "unapproved lesson": (lesson_changed(reviewer=""), "unapproved"),
    "approval taken back": (taken_back, "unapproved"),
    "training deleted": (untrained, "event-missing"),
    "expired lesson": (lesson_changed(valid_until=date(2027, 1, 31)), "expired"),
    "lesson not yet valid": (lesson_changed(valid_from=date(2027, 3, 1)), "expired"),
    "file missing": (rendition_changed(), "file-missing"),
    "file made anew": (rendition_changed(sha256="f" * 64), "file-changed"),
    "picture of another size": (rendition_changed(width=640, height=480), "canvas"),
    "forbidden by hand": (forbidden, "forbidden"),
    "lesson of another block": (foreign, "block"),
    "pin not kept": (unpinned, "pin"),
    "wrong venue, week or screen": (header, "header"),
    "lecturer in two places": (lecturer_elsewhere(0), "two-places"),
    "lecturer without time for the way": (lecturer_elsewhere(40), "two-places"),
}


def check(county: County, venue: Venue, week: str, found: Found) -> tuple[Breach, ...]:
    """All that the checker says."""
    one = venue_week(county, found.facts, venue, week, found.raw)
    talks = (*talks_in(one, found.facts), *found.also)
    return (*check_week(one, found.facts), *check_talks(talks, found.facts))


def is_reported(breaches: tuple[Breach, ...], venue: Venue, at: str, rules: str) -> bool:
    """By one of the rules, at the right venue and minute."""
    minute = datetime.fromisoformat(at).replace(second=0)
    right = (one for one in breaches if one.venue == venue.id and one.rule in rules.split())
    return any(one.at.replace(second=0) == minute for one in right)


def inject(county: County) -> Iterator[tuple[str, bool]]:
    """One breach after another: its kind, and whether it was reported."""
    dice = random.Random(SEED)  # noqa: S311
    names = list(BREAKS)
    for number in range(BREACHES):
        name = names[number % len(names)]
        make, rules = BREAKS[name]
        for _ in range(MOST_TRIES):
            venue, week = dice.choice(county.venues), dice.choice(WEEKS)
            found = make(dice, county, venue, county.raw(venue, week))
            if found:
                yield name, is_reported(check(county, venue, week, found), venue, found.at, rules)
                break
        else:
            raise SystemExit(f"no week has anything to break: {name}")


def say(line: str) -> None:
    """A line of the result."""
    sys.stdout.write(line + "\n")


def bench_clean(root: Path) -> None:
    """Plan a month for every venue, and look for faults where none are."""
    write_county(root)
    for week in WEEKS:
        run(root, "schedule", "plan", "--week", week)
        began = perf_counter()
        run(root, "schedule", "lecturers", "--week", week)
        say(f"{week}: lecturers assigned in {perf_counter() - began:.2f} s")
    began = perf_counter()
    report = check_schedules(open_workspace(root), WEEKS)
    elapsed = perf_counter() - began
    alarms = Counter(one.rule for one in report.breaches)
    unkept = Counter(one.obligation.name for one in report.findings if one.verdict == "fail")
    say(f"{VENUES} clean months: {alarms.total()} alarms {dict(alarms)}, {elapsed:.1f} s; not kept: {dict(unkept)}")
    for one in report.breaches[:5]:
        say(one.problem.render(str))


def bench_breaches(county: County) -> None:
    """Break one thing at a time, and count what is seen."""
    began = perf_counter()
    results = list(inject(county))
    elapsed = perf_counter() - began
    kinds, hits = Counter(name for name, _ in results), Counter(name for name, hit in results if hit)
    for name in BREAKS:
        say(f"  {name:<36} {hits[name]:4} of {kinds[name]:4}")
    share = hits.total() / len(results)
    say(f"{hits.total()} of {len(results)} breaches of {len(kinds)} kinds reported: {share:.2%}, {elapsed:.1f} s")


def main() -> None:
    """Plan, check, break, report."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        bench_clean(root)
        county = load_county(root)
        say(f"{len(county.talks)} lectures have a lecturer")
        bench_breaches(county)


if __name__ == "__main__":
    main()
