"""The commands farm and worker. Reads options, hands over."""

from __future__ import annotations

import platform
from pathlib import Path

import click

from courseware.errors import InputError, Problem, text
from courseware.terminal.console import Console
from courseware.terminal.options import FOLDER, JSON

_FILE = click.Path(dir_okay=False, path_type=Path)
_GB = 10**9


@click.group(
    help="Let several computers of the office make lessons together.",
    short_help="Several computers make lessons together.",
    epilog="Examples:\n\n  yuanjiao farm key office-pc --store //office-pc/farm\n\n  yuanjiao farm start",
)
def farm() -> None:
    """Hold the commands below."""


@farm.command(
    "key",
    help="Found a farm whose scheduler runs on HOST, and write a worker's file; without HOST, one more file for a"
    " farm that is there. Whoever has such a file belongs to the farm: carry it by hand, send it to nobody.",
    short_help="Make a farm, and the file by which a computer belongs to it.",
    epilog="Examples:\n\n  yuanjiao farm key office-pc --store //office-pc/farm\n\n"
    "  yuanjiao farm key --output classroom.farm",
)
@click.argument("host", required=False, metavar="[HOST]")
@click.option(
    "--store", metavar="PLACE", default="", help="A folder that all computers reach, or s3://bucket/folder."
)
@click.option("--endpoint", metavar="URL", default="", help="Of an S3 server of your own.")
@click.option("--name", metavar="NAME", default="worker", show_default=True, help="Whose file it is.")
@click.option("--output", "-o", type=_FILE, default=Path("worker.farm"), show_default=True, help="The worker's file.")
@JSON
@click.pass_obj
def farm_key(
    console: Console, *, host: str | None, store: str, endpoint: str, name: str, output: Path, as_json: bool
) -> None:
    """Handed over to render.farm.passport."""
    from render.farm.passport import issue, load_passport, make_farm, office_passport

    if host and not store:
        raise InputError(Problem("--store", text("name the folder, or s3://bucket/folder, that all computers reach")))
    office = make_farm(host, store, endpoint) if host else load_passport(office_passport())
    issue(office, name, output)
    if as_json:
        found = {"scheduler": office.scheduler, "store": office.store, "office": str(office_passport())}
        console.document({**found, "worker": str(output)})
        return
    console.say(text("the farm is {scheduler}, its store {store}", scheduler=office.scheduler, store=office.store))
    console.say(text("{file} makes a computer one of its workers; whoever has it can use the farm", file=output))


@farm.command(
    "revoke",
    help="Call back the files that were made under NAME: once “farm start” is started again, the office answers"
    " nobody who shows one. Change the store's own passwords, too; they travelled in the file.",
    short_help="Call a computer's file back.",
    epilog="Example:\n\n  yuanjiao farm revoke classroom",
)
@click.argument("name", metavar="NAME")
@JSON
@click.pass_obj
def farm_revoke(console: Console, *, name: str, as_json: bool) -> None:
    """Handed over to render.farm.passport."""
    from render.farm.passport import call_back, load_passport, office_passport

    count = call_back(load_passport(office_passport()), name)
    if as_json:
        console.document({"name": name, "files": count})
        return
    what = text("{count} files of {name} are called back; start “yuanjiao farm start” again", count=count, name=name)
    console.say(what)


@farm.command(
    "start",
    help="Open the farm: its scheduler hands the office's jobs to the workers that have come. With --alone it serves"
    " the workers of this computer and needs no key.",
    short_help="Open the farm.",
    epilog="Examples:\n\n  yuanjiao farm start\n\n  yuanjiao farm start --alone --store pieces",
)
@click.option("--alone", is_flag=True, help="For this computer only.")
@click.option("--store", metavar="PLACE", default="", help="The store, when this computer reaches it another way.")
@click.option("--port", type=click.IntRange(1, 65535), default=8786, show_default=True, help="The scheduler's port.")
@click.option(
    "--dashboard", type=click.IntRange(1, 65535), default=8780, show_default=True, help="The port of its pages."
)
@click.pass_obj
def farm_start(console: Console, *, alone: bool, store: str, port: int, dashboard: int) -> None:
    """Handed over to render.farm.office.opening."""
    from render.farm.office.opening import serve_farm
    from render.farm.trust import require_dask

    require_dask()
    serve_farm(console, store, port, dashboard, alone=alone)


@click.command(
    help="Lend this computer to a farm: FARM is the file that the office made, or tcp://127.0.0.1:8786 for a farm on"
    " this computer alone. Other programs go first. Ctrl-C ends what is begun and leaves.",
    short_help="Lend this computer to a farm.",
    epilog="Examples:\n\n  yuanjiao worker worker.farm\n\n  yuanjiao worker worker.farm --between 18:00-07:00",
)
@click.argument("farm", metavar="FARM")
@click.option("--jobs", "-j", type=click.IntRange(1, 64), help="How many pieces at once; else one for each core.")
@click.option("--between", metavar="HOURS", help="Only in these hours, e.g. 18:00-07:00.")
@click.option("--cache", type=FOLDER, help="Where it keeps what it works with.")
@click.option("--cache-size", type=click.IntRange(1), default=20, show_default=True, help="Of that, in GB.")
@click.option("--store", metavar="PLACE", default="", help="The store, when this computer reaches it another way.")
@click.option("--name", metavar="NAME", default="", help="As the office sees it; else the computer's name.")
@click.pass_obj
def worker(
    console: Console,
    *,
    farm: str,
    jobs: int | None,
    between: str | None,
    cache: Path | None,
    cache_size: int,
    store: str,
    name: str,
) -> None:
    """Handed over to render.farm.lending.lend."""
    from render.farm.trust import require_dask

    require_dask()
    import platformdirs

    from render.farm.address import find_place
    from render.farm.lending.hours import parse_hours
    from render.farm.lending.lend import Lent, lend
    from render.work.machine import lower_priority, stay_awake, workers

    hours = parse_hours(between) if between else None
    lower_priority(wanted=True)
    stay_awake()
    lent = Lent(
        threads=jobs or workers(),
        hours=hours,
        cache=cache or platformdirs.user_cache_path("yuanjiao", appauthor=False) / "worker",
        most_bytes=cache_size * _GB,
        store=store,
        name=name or platform.node(),
    )
    lend(console, find_place(farm, "FARM"), lent)
