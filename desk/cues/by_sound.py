"""The subtitles of the editor moved to where somebody speaks: a task, whose answer the editor shows as a change.

Nothing is written; the person saves it, or undoes it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from courseware.terminal.console import Console
from desk.cues.cue_files import EditedCue, checked_cues
from desk.work import DeskTask, TaskConsole, until
from render.subtitles.sync.syncing import sync_cues, told_left_out, told_moves

if TYPE_CHECKING:
    from courseware.lessons.lesson import Lesson
    from courseware.lessons.workspace import Workspace
    from courseware.subtitles.cue import Cue


def move_by_sound(
    workspace: Workspace, lesson: Lesson, edited: Sequence[EditedCue], console: TaskConsole, stop: threading.Event
) -> None:
    """What `yuanjiao subtitle sync` does; its document holds the cues as they were sent and as they would be.

    Raises:
        InputError: a cue is wrong, they fit nowhere, or nothing is heard.
        MediaError: the sound cannot be read.
    """
    before = checked_cues(edited)
    go_on = until(stop)
    with console.progress() as bars:
        listening = bars.add_task("", total=1.0)

        def tell(share: float) -> None:
            go_on()
            bars.update(listening, completed=share)

        found = sync_cues(before, lesson.id, workspace, lesson, tell)
    for sentence in (*told_moves(found.parts), *told_left_out(before, found.cues)):
        console.note(sentence)
    sent = sorted(edited, key=lambda cue: (cue.start, cue.end))
    after = _with_doubts(found.cues, zip(before, sent, strict=True))
    console.document({"before": [one.model_dump() for one in sent], "cues": after})


def answer_of(task: DeskTask, console: Console) -> dict[str, Any]:
    """`number`, `state`, `percent` of the sound heard, what was `told`; once it is done, `before` and `cues`, too."""
    told = [*task.console.lines, *(console.tr(problem.what) for problem in task.problems)]
    said = {"number": task.number, "state": task.state, "percent": task.percent, "told": told}
    found = task.console.documents[-1] if task.state == "done" else None
    return {**said, **found} if isinstance(found, dict) else said


def _with_doubts(cues: Sequence[Cue], sent: Iterator[tuple[Cue, EditedCue]]) -> list[dict[str, Any]]:
    """The moved cues, which keep their order; those of `sent` that are not among them were left out."""
    return [
        next(was for one, was in sent if one.text == cue.text)
        .model_copy(update={"start": cue.span.start_ms, "end": cue.span.end_ms, "text": cue.text})
        .model_dump()
        for cue in cues
    ]
