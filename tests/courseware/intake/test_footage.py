from pathlib import Path

import pytest

from courseware.errors import InputError
from courseware.intake.footage import Footage, beside, find_file, is_path_elsewhere, scan_footage
from courseware.lessons.lesson_files import VIDEO_SUFFIXES


@pytest.fixture
def footage(tmp_path: Path) -> Footage:
    for name in ("水稻.MP4", "第1课.育秧.avi", "甲/同名.mp4", "乙/同名.mp4", "水稻.srt", ".隐藏.mp4", "说明.txt"):
        path = tmp_path / "视频" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    (tmp_path / "外面.mp4").write_bytes(b"x")
    return scan_footage(tmp_path / "视频")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("水稻.mp4", "水稻.MP4"),
        ("水稻", "水稻.MP4"),
        (" 水稻.MP4 ", "水稻.MP4"),
        ("第1课.育秧", "第1课.育秧.avi"),
        ("甲/同名.mp4", "甲/同名.mp4"),
        ("乙\\同名", "乙/同名.mp4"),
    ],
)
def test_a_video_is_found_by_its_name_in_any_case_and_without_its_suffix(
    footage: Footage, written: str, found: str
) -> None:
    assert find_file(footage, written, VIDEO_SUFFIXES) == footage.root / found


@pytest.mark.parametrize("name", ["../外面.mp4", "甲/../../外面.mp4", "C:\\..\\a.mp4", "\\\\host\\a\\", " "])
def test_a_name_that_leads_out_of_the_folder_is_refused(footage: Footage, name: str) -> None:
    assert "must be a name below the folder of the videos" in str(find_file(footage, name, VIDEO_SUFFIXES))


def test_several_files_of_one_name_are_all_named(footage: Footage) -> None:
    said = str(find_file(footage, "同名", VIDEO_SUFFIXES))
    assert said == "several files fit “同名”: 乙/同名.mp4、甲/同名.mp4; write the one with its folder"


def test_a_misspelt_name_is_answered_with_the_nearest(footage: Footage) -> None:
    assert str(find_file(footage, "水道.mp4", VIDEO_SUFFIXES)).endswith("did you mean 水稻.MP4?")


def test_hidden_files_and_other_kinds_are_no_videos(footage: Footage) -> None:
    assert not isinstance(find_file(footage, ".隐藏.mp4", VIDEO_SUFFIXES), Path)
    assert not isinstance(find_file(footage, "说明.txt", VIDEO_SUFFIXES), Path)


def test_a_hostile_name_is_only_a_name(footage: Footage) -> None:
    for name in ("\0", "a" * 5000, "{0}", "*", "a\nb", "𠮷"):
        assert not isinstance(find_file(footage, name, VIDEO_SUFFIXES), Path)


def test_folders_left_out_hold_no_footage(footage: Footage) -> None:
    fewer = scan_footage(footage.root, skip=[footage.root / "甲"])
    assert find_file(fewer, "同名", VIDEO_SUFFIXES) == footage.root / "乙/同名.mp4"


def test_subtitles_beside_a_video_are_found_only_when_there_is_no_choice(footage: Footage) -> None:
    video = footage.root / "水稻.MP4"
    assert beside(video, (".srt", ".ass")) == footage.root / "水稻.srt"
    (footage.root / "水稻.ass").write_bytes(b"x")
    assert beside(video, (".srt", ".ass")) is None


def test_a_folder_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        scan_footage(tmp_path / "nowhere")


def test_the_file_beside_a_video_is_found_in_small_and_large_letters(tmp_path: Path) -> None:
    (tmp_path / "DJI_0002.MP4").write_bytes(b"x")
    (tmp_path / "dji_0002.SRT").write_bytes(b"x")
    assert beside(tmp_path / "DJI_0002.MP4", (".srt", ".ass")) == tmp_path / "dji_0002.SRT"


@pytest.mark.parametrize("name", ["C:\\素材\\2026\\水稻.mp4", "\\\\host\\share\\水稻", "/media/disk/水稻.mp4"])
def test_a_path_of_another_computer_says_what_the_file_is_called(footage: Footage, name: str) -> None:
    found = find_file(footage, name, VIDEO_SUFFIXES)
    assert isinstance(found, Path)
    assert found.stem == "水稻"
    assert is_path_elsewhere(name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("歌.mp3", "is a sound file, not a video"),
        ("课.pptx", "is a document"),
    ],
)
def test_what_is_named_as_a_video_and_is_none_is_called_what_it_is(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert said in str(find_file(scan_footage(tmp_path), name, VIDEO_SUFFIXES))
