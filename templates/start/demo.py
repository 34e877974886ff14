"""The sample county (templates/county), how it becomes a workspace of the user's own, and what is shown with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from courseware.clutter import listed
from courseware.errors import InputError, Problem, text
from courseware.files import replacing
from templates.start.scenes import write_scene
from templates.start.song import write_lyrics, write_song

COUNTY_DIR = Path(__file__).parents[1] / "county"
# What is drawn and played for its lessons, since no photo and no song may be given away with the package.
_MADE: Mapping[str, Mapping[str, Callable[[Path], None]]] = {
    "river-song": {
        "song.wav": write_song,
        "song.lrc": write_lyrics,
        **{f"{name}.jpg": partial(write_scene, name) for name in ("spring", "village", "terraces")},
    },
    "our-orchard": {f"{name}.jpg": partial(write_scene, name) for name in ("terraces", "spring", "village")},
    "straw-spot": {
        "song.wav": write_song,
        **{f"{name}.jpg": partial(write_scene, name) for name in ("harvest", "spring", "village")},
    },
}


def copy_county(directory: Path) -> None:
    """Copy the sample county into `directory`, with the pictures and the song that are made for it.

    Over an earlier copy nothing is written but what is missing of these.

    Raises:
        InputError: the folder holds something else.
    """
    if not ((directory / "yuanjiao.toml").is_file() and (directory / "catalogue.xlsx").is_file()):
        if listed(directory):
            what = text("the folder is not empty; name another one, or an earlier demo")
            raise InputError(Problem(str(directory), what))
        shutil.copytree(COUNTY_DIR, directory, dirs_exist_ok=True)
    for lesson, files in _MADE.items():
        for name, write in files.items():
            target = directory / "courseware" / lesson / name
            if target.parent.is_dir() and not target.exists():
                with replacing(target) as scratch:
                    write(scratch)


def coming_week() -> str:
    """The ISO week after the present one, like "2026-W48", by Chinese time."""
    year, week, _ = (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02}"


def first_commands(place: str, week: str) -> tuple[tuple[str, ...], ...]:
    """The commands of the demo up to the kit, in order, as typed after "yuanjiao"."""
    here = ("--workspace", place)
    # A lesson that is there is never written over: a demo that is run again has it already.
    is_made = (Path(place) / "courseware" / "apple-pruning").exists()
    told = () if is_made else (("lesson", "new", "--from", f"{place}/texts/apple-pruning.md", *here),)
    return (
        ("import", f"{place}/catalogue.xlsx", "--media", f"{place}/media", *here),
        *told,
        ("check", *here),
        ("render", *here),
        ("schedule", "plan", "--week", week, *here),
        ("key", "init", *here),
        ("kit", "build", "square-01", "--week", week, *here),
    )


def commands_after(place: str, week: str) -> tuple[tuple[str, ...], ...]:
    """Those that follow while the player plays."""
    here = ("--workspace", place)
    return (
        ("kit", "verify", f"{place}/kits/square-01"),
        ("playlist", "build", "square-01", "--week", week, "--usb", *here),
        ("publish", "--week", week, *here),
        ("column", "new", "read-results", *here),
        ("review", "submit", "column:1", "--by", "王芳", *here),
        ("review", "approve", "column:1", "--by", "李某", *here),
        ("column", "publish", "1", *here),
        ("status", "--week", week, *here),
        ("schedule", "show", "square-01", "--week", week, *here),
    )


def commands_of_record(place: str, week: str, record: str) -> tuple[tuple[str, ...], ...]:
    """Those that bring in what the player recorded, and tell of it."""
    here = ("--workspace", place)
    return (
        ("asrun", "import", record, *here),
        ("report", "played", "--week", week, "--venue", "square-01", *here),
    )


RESULTS = {
    "courseware/": text("the lessons: of catalogue.xlsx, of a text, a song, a story and a spot of pictures"),
    "renditions/": text("the finished videos, one folder for each kind of screen"),
    "playlists/": text("what to copy on a USB stick for the first square"),
    "kits/": text("the first square's kit, signed: copy 远教 to a stick; the key lies beside, in …-keys"),
    "kits/…/asrun": text("what the player recorded; “yuanjiao report month” makes pages and PDF of such records"),
    "schedules/": text("the week of every venue, exact to the second"),
    "published/": text("pages, posters and long images; open index.html in a browser"),
    "columns/": text("an article of the column about a lesson; open published/columns/road/index.html"),
}
