"""Carries a plan out in a private work folder, proves the result and puts it in its place. Decides nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from courseware.errors import Problem, StorageError, Text, ToolError, reason_of, text
from courseware.files import replacing, sha256, sweep, write_text
from courseware.rendition import Rendition, describe
from render.ffmpeg import Ffmpeg, run
from render.idents import ReadyIdent, ready_ident
from render.order import Order
from render.plan import (
    OUTPUT,
    DrawCard,
    Encode,
    MakeIdent,
    RenditionPlan,
    WriteText,
    ident_of,
    plan_rendition,
    source_url,
)
from render.profiles import Profile
from render.sound import Levels, measure
from render.sources import Source, look_into, with_level
from render.verify import verify
from templates.cards import draw_card
from templates.fonts import font_files, unusable

_SPARE_BYTES = 64 * 1024 * 1024  # cards, ident, fonts and the file system's own needs
# Only fonts of the `fontsdir` exist: what is installed on the machine never changes a picture.
_FONTS_CONF = '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig/>\n'
# What decoders say when they had to guess. The rendition is made, but a person should look at it.
_DAMAGE_SIGNS = ("rror while decoding", "Error submitting packet", "nvalid data found", "concealing", "corrupt")
_NO_GLYPH = "failed to find any fallback"


class _Locks:
    """One lock per name, made when it is first asked for."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def __getitem__(self, name: str) -> threading.Lock:
        with self._guard:
            return self._locks[name]


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where and with what renditions are made; shared by all threads of a batch.

    Attributes:
        cache_dir: idents, source facts and work folders.
        stop: when set, whatever runs is given up.
    """

    tool: Ffmpeg
    cache_dir: Path
    stop: threading.Event = field(default_factory=threading.Event)
    locks: _Locks = field(default_factory=_Locks)

    @property
    def work_dir(self) -> Path:
        """Holds the private work folders and, beside them, the fonts."""
        return self.cache_dir / "work"


@dataclass(frozen=True, slots=True)
class Made:
    """A finished file.

    Attributes:
        notes: what a person should know of it although it was made.
    """

    path: Path
    seconds: int
    size: int
    notes: tuple[Text, ...] = ()


def open_workshop(tool: Ffmpeg, cache_dir: Path) -> Workshop:
    """Make the folders, and lay the fonts where a relative ASCII path leads to them.

    Raises:
        StorageError: the folder cannot be written to.
        ToolError: a font is missing.
    """
    missing = next((font for font in font_files() if not font.is_file()), None)
    if missing:
        raise unusable(missing)
    workshop = Workshop(tool, cache_dir)
    sweep(cache_dir, workshop.work_dir, cache_dir / "idents", cache_dir / "sources")
    with storage_errors(cache_dir):
        fonts = workshop.work_dir / "fonts"
        fonts.mkdir(parents=True, exist_ok=True)
        for font in font_files():
            _lay(font, fonts / font.name)
        write_text(workshop.work_dir / "fonts.conf", _FONTS_CONF)
    return workshop


@contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """Turn the disk's refusals into one plain sentence that names the folder."""
    try:
        yield
    except OSError as error:
        what = text("cannot be written to: {reason}", reason=reason_of(error))
        raise StorageError(Problem(str(folder), what)) from error


def make(
    workshop: Workshop, order: Order, source: Source, profile: Profile, target: Path, progress: Callable[[int], None]
) -> Made:
    """Make one rendition at `target`; until it is proven right, nothing is there, or the old one.

    Args:
        progress: told the number of frames encoded so far.

    Raises:
        YuanjiaoError: it cannot be made; no trace remains.
        StoppedError: the batch was called off.
    """
    ident = _ident(workshop, order, profile)
    source = _measured(workshop, order, source, profile)
    plan = plan_rendition(order, source.facts, profile, Levels(source.level, ident.level))
    with storage_errors(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        check_room(target.parent, profile, plan.timeline.seconds)
        with replacing(target) as scratch:
            notes = _carry_out(workshop, plan, ident, scratch, progress)
            verify(scratch, profile, plan.timeline.frames)
    return Made(target, plan.timeline.seconds, target.stat().st_size, notes)


def describe_made(made: Made, order: Order, profile: Profile, key: str) -> None:
    """Write the description that tells playlists, and the next run, that the file is finished."""
    rendition = Rendition(
        lesson=order.lesson,
        title=order.title,
        series=order.series,
        form=order.form,
        profile=profile.name,
        file=made.path.name,
        seconds=made.seconds,
        width=profile.canvas.width,
        height=profile.canvas.height,
        size=made.size,
        sha256=sha256(made.path),
        key=key,
    )
    with storage_errors(made.path.parent):
        describe(rendition, made.path.parent)


def check_room(folder: Path, profile: Profile, seconds: int) -> None:
    """Refuse at once when the largest file this may become does not fit.

    Raises:
        StorageError: too little free space.
    """
    # Twice: moving the index to the front, and the ident, need room of their own.
    most = (profile.maxrate_kbps + profile.audio_kbps) * 1000 // 8 * seconds + _SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if free < most:
        what = text(
            "the disk has {free} MB left, up to {needed} MB are needed; free some space",
            free=free // 1_000_000,
            needed=most // 1_000_000,
        )
        raise StorageError(Problem(str(folder), what))


def _ident(workshop: Workshop, order: Order, profile: Profile) -> ReadyIdent:
    ident = ident_of(order, profile)
    with workshop.locks[f"ident {ident}"], storage_errors(workshop.cache_dir):
        return ready_ident(ident, workshop.cache_dir, workshop.tool, profile.audio_rate, workshop.stop)


def _measured(workshop: Workshop, order: Order, source: Source, profile: Profile) -> Source:
    """The source with the loudness of its sound, measured once."""
    index = source.facts.audio_index
    if index is None or source.level is not None:
        return source
    with workshop.locks[f"source {order.source}"], storage_errors(workshop.cache_dir):
        # Another thread may have measured it while we waited.
        source = look_into(order.source, workshop.cache_dir)
        if source.level is not None:
            return source
        level = measure(workshop.tool, source_url(order), index, profile.audio_rate, workshop.work_dir, workshop.stop)
        return with_level(source, level, order.source, workshop.cache_dir)


def _carry_out(
    workshop: Workshop,
    plan: RenditionPlan,
    ident: ReadyIdent,
    target: Path,
    progress: Callable[[int], None],
) -> tuple[Text, ...]:
    """Every step in order; the work folder is gone afterwards, whatever happens."""
    notes: tuple[Text, ...] = ()
    prefix = f".part-{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=workshop.work_dir, ignore_cleanup_errors=True) as name:
        work = Path(name)
        for step in plan.steps:
            match step:
                case MakeIdent():
                    _lay(ident.video, work / step.video)
                    _lay(ident.sound, work / step.sound)
                case DrawCard():
                    draw_card(step.card, work / step.file)
                case WriteText():
                    write_text(work / step.file, step.content)
                case Encode():
                    notes += _encode(workshop, step, work, target, progress)
    return notes


def _encode(
    workshop: Workshop, step: Encode, work: Path, target: Path, progress: Callable[[int], None]
) -> tuple[Text, ...]:
    args = [f"file:{target.absolute()}" if arg == OUTPUT else arg for arg in step.args]
    env = {"FONTCONFIG_FILE": str((workshop.work_dir / "fonts.conf").absolute())}
    said = run(workshop.tool, args, work, progress=progress, stop=workshop.stop, env=env)
    if _NO_GLYPH in said:
        raise ToolError(Problem("", text("a character of the subtitles could not be drawn; write it another way")))
    if any(sign in said for sign in _DAMAGE_SIGNS):
        return (text("the source is damaged in places; watch the result before you use it"),)
    return ()


def _lay(source: Path, target: Path) -> None:
    """Put a file where it is needed: linked when the disk can, else copied; never half there."""
    with suppress(OSError):
        if target.stat().st_size == source.stat().st_size:
            return
    with replacing(target) as scratch:
        try:
            os.link(source, scratch)
        except OSError:
            shutil.copyfile(source, scratch)
