"""Carries a job out in a private work folder, proves what it made and puts it into the store. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from courseware.errors import Problem, ToolError, text
from courseware.files import write_text
from courseware.times import Span, clock
from render.footage.kinds import raw_pictures
from render.plan.graph import SECOND, SOURCE
from render.plan.watermark import draw_watermark
from render.quality.facts import dump_facts
from render.quality.picture import look
from render.source.sources import checksum
from render.work.ffmpeg import run
from render.work.idents import ready_ident
from render.work.jobs import Job, Output
from render.work.piece_facts import PieceFacts
from render.work.steps import DrawCard, DrawMark, LayIdent, Step, WriteText
from render.work.verify import is_steady
from render.work.workshop import Workshop, lay
from templates.cards.cards import draw_card

# What decoders say when they had to guess. The rendition is made, but a person should look at it.
# That a packet is damaged is found before, when the source is looked into.
_DAMAGE_SIGNS = (
    "rror while decoding",
    "Error submitting packet",
    "nvalid data found",
    "concealing",
    "corrupt decoded",
)
_NO_GLYPH = "failed to find any fallback"


def run_job(workshop: Workshop, job: Job, progress: Callable[[int], None] = lambda _: None) -> None:
    """Make everything a job is for; afterwards it is in the store, or nothing is.

    Args:
        progress: told the number of frames encoded so far, of all outputs together.

    Raises:
        YuanjiaoError: it cannot be made; no trace remains.
        StoppedError: the batch was called off.
    """
    _check_source(workshop, job)
    with workshop.work_folder() as work:
        said = carry_out(workshop, job, work, progress)
        short = _short(job, work)
        if short and job.patient:
            # The index led past what was wanted; from the beginning nothing can be missed.
            said = _encode(workshop, job, work, job.patient, progress)
            short = _short(job, work)
        if short:
            what = text("the video cannot be read from {moment} on; save it again", moment=clock(job.from_ms // 1000))
            raise ToolError(Problem(Path(job.source).name, what))
        guessed = job.source and any(sign in said for sign in _DAMAGE_SIGNS)
        damaged = Span(job.from_ms, job.to_ms) if guessed else None
        for output in job.outputs:
            made = work / output.file
            seen = dump_facts(look(made, output.frames)) if output.kind == "picture" and output.judged else ""
            workshop.store.put(output.key, output.kind, made, PieceFacts(damaged, seen))


def carry_out(workshop: Workshop, job: Job, work: Path, progress: Callable[[int], None] = lambda _: None) -> str:
    """Lay what a job needs into its work folder and run ffmpeg there; what it made is not looked at.

    Returns:
        The tail of what ffmpeg said.
    """
    for step in job.steps:
        _prepare(workshop, step, work)
    return _encode(workshop, job, work, job.arguments, progress)


def _check_source(workshop: Workshop, job: Job) -> None:
    """The bytes must be those the job was planned for, or the store would hold what its keys do not say."""
    for source, wanted in ((job.source, job.source_sha256), (job.second, job.second_sha256)):
        if not wanted:
            continue
        path = Path(source)
        with workshop.locks[f"source {path}"]:
            found = checksum(path, workshop.cache_dir)
        if found != wanted:
            what = text("the video was changed while it was being rendered; start again")
            raise ToolError(Problem(path.name, what))


def _prepare(workshop: Workshop, step: Step, work: Path) -> None:
    match step:
        case WriteText():
            write_text(work / step.file, step.content, lasting=False)
        case DrawCard():
            draw_card(step.card, work / step.file)
        case DrawMark():
            draw_watermark(step.mark, work / step.file)
        case LayIdent():
            lay(ready_ident(workshop, step.ident).path, work / step.file)


def _encode(
    workshop: Workshop, job: Job, work: Path, arguments: tuple[str, ...], progress: Callable[[int], None]
) -> str:
    files = {SOURCE: f"file:{job.source}", SECOND: f"file:{job.second}"}
    given = [files.get(word, word) for word in arguments]
    share = len(job.outputs)  # ffmpeg counts the frames of one output
    said = run(
        workshop.tool,
        given,
        work,
        progress=lambda frames: progress(frames * share),
        stop=workshop.stop,
        env=workshop.environment,
        frames=raw_pictures(replace(job.feed, path=Path(job.source) if job.source else Path())) if job.feed else None,
    )
    if _NO_GLYPH in said:
        raise ToolError(Problem("", text("a character of the subtitles could not be drawn; write it another way")))
    return said


def _short(job: Job, work: Path) -> list[Output]:
    """The outputs that lack pictures, or show them at other times than they should."""
    return [one for one in job.outputs if not is_steady(work / one.file, one.frames, one.fps)]
