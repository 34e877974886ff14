"""A venue's kit made on a stick, and a stick verified, told as it goes: what the command and the desk both do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from courseware.errors import text
from courseware.lessons.workspace import Workspace, lock_around, lock_at
from courseware.storage.keys_folder import keys_folder
from courseware.terminal.console import Console
from playlists.almanac import clock
from playlists.county.county import County
from playlists.files.venues import Venue
from playlists.kits.delta import KnownKit, find_kit, revision_at
from playlists.kits.keys import OfficeKey, trusted_keys
from playlists.kits.sums import SEALS
from playlists.kits.verifying import Verified, verify_kit
from playlists.kits.writing import WrittenKit, files_in, write_kit
from playlists.schedules.schedule import Schedule
from playlists.sticks.building import Prepared, prepare_kit
from playlists.sticks.telling import megabytes


def _pass(_bytes: int) -> None:
    """Nobody else wants to know."""


def make_kit(
    console: Console,
    workspace: Workspace,
    venue: Venue,
    schedules: Sequence[Schedule],
    county: County,
    own: OfficeKey,
    home: Path,
    *,
    base: KnownKit | None = None,
    also: Callable[[int], None] = _pass,
) -> tuple[Prepared, WrittenKit]:
    """Gather the venue's kit and write it into a folder.

    Args:
        schedules: the venue's weeks, as showable_weeks returns them.
        home: the kit's own folder (…/远教).
        base: a kit that the venue has: its videos stay off the stick.
        also: told the bytes of each video that is in place; may raise to end it.

    Raises:
        InputError, StorageError, ToolError: as prepare_kit and write_kit.
    """
    # Two that build at once must not issue one number twice.
    with lock_at(workspace.root):
        there = revision_at(home, venue.id)
        prepared = prepare_kit(workspace, venue, schedules, county.programmes, own.public, base, there)
    return prepared, _write(console, home, prepared, own, also)


def verify_stick(console: Console, directory: Path, newest: int = 0, also: Callable[[int], None] = _pass) -> Verified:
    """Read every byte of a stick or a kit's folder.

    Args:
        newest: the revision that is there already: an older one is a fault.
        also: told the bytes that were read; may raise to end it.
    """

    def read(size: int) -> None:
        bars.advance(bar, size)
        also(size)

    with console.progress() as bars:
        bar = bars.add_task(console.tr(text("Reading")), total=_bytes_in(find_kit(directory)))
        return verify_kit(directory, trusted_keys(keys_folder()), clock.here(), newest, read)


def say_verdict(console: Console, found: Verified) -> None:
    """Whether it is good, and whose it is."""
    for note in found.notes:
        console.note(text("{where}: {what}", where=note.where, what=note.what))
    if found.is_good and found.plan and found.signer:
        console.say(
            text(
                "Good: {kit} for {venue}, {start} to {end}, {files} files, {size} MB, signed by {office}",
                kit=found.plan.kit,
                venue=found.plan.venue.name,
                start=f"{found.plan.valid.start:%Y-%m-%d %H:%M}",
                end=f"{found.plan.valid.end:%Y-%m-%d %H:%M}",
                files=found.files,
                size=megabytes(found.size),
                office=found.signer.office,
            )
        )
    else:
        console.say(text("Not good: {folder}; what is wrong with it is listed", folder=found.folder))


def _write(
    console: Console, home: Path, prepared: Prepared, own: OfficeKey, also: Callable[[int], None]
) -> WrittenKit:
    contents, kit_id = prepared.contents, prepared.plan.kit

    def written_so_far(size: int) -> None:
        bars.advance(bar, size)
        also(size)

    if contents.elsewhere:
        _say_delta(console, prepared)
    with console.progress() as bars, lock_around(home):
        bar = bars.add_task(console.tr(text("Copying {name}", name=kit_id)), total=prepared.carried_bytes)
        written = write_kit(home, contents, own, written_so_far)
    for path in written.foreign:
        console.note(text("{file} does not belong to the kit and was left alone; move it away", file=home / path))
    if not console.answers_json:
        console.say(text("{kit} is in {folder}, {size} MB", folder=home, kit=kit_id, size=megabytes(written.size)))
    return written


def _say_delta(console: Console, prepared: Prepared) -> None:
    contents = prepared.contents
    what = text(
        "{kit}: {new} of {videos} videos are new, {size} of {whole} MB",
        kit=prepared.plan.kit,
        new=len(contents.carried),
        videos=len(contents.videos),
        size=megabytes(prepared.carried_bytes),
        whole=megabytes(prepared.plan.media_bytes),
    )
    console.note(what)


def _bytes_in(home: Path) -> int:
    return sum((home / path).lstat().st_size for path in files_in(home) if path not in SEALS)
