"""Assembles the commands, lazily; chooses the language; turns errors into messages and an exit code."""

from __future__ import annotations

import gettext
import importlib
import locale
import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from courseware.errors import Problem, StorageError, YuanjiaoError, reason_of, text
from courseware.terminal.chinese import set_in_chinese
from courseware.terminal.console import Console
from courseware.terminal.help import HelpContext, translated
from courseware.terminal.threads import compute_on_one_thread

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor
    from contextlib import AbstractContextManager

    from courseware.lessons.alert import Alert
    from courseware.lessons.rendition import Rendition
    from courseware.lessons.workspace import Workspace
    from playlists.kits.rehearsing import PlayedEvening
    from templates.pages.typeset import SheetPress

LOCALE_DIR = Path(__file__).parent / "templates" / "locale"

# command → (module, attribute). A module is imported only when its command is used or listed.
COMMANDS = {
    "asrun": ("playlists.asrun.commands", "asrun"),
    "bulletin": ("render.loudspeaker.commands", "bulletin"),
    "clean": ("playlists.overview.commands", "clean"),
    "check": ("playlists.overview.commands", "check"),
    "column": ("playlists.columns.commands", "column"),
    "demo": ("cli", "demo"),
    "desk": ("desk.serving.commands", "desk"),
    "doctor": ("render.making.commands", "doctor"),
    "export": ("playlists.exports.commands", "export"),
    "farm": ("render.farm.commands", "farm"),
    "frame": ("render.making.commands", "frame"),
    "cover": ("render.covers.commands", "cover"),
    "guide": ("playlists.overview.commands", "guide"),
    "import": ("courseware.intake.commands", "import_sheet"),
    "init": ("playlists.overview.commands", "init"),
    "key": ("playlists.keys.commands", "key"),
    "kit": ("playlists.sticks.commands", "kit"),
    "lesson": ("courseware.origins.commands", "lesson"),
    "leaflet": ("playlists.leaflets.commands", "leaflet"),
    "loudspeaker": ("render.loudspeaker.commands", "loudspeaker"),
    "notice": ("playlists.notices.commands", "notice"),
    "player": ("playlists.kits.player.commands", "player"),
    "playlist": ("playlists.lists.commands", "playlist"),
    "probe": ("render.making.commands", "probe"),
    "publish": ("playlists.publishing.commands", "publish"),
    "qc": ("render.quality.commands", "qc"),
    "render": ("render.making.commands", "render"),
    "report": ("playlists.reports.commands", "report"),
    "review": ("playlists.reviews.commands", "review"),
    "schedule": ("playlists.weeks.commands", "schedule"),
    "status": ("playlists.overview.commands", "status"),
    "store": ("render.making.commands", "store"),
    "subtitle": ("render.subtitles.commands", "subtitle"),
    "transcode": ("render.making.commands", "transcode"),
    "user": ("desk.people.commands", "user"),
    "voice": ("render.narration.commands", "voice"),
    "worker": ("render.farm.commands", "worker"),
}
# What a group gets from another module than its own, which may not import it.
ADDED = {
    "review": ("render.reviewing.commands", "page"),
    "subtitle": ("render.subtitles.sync.commands", "sync"),
}


def load_command(name: str) -> click.Command:
    """A command as its module made it, in English, with what another package adds."""
    module, attribute = COMMANDS[name]
    command: click.Command = getattr(importlib.import_module(module), attribute)
    if name in ADDED and isinstance(command, click.Group):
        home, added = ADDED[name]
        command.add_command(getattr(importlib.import_module(home), added))
    return command


def choose_language(wanted: str | None) -> str:
    """Return "zh" or "en": what the option says, else YUANJIAO_LANG, else the locale."""
    told = wanted or os.environ.get("YUANJIAO_LANG") or locale.getlocale()[0] or ""
    return "zh" if told.lower().startswith(("zh", "chinese")) else "en"


def make_console(language: str) -> Console:
    """A console that speaks "zh" or "en"."""
    languages = ["zh_CN"] if language == "zh" else ["en"]
    catalogue = gettext.translation("yuanjiao", LOCALE_DIR, languages, fallback=True)
    # An empty pattern would fetch the catalogue's header.
    return Console(language, lambda pattern: catalogue.gettext(pattern) if pattern else "")


class LazyGroup(click.Group):
    """The top-level command: finds the others by name, and is the one place where errors become messages."""

    context_class = HelpContext

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Choose the language before anything else is parsed, so that --help and errors are in it too."""
        wanted, rest = _take_language(args)
        ctx.obj = speak(choose_language(wanted))
        try:
            return super().parse_args(ctx, [*(("--lang", wanted) if wanted else ()), *rest])
        except click.UsageError as error:
            raise _as_set(error) from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in alphabetical order."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module and translate its help."""
        if cmd_name not in COMMANDS:
            return None
        return translated(load_command(cmd_name), ctx.find_root().obj.translate)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Help of the whole program, in the user's language."""
        click.Group.format_help(self._twin(ctx), ctx, formatter)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The line that also stands above errors."""
        click.Group.format_usage(self._twin(ctx), ctx, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; a slip of the pen is answered with the nearest command."""
        from difflib import get_close_matches

        guesses = get_close_matches(args[0], COMMANDS, 1) if args[0] not in COMMANDS else ()
        if guesses:
            what = text("there is no command “{name}”; did you mean “{guess}”?", name=args[0], guess=guesses[0])
            ctx.fail(ctx.obj.tr(what))
        return super().resolve_command(ctx, args)

    def _twin(self, ctx: click.Context) -> click.Group:
        twin = translated(self, ctx.obj.translate)
        assert isinstance(twin, click.Group)  # noqa: S101  (for the type checker)
        return twin

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  (click's own signature)
        """Run the command; every error of ours, and of the disk, becomes one message and an exit code."""
        try:
            return super().invoke(ctx)
        except YuanjiaoError as error:
            ctx.obj.failure(error.problems)
            ctx.exit(error.exit_code)
        except OSError as error:
            ctx.obj.failure(_storage_error(error).problems)
            ctx.exit(StorageError.exit_code)
        except click.UsageError as error:
            if ctx.obj.answers_json:
                what = set_in_chinese(error.format_message())
                ctx.obj.document({"problems": [{"where": "", "what": what}]})
            raise _as_set(error) from None


def speak(language: str) -> Console:
    """A console for the language, with click's own words ("Usage", "No such option") in it as well."""
    # click asks the system's gettext, which reads LANGUAGE at every call; our catalogue has its sentences.
    os.environ["LANGUAGE"] = "zh_CN" if language == "zh" else "en"
    gettext.bindtextdomain("yuanjiao", LOCALE_DIR)
    gettext.textdomain("yuanjiao")
    return make_console(language)


def _as_set(error: click.UsageError) -> click.UsageError:
    """What click says of wrong arguments, set in Chinese; help that is shown instead stays help."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error
    return click.UsageError(set_in_chinese(error.format_message()), error.ctx)


def _take_language(args: list[str]) -> tuple[str | None, list[str]]:
    """The value of --lang, wherever it stands, and the other arguments."""
    for index, argument in enumerate(args):
        if argument == "--":
            break
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang="), args[:index] + args[index + 1 :]
        if argument == "--lang" and index + 1 < len(args):
            return args[index + 1], args[:index] + args[index + 2 :]
    return None, args


def _storage_error(error: OSError) -> StorageError:
    """What the system says of a file, in words a person can act on."""
    what = text("cannot be read or written: {reason}", reason=reason_of(error))
    return StorageError(Problem(str(error.filename or ""), what))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    help="Makes and schedules rural distance education: lessons for every screen, playlists, schedules, pages.",
    epilog="Example:\n\n  yuanjiao demo",
)
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    help="Language of the messages; else YUANJIAO_LANG, else the system's.",
)
@click.version_option(package_name="yuanjiao", prog_name="yuanjiao", message="%(prog)s %(version)s")
@click.pass_context
def main(ctx: click.Context, lang: str | None) -> None:
    """Entry point of `yuanjiao` and of `python cli.py`; LazyGroup has already acted on `lang`."""
    from courseware.lessons.alert import VIDEO_MAKER
    from templates.pages.typeset import FARM_PRESS

    del lang
    compute_on_one_thread()
    ctx.meta[VIDEO_MAKER] = make_alert_videos
    ctx.meta[FARM_PRESS] = open_farm_press


def make_alert_videos(
    alert: Alert, workspace: Workspace, profiles: Sequence[str], folder: Path, console: Console
) -> tuple[Rendition, ...]:
    """The videos of an emergency notice: what sends it may not import what makes videos, so the two meet here."""
    from render.alerts.making import make_videos

    return make_videos(alert, workspace, profiles, folder, console)


def open_farm_press(farm: str, workspace: Workspace, console: Console) -> AbstractContextManager[SheetPress]:
    """What typesets on a farm's computers: what publishes knows no farm, so the two meet here."""
    from render.farm.address import find_place
    from render.farm.office.opening import farm_press

    return farm_press(find_place(farm, "--on"), workspace.cache_dir, console)


@click.command(
    help="Run the whole flow on the sample county in DIR (yuanjiao-demo when not given): from raw footage to a"
    " published week, and back: the player's record and the report of it. Takes about three minutes.",
    short_help="The whole flow on a sample county.",
    epilog="Example:\n\n  yuanjiao demo",
)
@click.argument(
    "directory", metavar="[DIR]", type=click.Path(file_okay=False, path_type=Path), default="yuanjiao-demo"
)
@click.option("--week", metavar="WEEK", help="The week to plan, like 下周 or 2026-W49; else the coming one.")
@click.pass_obj
def demo(console: Console, directory: Path, week: str | None) -> None:
    """Run the commands a person would type, and print them."""
    from concurrent.futures import ThreadPoolExecutor

    from playlists.almanac.clock import moved_to
    from playlists.kits.sums import HOME
    from templates.start import demo as county

    began = time.monotonic()
    county.copy_county(directory)
    place, week = str(directory), week or county.coming_week()
    # A county that does not exist must not leave its key in the user's profile.
    os.environ.setdefault("YUANJIAO_KEYS", f"{directory.resolve()}-keys")
    _type(console, county.first_commands(place, week))
    with ThreadPoolExecutor(1) as pool:
        played = _play_beside(console, pool, directory / "kits" / "square-01" / HOME)
        _type(console, county.commands_after(place, week))
        if played and (evening := _played(console, played)):
            with moved_to(evening.end):
                _type(console, county.commands_of_record(place, week, str(evening.record)))
    minutes, seconds = divmod(round(time.monotonic() - began), 60)
    console.say(
        text(
            "\nDone in {minutes} min {seconds} s. Everything lies in {place}:",
            minutes=minutes,
            seconds=seconds,
            place=directory.resolve(),
        )
    )
    for folder, what in county.RESULTS.items():
        console.say(f"  {folder:<13} {console.tr(what)}")


def _type(console: Console, commands: Iterable[tuple[str, ...]]) -> None:
    """Print commands and run them, as if a person had typed them."""
    for arguments in commands:
        console.say("\n$ yuanjiao " + " ".join(arguments))
        status = main.main(["--lang", console.language, *arguments], prog_name="yuanjiao", standalone_mode=False)
        if status:
            raise click.exceptions.Exit(status)


def _play_beside(console: Console, pool: ThreadPoolExecutor, kit: Path) -> Future[PlayedEvening] | None:
    """Let the player play while the demo goes on; nothing where there is no mpv, and it is said why."""
    from playlists.kits.mpv import find_mpv
    from playlists.kits.rehearsing import MINUTES, SPEED, play_opening

    try:
        mpv = find_mpv()
    except YuanjiaoError as error:
        console.problems(error.problems)
        console.note(
            text("Without mpv the end is left out: the player, its record, and the report of what it showed.")
        )
        return None
    what = text(
        "\nMeanwhile mpv plays the first {minutes} minutes of that week, without a screen and {speed} times as fast.",
        minutes=MINUTES,
        speed=SPEED,
    )
    console.say(what)
    return pool.submit(play_opening, mpv, kit)


def _played(console: Console, playing: Future[PlayedEvening]) -> PlayedEvening | None:
    """What was played, when it is over; a player that fails does not end the demo."""
    try:
        evening = playing.result()
    except YuanjiaoError as error:
        console.problems(error.problems)
        return None
    what = text(
        "\nThe county's clock now stands at {moment}, and the stick comes back:",
        moment=f"{evening.end:%Y-%m-%d %H:%M}",
    )
    console.say(what)
    return evening


if __name__ == "__main__":
    main()
