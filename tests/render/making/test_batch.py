from __future__ import annotations

import os
import shutil
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import pytest

from courseware.errors import BatchError, Problem, StorageError, ToolError, text
from courseware.files import sha256
from courseware.lessons.proofs import FOLDER_NAME
from courseware.lessons.rendition import load_renditions
from courseware.subtitles.cue import Cue
from courseware.times import Span
from render.making.batch import bytes_needed, in_turn, lots_for, raise_failures
from render.pieces import hands
from render.pieces.execute import run_job
from render.pieces.soundwork import make_sound
from render.plan.order import Order
from render.source.examine import Due, examine
from render.work.crew import Task
from render.work.ffmpeg import StoppedError
from render.work.jobs import Job
from render.work.workshop import Workshop, open_workshop
from tests.conftest import ClipFactory, run_ffmpeg
from tests.render.engine import LED, SMALL, change_byte, litter, numbered, render, states, stored
from tests.render.samples import ORDER


@pytest.fixture
def order(make_clip: ClipFactory) -> Order:
    return replace(ORDER, source=make_clip(seconds=1))


@pytest.fixture
def own(workshop: Workshop) -> Workshop:
    """The shared store, with a sign to stop that concerns nobody else."""
    return replace(workshop, stop=threading.Event())


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is really made, as it is made: "title", "body 0", "sound" …"""
    found: list[str] = []

    def noted(workshop: Workshop, job: Job, progress: Callable[[int], None]) -> None:
        found.append(_name(job))
        run_job(workshop, job, progress)

    def noted_sound(workshop: Workshop, due: Any) -> None:
        found.append("sound")
        make_sound(workshop, due)

    monkeypatch.setattr(hands, "run_job", noted)
    monkeypatch.setattr(hands, "make_sound", noted_sound)
    return found


def _name(job: Job) -> str:
    if job.source:
        return f"{job.name} {job.from_ms}"
    step = job.steps[0]
    return type(getattr(step, "card", getattr(step, "ident", None))).__name__


def stamps(folder: Path) -> dict[str, int]:
    found = (path for path in folder.rglob("*") if path.is_file() and FOLDER_NAME not in path.parts)
    return {str(path): path.stat().st_mtime_ns for path in found}


def copied(order: Order, folder: Path) -> Order:
    assert order.source is not None
    return replace(order, source=Path(shutil.copyfile(order.source, folder / "raw.mp4")))


def test_each_rendition_has_a_description_that_is_true(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    assert states(render(workshop, [order], [LED, SMALL], tmp_path)) == ["made", "made"]
    for profile in (LED, SMALL):
        found = load_renditions(tmp_path, profile.name)["dose"]
        path = tmp_path / profile.name / found.file
        assert (found.width, found.height) == profile.canvas
        assert (found.sha256, found.size) == (sha256(path), path.stat().st_size)
        assert found.title == "农药怎样配"
        assert found.seconds == 12


def test_a_second_run_makes_nothing(workshop: Workshop, order: Order, tmp_path: Path, done: list[str]) -> None:
    render(workshop, [order], [LED, SMALL], tmp_path)
    before = stamps(tmp_path)
    done.clear()
    assert states(render(workshop, [order], [LED, SMALL], tmp_path)) == ["kept", "kept"]
    assert stamps(tmp_path) == before
    assert done == []


def test_a_touched_source_renders_nothing(workshop: Workshop, order: Order, tmp_path: Path, done: list[str]) -> None:
    order = copied(order, tmp_path)
    render(workshop, [order], [LED], tmp_path / "out")
    assert order.source is not None
    os.utime(order.source, ns=(1, 1))
    done.clear()
    assert states(render(workshop, [order], [LED], tmp_path / "out")) == ["kept"]
    assert done == []


def test_a_changed_byte_is_seen_though_length_and_time_are_as_before(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path, done: list[str]
) -> None:
    source = tmp_path / "raw.mp4"
    run_ffmpeg("-i", str(make_clip()), "-c", "copy", "-metadata", "title=AAAA", str(source))
    order = replace(ORDER, source=source)
    render(workshop, [order], [LED], tmp_path / "out")
    status = source.stat()
    source.write_bytes(source.read_bytes().replace(b"AAAA", b"AAAB"))
    os.utime(source, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert source.stat().st_size == status.st_size
    done.clear()
    assert states(render(workshop, [order], [LED], tmp_path / "out")) == ["made"]
    assert sorted(done) == ["dose 0", "sound"]


CHANGES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "title": ({"title": "农药怎样兑"}, ["EndCard", "TitleCard"]),
    "presenter": ({"presenter": "赵老师"}, ["TitleCard"]),
    "reviewer": ({"reviewer": "赵主任"}, ["EndCard"]),
    "subtitle": ({"cues": (Cue(Span(200, 900), "改了一个字"),)}, ["dose 0"]),
    "fit": ({"fit": "crop"}, ["dose 0"]),
    "form": ({"form": "微电影"}, ["TitleCard"]),
    "denoise": ({"denoise": True}, ["sound"]),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_costs_only_what_shows_it(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path, done: list[str], what: str
) -> None:
    change, expected = CHANGES[what]
    order = replace(ORDER, source=make_clip(seconds=1), lesson="dose", credit=what)
    render(workshop, [order], [LED], tmp_path)
    done.clear()
    assert states(render(workshop, [replace(order, **change)], [LED], tmp_path)) == ["made"]
    assert sorted(done) == expected


def test_what_is_changed_back_is_only_joined(
    workshop: Workshop, order: Order, tmp_path: Path, done: list[str]
) -> None:
    (first,) = render(workshop, [order], [LED], tmp_path)
    whole = first.target.path.read_bytes()
    render(workshop, [replace(order, title="另一个")], [LED], tmp_path)
    assert first.target.path.read_bytes() != whole
    done.clear()
    assert states(render(workshop, [order], [LED], tmp_path)) == ["made"]
    assert done == []
    assert first.target.path.read_bytes() == whole


@pytest.mark.parametrize("damage", ["cut", "gone", "undescribed"])
def test_a_rendition_that_was_damaged_is_joined_anew_and_nothing_is_encoded(
    workshop: Workshop, order: Order, tmp_path: Path, done: list[str], damage: str
) -> None:
    (first,) = render(workshop, [order], [LED], tmp_path)
    path = first.target.path
    whole = path.read_bytes()
    match damage:
        case "cut":
            path.write_bytes(whole[:-100])
        case "gone":
            path.unlink()
        case _:
            path.with_suffix(".json").unlink()
    done.clear()
    assert states(render(workshop, [order], [LED], tmp_path)) == ["made"]
    assert path.read_bytes() == whole
    assert done == []


def test_a_stored_piece_with_a_flipped_byte_is_made_anew(
    workshop: Workshop, order: Order, tmp_path: Path, done: list[str]
) -> None:
    shop = open_workshop(workshop.tool, tmp_path / "cache")
    (first,) = render(shop, [order], [LED], tmp_path / "out")
    whole = first.target.path.read_bytes()
    for path in [one for one in shop.store.root.rglob("*") if one.suffix in {".mp4", ".m4a"}]:
        change_byte(path)
    first.target.path.unlink()
    done.clear()
    assert states(render(shop, [order], [LED], tmp_path / "out")) == ["made"]
    assert Counter(done) == Counter(["Ident", "TitleCard", "EndCard", "dose 0", "sound"])
    assert first.target.path.read_bytes() == whole


def test_only_the_profile_that_is_missing_is_made(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path, done: list[str]
) -> None:
    order = replace(ORDER, source=make_clip(filters="negate"))
    render(workshop, [order], [LED], tmp_path)
    before = stamps(tmp_path)
    done.clear()
    assert states(render(workshop, [order], [LED, SMALL], tmp_path)) == ["kept", "made"]
    assert done.count("dose 0") == 1
    assert "sound" not in done  # both screens are as loud
    assert {path: stamp for path, stamp in stamps(tmp_path).items() if path in before} == before


def test_one_job_feeds_both_profiles(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path, done: list[str]
) -> None:
    order = replace(ORDER, source=make_clip(filters="hflip"))
    render(workshop, [order], [LED, SMALL], tmp_path)
    assert (done.count("dose 0"), done.count("sound")) == (1, 1)


def test_what_lessons_have_in_common_is_made_once(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path, done: list[str]
) -> None:
    same = replace(ORDER, source=make_clip(filters="vflip"), office="别的远教办")
    others = [replace(same, lesson=name) for name in ("a", "b", "c")]
    assert states(render(workshop, others, [LED], tmp_path)) == ["made"] * 3
    assert Counter(done) == Counter(["Ident", "EndCard", "a 0", "sound"])


def test_the_shortest_lesson_is_finished_first(workshop: Workshop, make_clip: ClipFactory, tmp_path: Path) -> None:
    orders = [
        replace(ORDER, lesson=name, source=make_clip(seconds=seconds, sound=False, filters="hue=h=90"))
        for name, seconds in (("long", 5), ("short", 1), ("middle", 3))
    ]
    found = render(workshop, orders, [LED], tmp_path)
    assert [one.target.lesson for one in found] == ["long", "short", "middle"]
    finished = sorted(found, key=lambda one: one.target.path.stat().st_mtime_ns)
    assert [one.target.lesson for one in finished] == ["short", "middle", "long"]


def test_no_batch_ends_with_a_sound_that_keeps_one_core_busy() -> None:
    sounds = [Task(f"sound {number}", lambda: None) for number in range(2)]
    jobs = [Task(f"job {number}", lambda: None) for number in range(3)]
    assert [one.name for one in in_turn(sounds, jobs)] == ["sound 0", "job 0", "sound 1", "job 1", "job 2"]
    assert list(in_turn(sounds, ())) == sounds


def test_a_dry_run_says_what_is_due_and_makes_nothing(
    workshop: Workshop, order: Order, tmp_path: Path, done: list[str]
) -> None:
    before = stored(workshop)
    (outcome,) = render(workshop, [replace(order, title="试一试")], [LED], tmp_path, dry_run=True)
    assert (outcome.state, outcome.seconds) == ("due", 12)
    assert outcome.reasons
    assert list(tmp_path.iterdir()) == []
    assert done == []
    assert stored(workshop) == before


def test_a_bad_lesson_does_not_stop_the_others(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    bad = [
        replace(order, lesson="empty", source=empty),
        replace(order, lesson="gone", source=tmp_path / "gone.mp4"),
        replace(order, lesson="emoji", title="喷药💧"),
    ]
    found = render(workshop, [*bad, order], [LED], tmp_path / "out")
    assert states(found) == ["failed", "failed", "failed", "made"]
    with pytest.raises(BatchError) as raised:
        raise_failures(found)
    said = str(raised.value)
    assert "empty: empty.mp4: the file is empty" in said
    assert "gone: gone.mp4: there is no such file" in said
    assert "emoji: title: " in said
    assert "U+1F4A7" in said
    assert sorted(path.name for path in (tmp_path / "out").rglob("*") if path.is_file()) == ["dose.json", "dose.mp4"]


def test_a_piece_that_cannot_be_made_fails_its_lesson_and_no_other(
    workshop: Workshop, order: Order, make_clip: ClipFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlucky(workshop: Workshop, job: Job, progress: Callable[[int], None]) -> None:
        if job.name == "bad" and job.source:
            raise StorageError
        run_job(workshop, job, progress)

    monkeypatch.setattr(hands, "run_job", unlucky)
    bad = replace(order, lesson="bad", source=make_clip(sound=False, filters="hue=h=45"))
    assert states(render(workshop, [bad, order], [LED, SMALL], tmp_path)) == ["failed", "failed", "made", "made"]


def test_a_piece_that_cannot_be_made_for_one_profile_is_made_for_the_other(
    workshop: Workshop, order: Order, make_clip: ClipFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlucky(workshop: Workshop, job: Job, progress: Callable[[int], None] = lambda _: None) -> None:
        if job.source and any(one.pixels == SMALL.canvas.width * SMALL.canvas.height for one in job.outputs):
            raise ToolError(Problem("", text("is empty")))
        run_job(workshop, job, progress)

    monkeypatch.setattr(hands, "run_job", unlucky)
    fresh = replace(order, lesson="half", source=make_clip(seconds=1, sound=False, filters="hue=h=70"))
    made, failed = render(workshop, [fresh], [LED, SMALL], tmp_path)
    assert (made.state, failed.state) == ("made", "failed")
    assert "is empty" in str(failed.problems)


def test_a_source_that_fails_for_two_profiles_is_told_once(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    bad = replace(order, source=tmp_path / "gone.mp4")
    with pytest.raises(BatchError) as raised:
        raise_failures(render(workshop, [bad], [LED, SMALL], tmp_path))
    assert len(raised.value.problems) == 1


def test_an_old_rendition_stays_when_the_new_one_fails(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    render(workshop, [order], [LED], tmp_path)
    before = stamps(tmp_path)
    assert states(render(workshop, [replace(order, title="💧")], [LED], tmp_path)) == ["failed"]
    assert stamps(tmp_path) == before


def test_when_all_is_well_nothing_is_raised(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    raise_failures(render(workshop, [order], [LED], tmp_path))


def test_a_disk_with_too_little_room_is_told_before_anything_is_made(
    own: Workshop, make_clip: ClipFactory, tmp_path: Path, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100_000))
    with pytest.raises(StorageError, match="0 MB left, up to 1 MB"):
        render(own, [replace(ORDER, source=make_clip(filters="hue=h=10"))], [LED], tmp_path)
    assert done == []
    assert list(tmp_path.iterdir()) == []


def test_as_much_room_is_asked_for_as_is_needed_and_only_for_what_is_missing(
    own: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    order = replace(ORDER, source=make_clip(seconds=3))
    (lot,) = lots_for([order], [LED], tmp_path)
    (due,) = examine(own, lot)
    assert isinstance(due, Due)
    asked = bytes_needed(due)
    (made,) = render(own, [order], [LED], tmp_path)
    size = made.target.path.stat().st_size
    assert 1.5 * size < asked < 6 * size
    kept = replace(due, missing=(), sound_missing=False)
    assert size < bytes_needed(kept) < asked


@pytest.fixture
def heard() -> Iterator[None]:
    """Signals have the effect that they have in a terminal, also where the tests run under nohup or a trap."""
    usual: dict[signal.Signals, Any] = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
    usual |= {signal.SIGHUP: signal.SIG_DFL} if hasattr(signal, "SIGHUP") else {}
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("heard")
def test_ctrl_c_keeps_what_is_done_and_leaves_no_litter(
    own: Workshop, tmp_path: Path, make_clip: ClipFactory, monkeypatch: pytest.MonkeyPatch, done: list[str]
) -> None:
    orders = [
        replace(ORDER, lesson=name, source=make_clip(seconds=seconds, sound=False, filters="hue=h=200"))
        for name, seconds in (("a", 1), ("b", 2), ("c", 3))
    ]
    counting: Callable[..., None] = vars(hands)["run_job"]

    def interrupted(workshop: Workshop, job: Job, progress: Callable[[int], None]) -> None:
        # The others wait, so that none of them is done before Ctrl-C is heard.
        if job.source and job.name != "a":
            assert own.stop.wait(120)
            raise StoppedError
        counting(workshop, job, progress)
        if job.source:
            os.kill(os.getpid(), signal.SIGINT)
            assert own.stop.wait(120)

    monkeypatch.setattr(hands, "run_job", interrupted)
    with pytest.raises(KeyboardInterrupt):
        render(own, orders, [LED], tmp_path / "out")
    assert not litter(own.cache_dir, tmp_path)
    first = list(done)
    assert "a 0" in first
    assert "c 0" not in first
    done.clear()
    again = replace(own, stop=threading.Event())
    monkeypatch.setattr(hands, "run_job", counting)
    assert states(render(again, orders, [LED], tmp_path / "out")) == ["made"] * 3
    assert "a 0" not in done
    assert "c 0" in done


def test_what_runs_is_ended_when_the_batch_is_called_off(
    own: Workshop, order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise StoppedError

    monkeypatch.setattr(hands, "run_job", stopped)
    with pytest.raises(KeyboardInterrupt):
        render(own, [replace(order, title="停下")], [LED], tmp_path)
    assert own.stop.is_set()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.skipif(os.name == "nt", reason="no such signals there")
@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_shutdown_stops_the_batch_and_leaves_nothing(
    number: signal.Signals, own: Workshop, order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = threading.Lock()

    def shut_down(*_: object) -> None:
        if once.acquire(blocking=False):
            os.kill(os.getpid(), number)
        assert own.stop.wait(120)
        raise StoppedError

    monkeypatch.setattr(hands, "run_job", shut_down)
    with pytest.raises(KeyboardInterrupt):
        render(own, [replace(order, title="关机")], [LED], tmp_path)
    assert signal.getsignal(number) is signal.SIG_DFL
    assert list(tmp_path.rglob("*.*")) == []


def test_subtitles_beyond_the_end_are_said_and_those_of_another_video_refused(
    workshop: Workshop, order: Order, tmp_path: Path
) -> None:
    late = replace(order, cues=(Cue(Span(60_000, 61_000), "早晚喷一次。"),))
    both = replace(order, lesson="both", cues=(*order.cues[:1], *late.cues))
    first, second = render(workshop, [late, both], [LED], tmp_path)
    assert first.state == "failed"
    assert str(first.problems[0].where) == "dose: subtitles"
    assert (second.state, len(second.notes)) == ("made", 1)


def test_what_a_killed_run_left_is_gone_after_the_next(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    cache, out = tmp_path / "cache", tmp_path / "out"
    left = [cache / "work" / ".part-999999999-x", cache / "sources" / ".part-999999999-y"]
    left += [out / LED.name / ".part-999999999-dose.mp4"]
    for folder in left:
        folder.mkdir(parents=True)
    render(open_workshop(workshop.tool, cache), [order], [LED], out)
    assert not any(folder.exists() for folder in left)
    assert sorted(path.name for path in (out / LED.name).glob("[!.]*")) == ["dose.json", "dose.mp4"]


def test_a_source_that_breaks_off_is_refused_with_its_second_and_salvaged_with_a_note(
    workshop: Workshop, cut_clip: Callable[[float], Path], tmp_path: Path
) -> None:
    order = replace(ORDER, source=cut_clip(0.6))
    (refused,) = render(workshop, [order], [LED], tmp_path)
    assert refused.state == "failed"
    said = refused.problems[0].render(str)
    assert "cut.mp4: the video breaks off at 2.4 s of 4.0 s" in said
    assert "--salvage" in said
    (made,) = render(workshop, [order], [LED], tmp_path, salvage=True)
    assert (made.state, made.problems) == ("made", ())
    assert str(made.notes[0]).startswith("the video breaks off at 0:02")
    assert 13 <= made.seconds <= 14


def test_damage_in_the_middle_is_noted_with_its_place(workshop: Workshop, tmp_path: Path) -> None:
    source = numbered(tmp_path / "a.mp4", 90, g="12", bf="0", qp="30", preset="medium")
    with av.open(str(source)) as container:
        packet = [one for one in container.demux(video=0) if one.size][61]
        place, size = packet.pos or 0, packet.size
    data = bytearray(source.read_bytes())
    # The unit keeps its length and its head; what follows is no picture.
    data[place + 6 : place + size] = bytes([0xA5]) * (size - 6)
    source.write_bytes(data)
    (outcome,) = render(workshop, [replace(ORDER, source=source)], [LED], tmp_path / "out")
    assert outcome.state == "made"
    assert any("the source is damaged at 0:00–0:0" in note.pattern.format(**note.values) for note in outcome.notes)
