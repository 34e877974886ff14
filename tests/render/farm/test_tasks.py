"""A worker's bench and an office's hands, without an engine between them: bytes, and who is believed."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from courseware.errors import Problem, StorageError, ToolError, text
from courseware.files import sha256
from courseware.media.facts import probe
from render.farm.lending import tasks
from render.farm.lending.cabinet import Cabinet
from render.farm.lending.tasks import Bench
from render.farm.office.link import DesertedError
from render.farm.shared.shelf import Content
from render.farm.shared.wire import FarmAnswer, FarmTask, Work, dump_task, keys_of
from render.pieces import factswork
from render.pieces.factswork import FactsJob, make_facts
from render.pieces.hands import LocalHands
from render.pieces.soundwork import SoundJob
from render.source.sources import Unseen, is_seen, look_into
from render.work.jobs import Job
from render.work.store import Stored
from render.work.workshop import Workshop, open_workshop
from tests.render.engine import change_byte, litter
from tests.render.farm.conftest import bench_of

if TYPE_CHECKING:
    from render.farm.build import Build
    from render.farm.shared.shelf import PieceShelf
    from tests.render.farm.conftest import Lesson, Office


def made(workshop: Workshop, work: Work) -> list[str]:
    """Hashes of a job's pieces as they lie in a store."""
    found = [workshop.store.find(key, check=True) for key in keys_of(work)]
    return [one.sha256 for one in found if one is not None]


def made_here(folder: Path, workshop: Workshop, work: Job | SoundJob) -> list[str]:
    own = LocalHands(open_workshop(workshop.tool, folder), 1)
    if isinstance(work, SoundJob):
        own.make_sound(work)
    else:
        own.make_picture(work, lambda _: None)
    return made(own.workshop, work)


def test_a_farms_bytes_are_those_of_one_computer(
    office: Office, bench: Bench, lesson: Lesson, workshop: Workshop, tmp_path: Path
) -> None:
    seen: list[int] = []
    office.hands.make_picture(lesson.card, seen.append)
    office.hands.make_picture(lesson.footage, seen.append)
    office.hands.make_sound(lesson.sound)
    assert seen == [lesson.card.frames, lesson.footage.frames]
    for number, work in enumerate(lesson.works):
        assert made(office.workshop, work) == made_here(tmp_path / str(number), workshop, work)
        # The office's notes say as much as if it had made the pieces itself.
        note = office.workshop.store.find(keys_of(work)[0])
        assert note is not None
        assert note.facts.seen or note.facts.heard
    assert office.link.asked == 3
    assert not litter(office.workshop.cache_dir, bench.workshop.cache_dir)
    assert not list(bench.workshop.store.root.rglob("*.mp4"))


def test_what_the_shelf_has_is_made_by_nobody(
    office: Office, bench: Bench, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.hands.make_picture(lesson.card, lambda _: None)
    for key in keys_of(lesson.card):
        office.workshop.store.discard(key)
    office.hands.make_picture(lesson.card, lambda _: None)
    assert office.link.asked == 1
    monkeypatch.setattr(tasks, "run_job", None)
    task = dump_task(FarmTask(bench.build, lesson.card))
    assert bench.answer(task).state == "made"


def test_a_lying_store_costs_a_piece_made_anew(office: Office, shelf: PieceShelf, lesson: Lesson) -> None:
    office.hands.make_picture(lesson.card, lambda _: None)
    right = made(office.workshop, lesson.card)
    for key in keys_of(lesson.card):
        office.workshop.store.discard(key)
    for path in (Path(shelf.objects.place) / "content").rglob(right[0]):
        change_byte(path)
    office.hands.make_picture(lesson.card, lambda _: None)
    assert made(office.workshop, lesson.card) == right
    assert "other bytes" in str(office.link.told)


def test_a_worker_that_makes_other_bytes_is_named_and_nothing_of_it_stays(
    office: Office, bench: Bench, lesson: Lesson, workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = tasks.Bench._put

    def wrong(own: Bench, key: str) -> str:
        """A worker with bad memory: another bit in what it made, and all its hashes right."""
        piece = own.workshop.store.find(key)
        assert piece is not None
        copy = tmp_path / "wrong.mp4"
        copy.write_bytes(piece.path.read_bytes())
        change_byte(copy)
        own.workshop.store.put(key, piece.kind, copy, piece.facts)
        return put(own, key)

    monkeypatch.setattr(tasks.Bench, "_put", wrong)
    office.hands.make_picture(lesson.card, lambda _: None)
    assert "other bytes" in str(office.link.avoided["wang"])
    assert made(office.workshop, lesson.card) == made_here(tmp_path / "right", workshop, lesson.card)
    assert bench.shelf.find(keys_of(lesson.card)[0]) is None


def test_a_computer_that_was_proven_is_not_compared_again_when_it_comes_anew(
    office: Office, bench: Bench, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.hands.make_picture(lesson.card, lambda _: None)
    office.link.answerers[:] = [replace(bench, name="wang, after a power cut").answer]
    monkeypatch.setattr(LocalHands, "make_picture", None)
    office.hands.make_picture(lesson.footage, lambda _: None)
    assert made(office.workshop, lesson.footage)


def test_a_worker_looks_into_a_source_and_the_office_knows_what_it_would_have_found(
    office: Office, bench: Bench, lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, cache = Unseen(lesson.source), office.workshop.cache_dir
    office.hands.look_into([one])
    assert office.link.asked == 1
    assert is_seen(one, cache)
    assert not list(office.workshop.store.root.rglob("*.facts"))
    right = look_into(lesson.source, tmp_path / "by itself")
    monkeypatch.setattr("render.source.sources.probe", None)
    assert look_into(lesson.source, cache) == right
    lesson.source.write_bytes(lesson.source.read_bytes() + b"more")
    assert not is_seen(one, cache)
    assert not list(bench.workshop.store.root.rglob("*.facts"))


def test_what_a_worker_cannot_look_into_is_left_to_the_office(office: Office, tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no video")
    wanted = [Unseen(tmp_path / name) for name in ("broken.mp4", "gone.mp4")]
    office.hands.look_into(wanted)
    assert office.link.asked == 1
    assert not any(is_seen(one, office.workshop.cache_dir) for one in wanted)
    assert not office.link.told


def test_a_farm_without_workers_is_waited_for_once_and_not_for_each_source(
    office: Office, lesson: Lesson, tmp_path: Path
) -> None:
    def deserted(_: str) -> FarmAnswer:
        raise DesertedError(Problem("tcp://office:8786", text("none has come")))

    office.link.answerers[:] = [deserted]
    with pytest.raises(ToolError, match="none has come"):
        office.hands.look_into([Unseen(lesson.source), Unseen(tmp_path / "gone.mp4")])


def test_a_worker_that_finds_something_else_in_a_source_is_named_and_not_believed(
    office: Office, lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def other(workshop: Workshop, job: FactsJob) -> None:
        facts = replace(probe(Path(job.source)), duration_ms=1)
        monkeypatch.setattr(factswork, "probe", lambda *_, **__: facts)
        make_facts(workshop, job)
        monkeypatch.setattr(factswork, "probe", probe)

    monkeypatch.setattr(tasks, "make_facts", other)
    office.hands.look_into([Unseen(lesson.source)])
    assert "other bytes" in str(office.link.avoided["wang"])
    assert look_into(lesson.source, office.workshop.cache_dir) == look_into(lesson.source, tmp_path / "by itself")


def test_two_workers_that_disagree_are_both_compared_with_us(
    office: Office, shelf: PieceShelf, lesson: Lesson, tmp_path: Path
) -> None:
    office.hands.make_picture(lesson.card, lambda _: None)  # wang is proven
    key = keys_of(lesson.footage)[0]
    liar = tmp_path / "liar.mp4"
    liar.write_bytes(b"not what it should be")
    sign = Content(sha256(liar), liar.stat().st_size)
    honest = office.link.answerers[0]

    def beaten(task: str) -> FarmAnswer:
        """Before wang's piece comes, another's lies there under its key."""
        answer = honest(task)
        shelf.discard(key)
        shelf.offer(liar, sign)
        shelf.note(Stored(key, "picture", liar, sign.size, sign.sha256), "li")
        return answer

    office.link.answerers[0] = beaten
    office.hands.make_picture(lesson.footage, lambda _: None)
    assert office.link.avoided == {}
    assert made(office.workshop, lesson.footage) != [sign.sha256]
    assert shelf.find(key) is None


def test_a_source_that_changes_is_named_and_nothing_is_made_of_it(office: Office, lesson: Lesson) -> None:
    change_byte(lesson.source)
    with pytest.raises(ToolError, match=r"喷药\.mp4: the video was changed"):
        office.hands.make_picture(lesson.footage, lambda _: None)
    assert office.link.asked == 0


def test_another_build_refuses_by_name_and_the_next_worker_does_it(
    office: Office, shelf: PieceShelf, workshop: Workshop, build: Build, lesson: Lesson, tmp_path: Path
) -> None:
    old = bench_of("li", tmp_path / "li", shelf, workshop, replace(build, ffmpeg="n4.1"))
    office.link.answerers.insert(0, old.answer)
    office.hands.make_picture(lesson.card, lambda _: None)
    assert "n4.1" in str(office.link.avoided["li"])
    assert made(office.workshop, lesson.card)


def test_what_is_no_job_of_ours_is_refused_and_not_run(
    bench: Bench, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "run_job", None)
    evil = replace(lesson.card, arguments=("-i", "/etc/passwd", "drawn.mp4"))
    for content in ("{}", "rm -rf", dump_task(FarmTask(bench.build, evil))):
        answer = bench.answer(content)
        assert answer.state == "unable"
        assert "no job of yuanjiao's" in answer.problems[0].pattern


def test_a_lesson_that_cannot_be_made_fails_as_it_does_here(office: Office, lesson: Lesson) -> None:
    broken = replace(lesson.card, arguments=(*lesson.card.arguments[:-2], "-no_such_option", "drawn.mp4"))
    with pytest.raises(ToolError, match="no_such_option"):
        office.hands.make_picture(broken, lambda _: None)
    assert office.link.asked == 1
    assert office.link.avoided == {}


def test_a_full_disk_is_the_workers_own_trouble(
    office: Office, lesson: Lesson, shelf: PieceShelf, workshop: Workshop, build: Build, tmp_path: Path
) -> None:
    full = bench_of("li", tmp_path / "li", shelf, workshop, build)
    office.link.answerers.insert(0, lambda _: full._met(OSError(28, "No space left on device")))
    office.hands.make_picture(lesson.card, lambda _: None)
    assert "the disk is full" in str(office.link.avoided["li"])
    assert "wang" not in office.link.avoided
    assert full._met(StorageError()).state == "unable"


def test_a_worker_whose_disk_is_full_begins_nothing_more_for_a_while_but_the_shelfs_trouble_passes(
    office: Office, bench: Bench, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.hands.make_picture(lesson.card, lambda _: None)
    task, now = dump_task(FarmTask(bench.build, lesson.card)), [100.0]
    monkeypatch.setattr("render.farm.lending.tasks.time.monotonic", lambda: now[0])
    bench._met(StorageError(Problem(bench.shelf.objects.place, text("is there already"))))
    assert bench.answer(task).state == "made"
    bench._met(OSError(28, "No space left on device"))
    assert bench.answer(task).state == "unable"
    now[0] += 61
    assert bench.answer(task).state == "made"


def test_a_clock_a_day_off_is_told_and_costs_nothing(office: Office, lesson: Lesson) -> None:
    answer = office.link.answerers[0]
    office.link.answerers[0] = lambda task: replace(answer(task), now=time.time() + 86_400)
    office.hands.make_picture(lesson.card, lambda _: None)
    assert made(office.workshop, lesson.card)
    assert "1440 minutes" in str(office.link.told[0])


def test_the_cabinet_keeps_to_its_size_but_never_takes_what_is_in_use(
    bench: Bench, shelf: PieceShelf, tmp_path: Path
) -> None:
    contents = []
    for number in range(3):
        path = tmp_path / f"{number}.mp4"
        path.write_bytes(bytes([number]) * 1000)
        contents.append(Content(sha256(path), 1000, ".mp4"))
        shelf.offer(path, contents[-1])
    cabinet = Cabinet(bench.workshop, shelf, 1500)
    with cabinet.holding(contents[:1]) as first:
        with cabinet.holding(contents[1:2]):
            assert Path(first[contents[0].name]).is_file()
        with cabinet.holding(contents[2:]):
            assert {path.name for path in cabinet.folder.iterdir()} == {contents[0].name, contents[2].name}


def test_a_damaged_content_in_the_cabinet_is_fetched_again(bench: Bench, shelf: PieceShelf, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(bytes(1000))
    content = Content(sha256(path), 1000, ".mp4")
    shelf.offer(path, content)
    with bench.cabinet.holding([content]) as there:
        change_byte(Path(there[content.name]))
    with bench.cabinet.holding([content]) as there:
        assert sha256(Path(there[content.name])) == content.sha256
