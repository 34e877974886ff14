"""Times a script to a recording and reports it: for one file, or for lessons of a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from courseware.errors import BatchError, InputError, MediaError, Problem, YuanjiaoError, text
from courseware.terminal.console import Console
from courseware.times import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from courseware.align.cues import Alignment
    from courseware.align.making import Made
    from courseware.errors import Text


class _Job(NamedTuple):
    """A recording, as of Recording, its script, and the subtitles that are to be made; `name` is for people."""

    name: str
    recording: Path
    script: Path
    target: Path
    audio: int | None = None
    unheard: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class AlignmentWish:
    """What is to be timed: a recording, or lessons.

    Attributes:
        lessons: ids; all with a script when empty and no recording is named.
        audio: a recording; None for lessons.
        script, output: of the recording; None for a draft, and for a file beside it.
        json_path, page_path: the report for programs ("-": to the terminal) and for people; None for none.
        force: also where the script hardly fits.
        model: folder of a speech model that drafts a script.
        folder: the workspace.
    """

    lessons: tuple[str, ...]
    audio: Path | None
    script: Path | None
    output: Path | None
    json_path: Path | None
    page_path: Path | None
    force: bool
    model: Path | None
    folder: Path


def align_scripts(console: Console, wish: AlignmentWish) -> None:
    """Align, report, and fail when a script hardly fits."""
    jobs = _file_jobs(console, wish.audio, wish) if wish.audio else _workspace_jobs(wish)
    _refuse_clashes(jobs, wish.json_path, wish.page_path)
    _run(console, jobs, wish.json_path, wish.page_path, force=wish.force)


def _file_jobs(console: Console, audio: Path, wish: AlignmentWish) -> list[_Job]:
    if wish.lessons:
        raise InputError(Problem("--audio", text("name either a recording or lessons, not both")))
    if wish.script and wish.model:
        raise InputError(
            Problem("--model", text("drafts a script where there is none; leave out --script or --model"))
        )
    script = wish.script or _draft(console, audio, wish.model)
    return [_Job(audio.name, audio, script, wish.output or audio.with_suffix(".srt"))]


def _workspace_jobs(wish: AlignmentWish) -> list[_Job]:
    _refuse_file_options({"--script": wish.script, "--output": wish.output, "--model": wish.model})
    return _lesson_jobs(wish.folder, wish.lessons)


def _refuse_clashes(jobs: list[_Job], json_path: Path | None, page_path: Path | None) -> None:
    from courseware.storage.outputs import refuse_clashes

    pages = [_page_for(page_path, number, len(jobs)) for number in range(1, len(jobs) + 1)] if page_path else []
    documents = [json_path] if json_path is not None and json_path != Path("-") else []
    outputs = [*(job.target for job in jobs), *pages, *documents]
    refuse_clashes(outputs, [path for job in jobs for path in (job.recording, job.script)])


def _page_for(path: Path, number: int, jobs: int) -> Path:
    return path if jobs == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")


def _refuse_file_options(given: Mapping[str, Path | None]) -> None:
    for name, value in given.items():
        if value is not None:
            raise InputError(Problem(name, text("goes with --audio, the recording")))


def _draft(console: Console, audio: Path, model: Path | None) -> Path:
    """A script written down by a speech model, beside the recording for a person to correct."""
    if model is None:
        raise InputError(Problem("--script", text("name the script, or a speech model with --model to draft one")))
    from courseware.speech.drafts import draft_script

    target = audio.with_name(f"{audio.stem}.draft.txt")
    if target.exists():
        what = text("this draft is there already; correct it and name it with --script, or delete it")
        raise InputError(Problem(target.name, what))
    console.note(text("Drafting a script; this takes about as long as the recording."))
    draft_script(audio, model, target)
    console.note(text("The draft of the script is {name}; correct it and align again.", name=target.name))
    return target


def _lesson_jobs(folder: Path, names: tuple[str, ...]) -> list[_Job]:
    from courseware.lessons.workspace import load_catalogue, open_workspace
    from courseware.script.files import find_script
    from render.narration.narrate import narrated
    from render.source.recording import recording_of

    workspace = open_workspace(folder)
    catalogue = load_catalogue(workspace)
    jobs: list[_Job] = []
    for lesson in catalogue.select(names):
        heard_first = lesson.narration_paths[:1] or lesson.videos[:1]
        if not heard_first:
            if names:
                raise InputError(Problem(lesson.id, text("a lesson without a video has no recording to align to")))
            continue
        script = find_script(lesson.folder)
        spoken = narrated(lesson, workspace, write=False)[0] if script else lesson
        heard = recording_of(spoken, workspace.cache_dir) if script else None
        if script is not None and heard is not None:
            target = lesson.folder / "subtitles.srt"
            jobs.append(_Job(heard_first[0].name, heard.path, script, target, heard.audio, heard.unheard))
        elif names:
            what = text("there is no script in this lesson's folder; add a script.docx, script.txt or script.md")
            raise InputError(Problem(lesson.id, what))
    if not jobs:
        raise InputError(*catalogue.problems, Problem("", text("no lesson has a script")))
    return jobs


def _run(
    console: Console,
    jobs: list[_Job],
    json_path: Path | None,
    page_path: Path | None,
    *,
    force: bool,
) -> None:
    from courseware.align.making import make_subtitles
    from courseware.align.report import as_document

    documents: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for job in jobs:
        try:
            made = make_subtitles(
                job.recording, job.script, job.target, audio=job.audio, unheard=job.unheard, force=force
            )
        except YuanjiaoError as error:
            if len(jobs) == 1:
                raise
            problems += error.problems
            continue
        documents.append(as_document(made))
        if json_path != Path("-"):
            tell_made(console, made, job.name)
        if page_path is not None and made.alignment is not None:
            _write_page(console, made, made.alignment, job, _page_for(page_path, len(documents), len(jobs)))
        if made.state == "refused":
            problems.append(Problem(job.script.name, hardly_fits(made)))
    _write_json(console, documents, json_path, single=len(jobs) == 1)
    if problems:
        raise (MediaError if len(jobs) == 1 else BatchError)(*problems)


def hardly_fits(made: Made) -> Text:
    """Why nothing was written."""
    if made.alignment is None or not made.alignment.shown:
        return text("nothing of the script was heard in the recording; is it the right one?")
    return text(
        "the script hardly fits the recording ({percent} %), so nothing was written; is it the right one? "
        "--force writes a draft",
        percent=made.alignment.confidence,
    )


def _write_json(console: Console, documents: list[dict[str, Any]], target: Path | None, *, single: bool) -> None:
    if target is None or not documents:
        return
    document: Any = documents[0] if single else {"lessons": documents}
    if target == Path("-"):
        console.document(document)
        return
    import json

    from courseware.files import write_text

    write_text(target, json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def _write_page(console: Console, made: Made, alignment: Alignment, job: _Job, target: Path) -> None:
    from courseware.files import write_text
    from courseware.speech.listening import compact_audio
    from courseware.speech.sound import load_sound
    from templates.pages.align_report import report_page

    peaks, audio = load_sound(job.recording).peaks, compact_audio(job.recording)
    doubts = made.script.doubts if made.script else ()
    write_text(target, report_page(job.name, alignment, peaks, audio, console.tr, doubts))


def tell_made(console: Console, made: Made, recording: str) -> None:
    """What became of a recording, and which cues a person should look at."""
    from courseware.align.report import DOUBTS
    from templates.pages.align_report import exact_clock

    if made.alignment is None:
        console.say(text("{name}: nothing has changed", name=made.target.name))
        return
    doubtful = made.alignment.doubtful
    if doubtful and made.state != "refused":
        console.table(
            (text("time"), text("text"), text("sure"), text("why")),
            [
                (
                    exact_clock(cue.span.start_ms) if cue.span else "—",
                    cue.text,
                    f"{cue.confidence} %",
                    "；".join(console.tr(DOUBTS[doubt]) for doubt in cue.doubts),
                )
                for cue in doubtful
            ],
            console.tr(text("{name}: please check", name=recording)),
        )
    if made.script is not None and made.script.left_out:
        console.note(text("left out of the script: {what}", what=" / ".join(made.script.left_out)[:300]))
    if made.script is not None and made.script.spoken:
        console.note(text("heard in the recording, so kept: {what}", what=" / ".join(made.script.spoken)[:300]))
    if made.state == "beside":
        beside = made.written.name if made.written else ""
        console.note(
            text(
                "{name} was changed by hand and stays; the new times are in {beside}",
                name=made.target.name,
                beside=beside,
            )
        )
    if made.written is not None:
        console.say(
            text(
                "{name}: {count} subtitles, {check} to check, {kept} kept their times",
                name=made.written.name,
                count=len(made.alignment.shown),
                check=len(doubtful),
                kept=made.kept,
            )
        )
