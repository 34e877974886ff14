"""Whole files: good ones, and every way a file can be bad. None of them stops a check."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from courseware.files import sha256
from render.plan.profiles import profile_named
from render.quality import checking
from render.quality.checking import CheckedFile, Known, check_file
from render.quality.checks.expected import Expected
from render.quality.container import AudioFacts, FileFacts, VideoFacts, examine, judge_file
from render.quality.findings import Kind
from render.quality.picture import watch
from render.quality.sound import listen
from render.work.ffmpeg import find_ffmpeg
from tests.conftest import run_ffmpeg
from tests.render.quality.clips import PROFILE, SECONDS, finished

EXPECTED = Expected(profile_named(PROFILE), seconds=SECONDS)


def check(path: Path, expected: Expected = EXPECTED, known: Known | None = None) -> CheckedFile:
    return check_file(path, expected, find_ffmpeg(), known=known)


def kinds(checked: CheckedFile) -> set[Kind]:
    return {one.kind for one in checked.findings}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return finished(tmp_path_factory.mktemp("good") / "good.mp4")


def test_a_good_file_passes(good: Path) -> None:
    checked = check(good)
    assert checked.findings == ()
    assert checked.verdict == "good"
    assert checked.picture is not None
    assert checked.picture.pictures == SECONDS * 25
    assert checked.sound is not None
    assert abs(checked.sound.lkfs + 15) <= 0.5


@pytest.mark.parametrize(
    ("made", "kind", "words"),
    [
        ({"options": ()}, "container", "index does not come first"),
        ({"video": "setsar=10/9"}, "picture", "10:9 wide to high"),
        ({"video": "scale=112:64"}, "picture", "112×64 instead of 96×64"),
        ({"video": "fps=30"}, "picture", "30 pictures a second instead of 25"),
        ({"options": ("-movflags", "+faststart", "-level", "5.1")}, "picture", "level is 5.1 instead of 3.0"),
        ({"options": ("-movflags", "+faststart", "-pix_fmt", "yuv444p")}, "picture", "h264 yuv444p"),
        ({"options": ("-movflags", "+faststart", "-an")}, "no-sound", "no sound track"),
        ({"options": ("-movflags", "+faststart", "-vn")}, "picture", "no picture"),
        ({"options": ("-movflags", "+faststart", "-ac", "1")}, "container", "aac, 48000 Hz, 1 channels"),
        (
            {
                "video": "select='not(between(n,30,35))'",
                "options": ("-movflags", "+faststart", "-fps_mode", "passthrough"),
            },
            "picture",
            "missing, or shown too long",
        ),
    ],
)
def test_what_the_container_shows_is_told(tmp_path: Path, made: dict[str, object], kind: Kind, words: str) -> None:
    path = finished(tmp_path / "a.mp4", **made)  # type: ignore[arg-type]
    told = [str(one.sentence) for one in judge_file(examine(path), EXPECTED) if one.kind == kind]
    assert [one for one in told if words in one], told


def test_a_file_of_another_frame_rate_is_timed_by_its_own(tmp_path: Path) -> None:
    checked = check(finished(tmp_path / "a.mp4", video="fps=30"))
    assert checked.expected.fps == 30
    assert kinds(checked) == {"picture"}


def test_what_the_samples_show_is_told(tmp_path: Path) -> None:
    opposed = "aeval='val(0)|-1*val(0)':c=stereo,aformat=channel_layouts=stereo,volume=3dB"
    assert "mono" in kinds(check(finished(tmp_path / "a.mp4", audio=opposed)))


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        (lambda _: b"", "unreadable"),
        (lambda _: b"no video at all" * 99, "unreadable"),
        (lambda content: content[: len(content) // 10], "unreadable"),
        (lambda content: content[: len(content) * 3 // 4], "unreadable"),
        (
            lambda content: content[: len(content) // 2] + bytes(900) + content[len(content) // 2 + 900 :],
            "damaged",
        ),
    ],
)
def test_a_damaged_file_is_a_finding_and_no_crash(
    good: Path, tmp_path: Path, damage: Callable[[bytes], bytes], kind: Kind
) -> None:
    path = tmp_path / "bad.mp4"
    path.write_bytes(damage(good.read_bytes()))
    checked = check(path)
    assert kind in kinds(checked)
    assert checked.verdict == "bad"


def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    checked = check(tmp_path / "gone.mp4")
    assert kinds(checked) == {"unreadable"}
    assert "no such file" in str(checked.findings[0].sentence)
    assert kinds(check(tmp_path)) == {"unreadable"}


def test_a_flipped_bit_is_seen_by_its_hash(good: Path, tmp_path: Path) -> None:
    content = bytearray(good.read_bytes())
    content[-5] ^= 1
    path = tmp_path / "flipped.mp4"
    path.write_bytes(content)
    assert kinds(check(path, known=Known(sha256(good)))) >= {"changed"}
    assert "changed" not in kinds(check(good, known=Known(sha256(good))))


def test_what_is_known_is_not_decoded_again(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Known(sha256(good), watch(good).facts, listen(good, find_ffmpeg()))

    def never(*_: object) -> None:
        raise AssertionError("it was decoded again")

    monkeypatch.setattr(checking, "watch", never)
    monkeypatch.setattr(checking, "listen", never)
    checked = check(good, known=known)
    assert (checked.picture, checked.sound) == (known.picture, known.sound)
    assert checked.findings == ()


def test_what_was_known_of_other_bytes_is_not_believed(good: Path, tmp_path: Path) -> None:
    known = Known(sha256(good), watch(good).facts, listen(good, find_ffmpeg()))
    path = finished(tmp_path / "mute.mp4", audio="volume=0")
    checked = check(path, known=known)
    assert kinds(checked) == {"changed", "no-sound"}
    assert checked.sound != known.sound


def test_sound_that_begins_late_is_told(good: Path, tmp_path: Path) -> None:
    path = tmp_path / "late.mp4"
    inputs = ("-i", str(good), "-itsoffset", "0.4", "-i", str(good))
    run_ffmpeg(*inputs, "-map", "0:v", "-map", "1:a", "-c", "copy", "-movflags", "+faststart", str(path))
    (late,) = (one for one in check(path).findings if "begins" in str(one.sentence))
    assert (late.kind, late.severity) == ("offset", "error")
    assert 360 <= int(str(late.sentence.values["ms"])) <= 420


def test_sound_that_no_decoder_knows_is_a_finding(good: Path, tmp_path: Path) -> None:
    path = tmp_path / "odd.mkv"
    run_ffmpeg("-i", str(good), "-c", "copy", str(path))
    path.write_bytes(path.read_bytes().replace(b"A_AAC", b"A_XXX"))
    checked = check(path, Expected(None))
    assert kinds(checked) == {"damaged"}
    assert checked.picture is not None


def test_any_file_is_checked_for_what_holds_for_all(tmp_path: Path) -> None:
    path = tmp_path / "phone.mkv"
    run_ffmpeg(
        *("-f", "lavfi", "-i", "testsrc2=size=96x64:rate=30:duration=3,select='lt(n,20)+gte(n,40)'"),
        *("-f", "lavfi", "-i", "sine=duration=3", "-fps_mode", "passthrough", "-c:v", "libx264", str(path)),
    )
    checked = check(path, Expected(None))
    assert [(one.kind, one.severity) for one in checked.findings] == [("picture", "info")]
    assert checked.verdict == "good"


def test_a_stick_holds_no_file_of_four_gibibytes() -> None:
    video = VideoFacts("h264", "yuv420p", 96, 64, Fraction(1), Fraction(25), 30, 75, None)
    audio = AudioFacts("aac", 48_000, 2)
    for size, told in ((2**32 - 1, 0), (2**32, 1)):
        facts = FileFacts(size, index_first=True, video=video, audio=audio)
        assert len(list(judge_file(facts, EXPECTED))) == told
