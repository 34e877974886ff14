"""No file that is read is written over, and no two things are written into one file."""

from __future__ import annotations

from pathlib import Path

import pytest

from courseware.errors import InputError
from courseware.storage.outputs import refuse_clashes, refuse_existing


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "Café.wav"
    path.write_bytes(b"sound")
    return path


def clashes(outputs: list[Path], *inputs: Path) -> list[str]:
    with pytest.raises(InputError) as error:
        refuse_clashes(outputs, inputs)
    return [problem.render(str) for problem in error.value.problems]


def test_an_output_beside_its_input_is_fine(source: Path) -> None:
    refuse_clashes([source.with_suffix(".mp3"), source.with_suffix(".csv")], [source, source.with_name("gone.wav")])


@pytest.mark.parametrize("name", ["Café.wav", "CAFÉ.WAV", "Cafe\u0301.wav", "sub/../Café.wav"])
def test_an_input_is_known_by_every_spelling_of_its_name(source: Path, name: str) -> None:
    path = source.parent / name
    assert clashes([path], source) == [
        f"{path}: would be written over {source}, which is read; choose another name or folder"
    ]


def test_an_input_is_known_behind_links(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hard, soft, folder = (source.with_name(name) for name in ("hard.wav", "soft.wav", "folder"))
    hard.hardlink_to(source)
    soft.symlink_to(source)
    folder.symlink_to(source.parent, target_is_directory=True)
    monkeypatch.chdir(source.parent)
    for path in (hard, soft, folder / source.name, Path("Café.wav")):
        assert len(clashes([path], source)) == 1, path
        assert len(clashes([source], path)) == 1, path


def test_two_outputs_of_one_name_are_told(tmp_path: Path) -> None:
    assert clashes([tmp_path / "a.mp3", tmp_path / "b.mp3", tmp_path / "A.mp3"]) == [
        f"{tmp_path / 'A.mp3'}: would be written twice; give the files different names"
    ]


def test_two_outputs_in_one_folder_under_two_names_are_told(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
    assert len(clashes([tmp_path / "real" / "a.mp3", tmp_path / "link" / "a.mp3"])) == 1


def test_without_being_forced_nothing_is_written_where_something_is(tmp_path: Path) -> None:
    old, new = tmp_path / "old.srt", tmp_path / "new.srt"
    old.write_text("mine")
    refuse_existing([new])
    with pytest.raises(InputError, match="add --force") as refused:
        refuse_existing([new, old])
    assert [one.where for one in refused.value.problems] == [str(old)]
