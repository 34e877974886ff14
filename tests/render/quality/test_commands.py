"""The command: a workspace's finished videos, or any files."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import make_console
from courseware.errors import InputError
from courseware.files import sha256
from courseware.lessons.rendition import Rendition, describe
from render.quality.commands import qc
from tests.render.quality.clips import PROFILE, SECONDS, finished

pytestmark = pytest.mark.usefixtures("without_fonts")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return finished(tmp_path_factory.mktemp("good") / "good.mp4")


def run(*args: object) -> Result:
    return CliRunner().invoke(qc, [str(one) for one in args], obj=make_console("en"))


def place(workspace: Path, lesson: str, video: Path) -> Path:
    folder = workspace / "renditions" / PROFILE
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{lesson}.mp4"
    shutil.copyfile(video, target)
    described = Rendition(
        lesson=lesson,
        title="农药怎样配",
        series="扶贫实用技术",
        form="微视频",
        profile=PROFILE,
        file=target.name,
        seconds=SECONDS,
        width=96,
        height=64,
        size=target.stat().st_size,
        sha256=sha256(target),
        key="0",
    )
    describe(described, folder)
    return target


def test_a_good_file_ends_well(good: Path) -> None:
    done = run("--file", good, "--profile", PROFILE)
    assert done.exit_code == 0, done.output
    assert "1 files: 0 errors, 0 warnings" in done.stdout


def test_one_bad_file_does_not_stop_the_rest(good: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    done = run("-f", empty, "-f", good, "-f", tmp_path / "gone.mp4", "--output", tmp_path / "out", "--json")
    assert done.exit_code == 1
    files = json.loads(done.stdout)["files"]
    assert [one["verdict"] for one in files] == ["bad", "good", "bad"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["quality.html", "quality.json"]
    again = ("-f", empty, "--output", tmp_path / "out")
    with pytest.raises(InputError, match=r"quality\.json: is there already"):
        CliRunner().invoke(qc, [str(one) for one in again], obj=make_console("en"), catch_exceptions=False)
    assert run(*again, "--force").exit_code == 1


def test_a_file_leaves_no_report_unless_asked(good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("--file", good).exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_a_workspace_is_checked_as_a_whole(workspace: Path, good: Path, tmp_path: Path) -> None:
    place(workspace, "dose", good)
    # The lesson `prune` has no sound of its own, so that its silence is no fault.
    place(workspace, "prune", finished(tmp_path / "mute.mp4", audio="volume=0"))
    done = run("--workspace", workspace, "--json")
    files = {one["lesson"]: one for one in json.loads(done.stdout)["files"]}
    assert files["prune"]["findings"] == []
    assert "silent" in next(line for line in run("--workspace", workspace).stdout.splitlines() if "prune" in line)
    assert {one["kind"] for one in files["dose"]["findings"]} <= {"cue"}
    assert (workspace / "quality" / "quality.html").is_file()


def test_a_missing_description_and_a_missing_video_are_findings(workspace: Path, good: Path) -> None:
    place(workspace, "dose", good).with_suffix(".json").unlink()
    place(workspace, "prune", good).unlink()
    done = run("--workspace", workspace, "--json")
    assert done.exit_code == 1
    kinds = {one["lesson"]: [found["kind"] for found in one["findings"]] for one in json.loads(done.stdout)["files"]}
    assert "description" in kinds["dose"]
    assert kinds["prune"] == ["unreadable"]


def test_a_changed_file_is_found(workspace: Path, good: Path, tmp_path: Path) -> None:
    target = place(workspace, "dose", good)
    shutil.copyfile(finished(tmp_path / "other.mp4", video="negate"), target)
    done = run("dose", "--workspace", workspace)
    assert done.exit_code == 1
    assert "bytes are not those that were rendered" in done.stdout


def test_what_is_not_rendered_is_said_and_what_does_not_exist_is_refused(workspace: Path, good: Path) -> None:
    place(workspace, "dose", good)
    done = run("dose", "prune", "--workspace", workspace)
    assert f"prune · {PROFILE}: is not rendered yet" in done.stderr
    refused = run("dosee", "--workspace", workspace)
    assert "did you mean dose?" in str(refused.exception)


def test_an_empty_workspace_has_nothing_to_check(workspace: Path) -> None:
    done = run("--workspace", workspace)
    assert done.exit_code == 0
    assert "nothing to check" in done.stdout
    assert not (workspace / "quality").exists()


@pytest.mark.parametrize("args", [("dose", "--file", "x.mp4"), ("-f", "x.mp4", "-p", PROFILE, "-p", "wechat")])
def test_options_that_contradict_are_refused(args: tuple[str, ...]) -> None:
    assert run(*args).exception is not None
    assert "only" in str(run(*args).exception) or "not both" in str(run(*args).exception)


def test_a_report_is_never_written_over_what_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "quality.json"
    path.write_bytes(b"a video of an odd name")
    with pytest.raises(InputError, match="would be written over"):
        raise run("--file", path, "--output", tmp_path).exception or AssertionError
    assert path.read_bytes() == b"a video of an odd name"
