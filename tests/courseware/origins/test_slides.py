"""Lessons made of slides and of folders of pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from courseware.errors import InputError, Problem, Text, ToolError
from courseware.lessons.profile import Canvas
from courseware.lessons.workspace import load_catalogue, open_workspace
from courseware.origins.kinds import picture_folder, slides
from courseware.origins.making import make_lesson, plan_lesson
from courseware.origins.origin import DraftWish
from courseware.slides.legibility import ReadScreen
from tests.courseware.slides.decks import without, write_pdf, write_pptx

LED = ReadScreen("led-320x160", Canvas(320, 160), 20)
TV = ReadScreen("station-tv", Canvas(1920, 1080), 27)
DECK = (
    {"title": "剪病枝", "lines": ("先看。", "再剪。"), "notes": "先看枝条。再剪病枝。"},
    {"title": "备用", "hidden": True},
    {"title": "剪弱枝", "lines": ("留三到五个芽。",)},
)


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands for LibreOffice: two pages, whatever the deck."""

    def pages(_: str, __: Path, ___: str, home: Path) -> Path:
        return write_pdf(home / "deck.pdf", [(44, "one"), (30, "words enough")], [(12, "small words")])

    monkeypatch.setattr(slides, "find_office", lambda: "soffice")
    monkeypatch.setattr(slides, "convert", pages)


@pytest.fixture
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUANJIAO_SOFFICE", "")


@pytest.mark.usefixtures("office")
def test_slides_become_pictures_with_their_notes(tmp_path: Path) -> None:
    draft = slides.read_slides(DraftWish(write_pptx(tmp_path / "a.pptx", *DECK), screens=(TV, LED)))
    assert draft.values["title"] == "剪病枝"
    assert draft.values["clip"] == [
        {"source": "page-01.png", "move": "none", "fit": "blur", "says": "先看枝条。再剪病枝。"},
        {"source": "page-02.png", "move": "none", "fit": "blur"},
    ]
    assert set(draft.files) == {"page-01.png", "page-02.png"}
    told = [str(remark.what) for remark in draft.remarks]
    assert told[0] == "Hidden slides are left out: 2."
    assert "On station-tv the words of pages 2 are too small to be read (24 of 27 pixels)" in told[1]
    assert "On led-320x160 the words of pages 1、2 are too small to be read (3 of 20 pixels)" in told[2]


@pytest.mark.usefixtures("no_office")
def test_without_libreoffice_slides_become_cards_of_their_words(tmp_path: Path) -> None:
    draft = slides.read_slides(DraftWish(write_pptx(tmp_path / "a.pptx", *DECK)))
    assert draft.values["clip"] == [
        {"card": "剪病枝", "lines": ["先看。", "再剪。"], "says": "先看枝条。再剪病枝。"},
        {"card": "剪弱枝", "lines": ["留三到五个芽。"]},
    ]
    assert any("Without LibreOffice" in str(remark.what) for remark in draft.remarks)


@pytest.mark.usefixtures("no_office")
def test_a_slide_without_a_heading_becomes_cards_under_the_title_of_the_whole(tmp_path: Path) -> None:
    long = "先看枝条有没有病，再看枝条是不是弱，然后才动剪刀，剪口要平，离芽一厘米。"
    draft = slides.read_slides(DraftWish(write_pptx(tmp_path / "a.pptx", DECK[0], {"lines": (long,)})))
    assert [clip["card"] for clip in draft.values["clip"]] == ["剪病枝", "剪病枝"]


@pytest.mark.usefixtures("office")
def test_where_libreoffice_fails_slides_become_cards_and_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> Path:
        raise ToolError(Problem("a.pptx", Text("LibreOffice cannot be started")))

    monkeypatch.setattr(slides, "convert", fails)
    draft = slides.read_slides(DraftWish(write_pptx(tmp_path / "a.pptx", *DECK)))
    assert [clip["card"] for clip in draft.values["clip"]] == ["剪病枝", "剪弱枝"]
    told = [str(remark.what) for remark in draft.remarks]
    assert told[1:] == ["LibreOffice cannot be started", "The slides became cards of their words instead."]


def test_a_deck_that_keeps_to_no_rule_is_read_as_libreoffice_writes_it_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    regular = write_pptx(tmp_path / "b.pptx", *DECK)

    def converts(_: str, __: Path, suffix: str, home: Path) -> Path:
        return regular if suffix == "pptx" else write_pdf(home / "deck.pdf", [(44, "one")], [(44, "two")])

    monkeypatch.setattr(slides, "find_office", lambda: "soffice")
    monkeypatch.setattr(slides, "convert", converts)
    odd = without(write_pptx(tmp_path / "a.pptx", *DECK), "[Content_Types].xml", b'Extension="jpeg" ')
    draft = slides.read_slides(DraftWish(odd))
    assert [clip.get("says") for clip in draft.values["clip"]] == ["先看枝条。再剪病枝。", None]
    monkeypatch.setattr(slides, "find_office", lambda: None)
    with pytest.raises(InputError, match="no presentation, or a damaged one"):
        slides.read_slides(DraftWish(odd))


def test_pages_on_which_nothing_is_seen_are_told(tmp_path: Path) -> None:
    draft = slides.read_slides(DraftWish(write_pdf(tmp_path / "a.pdf", [(44, "one")], [], [(44, "three")], [])))
    assert [str(remark.what) for remark in draft.remarks] == [
        "Nothing is seen on pages 2、4; remove their clips, or save them anew."
    ]


def test_a_pdf_becomes_cards_when_that_is_asked(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [(44, "Pruning"), (12, "cut the sick branches")])
    draft = slides.read_slides(DraftWish(path, as_cards=True))
    assert draft.values["clip"] == [{"card": "Pruning", "lines": ["cut the sick branches"]}]
    assert (draft.values["title"], draft.files) == ("Pruning", {})


@pytest.mark.usefixtures("office")
def test_pages_of_another_number_bring_no_notes(tmp_path: Path) -> None:
    draft = slides.read_slides(DraftWish(write_pptx(tmp_path / "a.pptx", DECK[0])))
    assert not any("says" in clip for clip in draft.values["clip"])
    assert any("makes 2 pages of 1 slides" in str(remark.what) for remark in draft.remarks)


def test_a_folder_of_pictures_is_read_as_people_count(tmp_path: Path) -> None:
    for name in ("图10.jpg", "图2.PNG", "图1.webp", "说明.txt"):
        (tmp_path / name).write_bytes(b"x")
    draft = picture_folder.read_folder(DraftWish(tmp_path))
    assert [clip["source"] for clip in draft.values["clip"]] == ["图1.webp", "图2.PNG", "图10.jpg"]
    assert ["说明.txt" in str(remark.what) for remark in draft.remarks] == [True]
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no pictures"):
        picture_folder.read_folder(DraftWish(tmp_path / "empty"))


def test_what_was_made_of_pages_is_a_lesson(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "yuanjiao.toml").write_text('[office]\nname = "示例"\ncounty = "示例县"\n', encoding="utf-8")
    path = write_pdf(tmp_path / "冬剪.pdf", [(44, "one")], [(44, "two")])
    plan = plan_lesson(open_workspace(tmp_path / "w"), DraftWish(path, "D1", values={"series": "扶贫实用技术"}))
    make_lesson(plan, path.name)
    (made,) = load_catalogue(open_workspace(tmp_path / "w")).lessons
    assert (made.title, [clip.path.name for clip in made.clips]) == ("冬剪", ["page-01.png", "page-02.png"])
    with Image.open(made.folder / "page-01.png") as picture:
        assert picture.size == (1920, 1080)
