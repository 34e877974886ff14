from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from courseware.errors import StorageError, ToolError, YuanjiaoError
from courseware.lessons.made_from import load_inputs
from courseware.lessons.proofs import FOLDER_NAME
from courseware.lessons.rendition import load_rendition
from render.making import finish as module
from render.making.batch import lots_for
from render.making.finish import finish
from render.plan.order import Order
from render.source.examine import Due, examine
from render.work.workshop import Workshop
from tests.conftest import ClipFactory
from tests.render.engine import LED, render
from tests.render.samples import ORDER


@pytest.fixture
def order(workshop: Workshop, make_clip: ClipFactory, tmp_path_factory: pytest.TempPathFactory) -> Order:
    """A lesson whose pieces are all in the store."""
    order = replace(ORDER, source=make_clip(seconds=1))
    render(workshop, [order], [LED], tmp_path_factory.mktemp("before"))
    return order


def due_of(workshop: Workshop, order: Order, folder: Path) -> Due:
    (lot,) = lots_for([order], [LED], folder)
    (due,) = examine(workshop, lot)
    assert isinstance(due, Due)
    assert (due.missing, due.sound_missing) == ((), False)
    return due


def test_a_finished_rendition_is_in_its_place_described_and_remembered(
    workshop: Workshop, order: Order, tmp_path: Path
) -> None:
    due = due_of(workshop, order, tmp_path)
    outcome = finish(workshop, due)
    assert (outcome.state, outcome.seconds) == ("made", 12)
    assert outcome.target.path.is_file()
    described = load_rendition(tmp_path / LED.name, "dose")
    assert described is not None
    assert described.key == due.key
    assert load_inputs(workshop.cache_dir, LED.name, "dose") == due.inputs
    assert {path.name for path in (tmp_path / LED.name).iterdir()} - {FOLDER_NAME} == {"dose.mp4", "dose.json"}


def test_a_single_file_is_not_described(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    due = due_of(workshop, order, tmp_path)
    alone = replace(due, target=replace(due.target, path=tmp_path / "alone.mp4", described=False))
    finish(workshop, alone)
    assert [path.name for path in tmp_path.iterdir()] == ["alone.mp4"]


def test_a_file_that_is_not_right_is_not_put_in_place(
    workshop: Workshop, order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find_fault(*_: object) -> None:
        raise ToolError

    due = due_of(workshop, order, tmp_path)
    due.target.path.parent.mkdir()
    due.target.path.write_bytes(b"old")
    monkeypatch.setattr(module, "verify", find_fault)
    with pytest.raises(ToolError):
        finish(workshop, due)
    assert due.target.path.read_bytes() == b"old"
    assert list(due.target.path.parent.iterdir()) == [due.target.path]


def test_a_piece_that_is_gone_is_told_and_nothing_is_made(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    due = due_of(workshop, order, tmp_path)
    with pytest.raises(ToolError, match="a stored piece is gone"):
        finish(workshop, replace(due, keys=(*due.keys[:-1], "f" * 64)))
    assert list(tmp_path.iterdir()) == []


def test_pieces_of_another_plan_do_not_become_a_rendition(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    due = due_of(workshop, order, tmp_path)
    with pytest.raises(ToolError, match=r"do not fit together|pictures"):
        finish(workshop, replace(due, keys=(due.keys[1], *due.keys[1:])))  # the title card in the ident's place
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_disk_with_too_little_room_is_refused_before_writing(
    workshop: Workshop, order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = due_of(workshop, order, tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(StorageError, match="0 MB left"):
        finish(workshop, due)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_output_folder_that_cannot_be_made_is_one_clear_error(
    workshop: Workshop, order: Order, tmp_path: Path
) -> None:
    (tmp_path / LED.name).write_text("a file is in the way", encoding="utf-8")
    with pytest.raises(StorageError, match="cannot be written to"):
        finish(workshop, due_of(workshop, order, tmp_path))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_read_only_output_folder_is_one_clear_error(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    (tmp_path / LED.name).mkdir(mode=0o500)
    with pytest.raises(YuanjiaoError):
        finish(workshop, due_of(workshop, order, tmp_path))


def test_a_stick_that_is_pulled_out_while_writing_is_one_clear_error(
    workshop: Workshop, order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pulled(*args: object) -> str:
        Path(str(args[3])).write_bytes(b"half")
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(module, "assemble", pulled)
    with pytest.raises(StorageError, match="cannot be written to"):
        finish(workshop, due_of(workshop, order, tmp_path))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
