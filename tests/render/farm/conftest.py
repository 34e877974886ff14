"""A farm in one process: a shelf, a worker's bench, and an office that asks it without any engine between."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from courseware.errors import Text
from render.farm.build import Build, build_of
from render.farm.lending.cabinet import Cabinet
from render.farm.lending.tasks import Bench
from render.farm.office.hands import FarmHands
from render.farm.shared.objects import Objects
from render.farm.shared.shelf import PieceShelf
from render.farm.shared.wire import FarmAnswer
from render.making.batch import lots_for
from render.making.errands import errands_of, sound_job
from render.pieces.hands import LocalHands
from render.pieces.soundwork import SoundJob
from render.source.examine import Due, examine
from render.work.jobs import Job
from render.work.workshop import Workshop, open_workshop
from tests.conftest import ClipFactory
from tests.render.engine import LED
from tests.render.samples import ORDER


@pytest.fixture
def shelf(tmp_path: Path) -> PieceShelf:
    place = tmp_path / "shared"
    place.mkdir()
    objects = Objects(str(place))
    objects.found()
    return PieceShelf(objects)


@pytest.fixture
def build(workshop: Workshop) -> Build:
    return build_of(workshop.tool)


def bench_of(name: str, folder: Path, shelf: PieceShelf, workshop: Workshop, build: Build) -> Bench:
    own = replace(open_workshop(workshop.tool, folder), stop=threading.Event())
    return Bench(name, f"{name}'s", build, own, shelf, Cabinet(own, shelf, 10**9))


@pytest.fixture
def bench(tmp_path: Path, shelf: PieceShelf, workshop: Workshop, build: Build) -> Bench:
    return bench_of("wang", tmp_path / "wang", shelf, workshop, build)


@dataclass(slots=True)
class StraightLink:
    """Asks benches one after the other, those that are avoided left out."""

    answerers: list[Callable[[str], FarmAnswer]]
    told: list[Text] = field(default_factory=list)
    avoided: dict[str, Text] = field(default_factory=dict)
    asked: int = 0

    def ask(self, task: str, name: str) -> FarmAnswer:
        assert name
        self.asked += 1
        while True:
            answer = self.answerers[0](task)
            if answer.worker not in self.avoided:
                return answer
            self.answerers.pop(0)

    def avoid(self, worker: str, why: Text) -> None:
        self.avoided[worker] = why

    def tell(self, what: Text) -> None:
        self.told.append(what)


@dataclass(frozen=True, slots=True)
class Office:
    """An office with an empty store, and the worker it asks."""

    hands: FarmHands
    link: StraightLink
    workshop: Workshop


@pytest.fixture
def office(tmp_path: Path, shelf: PieceShelf, workshop: Workshop, build: Build, bench: Bench) -> Office:
    own = replace(open_workshop(workshop.tool, tmp_path / "office"), stop=threading.Event())
    link = StraightLink([bench.answer])
    hands = FarmHands(link, shelf, own, build, LocalHands(own, 1), 4)  # type: ignore[arg-type]  # link: what is used of it
    return Office(hands, link, own)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson's jobs: its cards, its footage, its sound."""

    card: Job
    footage: Job
    sound: SoundJob
    source: Path

    @property
    def works(self) -> tuple[Job | SoundJob, ...]:
        return self.card, self.footage, self.sound


@pytest.fixture
def lesson(make_clip: ClipFactory, workshop: Workshop, tmp_path: Path) -> Lesson:
    source = tmp_path / "喷药.mp4"
    source.write_bytes(make_clip(seconds=1, size=(96, 64)).read_bytes())
    (lot,) = lots_for([replace(ORDER, source=source)], [LED], tmp_path / "out")
    fresh = replace(workshop, cache_dir=tmp_path / "examined")
    due = [one for one in examine(fresh, lot) if isinstance(one, Due)]
    jobs = [errand.job for errand in errands_of(fresh.store, due, set())]
    footage = next(job for job in jobs if job.source)
    card = next(job for job in jobs if not job.source and job.steps[0].kind == "card")
    return Lesson(card, footage, sound_job(due[0]), source)
