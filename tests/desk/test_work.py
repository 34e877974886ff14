"""The queue: one worker, cancelling, faults."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from cli import make_console
from courseware.errors import InputError, Problem, text
from desk.work import DeskTask, TaskConsole, WorkBoard

CONSOLE = make_console("en")
NAME = text("Tasks")


@pytest.fixture
def board() -> WorkBoard:
    return WorkBoard()


def wait_for(board: WorkBoard, task: DeskTask) -> DeskTask:
    """Until it is over; the worker is ended with it."""
    over = threading.Event()
    board.add(NAME, lambda _, __: over.set(), CONSOLE)
    assert over.wait(20)
    return task


def test_tasks_run_one_after_the_other_in_their_order(board: WorkBoard) -> None:
    said: list[int] = []

    def say(number: int, _: TaskConsole, __: threading.Event) -> None:
        said.append(number)

    tasks = [board.add(NAME, partial(say, number), CONSOLE) for number in range(5)]
    wait_for(board, tasks[-1])
    assert said == [0, 1, 2, 3, 4]
    assert {task.state for task in tasks} == {"done"}


def test_a_task_that_waits_never_begins_once_it_is_cancelled(board: WorkBoard) -> None:
    began, go_on = threading.Event(), threading.Event()

    def hold(_: TaskConsole, __: threading.Event) -> None:
        began.set()
        assert go_on.wait(20)

    first = board.add(NAME, hold, CONSOLE)
    assert began.wait(20)
    second = board.add(NAME, lambda _, __: pytest.fail("it was cancelled"), CONSOLE)
    board.cancel(second.number)
    assert (first.state, second.state) == ("running", "cancelled")
    go_on.set()
    wait_for(board, first)
    assert (first.state, second.state) == ("done", "cancelled")


def test_a_task_that_runs_is_told_to_stop(board: WorkBoard) -> None:
    began = threading.Event()

    def until_stopped(_: TaskConsole, stop: threading.Event) -> None:
        began.set()
        assert stop.wait(20)
        raise KeyboardInterrupt

    task = board.add(NAME, until_stopped, CONSOLE)
    assert began.wait(20)
    board.cancel(task.number)
    assert wait_for(board, task).state == "cancelled"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (InputError(Problem("x.toml", text("name the folder"))), "x.toml: name the folder"),
        (PermissionError(13, "Permission denied", "/x"), "/x: cannot be read or written: it is read-only"),
        (ZeroDivisionError("oops"), "an unexpected fault: ZeroDivisionError('oops'); please report it"),
    ],
)
def test_a_fault_ends_its_task_and_not_the_worker(board: WorkBoard, error: Exception, said: str) -> None:
    def fail(_: TaskConsole, __: threading.Event) -> None:
        raise error

    task = wait_for(board, board.add(NAME, fail, CONSOLE))
    assert task.state == "failed"
    assert task.problems[0].render(str).startswith(said)


def test_how_far_a_task_is_can_be_asked_while_it_runs(board: WorkBoard) -> None:
    shown: list[int | None] = []

    def half(console: TaskConsole, _: threading.Event) -> None:
        with console.progress() as bars:
            bar = bars.add_task("x", total=4)
            bars.advance(bar, 2)
            shown.append(board.tasks()[0].percent)

    task = wait_for(board, board.add(NAME, half, CONSOLE))
    assert shown == [50]
    assert task.percent is None


def test_old_tasks_are_forgotten_and_numbers_go_on(board: WorkBoard) -> None:
    for _ in range(70):
        last = board.add(NAME, lambda _, __: None, CONSOLE)
        wait_for(board, last)
    assert len(board.tasks()) <= 53
    assert board.tasks()[-1].number == 140
    assert board.find(1) is None


def test_a_closed_board_has_stopped_everything() -> None:
    board, began = WorkBoard(), threading.Event()

    def until_stopped(_: TaskConsole, stop: threading.Event) -> None:
        began.set()
        assert stop.wait(20)
        raise KeyboardInterrupt

    task = board.add(NAME, until_stopped, CONSOLE)
    assert began.wait(20)
    board.close()
    assert task.state == "cancelled"
