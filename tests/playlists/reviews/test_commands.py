from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import speak
from courseware.errors import InputError
from courseware.files import write_text
from courseware.reviews.ledger import LedgerEntry
from courseware.storage.chain import START, link
from playlists.kits.plan import dump_plan
from playlists.kits.planned import plan_kit
from playlists.reviews.commands import review
from tests.courseware.reviews.workspaces import SETTINGS, make_workspace, render
from tests.playlists.kits.weeks import BUILT, PICTURES, ZONE, content_of, renditions, week


@pytest.fixture
def root(tmp_path: Path) -> Path:
    make_workspace(tmp_path)
    return tmp_path


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(review, [*arguments, "--workspace", str(root)], obj=speak("en"))


def test_a_video_goes_from_submission_to_approval(root: Path) -> None:
    assert "Handed in: 2 lessons, 4 videos" in run(root, "submit", "--by", "王芳").stdout
    assert "Approved: 1 lessons, 2 videos" in run(root, "approve", "subsidy", "--by", "李主任").stdout
    document = json.loads(run(root, "status", "--json").stdout)
    assert document["lessons"] == {"approved": 1, "waiting": 1, "rejected": 0, "changed": 0, "new": 0}
    decided = {one["decided"]["by"] for one in document["videos"] if one["state"] == "approved"}
    assert decided == {"李主任"}
    assert {one["submitted"]["by"] for one in document["videos"]} == {"王芳"}


def test_the_status_names_lesson_state_screens_and_people(root: Path) -> None:
    run(root, "submit", "--by", "王芳")
    run(root, "reject", "subsidy", "--by", "李主任", "--reason", "政策已调整")
    found = run(root, "status").stdout
    row = next(line for line in found.splitlines() if "subsidy" in line)
    for part in ("产业补贴", "rejected", "led-512x320、station-tv", "王芳", "李主任", "政策已调整"):
        assert part in row
    assert "0 approved, 1 waiting, 1 rejected, 0 made again, 0 new" in found


def test_everything_that_waits_is_approved_only_when_asked_for(root: Path) -> None:
    run(root, "submit", "--by", "王芳")
    assert "write --all" in str(run(root, "approve", "--by", "李主任").exception)
    assert "Approved: 2 lessons, 4 videos" in run(root, "approve", "--all", "--by", "李主任").stdout


def test_a_lesson_that_cannot_be_approved_fails_after_the_others_are(root: Path) -> None:
    run(root, "submit", "pruning", "--by", "王芳")
    found = run(root, "approve", "pruning", "subsidy", "--by", "张审核", "--json")
    document = json.loads(found.stdout)
    assert [(one["lesson"], one["action"]) for one in document["entries"]] == [("pruning", "approved")] * 2
    assert [one["where"] for one in document["problems"]] == ["subsidy"]
    assert "subsidy" in str(found.exception)


def test_the_status_says_whether_approval_is_asked_for(root: Path) -> None:
    assert "Approval is not asked for" in run(root, "status").stderr
    (root / "yuanjiao.toml").write_text(SETTINGS + "[review]\nrequired = true\n", encoding="utf-8")
    assert "Approval is not asked for" not in run(root, "status").stderr
    assert json.loads(run(root, "status", "--json").stdout)["required"] is True


def test_reviews_are_verified_and_what_was_tampered_with_is_believed_only_when_somebody_answers_for_it(
    root: Path,
) -> None:
    run(root, "submit", "--by", "王芳")
    assert "4 reviews, as they were written" in run(root, "verify").stdout
    with closing(sqlite3.connect(root / ".yuanjiao" / "state.sqlite")) as connection:
        connection.execute("UPDATE review SET lesson = 'subsidy' WHERE number = 1")
        connection.commit()
    found = run(root, "verify", "--json")
    assert isinstance(found.exception, InputError)
    assert [one["where"] for one in json.loads(found.stdout)["problems"]] == ["state.sqlite: review 1"]
    for arguments in (("status",), ("approve", "--all", "--by", "李主任")):
        assert "review 1: this entry was changed" in str(run(root, *arguments).exception)
    assert "--by" in str(run(root, "verify", "--accept").exception)
    assert run(root, "verify", "--accept", "--by", "李主任", "--reason", "编号写错，已核对").exit_code == 0
    assert "5 reviews, as they were written" in run(root, "verify").stdout
    assert run(root, "approve", "--all", "--by", "李主任").exit_code == 0


def test_a_clock_that_was_set_back_is_refused_or_noted(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(root, "submit", "--by", "王芳")
    monkeypatch.setattr("courseware.reviews.work.time.time", lambda: 1_000_000_000.0)
    assert "behind the last review" in str(run(root, "approve", "--all", "--by", "李主任").exception)
    assert run(root, "approve", "--all", "--by", "李主任", "--despite-clock").exit_code == 0
    told = run(root, "verify")
    assert "review 5: 2001-09-09T09:46:40+08:00: the review before it is of a later time" in told.stderr


STEPS = SETTINGS + '[review]\nrequired = true\nsteps = ["初审", { name = "终审", by = ["李主任"] }]\n'


def test_the_status_says_at_which_step_a_lesson_stands_and_who_is_waited_for(root: Path) -> None:
    (root / "yuanjiao.toml").write_text(STEPS, encoding="utf-8")
    run(root, "submit", "--by", "王芳")
    taken = run(root, "approve", "subsidy", "--by", "赵初", "--note", "画面清楚")
    assert "初审 taken: 1 lessons, 2 videos; 终审 comes next" in taken.stdout
    rows = run(root, "status").stdout.splitlines()
    assert "waits for 初审" in next(line for line in rows if "pruning" in line)
    row = next(line for line in rows if "subsidy" in line)
    assert "waits for 终审 by 李主任" in row
    assert "初审 赵初" in row
    document = json.loads(run(root, "status", "subsidy", "--json").stdout)
    assert document["steps"] == [{"name": "初审", "by": []}, {"name": "终审", "by": ["李主任"]}]
    video = document["videos"][0]
    assert (video["state"], video["due"], video["waits_for"]) == ("waiting", "终审", ["李主任"])
    assert [(one["step"], one["by"], one["note"]) for one in video["decisions"]] == [("初审", "赵初", "画面清楚")]
    assert "Approved: 1 lessons, 2 videos" in run(root, "approve", "subsidy", "--by", "李主任").stdout


def test_a_rejection_names_the_sticks_that_hold_the_lesson(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    render(root, "subsidy", "led-512x320", content_of(0))
    plan = plan_kit([week()], renditions(), PICTURES, revision=1, built=BUILT, zone=ZONE)
    write_text(root / "kits" / "square-01" / "issued" / "0001.json", dump_plan(plan))
    monkeypatch.setattr("playlists.reviews.rejecting.now", lambda _: BUILT)
    run(root, "submit", "--by", "王芳")
    told = run(root, "reject", "subsidy", "--by", "李主任", "--reason", "过时").stderr
    assert "subsidy: lies on the sticks of 2026-W49 for square-01" in told
    assert "yuanjiao kit build square-01 --week 2026-W49" in " ".join(told.split())


def test_every_review_is_exported_as_a_sheet_or_with_all_of_its_chain(root: Path) -> None:
    (root / "yuanjiao.toml").write_text(STEPS, encoding="utf-8")
    run(root, "submit", "subsidy", "--by", "王芳")
    run(root, "approve", "subsidy", "--by", "赵初", "--note", "=可播")
    assert run(root, "export", "-o", str(root / "审核.csv")).exit_code == 0
    sheet = (root / "审核.csv").read_bytes().decode("utf-8-sig").splitlines()
    assert sheet[0].startswith("序号,时间,动作,审次,课件,标题,屏幕,人,单位,意见,校验值")
    assert ",通过,初审,subsidy,产业补贴,led-512x320,赵初,测试县远教办,'=可播," in sheet[3]
    assert run(root, "export", "-o", str(root / "all.json")).exit_code == 0
    entries = json.loads((root / "all.json").read_text(encoding="utf-8"))["entries"]
    before = START
    for entry in entries:
        before = link(before, {name: entry[name] for name in LedgerEntry.__dataclass_fields__})
        assert entry["link"] == before
    assert len(entries) == 4


def test_an_export_is_a_new_file_of_a_known_kind_and_of_reviews_that_hold_together(root: Path) -> None:
    run(root, "submit", "--by", "王芳")
    assert "ends in one of: .csv、.json" in str(run(root, "export", "-o", str(root / "x.pdf")).exception)
    (root / "x.csv").write_text("mine", encoding="utf-8")
    assert isinstance(run(root, "export", "-o", str(root / "x.csv")).exception, InputError)
    assert (root / "x.csv").read_text(encoding="utf-8") == "mine"
    with closing(sqlite3.connect(root / ".yuanjiao" / "state.sqlite")) as connection:
        connection.execute("DELETE FROM review WHERE number = 1")
        connection.commit()
    assert "taken out" in str(run(root, "export", "-o", str(root / "y.csv")).exception)
    assert not (root / "y.csv").exists()
