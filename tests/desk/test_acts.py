"""Who did what at the desk: every change one line, chained."""

from __future__ import annotations

import errno
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import main
from desk.people.acts import read_acts, record_act
from desk.session.state import Desk
from tests.desk.conftest import browser_of
from tests.desk.people import PASSWORD, logged_in
from tests.test_json_documents import differences, documented


def acts_of(folder: Path) -> list[tuple[str, str, str]]:
    acts, problems = read_acts(folder)
    assert problems == ()
    return [(act.by, act.act, act.where) for act in acts]


def version(page: str) -> str:
    return page.split('name="version" value="')[1].split('"', maxsplit=1)[0]


def test_every_change_is_one_line_with_the_name_of_the_login_and_the_time(network: Desk) -> None:
    assert network.root is not None
    folder = network.root / ".yuanjiao"
    browser = logged_in(network, "王芳")
    before = acts_of(folder)
    assert before[-1] == ("王芳", "logged in", "")
    form = {"title": "新题目", "version": version(browser.get("/lessons/dose").text), "by": "赵审"}
    assert browser.post("/lessons/dose", data=form).status_code == 303
    assert browser.post("/lessons/dose", data=form).status_code == 422  # nothing was changed: no line
    assert acts_of(folder)[len(before) :] == [("王芳", "Courseware", "/lessons/dose")]
    (last,) = read_acts(folder)[0][-1:]
    assert last.at.tzinfo is not None


def test_of_two_who_change_a_lesson_the_second_is_told_and_nothing_is_lost(network: Desk) -> None:
    first, second = logged_in(network, "王芳"), logged_in(network, "管主任")
    seen = [version(browser.get("/lessons/dose").text) for browser in (first, second)]
    assert first.post("/lessons/dose", data={"title": "王芳的题目", "version": seen[0]}).status_code == 303
    answer = second.post("/lessons/dose", data={"title": "管主任的题目", "version": seen[1]})
    assert answer.status_code == 422
    assert "somebody else has changed this lesson" in answer.text
    assert "王芳的题目" in first.get("/lessons/dose").text


def test_alone_the_user_of_the_computer_is_written_down(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.serving.app.user_name", lambda: "office-pc")
    assert desk.root is not None
    assert browser_of(desk).post("/render", data={"lesson": "dose"}).status_code == 303
    assert acts_of(desk.root / ".yuanjiao") == [("office-pc", "Courseware", "/render")]


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda lines: [lines[0], lines[1].replace("乙", "丙"), *lines[2:]], "line 2"),
        (lambda lines: [lines[0], *lines[2:]], "line 2"),
        (lambda lines: [lines[1], lines[0], *lines[2:]], "line 1"),
        (lambda lines: lines[:-1], "missing at the end"),
        (lambda lines: [*lines[:2], "nonsense", *lines[2:]], "line 3"),
        (lambda _lines: [], "missing at the end"),
    ],
)
def test_what_was_changed_taken_out_or_cut_off_is_told_and_lines_are_still_added(
    tmp_path: Path, harm: Callable[[list[str]], list[str]], said: str
) -> None:
    for name in "甲乙丁":
        record_act(tmp_path, name, "did", "there")
    path = tmp_path / "people" / "acts.jsonl"
    lines = harm(path.read_text(encoding="utf-8").splitlines())
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    assert any(said in problem.render(str) for problem in read_acts(tmp_path)[1])
    record_act(tmp_path, "戊", "did")
    assert read_acts(tmp_path)[0][-1].by == "戊"


@pytest.mark.parametrize("torn", ['{"at": "2026-', "\x00\x00", "x" * 5000])
def test_a_line_that_a_crash_left_half_written_goes_and_the_chain_holds(tmp_path: Path, torn: str) -> None:
    record_act(tmp_path, "甲", "did")
    with (tmp_path / "people" / "acts.jsonl").open("a", encoding="utf-8") as ledger:
        ledger.write(torn)
    record_act(tmp_path, "乙", "did")
    assert [by for by, _, _ in acts_of(tmp_path)] == ["甲", "乙"]
    assert (tmp_path / "people" / "acts.jsonl").read_bytes().endswith(b"}\n")


def test_people_who_act_at_once_are_all_written_down(tmp_path: Path) -> None:
    threads = [threading.Thread(target=record_act, args=(tmp_path, str(number), "did")) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(by for by, _, _ in acts_of(tmp_path)) == [str(number) for number in range(8)]


def test_users_are_managed_by_commands_whose_documents_are_as_described(workspace: Path) -> None:
    def answer(*arguments: str) -> object:
        done = CliRunner().invoke(
            main, ["user", *arguments, "--workspace", str(workspace), "--json"], input=f"{PASSWORD}\n"
        )
        return json.loads(done.stdout)

    steps = {
        "add": ("王芳", "--role", "administrator", "--password-stdin"),
        "change": ("王芳", "--role", "administrator", "--role", "editor"),
        "password": ("王芳", "--password-stdin"),
        "list": (),
        "log": (),
        "remove": ("王芳",),
    }
    wanted = documented()
    for step, arguments in steps.items():
        assert list(differences(wanted[f"user {step}"], answer(step, *arguments))) == [], step
    assert [act for _, act, _ in acts_of(workspace / ".yuanjiao")] == [
        "user added",
        "user changed",
        "password set",
        "user removed",
    ]
    assert answer("list") == {"users": []}


def test_a_network_desk_opens_only_for_an_administrator(workspace: Path) -> None:
    done = CliRunner().invoke(main, ["--lang", "en", "desk", str(workspace), "--lan", "--no-browser"])
    assert done.exit_code == 2
    assert "first add an administrator" in done.stderr


def test_what_was_done_but_could_not_be_written_down_is_told_so(
    network: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "acts.jsonl")

    browser = logged_in(network, "王芳")
    form = {"title": "新题目", "version": version(browser.get("/lessons/dose").text)}
    monkeypatch.setattr("desk.serving.app.record_act", full)
    answer = browser.post("/lessons/dose", data=form)
    assert answer.status_code == 507
    assert "this was done, but who did it could not be written down" in answer.text
    assert "the disk is full" in answer.text
    assert "新题目" in browser.get("/lessons/dose").text
