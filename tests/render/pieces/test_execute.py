"""Jobs carried out, on the smallest canvases: the stored files are looked into, not the arguments."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from courseware.errors import ToolError
from courseware.files import sha256, write_text
from render.making.batch import lots_for
from render.pieces.execute import run_job
from render.plan.graph import WantedChunk, drawn_arguments
from render.plan.order import Order
from render.plan.plan import SourceStretch
from render.plan.profiles import Profile
from render.source.examine import Due, examine
from render.work.ffmpeg import StoppedError
from render.work.jobs import Job, dump_job, load_job, plan_jobs
from render.work.steps import WriteText
from render.work.verify import is_steady
from render.work.workshop import Workshop, open_workshop
from templates.cards.slogans import SloganCard
from tests.conftest import ClipFactory
from tests.render.engine import LED, SMALL, litter, numbered, numbers, rewrapped
from tests.render.samples import ORDER

ROOT = Path(__file__).parents[3]
PLAIN = replace(ORDER, cues=())


@pytest.fixture
def empty(workshop: Workshop, tmp_path: Path) -> Workshop:
    """A workshop with nothing in its store."""
    return open_workshop(workshop.tool, tmp_path / "cache")


def due_of(workshop: Workshop, order: Order, profiles: Sequence[Profile] = (LED,)) -> list[Due]:
    (lot,) = lots_for([order], profiles, workshop.cache_dir / "nowhere")
    return [one for one in examine(workshop, lot) if isinstance(one, Due)]


def body_jobs(
    workshop: Workshop, order: Order, profiles: Sequence[Profile] = (LED,), start: int | None = None
) -> list[Job]:
    """The jobs for a lesson's footage, or for just the chunk that begins with frame `start`."""
    due = due_of(workshop, order, profiles)
    wanted = [one for plan in due for one in plan.missing if isinstance(one.piece.picture, SourceStretch)]
    wanted = [one for one in wanted if start in {None, one.piece.chunk.start}]
    return list(plan_jobs(wanted))


def piece(workshop: Workshop, key: str) -> Path:
    found = workshop.store.find(key, check=True)
    assert found is not None
    return found.path


@pytest.mark.usefixtures("short_chunks")
def test_one_job_makes_the_pieces_of_all_profiles(empty: Workshop, tmp_path: Path) -> None:
    order = replace(PLAIN, source=numbered(tmp_path / "a.mp4", 60))
    (job,) = body_jobs(empty, order, [LED, SMALL])  # one key frame only: all of it in one go
    assert len(job.outputs) == 6
    run_job(empty, job)
    for output in job.outputs:
        assert is_steady(piece(empty, output.key), output.frames, output.fps)
    shown = [numbers(piece(empty, one.key)) for one in job.outputs if one.pixels == 96 * 64]
    assert shown == [[*range(25)], [*range(25, 50)], [*range(50, 60)]]
    assert not litter(empty.cache_dir)


def test_progress_is_told_up_to_the_last_frame(empty: Workshop, make_clip: ClipFactory) -> None:
    (job,) = body_jobs(empty, replace(PLAIN, source=make_clip()), [LED, SMALL])
    told: list[int] = []
    run_job(empty, job, told.append)
    assert told == sorted(told)
    assert told[-1] == job.frames == 100


def test_what_a_piece_shows_is_noted_with_it(empty: Workshop, make_clip: ClipFactory) -> None:
    (job,) = body_jobs(empty, replace(PLAIN, source=make_clip()))
    run_job(empty, job)
    found = empty.store.find(job.outputs[0].key)
    assert found is not None
    assert found.facts.seen
    assert found.facts.damaged is None


def test_another_process_makes_the_same_bytes_from_the_job_alone(
    empty: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    order = replace(ORDER, source=make_clip())
    (job,) = body_jobs(empty, order, [LED, SMALL])
    drawn = [one for plan in due_of(empty, order) for one in plan.missing if one.piece.chunk.segment == "title"]
    (title,) = plan_jobs(drawn)
    other = tmp_path / "other cache"
    for number, one in enumerate((job, title)):
        write_text(tmp_path / f"job{number}.json", dump_job(one))
        run_job(empty, load_job(dump_job(one)))
    code = (
        "import sys; from pathlib import Path; from render.pieces.execute import run_job;"
        "from render.work.jobs import load_job;"
        "from render.work.ffmpeg import find_ffmpeg; from render.work.workshop import open_workshop;"
        "shop = open_workshop(find_ffmpeg(), Path(sys.argv[1]));"
        "[run_job(shop, load_job(Path(name).read_text(encoding='utf-8'))) for name in sys.argv[2:]]"
    )
    names = [str(tmp_path / f"job{number}.json") for number in range(2)]
    subprocess.run([sys.executable, "-c", code, str(other), *names], cwd=ROOT, check=True, capture_output=True)
    stranger = open_workshop(empty.tool, other)
    for output in (*job.outputs, *title.outputs):
        assert sha256(piece(stranger, output.key)) == sha256(piece(empty, output.key))


def test_a_card_has_the_bytes_that_its_key_speaks_of(empty: Workshop) -> None:
    (due,) = due_of(empty, replace(ORDER, source=None, cues=(), slogan="浇水", seconds=1))
    (job,) = plan_jobs(due.missing)
    (output,) = job.outputs
    card = due.missing[0].piece
    assert isinstance(card.picture, SloganCard)
    made, wanted = [], [WantedChunk(LED, card.chunk, output.file)]
    for arguments in (job.arguments, drawn_arguments(card.picture, wanted, colours="each")):
        run_job(empty, replace(job, arguments=arguments))
        made.append(sha256(piece(empty, output.key)))
        empty.store.discard(output.key)
    assert made[0] == made[1]


@pytest.mark.parametrize("name", ["-dash.mp4", "老张's 100% [1];x=y.mp4", "{source}.mp4", "SOURCE"])
def test_any_name_of_a_source_works(empty: Workshop, make_clip: ClipFactory, tmp_path: Path, name: str) -> None:
    source = tmp_path / "in" / name
    source.parent.mkdir()
    shutil.copyfile(make_clip(seconds=1), source)
    (job,) = body_jobs(empty, replace(PLAIN, source=source))
    run_job(empty, job)
    assert is_steady(piece(empty, job.outputs[0].key), 25, LED.fps)


def test_a_failing_encoder_leaves_nothing(empty: Workshop, make_clip: ClipFactory) -> None:
    (job,) = body_jobs(empty, replace(PLAIN, source=make_clip()))
    wrong = replace(job, arguments=tuple("no-such" if word == "medium" else word for word in job.arguments))
    with pytest.raises(ToolError, match="failed with code"):
        run_job(empty, wrong)
    assert empty.store.find(job.outputs[0].key) is None
    assert not litter(empty.cache_dir)


def test_calling_off_leaves_nothing(empty: Workshop, make_clip: ClipFactory) -> None:
    (job,) = body_jobs(empty, replace(PLAIN, source=make_clip()))
    with pytest.raises(StoppedError):
        run_job(empty, job, lambda _: empty.stop.set())
    assert empty.store.find(job.outputs[0].key) is None
    assert not litter(empty.cache_dir)


def test_a_source_that_changed_since_it_was_planned_is_refused(
    empty: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    source = Path(shutil.copyfile(make_clip(), tmp_path / "raw.mp4"))
    (job,) = body_jobs(empty, replace(PLAIN, source=source))
    shutil.copyfile(make_clip(seconds=1), source)
    with pytest.raises(ToolError, match=r"raw\.mp4: the video was changed while it was being rendered"):
        run_job(empty, job)
    assert empty.store.find(job.outputs[0].key) is None


@pytest.mark.usefixtures("short_chunks")
def test_an_index_that_leads_too_far_costs_patience_but_no_picture(empty: Workshop, tmp_path: Path) -> None:
    order = replace(PLAIN, source=numbered(tmp_path / "a.mp4", 90, g="12"))
    (job,) = body_jobs(empty, order, start=50)
    assert "1441ms" in job.arguments
    late = tuple("2881ms" if word == "1441ms" else word for word in job.arguments)
    run_job(empty, replace(job, arguments=late))
    assert numbers(piece(empty, job.outputs[0].key)) == list(range(50, 75))


@pytest.mark.usefixtures("short_chunks")
def test_pictures_that_are_not_there_are_told_with_their_second(empty: Workshop, tmp_path: Path) -> None:
    source = numbered(tmp_path / "a.mp4", 90, g="12")
    (job,) = body_jobs(empty, replace(PLAIN, source=source), start=25)
    rewrapped(source, tmp_path / "cut.mp4", "-frames:v", "12")
    cut = replace(job, source=str(tmp_path / "cut.mp4"), source_sha256=sha256(tmp_path / "cut.mp4"))
    with pytest.raises(ToolError, match=r"cut\.mp4: the video cannot be read from 0:01 on"):
        run_job(empty, cut)
    assert not any(empty.store.find(one.key) for one in job.outputs)


def test_a_character_that_no_font_has_is_no_silent_box(empty: Workshop, make_clip: ClipFactory) -> None:
    (job,) = body_jobs(empty, replace(ORDER, source=make_clip()))
    emoji = tuple(
        replace(step, content=step.content.replace("早晚", "💧")) if isinstance(step, WriteText) else step
        for step in job.steps
    )
    with pytest.raises(ToolError, match="could not be drawn"):
        run_job(empty, replace(job, steps=emoji))


@pytest.mark.skipif(os.name == "nt", reason="a program of the shell")
def test_the_fonts_of_the_machine_are_not_used(empty: Workshop) -> None:
    config = Path(empty.environment["FONTCONFIG_FILE"])
    assert config.is_absolute()
    assert "<dir" not in config.read_text(encoding="utf-8")
