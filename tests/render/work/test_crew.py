from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from graphlib import CycleError

import pytest

from render.work.crew import Done, Ended, Failed, PartlyError, Task, work_through


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as found:
        yield found


def task(name: str, run: Callable[[], object] = lambda: None, needs: str = "", gives: str = "") -> Task[object]:
    return Task(name, run, frozenset(needs.split()), frozenset(gives.split()))


def failing() -> None:
    raise ValueError("broken")


def _noting(done: list[str], name: str, seconds: float = 0) -> Callable[[], None]:
    def work() -> None:
        time.sleep(seconds)
        done.append(name)

    return work


def ended(tasks: list[Task[object]], pool: ThreadPoolExecutor, hands: int = 2) -> dict[str, Ended[object]]:
    found = list(work_through(tasks, pool, hands))
    assert len(found) == len(tasks)
    return {one.task.name: one for one in found}


def test_with_one_hand_tasks_are_done_in_their_order(pool: ThreadPoolExecutor) -> None:
    done: list[int] = []
    tasks = [task(str(number), lambda number=number: done.append(number)) for number in range(20)]  # type: ignore[misc]
    ended(tasks, pool, hands=1)
    assert done == list(range(20))


def test_a_task_waits_for_all_that_it_needs(pool: ThreadPoolExecutor) -> None:
    done: list[str] = []

    tasks = [
        task("join", _noting(done, "join"), needs="a b"),
        task("one", _noting(done, "one", 0.02), gives="a"),
        task("two", _noting(done, "two", 0.02), gives="b"),
    ]
    ended(tasks, pool)
    assert set(done[:2]) == {"one", "two"}
    assert done[2] == "join"


def test_what_nobody_gives_is_there_already(pool: ThreadPoolExecutor) -> None:
    join = task("join", lambda: 7, needs="in the store")
    assert ended([join], pool)["join"] == Done(join, 7)


def test_what_is_given_by_two_waits_for_both(pool: ThreadPoolExecutor) -> None:
    done: list[str] = []
    tasks = [
        task("slow", _noting(done, "slow", 0.1), gives="a"),
        task("quick", _noting(done, "quick"), gives="a"),
        task("join", _noting(done, "join"), needs="a"),
    ]
    ended(tasks, pool)
    assert done == ["quick", "slow", "join"]


def test_a_failure_reaches_those_that_need_it_and_no_others(pool: ThreadPoolExecutor) -> None:
    tasks = [
        task("bad", failing, gives="a"),
        task("good", lambda: "made", gives="b"),
        task("next", lambda: "never", needs="a", gives="c"),
        task("last", lambda: "never", needs="c b"),
        task("other", lambda: "joined", needs="b"),
    ]
    found = ended(tasks, pool)
    errors = {name: one.error for name, one in found.items() if isinstance(one, Failed)}
    assert errors.keys() == {"bad", "next", "last"}
    assert str(errors["bad"]) == "broken"
    assert errors["last"] is errors["next"] is errors["bad"]
    assert {name: one.result for name, one in found.items() if isinstance(one, Done)} == {
        "good": "made",
        "other": "joined",
    }


def test_a_task_that_failed_in_part_ends_only_those_that_need_what_it_lost(pool: ThreadPoolExecutor) -> None:
    def half() -> None:
        raise PartlyError({"b": ValueError("no b")})

    tasks = [
        task("half", half, gives="a b"),
        task("one", lambda: "made", needs="a"),
        task("two", lambda: "never", needs="b"),
    ]
    found = ended(tasks, pool)
    assert found["one"] == Done(tasks[1], "made")
    assert isinstance(found["two"], Failed)
    assert str(found["two"].error) == "no b"


def test_tasks_that_need_each_other_are_refused_before_any_is_begun(pool: ThreadPoolExecutor) -> None:
    tasks = [task("a", needs="y", gives="x"), task("b", needs="x", gives="y"), task("free", failing)]
    with pytest.raises(CycleError):
        list(work_through(tasks, pool, 2))


@pytest.mark.parametrize("hands", [1, 3])
def test_no_more_hands_work_than_were_hired(pool: ThreadPoolExecutor, hands: int) -> None:
    guard, now, most = threading.Lock(), 0, 0

    def work() -> None:
        nonlocal now, most
        with guard:
            now += 1
            most = max(most, now)
        time.sleep(0.02)
        with guard:
            now -= 1

    ended([task(str(number), work) for number in range(9)], pool, hands)
    assert most == hands


def test_the_earliest_that_can_be_done_comes_first(pool: ThreadPoolExecutor) -> None:
    done: list[str] = []
    tasks = [
        task("a", lambda: done.append("a"), gives="x"),
        task("b", lambda: done.append("b"), needs="x"),
        task("c", lambda: done.append("c")),
    ]
    ended(tasks, pool, hands=1)
    assert done == ["a", "b", "c"]


def test_nothing_to_do_ends_at_once(pool: ThreadPoolExecutor) -> None:
    assert ended([], pool) == {}
