from __future__ import annotations

import os
import shutil
import signal
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from cli import make_console
from courseware.cue import Cue
from courseware.errors import BatchError
from courseware.files import sha256
from courseware.rendition import load_renditions
from courseware.times import Span
from render import batch
from render.batch import Job, Outcome, jobs_for, raise_failures, render_all
from render.execute import Workshop, open_workshop
from render.ffmpeg import StoppedError, find_ffmpeg
from render.order import Order
from render.profiles import profile_named
from tests.conftest import ClipFactory
from tests.render.samples import ORDER

LED, SMALL = profile_named("led-96x64"), profile_named("led-80x64")


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return open_workshop(find_ffmpeg(), tmp_path_factory.mktemp("cache"))


@pytest.fixture
def order(make_clip: ClipFactory) -> Order:
    return replace(ORDER, source=make_clip(seconds=1))


def render(workshop: Workshop, jobs: tuple[Job, ...], *, dry_run: bool = False) -> list[str]:
    return [one.state for one in outcomes(workshop, jobs, dry_run=dry_run)]


def outcomes(workshop: Workshop, jobs: tuple[Job, ...], *, dry_run: bool = False) -> tuple[Outcome, ...]:
    return render_all(workshop, jobs, make_console("en"), threads=2, dry_run=dry_run)


def stamps(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_each_rendition_has_a_description_that_is_true(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    assert render(workshop, jobs_for([order], [LED, SMALL], tmp_path)) == ["made", "made"]
    for profile in (LED, SMALL):
        found = load_renditions(tmp_path, profile.name)["dose"]
        path = tmp_path / profile.name / found.file
        assert (found.width, found.height) == profile.canvas
        assert found.sha256 == sha256(path)
        assert found.title == "农药怎样配"
        assert found.seconds == 12


def test_a_second_run_makes_nothing(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    jobs = jobs_for([order], [LED, SMALL], tmp_path)
    render(workshop, jobs)
    before = stamps(tmp_path)
    assert render(workshop, jobs) == ["kept", "kept"]
    assert stamps(tmp_path) == before


def test_touching_the_source_renders_nothing_and_changing_a_text_renders_anew(
    workshop: Workshop, order: Order, tmp_path: Path
) -> None:
    order = replace(order, source=Path(shutil.copyfile(order.source, tmp_path / "raw.mp4")))
    jobs = jobs_for([order], [LED], tmp_path / "out")
    render(workshop, jobs)
    os.utime(order.source, ns=(1, 1))
    assert render(workshop, jobs) == ["kept"]
    assert render(workshop, jobs_for([replace(order, reviewer="赵主任")], [LED], tmp_path / "out")) == ["made"]


def test_a_rendition_that_was_damaged_is_made_anew(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    jobs = jobs_for([order], [LED], tmp_path)
    render(workshop, jobs)
    whole = jobs[0].target.read_bytes()
    jobs[0].target.write_bytes(whole[:-100])
    assert render(workshop, jobs) == ["made"]
    assert jobs[0].target.read_bytes() == whole


def test_a_dry_run_says_what_is_due_and_makes_nothing(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    (outcome,) = outcomes(workshop, jobs_for([order], [LED], tmp_path), dry_run=True)
    assert (outcome.state, outcome.seconds) == ("due", 12)
    assert list(tmp_path.iterdir()) == []


def test_a_bad_lesson_does_not_stop_the_others(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    bad = [
        replace(order, lesson="empty", source=empty),
        replace(order, lesson="gone", source=tmp_path / "gone.mp4"),
        replace(order, lesson="emoji", title="喷药💧"),
    ]
    found = outcomes(workshop, jobs_for([*bad, order], [LED], tmp_path / "out"))
    assert [one.state for one in found] == ["failed", "failed", "failed", "made"]
    with pytest.raises(BatchError) as raised:
        raise_failures(found)
    said = str(raised.value)
    assert "empty: empty.mp4: the file is empty" in said
    assert "gone: gone.mp4: there is no such file" in said
    assert "emoji: title: " in said
    assert "U+1F4A7" in said
    assert sorted(path.name for path in (tmp_path / "out").rglob("*") if path.is_file()) == ["dose.json", "dose.mp4"]


def test_a_source_that_fails_for_two_profiles_is_told_once(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    bad = replace(order, source=tmp_path / "gone.mp4")
    with pytest.raises(BatchError) as raised:
        raise_failures(outcomes(workshop, jobs_for([bad], [LED, SMALL], tmp_path)))
    assert len(raised.value.problems) == 1


def test_an_old_rendition_stays_when_the_new_one_fails(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    jobs = jobs_for([order], [LED], tmp_path)
    render(workshop, jobs)
    before = stamps(tmp_path)
    assert render(workshop, jobs_for([replace(order, title="💧")], [LED], tmp_path)) == ["failed"]
    assert stamps(tmp_path) == before


def test_when_all_is_well_nothing_is_raised(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    raise_failures(outcomes(workshop, jobs_for([order], [LED], tmp_path)))


def test_ctrl_c_stops_what_runs_and_leaves_nothing(
    workshop: Workshop, order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise StoppedError

    monkeypatch.setattr(batch, "make", stopped)
    with pytest.raises(KeyboardInterrupt):
        render(workshop, jobs_for([order], [LED], tmp_path))
    assert workshop.stop.is_set()
    workshop.stop.clear()
    assert list(tmp_path.iterdir()) == []


def test_subtitles_beyond_the_end_are_said_and_those_of_another_video_refused(
    workshop: Workshop, order: Order, tmp_path: Path
) -> None:
    late = replace(order, cues=(Cue(Span(60_000, 61_000), "早晚喷一次。"),))
    both = replace(order, lesson="both", cues=(*order.cues[:1], *late.cues))
    first, second = outcomes(workshop, jobs_for([late, both], [LED], tmp_path))
    assert first.state == "failed"
    assert str(first.problems[0].where) == "dose: subtitles"
    assert (second.state, len(second.notes)) == ("made", 1)


def test_what_a_killed_run_left_is_gone_after_the_next(order: Order, tmp_path: Path) -> None:
    cache, made = tmp_path / "cache", tmp_path / "made"
    left = [cache / "work" / f".part-{os.getpid()}-x", cache / "idents" / f".part-{os.getpid()}-y"]
    left += [made / LED.name / f".part-{os.getpid()}-dose.mp4"]
    for folder in left:
        folder.mkdir(parents=True)
    render(open_workshop(find_ffmpeg(), cache), jobs_for([order], [LED], made))
    assert not any(folder.exists() for folder in left)
    assert sorted(path.name for path in (made / LED.name).iterdir()) == ["dose.json", "dose.mp4"]


@pytest.mark.skipif(os.name == "nt", reason="no such signals there")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_shutdown_stops_the_batch_and_leaves_nothing(
    number: signal.Signals, workshop: Workshop, order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shut_down(_: threading.Event) -> None:
        os.kill(os.getpid(), number)
        assert workshop_now.stop.wait(10)
        raise StoppedError

    workshop_now = replace(workshop, stop=threading.Event())
    monkeypatch.setattr(batch, "make", lambda shop, *_args: shut_down(shop.stop))
    with pytest.raises(KeyboardInterrupt):
        render(workshop_now, jobs_for([order], [LED], tmp_path))
    assert signal.getsignal(number) is signal.SIG_DFL
    assert list(tmp_path.rglob("*.*")) == []
