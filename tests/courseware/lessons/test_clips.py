from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from courseware.errors import InputError
from courseware.lessons.clips import Clip, beyond_end, footage_at, kept_clips, said, shown_ms, subtitled_ms, unheard
from courseware.lessons.lesson import Lesson, load_lesson
from courseware.lessons.settings import Office, Settings
from courseware.times import Span

SETTINGS = Settings(office=Office(name="示例县远教办", county="示例县"))
GOOD = 'title = "水稻育秧"\nseries = "扶贫实用技术"\nform = "微视频"\n'
VIDEO, OTHER = Path("a.mp4"), Path("b.mp4")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "L1"
    folder.mkdir()
    (folder / "a.mp4").write_bytes(b"video")
    return folder


def load(folder: Path, content: str) -> Lesson:
    (folder / "lesson.toml").write_text(GOOD + content, encoding="utf-8")
    return load_lesson(folder / "lesson.toml", SETTINGS)


def complaints(folder: Path, content: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load(folder, content)
    return [line.removeprefix("L1/lesson.toml: ") for line in str(caught.value).splitlines()]


def stretches(lesson: Lesson) -> list[tuple[str, int, int | None]]:
    return [(clip.path.name, clip.from_ms, clip.to_ms) for clip in lesson.clips]


def test_what_is_cut_out_leaves_the_stretches_between(folder: Path) -> None:
    lesson = load(folder, 'cut = ["1:20-1:45", "-0:05", "1:02:03.5–"]\n')
    assert stretches(lesson) == [("a.mp4", 5000, 80_000), ("a.mp4", 105_000, 3_723_500)]
    assert lesson.videos == (folder / "a.mp4",)


def test_a_rest_too_short_to_be_seen_goes_with_the_cuts_beside_it() -> None:
    kept = kept_clips(VIDEO, [(100, 2000), (2150, 4000)], "pad", 0)
    assert [(clip.from_ms, clip.to_ms) for clip in kept] == [(4000, None)]


def test_clips_come_from_several_videos_with_what_the_lesson_says_where_they_say_nothing(folder: Path) -> None:
    (folder / "b.mov").write_bytes(b"video")
    lesson = load(
        folder,
        'fit = "blur"\nrotate = 90\n'
        '[[clip]]\nsource = "b.mov"\nfrom = "0:02"\nto = 5.5\ngain = -3\nspeed = 1.5\nrotate = 0\n'
        '[[clip]]\nsource = "a.mp4"\nfit = "pad"\nfade = 0.5\n',
    )
    first, second = lesson.clips
    assert first == Clip("clip.1", folder / "b.mov", 2000, 5500, -3, Fraction(3, 2), "blur", 0)
    assert second == Clip("clip.2", folder / "a.mp4", fit="pad", rotate=90, fade_ms=500)
    assert lesson.source_path == folder / "b.mov"
    assert lesson.videos == (folder / "b.mov", folder / "a.mp4")


def test_everything_that_is_wrong_with_an_edit_list_is_told_at_once(folder: Path) -> None:
    (folder.parent / "c.mp4").write_bytes(b"video")
    found = complaints(
        folder,
        'cut = ["1:00-2:00"]\n'
        '[[clip]]\nsource = "../c.mp4"\nfade = 1\n'
        '[[clip]]\nsource = "gone.mp4"\n'
        '[[clip]]\nfrom = "1:00"\nto = "1:01"\nfade = 2\n',
    )
    assert found == [
        "cut: is for one video; where there are clips, leave it out by their “from” and “to”",
        "clip.1.fade: there is nothing before it to fade from; remove it",
        "clip.3: is shorter than the cross-fades into and out of it",
        "clip.1.source: ../c.mp4 lies outside the lesson's folder",
        "clip.2.source: no such file: gone.mp4; did you mean a.mp4?",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('cut = ["1:00-2:00", "1:30-3:00"]', "cut: the cuts from 1:00 and from 1:30 overlap; make one of them"),
        ('cut = ["1:00-", "2:00-3:00"]', "cut: the cuts from 1:00 and from 2:00 overlap; make one of them"),
        ('cut = ["2:00-1:00"]', "cut.1: 2:00-1:00 ends before it begins"),
        ('cut = ["soon"]', 'cut.1: soon is not a stretch; write "1:20-1:45"'),
        ('cut = ["0:00-"]', "cut: nothing of the video would be left"),
        ('[[clip]]\nfrom = "-5"', 'clip.1.from: -5 is not a moment; write "1:20", "1:02:03.5" or seconds'),
        ('[[clip]]\nfrom = 3\nto = "0:03.1"', "clip.1: “to” must come after “from”, by 0.2 s of the finished lesson"),
        ("[[clip]]\nspeed = 9", "clip.1.speed: 9 is too large; at most 4"),
        ("[[clip]]\n[[clip]]\nfade = 9", "clip.2.fade: a cross-fade lasts 5 seconds at most"),
        ("rotate = 45", "rotate: “45” is not known; write one of: 0、90、180、270"),
        (
            'slogan = "森林防火"\ncut = ["1-2"]',
            "cut: goes with a video, but slogan is given too; remove one of the two",
        ),
    ],
)
def test_each_mistake_has_its_sentence(folder: Path, content: str, told: str) -> None:
    assert any(line.startswith(told) for line in complaints(folder, content)), complaints(folder, content)


def test_clips_behind_the_end_of_their_video_are_named_and_a_rounded_end_is_not() -> None:
    clips = [
        Clip("clip.1", VIDEO, 0, 60_900),
        Clip("clip.2", VIDEO, 59_950, None),
        Clip("clip.3", VIDEO, 70_000, 80_000),
        Clip("clip.4", OTHER, 70_000, 80_000),
    ]
    found = beyond_end(clips, {VIDEO: 60_000})
    assert [key for key, _ in found] == ["clip.2", "clip.3"]
    assert str(found[1][1]) == "1:10 lies after the end of a.mp4, which lasts 1:00"


def test_cuts_that_leave_nothing_of_a_short_video_are_told() -> None:
    found = beyond_end(kept_clips(VIDEO, [(0, 60_000)], "pad", 0), {VIDEO: 60_000})
    assert [(key, str(what)) for key, what in found] == [("cut", "nothing of the video would be left")]


def test_a_lesson_of_pictures_and_cards_needs_no_video_and_its_subtitles_count_from_its_start(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("a.HEIC", "b.jpg", "帧-0009.png", "帧-0010.png"):
        (folder / name).write_bytes(b"-")
    lesson = load(
        folder,
        '[[clip]]\nsource = "a.HEIC"\nseconds = 6\nmove = "in"\ncaption = "芽"\nsays = "先剪病枝。"\n'
        '[[clip]]\ncard = "第一步"\nlines = ["剪病枝"]\npicture = "b.jpg"\nfade = 0.5\n'
        '[[clip]]\nsource = "帧-%04d.png"\nfit = "crop"\n',
    )
    photo, card, sequence = lesson.clips
    assert photo == Clip(
        "clip.1", folder / "a.HEIC", 0, 6000, fit="blur", move="in", caption="芽", says="先剪病枝。", fills=True
    )
    assert (card.card, card.lines, card.path) == ("第一步", ("剪病枝",), folder / "b.jpg")
    assert (sequence.fit, sequence.fills) == ("crop", False)
    assert (lesson.source_path, lesson.videos, lesson.is_of_one_video, lesson.is_bare) == (None, (), False, False)
    assert [path.name for path in lesson.shown_files] == ["a.HEIC", "b.jpg", "帧-0009.png", "帧-0010.png"]
    assert subtitled_ms(lesson.videos, lesson.clips, {}) == 6000 + 5000 - 500 + 5000
    assert footage_at(lesson.clips, {}, 7000) == (card, 1500)


def test_keys_that_do_not_go_with_what_a_clip_shows_are_told_all_at_once(folder: Path) -> None:
    (folder / "p.png").write_bytes(b"-")
    wrong = complaints(
        folder,
        '[[clip]]\nsource = "p.png"\nto = 5\ngain = 3\nlines = ["x"]\n'
        '[[clip]]\nsource = "a.mp4"\nseconds = 5\nspeaker = "甲"\n'
        '[[clip]]\ncard = "x"\nsource = "p.png"\nrotate = 90\n'
        '[[clip]]\nsource = "帧-%03d.png"\n',
    )
    assert wrong == [
        "clip.1.lines: goes with a card, and none is named",
        "clip.1.to: is for a video; how long a picture or card stays is said by “seconds”",
        "clip.1.gain: is for a video; how long a picture or card stays is said by “seconds”",
        "clip.2.speaker: goes with “says”, and nothing is said",
        "clip.2.seconds: is for a picture; of a video say “from” and “to”",
        "clip.3.card: a clip shows either a card or a file; remove one of the two",
        "clip.3.rotate: is not for a card, which is drawn for each screen; remove it",
        "clip.4.source: no pictures are called like 帧-%03d.png, with a number for %03d",
    ]


def test_what_no_clip_shows_is_not_heard() -> None:
    clips = [Clip("", VIDEO, 50_000, 60_000), Clip("", VIDEO, 10_000, 20_000), Clip("", VIDEO, 15_000, 30_000)]
    assert unheard(clips)[:2] == (Span(0, 10_000), Span(30_000, 50_000))
    assert unheard(clips)[2].start_ms == 60_000
    assert unheard(()) == ()


def test_subtitles_count_in_the_time_of_one_video_and_in_that_of_the_whole_of_several() -> None:
    clips = (Clip("", VIDEO, 10_000, 20_000), Clip("", OTHER, 0, None, speed=Fraction(2), fade_ms=1000))
    lengths = {VIDEO: 60_000, OTHER: 30_000}
    assert subtitled_ms((VIDEO,), clips[:1], lengths) == 60_000
    assert subtitled_ms((VIDEO, OTHER), clips, lengths) == 10_000 + 15_000 - 1000
    assert subtitled_ms((VIDEO, OTHER), clips, {VIDEO: 60_000}) is None


def test_a_moment_that_was_cut_out_shows_what_follows_and_one_behind_the_end_the_last() -> None:
    film = Path("a.mp4")
    clips = (Clip("cut", film, 0, 2000), Clip("cut", film, 5000, 9000, rotate=90))
    found = [footage_at(clips, {film: 20_000}, at_ms) for at_ms in (1000, 2000, 4999, 6000, 12_000)]
    assert [at_ms for _, at_ms in found] == [1000, 5000, 5000, 6000, 8999]
    assert [clip.rotate for clip, _ in found] == [0, 90, 90, 90, 90]
    assert shown_ms(clips, {film: 20_000}) == 6000


def test_of_several_videos_a_moment_counts_through_speeds_and_cross_fades() -> None:
    one, other = Path("a.mp4"), Path("b.mp4")
    clips = (Clip("clip.1", one, 0, 4000, speed=Fraction(2)), Clip("clip.2", other, 1000, None, fade_ms=500))
    lengths = {one: 9000, other: 6000}
    found = [footage_at(clips, lengths, at_ms) for at_ms in (1000, 2000, 60_000)]
    assert [(clip.path, at_ms) for clip, at_ms in found] == [(one, 2000), (other, 1500), (other, 5999)]


@pytest.mark.parametrize(("ms", "word"), [(80_000, "1:20"), (3_723_500, "1:02:03.5"), (9, "0:00.009")])
def test_a_moment_is_said_as_it_is_written(ms: int, word: str) -> None:
    assert said(ms) == word
