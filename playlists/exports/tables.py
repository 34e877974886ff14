"""Tables as files, a line for each format; and the weeks that a table is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.lessons.workspace import Workspace
from courseware.sheets.csv_text import dump_csv
from courseware.sheets.workbook import WorkSheet, dump_workbook
from courseware.storage.handwork import remembering
from playlists.almanac.days import week_of
from playlists.county.weeks import week_if_planned
from playlists.exports.matrix import DayTable, plan_table
from playlists.files import venues as venues_file
from playlists.files.venues import Venue, load_venues
from playlists.publishing.wording import week_label
from playlists.schedules.schedule import Day

FOLDER_NAME = "tables"
_OF_A_DAY = 20  # characters a column of a month, so that 31 of them can be read on a screen
_OF_A_WEEK = 26


def _as_xlsx(table: DayTable, subtitle: str) -> bytes:
    about = len(table.headings) - len(table.headings[4:])
    width = _OF_A_WEEK if len(table.headings) <= about + 7 else _OF_A_DAY
    widths = dict.fromkeys(range(about, len(table.headings)), width)
    return dump_workbook(
        [WorkSheet(table.title, table.title, table.headings, table.rows, subtitle=subtitle, widths=widths)]
    )


def _as_csv(table: DayTable, _subtitle: str) -> bytes:
    return dump_csv([table.headings, *table.rows]).encode()


FORMATS: Mapping[str, Callable[[DayTable, str], bytes]] = {"xlsx": _as_xlsx, "csv": _as_csv}


def table_of_week(workspace: Workspace, week: str, towns: Sequence[str] = ()) -> tuple[DayTable, tuple[Problem, ...]]:
    """The planned week of all venues, or of those of these towns, with the lessons of each day.

    Raises:
        InputError: not a week, no such town, or nothing of it is planned.
    """
    from playlists.schedules.schedule import monday_of

    monday = monday_of(week)
    days = tuple(date.fromordinal(monday.toordinal() + number) for number in range(7))
    return _table(workspace, f"{week_label(week)}节目表", week, days, towns, titles=True)


def table_of_month(
    workspace: Workspace, days: Sequence[date], towns: Sequence[str] = ()
) -> tuple[DayTable, tuple[Problem, ...]]:
    """The days of a month, as far as they are planned.

    Raises:
        InputError: no such town, or nothing of it is planned.
    """
    first = days[0]
    return _table(workspace, f"{first.year}年{first.month}月节目表", f"{first:%Y-%m}", days, towns, titles=False)


def _table(
    workspace: Workspace, title: str, name: str, days: Sequence[date], towns: Sequence[str], *, titles: bool
) -> tuple[DayTable, tuple[Problem, ...]]:
    venues, problems = load_venues(workspace.root / venues_file.FILE_NAME)
    chosen = _of_towns(venues, towns)
    planned: dict[tuple[str, date], Day] = {}
    for week in dict.fromkeys(map(week_of, days)):
        for venue in chosen:
            found, faults = week_if_planned(workspace, venue.id, week)
            problems = (*problems, *faults)
            planned |= {(venue.id, day.date): day for day in found.days} if found else {}
    if not any((venue.id, day) in planned for venue in chosen for day in days):
        what = text("nothing of it is planned yet; plan the weeks with “yuanjiao schedule plan”")
        raise InputError(*problems, Problem(name, what))
    if towns:
        name, title = f"{name}_{'_'.join(towns)}", f"{'、'.join(towns)}{title}"
    return plan_table(title, name, chosen, days, planned, titles=titles), tuple(problems)


def _of_towns(venues: Sequence[Venue], towns: Sequence[str]) -> tuple[Venue, ...]:
    """The venues, those of one town together.

    Raises:
        InputError: no venue lies in a town of that name.
    """
    from courseware.validate import not_one_of

    known = list(dict.fromkeys(venue.town for venue in venues))
    unknown = [name for name in towns if name not in known]
    if unknown:
        raise InputError(*(Problem("--town", not_one_of(name, list(filter(None, known)))) for name in unknown))
    chosen = (venue for venue in venues if not towns or venue.town in towns)
    return tuple(sorted(chosen, key=lambda venue: known.index(venue.town)))


def write_table(
    workspace: Workspace, table: DayTable, formats: Sequence[str], folder: Path
) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """Write the table in each format; what a person changed in one of before is kept beside.

    Call under the workspace's lock.

    Args:
        formats: names of FORMATS.
    """
    from courseware.files import safe_name

    office = workspace.settings.office
    made = tuple(folder / f"{safe_name(table.name)}.{name}" for name in dict.fromkeys(formats))
    folder.mkdir(parents=True, exist_ok=True)
    kept: list[Problem] = []
    with remembering(workspace.root, folder) as written:
        for path in made:
            kept += written.put(path, FORMATS[path.suffix[1:]](table, office.name))
    return made, tuple(kept)
