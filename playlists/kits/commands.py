"""The commands kit and key. Read options, hand over, report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from courseware.errors import BatchError, InputError, Problem, YuanjiaoError, reason_of, text
from courseware.terminal.console import Console
from courseware.terminal.options import FOLDER, JSON, WORKSPACE
from playlists.options import WEEK

if TYPE_CHECKING:
    from courseware.lessons.workspace import Workspace
    from playlists.files.programmes import Programme
    from playlists.files.venues import Venue
    from playlists.kits.building import Prepared
    from playlists.kits.delta import KnownKit
    from playlists.kits.keys import OfficeKey, PublicKey
    from playlists.kits.verifying import Verified
    from playlists.kits.writing import WrittenKit
    from playlists.schedules.schedule import Schedule


@click.group(
    help="What goes on a venue's USB stick: its plan, its videos and a player, signed by the office.",
    short_help="Sticks for venues: plan, videos, player, signed.",
    epilog="Example:\n\n  yuanjiao kit build square-01 --week 2026-W49 --output E:\\",
)
def kit() -> None:
    """Hold the commands below."""


@kit.command(
    "build",
    help="Build the kit of VENUE, or of every venue, from its planned week: the folder 远教 with the plan, videos,"
    " the player, a poster and a leaflet, signed. What is on the stick already is not copied again, and what others"
    " keep there is left alone. A week that breaks a rule of “yuanjiao schedule check” is not built.",
    short_help="Build a venue's kit.",
    epilog="Examples:\n\n  yuanjiao kit build square-01 --week 2026-W49 --output E:\\\n\n"
    "  yuanjiao kit build --all --week 2026-W49 --weeks 2",
)
@click.argument("venue", required=False, default="")
@click.option("--all", "every", is_flag=True, help="Every venue of venues.csv.")
@WEEK
@click.option("--weeks", type=click.IntRange(1, 8), default=1, help="How many weeks, beginning with that one.")
@click.option("--output", type=FOLDER, help="The stick or folder; the folder kits of the workspace when not given.")
@click.option(
    "--since",
    type=click.Path(exists=True, path_type=Path),
    help="A kit's folder, plan.json or SHA256SUMS that the venue has: only what is new goes on the stick.",
)
@WORKSPACE
@JSON
@click.pass_obj
def build(
    console: Console,
    *,
    venue: str,
    every: bool,
    week: str,
    weeks: int,
    output: Path | None,
    since: Path | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Judge, gather, write; one bad venue stops no other."""
    from courseware.lessons.workspace import open_workspace
    from playlists.almanac.clock import today
    from playlists.almanac.typed import week_typed
    from playlists.county.county import load_county
    from playlists.county.weeks import planned_week
    from playlists.documents import said
    from playlists.files import programmes as programmes_file
    from playlists.files import venues as venues_file
    from playlists.files.venues import select_venues
    from playlists.kits.building import showable_weeks, weeks_from
    from playlists.kits.delta import load_base
    from playlists.kits.keys import keys_folder, needed_key

    if bool(venue) == every or (every and since):
        raise InputError(Problem("kit build", text("name one venue, or --all; --since goes with one venue")))
    workspace, own = open_workspace(folder), needed_key(keys_folder())
    first = week_typed(week, today(workspace)) or planned_week(workspace)
    county, base = load_county(workspace), load_base(since) if since else None
    if unusable := county.faults_of(programmes_file.FILE_NAME):
        raise InputError(*unusable)
    venues = select_venues(county.venues, (venue,) if venue else ())
    showable, unfit = showable_weeks(workspace, venues, weeks_from(first, weeks))
    problems = [*(county.faults_of(venues_file.FILE_NAME) if every else ()), *unfit]
    made: list[tuple[Prepared, WrittenKit]] = []
    for one in venues:
        if one.id in showable:
            home = _home(workspace, one, output, every=every)
            with _collecting(problems, one.id, home):
                prepared = _prepare(workspace, one, showable[one.id], county.programmes, own.public, base)
                made.append((prepared, _write(console, home, prepared, own)))
    if as_json:
        kits = [_document_of(*pair) for pair in made]
        console.document({"kits": kits, "problems": said(problems, console.tr)})
    if problems:
        raise BatchError(*problems)


@kit.command(
    "verify",
    help="Read every byte of a kit and hold it against its checksums, its signature and its plan: what is missing,"
    " changed, foreign, expired, older than what was issued, or not signed by a key that is trusted here.",
    short_help="Verify a kit, every byte of it.",
    epilog="Example:\n\n  yuanjiao kit verify E:\\",
)
@click.argument("directory", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--newer-than",
    "installed",
    type=click.Path(exists=True, path_type=Path),
    help="A kit's folder or plan.json that is there already: an older one is a fault.",
)
@JSON
@click.pass_obj
def verify(console: Console, *, directory: Path, installed: Path | None, as_json: bool) -> None:
    """Verify, report; fails when a player should not take it."""
    from playlists.almanac import clock
    from playlists.documents import said
    from playlists.kits.delta import find_kit, load_known
    from playlists.kits.keys import keys_folder, trusted_keys
    from playlists.kits.verifying import verify_kit

    newest = load_known(installed).revision if installed else 0
    with console.progress() as bars:
        bar = bars.add_task(console.tr(text("Reading")), total=_bytes_in(find_kit(directory)))
        trusted = trusted_keys(keys_folder())
        found = verify_kit(directory, trusted, clock.here(), newest, lambda size: bars.advance(bar, size))
    if as_json:
        problems, notes = (said(some, console.tr) for some in (found.problems, found.notes))
        console.document(_verdict_of(found) | {"problems": problems, "notes": notes})
    else:
        _say_verdict(console, found)
    if found.problems:
        raise BatchError(*found.problems)


@click.group(
    help="The key with which the office signs kits, and the keys of other offices that are trusted.",
    short_help="The office's signing key.",
    epilog="Example:\n\n  yuanjiao key init",
)
def key() -> None:
    """Hold the commands below."""


@key.command(
    "init",
    help="Make the office's signing key in the user's profile, where only this user can read it. A key that is there"
    " is kept. Keep a copy of it on a stick in a locked drawer.",
    short_help="Make the office's signing key.",
    epilog="Example:\n\n  yuanjiao key init",
)
@WORKSPACE
@JSON
@click.pass_obj
def key_init(console: Console, *, folder: Path, as_json: bool) -> None:
    """Make it unless there is one, and show it."""
    from courseware.lessons.workspace import find_root, open_workspace
    from playlists.kits.keys import keys_folder, load_key, make_key

    home, workspace = keys_folder(), open_workspace(folder)
    if home.resolve().is_relative_to(find_root(folder)):
        what = text("the key may not lie in the workspace, which is copied and shared; choose another folder")
        raise InputError(Problem(str(home), what))
    found = load_key(home)
    if found and not as_json:
        console.note(text("There is a key already; it is kept."))
    found = found or make_key(home, workspace.settings.office.name)
    _show_keys(console, home, (found.public,), as_json=as_json)


@key.command(
    "show", help="Show the office's key and those that are trusted.", epilog="Example:\n\n  yuanjiao key show"
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the public key to this file.")
@JSON
@click.pass_obj
def key_show(console: Console, *, output: Path | None, as_json: bool) -> None:
    """List them; the private half is never shown."""
    from courseware.files import write_bytes
    from playlists.kits.keys import dump_public, keys_folder, needed_key, trusted_keys

    home = keys_folder()
    if output:
        write_bytes(output, dump_public(needed_key(home).public))
    _show_keys(console, home, tuple(trusted_keys(home).values()), as_json=as_json)


@key.command(
    "trust",
    help="Trust another office's key: FILE is its key.pub, or a kit that it signed. First ask that office by"
    " telephone whether the number is theirs.",
    short_help="Trust another office's key.",
    epilog="Example:\n\n  yuanjiao key trust key.pub",
)
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--remove", is_flag=True, help="Trust it no longer.")
@JSON
@click.pass_obj
def key_trust(console: Console, *, file: Path, remove: bool, as_json: bool) -> None:
    """Add it to the trusted keys, or take it away."""
    from playlists.kits.delta import find_kit
    from playlists.kits.keys import PUBLIC_NAME, distrust, keys_folder, parse_public, trust, trusted_keys

    home = keys_folder()
    path = find_kit(file) / PUBLIC_NAME if file.is_dir() else file
    found = parse_public(path.read_bytes(), str(path))
    if remove:
        distrust(home, found.fingerprint)
    else:
        trust(home, found)
    _show_keys(console, home, tuple(trusted_keys(home).values()), as_json=as_json)


def _home(workspace: Workspace, venue: Venue, output: Path | None, *, every: bool) -> Path:
    from playlists.kits.sums import HOME

    if output and not every:
        return output / HOME
    return (output or workspace.kits_dir) / venue.id / HOME


@contextmanager
def _collecting(problems: list[Problem], venue: str, home: Path) -> Iterator[None]:
    """Let what is wrong with one venue's kit stop no other."""
    try:
        yield
    except YuanjiaoError as error:
        problems += (Problem(f"{venue}: {one.where}", one.what) for one in error.problems)
    except OSError as error:
        what = text("cannot be read or written: {reason}", reason=reason_of(error))
        problems.append(Problem(f"{venue}: {error.filename or home}", what))


def _prepare(
    workspace: Workspace,
    venue: Venue,
    schedules: Sequence[Schedule],
    programmes: Sequence[Programme],
    public: PublicKey,
    base: KnownKit | None,
) -> Prepared:
    from courseware.lessons.workspace import lock_at
    from playlists.kits.building import prepare_kit

    # Two that build at once must not issue one number twice.
    with lock_at(workspace.root):
        return prepare_kit(workspace, venue, schedules, programmes, public, base)


def _write(console: Console, home: Path, prepared: Prepared, own: OfficeKey) -> WrittenKit:
    from courseware.lessons.workspace import lock_around
    from playlists.kits.writing import write_kit

    contents, kit_id = prepared.contents, prepared.plan.kit
    if contents.elsewhere:
        size, whole = megabytes(prepared.carried_bytes), megabytes(prepared.plan.media_bytes)
        what = text(
            "{kit}: {new} of {videos} videos are new, {size} of {whole} MB",
            kit=kit_id,
            new=len(contents.carried),
            videos=len(contents.videos),
            size=size,
            whole=whole,
        )
        console.note(what)
    with console.progress() as bars, lock_around(home):
        title = console.tr(text("Copying {name}", name=kit_id))
        bar = bars.add_task(title, total=prepared.carried_bytes)
        written = write_kit(home, contents, own, lambda size: bars.advance(bar, size))
    for path in written.foreign:
        console.note(text("{file} does not belong to the kit and was left alone; move it away", file=home / path))
    if not console.answers_json:
        console.say(text("{kit} is in {folder}, {size} MB", folder=home, kit=kit_id, size=megabytes(written.size)))
    return written


def megabytes(size: int) -> str:
    """Bytes as people read them on sticks."""
    return f"{size / 10**6:.1f}"


def _document_of(prepared: Prepared, written: WrittenKit) -> dict[str, Any]:
    plan = prepared.plan
    return {
        "venue": plan.venue.id,
        "kit": plan.kit,
        "revision": plan.revision,
        "folder": written.folder.as_posix(),
        "files": len(prepared.contents.sums) - len(prepared.contents.elsewhere),
        "bytes": written.size,
        "copied_bytes": written.copied_bytes,
        "foreign": list(written.foreign),
    }


def _bytes_in(home: Path) -> int:
    from playlists.kits.sums import SEALS
    from playlists.kits.writing import files_in

    return sum((home / path).lstat().st_size for path in files_in(home) if path not in SEALS)


def _verdict_of(found: Verified) -> dict[str, Any]:
    plan = found.plan
    return {
        "good": found.is_good,
        "folder": found.folder.as_posix(),
        "kit": plan.kit if plan else None,
        "venue": plan.venue.id if plan else None,
        "revision": plan.revision if plan else None,
        "from": plan.valid.start.isoformat() if plan else None,
        "to": plan.valid.end.isoformat() if plan else None,
        "signed_by": found.signer.office if found.signer else None,
        "key": found.signer.fingerprint if found.signer else None,
        "files": found.files,
        "bytes": found.size,
    }


def _say_verdict(console: Console, found: Verified) -> None:
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


def _show_keys(console: Console, home: Path, keys: Sequence[PublicKey], *, as_json: bool) -> None:
    from playlists.kits.keys import load_key

    own = load_key(home)
    mine = own.public.fingerprint if own else None
    if as_json:
        listed = [{"office": one.office, "key": one.fingerprint, "own": one.fingerprint == mine} for one in keys]
        console.document({"folder": str(home), "keys": listed})
        return
    console.say(text("Keys in {folder}:", folder=home))
    for one in keys:
        whose = text("our own") if one.fingerprint == mine else text("trusted")
        console.say(f"  {spaced(one.fingerprint)}  {one.office}  ({console.tr(whose)})")


def spaced(fingerprint: str) -> str:
    """In fours, to be read out on the telephone."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))
