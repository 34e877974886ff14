"""Finds out what there is to do for a lesson: what is finished, which pieces the store has, and why one is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

from courseware.errors import Problem, Text, YuanjiaoError, text
from courseware.lessons.clips import one_video
from courseware.lessons.lesson_files import is_footage
from courseware.lessons.made_from import Inputs, load_inputs
from courseware.lessons.rendition import Rendition, load_rendition
from courseware.storage.outputs import refuse_clashes
from render.plan.captions import holds_two_languages
from render.plan.keys import jingle_key, piece_keys, rendition_key
from render.plan.montage import Montage, montage_of
from render.plan.order import Order, unseen_cues
from render.plan.plan import RenditionPlan, plan_rendition
from render.plan.profiles import Profile
from render.plan.watermark import caption_style_for
from render.sound.splicing import Splice, plan_splice, splice_key, spliced
from render.sound.track import Soundtrack, plan_soundtrack, soundtrack_key
from render.source.explain import inputs_of, reasons
from render.source.glyphs import check_glyphs
from render.source.recording import look_into_all, reels_of
from render.source.source_report import remarks
from render.source.sources import Source, checksum
from render.source.stand_ins import StandIn, kind_of, stand_in_of
from render.work.jobs import Missing
from render.work.verify import is_intact
from render.work.workshop import Workshop, storage_errors

State = Literal["made", "kept", "due", "failed"]


@dataclass(frozen=True, slots=True)
class Target:
    """A rendition that is wanted.

    Attributes:
        path: of the finished file.
        described: whether a description is written beside it, by which the next run knows that it is finished.
    """

    lesson: str
    title: str
    profile: Profile
    path: Path
    described: bool = True

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.lesson} · {self.profile.name}"


@dataclass(frozen=True, slots=True)
class Lot:
    """One lesson with all that is wanted of it.

    Attributes:
        salvage: take what is readable of a source that breaks off.
    """

    order: Order
    targets: tuple[Target, ...]
    salvage: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a target.

    Attributes:
        state: "kept" when it was already there, "due" when a dry run would make it.
        seconds: of the rendition; 0 when it failed.
        notes: what a person should know of a rendition that was made.
        problems: why it failed.
        reasons: why it is, or was, due; and how much of it.
        made: the description of what was made.
    """

    target: Target
    state: State
    seconds: int = 0
    notes: tuple[Text, ...] = ()
    problems: tuple[Problem, ...] = ()
    reasons: tuple[Text, ...] = ()
    made: Rendition | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A target that has to be made.

    Attributes:
        keys: of the pieces, in order.
        missing: of them, what the store lacks; each key once.
        sources: its videos; none when the lesson is words alone.
        stand_ins: files in the place of sources: copies of videos, footage of pictures.
        heard: stands for all that its source's sound depends on, which is the file's bytes or the splice's key.
        splice: how the sound of a lesson that was cut is put together; None for the source's own.
    """

    target: Target
    order: Order
    sources: tuple[Source, ...]
    stand_ins: tuple[StandIn, ...]
    plan: RenditionPlan
    keys: tuple[str, ...]
    missing: tuple[Missing, ...]
    soundtrack: Soundtrack
    heard: str
    splice: Splice | None
    sound_key: str
    sound_missing: bool
    key: str
    inputs: Inputs
    notes: tuple[Text, ...]
    reasons: tuple[Text, ...]


def examine(workshop: Workshop, lot: Lot) -> list[Due | Outcome]:
    """What is due of a lesson, what is finished and as it should be, and what cannot be made for one profile.

    Raises:
        YuanjiaoError: the lesson cannot be made for any profile.
        OSError: a file cannot be read.
    """
    order = lot.order
    refuse_clashes([target.path for target in lot.targets], order.files)
    refused = {target: failed for target in lot.targets if (failed := _undrawable(order, target))}
    if len(refused) == len(lot.targets):
        return list(refused.values())
    sources = look_into_all(workshop, order.shown_paths, audio=order.audio, salvage=lot.salvage)
    montage_of(order, reels_of(sources), Fraction(25))  # what is wrong with it is wrong for every profile
    music = checksum(order.music, workshop.cache_dir) if order.music else ""
    return [refused.get(one) or _examined(workshop, one, order, sources, music) for one in lot.targets]


def bridged(
    workshop: Workshop, order: Order, montage: Montage | None, profile: Profile
) -> tuple[Montage | None, tuple[StandIn, ...]]:
    """The montage with files of the store in the place of what cannot be used as it is; and these."""
    if montage is None:
        return None, ()
    found = [stand_in_of(reel, order, profile, workshop.tool.version) for reel in montage.reels]
    reels = tuple(
        stand_in.reel(workshop.store.place(stand_in.key, kind_of(stand_in))) if stand_in else reel
        for stand_in, reel in zip(found, montage.reels, strict=True)
    )
    return replace(montage, reels=reels), tuple(filter(None, found))


def _undrawable(order: Order, target: Target) -> Outcome | None:
    try:
        check_glyphs(order, target.profile)
    except YuanjiaoError as error:
        return failure(error, target)
    return None


def _examined(
    workshop: Workshop, target: Target, order: Order, sources: Mapping[Path, Source], music: str
) -> Due | Outcome:
    try:
        return _sized_up(workshop, target, order, sources, music)
    except YuanjiaoError as error:
        return failure(error, target)


def _sized_up(
    workshop: Workshop, target: Target, order: Order, sources: Mapping[Path, Source], music: str
) -> Due | Outcome:
    version, profile = workshop.tool.version, target.profile
    montage = montage_of(order, reels_of(sources), profile.fps)
    shown, stand_ins = bridged(workshop, order, montage, profile)
    plan = plan_rendition(order, shown, profile)
    keys = piece_keys(plan, version)
    soundtrack, heard, splice = _sound(workshop, order, montage, plan)
    sound = soundtrack_key(soundtrack, heard, music, jingle_key(order.look) if soundtrack.jingle else "", version)
    key = rendition_key(plan, keys, sound, (order.lesson, order.title, order.series, order.form))
    there = load_rendition(target.path.parent, order.lesson) if target.described else None
    if there is not None and there.key == key and is_intact(target.path):
        return Outcome(target, "kept", there.seconds)
    missing = _missing(workshop, plan, keys)
    sound_missing = workshop.store.find(sound, check=True) is None
    inputs = inputs_of(plan, order, [one.sha256 for one in sources.values()], keys, sound, version)
    before = load_inputs(workshop.cache_dir, target.profile.name, order.lesson) if target.described else None
    why = reasons(before, inputs, plan, finished=there is not None, missing=len(missing), sound=sound_missing)
    return Due(
        target=target,
        order=order,
        sources=tuple(sources.values()),
        stand_ins=stand_ins,
        plan=plan,
        keys=keys,
        missing=missing,
        soundtrack=soundtrack,
        heard=heard,
        splice=splice,
        sound_key=sound,
        sound_missing=sound_missing,
        key=key,
        inputs=inputs,
        notes=(*_notes(order, sources, montage), *_left_out(order, profile)),
        reasons=why,
    )


def _missing(workshop: Workshop, plan: RenditionPlan, keys: Sequence[str]) -> tuple[Missing, ...]:
    found = {key: Missing(plan, piece, key) for piece, key in zip(plan.pieces, keys, strict=True)}
    return tuple(one for key, one in found.items() if workshop.store.find(key, check=True) is None)


def _sound(
    workshop: Workshop, order: Order, montage: Montage | None, plan: RenditionPlan
) -> tuple[Soundtrack, str, Splice | None]:
    """How the sound is made, what stands for its source, and how that is put together where the lesson was cut."""
    facts = montage.reels[0].facts if montage else None
    soundtrack = plan_soundtrack(order, facts, plan.profile, plan.timeline)
    if order.voice:
        return soundtrack, checksum(order.voice, workshop.cache_dir), None
    if montage is None or not (order.clips or order.utterances):
        # Videos without sound that are as long as each other share theirs.
        return soundtrack, montage.reels[0].content if montage and soundtrack.source else "", None
    splice = plan_splice(montage, soundtrack.rate, order.utterances)
    key = splice_key(splice, workshop.tool.version) if splice else ""
    place = workshop.store.place(key, "splice") if splice else Path()
    # Of a narration each recording was cleaned by itself.
    denoise = order.denoise and not order.utterances
    return spliced(soundtrack, splice, place, denoise=denoise, song=order.song), key, splice


def _notes(order: Order, sources: Mapping[Path, Source], montage: Montage | None) -> tuple[Text, ...]:
    if montage is None:
        return ()
    one = len(sources) == 1 and one_video(order.clips)
    length_ms = next(iter(sources.values())).facts.duration_ms if one else int(montage.frames * 1000 / montage.fps)
    videos = [(path, source.facts) for path, source in sources.items() if not is_footage(path)]
    said = [(path, remark) for path, facts in videos for remark in remarks(facts)]
    named = (remark if one else text("{name}: {what}", name=path.name, what=remark) for path, remark in said)
    return (*unseen_cues(order, length_ms), *named)


def _left_out(order: Order, profile: Profile) -> tuple[Text, ...]:
    """That a screen shows one language of two."""
    if not order.second or holds_two_languages(caption_style_for(order, profile)):
        return ()
    return (text("the screen is too narrow for two languages; it shows “subtitles” alone"),)


def failure(error: BaseException, target: Target) -> Outcome:
    """The failure as an outcome that names the lesson.

    Raises:
        BaseException: `error` itself, when it is no failure but the end of the batch.
    """
    match error:
        case YuanjiaoError():
            return Outcome(target, "failed", problems=tuple(_placed(problem, target) for problem in error.problems))
        case OSError():
            return _storage_failure(error, target)
        case Exception():
            # A fault of ours must not cost the other lessons theirs.
            what = text("an unexpected fault: {reason}; please report it", reason=repr(error))
            return Outcome(target, "failed", problems=(Problem(target.name, what),))
        case _:
            raise error


def _storage_failure(error: OSError, target: Target) -> Outcome:
    try:
        with storage_errors(Path(error.filename or target.path.parent)):
            raise error
    except YuanjiaoError as plain:
        return Outcome(target, "failed", problems=tuple(_placed(problem, target) for problem in plain.problems))


def _placed(problem: Problem, target: Target) -> Problem:
    """The problem with the lesson's id before it; a problem of the source is the same for every profile."""
    where = f"{target.lesson}: {problem.where}" if problem.where else target.name
    return Problem(where, problem.what)
