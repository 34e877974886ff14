from datetime import date, time
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

from courseware.errors import InputError, text
from courseware.validate import Complaint, find_wrong, nearest, not_one_of, parse, read_text, read_toml, web_link


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", max_length=3)
    size: int = Field(default=1, ge=1, le=9)


class Whole(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(default="", min_length=0)
    day: date | None = None
    at: time | None = None
    on: bool = False
    tags: tuple[str, ...] = ()
    fit: Literal["pad", "blur"] = "pad"
    part: Part = Part()
    parts: tuple[Part, ...] = Field(default=(), max_length=2)

    @model_validator(mode="after")
    def _agree(self) -> "Whole":
        if self.title == "bad":
            raise Complaint(text("these two do not agree"))
        return self


def complaints(**values: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        parse(Whole, values, "a.toml")
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": 5}, "title: must be text in quotes, not 5"),
        ({"title": True}, "title: must be text in quotes, not true"),
        ({"title": date(2026, 5, 1)}, "title: must be text in quotes, not 2026-05-01"),
        ({"title": ["a"]}, "title: must be text in quotes, not a list"),
        ({"day": "明天"}, "day: “明天” is not a date; write 2026-11-23"),
        ({"day": "2026-02-30"}, "day: “2026-02-30” is not a date; write 2026-11-23"),
        ({"at": "25:00"}, "at: “25:00” is not a time of day; write 19:30"),
        ({"on": "vielleicht"}, "on: must be true or false, not “vielleicht”"),
        ({"tags": "水稻"}, "tags: must be a list in square brackets, not “水稻”"),
        ({"tags": ["a", 1]}, "tags.2: must be text in quotes, not 1"),
        ({"fit": "blurr"}, "fit: “blurr” is not known; did you mean blur?"),
        ({"part": 3}, "part: must be a table with keys of its own, not 3"),
        ({"part": {"size": 0}}, "part.size: 0 is too small; at least 1"),
        ({"part": {"size": 10}}, "part.size: 10 is too large; at most 9"),
        ({"part": {"size": "many"}}, "part.size: must be a whole number, not “many”"),
        ({"parts": [{}, {"name": "long"}]}, "parts.2.name: is 4 characters long; at most 3: shorten it"),
        ({"parts": [{}, {}, {}]}, "parts: has 3 entries; at most 2"),
        ({"titel": "a"}, "titel: unknown key; did you mean “title”?"),
        ({"xyz": "a"}, "xyz: unknown key; remove it"),
        ({"size": 3}, "size: unknown key here; it belongs below [part]"),
        (
            {"part": {"title": "a"}},
            "part.title: unknown key here; it belongs at the top of the file, above every [table]",
        ),
        ({"parts": [{"nmae": "a"}]}, "parts.1.nmae: unknown key; did you mean “name”?"),
    ],
)
def test_each_wrong_value_is_told_in_plain_words(values: dict[str, object], said: str) -> None:
    assert complaints(**values) == [f"a.toml: {said}"]


def test_all_problems_are_told_at_once() -> None:
    assert len(complaints(title=5, day="x", titel="y", part={"size": 0, "nam": ""})) == 5


def test_a_complaint_about_the_whole_names_only_the_file() -> None:
    assert complaints(title="bad") == ["a.toml: these two do not agree"]


def test_a_complaint_about_the_whole_keeps_the_row_it_came_from() -> None:
    with pytest.raises(InputError) as caught:
        parse(Whole, {"title": "bad"}, "a.csv", "row 3, ")
    assert str(caught.value) == "a.csv: row 3: these two do not agree"


def test_a_very_long_wrong_value_is_shown_only_in_part() -> None:
    assert complaints(day="x" * 500) == [f"a.toml: day: “{'x' * 40}…” is not a date; write 2026-11-23"]


def test_right_values_have_nothing_wrong() -> None:
    assert find_wrong(Whole, {"title": "a", "part": {"size": 2}}) == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('title = "好', "a closing quote is missing, or the line holds a control character"),
        ("title = “好”", 'use the signs = " , : [ ] of the English keyboard, not the Chinese ones'),
        ('title＝"好"', 'use the signs = " , : [ ] of the English keyboard, not the Chinese ones'),
        ('标题 = "好"', "a key is written in English, like title"),
        ("title = 好", "text stands in quotes; a date is written 2026-11-23"),
        ("title", "a key is followed by ="),
        ("first = 2", "this key appears twice; remove one"),
        ('title = "a" form = "b"', "text stands in quotes, and each key on a line of its own"),
        ('path = "D:\\视频\\a.mp4"', "write / instead of \\, or put the text in single quotes"),
        ('tags = ["a", "b"\nseason = 1', "a closing ] is missing"),
    ],
)
def test_a_slip_in_toml_is_told_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "a.toml").write_text(f"# 说明\nfirst = 1\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_toml(tmp_path / "a.toml")
    message = str(caught.value)
    assert message.startswith("a.toml: this is not valid TOML, line ")
    assert message.endswith(said)
    assert "line 3" in message or "line 4" in message


def test_full_width_signs_within_quotes_are_nobodys_fault(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('title = "“好”，＝" x', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_toml(tmp_path / "a.toml")
    assert "Chinese ones" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_settings_are_read_in_the_encoding_that_a_mark_names(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.toml").write_bytes('title = "好"'.encode(encoding))
    assert read_toml(tmp_path / "a.toml") == {"title": "好"}


def test_a_file_in_another_encoding_is_told_to_be_saved_as_utf8(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes('title = "好"'.encode("gb18030"))
    with pytest.raises(InputError, match="save it again with the encoding UTF-8"):
        read_toml(tmp_path / "a.toml")


def test_a_bom_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes('\ufefftitle = "好"\r\n'.encode())
    assert read_toml(tmp_path / "a.toml") == {"title": "好"}


def test_a_folder_in_place_of_a_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_text(tmp_path)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.toml: the file is missing"):
        read_toml(tmp_path / "a.toml")


def test_the_nearest_choice_is_found_across_upper_and_lower_case() -> None:
    assert nearest("mv", ["微视频", "MV"]) == "MV"
    assert nearest("扶贫实用技朮", ["我的扶贫故事", "扶贫实用技术"]) == "扶贫实用技术"
    assert nearest("完全不同", ["MV"]) is None


def test_where_nothing_is_near_all_choices_are_named() -> None:
    assert str(not_one_of("x", ["甲", "乙"])) == "“x” is not known; write one of: 甲、乙"


def test_a_long_list_of_choices_is_cut() -> None:
    assert str(not_one_of("☃", [str(n) for n in range(600)])).endswith("、11…")


def test_where_there_is_no_choice_that_is_said() -> None:
    assert str(not_one_of("x", [])) == "“x” is not known; there is none yet"


@pytest.mark.parametrize("link", ["", "https://example.org/a?b=1", "HTTP://例子.中国/课件"])
def test_a_link_a_phone_can_open_is_taken(link: str) -> None:
    assert web_link(link) == link


@pytest.mark.parametrize("link", ["javascript:alert(1)", "www.example.org", "https://", "https://a b", "http:///x"])
def test_what_no_phone_can_open_is_no_link(link: str) -> None:
    with pytest.raises(Complaint, match="is not a link"):
        web_link(link)


def test_a_day_that_is_not_in_the_calendar_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("day = 2026-02-30\n")
    with pytest.raises(InputError, match="line 1: there is no such day"):
        read_toml(tmp_path / "a.toml")


def test_an_empty_choice_is_not_offered() -> None:
    assert str(not_one_of("fr", ["", "zh", "en"])).endswith("write one of: zh、en")
