from __future__ import annotations

from pathlib import Path

import pytest

from courseware.errors import InputError
from courseware.lessons.settings import Office, Settings
from playlists.files.blocks import Block, Filler, admits
from playlists.files.programmes import IDENTS, SLOGANS, Programme, check_programmes, load_programmes, programme_for
from tests.playlists.factories import lesson, programme, venue

SETTINGS = Settings(office=Office(name="测试办", county="测试县"))


def load(folder: Path, content: str) -> tuple[Programme, ...]:
    path = folder / "programmes.toml"
    path.write_text(content, encoding="utf-8")
    return load_programmes(path)


@pytest.mark.parametrize(
    ("blocks", "where"),
    [
        ('[[programme.block]]\nname = "A"\nat = ["19:00", "19:10"]\nminutes = 30\n', "programme.1.block"),
        (
            (
                '[[programme.block]]\nname = "A"\nat = "19:00"\nminutes = 30\n'
                '[[programme.block]]\nname = "B"\nat = "19:29"\nminutes = 5\n'
            ),
            "programme.1.block",
        ),
        (
            (
                '[[programme.block]]\nname = "A"\nat = "19:00"\nminutes = 30\n[[programme.block]]\nuse = "p"\n'
                '[[playlist]]\nid = "p"\n[[playlist.block]]\nname = "B"\nat = "19:10"\nminutes = 5\n'
            ),
            "programme.1.block",
        ),
        (
            (
                '[[programme.variant]]\nwhen = "周末"\n'
                '[[programme.variant.block]]\nname = "A"\nat = ["19:00", "19:10"]\nminutes = 30\n'
            ),
            "programme.1.variant.1.block",
        ),
    ],
)
def test_blocks_that_want_the_same_minute_are_refused(tmp_path: Path, blocks: str, where: str) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, '[[programme]]\nid = "a"\nkind = "广场"\n' + blocks)
    assert [one.where for one in caught.value.problems] == [f"programmes.toml: {where}"]


def test_blocks_may_follow_each_other_on_the_minute(tmp_path: Path) -> None:
    one, other = '[[programme.block]]\nname = "A"\nat = "19:00"\nminutes = 30\n', "19:30"
    content = '[[programme]]\nid = "a"\nkind = "广场"\n' + one + one.replace("19:00", other)
    assert [block.at for block in load(tmp_path, content)[0].block] == [("19:00",), ("19:30",)]


def test_blocks_keep_their_order_and_kinds_may_be_chinese(tmp_path: Path) -> None:
    content = (
        '[[programme]]\nid = "a"\nkind = ["广场", "station"]\n'
        '[[programme.block]]\nname = "一"\nminutes = 10\n[[programme.block]]\nname = "二"\nshare = 3\n'
        '[programme.filler]\nforms = ["MV"]\n'
    )
    (one,) = load(tmp_path, content)
    assert one.kind == ("square", "station")
    assert [(block.name, block.minutes, block.weight) for block in one.block] == [("一", 10, 0), ("二", None, 3)]
    assert one.filler == (Filler(forms=("MV",)), SLOGANS, IDENTS)


def test_slogans_and_idents_come_last_in_the_cascade_unless_the_office_places_them(tmp_path: Path) -> None:
    content = (
        '[[programme]]\nid = "a"\nkind = "广场"\n'
        '[[programme.filler]]\nslogans = true\n[[programme.filler]]\nforms = ["MV"]\n'
    )
    (one,) = load(tmp_path, content)
    assert one.filler == (SLOGANS, Filler(forms=("MV",)), IDENTS)
    (one,) = load(tmp_path, content.replace("slogans", "idents"))
    assert one.filler == (IDENTS, Filler(forms=("MV",)), SLOGANS)


def test_without_blocks_everything_runs_and_adverts_then_slogans_fill() -> None:
    one = programme()
    assert [block.weight for block in one.block] == [1]
    assert one.filler == (
        Filler(forms=("公益广告",)),
        Filler(forms=(), slogans=True),
        Filler(forms=(), idents=True),
    )


def test_every_mistake_is_named_with_its_key(tmp_path: Path) -> None:
    content = (
        '[[programme]]\nid = "a"\nkind = "广厂"\nrepeat_gap = 5\n'
        '[[programme.block]]\nname = "一"\nminutes = 10\nshare = 1\n[[programme]]\nid = "b"\n'
    )
    with pytest.raises(InputError) as caught:
        load(tmp_path, content)
    lines = [one.render(str) for one in caught.value.problems]
    assert len(lines) == 4
    assert any("programme.1.kind" in line and "did you mean 广场" in line for line in lines)
    assert any("programme.1.repeat_gap" in line and "repeat_gap_minutes" in line for line in lines)
    assert any("programme.1.block.1" in line and "not both" in line for line in lines)
    assert any("programme.2" in line and "neither kind nor venues" in line for line in lines)


def test_two_programmes_for_one_kind_or_of_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load(tmp_path, '[[programme]]\nid = "a"\nkind = "广场"\n' * 2)
    assert [one.where for one in caught.value.problems] == ["programmes.toml: id", "programmes.toml: kind"]


def test_a_file_without_a_programme_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        load(tmp_path, "")


def test_a_programme_that_names_the_venue_goes_before_one_for_its_kind() -> None:
    general, special = programme(), programme(id="q", kind=(), venues=("square-02",))
    assert programme_for(venue(id="square-02"), (general, special)) is special
    assert programme_for(venue(), (general, special)) is general
    with pytest.raises(InputError, match="站点"):
        programme_for(venue(kind="站点"), (general, special))


@pytest.mark.parametrize(
    ("choice", "admitted"),
    [
        (Block(name="全部"), True),
        (Block(name="技术", series=("扶贫实用技术",), forms=("微动漫",)), True),
        (Block(name="技术", series=("扶贫实用技术",), forms=("MV",)), False),
        (Block(name="标签", tags=("春耕", "果树")), True),
        (Block(name="标签", tags=("养殖",)), False),
        (Block(name="点名", lessons=("lesson-002",)), True),
        (Filler(), False),
        (Filler(forms=()), True),
    ],
)
def test_a_lesson_must_be_among_each_thing_asked_for(choice: Block | Filler, admitted: bool) -> None:
    assert admits(choice, lesson(2, tags=("果树",))) is admitted


def test_names_that_nothing_bears_are_found() -> None:
    one = programme(
        venues=("squar-01",),
        block=[{"name": "一", "series": ["扶贫实用技木"], "lessons": ["lesson-001", "lesson-009"]}],
        filler={"forms": ["公益广吿"]},
    )
    problems = check_programmes((one,), SETTINGS, (venue(), venue(id="s", kind="站点")), (lesson(1),))
    assert [problem.where.removeprefix("programmes.toml: ") for problem in problems] == [
        "programme.1.venues",
        "programme.1.block.1.series",
        "programme.1.block.1.lessons",
        "programme.1.filler.forms",
        "s",
    ]
