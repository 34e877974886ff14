from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from courseware.align.pages import HeardPages
from courseware.errors import InputError, Problem, YuanjiaoError
from courseware.lessons.clips import own_length_ms
from courseware.lessons.workspace import load_catalogue, open_workspace
from courseware.origins import making
from courseware.origins.commands import lesson
from courseware.terminal.console import Console
from templates.start.demo import COUNTY_DIR

TEXT = "# 苹果冬剪\n系列：扶贫实用技术\n\n## 工具\n\n1. 剪\n2. 锯\n\n![剪和锯](a.jpg)\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "yuanjiao.toml").write_text('[office]\nname = "示例"\ncounty = "示例县"\n', encoding="utf-8")
    (tmp_path / "冬剪.md").write_text(TEXT, encoding="utf-8")
    Image.new("RGB", (80, 60)).save(tmp_path / "a.jpg")
    return tmp_path


def run(root: Path, *more: str, file: str = "冬剪.md") -> Result:
    arguments = ["new", "--from", str(root / file), "--workspace", str(root / "w"), *more]
    return CliRunner().invoke(lesson, arguments, obj=Console("en", str))


def problems(root: Path, *more: str, file: str = "冬剪.md") -> tuple[Problem, ...]:
    error = run(root, *more, file=file).exception
    assert isinstance(error, InputError)
    assert not (root / "w" / "courseware").exists() or not list((root / "w" / "courseware").iterdir())
    return error.problems


def test_a_text_becomes_a_lesson_that_can_be_used(root: Path) -> None:
    assert run(root).exit_code == 0
    folder = root / "w" / "courseware" / "苹果冬剪"
    assert {path.name for path in folder.iterdir()} == {"lesson.toml", "a.jpg", "script.md"}
    catalogue = load_catalogue(open_workspace(root / "w"))
    assert not catalogue.problems
    (made,) = catalogue.lessons
    assert (made.title, made.series, made.form) == ("苹果冬剪", "扶贫实用技术", "微视频")
    assert [
        clip["card"] for clip in tomllib.loads((folder / "lesson.toml").read_text())["clip"] if "card" in clip
    ] == ["工具"]


def test_what_the_person_says_counts_before_the_text(root: Path) -> None:
    said = ("AK010", "--title", "另一题", "--series", "乡村振兴之路", "--form", "微动漫", "--presenter", "李")
    assert run(root, *said).exit_code == 0
    values = tomllib.loads((root / "w" / "courseware" / "AK010" / "lesson.toml").read_text())
    told = (values["title"], values["series"], values["form"], values["presenter"])
    assert told == ("另一题", "乡村振兴之路", "微动漫", "李")


def test_a_lesson_that_is_there_is_never_written_over(root: Path) -> None:
    assert run(root, "AK010").exit_code == 0
    before = {path: path.read_bytes() for path in (root / "w").rglob("*") if path.is_file()}
    error = run(root, "ak010").exception
    assert isinstance(error, YuanjiaoError)
    assert "AK010 already" in str(error)
    assert before == {path: path.read_bytes() for path in (root / "w").rglob("*") if path.is_file()}


def test_all_pictures_that_cannot_be_shown_are_named_before_anything_is_written(root: Path) -> None:
    (root / "照片").mkdir()
    Image.new("RGB", (80, 60)).save(root / "照片" / "good.jpg")
    (root / "照片" / "page.jpg").write_text("<html>")
    (root / "照片" / "cut.heic").write_bytes(b"\0\0\0\x18ftypheic")
    found = problems(root, "AK1", "--series", "扶贫实用技术", file="照片")
    assert [(problem.where, str(problem.what)) for problem in found] == [
        ("cut.heic", "the picture is damaged or was cut short; copy it again"),
        ("page.jpg", "this is no picture that can be read; save it as JPEG or PNG"),
    ]


def test_all_that_is_missing_is_asked_for_at_once(root: Path) -> None:
    (root / "b.md").write_text("一句很长的话，后面还有一句，没有标题也没有系列。\n", encoding="utf-8")
    told = [problem.where for problem in problems(root, "--form", "电影", "a/b", file="b.md")]
    assert told == ["a/b", "b.md: title", "b.md: series", "b.md: form"]


def test_a_kind_of_file_that_no_lesson_is_made_from_is_refused_with_those_that_are(root: Path) -> None:
    (root / "a.xyz").write_text("x", encoding="utf-8")
    (problem,) = problems(root, file="a.xyz")
    assert ".md" in str(problem.what)
    assert problems(root, file="none.md")


def test_a_dry_run_writes_nothing(root: Path) -> None:
    document = json.loads(run(root, "--dry-run", "--json").stdout)
    assert document["dry_run"]
    assert document["clips"] == 2
    assert document["files"] == ["a.jpg", "script.md"]
    assert not (root / "w" / "courseware").exists()


def test_the_only_series_need_not_be_said(root: Path) -> None:
    off = "".join(
        f'[[series]]\nname = "{name}"\nslug = "s{place}"\noff = true\n'
        for place, name in enumerate(("我的扶贫故事", "我的脱贫之路", "乡村振兴之路"))
    )
    with (root / "w" / "yuanjiao.toml").open("a", encoding="utf-8") as settings:
        settings.write(off)
    (root / "冬剪.md").write_text("# 题\n\n句。\n", encoding="utf-8")
    assert run(root, "A1").exit_code == 0
    values = tomllib.loads((root / "w" / "courseware" / "A1" / "lesson.toml").read_text())
    assert values["series"] == "扶贫实用技术"


def test_a_card_says_its_own_words_and_stays_so_long_that_they_are_read(root: Path) -> None:
    assert run(root, "A1").exit_code == 0
    (made,) = load_catalogue(open_workspace(root / "w")).lessons
    card, picture = made.clips
    assert card.says == "工具。\n剪。\n锯。"
    assert picture.says == "剪和锯。"
    short, long = (replace(card, lines=("剪" * count,)) for count in (2, 60))
    assert own_length_ms(short, {}) == 5000
    assert (own_length_ms(long, {}) or 0) > 60 * 200


def test_the_sample_county_has_a_short_lesson_of_a_text(root: Path) -> None:
    assert run(root, file=str(COUNTY_DIR / "texts" / "apple-pruning.md")).exit_code == 0
    (made,) = load_catalogue(open_workspace(root / "w")).lessons
    assert made.id == "apple-pruning"
    assert sum(own_length_ms(clip, {}) or 0 for clip in made.clips) < 45_000


def test_a_wrong_title_does_not_make_a_lesson_of_cards_want_a_video(root: Path) -> None:
    told = [problem.where for problem in problems(root, "--title", "长" * 70)]
    assert told == ["冬剪.md: title"]


def test_a_narration_of_another_text_is_refused_and_a_page_that_it_has_not_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "讲解.wav").write_bytes(b"RIFF")
    said = ("--narration", str(root / "讲解.wav"))
    monkeypatch.setattr(making, "listen", lambda _, pages: HeardPages(20, tuple(3 for _ in pages)))
    (told,) = problems(root, *said)
    assert told.where == "narration"
    assert "is it the right recording?" in str(told.what)
    monkeypatch.setattr(making, "listen", lambda _, pages: HeardPages(90, (3, *(90 for _ in pages[1:]))))
    done = run(root, *said)
    assert done.exit_code == 0
    assert "clip.1: “工具" in done.stderr
    assert "is hardly heard in the narration (3 %)" in done.stderr
