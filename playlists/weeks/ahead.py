"""A month, a quarter or a year of plans: what is planned of each week, and how far the obligations are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.files import write_bytes, write_text
from courseware.lessons.lesson import Lesson
from courseware.lessons.workspace import Workspace
from playlists.almanac.days import plain, week_of
from playlists.almanac.typed import month_typed
from playlists.checking.wanted import closed_reason, wanted_windows
from playlists.county.county import County, load_county
from playlists.duties.keeping import Books, DutyFinding, judge, looked_at, period_of
from playlists.duties.kinds.kind import DayCount, count_day
from playlists.duties.obligations import VERDICTS, Obligation, Verdict
from playlists.files.centres import people_at
from playlists.files.venues import Venue
from playlists.publishing.wording import date_label, week_label
from playlists.schedules.revisions import latest
from playlists.schedules.schedule import Day, Schedule, load_schedule
from templates.pages.report import PrintedTable, ReportPage, dump_report_html, make_report_pdf

_PERIODS = {"day": "每天", "week": "每周", "month": "每月", "quarter": "每季度", "year": "每年"}
_QUARTERS = "一二三四"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days that are looked at: "2027年2月", and "2027-02" for names of files."""

    label: str
    slug: str
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class WeekAhead:
    """A week as far as it lies in the stretch.

    Attributes:
        planned, venues: how many venues are planned, of how many.
        edition: the number of its last publication; 0 for a week that is not published.
        seconds: that are open; lessons are counted once.
    """

    week: str
    planned: int
    venues: int
    edition: int
    seconds: int
    lessons: int
    lectures: int
    activities: int


@dataclass(frozen=True, slots=True)
class DutyProgress:
    """An obligation in the stretch: of how many periods of venues it is kept, not kept, or not known yet."""

    name: str
    period: str
    verdicts: Mapping[Verdict, int]


@dataclass(frozen=True, slots=True)
class PlanAhead:
    """All that is said of a stretch.

    Attributes:
        findings: of every venue, what the duties count.
    """

    stretch: Stretch
    weeks: tuple[WeekAhead, ...]
    duties: tuple[DutyProgress, ...]
    findings: tuple[DutyFinding, ...]


def stretch_typed(month: str, quarter: str, year: str, today: date) -> Stretch:
    """The stretch as a person typed it: one of the three.

    Raises:
        InputError: not one of them, or not such a period.
    """
    if sum(map(bool, (month, quarter, year))) != 1:
        raise InputError(Problem("schedule show", text("name one of --month, --quarter and --year")))
    if month:
        days = month_typed(month, today)
        return Stretch(f"{days[0].year}年{days[0].month}月", f"{days[0]:%Y-%m}", days)
    return _quarter(quarter, today) if quarter else _year(year, today)


def _quarter(typed: str, today: date) -> Stretch:
    said = plain(typed).upper().replace("年", "-").replace("第", "").replace("季度", "")
    number, year = (today.month + 2) // 3, today.year
    if said not in ("本", "这", ""):
        head, _, tail = said.rpartition("-")
        wanted = str(_QUARTERS.find(tail) + 1) if tail in _QUARTERS else tail.removeprefix("Q")
        if wanted not in ("1", "2", "3", "4") or not (head or str(year)).isdecimal() or len(head) not in (0, 4):
            what = text("“{quarter}” is not a quarter; write 2027-Q1 or 本季度", quarter=typed)
            raise InputError(Problem("--quarter", what))
        number, year = int(wanted), int(head or year)
    span = period_of("quarter", date(year, 3 * number, 1))
    return Stretch(f"{year}年第{_QUARTERS[number - 1]}季度", f"{year}-Q{number}", _days(*span))


def _year(typed: str, today: date) -> Stretch:
    said = plain(typed).removesuffix("年")
    if said in ("今", "本"):
        said = str(today.year)
    if not (said.isdecimal() and len(said) == 4):  # noqa: PLR2004  (digits of a year)
        raise InputError(Problem("--year", text("“{year}” is not a year; write 2027 or 今年", year=typed)))
    return Stretch(f"{said}年", said, _days(*period_of("year", date(int(said), 1, 1))))


def _days(first: date, last: date) -> tuple[date, ...]:
    return tuple(date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))


def look_ahead(workspace: Workspace, stretch: Stretch) -> PlanAhead:
    """What is planned in a stretch.

    Raises:
        InputError: no venue can be used.
    """
    county = load_county(workspace)
    if not county.venues:
        raise InputError(*county.faults_of("venues.csv"))
    owed = county.duties.all
    first, last = looked_at(owed, stretch.days)
    plans = _Plans(workspace, county, _days(first, last))
    weeks = tuple(_week(plans, week, stretch) for week in dict.fromkeys(map(week_of, stretch.days)))
    findings = tuple(_findings(plans, stretch))
    return PlanAhead(stretch, weeks, tuple(_progress(owed, findings)), findings)


class _Plans:
    """The planned weeks, read once each."""

    def __init__(self, workspace: Workspace, county: County, days: Sequence[date]) -> None:
        self.workspace, self.county = workspace, county
        self.weeks = tuple(dict.fromkeys(map(week_of, days)))
        self._read: dict[str, tuple[Schedule, ...]] = {}

    def of_week(self, week: str) -> tuple[Schedule, ...]:
        """The venues' weeks that can be read."""
        if week not in self._read:
            paths = (self.workspace.schedules_dir / week / f"{one.id}.json" for one in self.county.venues)
            self._read[week] = tuple(_readable(path for path in paths if path.is_file()))
        return self._read[week]

    def counts(self) -> Mapping[str, dict[date, DayCount]]:
        """Venue → day → what it holds."""
        found: dict[str, dict[date, DayCount]] = {venue.id: {} for venue in self.county.venues}
        for week in self.weeks:
            for schedule in self.of_week(week):
                days = {day.date: count_day(day.windows, day.slots) for day in schedule.days}
                found[schedule.venue].update(days)
        return found


def _readable(paths: Iterator[Path]) -> Iterator[Schedule]:
    for path in paths:
        try:
            yield load_schedule(path)
        except InputError:  # `schedule check` names it
            continue


def _week(plans: _Plans, week: str, stretch: Stretch) -> WeekAhead:
    schedules, inside = plans.of_week(week), set(stretch.days)
    days: list[Day] = [day for one in schedules for day in one.days if day.date in inside]
    slots = [slot for day in days for slot in day.slots]
    revision = latest(plans.workspace.schedules_dir, week)
    return WeekAhead(
        week=week,
        planned=len(schedules),
        venues=len(plans.county.venues),
        edition=revision.number if revision else 0,
        seconds=sum(window.seconds for day in days for window in day.windows),
        lessons=len({slot.lesson for slot in slots if slot.lesson and not slot.is_bare}),
        lectures=sum(slot.kind == "lecture" for slot in slots),
        activities=sum(slot.kind == "activity" for slot in slots),
    )


def _findings(plans: _Plans, stretch: Stretch) -> Iterator[DutyFinding]:
    """Each obligation at each venue, in the periods that lie in the stretch."""
    county, counts = plans.county, plans.counts()
    lessons = {one.id: one for one in county.catalogue.lessons}
    for venue in county.venues:
        books = _books(plans, venue, counts[venue.id], stretch.days[-1], lessons)
        yield from judge(county.duties.all, venue, books, stretch.days)


def _progress(owed: Sequence[Obligation], findings: Sequence[DutyFinding]) -> Iterator[DutyProgress]:
    """Each obligation, over all venues and periods."""
    found: dict[str, Counter[Verdict]] = {one.name: Counter() for one in owed}
    for finding in findings:
        found[finding.obligation.name][finding.verdict] += 1
    for obligation in owed:
        yield DutyProgress(obligation.name, _PERIODS[obligation.period], found[obligation.name])


def _books(
    plans: _Plans, venue: Venue, counts: Mapping[date, DayCount], last: date, lessons: Mapping[str, Lesson]
) -> Books:
    """What is known of a venue, as `schedule check` judges it."""
    calendar, zone = plans.county.calendar, plans.workspace.settings.zone
    return Books(
        counts,
        people_at(venue.id, plans.county.centres.trainings),
        lambda day: closed_reason(calendar, venue, day),
        cache(lambda day: bool(wanted_windows(venue, calendar, day, zone))),
        last,
        lessons,
    )


def plan_ahead_page(found: PlanAhead, office: str, county: str, today: date) -> ReportPage:
    """The stretch as a page and a poster."""
    kept = sum(one.verdicts.get("pass", 0) for one in found.duties)
    total = sum(sum(one.verdicts.values()) for one in found.duties)
    return ReportPage(
        slug=found.stretch.slug,
        title=f"{county}{found.stretch.label}播放计划",
        facts=(("单位", office), ("时间", found.stretch.label), ("日期", f"{today.year}年{date_label(today)}")),
        figures=(
            ("播放时长", str(sum(one.seconds for one in found.weeks) // 3600), "小时"),
            ("宣讲", str(sum(one.lectures for one in found.weeks)), "场"),
            ("活动", str(sum(one.activities for one in found.weeks)), "场"),
            ("要求已达到", f"{kept}/{total}", "项"),
        ),
        tables=(_weeks_table(found), _duties_table(found)),
        signs=(),
        across=False,
    )


def _weeks_table(found: PlanAhead) -> PrintedTable:
    rows = tuple(
        (
            week_label(one.week),
            f"{one.planned}/{one.venues}",
            f"第{one.edition}版" if one.edition else "未公布",
            str(one.seconds // 3600),
            str(one.lessons),
            str(one.lectures),
            str(one.activities),
        )
        for one in found.weeks
    )
    headings = ("周", "已编排场所", "公布", "播放小时", "课件（部）", "宣讲（场）", "活动（场）")
    return PrintedTable("一、各周编排", headings, rows, (3, 1.2, 1, 1, 1, 1, 1), frozenset({1, 3, 4, 5, 6}))


def _duties_table(found: PlanAhead) -> PrintedTable:
    rows = tuple(
        (one.name, one.period, *(str(one.verdicts.get(verdict, 0)) for verdict in VERDICTS), _share(one))
        for one in found.duties
    )
    headings = ("要求", "周期", "已达到", "未达到", "待定", "进度")
    note = "按场所和周期计数；还没有编排的日子算待定。"
    return PrintedTable(
        "二、要求完成进度", headings, rows, (3, 1, 1, 1, 1, 1), frozenset({2, 3, 4, 5}), note, "没有写明要求。"
    )


def _share(one: DutyProgress) -> str:
    total = sum(one.verdicts.values())
    return f"{one.verdicts.get('pass', 0) * 100 // total}%" if total else "—"


def write_ahead(page: ReportPage, folder: Path) -> tuple[Path, Path]:
    """Write the page and the poster into a folder; returns both.

    Raises:
        ToolError: it cannot be typeset.
    """
    html, pdf = folder / f"{page.title}.html", folder / f"{page.title}.pdf"
    write_text(html, dump_report_html(page))
    write_bytes(pdf, make_report_pdf((page,)))
    return html, pdf
