"""字幕: a lesson's subtitles beside its video and its sound; what is wrong and how each breaks, while one types."""

from __future__ import annotations

import re
import threading
from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, JSONResponse, Response

from courseware.align.making import align_lesson
from courseware.align.report import DOUBTS
from courseware.errors import InputError, MediaError, Problem, text
from courseware.lessons.clips import subtitled_ms
from courseware.lessons.lesson_files import is_footage
from courseware.script.files import find_script
from desk.cues.by_sound import answer_of, move_by_sound
from desk.cues.cue_files import EditedCue, lesson_at, load_sheet, new_times, parse_cues, save_sheet, take_new_times
from desk.cues.cue_judge import judge_cues, set_screens
from desk.cues.doubts import doubts_of, keep_doubts
from desk.cues.footage import footage_of, make_copy
from desk.cues.soundtrack import outline_of
from desk.people.roles import EDITORS, OFFICE, REVIEWERS
from desk.reviews.dossier import asked_in_source
from desk.rooms.room import DeskRoom, DeskRoute
from desk.session.acting import when_of
from desk.session.asking import Ask
from desk.work import TaskConsole, until
from render.narration.narrate import narrated
from render.source.picture_sources import look_at_picture
from render.source.recording import recording_of
from render.source.sources import look_into
from render.subtitles.align import hardly_fits, tell_made

if TYPE_CHECKING:
    from courseware.lessons.lesson import Lesson
    from courseware.lessons.workspace import Workspace

_HOME = "/lessons/{lesson}/subtitles"
_NUMBER = re.compile(r"[0-9]{1,6}")


def show_editor(ask: Ask) -> Response:
    """The editor; its script asks for the rest."""
    lesson = lesson_at(ask.workspace, ask.path("lesson"))
    sheet = load_sheet(lesson)
    return ask.show(
        "subtitles.html.j2",
        lesson=lesson,
        sheet=sheet,
        footage=footage_of(ask.workspace, lesson),
        can_align=_can_align(lesson),
        new_times=new_times(lesson),
        screens=ask.workspace.settings.render.profiles,
        comments=asked_in_source(ask.workspace, lesson.id),
        by=ask.known,
        when=when_of(ask),
    )


def send_cues(ask: Ask) -> Response:
    """The subtitles as they stand, those marked that are in doubt since a script was timed."""
    workspace = ask.workspace
    lesson = lesson_at(workspace, ask.path("lesson"))
    sheet = load_sheet(lesson)
    doubts = doubts_of(workspace, lesson.id)
    cues = [
        EditedCue(
            start=cue.span.start_ms,
            end=cue.span.end_ms,
            text=cue.text,
            speaker=cue.speaker,
            place=cue.place,
            doubts=doubts.get((cue.span.start_ms, cue.text), ()),
        ).model_dump()
        for cue in sheet.cues
    ]
    said = {name: ask.console.tr(why) for name, why in DOUBTS.items()}
    return JSONResponse({"version": sheet.version, "cues": cues, "doubts": said})


def send_outline(ask: Ask) -> Response:
    """The sound's outline and where somebody speaks."""
    workspace = ask.workspace
    content = outline_of(workspace, lesson_at(workspace, ask.path("lesson")))
    return Response(content, media_type="application/json")


def send_video(ask: Ask) -> Response:
    """The video, or any part of it that the browser asks for."""
    footage = footage_of(ask.workspace, lesson_at(ask.workspace, ask.path("lesson")))
    if footage is None:
        return Response(status_code=404)
    return FileResponse(
        footage.path,
        media_type=footage.content_type,
        filename=footage.path.name,
        content_disposition_type="inline",
        headers={"Cache-Control": "private, no-cache"},
    )


def judge(ask: Ask) -> Response:
    """What is wrong with some cues that follow one another, and how one of them breaks on each screen."""
    workspace = ask.workspace
    lesson = lesson_at(workspace, ask.path("lesson"))
    chosen = ask.said("chosen")
    verdict = judge_cues(
        parse_cues(ask.said("cues")),
        set_screens(workspace, lesson),
        video_ms=_length_ms(workspace, lesson),
        named=ask.said("named") == "on",
        chosen=int(chosen) if _NUMBER.fullmatch(chosen) else None,
    )
    tr = ask.console.tr
    findings = [
        {"at": at, "level": found.level, "what": tr(found.what), "repair": tr(found.repair)}
        for at, found in verdict.findings
    ]
    return JSONResponse({"findings": findings, "broken": verdict.broken})


def save(ask: Ask) -> Response:
    """Write the subtitles; what was written is told as it is to be shown."""
    saved = save_sheet(ask.workspace, ask.path("lesson"), parse_cues(ask.said("cues")), ask.said("version"))
    name = saved.path.name
    told = text("Saved in {name}.", name=name)
    if saved.backup:
        told = text("Saved in {name}; as it was it is kept as {backup}.", name=name, backup=saved.backup.name)
    if saved.beside:
        told = text(
            "{old} holds more than can be written back, so it stays as it is; saved in {name}, which the lesson uses"
            " from now on.",
            old=saved.beside.name,
            name=name,
        )
    return JSONResponse({"version": saved.version, "told": ask.console.tr(told)})


def start_copy(ask: Ask) -> Response:
    """Put the making of a copy that the browser can play into the queue."""
    lesson = lesson_at(ask.workspace, ask.path("lesson"))
    run = partial(make_copy, ask.workspace, lesson)
    ask.queue(text("Copy of {lesson} for the browser", lesson=lesson.id), run, link=_link(lesson))
    return ask.go("/tasks")


def start_alignment(ask: Ask) -> Response:
    """Put the timing of the lesson's script into the queue."""
    lesson = lesson_at(ask.workspace, ask.path("lesson"))
    if not _can_align(lesson):
        raise InputError(Problem(lesson.id, text("there is no script whose times could be found")))
    run = partial(_align, ask.workspace, lesson)
    name = text("Time the script of {lesson}", lesson=lesson.id)
    ask.queue(name, run, link=_link(lesson))
    return ask.go("/tasks")


def start_move(ask: Ask) -> Response:
    """Put the moving of the cues that were sent into the queue, before what nobody sits waiting for."""
    lesson = lesson_at(ask.workspace, ask.path("lesson"))
    run = partial(move_by_sound, ask.workspace, lesson, parse_cues(ask.said("cues")))
    name = text("Move the subtitles of {lesson} by the sound", lesson=lesson.id)
    ask.queue(name, run, link=_moved_link(lesson), urgent=True)
    return JSONResponse({})


def send_moved(ask: Ask) -> Response:
    """How far the last moving is that who asks has begun, and what it has found."""
    link = _moved_link(lesson_at(ask.workspace, ask.path("lesson")))
    theirs = [task for task in ask.desk.work.tasks() if (task.link, task.by) == (link, ask.who)]
    if not theirs:
        raise InputError(Problem("", text("this task is no longer in the queue")))
    return JSONResponse(answer_of(theirs[-1], ask.console))


def take_new(ask: Ask) -> Response:
    """Put the new times of the script in the place of subtitles that were changed by hand."""
    take_new_times(ask.workspace, ask.path("lesson"), ask.said("version"))
    return ask.go(f"/lessons/{ask.path('lesson')}/subtitles")


def _align(workspace: Workspace, lesson: Lesson, console: TaskConsole, stop: threading.Event) -> None:
    """What `yuanjiao subtitle align` does; what is doubtful is remembered for the editor."""
    script = find_script(lesson.folder)
    if script is None:
        raise InputError(Problem(lesson.id, text("there is no script whose times could be found")))
    heard = recording_of(narrated(lesson, workspace, write=False)[0], workspace.cache_dir)
    if heard is None:
        raise InputError(Problem(lesson.id, text("a lesson without a video has no recording to align to")))
    also = until(stop)
    made = align_lesson(lesson.folder, heard.path, script, audio=heard.audio, unheard=heard.unheard, also=also)
    tell_made(console, made, lesson.source_path.name if lesson.source_path else lesson.id)
    if made.state == "refused":
        raise MediaError(Problem(script.name, hardly_fits(made)))
    if made.alignment is not None and made.written is not None:
        doubtful = [cue for cue in made.alignment.doubtful if cue.span]
        keep_doubts(workspace, lesson.id, [(cue.span.start_ms, cue.text, cue.doubts) for cue in doubtful if cue.span])


def _can_align(lesson: Lesson) -> bool:
    """Whether it has a script, and no subtitles of another name that would then be two."""
    target = lesson.folder / "subtitles.srt"
    return find_script(lesson.folder) is not None and lesson.subtitles_path in {None, target}


def _length_ms(workspace: Workspace, lesson: Lesson) -> int | None:
    """How long the video is; None when it cannot be read."""
    try:
        found = {
            path: look_at_picture(path, workspace.cache_dir)
            if is_footage(path)
            else look_into(path, workspace.cache_dir, audio=lesson.audio, salvage=True)
            for path in lesson.shown_paths
        }
    except MediaError:
        return None
    lengths = {path: source.facts.duration_ms for path, source in found.items()}
    return subtitled_ms(lesson.videos, lesson.clips, lengths)


def _link(lesson: Lesson) -> str:
    return f"/lessons/{lesson.id}/subtitles"


def _moved_link(lesson: Lesson) -> str:
    """Where the editor takes up what was found."""
    return f"{_link(lesson)}?moved=1"


_LOOK = EDITORS | REVIEWERS | OFFICE
ROOM = DeskRoom(
    text("Subtitles"),
    "/lessons",
    (
        DeskRoute("GET", _HOME, show_editor, roles=_LOOK),
        DeskRoute("GET", f"{_HOME}/cues.json", send_cues, roles=_LOOK),
        DeskRoute("GET", f"{_HOME}/sound.json", send_outline, roles=_LOOK),
        DeskRoute("GET", f"{_HOME}/video", send_video, roles=_LOOK),
        DeskRoute("POST", f"{_HOME}/judge", judge, roles=_LOOK, records=False),
        DeskRoute("POST", f"{_HOME}/save", save, roles=EDITORS),
        DeskRoute("POST", f"{_HOME}/copy", start_copy, roles=_LOOK),
        DeskRoute("POST", f"{_HOME}/align", start_alignment, roles=EDITORS),
        DeskRoute("POST", f"{_HOME}/move", start_move, roles=EDITORS, records=False),
        DeskRoute("GET", f"{_HOME}/moved.json", send_moved, roles=EDITORS),
        DeskRoute("POST", f"{_HOME}/take", take_new, roles=EDITORS),
    ),
    in_menu=False,
)
