"""The command key. Reads options, hands over, reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from courseware.errors import text
from courseware.terminal.console import Console
from courseware.terminal.options import JSON, WORKSPACE

if TYPE_CHECKING:
    from playlists.kits.keys import PublicKey


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
    from courseware.lessons.workspace import open_workspace
    from courseware.storage.keys_folder import keys_folder
    from playlists.kits.keys import load_key, office_key

    home = keys_folder()
    if load_key(home) and not as_json:
        console.note(text("There is a key already; it is kept."))
    found = office_key(open_workspace(folder))
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
    from courseware.storage.keys_folder import keys_folder
    from playlists.kits.keys import dump_public, needed_key, trusted_keys

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
    from courseware.storage.keys_folder import keys_folder
    from playlists.kits.delta import find_kit
    from playlists.kits.keys import PUBLIC_NAME, distrust, parse_public, trust, trusted_keys

    home = keys_folder()
    path = find_kit(file) / PUBLIC_NAME if file.is_dir() else file
    found = parse_public(path.read_bytes(), str(path))
    if remove:
        distrust(home, found.fingerprint)
    else:
        trust(home, found)
    _show_keys(console, home, tuple(trusted_keys(home).values()), as_json=as_json)


def _show_keys(console: Console, home: Path, keys: Sequence[PublicKey], *, as_json: bool) -> None:
    from playlists.kits.keys import load_key

    own = load_key(home)
    mine = own.public.fingerprint if own else None
    if as_json:
        listed = [{"office": one.office, "key": one.fingerprint, "own": one.fingerprint == mine} for one in keys]
        console.document({"folder": str(home), "keys": listed})
        return
    console.say(text("Keys in {folder}:", folder=home))
    for listed_key in keys:
        whose = text("our own") if listed_key.fingerprint == mine else text("trusted")
        console.say(f"  {spaced(listed_key.fingerprint)}  {listed_key.office}  ({console.tr(whose)})")


def spaced(fingerprint: str) -> str:
    """In fours, to be read out on the telephone."""
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))
