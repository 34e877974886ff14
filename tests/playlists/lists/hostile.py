"""A week of a venue whose every title is one that some format, player or sheet treats specially."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from playlists.lists.rundown import Airing, Kind, Rundown, later

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 23)
TITLES = (
    "如何配制波尔多液",
    "]]><!--&amp;<b>\"'",
    '=HYPERLINK("http://x")',
    "+1",
    "-o rm",
    "@cmd",
    "＝1+1",
    "a;b,c:d\\n|e",
    "第#1课 100%20",
    "'单引号'",
    "《已有书名号》",
    "BEGIN:VEVENT",
    "file '/etc/passwd'",
    "%5%abcde,length=1",
    "File1=x",
    "𠮷 e\u0301 😀.",
)


def airing(number: int, start: datetime, **changes: object) -> Airing:
    """A showing of lesson n, made for an LED screen."""
    values: dict[str, object] = {
        "title": TITLES[number],
        "seconds": 60 + number,
        "path": f"../../renditions/led-512x320/lesson-{number:03}.mp4",
        "lesson": f"lesson-{number:03}",
        "start": start,
        "series": "扶贫实用技术",
        "block": "技术",
    }
    return Airing(**(values | changes))  # type: ignore[arg-type]


def event(title: str, start: datetime, kind: Kind, note: str = "") -> Airing:
    """A lecture or an activity of half an hour."""
    return Airing(title, 1800, start=start, kind=kind, note=note)


def evening(day: date) -> tuple[Airing, ...]:
    """An ident, all titles, a lecture, and one lesson after midnight."""
    now = datetime(day.year, day.month, day.day, 18, 30, tzinfo=ZONE)
    shown = [airing(0, now, kind="ident", title="片头", seconds=8)]
    for number in range(len(TITLES)):
        last = shown[-1]
        assert last.start
        shown.append(airing(number, later(last.start, last.seconds)))
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(days=1)
    talk = event("农家夜话 <1>", midnight - timedelta(minutes=25), "lecture", "李老师")
    return (*shown, talk, airing(1, midnight + timedelta(minutes=10)))


def a_day(day: date = MONDAY) -> Rundown:
    """One evening."""
    title = f"江北 & 文化广场 {day}"
    return Rundown(str(day), title, evening(day), "square-01", "江北 & 文化广场", "江北镇", (day,))


def a_week() -> Rundown:
    """Two evenings."""
    days = (MONDAY, MONDAY + timedelta(days=1))
    airings = tuple(one for day in days for one in evening(day))
    return Rundown("2026-W48", "江北 & 文化广场 2026-W48", airings, "square-01", "江北 & 文化广场", "江北镇", days)


def a_window() -> Rundown:
    """What plays before the lecture."""
    return Rundown("2026-11-23_1830", "江北 & 文化广场 18:30", evening(MONDAY)[:-2], "square-01", days=(MONDAY,))


RUNDOWNS = {"window": a_window(), "day": a_day(), "week": a_week()}
