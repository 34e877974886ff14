"""A county of squares, stations and centres with all kinds of hours, for the bench of the checker."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from click.testing import CliRunner

import cli
from courseware.lessons.rendition import describe, load_renditions
from courseware.lessons.workspace import Workspace, load_catalogue, open_workspace
from courseware.reviews.approval import load_approval
from courseware.reviews.work import ReviewRequest, approve, submit
from playlists.checking.facts import Facts, VenueWeek
from playlists.checking.people import Talk, talks_in
from playlists.checking.sheets import read_sheet
from playlists.checking.wanted import wanted_week
from playlists.files.calendar import load_calendar
from playlists.files.centres import load_centres, with_trainings
from playlists.files.edits import load_edits
from playlists.files.lecturers import load_lecturers, load_travel
from playlists.files.programmes import Programme, load_programmes, programme_for
from playlists.files.requests import load_requests, resolve
from playlists.files.venues import Venue, load_venues
from playlists.schedules.history import Past, open_ledger
from tests.playlists.factories import lesson, rendition

SEED = 20270201
VENUES = int(sys.argv[1]) if sys.argv[1:] else 200
# February 2027 begins on a Monday and has four weeks.
WEEKS = ("2027-W05", "2027-W06", "2027-W07", "2027-W08")
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


@dataclass(frozen=True)
class County:
    """What the breaches are made in."""

    workspace: Workspace
    facts: Facts
    venues: tuple[Venue, ...]
    programmes: tuple[Programme, ...]
    talks: tuple[Talk, ...]
    pasts: Mapping[tuple[str, str], Past]

    def raw(self, venue: Venue, week: str) -> Raw:
        path = self.workspace.schedules_dir / week / f"{venue.id}.json"
        found: Raw = json.loads(path.read_text(encoding="utf-8"))
        return found


def write_county(root: Path) -> None:
    """Squares, stations and centres with all kinds of hours, lessons, events, lecturers."""
    dice = random.Random(SEED)
    profiles = ", ".join(f'"{one}"' for one in PROFILES)
    write = {
        "yuanjiao.toml": (
            f'[office]\nname = "测试"\ncounty = "测试县"\n'
            f"[render]\nprofiles = [{profiles}]\n[review]\nrequired = true\nsteps = ['审定']\n"
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
        "requests.csv": "场所,课件,日期\n" + "".join(_request_rows(dice)),
        "lecturers.csv": "姓名,镇\n" + "".join(f"讲师{n:03},{TOWNS[n % len(TOWNS)]}\n" for n in range(LECTURERS)),
    }
    for name, content in write.items():
        (root / name).write_text(content, encoding="utf-8")
    for number in range(60):
        _write_lesson(root, number, dice.randint(60, 600))
    everything = ReviewRequest((), "李主任")
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


def _request_rows(dice: Rng) -> Iterator[str]:
    """What a few venues ask for in the second week."""
    for n in range(0, VENUES, 10):
        kind = "station" if n % 2 else "square"
        yield f"{kind}-{n:03},lesson-{dice.randrange(60):03},2027-02-08\n"


def _training_rows() -> Iterator[str]:
    """Twice a week at every centre."""
    for n, name in enumerate(CENTRES):
        for week in range(len(WEEKS)):
            for weekday in (2, 4):
                day, batch = week * 7 + weekday, week * 2 + weekday
                yield f"C{n},{batch},{name},大教室,2027-02-{day:02},09:{n * 10:02},60,40\n"


EVERY = 4  # as in the programme
_PROGRAMMES = """
[rules]
separation_minutes = 20
share = { "扶贫实用技术" = 2, "乡村振兴之路" = 1 }
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
name = "农时"
season = true
minutes = 10
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
    said += f'season = ["{"2月" if number % 4 == 1 else "8月"}"]\n'
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
    venues = load_venues(root / "venues.csv")[0]
    requests, _ = resolve(load_requests(root / "requests.csv")[0], tuple(facts.lessons.values()), venues)
    facts = replace(facts, requests=requests)
    with open_ledger(workspace.cache_dir) as ledger:
        pasts = {
            (one.id, week): ledger.past(one.id, week, facts.zone, facts.renditions[one.profile])
            for one in venues
            for week in WEEKS
        }
    county = County(workspace, facts, venues, load_programmes(root / "programmes.toml"), (), pasts)
    talks = (
        talk
        for venue in county.venues
        for week in WEEKS
        for own in (venue_week(county, facts, venue, week, county.raw(venue, week)),)
        for talk in talks_in(own.venue, own.sheet, facts)
    )
    return replace(county, talks=tuple(talks))


def venue_week(county: County, facts: Facts, venue: Venue, week: str, raw: Raw) -> VenueWeek:
    """What the rules look at."""
    sheet = read_sheet(venue.id, week, json.dumps(raw).encode(), facts.zone)
    wanted = wanted_week(venue, facts.calendar, week, facts.zone)
    own = programme_for(venue, county.programmes)
    return VenueWeek(venue, own, sheet, wanted, past=county.pasts.get((venue.id, week)))
