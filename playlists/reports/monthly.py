"""The report of a month, a year or other days (播放月报表): what was shown, by venue, duty, series and lesson."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from courseware.lessons.settings import Office
from playlists.asrun.reconcile import State
from playlists.duties.keeping import DutyFinding
from playlists.duties.obligations import Verdict
from playlists.files.venues import KIND_NAMES
from playlists.reports.coverage import attendance, lesson_coverage, series_coverage, silent_days, unplanned
from playlists.reports.played import Answer, CountyRecord, ShownTotals, VenueRecord, month_of, sum_up
from templates.pages.quality_report import in_chinese
from templates.pages.report import PrintedTable, ReportPage

STATE_NAMES: dict[State, str] = {
    "whole": "完整",
    "late": "迟播",
    "part": "部分",
    "replaced": "替换",
    "missing": "未播",
    "doubtful": "存疑",
    "silent": "未报",
}
VERDICT_NAMES: dict[Verdict, str] = {"pass": "已达到", "fail": "未达到", "unknown": "待定"}
_VERDICT_ORDER: tuple[Verdict, ...] = ("fail", "unknown")
_NO_SERIES = "其他"
_OPENING = "日常播放"
_HOUR_MS = 3_600_000
_MOST_EVIDENCE = 200
_NOTES = (
    "按播放机的记录、其他播控软件的记录和人工填写的记录表统计；同一时段有几份记录的，只算一次。",
    "完整是播出不少于95%且开播不迟于1分钟，迟播是开播晚了，部分是不足95%，替换是播了别的节目。",
    "未播是有记录证明没有播；存疑是记录不能证明自己没有被改动；未报是没有收到记录，不等于没有播放。",
    "播放时长按实际播出的时间计算；各项要求按实际播出的内容判断，有未报的日子时记为待定。",
    "宣讲和活动，以记录表、现场计数或当时屏幕上的提示为准；人次只计有人登记的。",
)
_SIGNS = ("填表人", "审核人", "负责人", "单位（盖章）")


@dataclass(frozen=True, slots=True)
class Heading:
    """What a report is called: the span of days as printed, and in the file's name."""

    title: str
    span: str
    slug: str


def month_heading(county: str, day: date) -> Heading:
    """Of a month."""
    return Heading(f"{county}远程教育播放月报表", f"{day.year}年{day.month}月", month_of(day))


def year_heading(county: str, day: date) -> Heading:
    """Of a year."""
    return Heading(f"{county}远程教育播放年报表", f"{day.year}年", str(day.year))


def span_heading(county: str, first: date, last: date) -> Heading:
    """Of any other days."""
    span = f"{first.year}年{first.month}月{first.day}日—{last.year}年{last.month}月{last.day}日"
    return Heading(f"{county}远程教育播放情况表", span, f"{first}_{last}")


def plan_named(record: CountyRecord, office: Office, heading: Heading) -> tuple[tuple[str, ReportPage], ...]:
    """The report, and what its files are called."""
    return ((f"{heading.title.removeprefix(office.county)}_{heading.slug}", plan_report(record, office, heading)),)


def plan_report(record: CountyRecord, office: Office, heading: Heading) -> ReportPage:
    """The report as it is printed."""
    months = dict.fromkeys(month_of(day.day.date) for one in record.venues for day in one.days)
    return ReportPage(
        slug=heading.slug,
        title=heading.title,
        facts=(
            ("填报单位", office.name),
            ("统计时间", heading.span),
            ("填报日期", f"{record.until.year}年{record.until.month}月{record.until.day}日"),
        ),
        figures=_figures(record),
        tables=(
            *((_months(record),) if len(months) > 1 else ()),
            _venues(record),
            _duties(record),
            _unkept(record),
            _series(record),
            _lessons(record),
            _answers(record),
            _people(record),
            _silent(record),
            _unplanned(record),
        ),
        notes=_NOTES,
        signs=_SIGNS,
    )


def hours_of(ms: int) -> str:
    """Like "13.5"; cut, not rounded."""
    return f"{ms * 10 // _HOUR_MS / 10}"


def _figures(record: CountyRecord) -> tuple[tuple[str, str, str], ...]:
    totals = sum_up(day for one in record.venues for day in one.days)
    verdicts = [one.verdict for venue in record.venues for one in venue.findings]
    return (
        ("场所", str(len(record.venues)), "个"),
        ("未上报场所", str(sum(one.is_silent for one in record.venues)), "个"),
        ("播放时长", hours_of(totals.ms), "小时"),
        ("播放场次", str(totals.openings), "次"),
        ("完整播出", f"{totals.states['whole']}/{totals.planned}", "条"),
        ("宣讲、活动", f"{totals.lectures}、{totals.activities}", "场"),
        ("参加人次", str(totals.people), "人次"),
        ("要求已达到", f"{verdicts.count('pass')}/{len(verdicts)}", "项"),
    )


def _counts(totals: ShownTotals) -> tuple[str, ...]:
    states = tuple(str(totals.states[state]) for state in STATE_NAMES)
    more = (hours_of(totals.ms), *map(str, (totals.openings, totals.lectures, totals.activities, totals.people)))
    return (str(totals.planned), *states, *more)


_COUNT_HEADINGS = ("计划", *STATE_NAMES.values(), "时长（小时）", "场次", "宣讲", "活动", "人次")


def _months(record: CountyRecord) -> PrintedTable:
    days = sorted((day for one in record.venues for day in one.days), key=lambda one: one.day.date)
    rows = [(month, *_counts(sum_up(some))) for month, some in groupby(days, lambda one: month_of(one.day.date))]
    return PrintedTable(
        "各月播放情况",
        ("月份", *_COUNT_HEADINGS),
        tuple(rows),
        (1.4, *(1.0,) * len(_COUNT_HEADINGS)),
        frozenset(range(1, 1 + len(_COUNT_HEADINGS))),
    )


def _venues(record: CountyRecord) -> PrintedTable:
    rows = [(*_venue_names(one), *_counts(sum_up(one.days))) for one in record.venues]
    if len(record.venues) > 1:
        rows.append(("合计", "", "", *_counts(sum_up(day for one in record.venues for day in one.days))))
    return PrintedTable(
        "一、各场所播放情况",
        ("场所", "类型", "镇", *_COUNT_HEADINGS),
        tuple(rows),
        (3.0, 1.4, 1.6, *(1.0,) * len(_COUNT_HEADINGS)),
        frozenset(range(3, 3 + len(_COUNT_HEADINGS))),
        note="条数包括课件、标语、通知、片花、宣讲和活动；场次是有节目播出的开放时段数。",
    )


def _venue_names(one: VenueRecord) -> tuple[str, str, str]:
    return one.venue.name, KIND_NAMES[one.venue.kind], one.venue.town


def _duties(record: CountyRecord) -> PrintedTable:
    findings: dict[str, list[DutyFinding]] = defaultdict(list)
    for venue in record.venues:
        for one in venue.findings:
            findings[one.obligation.name].append(one)
    rows = []
    for name, some in findings.items():
        verdicts = [one.verdict for one in some]
        must = "必须" if some[0].obligation.must else "参考"
        rows.append((name, must, *(str(verdicts.count(verdict)) for verdict in VERDICT_NAMES)))
    return PrintedTable(
        "二、各项要求完成情况",
        ("要求", "性质", *VERDICT_NAMES.values()),
        tuple(rows),
        (4.0, 1.0, 1.0, 1.0, 1.0),
        frozenset({2, 3, 4}),
        note="单位：项次，即每个场所的每日、每周、每月或每年各算一项。",
    )


def _unkept(record: CountyRecord) -> PrintedTable:
    rows = tuple(
        (venue.venue.name, finding.obligation.name, _period(finding), VERDICT_NAMES[finding.verdict], said)
        for venue in record.venues
        for finding, said in _gathered(venue.findings)
    )
    return PrintedTable(
        "三、未达到和待定的要求及依据",
        ("场所", "要求", "时间", "结果", "依据"),
        rows,
        (2.0, 2.6, 2.4, 1.0, 4.0),
        empty="全部达到。",
    )


def _gathered(findings: Iterable[DutyFinding]) -> Iterator[tuple[DutyFinding, str]]:
    """Those that are not kept, each with its evidence; the days of one obligation and verdict become one line."""
    wanting = [one for one in findings if one.verdict != "pass"]
    wanting.sort(key=lambda one: (one.obligation.name, _VERDICT_ORDER.index(one.verdict), one.first))
    for _, group in groupby(wanting, key=lambda one: (one.obligation.name, one.verdict)):
        some = list(group)
        if len(some) == 1 or some[0].first != some[0].last:
            yield from ((one, in_chinese(one.evidence)) for one in some)
        else:
            yield some[0], _days(one.first for one in some)


def _days(days: Iterable[date]) -> str:
    """Days as printed in one cell: "11月3日—5日、9日，共4天"."""
    ordered = sorted(days)
    runs: list[list[date]] = []
    for day in ordered:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    said = [_run(run, runs[place - 1][-1] if place else None) for place, run in enumerate(runs)]
    return f"{'、'.join(said)}，共{len(ordered)}天"[:_MOST_EVIDENCE]


def _run(run: Sequence[date], before: date | None) -> str:
    first = _day_after(run[0], before)
    return first if len(run) == 1 else f"{first}—{_day_after(run[-1], run[0])}"


def _day_after(day: date, before: date | None) -> str:
    """The day, without its month where that was just said."""
    same = before is not None and month_of(day) == month_of(before)
    return f"{day.day}日" if same else f"{day.month}月{day.day}日"


def _period(finding: DutyFinding) -> str:
    first, last = finding.first, finding.last
    match finding.obligation.period:
        case "day":
            return "按日"
        case "week":
            return f"{first.month}月{first.day}日—{last.month}月{last.day}日"
        case "month":
            return f"{first.year}年{first.month}月"
    return f"{first.year}年"


def _series(record: CountyRecord) -> PrintedTable:
    rows = tuple(
        (
            record.settings.series_shown(one.series) or _NO_SERIES,
            f"{one.titles}/{one.stock}",
            str(one.times),
            hours_of(one.ms),
            str(one.venues),
        )
        for one in series_coverage(record)
    )
    return PrintedTable(
        "四、各系列播出情况",
        ("系列", "播出部数/现有部数", "播出次数", "时长（小时）", "覆盖场所"),
        rows,
        (4.0, 2.0, 1.5, 1.5, 1.5),
        frozenset({1, 2, 3, 4}),
    )


def _lessons(record: CountyRecord) -> PrintedTable:
    rows = tuple(
        (one.title, record.settings.series_shown(one.series) or _NO_SERIES, str(one.times), str(one.venues))
        for one in lesson_coverage(record)
    )
    return PrintedTable(
        "五、各课件播出情况",
        ("课件", "系列", "播出次数", "覆盖场所"),
        rows,
        (5.0, 2.5, 1.2, 1.2),
        frozenset({2, 3}),
        note="按播出次数排列；没有播出过的列在最后。",
    )


def _answers(record: CountyRecord) -> PrintedTable:
    titles = {one.id: one.title for one in record.lessons.values()}
    rows = tuple(
        (
            f"{one.request.on.month}月{one.request.on.day}日",
            one.venue.name,
            titles[one.request.lesson],
            _answered(one),
        )
        for one in sorted(record.answers, key=lambda one: (one.request.on, one.venue.id))
    )
    return PrintedTable(
        "六、群众点播落实情况",
        ("点播日期", "场所", "课件", "播出时间"),
        rows,
        (1.2, 2.0, 3.0, 2.0),
        empty="没有点播。",
    )


def _answered(one: Answer) -> str:
    if one.shown:
        return f"{one.shown.month}月{one.shown.day}日 {one.shown:%H:%M}"
    return "未报" if one.is_unsure else "未播出"


def _people(record: CountyRecord) -> PrintedTable:
    rows = tuple(
        (
            one.venue.name,
            f"{one.start.month}月{one.start.day}日 {one.start:%H:%M}",
            one.title or _OPENING,
            str(one.people),
        )
        for one in attendance(record)
    )
    return PrintedTable(
        "七、参加人数",
        ("场所", "时间", "内容", "人数"),
        rows,
        (2.5, 1.6, 4.0, 1.0),
        frozenset({3}),
        note="只列有人登记的：记录表填写的，或者现场按键登记的。",
        empty="没有登记人数。",
    )


def _silent(record: CountyRecord) -> PrintedTable:
    rows = tuple(
        (
            *_venue_names(one),
            "全部" if one.is_silent else _days(silent_days(one)),
            f"{one.heard.year}年{one.heard.month}月{one.heard.day}日" if one.heard else "从未上报",
        )
        for one in record.venues
        if silent_days(one)
    )
    return PrintedTable(
        "八、没有上报播放记录的场所",
        ("场所", "类型", "镇", "没有上报的日子", "最近一次上报"),
        rows,
        (3.0, 1.5, 1.6, 3.0, 2.0),
        empty="全部场所都已上报。",
    )


def _unplanned(record: CountyRecord) -> PrintedTable:
    rows = tuple((one.venue.name, one.what, str(one.times)) for one in unplanned(record))
    return PrintedTable("九、计划外播出的内容", ("场所", "内容", "次数"), rows, (2.0, 5.0, 1.0), frozenset({2}))
