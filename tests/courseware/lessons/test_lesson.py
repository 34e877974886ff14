from datetime import date
from pathlib import Path

import pytest

from courseware.errors import InputError
from courseware.lessons.lesson import Lesson, load_lesson
from courseware.lessons.lesson_files import PHOTO_SUFFIXES
from courseware.lessons.settings import Office, Settings

SETTINGS = Settings(office=Office(name="示例县远教办", county="示例县"))
GOOD = 'title = "水稻育秧"\nseries = "扶贫实用技术"\nform = "微视频"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "L1"
    folder.mkdir()
    (folder / "水稻.mp4").write_bytes(b"video")
    return folder


def load(folder: Path, content: str) -> Lesson:
    (folder / "lesson.toml").write_text(content, encoding="utf-8")
    return load_lesson(folder / "lesson.toml", SETTINGS)


def complaints(folder: Path, content: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load(folder, content)
    said = str(caught.value).splitlines()
    assert all(line.startswith("L1/lesson.toml") for line in said)
    return [line.removeprefix("L1/lesson.toml: ") for line in said]


def test_a_lesson_finds_its_only_video_and_subtitles(folder: Path) -> None:
    (folder / "水稻.SRT").write_text("x")
    (folder / "._水稻.mp4").write_bytes(b"left by a Mac")
    lesson = load(folder, GOOD)
    assert (lesson.id, lesson.source_path, lesson.subtitles_path) == ("L1", folder / "水稻.mp4", folder / "水稻.SRT")


def test_a_lesson_needs_no_subtitles(folder: Path) -> None:
    assert load(folder, GOOD).subtitles_path is None


def test_text_is_taken_without_blanks_around_it(folder: Path) -> None:
    assert load(folder, GOOD.replace("水稻育秧", " 水稻育秧 ")).title == "水稻育秧"


def test_dates_may_stand_with_or_without_quotes(folder: Path) -> None:
    lesson = load(folder, GOOD + 'valid_from = 2026-03-01\nvalid_until = "2026-12-31"\n')
    assert (lesson.valid_from, lesson.valid_until) == (date(2026, 3, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("presenter = 5", "presenter: must be text in quotes, not 5"),
        ('presentr = "王"', "presentr: unknown key; did you mean “presenter”?"),
        ('fit = "stretch"', "fit: “stretch” is not known; write one of: pad、blur、crop"),
        ("valid_from = 86400", "valid_from: 86400 is not a date; write 2026-11-23"),
        ('valid_from = "2026.5.1"', "valid_from: “2026.5.1” is not a date; write 2026-11-23"),
        ("reviewed_on = 2026-05-01T08:00:00", "reviewed_on: 2026-05-01T08:00:00 is not a date; write 2026-11-23"),
        (
            "valid_from = 2026-05-01\nvalid_until = 2026-04-30",
            "valid_until: lies before valid_from (2026-05-01)",
        ),
        ('credit = "a\\u0007"', "credit: must be one line without control characters"),
        ('producer = "a\\u202eb"', "producer: must be one line without control characters"),
        ('summary = "a\\u0000"', "summary: must not hold control characters"),
        (
            'link = "javascript:alert(1)"',
            "link: “javascript:alert(1)” is not a link; it begins with https:// or http://",
        ),
        ('tags = "水稻"', "tags: must be a list in square brackets, not “水稻”"),
        (f'tags = ["{"水" * 21}"]', "tags.1: is 21 characters long; at most 20: shorten it"),
        ('id = "L2"', "id: is L2, but the folder is called L1; make them the same"),
        ("id = 7", "id: must be text in quotes, not 7"),
        ('source = "../水稻.mp4"', "source: ../水稻.mp4 lies outside the lesson's folder"),
        ('source = "/etc/passwd"', "source: /etc/passwd lies outside the lesson's folder"),
        ('source = "水道.mp4"', "source: no such file: 水道.mp4; did you mean 水稻.mp4?"),
        ('source = "."', "source: no such file: ."),
        ('source = "a\\u0000.mp4"', "source: this cannot be the name of a file"),
        ("source = 5", "source: must be text in quotes, not 5"),
        ('subtitles = "none.srt"', "subtitles: no such file: none.srt"),
        ("audio = 0", "audio: 0 is too small; at least 1"),
        ("audio = 33", "audio: 33 is too large; at most 32"),
        ('denoise = "ja"', "denoise: must be true or false, not “ja”"),
        ('music = "../a.mp3"', "music: ../a.mp3 lies outside the lesson's folder"),
        ('music = "a.mp3"', "music: no such file: a.mp3"),
        (
            'picture = "水稻.mp4"',
            f"picture: 水稻.mp4 is of another kind; this can be {' '.join(PHOTO_SUFFIXES)}",
        ),
        ("seconds = 15", "seconds: is how long a slogan stands; remove it"),
        ('slogan = "防火"', "slogan: the folder holds a video too (水稻.mp4); make two lessons of them"),
        ('notice = "停水"', "notice: the folder holds a video too (水稻.mp4); make two lessons of them"),
    ],
)
def test_each_wrong_key_is_told_once_and_plainly(folder: Path, line: str, said: str) -> None:
    assert complaints(folder, GOOD + line + "\n") == [said]


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("好" * 61, "title: is 61 characters long; at most 60: shorten it"),
        ("", "title: must not be empty"),
        ("　 ", "title: must not be empty"),
        ("上\\n下", "title: must be one line without control characters"),
    ],
)
def test_a_title_that_no_card_can_show_is_refused(folder: Path, title: str, said: str) -> None:
    assert complaints(folder, GOOD.replace("水稻育秧", title)) == [said]


def test_a_title_of_sixty_hostile_characters_is_a_title(folder: Path) -> None:
    title = "'\":{}\\%$;<>&😀" + "好" * 47
    assert load(folder, GOOD.replace('"水稻育秧"', f"'''{title}'''")).title == title


def test_all_problems_of_a_lesson_are_told_at_once(folder: Path) -> None:
    content = 'titel = "好"\nseries = "扶贫实用技朮"\nform = "微电景"\nsource = "no.avi"\nvalid_from = "x"\n'
    assert complaints(folder, content) == [
        "title: this key is missing",
        "valid_from: “x” is not a date; write 2026-11-23",
        "titel: unknown key; did you mean “title”?",
        "series: “扶贫实用技朮” is not known; did you mean 扶贫实用技术?",
        "form: “微电景” is not known; did you mean 微电影?",
        "source: no such file: no.avi",
    ]


def test_new_times_beside_subtitles_are_not_taken_for_a_second_choice(folder: Path) -> None:
    for name in ("字幕.srt", "字幕.new.srt", "字幕.new2.srt"):
        (folder / name).write_text("1\n00:00:00,000 --> 00:00:01,000\n好\n", encoding="utf-8")
    assert load(folder, GOOD).subtitles_path == folder / "字幕.srt"
    (folder / "字幕.srt").unlink()
    (folder / "字幕.new2.srt").unlink()
    assert load(folder, GOOD).subtitles_path == folder / "字幕.new.srt"


def test_two_videos_leave_no_choice_to_chance(folder: Path) -> None:
    (folder / "b.AVI").write_bytes(b"x")
    assert complaints(folder, GOOD) == ["source: several files fit (b.AVI、水稻.mp4); name the one to use"]


def test_a_folder_that_is_called_like_a_video_is_none(folder: Path) -> None:
    (folder / "水稻.mp4").unlink()
    (folder / "水稻.mp4").mkdir()
    assert complaints(folder, GOOD) == ["source: no video in the folder L1; copy one there or name it"]


def test_a_link_that_leads_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.mp4").write_bytes(b"x")
    (folder / "link.mp4").symlink_to(tmp_path / "secret.mp4")
    assert complaints(folder, GOOD + 'source = "link.mp4"\n') == ["source: link.mp4 lies outside the lesson's folder"]


def test_a_link_that_nobody_named_may_not_lead_out_either(folder: Path, tmp_path: Path) -> None:
    for name in ("水稻.mp4", "secret.srt"):
        (tmp_path / name).write_bytes(b"x")
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(tmp_path / name)
    assert complaints(folder, GOOD) == [
        "source: 水稻.mp4 lies outside the lesson's folder",
        "subtitles: secret.srt lies outside the lesson's folder",
    ]


def test_a_folder_with_a_name_no_stick_takes_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "a b"
    folder.mkdir()
    (folder / "a.mp4").write_bytes(b"x")
    with pytest.raises(InputError, match="may have letters, digits"):
        load(folder, GOOD)


def test_a_lesson_in_gbk_says_so(folder: Path) -> None:
    (folder / "lesson.toml").write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(InputError, match="save it again with the encoding UTF-8"):
        load_lesson(folder / "lesson.toml", SETTINGS)


def test_no_subtitle_file_is_offered_for_a_missing_video(folder: Path) -> None:
    (folder / "rice.srt").write_text("x")
    said = ["source: no such file: rice.mp4; did you mean 水稻.mp4?"]
    assert complaints(folder, f'{GOOD}source = "rice.mp4"\n') == said


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A lesson's folder without a video."""
    folder = tmp_path / "L1"
    folder.mkdir()
    return folder


def test_an_ident_has_a_picture_and_music_already(bare: Path) -> None:
    for name in ("a.png", "b.mp3"):
        (bare / name).write_bytes(b"x")
    lines = 'ident = true\npicture = "a.png"\nmusic = "b.mp3"\n'
    what = "is not for an ident, which has picture and sound of its own; remove it"
    assert complaints(bare, GOOD + lines) == [f"picture: {what}", f"music: {what}"]


def test_an_ident_needs_nothing_else(bare: Path) -> None:
    lesson = load(bare, GOOD + "ident = true\n")
    assert (lesson.ident, lesson.is_bare, lesson.source_path) == (True, True, None)


def test_a_slogan_needs_no_video(bare: Path) -> None:
    (bare / "秦岭.HEIC").write_bytes(b"x")
    lesson = load(bare, GOOD + 'slogan = " 森林防火，人人有责！"\nseconds = 20\npicture = "秦岭.HEIC"\n')
    assert (lesson.slogan, lesson.seconds, lesson.source_path) == ("森林防火，人人有责！", 20, None)
    assert (lesson.picture_path, lesson.folder) == (bare / "秦岭.HEIC", bare)


def test_a_notice_keeps_its_paragraphs_and_loses_its_empty_lines(bare: Path) -> None:
    lesson = load(bare, GOOD + 'notice = """\n  周六停水。\n\n请储水。 \n"""\n')
    assert lesson.notice == "周六停水。\n请储水。"
    assert lesson.source_path is None


def test_music_and_picture_are_never_taken_unnamed(folder: Path) -> None:
    for name in ("a.mp3", "a.png"):
        (folder / name).write_bytes(b"x")
    lesson = load(folder, GOOD)
    assert (lesson.music_path, lesson.picture_path) == (None, None)
    assert load(folder, GOOD + 'music = "a.mp3"\n').music_path == folder / "a.mp3"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (f'slogan = "{"好" * 61}"', "slogan: is 61 characters long; at most 60: shorten it"),
        ('slogan = "上\\n下"', "slogan: must be one line without control characters"),
        (f'notice = "{"好" * 1001}"', "notice: is 1001 characters long; at most 1000: shorten it"),
        ('notice = "a\\u202eb"', "notice: must not hold control characters"),
        ('slogan = "好"\nseconds = 4', "seconds: 4 is too small; at least 5"),
        ('notice = "好"\nseconds = 15', "seconds: is how long a slogan stands; remove it"),
        ('slogan = "好"\nnotice = "好"', "notice: a lesson is either a slogan or a notice; make two lessons of them"),
        (
            'slogan = "好"\nsource = "a.mp4"',
            "source: goes with a video, but slogan is given too; remove one of the two",
        ),
        ('notice = "好"\naudio = 2', "audio: goes with a video, but notice is given too; remove one of the two"),
        ('ident = true\nslogan = "好"', "ident: is a lesson of its own; make another one for slogan"),
        ("ident = true\nseconds = 5", "seconds: is how long a slogan stands; remove it"),
        ("ident = true\naudio = 2", "audio: goes with a video, but ident is given too; remove one of the two"),
        ("ident = false", "source: no video in the folder L1; copy one there or name it"),
        ('slogan = " "', "source: no video in the folder L1; copy one there or name it"),
        ('slogan = "\\u200b"', "slogan: must not be empty"),
        ('notice = "\\u200b\\n \\u2060"', "notice: must not be empty"),
    ],
)
def test_what_words_alone_cannot_be_is_told(bare: Path, lines: str, said: str) -> None:
    assert complaints(bare, GOOD + lines + "\n") == [said]


def test_a_notice_has_no_picture(bare: Path) -> None:
    (bare / "a.png").write_bytes(b"x")
    said = ["picture: stands behind a title or a slogan; a notice has no picture"]
    assert complaints(bare, GOOD + 'notice = "好"\npicture = "a.png"\n') == said


@pytest.mark.parametrize(
    ("form", "lines", "is_song"),
    [
        ("MV", "", True),
        ("MV", "song = false", False),
        ("微视频", "", False),
        ("微视频", "song = true", True),
        ("微视频", 'narration = ["歌.mp3"]\nbeat = true', True),
        ("MV", 'voice = "zf_xiaoxiao"', False),
    ],
)
def test_what_is_a_song_is_said_by_its_form_or_by_name(folder: Path, form: str, lines: str, is_song: int) -> None:
    (folder / "歌.mp3").write_bytes(b"sound")
    assert load(folder, GOOD.replace("微视频", form) + lines).is_song == is_song


def test_what_does_not_go_with_a_song_is_told(folder: Path) -> None:
    (folder / "歌.mp3").write_bytes(b"sound")
    (folder / "a.jpg").write_bytes(b"picture")
    said = complaints(folder, GOOD + 'song = true\nvoice = "zf_xiaoxiao"\nbeat = true\n')
    assert sorted(line.split(":")[0] for line in said) == ["beat", "song"]
    clip = '[[clip]]\nsource = "a.jpg"\nsays = "先剪病枝。"\n'
    (said_of_clip,) = complaints(folder, GOOD.replace("微视频", "MV") + f'narration = ["歌.mp3"]\n{clip}')
    assert "song = false" in said_of_clip
    assert load(folder, GOOD.replace("微视频", "MV") + f'narration = ["歌.mp3"]\nsong = false\n{clip}').clips
    (off,) = complaints(folder, GOOD + 'narration = ["歌.mp3"]\nsong = false\nbeat = true\n')
    assert off.startswith("beat: goes with a song")


def test_words_on_the_cards_of_a_song_are_not_looked_for_in_it(folder: Path) -> None:
    (folder / "歌.mp3").write_bytes(b"sound")
    content = GOOD + 'narration = ["歌.mp3"]\n[[clip]]\ncard = "春到双河"\n'
    (said,) = load(folder, content).clips
    (shown,) = load(folder, "song = true\n" + content).clips
    assert (said.says, shown.says, shown.card) == ("春到双河。", "", "春到双河")
