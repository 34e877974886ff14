"""The record book of a venue (远程教育记录簿): what was planned and what became of it, by day, to be signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from courseware.errors import text
from courseware.lessons.settings import Office
from playlists.asrun.reconcile import SlotOutcome
from playlists.asrun.statement import Witness
from playlists.files.venues import KIND_NAMES
from playlists.reports.kinds.report import NamedPage, ReportKind
from playlists.reports.monthly import STATE_NAMES, hours_of, month_heading
from playlists.reports.played import CountyRecord, DayRecord, VenueRecord, shown_ms, sum_up
from playlists.schedules.schedule import Slot, Window
from templates.pages.report import PrintedTable, ReportPage

_WEEKDAYS = "一二三四五六日"
_EVENTS = {"lecture": "宣讲", "activity": "活动"}
_WITNESSES: dict[Witness, str] = {"player": "播放机", "other": "播控软件", "hand": "人工填报"}
_MOST_NAMED = 5
_ALL = 0.95
_HEADINGS = ("日期", "时间", "类别", "内容", "播放情况", "人数", "依据", "主持人", "记录人", "备注")
_WIDTHS = (0, 0, 0, 5.0, 2.2, 0, 1.2, 1.1, 1.1, 1.5)
Row = tuple[str, ...]


def plan_books(record: CountyRecord, office: Office) -> tuple[NamedPage, ...]:
    """A book for each venue, for the month."""
    heading = month_heading(office.county, record.first)
    return tuple(
        (f"远程教育记录簿_{one.venue.id}_{heading.slug}", plan_book(one, office, heading.span, heading.slug))
        for one in record.venues
    )


def plan_book(record: VenueRecord, office: Office, span: str, slug: str) -> ReportPage:
    """A venue's book for a month or other days."""
    totals = sum_up(record.days)
    return ReportPage(
        slug=slug,
        title="远程教育记录簿",
        facts=(
            ("场所", f"{record.venue.town}{record.venue.name}（{KIND_NAMES[record.venue.kind]}）"),
            ("时间", span),
            ("主管单位", office.name),
        ),
        figures=(
            ("播放时长", hours_of(totals.ms), "小时"),
            ("播放场次", str(totals.openings), "次"),
            ("完整播出", f"{totals.states['whole']}/{totals.planned}", "条"),
            ("未报", str(totals.states["silent"]), "条"),
            ("宣讲", str(totals.lectures), "场"),
            ("活动", str(totals.activities), "场"),
            ("参加人次", str(totals.people), "人次"),
        ),
        tables=(
            PrintedTable(
                "播放和活动记录",
                _HEADINGS,
                tuple(row for day in record.days for row in _rows(day)),
                _WIDTHS,
                frozenset({5}),
                empty="这段时间没有节目。",
            ),
        ),
        notes=("“未报”是没有收到播放记录，不等于没有播放；请在备注里补写。",),
        signs=("站点管理员", "审核人", "日期"),
    )


def _rows(record: DayRecord) -> Iterator[Row]:
    entries = [(window.start, _window_row(window, record)) for window in record.day.windows]
    entries += [(one.slot.start, _event_row(one, record)) for one in record.outcomes if one.slot.kind != "lesson"]
    for _, row in sorted(entries, key=lambda entry: entry[0]):
        yield row


def _window_row(window: Window, record: DayRecord) -> Row:
    inside = [
        one for one in record.outcomes if one.slot.kind == "lesson" and window.start <= one.slot.start < window.end
    ]
    people = [
        one.people
        for one in record.gatherings
        if window.start.timestamp() * 1000 <= one.at_ms < window.end.timestamp() * 1000
    ]
    came = str(max(people)) if people else ""
    reasons = "；".join(dict.fromkeys(one.reason for one in inside if one.reason))
    said = ("播放", _titles(inside), _became(inside), came, _by(inside))
    return _row(record, (window.start, window.end), said, reasons)


def _event_row(one: SlotOutcome, record: DayRecord) -> Row:
    slot = one.slot
    kind = "培训" if slot.is_training else _EVENTS[slot.kind]
    said = {"whole": "已举行", "silent": "未报"}.get(one.state, STATE_NAMES[one.state])
    came = "" if one.people is None else str(one.people)
    what = f"{slot.title}（{slot.note}）" if slot.note else slot.title
    return _row(record, (slot.start, slot.end), (kind, what, said, came, _by([one])), one.reason)


def _row(
    record: DayRecord, span: tuple[datetime, datetime], said: tuple[str, str, str, str, str], note: str = ""
) -> Row:
    day = record.day.date
    kind, what, became, came, by = said
    start, end = span
    time = f"{start:%H:%M}–{end:%H:%M}"
    date_said = f"{day.month}月{day.day}日 周{_WEEKDAYS[day.weekday()]}"
    return (date_said, time, kind, what, became, came, by, "", "", note)


def _titles(outcomes: Sequence[SlotOutcome]) -> str:
    titles = list(dict.fromkeys(one.slot.title for one in outcomes if not one.slot.is_bare))
    more = f" 等{len(titles)}部" if len(titles) > _MOST_NAMED else ""
    return "".join(f"《{title}》" for title in titles[:_MOST_NAMED]) + more


def _became(outcomes: Sequence[SlotOutcome]) -> str:
    """How much of a window was shown, and how many of its items were not."""
    if not outcomes:
        return ""
    total = sum(_ms(one.slot) for one in outcomes)
    ms = sum(shown_ms(one) for one in outcomes)
    if all(one.state == "silent" for one in outcomes):
        return "未报"
    part = "播完" if ms >= _ALL * total else f"播出{ms * 100 // total}%"
    others = [
        f"{name}{count}条"
        for state, name in STATE_NAMES.items()
        if state != "whole" and (count := sum(one.state == state for one in outcomes))
    ]
    return "，".join((part, *others))


def _ms(slot: Slot) -> int:
    return slot.seconds * 1000


def _by(outcomes: Sequence[SlotOutcome]) -> str:
    """Who says so."""
    witnesses = {witness for one in outcomes for witness in one.witnesses}
    return "、".join(name for witness, name in _WITNESSES.items() if witness in witnesses)


REPORT = ReportKind(
    name=text("Record books"),
    help="The record books (远程教育记录簿) of a month, one for each venue, filled in from the plan and from what was"
    " reported, with room for who led, who wrote and who signs: for printing (PDF) and as workbooks (XLSX).",
    short_help="The venues' record books, filled in.",
    example="books --venue station-01 --month 上月 --output 记录簿",
    spans=("month",),
    pages=plan_books,
    files=("pdf", "xlsx"),
    is_book=True,
)
