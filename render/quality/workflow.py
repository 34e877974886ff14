"""From what a person asks for to a report: the finished renditions of a workspace, or single files."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

from pydantic import ValidationError

from courseware.clutter import listed
from courseware.errors import Problem, YuanjiaoError, text
from courseware.lessons.dictionary import words_of
from courseware.lessons.lesson import Lesson
from courseware.lessons.rendition import Rendition
from courseware.lessons.workspace import Catalogue, Workspace, load_catalogue, lock_around
from courseware.media.facts import MediaFacts, probe
from courseware.reviews.verdicts import Unfit, keep_verdicts
from courseware.terminal.console import Console
from courseware.times import Span
from render.plan.montage import Reel
from render.plan.order import Order
from render.plan.picture import shape_of
from render.plan.profiles import Profile, profile_named
from render.quality.checking import CheckedFile, Known, check_file
from render.quality.checks.expected import Expected, TimelinePart, assumed_parts
from render.quality.findings import RENDER_AGAIN, Kind, QualityFinding, in_order
from render.source.recording import montage_for
from render.source.sources import look_into
from render.subtitles.check import CheckedSubtitles
from render.subtitles.check import check_file as check_subtitles
from render.work import crew
from render.work.ffmpeg import Ffmpeg, StoppedError, find_ffmpeg
from render.work.workshop import open_workshop
from templates.pages.quality_report import in_chinese

Recall: TypeAlias = Callable[[Rendition, Profile], Known | None]
_OF_SOUND: frozenset[Kind] = frozenset({"no-sound", "silence", "loudness"})


@dataclass(frozen=True, slots=True)
class CheckTask:
    """A file that is to be checked.

    Attributes:
        about: its description; None when it is missing, or none is needed.
        lesson: what it was made from; None when it is not in the catalogue, or none is needed.
        known: what is known of it since it was made.
        cache_dir: of the workspace, where what is known of sources is kept; None outside of any.
        beforehand: what is wrong before it is opened.
    """

    path: Path
    expected: Expected
    about: Rendition | None = None
    lesson: Lesson | None = None
    known: Known | None = None
    cache_dir: Path | None = None
    beforehand: tuple[QualityFinding, ...] = ()


def note_verdicts(workspace: Workspace, tasks: Iterable[CheckTask], checked: Iterable[CheckedFile]) -> None:
    """Keep, by content, what must be made again, so that nobody plans or publishes it, and what need not.

    Raises:
        StorageError: somebody else holds the workspace's lock for long.
    """
    contents = {task.path: task.about.sha256 for task in tasks if task.about}
    found = {contents[one.path]: _unfit(one) for one in checked if one.path in contents}
    if found:
        with lock_around(workspace.root):
            keep_verdicts(workspace, found)


def _unfit(one: CheckedFile) -> Unfit | None:
    faults = [finding for finding in one.findings if finding.severity == "error"]
    return Unfit(lesson=one.lesson, profile=one.profile, fault=in_chinese(faults[0].sentence)) if faults else None


def remember_nothing(about: Rendition, profile: Profile) -> Known | None:
    """Every file is decoded; only that its bytes are those that were rendered is known."""
    del profile
    return Known(sha256=about.sha256)


def plan_workspace(
    workspace: Workspace, lessons: Sequence[str], profiles: Sequence[str], recall: Recall = remember_nothing
) -> tuple[tuple[CheckTask, ...], tuple[Problem, ...]]:
    """What is to be checked, and what stands in the way of it.

    Args:
        lessons: ids; all that are rendered when empty.
        profiles: names; those of yuanjiao.toml when empty.
        recall: finds what was kept of a rendition when it was made.

    Raises:
        InputError: a lesson or profile that does not exist.
    """
    wanted = [
        profile_named(name, "--profile") for name in dict.fromkeys(profiles or workspace.settings.render.profiles)
    ]
    catalogue = load_catalogue(workspace)
    by_id = {one.id: one for one in catalogue.lessons}
    words = words_of(workspace.root)
    tasks: list[CheckTask] = []
    problems: list[Problem] = []
    named = _known_names(catalogue, lessons, workspace, wanted)
    for profile in wanted:
        folder = workspace.renditions_dir / profile.name
        made = _made(folder)
        for name in named or made:
            if name not in made:
                problems.append(Problem(f"{name} · {profile.name}", text("is not rendered yet")))
                continue
            task = _task(folder, name, profile, by_id.get(name), recall)
            expected, unread = _with_cues(workspace, task.lesson, profile, task.expected, words)
            problems += unread
            tasks.append(replace(task, expected=expected, cache_dir=workspace.cache_dir))
    once = {problem.render(str): problem for problem in problems}
    return tuple(tasks), tuple(once.values())


def _known_names(
    catalogue: Catalogue, lessons: Sequence[str], workspace: Workspace, profiles: Iterable[Profile]
) -> tuple[str, ...]:
    """The names that were asked for; a lesson that is gone or broken may still have a rendition."""
    made = {name for profile in profiles for name in _made(workspace.renditions_dir / profile.name)}
    missing = tuple(name for name in lessons if name not in made)
    catalogue.select(missing or tuple(one.id for one in catalogue.lessons))
    return tuple(dict.fromkeys(lessons))


def _made(folder: Path) -> tuple[str, ...]:
    """Ids of what lies there: a video, its description, or both."""
    names = {path.stem for path in listed(folder) if path.suffix in {".mp4", ".json"}}
    return tuple(sorted(names))


def _task(folder: Path, name: str, profile: Profile, lesson: Lesson | None, recall: Recall) -> CheckTask:
    about = _described(folder / f"{name}.json")
    beforehand: tuple[QualityFinding, ...] = ()
    if about is None:
        what = text("its description {name}.json is missing or damaged, so that no playlist can show it", name=name)
        beforehand = (QualityFinding("description", "error", 0, 0, what, RENDER_AGAIN),)
    is_bare = lesson is not None and lesson.is_bare
    expected = Expected(
        profile,
        fps=profile.fps,
        seconds=about.seconds if about else None,
        slides=is_bare or (lesson is not None and (lesson.slides or any(clip.is_footage for clip in lesson.clips))),
        silent=is_bare,
        song=lesson is not None and lesson.is_song,
        parts=() if about is None or is_bare else _parts_of(about),
    )
    known = recall(about, profile) if about else None
    return CheckTask(folder / f"{name}.mp4", expected, about, lesson, known, beforehand=beforehand)


def _parts_of(about: Rendition) -> tuple[TimelinePart, ...]:
    """What is where: as the renderer wrote it, or about so in a description of before it did."""
    known = tuple(TimelinePart(one.name, Span(one.start_ms, one.end_ms)) for one in about.parts)
    return known or assumed_parts(about.seconds)


def plan_made(
    path: Path,
    about: Rendition,
    profile: Profile,
    known: Known | None,
    subtitles: Path | None,
    order: Order,
    *,
    silent: bool,
) -> CheckTask:
    """What was made outside of a workspace and has no description beside it.

    Args:
        subtitles: that were burned in; None for none.
        order: by which it was made.
        silent: the source has no sound.
    """
    expected = Expected(
        profile, fps=profile.fps, seconds=about.seconds, silent=silent, song=order.song, parts=_parts_of(about)
    )
    if subtitles is None:
        return CheckTask(path, replace(expected, shown=()), about, known=known)
    body_ms = next((span.duration_ms for span in expected.spans_of("body")), None)
    checked = check_subtitles(subtitles, profile, body_ms)
    return CheckTask(path, replace(expected, cues=checked.findings, shown=_shown(checked)), about, known=known)


def _described(path: Path) -> Rendition | None:
    try:
        return Rendition.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError):
        return None


def _with_cues(
    workspace: Workspace, lesson: Lesson | None, profile: Profile, expected: Expected, words: frozenset[str]
) -> tuple[Expected, tuple[Problem, ...]]:
    """With what is known of the lesson's subtitles, in the time of its body; and why they cannot be read."""
    if lesson is None:
        return expected, ()
    if lesson.subtitles_path is None:
        return replace(expected, shown=()), ()
    body_ms = next((span.duration_ms for span in expected.spans_of("body")), None)
    try:
        if not lesson.clips:
            checked = check_subtitles(lesson.subtitles_path, profile, body_ms, words=words)
            return replace(expected, cues=checked.findings, shown=_shown(checked)), ()
        montage = montage_for(open_workshop(find_ffmpeg(), workspace.cache_dir), lesson, profile.fps)
        checked = check_subtitles(lesson.subtitles_path, profile, None, words=words)
    except YuanjiaoError as error:
        return expected, error.problems
    moved = ((found, montage.shown_span(found.span)) for found in checked.findings)
    cues = tuple(found._replace(span=span) for found, span in moved if span and not montage.is_on_card(span))
    shown = montage.shown_cues(tuple(placed.cue for placed in checked.read.placed))
    return replace(expected, cues=cues, shown=tuple(cue.span for cue in shown)), ()


def _shown(checked: CheckedSubtitles) -> tuple[Span, ...]:
    return tuple(placed.cue.span for placed in checked.read.placed)


def plan_files(files: Iterable[Path], profile: Profile | None) -> tuple[CheckTask, ...]:
    """Any files, for a profile or for none."""
    expected = Expected(profile, fps=profile.fps) if profile else Expected(None)
    return tuple(CheckTask(path, expected) for path in files)


def check_all(tasks: Sequence[CheckTask], console: Console, *, threads: int) -> tuple[CheckedFile, ...]:
    """Check the files side by side, in their order; one bad file does not stop the others.

    Args:
        threads: how many at once.

    Raises:
        ToolError: there is no ffmpeg.
        KeyboardInterrupt: after everything that ran was stopped.
    """
    tool, stop = find_ffmpeg(), threading.Event()
    work = [crew.Task(str(number), partial(_check, task, tool, stop)) for number, task in enumerate(tasks)]
    found: dict[str, CheckedFile] = {}
    with console.progress() as bars, crew.pool_of(threads, stop) as pool:
        bar = bars.add_task(console.tr(text("Checking")), total=len(tasks))
        for ended in crew.work_through(work, pool, threads):
            if isinstance(ended, crew.Failed):
                raise ended.error
            bars.advance(bar)
            found[ended.task.name] = ended.result
    return tuple(found[task.name] for task in work)


def _check(task: CheckTask, tool: Ffmpeg, stop: threading.Event) -> CheckedFile:
    def on_progress(_: int) -> None:
        if stop.is_set():
            raise StoppedError

    task = with_stills(with_shape(task))
    checked = check_file(
        task.path, task.expected, tool, about=task.about, known=task.known, stop=stop, on_progress=on_progress
    )
    if _is_silent_on_purpose(task, checked):
        # The second time nothing is decoded.
        known = Known(picture=checked.picture, sound=checked.sound)
        expected = replace(task.expected, silent=True)
        again = check_file(task.path, expected, tool, about=task.about, known=known, stop=stop)
        once = (one for one in checked.findings if one.kind in {"damaged", "changed"})
        damage = tuple(one for one in once if one not in again.findings)
        checked = replace(again, findings=(*damage, *again.findings))
    return _named(task, checked)


def with_shape(task: CheckTask) -> CheckTask:
    """With the shape of the source's picture, where the source can be looked into and is shown whole."""
    lesson = task.lesson
    if lesson is None or lesson.source_path is None or task.cache_dir is None:
        return task
    shown = {(clip.path, clip.fit, clip.rotate) for clip in lesson.clips}
    shown = shown or {(lesson.source_path, lesson.fit, lesson.rotate)}
    if len(shown) > 1 or next(iter(shown))[1] != "pad":
        return task
    try:
        facts = _facts_of(lesson.source_path, lesson, task.cache_dir)
    except (YuanjiaoError, OSError):
        return task
    shape = None if facts.parts else shape_of(Reel(facts, turn=next(iter(shown))[2]).shown)
    return replace(task, expected=replace(task.expected, shape=shape))


def with_stills(task: CheckTask) -> CheckTask:
    """With what of a lesson of videos and pictures is pictures, where that is known without its narration."""
    lesson, body = task.lesson, next(iter(task.expected.spans_of("body")), None)
    if lesson is None or task.cache_dir is None or body is None or lesson.slides or lesson.is_narrated:
        return task
    if not lesson.videos or not any(clip.is_footage for clip in lesson.clips):
        return task
    try:
        montage = montage_for(open_workshop(find_ffmpeg(), task.cache_dir), lesson, task.expected.fps)
    except (YuanjiaoError, OSError):
        return task
    seen = zip(montage.takes, montage.stretches, strict=True)
    stills = tuple(at.shifted(body.start_ms) for take, (at, _) in seen if montage.reels[take.reel].scene)
    quiet = () if lesson.music_path else stills
    return replace(task, expected=replace(task.expected, slides=False, stills=stills, quiet=quiet))


def _is_silent_on_purpose(task: CheckTask, checked: CheckedFile) -> bool:
    """Whether the sound is at fault, and the source has none; looked at only then, since that takes time."""
    lesson = task.lesson
    if lesson is None or task.expected.silent or not any(one.kind in _OF_SOUND for one in checked.findings):
        return False
    pictures = lesson.has_footage and lesson.music_path is None
    if lesson.is_narrated or not (lesson.videos or pictures):
        return False
    try:
        return all(_facts_of(source, lesson, task.cache_dir).audio_index is None for source in lesson.videos)
    except (YuanjiaoError, OSError):
        return False


def _facts_of(source: Path, lesson: Lesson, cache_dir: Path | None) -> MediaFacts:
    """Of a source of the lesson: at once where it was looked into before."""
    return look_into(source, cache_dir, audio=lesson.audio).facts if cache_dir else probe(source)


def _named(task: CheckTask, checked: CheckedFile) -> CheckedFile:
    """With the names that the place of the file tells, where no description does."""
    findings = in_order((*task.beforehand, *checked.findings))
    if task.about is None and task.expected.profile is not None and task.beforehand:
        name = f"{task.path.stem} · {task.expected.profile.name}"
        title = task.lesson.title if task.lesson else ""
        return replace(checked, name=name, lesson=task.path.stem, title=title, findings=findings)
    return replace(checked, findings=findings)
