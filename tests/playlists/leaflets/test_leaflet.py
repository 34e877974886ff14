"""A lesson's leaflet: its steps out of scripts of several sorts, where they are in the video, two pages of A4."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from cli import main
from courseware.media.pictures import pictures_at
from courseware.script.script import load_script
from courseware.subtitles.cue import Cue
from courseware.times import Span
from playlists.leaflets.steps import LeafletText, shortened, text_of_cues, text_of_script, timed
from tests.conftest import ClipFactory

LAST = "今天就讲到这里，谢谢大家。"


def read(folder: Path, content: str, suffix: str = ".txt") -> LeafletText:
    path = folder / f"script{suffix}"
    path.write_text(content, encoding="utf-8")
    return text_of_script(load_script(path))


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (
            f"修剪只要三步。\n第一步：看枝。绕树走一圈。\n第二步：疏枝。剪口要平。\n第三步：短截。留外芽。\n{LAST}\n",
            ".txt",
        ),
        (f"修剪只要三步。\n1、看枝：绕树走一圈。\n2、疏枝：剪口要平。\n3、短截：留外芽。\n{LAST}\n", ".txt"),
        (
            "# 修剪\n\n修剪只要三步。\n\n## 看枝\n\n绕树走一圈。\n\n## 疏枝\n\n剪口要平。\n\n## 短截\n\n留外芽。\n",
            ".md",
        ),
    ],
    ids=["第一步", "1、", "headings"],
)
def test_steps_are_what_a_script_counts_numbers_or_heads(tmp_path: Path, content: str, suffix: str) -> None:
    found = read(tmp_path, content, suffix)
    assert [(step.title, step.body) for step in found.steps] == [
        ("看枝", "绕树走一圈。"),
        ("疏枝", "剪口要平。"),
        ("短截", "留外芽。"),
    ]
    assert (found.numbered, found.lead) == (True, "修剪只要三步。")


def test_a_script_without_steps_makes_points_and_too_many_steps_are_counted(tmp_path: Path) -> None:
    found = read(tmp_path, "枣树冬季要修剪。\n剪口要平整，不留桩。\n剪下的枝条运出园外。\n")
    assert (found.numbered, [step.title for step in found.steps]) == (False, ["", "", ""])
    many = read(tmp_path, "".join(f"第{number}步：看。{'剪口要平，不留桩。' * 9}\n" for number in range(1, 11)))
    assert (len(many.steps), many.left_out, many.shortened) == (8, 2, 8)
    assert all(len(step.body) <= 60 and step.body.endswith("。") for step in many.steps)


def test_words_are_cut_between_sentences_where_the_first_fits() -> None:
    assert shortened("剪口要平。不留桩。", 6) == "剪口要平。"
    assert shortened("剪口要平，不留桩，伤口涂药", 8) == "剪口要平，不留…"


def cue(start_s: int, said: str) -> Cue:
    return Cue(Span(start_s * 1000, start_s * 1000 + 2000), said)


def test_a_step_is_shown_where_the_subtitles_say_it_else_as_far_as_its_words(tmp_path: Path) -> None:
    steps = read(tmp_path, "第一步：看枝。先绕树走一圈分清各种枝。\n第二步：疏枝。把病枝从基部剪除不留桩。\n")
    cues = [
        cue(2, "大家好"),
        cue(10, "先绕树走一圈"),
        cue(14, "分清各种枝"),
        cue(50, "把病枝从基部"),
        cue(53, "剪除不留桩"),
    ]
    assert [step.at_ms for step in timed(steps, cues, 100_000).steps] == [10_000 + 16_000, 50_000 + 20_000]
    assert [step.at_ms for step in timed(steps, (), 100_000).steps] == [20_000, 70_000]


def test_subtitles_alone_make_points_that_end_like_sentences() -> None:
    found = text_of_cues([cue(number, f"第{number}句话") for number in range(20)])
    assert len(found.steps) == 7
    assert found.steps[0].body == "第0句话，第1句话，第2句话。"
    assert [step.at_ms for step in found.steps][:2] == [0, 3000]


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--lang", "zh", "leaflet", *arguments, "--workspace", str(root)])


def test_a_leaflet_has_two_pages_its_words_and_its_draft_mark(workspace: Path) -> None:
    from pypdf import PdfReader

    (workspace / "courseware" / "dose" / "script.txt").write_text(
        "第一步：量水。\n每亩五十公斤。\n第二步：配药。\n", encoding="utf-8"
    )
    toml = workspace / "courseware" / "dose" / "lesson.toml"
    toml.write_text(
        toml.read_text("utf-8").replace("农药怎样配", "农药怎样配" * 12) + 'link = "https://example.org/v/1"\n',
        encoding="utf-8",
    )
    settings = workspace / "yuanjiao.toml"
    settings.write_text(settings.read_text("utf-8") + "[review]\nrequired = true\n", encoding="utf-8")
    document = json.loads(run(workspace, "dose", "--json").stdout)
    assert document.keys() == {"file", "source", "numbered", "steps", "problems"}
    assert (document["source"], [step["title"] for step in document["steps"]]) == ("script.txt", ["量水", ""])
    pages = [page.extract_text().replace("\n", "") for page in PdfReader(document["file"]).pages]
    assert len(pages) == 2
    assert "草 稿" in pages[0]
    assert "量水" in pages[0]
    assert "每亩五十公斤。" in pages[0]
    assert "配药。" in pages[1]
    assert "手机扫码看视频" in pages[1]


def test_what_was_cut_out_of_the_video_is_neither_said_nor_shown(workspace: Path) -> None:
    folder = workspace / "courseware" / "dose"
    toml = folder / "lesson.toml"
    toml.write_text(toml.read_text("utf-8") + 'cut = ["0:00-0:01"]\n', encoding="utf-8")
    cues = "1\n00:00:00,100 --> 00:00:00,900\n不该播的话\n\n2\n00:00:01,200 --> 00:00:01,900\n每亩五十公斤\n"
    (folder / "subtitles.srt").write_text(cues, encoding="utf-8")
    document = json.loads(run(workspace, "dose", "--json").stdout)
    (step,) = document["steps"]
    assert step["text"] == "每亩五十公斤。"
    assert step["at_ms"] >= 1000


def test_a_lesson_of_photos_and_cards_has_a_leaflet_with_the_photos(workspace: Path) -> None:
    folder = workspace / "courseware" / "photos"
    folder.mkdir()
    Image.new("RGB", (400, 300), (200, 30, 40)).save(folder / "a.jpg")
    (folder / "lesson.toml").write_text(
        'title = "果园一年"\nseries = "扶贫实用技术"\nform = "微视频"\n'
        '[[clip]]\ncard = "剪枝"\nseconds = 2\n[[clip]]\nsource = "a.jpg"\nseconds = 4\n',
        encoding="utf-8",
    )
    (folder / "script.txt").write_text("第一步：看枝。绕树走一圈。\n第二步：疏枝。剪口要平。\n", encoding="utf-8")
    document = json.loads(run(workspace, "photos", "--json").stdout)
    assert [step["title"] for step in document["steps"]] == ["看枝", "疏枝"]
    assert [step["at_ms"] for step in document["steps"]] == [1280, 4320]


def test_a_lesson_without_words_is_refused_with_what_to_do(workspace: Path) -> None:
    done = run(workspace, "prune")
    assert done.exit_code == 2
    assert "script.txt" in done.output
    assert "第一步" in done.output


def test_a_picture_is_that_of_its_moment_with_square_pixels(make_clip: ClipFactory) -> None:
    clip = make_clip(
        seconds=2,
        filters="geq=lum='if(lt(T,1),40,200)':cb=128:cr=128,setsar=2",
        options=("-pix_fmt", "yuv420p", "-g", "50"),
    )
    early, late, last = pictures_at(clip, [500, 1500, 9000])
    assert early.size == (320, 90)
    assert [one.convert("L").getpixel((9, 9)) for one in (early, late, last)][1:] == [
        late.convert("L").getpixel((9, 9))
    ] * 2
    assert early.convert("L").getpixel((9, 9)) < late.convert("L").getpixel((9, 9)) - 100  # type: ignore[operator]
