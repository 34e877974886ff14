"""What goes over the wire, as JSON: a task with everything by value and its files by hash, and the answer to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from courseware.errors import MediaError, Problem, StorageError, Text, ToolError, YuanjiaoError
from courseware.files import is_plain
from render.farm.build import AnyBuild
from render.farm.shared.shelf import Content
from render.pieces.factswork import FactsJob
from render.pieces.sheetwork import SheetsJob
from render.pieces.soundwork import SoundJob
from render.sound.splicing import SoundTake, Splice
from render.work.jobs import Job
from templates.cards.pictures import Picture

Work = Job | SoundJob | FactsJob | SheetsJob


@dataclass(frozen=True, slots=True)
class FarmTask:
    """One job for a worker.

    Attributes:
        build: of whoever wants it.
        files: what the job reads; where the job has paths, it says their names.
    """

    build: AnyBuild
    work: Work
    files: tuple[Content, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A problem on its way, in no language yet.

    Attributes:
        values: of the pattern, or a sentence again.
    """

    where: str
    pattern: str
    values: dict[str, str | int | float | Said]


@dataclass(frozen=True, slots=True)
class FarmAnswer:
    """What became of a task.

    Attributes:
        state: "failed" when the lesson is at fault, "unable" when the worker is, "back" when it leaves.
        computer: that the worker runs on, the same when it has died and come again.
        now: seconds since 1970 by the worker's clock.
        pieces: of what was made, the hash by its key.
        fault: the kind of error.
    """

    state: Literal["made", "failed", "unable", "back"]
    worker: str
    computer: str
    now: float
    pieces: dict[str, str]
    fault: str = ""
    problems: tuple[Said, ...] = ()


_FAULTS: Mapping[str, type[YuanjiaoError]] = {one.__name__: one for one in (ToolError, MediaError, StorageError)}


def keys_of(work: Work) -> tuple[str, ...]:
    """The keys of all that a job makes."""
    return tuple(one.key for one in work.outputs) if isinstance(work, Job) else (work.key,)


def files_of(work: Work) -> tuple[tuple[str, str], ...]:
    """Paths and hashes of the files that it reads; no hash where the job knows none."""
    if isinstance(work, SheetsJob):
        return ()
    if isinstance(work, FactsJob):
        found = {work.source: work.source_sha256}
    elif isinstance(work, SoundJob):
        found = {work.soundtrack.music: ""}
        if work.splice is None:
            found[work.soundtrack.source] = work.source_sha256
        else:  # which is put together where the sound is made
            found |= {one.take.source: "" for one in work.splice.overlays}
            found |= {take.source: take.content for take in work.splice.takes}
    else:
        found = {work.source: work.source_sha256, work.second: work.second_sha256}
        found |= {str(one.path): one.sha256 for one in pictures_in(work.steps)}
    return tuple((path, digest) for path, digest in found.items() if path)


def with_paths(work: Work, paths: Mapping[str, str]) -> Work:
    """The same job, reading the same elsewhere.

    Args:
        paths: by those of before; all of them.
    """
    if isinstance(work, SheetsJob):
        return work
    if isinstance(work, Job):
        source, second = (path and paths[path] for path in (work.source, work.second))
        return replace(work, source=source, second=second, steps=_moved(work.steps, paths))
    if isinstance(work, FactsJob):
        return replace(work, source=paths[work.source])
    track, splice = work.soundtrack, work.splice
    if splice is not None:
        splice, track = _moved_splice(splice, paths), replace(track, source="")
    source, music = (path and paths[path] for path in (track.source, track.music))
    return replace(work, soundtrack=replace(track, source=source, music=music), splice=splice)


def _moved_splice(splice: Splice, paths: Mapping[str, str]) -> Splice:
    def moved(take: SoundTake) -> SoundTake:
        return replace(take, source=take.source and paths[take.source])

    overlays = (replace(one, take=moved(one.take)) for one in splice.overlays)
    return replace(splice, takes=tuple(map(moved, splice.takes)), overlays=tuple(overlays))


def pictures_in(value: object) -> Iterator[Picture]:
    """All pictures in steps or in a feed, however deep."""
    if isinstance(value, Picture):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from pictures_in(one)
    elif is_dataclass(value):
        for part in fields(value):
            yield from pictures_in(getattr(value, part.name))


def _moved(value: Any, paths: Mapping[str, str]) -> Any:  # noqa: ANN401  (whatever steps are made of)
    """The same value, its pictures elsewhere."""
    if isinstance(value, Picture):
        return replace(value, path=Path(paths[str(value.path)]))
    if isinstance(value, tuple) and type(value) is tuple:
        return tuple(_moved(one, paths) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{part.name: _moved(getattr(value, part.name), paths) for part in fields(value)})
    return value


def dump_task(task: FarmTask) -> str:
    """As JSON."""
    return _tasks().dump_json(task).decode()


def load_task(content: str) -> FarmTask | None:
    """What `dump_task` wrote; None for anything else, and for what names a path of this computer."""
    try:
        task = _tasks().validate_json(content)
    except ValidationError:
        return None
    named = {path for path, _ in files_of(task.work)}
    return task if named <= {one.name for one in task.files} and all(map(is_plain, named)) else None


def dump_answer(answer: FarmAnswer) -> str:
    """As JSON."""
    return _answers().dump_json(answer).decode()


def load_answer(content: object) -> FarmAnswer | None:
    """What `dump_answer` wrote; None for anything else."""
    try:
        return _answers().validate_json(content) if isinstance(content, str) else None
    except ValidationError:
        return None


def said(problems: Iterable[Problem]) -> tuple[Said, ...]:
    """Problems made ready for the way."""
    return tuple(_said(one.where, one.what) for one in problems)


def fault_of(answer: FarmAnswer, names: Mapping[str, str]) -> YuanjiaoError:
    """The error that a worker met, as if it had been met here.

    Args:
        names: of our files, by what the worker knew them as.
    """
    kind = _FAULTS.get(answer.fault, ToolError)
    return kind(*(Problem(names.get(one.where, one.where), _heard(one)) for one in answer.problems))


def _said(where: str, what: Text) -> Said:
    return Said(where, what.pattern, {name: _plain(value) for name, value in what.values.items()})


def _plain(value: object) -> str | int | float | Said:
    if isinstance(value, Text):
        return _said("", value)
    return value if isinstance(value, str | int | float) else str(value)


def _heard(one: Said) -> Text:
    values = {name: _heard(value) if isinstance(value, Said) else value for name, value in one.values.items()}
    return Text(one.pattern, values)


@cache
def _tasks() -> TypeAdapter[FarmTask]:
    return TypeAdapter(FarmTask)


@cache
def _answers() -> TypeAdapter[FarmAnswer]:
    return TypeAdapter(FarmAnswer)
