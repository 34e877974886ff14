import errno
import shutil
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from courseware.errors import InputError
from courseware.files import copy_file
from courseware.intake.carrying import execute_intake
from courseware.intake.footage import scan_footage
from courseware.intake.imported import MEMORY_NAME
from courseware.intake.intake import Intake, plan_intake
from courseware.intake.sheet import load_sheet
from courseware.lessons.lesson import Lesson
from courseware.lessons.workspace import Workspace, load_catalogue, open_workspace

HEAD = ["编号", "标题", "系列", "形式", "视频", "主讲", "标签", "有效期起"]
ROW = ["A1", "水稻育秧", "扶贫实用技术", "微视频", "水稻.mp4", "王", "水稻、育秧", "2026-03-01"]
ROW2 = ["A2", "玉米", "扶贫实用技术", "MV", "玉米", None, None, None]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "yuanjiao.toml").write_text('[office]\nname = "示例县远教办"\ncounty = "示例县"\n', encoding="utf-8")
    media = tmp_path / "media"
    media.mkdir()
    (media / "水稻.mp4").write_bytes(b"video one")
    (media / "水稻.srt").write_bytes(b"subtitles")
    (media / "玉米.AVI").write_bytes(b"video two")
    return open_workspace(tmp_path)


def bring(workspace: Workspace, *rows: list[Any], head: list[str] = HEAD, overwrite: bool = False) -> Intake:
    work = Workbook()
    page = work.active
    assert page is not None
    for row in (head, *rows):
        page.append(row)
    work.save(workspace.root / "目录.xlsx")
    sheet = load_sheet(workspace.root / "目录.xlsx", workspace.settings)
    footage = scan_footage(workspace.root / "media")
    return execute_intake(plan_intake(sheet, footage, workspace, overwrite=overwrite), lambda _: None)


def toml(workspace: Workspace, lesson: str = "A1") -> Path:
    return workspace.lessons_dir / lesson / "lesson.toml"


def video(lesson: Lesson) -> Path:
    assert lesson.source_path is not None
    return lesson.source_path


def edit(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


def test_telemetry_beside_a_video_is_not_brought_and_said_once(workspace: Workspace) -> None:
    (workspace.root / "media/水稻.srt").rename(workspace.root / "media/水稻.SRT")
    path = workspace.root / "media/水稻.SRT"
    path.write_text("1\n00:00:00,000 --> 00:00:00,033\n[iso: 100] [shutter: 1/640]\n", encoding="utf-8")
    intake = bring(workspace, ROW)
    assert [one.where for one in intake.remarks] == ["水稻.SRT"]
    assert not (workspace.lessons_dir / "A1/水稻.srt").exists()
    path.write_text("1\n00:00:00,000 --> 00:00:02,000\n育秧\n", encoding="utf-8")
    assert bring(workspace, ROW).remarks == ()
    assert (workspace.lessons_dir / "A1/水稻.srt").is_file()


def said(intake: Intake) -> list[str]:
    return [problem.render(str) for problem in intake.problems]


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_each_row_becomes_a_lesson_the_catalogue_accepts(workspace: Workspace) -> None:
    intake = bring(workspace, ROW, ROW2)
    assert intake.ids("new") == ("A1", "A2")
    catalogue = load_catalogue(workspace)
    assert catalogue.problems == ()
    first, second = catalogue.lessons
    assert (first.title, first.presenter, first.tags) == ("水稻育秧", "王", ("水稻", "育秧"))
    assert str(first.valid_from) == "2026-03-01"
    assert video(first).read_bytes() == b"video one"
    assert video(second).name == "玉米.avi"


def test_subtitles_beside_the_video_come_along(workspace: Workspace) -> None:
    bring(workspace, ROW)
    (lesson,) = load_catalogue(workspace).lessons
    assert lesson.subtitles_path == workspace.lessons_dir / "A1" / "水稻.srt"


def test_a_second_import_of_the_same_sheet_touches_no_byte(workspace: Workspace) -> None:
    bring(workspace, ROW, ROW2)
    before = snapshot(workspace.lessons_dir)
    assert bring(workspace, ROW, ROW2).ids("unchanged") == ("A1", "A2")
    assert snapshot(workspace.lessons_dir) == before


def test_a_change_in_the_sheet_is_brought_and_comments_stay(workspace: Workspace) -> None:
    bring(workspace, ROW)
    edit(toml(workspace), 'presenter = "王"', '# 主讲人已确认\npresenter = "王"  # 电话 123')
    intake = bring(workspace, [*ROW[:5], "李", None, "2026-04-01"])
    assert intake.changes[0].keys == ("presenter", "tags", "valid_from")
    content = toml(workspace).read_text(encoding="utf-8")
    assert '# 主讲人已确认\npresenter = "李"  # 电话 123' in content
    assert "tags" not in content
    assert "valid_from = 2026-04-01" in content


def test_what_a_person_changed_is_kept_while_the_sheet_says_the_same(workspace: Workspace) -> None:
    bring(workspace, ROW)
    edit(toml(workspace), "王", "赵")
    (change,) = bring(workspace, [*ROW[:1], "新题目", *ROW[2:]]).changes
    assert (change.keys, change.kept) == (("title",), ("presenter",))
    assert load_catalogue(workspace).lessons[0].presenter == "赵"


def test_what_both_changed_is_kept_and_told_until_it_is_settled(workspace: Workspace) -> None:
    bring(workspace, ROW)
    edit(toml(workspace), "王", "赵")
    changed = [*ROW[:5], "李", *ROW[6:]]
    for _ in range(2):
        (conflict,) = bring(workspace, changed).conflicts
        assert conflict.render(str) == (
            "目录.xlsx: Sheet!F2 主讲: presenter is “赵” in courseware/A1/lesson.toml, changed by hand, "
            "and “李” here; kept, --overwrite takes this one"
        )
        assert load_catalogue(workspace).lessons[0].presenter == "赵"
    assert bring(workspace, changed, overwrite=True).conflicts == ()
    assert load_catalogue(workspace).lessons[0].presenter == "李"


def test_a_lesson_made_by_hand_is_never_overwritten_without_a_word(workspace: Workspace) -> None:
    folder = workspace.lessons_dir / "A1"
    folder.mkdir(parents=True)
    (folder / "own.mp4").write_bytes(b"own")
    toml(workspace).write_text('title = "自己的"\nseries = "扶贫实用技术"\nform = "微视频"\n', encoding="utf-8")
    intake = bring(workspace, ROW)
    assert len(intake.conflicts) == 2
    (lesson,) = load_catalogue(workspace).lessons
    assert (lesson.title, video(lesson).name, lesson.presenter) == ("自己的", "own.mp4", "王")


WORDS_HEAD = [*HEAD[:5], "标语", "通知", "秒数", "背景图", "背景音乐", "音轨", "降噪", "幻灯片"]
SLOGAN = ["B1", "防火", "乡村振兴之路", "公益广告", None, "森林防火", None, 20, "田", "曲.mp3"]


def test_slogans_and_notices_need_no_video_and_bring_picture_and_music(workspace: Workspace) -> None:
    for name in ("田.jpg", "曲.mp3"):
        (workspace.root / "media" / name).write_bytes(name.encode())
    said_there = '停水。\n详见"公告"\\栏"""'
    notice = ["B2", "停水", "乡村振兴之路", "公益广告", None, None, said_there]
    video = [*ROW[:5], None, None, None, "田.jpg", None, 2, "是", "是"]
    for kind in ("new", "unchanged"):
        assert bring(workspace, SLOGAN, notice, video, head=WORDS_HEAD).ids(kind) == ("B1", "B2", "A1")
    catalogue = load_catalogue(workspace)
    assert catalogue.problems == ()
    film, slogan, told = catalogue.lessons
    assert (slogan.slogan, slogan.seconds, slogan.source_path) == ("森林防火", 20, None)
    assert slogan.picture_path
    assert slogan.picture_path.read_bytes() == "田.jpg".encode()
    assert slogan.music_path
    assert slogan.music_path.read_bytes() == "曲.mp3".encode()
    assert told.notice == said_there
    assert (film.audio, film.denoise, film.slides) == (2, True, True)
    assert film.picture_path == workspace.lessons_dir / "A1" / "田.jpg"
    bring(workspace, [*SLOGAN[:8], None, None], head=WORDS_HEAD)
    (slogan,) = load_catalogue(workspace).select(("B1",))
    assert (slogan.slogan, slogan.picture_path, slogan.music_path) == ("森林防火", None, None)


def test_switches_and_numbers_follow_the_sheet_and_a_person_like_other_values(workspace: Workspace) -> None:
    row = [*ROW[:5], None, None, None, None, None, 2, "是", "否"]
    bring(workspace, row, head=WORDS_HEAD)
    edit(toml(workspace), "audio = 2", "audio = 3")
    (change,) = bring(workspace, [*row[:11], "否", "是"], head=WORDS_HEAD).changes
    assert (change.keys, change.kept) == (("denoise", "slides"), ("audio",))
    (lesson,) = load_catalogue(workspace).lessons
    assert (lesson.audio, lesson.denoise, lesson.slides) == (3, False, True)
    (conflict,) = bring(workspace, [*row[:10], 4, "否", "是"], head=WORDS_HEAD).conflicts
    assert "audio is “3” in courseware/A1/lesson.toml, changed by hand, and “4” here" in conflict.render(str)


def test_a_lesson_with_a_video_does_not_become_a_slogan(workspace: Workspace) -> None:
    bring(workspace, ROW)
    before = snapshot(workspace.lessons_dir)
    row = ["A1", *ROW[1:4], None, "森林防火"]
    there = "courseware/A1/lesson.toml"
    assert said(bring(workspace, row, head=WORDS_HEAD)) == [
        f"{there}: source: goes with a video, but slogan is given too; remove one of the two",
        f"{there}: subtitles: goes with a video, but slogan is given too; remove one of the two",
        f"{there}: slogan: the folder holds a video too (水稻.mp4); make two lessons of them",
    ]
    assert snapshot(workspace.lessons_dir) == before


def test_a_slogan_taken_back_needs_a_video_again(workspace: Workspace) -> None:
    bring(workspace, ["B1", *SLOGAN[1:8]], head=WORDS_HEAD)
    (problem,) = bring(workspace, SLOGAN[:4], head=WORDS_HEAD).problems
    assert problem.where == "目录.xlsx: Sheet!E2 视频"
    assert problem.what.pattern.startswith("no video is named")


def test_a_slogan_that_cannot_be_read_is_not_said_to_lack_a_video(workspace: Workspace) -> None:
    (problem,) = bring(workspace, ["B1", *SLOGAN[1:5], "=A1"], head=WORDS_HEAD).problems
    assert problem.where == "目录.xlsx: Sheet!F2 标语"


def test_a_new_version_of_a_video_is_brought(workspace: Workspace) -> None:
    bring(workspace, ROW)
    (workspace.root / "media" / "水稻.mp4").write_bytes(b"video ONE")
    assert bring(workspace, ROW).ids("updated") == ("A1",)
    assert (workspace.lessons_dir / "A1" / "水稻.mp4").read_bytes() == b"video ONE"


def test_subtitles_corrected_by_hand_are_kept(workspace: Workspace) -> None:
    bring(workspace, ROW)
    here = workspace.lessons_dir / "A1" / "水稻.srt"
    here.write_bytes(b"corrected")
    assert bring(workspace, ROW).changes[0].kept == ("subtitles",)
    (workspace.root / "media" / "水稻.srt").write_bytes(b"new ones!")
    (conflict,) = bring(workspace, ROW).conflicts
    assert "the file of subtitles was replaced by hand in courseware/A1" in str(conflict.what)
    assert here.read_bytes() == b"corrected"


def test_a_video_that_was_removed_is_brought_again(workspace: Workspace) -> None:
    bring(workspace, ROW)
    (workspace.lessons_dir / "A1" / "水稻.mp4").unlink()
    bring(workspace, ROW)
    assert load_catalogue(workspace).problems == ()


def test_a_sheet_can_be_imported_again_without_the_disk_of_videos(workspace: Workspace) -> None:
    bring(workspace, ROW)
    shutil.rmtree(workspace.root / "media")
    (workspace.root / "media").mkdir()
    intake = bring(workspace, [*ROW[:5], "李", *ROW[6:]])
    assert (intake.ids("updated"), intake.problems) == (("A1",), ())


def test_a_video_called_like_the_lesson_needs_no_naming(workspace: Workspace) -> None:
    bring(workspace, [None, "玉米", *ROW2[2:4], None])
    assert video(load_catalogue(workspace).lessons[0]).read_bytes() == b"video two"


def test_a_partial_sheet_changes_only_what_it_has(workspace: Workspace) -> None:
    bring(workspace, ROW)
    (change,) = bring(workspace, ["A1", "钱审核"], head=["编号", "审核"]).changes
    assert change.keys == ("reviewer",)
    assert load_catalogue(workspace).lessons[0].presenter == "王"


def test_a_new_lesson_without_a_series_is_told_what_it_lacks(workspace: Workspace) -> None:
    intake = bring(workspace, ["A9", "题", "玉米"], head=["编号", "标题", "视频"])
    assert said(intake) == [
        "目录.xlsx: Sheet!A2: series: this key is missing",
        "目录.xlsx: Sheet!A2: form: this key is missing",
    ]
    assert not workspace.lessons_dir.exists()


def test_rows_that_fail_hide_no_row_that_works(workspace: Workspace) -> None:
    (workspace.root / "media" / "空.mp4").write_bytes(b"")
    intake = bring(
        workspace,
        ["B1", "一", "扶贫实用技术", "MV", "../水稻.mp4"],
        ["B2", "二", "扶贫实用技术", "MV", "没有.mp4"],
        ["B3", "三", "扶贫实用技术", "MV", "空.mp4"],
        ["B4", "四", "扶贫实用技术", "MV", None],
        ROW,
    )
    assert intake.ids("new") == ("A1",)
    assert [one.where for one in intake.problems] == [f"目录.xlsx: Sheet!E{row} 视频" for row in range(2, 6)]
    assert "is empty (0 bytes)" in said(intake)[2]
    assert [path.name for path in workspace.lessons_dir.iterdir()] == ["A1"]


def test_ids_that_differ_only_in_case_are_one_lesson(workspace: Workspace) -> None:
    bring(workspace, ROW)
    assert bring(workspace, ["a1", *ROW[1:]]).ids("unchanged") == ("A1",)


def test_a_lesson_file_that_is_broken_is_left_alone(workspace: Workspace) -> None:
    bring(workspace, ROW)
    toml(workspace).write_text("title = “", encoding="utf-8")
    intake = bring(workspace, [*ROW[:5], "李", *ROW[6:]])
    assert said(intake)[0].startswith("courseware/A1/lesson.toml: this is not valid TOML, line 1")
    assert toml(workspace).read_text(encoding="utf-8") == "title = “"


def test_a_merge_that_makes_no_sense_is_not_written(workspace: Workspace) -> None:
    bring(workspace, ROW)
    edit(toml(workspace), "valid_from = 2026-03-01", "valid_from = 2026-03-01\nvalid_until = 2026-04-01")
    before = snapshot(workspace.lessons_dir)
    intake = bring(workspace, [*ROW[:7], "2026-06-01"])
    assert said(intake) == ["courseware/A1/lesson.toml: valid_until: lies before valid_from (2026-06-01)"]
    assert snapshot(workspace.lessons_dir) == before


def test_spoilt_memory_makes_everything_a_persons(workspace: Workspace) -> None:
    bring(workspace, ROW)
    for spoilt in ("[1]", "{", '{"values": 3}'):
        (workspace.lessons_dir / "A1" / MEMORY_NAME).write_text(spoilt)
        assert len(bring(workspace, [*ROW[:5], "李", *ROW[6:]]).conflicts) == 1


def test_a_hostile_title_stays_text(workspace: Workspace) -> None:
    title = "'\"]\\n[x]\ty = {1}%$(rm)"
    bring(workspace, ["A1", title.replace("\t", " "), *ROW[2:]])
    assert load_catalogue(workspace).lessons[0].title == title.replace("\t", " ")


def test_a_full_disk_is_told_before_anything_is_written(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil.disk_usage(workspace.root)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    intake = bring(workspace, ROW)
    assert "needs 1 MB, and only 1 MB are free" in said(intake)[0]
    assert list(workspace.lessons_dir.iterdir()) == []


def test_a_copy_that_breaks_leaves_no_half_lesson_and_the_others_are_made(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_one(source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        if source.name == "水稻.mp4":
            raise OSError(errno.EIO, "Input/output error")
        copy_file(source, target)

    monkeypatch.setattr("courseware.intake.carrying.copy_file", break_one)
    intake = bring(workspace, ROW, ROW2)
    assert said(intake) == [
        "目录.xlsx: Sheet!A2 编号: A1: cannot be written: the disk or stick has a fault; try another one"
    ]
    assert [path.name for path in workspace.lessons_dir.iterdir()] == ["A2"]


@pytest.mark.parametrize("meanwhile", [b"video 1 and more", b"VIDEO 1"])
def test_a_video_that_changes_while_it_is_copied_is_told_and_not_kept(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, meanwhile: bytes
) -> None:
    def change(source: Path, target: Path) -> None:
        copy_file(source, target)
        source.write_bytes(meanwhile[: source.stat().st_size] if meanwhile.isupper() else meanwhile)

    monkeypatch.setattr("courseware.intake.carrying.copy_file", change)
    intake = bring(workspace, ROW)
    assert said(intake) == ["目录.xlsx: Sheet!A2 编号: 水稻.mp4 changed while it was copied"]
    assert list(workspace.lessons_dir.iterdir()) == []


def test_a_copy_that_is_not_as_long_as_its_source_is_not_kept(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("courseware.intake.carrying.copy_file", lambda _source, target: target.write_bytes(b"half"))
    assert "changed while it was copied" in said(bring(workspace, ROW))[0]
    assert list(workspace.lessons_dir.iterdir()) == []


def test_a_plan_writes_nothing(workspace: Workspace) -> None:
    bring(workspace, ROW)
    before = snapshot(workspace.root)
    sheet = load_sheet(workspace.root / "目录.xlsx", workspace.settings)
    edit(toml(workspace), "王", "赵")
    edit(toml(workspace), "赵", "王")
    plan_intake(sheet, scan_footage(workspace.root / "media"), workspace)
    assert snapshot(workspace.root) == before


def test_a_lesson_given_up_between_files_is_finished_by_the_next_import(workspace: Workspace) -> None:
    bring(workspace, ROW)
    (workspace.root / "media" / "水稻.mp4").write_bytes(b"video ONE")
    # As when the power fails after the copy and before the memory is written.
    (workspace.lessons_dir / "A1" / "水稻.mp4").write_bytes(b"video ONE")
    assert bring(workspace, ROW).conflicts == ()


def test_a_name_that_leads_out_is_refused_by_the_sheet_already(workspace: Workspace) -> None:
    intake = bring(workspace, ["../../etc", *ROW[1:]], ["CON", *ROW[1:]])
    assert [one.where for one in intake.problems] == ["目录.xlsx: Sheet!A2 编号", "目录.xlsx: Sheet!A3 编号"]


def test_a_media_folder_that_is_not_there_is_told(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="no such folder"):
        scan_footage(workspace.root / "nowhere")


def test_a_row_that_cannot_be_read_tells_of_its_missing_video_too(workspace: Workspace) -> None:
    intake = bring(workspace, ["A1", "水稻育秧", "扶贫实用技朮", "微视频", "没有.mp4", None, None, None])
    assert intake.changes == ()
    assert [line.partition(": ")[2].split()[0] for line in said(intake)] == ["Sheet!C2", "Sheet!E2"]


def test_a_row_that_cannot_be_read_but_has_its_video_tells_of_one_fault(workspace: Workspace) -> None:
    intake = bring(workspace, ["", "《》", "扶贫实用技术", "微视频", "水稻.mp4", None, None, None], ROW2)
    assert [change.id for change in intake.changes] == ["A2"]
    assert len(intake.problems) == 1


def test_a_new_title_without_an_id_is_offered_as_a_renaming(workspace: Workspace) -> None:
    head = HEAD[1:]
    bring(workspace, ROW[1:], head=head)
    renamed = bring(workspace, ["水稻怎样育秧", *ROW[2:]], head=head)
    assert renamed.ids("new") == ()
    (problem,) = renamed.problems
    assert "has the video of the lesson 水稻育秧; write 水稻育秧 as its id" in problem.render(str)
    assert bring(workspace, ["水稻育秧", "水稻怎样育秧", *ROW[2:]]).ids("updated") == ("水稻育秧",)
    assert bring(workspace, ["另一课", "水稻怎样育秧", *ROW[2:]]).ids("new") == ("另一课",)


def test_one_video_in_two_lessons_is_told(workspace: Workspace) -> None:
    both = bring(workspace, ROW, ["A9", *ROW[1:]])
    assert both.ids("new") == ("A1", "A9")
    assert ["A1、A9" in one.render(str) for one in both.remarks] == [True]


def test_lessons_that_left_the_sheet_are_told_and_stay(workspace: Workspace) -> None:
    assert bring(workspace, ROW, ROW2).remarks == ()
    left = bring(workspace, ROW)
    assert [one.where for one in left.remarks] == ["目录.xlsx"]
    assert "A2" in left.remarks[0].render(str)
    assert toml(workspace, "A2").is_file()


def test_another_sheet_says_nothing_of_the_lessons_of_the_first(workspace: Workspace) -> None:
    bring(workspace, ROW)
    (workspace.root / "目录.xlsx").rename(workspace.root / "旧.xlsx")
    for memory in workspace.lessons_dir.glob(f"*/{MEMORY_NAME}"):
        memory.write_text(memory.read_text(encoding="utf-8").replace("目录.xlsx", "旧.xlsx"), encoding="utf-8")
    assert bring(workspace, ROW2).remarks == ()


def test_a_path_of_another_computer_is_taken_by_its_name_and_told(workspace: Workspace) -> None:
    found = bring(workspace, [*ROW[:4], "D:\\素材\\水稻.mp4", *ROW[5:]])
    assert found.ids("new") == ("A1",)
    assert [one.render(str) for one in found.remarks] == [
        "目录.xlsx: Sheet!E2 视频: “D:\\素材\\水稻.mp4” is a path of another computer; 水稻.mp4 was taken"
    ]


def test_pictures_in_the_place_of_a_video_become_clips_that_a_person_may_change(workspace: Workspace) -> None:
    media = workspace.root / "media"
    (media / "照片").mkdir()
    for name in ("照片/2.jpg", "照片/10.heic", "照片/说明.txt", "封面.png"):
        (media / name).write_bytes(name.encode())
    folder_row, named_row = [*ROW[:4], "照片", *ROW[5:]], [*ROW2[:4], "封面.png、照片/2.jpg", *ROW2[5:]]
    assert not bring(workspace, folder_row, named_row).problems
    first, second = load_catalogue(workspace).lessons
    assert [clip.path.name for clip in first.clips] == ["2.jpg", "10.heic"]
    assert [clip.path.name for clip in second.clips] == ["封面.png", "2.jpg"]
    before = snapshot(workspace.lessons_dir)
    bring(workspace, folder_row, named_row)
    assert snapshot(workspace.lessons_dir) == before
    edit(toml(workspace), 'source = "2.jpg"', 'source = "2.jpg"\nseconds = 8')
    (media / "照片" / "2.jpg").write_bytes(b"taken again")
    intake = bring(workspace, folder_row, named_row)
    assert [change.kept for change in intake.changes] == [("clip",), ()]
    assert "seconds = 8" in toml(workspace).read_text(encoding="utf-8")
    assert (workspace.lessons_dir / "A1" / "2.jpg").read_bytes() == b"taken again"
    for path in media.rglob("*.*"):
        path.unlink()
    assert not bring(workspace, folder_row, named_row).problems


def test_a_picture_that_is_not_there_is_named(workspace: Workspace) -> None:
    (workspace.root / "media" / "封面.png").write_bytes(b"x")
    assert "no file “没有.jpg”" in str(bring(workspace, [*ROW[:4], "封面.png、没有.jpg", *ROW[5:]]).problems[0].what)


def test_recordings_are_brought_and_may_be_imported_again_without_their_disk(workspace: Workspace) -> None:
    media, head = workspace.root / "media", [*HEAD, "讲解录音", "歌曲"]
    (media / "歌").mkdir()
    for name in ("歌/一.mp3", "二.m4a"):
        (media / name).write_bytes(name.encode())
    row = [*ROW, "歌/一.mp3、二", "否"]
    assert said(bring(workspace, row, head=head)) == []
    content = toml(workspace).read_text(encoding="utf-8")
    assert 'narration = ["一.mp3", "二.m4a"]' in content
    assert "song = false" in content
    assert (toml(workspace).parent / "二.m4a").read_bytes() == "二.m4a".encode()
    (media / "二.m4a").write_bytes(b"recorded again")
    assert bring(workspace, row, head=head).ids("updated") == ("A1",)
    assert (toml(workspace).parent / "二.m4a").read_bytes() == b"recorded again"
    again = bring(workspace, row, head=head)
    assert (again.ids("unchanged"), [change.kept for change in again.changes]) == (("A1",), [()])
    shutil.rmtree(media / "歌")
    assert said(bring(workspace, row, head=head)) == []
    missing = bring(workspace, [*ROW, "一.mp3、三.mp3", ""], head=head)
    assert "no file “三.mp3”" in "".join(said(missing))
    assert bring(workspace, [*ROW, "", ""], head=head).ids("updated") == ("A1",)
    assert "narration" not in toml(workspace).read_text(encoding="utf-8")
