from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from courseware.errors import MediaError, Problem, text
from courseware.lessons.clips import Clip
from courseware.lessons.narrated import Utterance
from render.farm.build import Build, build_of, differences, sign_of
from render.farm.lending.inspecting import is_strange
from render.farm.shared.shelf import Content
from render.farm.shared.wire import (
    FarmAnswer,
    FarmTask,
    dump_answer,
    dump_task,
    fault_of,
    files_of,
    load_answer,
    load_task,
    said,
    with_paths,
)
from render.footage.footage import footage_job, plan_footage
from render.pieces.soundwork import SoundJob
from render.plan.montage import montage_of
from render.plan.plan import plan_rendition
from render.plan.screens import CornerMark
from render.plan.watermark import Watermark
from render.scene import Scene, scene_facts
from render.sound.splicing import plan_splice
from render.work.jobs import Job, Missing, plan_jobs
from render.work.steps import DrawMark, WriteText
from templates.cards.pictures import Picture
from tests.render.engine import LED
from tests.render.samples import FACTS, ORDER, reel

if TYPE_CHECKING:
    from render.work.workshop import Workshop
    from tests.render.farm.conftest import Lesson

BUILD = Build(1, "n9", "2.1", "ab", "pillow 12")
CONTENT = Content("ab" * 32, 5, ".mp4")


def is_odd(work: Job | SoundJob) -> bool:
    return is_strange(FarmTask(BUILD, work))


def test_a_task_is_the_same_on_the_other_side(lesson: Lesson) -> None:
    for work in lesson.works:
        sent = with_paths(work, {path: CONTENT.name for path, _ in files_of(work)})
        task = FarmTask(BUILD, sent, (CONTENT,))
        assert load_task(dump_task(task)) == task
        assert str(lesson.source) not in dump_task(task)
        assert with_paths(sent, {CONTENT.name: str(lesson.source)}) == work


def test_pictures_in_steps_travel_by_their_hash(lesson: Lesson) -> None:
    logo = Picture(Path("/office/logo.png"), "cd" * 32)
    mark = Watermark(96, 64, CornerMark(logo=logo), 20, 10, 4, 0, 0)
    job = replace(lesson.card, steps=(*lesson.card.steps, DrawMark("mark.png", mark)))
    assert files_of(job) == (("/office/logo.png", "cd" * 32),)
    moved = with_paths(job, {"/office/logo.png": "here.png"})
    assert files_of(moved) == (("here.png", "cd" * 32),)


def test_a_task_that_names_a_path_of_the_worker_is_none(lesson: Lesson) -> None:
    task = FarmTask(BUILD, replace(lesson.footage, source="/etc/passwd"), (CONTENT,))
    assert load_task(dump_task(task)) is None
    assert load_task("{}") is None
    assert load_task("nonsense") is None


def test_our_jobs_are_not_strange(lesson: Lesson) -> None:
    assert not any(is_odd(work) for work in lesson.works)


@pytest.mark.parametrize(
    "words",
    [
        ("-i", "/etc/passwd"),
        ("-i", "file:../../secret.mp4"),
        ("-i", r"C:\Users\li\secret.mp4"),
        ("-i", "http://elsewhere/a.mp4"),
        ("-filter_complex", "movie=/home/li/film.mp4[s0]"),
        ("-f", "x11grab", "-i", ":0"),
        ("-f", "dshow", "-i", "video=Camera"),
        ("-f", "concat", "-i", "list.txt"),
        ("../../.ssh/authorized_keys",),
    ],
)
def test_a_job_that_leads_out_of_its_folder_is_strange(lesson: Lesson, words: tuple[str, ...]) -> None:
    assert is_odd(replace(lesson.card, arguments=(*words, *lesson.card.arguments)))
    assert is_odd(replace(lesson.card, patient=(*lesson.card.arguments, *words)))


def test_a_job_that_writes_elsewhere_is_strange(lesson: Lesson) -> None:
    def with_output(job: Job, file: str) -> Job:
        return replace(job, outputs=(replace(job.outputs[0], file=file),))

    assert is_odd(replace(lesson.card, steps=(WriteText("../../.bashrc", "evil"),)))
    assert is_odd(with_output(lesson.card, "/home/li/film.mp4"))
    assert is_odd(replace(lesson.card, outputs=()))


def test_an_error_arrives_as_the_same_error_with_our_names() -> None:
    met = MediaError(Problem("abab.mp4", text("too {what}: {count}", what=text("short"), count=3)))
    answer = FarmAnswer("failed", "wang", "pc", 0.0, {}, type(met).__name__, said(met.problems))
    heard = load_answer(dump_answer(answer))
    assert heard == answer
    error = fault_of(answer, {"abab.mp4": "喷药.mp4"})
    assert type(error) is MediaError
    assert str(error) == "喷药.mp4: too short: 3"
    assert load_answer("{}") is None
    assert load_answer(None) is None


def test_what_differs_in_a_worker_is_named() -> None:
    other = Build(2, "n8", "1.1", "cd", "pillow 11")
    named = " | ".join(map(str, differences(BUILD, other)))
    for word in ("protocol 2", "n8", "recipe 1.1", "fonts", "pillow 11"):
        assert word in named
    assert tuple(differences(BUILD, BUILD)) == ()
    assert sign_of(other) != sign_of(BUILD)


def test_what_was_cut_from_several_videos_travels_with_all_of_them(lesson: Lesson) -> None:
    clips = (Clip("", lesson.source, 0, 2000), Clip("", Path("/office/b.mp4"), 0, 2000, fade_ms=400))
    order = replace(ORDER, source=lesson.source, cues=(), clips=clips)
    reels = {clip.path: reel(FACTS, order, sha * 32) for clip, sha in zip(clips, ("ab", "cd"), strict=True)}
    cut = montage_of(order, {path: replace(one, path=path) for path, one in reels.items()}, LED.fps)
    assert cut is not None
    plan = plan_rendition(order, cut, LED)
    (fade,) = [job for job in plan_jobs([Missing(plan, one, "k") for one in plan.pieces]) if job.second]
    splice = plan_splice(cut, 48_000)
    track = replace(lesson.sound.soundtrack, source="/office/.yuanjiao/store/ab.wv")
    sound = replace(lesson.sound, soundtrack=track, splice=splice)
    narration = Path("/office/.yuanjiao/store/cd.wv")
    over = plan_splice(cut, 48_000, [Utterance(narration, "n", 0, 1000, 500)])
    assert dict(files_of(replace(sound, splice=over))) == {str(narration): ""}, "a narration travels by its bytes"
    assert "/office" not in str(with_paths(replace(sound, splice=over), {str(narration): "cd.wv"}))
    for work in (fade, sound):
        assert not is_odd(work)
        found = dict(files_of(work))
        assert found == {str(lesson.source): "ab" * 32, "/office/b.mp4": "cd" * 32}
        task = FarmTask(BUILD, with_paths(work, {path: f"{sha}.mp4" for path, sha in found.items()}), ())
        assert "/office" not in dump_task(task)


@pytest.mark.parametrize("scene", [Scene("photo"), Scene("card", heading="剪枝")])
def test_what_is_drawn_of_a_picture_travels_with_the_picture(scene: Scene) -> None:
    shown = replace(reel(sha256="ab" * 32), path=Path("/office/a.jpg"), scene=scene)
    footage = plan_footage(replace(shown, facts=scene_facts(80, 60, 1000)), ORDER, LED, "n9")
    assert footage is not None
    job = footage_job(footage, "prune")
    assert not is_odd(job)
    assert files_of(job) == (("/office/a.jpg", "ab" * 32),)
    photo = Content("ab" * 32, 5, ".jpg")
    task = FarmTask(BUILD, with_paths(job, {"/office/a.jpg": photo.name}), (photo,))
    assert load_task(dump_task(task)) == task
    assert "/office" not in dump_task(task)
    assert is_odd(replace(job, feed=replace(footage.feed, path=Path("/etc/passwd"))))
    card = footage.feed.card and replace(footage.feed.card, picture=Picture(Path("/home/li/a.jpg"), ""))
    assert is_odd(replace(job, feed=replace(footage.feed, card=card))) == (card is not None)


def test_a_narration_travels_with_the_sound_and_a_path_of_the_worker_in_it_is_none(lesson: Lesson) -> None:
    cut = montage_of(ORDER, {ORDER.shown_paths[0]: reel(sha256="ab" * 32)}, LED.fps)
    assert cut is not None
    splice = plan_splice(cut, 48_000, [Utterance(Path("/office/store/n.wv"), "key", 0, 1000, 200)])
    sound = replace(lesson.sound, splice=splice)
    assert dict(files_of(sound)) == {"/office/store/n.wv": ""}
    heard = Content("cd" * 32, 5, ".wv")
    sent = with_paths(sound, {"/office/store/n.wv": heard.name})
    assert isinstance(sent, SoundJob)
    task = FarmTask(BUILD, sent, (heard,))
    assert load_task(dump_task(task)) == task
    assert "/office" not in dump_task(task)
    assert load_task(dump_task(FarmTask(BUILD, sound, (heard,)))) is None


def test_a_computer_that_draws_footage_otherwise_is_another_build(workshop: Workshop) -> None:
    ours = build_of(workshop.tool)
    assert "pillow-heif" in ours.drawers
    assert "rlottie-python" in ours.drawers
    assert "av " in ours.drawers
    assert len(ours.recipe.split(".")) == 7
