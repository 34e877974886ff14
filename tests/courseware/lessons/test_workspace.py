from pathlib import Path

import pytest

from courseware.errors import InputError
from courseware.lessons.workspace import Workspace, find_root, load_catalogue, open_workspace

SETTINGS = '[office]\nname = "示例县远教办"\ncounty = "示例县"\n'
LESSON = 'title = "标题"\nseries = "扶贫实用技术"\nform = "微视频"\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "yuanjiao.toml").write_text(SETTINGS, encoding="utf-8")
    for name in ("L2", "L1", "_示例", ".part-1"):
        add(tmp_path, name)
    return open_workspace(tmp_path)


def add(root: Path, name: str, content: str = LESSON) -> None:
    folder = root / "courseware" / name
    folder.mkdir(parents=True)
    (folder / "lesson.toml").write_text(content, encoding="utf-8")
    (folder / "a.mp4").write_bytes(b"x")


def test_a_workspace_is_found_from_any_folder_within(workspace: Workspace) -> None:
    assert find_root(workspace.root / "courseware" / "L1") == workspace.root.resolve()


def test_outside_a_workspace_the_way_to_one_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="yuanjiao init DIR"):
        find_root(tmp_path)


def test_lessons_come_in_the_order_of_their_ids_and_examples_are_left_out(workspace: Workspace) -> None:
    assert [one.id for one in load_catalogue(workspace).lessons] == ["L1", "L2"]


def test_a_bad_lesson_hides_no_other(workspace: Workspace) -> None:
    add(workspace.root, "L3", "title = 5\n")
    catalogue = load_catalogue(workspace)
    assert [one.id for one in catalogue.lessons] == ["L1", "L2"]
    assert [one.where for one in catalogue.problems] == [
        f"courseware/L3/lesson.toml: {key}" for key in ("title", "series", "form")
    ]


def test_a_folder_without_lesson_toml_is_told(workspace: Workspace) -> None:
    (workspace.lessons_dir / "L4").mkdir()
    assert [str(one.what) for one in load_catalogue(workspace).problems] == ["the file is missing"]


def test_two_ids_that_are_one_on_windows_are_told(workspace: Workspace) -> None:
    try:
        add(workspace.root, "l1")
    except FileExistsError:
        pytest.skip("this disk knows no difference itself")
    assert "differs from L1 only in upper and lower case" in str(load_catalogue(workspace).problems[0].what)


def test_a_workspace_without_lessons_is_empty(tmp_path: Path) -> None:
    (tmp_path / "yuanjiao.toml").write_text(SETTINGS, encoding="utf-8")
    assert load_catalogue(open_workspace(tmp_path)).lessons == ()


def test_named_lessons_are_selected_in_the_order_named(workspace: Workspace) -> None:
    catalogue = load_catalogue(workspace)
    assert [one.id for one in catalogue.select(("L2", "L1", "L2"))] == ["L2", "L1"]
    assert catalogue.select(()) == catalogue.lessons


def test_all_unknown_names_are_told_with_the_nearest(workspace: Workspace) -> None:
    with pytest.raises(InputError) as caught:
        load_catalogue(workspace).select(("L1", "L22", "水"))
    assert str(caught.value).splitlines() == [
        "L22: no lesson of this name; did you mean L2?",
        "水: no lesson of this name in the folder courseware",
    ]
