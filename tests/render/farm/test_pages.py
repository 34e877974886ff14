"""Sheets set on a farm: the bytes of one computer, in their order, and nothing but our own templates."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from courseware.errors import Problem, StorageError, ToolError, text
from render.farm.build import PageBuild, page_build, sign_of
from render.farm.lending.inspecting import is_strange
from render.farm.office import hands as office_hands
from render.farm.office.pages import FarmPress
from render.farm.shared.shelf import PieceShelf
from render.farm.shared.wire import FarmTask, dump_task, load_task
from render.pieces.sheetwork import AT_ONCE, SheetsJob, load_sheets, sheets_jobs, sheets_key
from templates.pages.typeset import Medium, Sheet, typeset
from tests.render.engine import change_byte, litter
from tests.render.farm.conftest import bench_of

if TYPE_CHECKING:
    from render.farm.build import Build
    from render.farm.lending.tasks import Bench
    from render.work.workshop import Workshop
    from tests.render.farm.conftest import Office

MEDIA: tuple[Medium, ...] = ("print", "phone")
TOOLS = PageBuild(3, "ab", "cd", "typst 0")
SHEETS = tuple(Sheet("venue", f'{{"n":{number}}}', "print", f"venue-{number}") for number in range(AT_ONCE * 2 + 5))


def set_quickly(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """The data in place of what is typeset of it."""
    return (f"{one.template} {one.data}".encode() for one in sheets)


@pytest.fixture
def press(office: Office, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> FarmPress:
    """A farm whose worker, and whose office, set nothing really."""
    monkeypatch.setattr(office_hands, "typeset_all", set_quickly)
    office.link.answerers[:] = [replace(bench, press=set_quickly).answer]
    return FarmPress(replace(office.hands, build=page_build()))


def test_a_farm_sets_what_one_computer_sets(office: Office, bench: Bench) -> None:
    imprint = {"office": "安康市远教办", "county": "汉滨区", "phone": "", "url": ""}
    page = {
        "title": "速查",
        "under": "",
        "parts": [{"warns": True, "heading": "开机", "steps": ["插上U盘"]}],
        "qr": "",
    }
    sheets = [Sheet("quick", json.dumps({**page, "imprint": imprint}), medium, "quick") for medium in MEDIA]
    press = FarmPress(replace(office.hands, build=page_build()))
    assert list(press.typeset_all(sheets)) == [typeset(one) for one in sheets]
    assert [str(one) for one in press.told()] == ["wang set 2 pages"]
    assert not litter(office.workshop.cache_dir, bench.workshop.cache_dir)


def test_all_sheets_come_in_their_order_and_what_the_shelf_has_is_set_by_nobody(
    office: Office, bench: Bench, press: FarmPress
) -> None:
    assert list(press.typeset_all(SHEETS)) == list(set_quickly(SHEETS))
    assert office.link.asked == 3
    assert list(press.typeset_all(SHEETS)) == list(set_quickly(SHEETS))
    assert office.link.asked == 3
    for workshop in (office.workshop, bench.workshop):
        assert not list(workshop.store.root.rglob("*.pages"))


def test_a_lying_store_costs_sheets_set_anew(office: Office, press: FarmPress, shelf: PieceShelf) -> None:
    right = list(press.typeset_all(SHEETS))
    for path in (Path(shelf.objects.place) / "content").rglob("*"):
        if path.is_file():
            change_byte(path)
    assert list(press.typeset_all(SHEETS)) == right
    assert "other bytes" in str(office.link.told)


def test_a_worker_that_sets_other_pages_is_named_and_not_believed(
    office: Office, bench: Bench, press: FarmPress
) -> None:
    office.link.answerers[:] = [replace(bench, press=lambda sheets: (b"other" for _ in sheets)).answer]
    assert list(press.typeset_all(SHEETS[:3])) == list(set_quickly(SHEETS[:3]))
    assert "other bytes" in str(office.link.avoided["wang"])


def test_a_worker_with_other_templates_fonts_or_another_typst_refuses_by_name(
    office: Office, press: FarmPress, shelf: PieceShelf, workshop: Workshop, build: Build, tmp_path: Path
) -> None:
    old = bench_of("li", tmp_path / "li", shelf, workshop, build)
    ours = page_build()
    for named, pages in (
        ("templates", replace(ours, templates="ab")),
        ("fonts", replace(ours, fonts="ab")),
        ("typst 0.1", replace(ours, drawers="typst 0.1")),
    ):
        stale = replace(old, name=named, pages=pages)
        office.link.answerers.insert(0, stale.answer)
        list(press.typeset_all([Sheet("venue", f'"{named}"', "print", "venue")]))
        assert named in str(office.link.avoided[named])


def test_a_page_that_cannot_be_set_fails_as_it_does_here(office: Office, bench: Bench, press: FarmPress) -> None:
    def failing(sheets: Sequence[Sheet]) -> Iterator[bytes]:
        yield b"first"
        raise ToolError(Problem(sheets[1].where, text("the page cannot be typeset: {reason}", reason="no box")))

    office.link.answerers[:] = [replace(bench, press=failing).answer]
    with pytest.raises(ToolError, match="venue-1: the page cannot be typeset: no box"):
        list(press.typeset_all(SHEETS[:2]))
    assert office.link.avoided == {}


def test_a_full_disk_here_is_told_by_the_folder_and_what_was_set_is_not_set_again(
    office: Office, press: FarmPress, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/work/.part-1/abab.pages")

    # What proves the worker is set here, and needs no fetching.
    proven = list(press.typeset_all(SHEETS[:1]))
    with monkeypatch.context() as patch:
        patch.setattr(PieceShelf, "fetch", refuse)
        with pytest.raises(StorageError, match="cannot be written to: the disk is full") as told:
            list(press.typeset_all(SHEETS[1:]))
    assert [one.where for one in told.value.problems] == [str(office.workshop.cache_dir)]
    asked = office.link.asked
    assert proven + list(press.typeset_all(SHEETS[1:])) == list(set_quickly(SHEETS))
    assert office.link.asked == asked


def test_sheets_travel_whole_and_what_is_none_of_our_templates_is_strange() -> None:
    (job,) = sheets_jobs(SHEETS[:2], sign_of(TOOLS))
    task = FarmTask(TOOLS, job)
    assert load_task(dump_task(task)) == task
    assert not is_strange(task)
    for template in ("../../../etc/passwd", "/etc/passwd", "no_such_page", ""):
        sheets = (replace(job.sheets[0], template=template),)
        assert is_strange(FarmTask(TOOLS, SheetsJob("", sheets_key(sheets, sign_of(TOOLS)), sheets)))
    assert is_strange(replace(task, work=replace(job, key="ab" * 32)))
    assert load_task(dump_task(task).replace('"print"', '"exe"')) is None


def test_what_is_no_pack_of_sheets_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pages"
    for content in (b"", b"[3]\nab", b"[2, 0]\nab", b"[-1]\n", b'{"a": 1}\n', b"[true]\na", b"\xff\n"):
        path.write_bytes(content)
        assert load_sheets(path, 1) is None
    path.write_bytes(b"[2]\nab")
    assert load_sheets(path, 1) == (b"ab",)
    assert load_sheets(tmp_path / "none", 1) is None
