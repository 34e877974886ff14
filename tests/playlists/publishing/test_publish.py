from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from courseware.lessons.series import BUILT_IN_SERIES
from courseware.lessons.settings import Office
from playlists.publishing.digest import digest_week
from playlists.publishing.pages import page_rules, plan_venue
from playlists.publishing.publish import pages_at, unfilled
from playlists.schedules.causes import cause
from playlists.schedules.schedule import Day, Gap, Schedule, Slot, Window
from playlists.schedules.words import title_label
from templates.pages.looks import dump_html
from templates.pages.week import DayPage, Edition, VenuePage

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 23)
OFFICE = Office(name="汉滨区远教办", county="汉滨区", phone="0915-1234567")
RULES = page_rules("2026-W48", OFFICE, BUILT_IN_SERIES)
SKILLS, STORY = "扶贫实用技术", "我的扶贫故事"
EVENING = ((time(18, 30), time(20, 30)),)


def at(clock: time, day: int = 0, seconds: int = 0) -> datetime:
    return datetime.combine(MONDAY + timedelta(days=day), clock, ZONE) + timedelta(seconds=seconds)


def showings(
    start: datetime, count: int, seconds: int, titles: list[str], block: str = "", of: str = SKILLS
) -> list[Slot]:
    return [
        Slot(
            start=start + timedelta(seconds=number * seconds),
            seconds=seconds,
            kind="lesson",
            title=titles[number % len(titles)],
            block=block,
            lesson=titles[number % len(titles)],
            series=of,
        )
        for number in range(count)
    ]


def event(kind: Literal["lecture", "activity"], start: datetime, title: str, note: str = "") -> Slot:
    return Slot(start=start, seconds=1800, kind=kind, title=title, note=note)


def a_day(number: int, slots: list[Slot], windows: tuple[tuple[time, time], ...] = EVENING) -> Day:
    spans = tuple(Window(start=at(first, number), end=at(last, number)) for first, last in windows)
    return Day(date=MONDAY + timedelta(days=number), windows=spans, slots=tuple(slots))


def a_week(
    *days: Day,
    venue: str = "sq1",
    name: str = "人民广场",
    kind: Literal["square", "station", "centre"] = "square",
    gaps: tuple[Gap, ...] = (),
) -> Schedule:
    given = {day.date: day for day in days}
    dates = [MONDAY + timedelta(days=number) for number in range(7)]
    return Schedule(
        venue=venue,
        venue_name=name,
        kind=kind,
        town="城关镇",
        county="汉滨区",
        week="2026-W48",
        profile="station-tv",
        days=tuple(given.get(day, Day(date=day, windows=(), slots=())) for day in dates),
        gaps=gaps,
    )


def page_of(schedule: Schedule) -> VenuePage:
    return plan_venue(schedule, Edition(1, "2026年11月20日 15:30"), RULES)


def first_day(*slots: Slot, windows: tuple[tuple[time, time], ...] = EVENING) -> DayPage:
    return page_of(a_week(a_day(0, list(slots), windows))).days[0]


def test_a_long_loop_becomes_one_line_with_every_title_once() -> None:
    day = first_day(*showings(at(time(18, 30)), 80, 30, ["柑橘", "养蜂"], "黄金档"))
    (entry,) = day.entries
    assert (entry.time, entry.label, entry.looped, entry.showings) == ("18:30–19:10", "黄金档", True, 80)
    assert [(part.tag.name if part.tag else "", part.titles) for part in entry.parts] == [
        (SKILLS, ("《养蜂》", "《柑橘》"))
    ]
    assert len(day.showings) == 80
    assert day.showings[1].time == "18:30:30"


def test_what_only_fills_some_seconds_of_a_loop_is_not_named_in_its_line() -> None:
    loop = showings(at(time(18, 30)), 80, 30, ["柑橘", "养蜂"], "黄金档")
    (entry,) = first_day(*loop, *showings(at(time(19, 10)), 1, 15, ["广告"], "黄金档", STORY)).entries
    assert [part.titles for part in entry.parts] == [("《养蜂》", "《柑橘》")]


def test_a_few_long_lessons_are_listed_with_their_times() -> None:
    day = first_day(*showings(at(time(18, 30)), 3, 600, ["甲", "乙", "丙"], "课堂"))
    (entry,) = day.entries
    assert (entry.time, entry.label, entry.parts, entry.looped) == ("18:30–19:00", "课堂", (), False)
    assert [(one.time, one.title) for one in entry.singles] == [
        ("18:30", "《甲》"),
        ("18:40", "《乙》"),
        ("18:50", "《丙》"),
    ]


def test_a_week_of_too_many_showings_is_not_listed_one_by_one() -> None:
    titles = [f"课{n}" for n in range(24)]
    full = [a_day(n, showings(at(time(14), n), 24, 300, titles, "课堂"), ((time(14), time(16)),)) for n in range(7)]
    assert all(day.entries[0].singles for day in page_of(a_week(*full[:6])).days[:6])
    assert not any(entry.singles for day in page_of(a_week(*full)).days for entry in day.entries)


def test_a_loop_of_every_lesson_of_the_week_names_none() -> None:
    titles = ["甲", "乙", "丙", "丁"]
    days = [a_day(n, showings(at(time(18, 30), n), 80, 30, titles[: 4 - n], "轮播")) for n in range(2)]
    first, second = page_of(a_week(*days)).days[:2]
    assert (first.entries[0].whole, first.entries[0].titles, first.entries[0].parts) == (True, 4, ())
    assert (second.entries[0].whole, second.entries[0].parts[0].titles) == (False, ("《丙》", "《乙》", "《甲》"))


def test_the_list_of_the_week_has_every_lesson_once_by_series_with_its_length() -> None:
    skills = showings(at(time(18, 30)), 20, 95, ["柑橘", "养蜂"])
    others = showings(at(time(19, 10)), 20, 60, ["老张"], of=STORY) + showings(
        at(time(19, 40)), 1, 30, ["片花"], of=""
    )
    shelves = page_of(a_week(a_day(0, [*skills, *others]))).shelves
    found = {
        shelf.tag.name if shelf.tag else "": [(one.title, one.length) for one in shelf.lessons] for shelf in shelves
    }
    assert found == {
        STORY: [("《老张》", "1分钟")],
        SKILLS: [("《养蜂》", "1分35秒"), ("《柑橘》", "1分35秒")],
        "": [("《片花》", "30秒")],
    }
    assert list(found) == [STORY, SKILLS, ""]


def test_a_day_of_many_short_blocks_is_condensed_block_by_block() -> None:
    blocks = [showings(at(time(18, 30 + 10 * n)), 10, 60, ["甲", "乙"], f"第{n}档") for n in range(3)]
    day = first_day(*blocks[0], *blocks[1], *blocks[2])
    assert [entry.label for entry in day.entries] == ["第0档", "第1档", "第2档"]


def test_blocks_that_take_turns_are_one_line() -> None:
    slots = [
        slot
        for number in range(20)
        for slot in showings(at(time(18, 30), seconds=60 * number), 1, 60, ["甲"], "早" if number % 2 else "晚")
    ]
    (entry,) = first_day(*slots).entries
    assert (entry.label, entry.time) == ("晚、早", "18:30–18:50")


def test_a_lecture_cuts_the_block_and_stands_alone() -> None:
    before = showings(at(time(18, 30)), 80, 30, ["甲"], "黄金档")
    after = showings(at(time(19, 40)), 100, 30, ["甲"], "黄金档")
    day = first_day(*before, event("lecture", at(time(19, 10)), "政策解读", "王建国"), *after)
    assert [(entry.kind, entry.time) for entry in day.entries] == [
        ("lessons", "18:30–19:10"),
        ("lecture", "19:10–19:40"),
        ("lessons", "19:40–20:30"),
    ]
    assert day.entries[1].note == "王建国"


def test_two_windows_are_never_one_line() -> None:
    windows = ((time(9), time(9, 30)), (time(9, 30), time(10)))
    day = first_day(*showings(at(time(9)), 120, 30, ["甲"], "课堂"), windows=windows)
    assert [entry.time for entry in day.entries] == ["09:00–09:30", "09:30–10:00"]


def test_a_block_called_like_its_only_series_is_named_once() -> None:
    (entry,) = first_day(*showings(at(time(18, 30)), 80, 30, ["甲"], SKILLS)).entries
    assert entry.label == ""


def test_a_loop_of_many_titles_names_its_series_and_says_how_many() -> None:
    many = showings(at(time(18, 30)), 60, 30, [f"技术{n:02}" for n in range(30)], "综合")
    few = showings(at(time(19)), 20, 30, ["故事一", "故事二"], "综合", STORY)
    other_day = a_day(1, showings(at(time(18, 30), 1), 60, 30, ["别的"], "综合"))
    (entry,) = page_of(a_week(a_day(0, [*many, *few]), other_day)).days[0].entries
    assert (entry.titles, entry.more) == (32, True)
    assert [(part.tag.name if part.tag else "", part.titles) for part in entry.parts] == [(STORY, ()), (SKILLS, ())]


def test_printed_times_leave_seconds_off() -> None:
    day = first_day(*showings(at(time(18, 30), seconds=30), 2, 45, ["甲"]))
    assert day.entries[0].time == "约18:30"
    assert day.showings[1].time == "18:31:15"


def test_midnight_is_24_and_what_follows_is_the_next_day() -> None:
    late = showings(at(time(23)), 1, 3600, ["甲"]) + showings(at(time(0), 1), 1, 1800, ["乙"])
    windows = tuple(
        Window(start=at(first), end=end)
        for first, end in [(time(23), at(time(0), 1)), (time(23), at(time(0, 30), 1))]
    )
    day = Day(date=MONDAY, windows=windows, slots=tuple(late))
    page = page_of(a_week(day)).days[0]
    assert page.opening == ("23:00–24:00", "23:00–次日00:30")
    (entry,) = page.entries
    assert entry.time == "23:00–次日00:30"
    assert [one.time for one in entry.singles] == ["23:00", "次日00:00"]
    assert page.showings[1].time == "次日00:00:00"


def evening(number: int, titles: list[str], seconds: int = 30, start: time = time(18, 30)) -> Day:
    return a_day(number, showings(at(start, number), 80, seconds, titles, "黄金档"))


def test_days_that_look_the_same_are_printed_together_and_closed_days_last() -> None:
    # The loop of Thursday starts with another lesson; to a reader it is the same.
    week = a_week(evening(1, ["甲", "乙"]), evening(3, ["乙", "甲"]), evening(4, ["丙"]))
    assert [group.days for group in page_of(week).groups] == [(1, 3), (4,), (0, 2, 5, 6)]


def test_days_whose_blocks_differ_by_minutes_share_their_lines() -> None:
    week = a_week(evening(1, ["甲", "乙"]), evening(2, ["甲", "乙"], 32), evening(3, ["甲", "乙"], 36))
    together, apart, _ = page_of(week).groups
    assert (together.days, [entry.time for entry in together.entries]) == ((1, 2), ["18:30–约19:10"])
    assert (apart.days, [entry.time for entry in apart.entries]) == ((3,), ["18:30–约19:20"])


def test_days_that_share_their_lines_name_what_is_on_all_of_them() -> None:
    week = a_week(
        evening(1, ["甲", "乙", "丙", "丁"]),
        evening(2, ["甲", "乙", "丙"]),
        evening(3, ["甲", "乙"]),
        evening(4, list("戊己庚")),
    )
    groups = page_of(week).groups
    assert [group.days for group in groups] == [(1, 2), (3,), (4,), (0, 5, 6)]
    assert groups[0].entries[0].parts[0].titles == ("《丙》", "《乙》", "《甲》")


def test_a_lecture_at_another_time_is_never_shared() -> None:
    def with_lecture(number: int, minute: int) -> Day:
        return a_day(number, [event("lecture", at(time(19, minute), number), "政策解读")])

    groups = page_of(a_week(with_lecture(0, 0), with_lecture(1, 0), with_lecture(2, 2))).groups
    assert [group.days for group in groups] == [(0, 1), (2,), (3, 4, 5, 6)]


@pytest.mark.parametrize(("kind", "word"), [("square", "不播放"), ("station", "不安排播放"), ("centre", "无课")])
def test_a_closed_day_says_so(kind: Literal["square", "station", "centre"], word: str) -> None:
    week = a_week(a_day(0, showings(at(time(18, 30)), 1, 60, ["甲"])), a_day(2, []), kind=kind)
    assert [day.empty for day in page_of(week).days[:3]] == ["", word, "暂无节目"]


@pytest.mark.parametrize(("said", "printed"), [("哀悼日", "无课（哀悼日）"), ("休息", "无课"), ("", "无课")])
def test_a_closed_day_says_why_where_the_calendar_does(said: str, printed: str) -> None:
    shut = a_day(2, [], ()).model_copy(update={"closed": said})
    page = page_of(a_week(a_day(0, showings(at(time(18, 30)), 1, 60, ["甲"])), shut, kind="centre"))
    assert page.days[2].empty == printed
    assert printed in [group.empty for group in page.groups]


def test_a_week_in_brief_has_a_line_for_each_window_and_each_event() -> None:
    def evening_with(number: int, *events: Slot) -> Day:
        first = showings(at(time(18, 30), number), 80, 30, ["甲"], "技术")
        rest = showings(at(time(19, 40), number), 100, 30, ["乙"], "故事")
        return a_day(number, [*first, *events, *rest])

    held = event("lecture", at(time(19, 10), 2), "政策解读")
    together, apart, _ = page_of(a_week(evening_with(0), evening_with(1), evening_with(2, held))).brief
    assert (together.label, [(one.time, one.label) for one in together.entries]) == (
        "星期一、星期二",
        [("18:30–20:30", "技术、故事")],
    )
    assert [(one.kind, one.time) for one in apart.entries] == [("lessons", "18:30–20:30"), ("lecture", "19:10–19:40")]


def test_a_lesson_that_the_venue_never_had_is_new_with_its_first_time_on_each_day() -> None:
    days = [a_day(n, showings(at(time(18, 30), n), 8, 600, ["旧", "新"])) for n in range(5)]
    digest = digest_week(a_week(*days), frozenset({"旧"}))
    (fresh,) = [one for one in digest.lessons if one.fresh]
    assert (fresh.title, fresh.times, fresh.more) == ("新", ("星期一 18:40", "星期二 18:40", "星期三 18:40"), 17)
    assert not any(one.fresh for one in digest_week(a_week(*days), None).lessons)


def test_pages_of_a_venue_are_found_and_no_others(tmp_path: Path) -> None:
    for name in ("sq1.html", "sq1.pdf", "sq1.png", "sq2.html", "county.pdf", "index.html", "sq1.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    found = pages_at(tmp_path, ["sq1", "county", "index", "../sq2", "sq9"])
    assert sorted(path.name for path in found) == ["sq1.html", "sq1.pdf", "sq1.png"]


def test_a_training_is_called_a_training_and_no_activity() -> None:
    training = event("activity", at(time(19, 0)), "培训：核桃修剪", "大教室")
    page = page_of(a_week(a_day(0, [training])))
    (entry,) = page.days[0].entries
    assert (entry.label, entry.parts[0].titles) == ("培训", ("核桃修剪",))
    assert [(one.label, one.title) for one in page.events] == [("培训", "核桃修剪")]
    assert title_label(training) == "培训：核桃修剪"


def test_gaps_are_kept_for_the_office_and_not_published() -> None:
    gap = Gap(start=at(time(20, 29), seconds=50), seconds=10, reason=cause("no_sum", seconds=10))
    week = a_week(a_day(0, showings(at(time(18, 30)), 100, 30, ["甲"])), gaps=(gap,))
    (problem,) = unfilled([digest_week(week, None)])
    assert problem.render(str).startswith(
        "sq1 2026-11-23 20:29:50: 10 seconds stay empty: no lessons fill it exactly"
    )
    assert "no_sum" not in dump_html(page_of(week))
