from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock
from PIL import Image

from cli import main
from courseware.lessons.rendition import load_renditions
from render.making import workflow
from render.source.sources import Unseen
from render.work.ffmpeg import VARIABLE
from tests.conftest import ClipFactory

ROOT = Path(__file__).parents[3]


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(main, ["--lang", "en", *map(str, args)])


def transcode(file: Path, output: Path, *more: str, title: str = "配药", profile: str = "led-96x64") -> Result:
    options = ("--title", title, "--series", "扶贫实用技术", "--profile", profile, "--output", output)
    return run("transcode", file, *options, *more)


def test_probe_says_in_plain_words_what_a_video_is(make_clip: ClipFactory) -> None:
    result = run("probe", make_clip(channels=1))
    assert result.exit_code == 0
    assert "usable, 0:02.0 long" in result.stdout
    assert "160×90, 25 pictures a second" in result.stdout
    assert "one channel" in result.stdout


def test_probe_reports_as_json(make_clip: ClipFactory) -> None:
    document = json.loads(run("probe", make_clip(sound=False), "--json").stdout)
    assert document["duration_ms"] == 2000
    assert document["audio"] is None
    assert document["video"]["sar"] == "1"


def test_probe_of_a_bad_file_fails_with_one_sentence(tmp_path: Path) -> None:
    result = run("probe", tmp_path / "gone.mp4")
    assert result.exit_code == 1
    assert result.stderr == "gone.mp4: there is no such file\n"


def test_doctor_finds_all_that_is_needed() -> None:
    result = run("doctor", "--json")
    assert result.exit_code == 0
    found = {one["id"]: one for one in json.loads(result.stdout)}
    assert {"python", "ffmpeg", "libass", "x264", "aac", "av", "typst", "disk"} <= found.keys()
    assert all(one["ok"] for one in found.values() if one["needed"])
    assert sum(name.startswith("font-") for name in found) == 4
    assert "good" in run("doctor").stdout


def test_doctor_names_a_missing_ffmpeg_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "/nowhere/ffmpeg")
    result = run("doctor", "--json")
    assert result.exit_code == 1
    found = {one["id"]: one for one in json.loads(result.stdout)}
    assert "cannot be started" in found["ffmpeg"]["remedy"]
    assert "libass" not in found


def test_transcode_leaves_the_finished_file_and_nothing_else(make_clip: ClipFactory, tmp_path: Path) -> None:
    subtitles = tmp_path / "说明.srt"
    subtitles.write_text("1\n00:00:00,000 --> 00:00:01,500\n每亩用水50公斤。\n", encoding="gb18030")
    clip = make_clip()
    result = transcode(clip, tmp_path / "out", "--subtitles", str(subtitles), "--presenter", "王老师")
    assert result.exit_code == 0, result.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == [f"{clip.stem}_led-96x64.mp4"]
    assert "is there already" in transcode(clip, tmp_path / "out").stderr
    assert transcode(clip, tmp_path / "out", "--force").exit_code == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"profile": "led-319x161"}, "write led-320x162"),
        ({"profile": "station-tw"}, "did you mean station-tv?"),
        ({"title": "很" * 61}, "--title: is 61 characters long; at most 60"),
        ({"title": "喷药💧"}, "U+1F4A7"),
    ],
)
def test_transcode_refuses_what_cannot_be_made(
    make_clip: ClipFactory, tmp_path: Path, options: dict[str, str], said: str
) -> None:
    result = transcode(make_clip(), tmp_path / "out", **options)
    assert result.exit_code in {1, 2}
    assert said in result.stderr
    assert not list((tmp_path / "out").rglob("*.mp4"))


def test_transcode_names_an_unknown_series_and_form_at_once(make_clip: ClipFactory, tmp_path: Path) -> None:
    options = ("--title", "x", "--series", "扶贫技术", "--form", "电影", "--profile", "wechat", "--output", tmp_path)
    result = run("transcode", make_clip(), *options)
    assert result.exit_code == 2
    assert "did you mean 扶贫实用技术?" in result.stderr
    assert "--form" in result.stderr


def test_transcode_knows_the_series_of_the_workspace_it_is_started_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "yuanjiao.toml").write_text(
        '[office]\nname = "某县远教办"\ncounty = "某县"\n[[series]]\nname = "数字技能"\nslug = "digital"\n', "utf-8"
    )
    video = tmp_path / "video.mp4"
    video.write_bytes(b"")
    options = ("--title", "x", "--series", "数字技能", "--profile", "wechat", "--output", tmp_path / "out")
    assert "--series" in run("transcode", video, *options).stderr
    monkeypatch.chdir(tmp_path)
    assert "--series" not in run("transcode", video, *options).stderr


def test_a_missing_ffmpeg_is_one_clear_message(
    make_clip: ClipFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "/nowhere/ffmpeg")
    result = transcode(make_clip(), tmp_path / "out")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "ffmpeg cannot be started" in result.stderr


@pytest.fixture(scope="module")
def store_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test that renders all lessons keeps their pieces, for the others."""
    return tmp_path_factory.mktemp("before") / "store"


@pytest.fixture
def _pieces(workspace: Path, store_before: Path) -> None:
    """All pieces of the workspace's lessons are in its store, and nothing is finished."""
    store = workspace / ".yuanjiao" / "store"
    if store_before.exists():
        shutil.copytree(store_before, store)
        return
    assert run("render", "--workspace", workspace).exit_code == 0
    shutil.copytree(store, store_before)
    shutil.rmtree(workspace / "renditions")


def test_render_makes_every_lesson_once(workspace: Path, store_before: Path) -> None:
    first = run("render", "--workspace", workspace, "--json")
    assert first.exit_code == 0, first.stderr
    assert [one["state"] for one in json.loads(first.stdout)] == ["made", "made"]
    shutil.copytree(workspace / ".yuanjiao" / "store", store_before, dirs_exist_ok=True)
    assert load_renditions(workspace / "renditions", "led-96x64").keys() == {"dose", "prune"}
    again = run("render", "--workspace", workspace, "--json")
    assert [one["state"] for one in json.loads(again.stdout)] == ["kept", "kept"]
    work = workspace / ".yuanjiao" / "work"
    assert {path.name for path in work.iterdir()} == {"fonts", "fonts.conf"}


def test_render_of_one_lesson_for_another_profile_can_be_tried_dry(workspace: Path) -> None:
    result = run("render", "prune", "--profile", "led-80x64", "--dry-run", "--workspace", workspace)
    assert result.exit_code == 0
    assert "would be made" in result.stdout
    assert not (workspace / "renditions").exists()


def test_a_dry_run_and_explain_change_nothing_a_person_has(workspace: Path) -> None:
    def theirs() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in workspace.rglob("*") if ".yuanjiao" not in path.parts}

    before = theirs()
    assert "would be made" in run("render", "--dry-run", "--workspace", workspace).stdout
    told = run("render", "--explain", "--workspace", workspace)
    assert "dose · led-96x64: it is not there yet" in told.stdout
    # Ident, title, body and end; title and end card stand for two pieces each, which are made once.
    assert "to make: 4 of 6 pieces, and the sound" in told.stdout
    assert theirs() == before
    # What was found out about the videos may be remembered; nothing else is.
    assert {path.parent.name for path in (workspace / ".yuanjiao").rglob("*") if path.is_file()} <= {"sources"}


def test_a_dry_run_needs_no_cache(workspace: Path) -> None:
    (workspace / ".yuanjiao").write_text("a file is in the way", encoding="utf-8")
    result = run("render", "--dry-run", "--workspace", workspace)
    assert result.exit_code == 0, result.stderr
    assert "would be made" in result.stdout
    refused = run("render", "--workspace", workspace)
    assert refused.exit_code == 1
    assert "cannot be written to" in refused.stderr


@pytest.mark.usefixtures("_pieces")
def test_a_second_render_in_the_same_workspace_is_refused_until_the_first_has_ended(workspace: Path) -> None:
    with FileLock(workspace / ".yuanjiao" / "render.lock"):
        result = run("render", "--workspace", workspace)
        assert result.exit_code == 1
        assert "lessons are being rendered here already; wait until that has ended" in result.stderr
        assert len(result.stderr.splitlines()) == 1
        assert run("render", "--dry-run", "--workspace", workspace).exit_code == 0
        assert run("store", "gc", "--max-size", "0", "--workspace", workspace).exit_code == 1
        assert not (workspace / "renditions").exists()
    assert run("render", "prune", "--workspace", workspace).exit_code == 0


@pytest.mark.usefixtures("_pieces")
def test_the_store_says_its_size_and_gives_room_back(workspace: Path) -> None:
    run("render", "prune", "--workspace", workspace)
    usage = json.loads(run("store", "stat", "--workspace", workspace, "--json").stdout)
    assert "picture" in json.dumps(usage)
    assert run("store", "stat", "--workspace", workspace).exit_code == 0
    collected = run("store", "gc", "--max-size", "0", "--workspace", workspace)
    assert collected.exit_code == 0, collected.stderr
    assert not [path for path in (workspace / ".yuanjiao" / "store").rglob("*") if path.is_file()]
    # The finished rendition needs none of it.
    again = run("render", "prune", "--workspace", workspace, "--json")
    assert [one["state"] for one in json.loads(again.stdout)] == ["kept"]


@pytest.mark.parametrize("size", ["", "-1", "20 apples", "1e3"])
def test_a_size_that_is_none_is_refused(workspace: Path, size: str) -> None:
    assert run("store", "gc", "--max-size", size, "--workspace", workspace).exit_code == 2


@pytest.mark.usefixtures("_pieces")
def test_render_goes_on_past_lessons_that_cannot_be_used(workspace: Path) -> None:
    (workspace / "courseware" / "dose" / "raw.mp4").write_bytes(b"")
    (workspace / "courseware" / "none").mkdir()
    result = run("render", "--workspace", workspace)
    assert result.exit_code == 1
    assert "dose: raw.mp4: the file is empty" in result.stderr
    assert "courseware/none/lesson.toml" in result.stderr
    assert load_renditions(workspace / "renditions", "led-96x64").keys() == {"prune"}


@pytest.mark.parametrize(("how", "profile"), [("--dry-run", "led-96x64"), ("--proxy", "proxy")])
def test_a_lesson_that_cannot_be_begun_has_its_row_and_its_reason(workspace: Path, how: str, profile: str) -> None:
    dose = workspace / "courseware" / "dose"
    (dose / "讲解.wav").write_bytes(b"no sound at all")
    (dose / "lesson.toml").write_text(
        f'narration = ["讲解.wav"]\n{(dose / "lesson.toml").read_text("utf-8")}', "utf-8"
    )
    result = run("render", "dose", how, "--json", "--workspace", workspace)
    assert result.exit_code == 1
    (row,) = json.loads(result.stdout)
    assert (row["lesson"], row["profile"], row["state"], row["seconds"]) == ("dose", profile, "failed", 0)
    assert "讲解.wav" in row["problems"][0]["where"]
    shown = run("render", "dose", how, "--workspace", workspace)
    assert "failed" in shown.stdout
    assert shown.stderr.count("讲解.wav") == 1


def test_a_farm_looks_into_the_videos_under_a_narration_before_their_clips_are_laid(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dose = workspace / "courseware" / "dose"
    (dose / "讲解.wav").write_bytes(b"no sound, so that nothing is rendered")
    settings = (dose / "lesson.toml").read_text("utf-8")
    (dose / "lesson.toml").write_text(f'narration = ["讲解.wav"]\n{settings}', "utf-8")
    asked: list[Unseen] = []
    hands = nullcontext(SimpleNamespace(look_into=asked.extend))
    monkeypatch.setattr(workflow, "_hands_for", lambda *_: hands)
    result = run("render", "dose", "--on", "tcp://127.0.0.1:8786", "--workspace", workspace)
    assert "讲解.wav" in result.stderr
    assert asked == [Unseen(dose / "raw.mp4")]


def test_render_of_a_broken_lesson_says_what_is_wrong_with_it(workspace: Path) -> None:
    path = workspace / "courseware" / "dose" / "lesson.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("扶贫实用技术", "扶贫技术"), encoding="utf-8")
    result = run("render", "dose", "--workspace", workspace)
    assert result.exit_code == 1
    assert "did you mean 扶贫实用技术?" in result.stderr


def test_render_of_an_unknown_lesson_names_the_nearest(workspace: Path) -> None:
    result = run("render", "doze", "--workspace", workspace)
    assert result.exit_code == 2
    assert "did you mean dose?" in result.stderr


def test_a_glyph_that_is_missing_in_a_subtitle_is_found_before_encoding(workspace: Path) -> None:
    path = workspace / "courseware" / "dose" / "subtitles.srt"
    path.write_text(path.read_text(encoding="utf-8").replace("早晚", "早🌞晚"), encoding="utf-8")
    result = run("render", "dose", "--workspace", workspace)
    assert result.exit_code == 1
    assert "dose: 0:01: " in result.stderr
    assert "U+1F31E" in result.stderr
    assert not (workspace / "renditions").exists()


def test_the_commands_load_nothing_heavy() -> None:
    code = "import sys, render.making.commands; "
    code += "print(sorted({'av', 'numpy', 'pydantic', 'moviepy'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_a_source_that_is_the_finished_file_under_another_name_is_not_replaced(
    make_clip: ClipFactory, workspace: Path, tmp_path: Path
) -> None:
    clip, out = make_clip(), tmp_path / "out"
    source, output = tmp_path / "raw.mp4", out / "raw_led-96x64.mp4"
    out.mkdir()
    shutil.copy(clip, source)
    output.hardlink_to(source)
    refused = transcode(source, out, "--force")
    assert refused.exit_code == 2
    assert "would be written over" in refused.stderr
    raw = workspace / "courseware" / "dose" / "raw.mp4"
    finished = workspace / "renditions" / "led-96x64" / "dose.mp4"
    finished.parent.mkdir(parents=True)
    shutil.move(raw, finished)
    raw.hardlink_to(finished)
    assert "would be written over" in run("render", "dose", "--workspace", workspace).stderr
    assert finished.read_bytes() == raw.read_bytes()
    assert output.samefile(source)


def test_frame_draws_one_moment_and_keeps_what_is_there(workspace: Path, tmp_path: Path) -> None:
    picture = tmp_path / "x.png"
    asked = ("frame", "dose", "--at", "0:07.5", "--output", picture, "--workspace", workspace)
    assert run(*asked).stdout == f"{picture} is written\n"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "is there already" in run(*asked).stderr
    assert json.loads(run(*asked, "--force", "--json").stdout) == {"file": str(picture)}
    assert not (workspace / "renditions").exists()


@pytest.mark.usefixtures("_pieces")
def test_a_picture_of_what_nobody_approved_says_that_it_is_a_draft(workspace: Path, tmp_path: Path) -> None:
    settings = workspace / "yuanjiao.toml"
    here = ("--workspace", workspace)

    def corner() -> bytes:
        moment = ("--at", "0:07.5", "--profile", "led-96x64")
        assert run("frame", "dose", *moment, "-o", tmp_path / "x.png", "--force", *here).exit_code == 0
        with Image.open(tmp_path / "x.png") as picture:
            shown: bytes = picture.convert("RGB").crop((56, 0, 96, 24)).tobytes()
        return shown

    plain = corner()
    rules = "\n[review]\nrequired = true\nsteps = ['审定']\n"
    settings.write_text(settings.read_text(encoding="utf-8") + rules, encoding="utf-8")
    assert run("render", "dose", "--profile", "led-96x64", *here).exit_code == 0
    assert run("review", "submit", "--by", "王芳", *here).exit_code == 0
    draft = corner()
    assert draft != plain
    assert run("review", "approve", "dose", "--by", "李主任", *here).exit_code == 0
    assert corner() == plain
    subtitles = workspace / "courseware" / "dose" / "subtitles.srt"
    subtitles.write_text(subtitles.read_text(encoding="utf-8").replace("早晚", "早上"), encoding="utf-8")
    assert corner() == draft


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("dose", "-o", "x.png"), "give either --at"),
        (("dose", "-o", "x.png", "--at", "0:01", "--sheet"), "give either --at"),
        (("dose", "-o", "x.png", "--at", "1m"), "write it like 0:42"),
        (("dose", "-o", "x.png", "--at", "-0:01"), "write it like 0:42"),
        (("dose", "-o", "x.png", "--at", "9:00"), "the finished video ends at 0:13"),
        (("dose", "-o", "x.jpg", "--at", "0:01"), "a name ending in .png"),
        (
            ("dose", "-o", "x.png", "--at", "0:01", "-p", "led-96x64", "-p", "station-tv"),
            "one picture is of one screen",
        ),
        (("doze", "-o", "x.png", "--at", "0:01"), "did you mean dose?"),
        (("dose", "-o", "x.png", "--at", "0:01", "-p", "led"), "--profile"),
    ],
)
def test_frame_refuses_what_cannot_be_drawn(
    workspace: Path, options: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace)
    result = run("frame", *options)
    assert result.exit_code in {1, 2}
    assert said in result.stderr
    assert not list(workspace.glob("x.*"))
