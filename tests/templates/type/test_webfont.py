from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from courseware.errors import ToolError
from templates.type import webfont
from templates.type.webfont import FACES, make_fonts


def fonts(made: Iterable[tuple[str, bytes]]) -> dict[str, TTFont]:
    return {name: TTFont(io.BytesIO(content)) for name, content in made}


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return dict(make_fonts("远教20:30₂\u200b\ue000\n"))


def test_each_face_is_a_small_woff_packed_with_zlib(made: dict[str, bytes]) -> None:
    assert list(made) == [face.url for face in FACES]
    assert all(content.startswith(b"wOFF") for content in made.values())
    assert all(len(content) < 20_000 for content in made.values())


def test_a_face_has_what_is_shown_and_hardly_more_and_what_no_font_has_is_left_out(made: dict[str, bytes]) -> None:
    for name, font in fonts(made.items()).items():
        held = {chr(code) for code in font.getBestCmap()}
        assert held == (set("远教20:3 ") if "-sc-" in name else set("₂ "))


def test_the_same_characters_in_any_order_are_the_same_bytes() -> None:
    assert list(make_fonts("远教AB")) == list(make_fonts(["B", "教", "A", "远", "远"]))


def test_the_licence_stays_in_the_file(made: dict[str, bytes]) -> None:
    for font in fonts(made.items()).values():
        assert "SIL Open Font License" in str(font["name"].getDebugName(13))


@pytest.mark.parametrize("content", [None, b"", b"no font at all"])
def test_a_font_that_is_missing_or_damaged_is_one_clear_error(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "NotoSansSC-Regular.ttf"
    if content is not None:
        broken.write_bytes(content)
    monkeypatch.setattr(webfont, "font_file", lambda _family, _weight: broken)
    with pytest.raises(ToolError, match="install yuanjiao again"):
        list(make_fonts("远教"))


def test_fonts_that_were_made_before_serve_all_who_show_no_other_characters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def make(characters: str) -> tuple[webfont.InlineFace, ...]:
        asked.append(characters)
        return (webfont.InlineFace("yuanjiao-sc", 400, f"font of {characters}"),)

    monkeypatch.setattr(webfont, "inline_faces", make)
    record = tmp_path / "fonts" / "page.txt"
    first = webfont.kept_faces("合格", record)
    assert webfont.kept_faces("格", record) == first == (("yuanjiao-sc", 400, "font of 合格"),)
    assert webfont.kept_faces("重做", record)[0].woff == "font of 做合格重"
    record.write_text(record.read_text("utf-8").replace("合格", "别的"), encoding="utf-8")
    webfont.kept_faces("格", record)
    monkeypatch.setattr(webfont, "font_files", lambda: (record,))
    webfont.kept_faces("格", record)
    assert asked == ["合格", "做合格重", "格", "格"]
