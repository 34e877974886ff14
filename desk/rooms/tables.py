"""表格: the office's sheets (requests, lecturers, rooms, courses) to be filled in, what is wrong beside each row."""

from __future__ import annotations

from dataclasses import replace

from starlette.datastructures import UploadFile
from starlette.responses import Response

from courseware.errors import InputError, Problem, text
from desk.county.places import county_there
from desk.county.registers import SHEETS, OfficeSheet, ShownRow, as_workbook, load_page, save_page
from desk.county.uploads import look_at, take
from desk.lessons.inbox import forget, inbox_of, one_sheet, receive, sheet_in
from desk.people.roles import OFFICE
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.asking import NOT_FOUND, Ask

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_COLUMNS = 60
_MOST_ROWS = 200  # of a change that are shown


def show_first(ask: Ask) -> Response:
    """The first sheet."""
    return ask.go(f"/tables/{next(iter(SHEETS))}")


def show_table(ask: Ask) -> Response:
    """A page of a sheet."""
    return _page(ask, _sheet(ask), saved=bool(ask.query("saved")))


def save_table(ask: Ask) -> Response:
    """Write what was changed, or show it again with what stands in the way."""
    sheet = _sheet(ask)
    sent = _sent(ask)
    changed = {row.number: row.cells for row in sent if row.number is not None}
    new = [row.cells for row in sent if row.number is None]
    try:
        told = save_page(ask.workspace, sheet, ask.said("version"), changed, new)
    except InputError as error:
        return _page(ask, sheet, sent, error.problems)
    if told:
        return _page(ask, sheet, saved=True, told=told)
    return ask.go(f"/tables/{ask.path('table')}?page={_number(ask.said('page'))}&saved=1")


def send_workbook(ask: Ask) -> Response:
    """The sheet as .xlsx."""
    sheet = _sheet(ask)
    content = as_workbook(ask.workspace, sheet, ask.console.tr(sheet.name))
    name = f"{ask.path('table')}.xlsx"
    return Response(content, media_type=_WORKBOOK, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def receive_sheet(ask: Ask) -> Response:
    """Keep a sheet that was filled in elsewhere, and show what it would change."""
    uploads = [value for value in ask.form.getlist("files") if isinstance(value, UploadFile) and value.filename]
    _sheet(ask)
    return ask.go(f"/tables/{ask.path('table')}/taken/{receive(ask.workspace, uploads, one_sheet)}")


def show_change(ask: Ask) -> Response:
    """What taking it would change."""
    sheet, given = _sheet(ask), sheet_in(inbox_of(ask.workspace, ask.path("token")))
    change = look_at(ask.workspace, sheet, given)
    return ask.show(
        "table_change.html.j2", table=ask.path("table"), sheet=sheet, name=given.name, change=change, most=_MOST_ROWS
    )


def take_sheet(ask: Ask) -> Response:
    """Take it, or forget it."""
    sheet, folder = _sheet(ask), inbox_of(ask.workspace, ask.path("token"))
    told = take(ask.workspace, sheet, sheet_in(folder), ask.said("version")) if ask.said("do") == "take" else ()
    forget(folder)
    if told:
        return _page(ask, sheet, saved=True, told=told)
    saved = "?saved=1" if ask.said("do") == "take" else ""
    return ask.go(f"/tables/{ask.path('table')}{saved}")


def _page(
    ask: Ask,
    sheet: OfficeSheet,
    sent: tuple[ShownRow, ...] = (),
    refused: tuple[Problem, ...] = (),
    *,
    saved: bool = False,
    told: tuple[Problem, ...] = (),
) -> Response:
    """The sheet as it stands; after a refusal with what was typed, so that nothing of it is lost."""
    shown = load_page(ask.workspace, sheet, _number(ask.query("page") or ask.said("page")))
    if refused:
        shown = replace(shown, rows=sent, version=ask.said("version"))
    county = county_there(ask.workspace)
    choices = {
        "venue": [(one.id, one.name) for one in county.venues],
        "centre": [(one.id, one.name) for one in county.venues if one.kind == "centre"],
        "lesson": [(one.id, one.title) for one in county.catalogue.lessons],
    }
    return ask.show(
        "table.html.j2",
        status=422 if refused else 200,
        table=ask.path("table"),
        sheet=sheet,
        sheets=SHEETS,
        shown=shown,
        choices={key: pairs for key, pairs in choices.items() if key in shown.keys},
        refused=refused,
        saved=saved,
        told=told,
    )


def _sent(ask: Ask) -> tuple[ShownRow, ...]:
    """The rows of the form; a row that is to go has no words left."""
    width = min(_number(ask.said("width")), _MOST_COLUMNS)
    gone = {str(value) for value in ask.form.getlist("gone")}
    found = []
    for row in dict.fromkeys(str(value) for value in ask.form.getlist("row")):
        cells = tuple("" if row in gone else ask.said(f"{row}-{column}") for column in range(width))
        found.append(ShownRow(int(row) if row.isascii() and row.isdigit() else None, cells))
    return tuple(found)


def _sheet(ask: Ask) -> OfficeSheet:
    """The sheet of the address.

    Raises:
        InputError: there is none of that name.
    """
    found = SHEETS.get(ask.path("table"))
    if found is None:
        raise InputError(Problem(ask.request.url.path, NOT_FOUND))
    return found


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 1  # noqa: PLR2004  (digits)


ROOM = DeskRoom(
    text("Tables"),
    "/tables",
    (
        DeskRoute("GET", "/tables", show_first, roles=OFFICE),
        DeskRoute("GET", "/tables/{table}", show_table, roles=OFFICE, in_turn=True),
        DeskRoute("POST", "/tables/{table}", save_table, roles=OFFICE),
        DeskRoute("POST", "/tables/{table}/taken", receive_sheet, roles=OFFICE, takes_files=True, records=False),
        DeskRoute("GET", "/tables/{table}/taken/{token}", show_change, roles=OFFICE),
        DeskRoute("POST", "/tables/{table}/taken/{token}", take_sheet, roles=OFFICE),
        DeskRoute("GET", "/tables/{table}/sheet.xlsx", send_workbook, roles=OFFICE),
    ),
)
