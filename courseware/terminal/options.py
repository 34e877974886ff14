"""Options that commands of every package share."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from courseware.errors import InputError, Problem, text

FOLDER = click.Path(file_okay=False, path_type=Path)
WORKSPACE = click.option(
    "--workspace", "folder", type=FOLDER, default=".", help="The workspace, when it is not here."
)


def WRITES(command: Callable[..., Any]) -> Callable[..., Any]:  # noqa: N802  (stands among the options, like them)
    """The option --workspace of a command that writes there: it runs under the workspace's lock, unless dry."""

    @wraps(command)
    def alone(*given: Any, folder: Path, **options: Any) -> Any:  # noqa: ANN401  (whatever click hands over)
        from courseware.lessons.workspace import lock_at

        if options.get("dry_run"):
            return command(*given, folder=folder, **options)
        with lock_at(folder):
            return command(*given, folder=folder, **options)

    return WORKSPACE(alone)


def _change_console(ctx: click.Context, **changes: bool) -> None:
    """For the command and for the errors that end it."""
    console = replace(ctx.obj, **changes)
    here: click.Context | None = ctx
    while here is not None:
        here.obj, here = console, here.parent


def _answer_in_json(ctx: click.Context, _option: click.Parameter, wanted: bool) -> bool:
    if wanted:
        _change_console(ctx, answers_json=True)
    return wanted


# Eager: also what is wrong with the other options is answered so.
JSON = click.option(
    "--json", "as_json", is_flag=True, is_eager=True, callback=_answer_in_json, help="Report as JSON."
)


class NamesOption(click.Option):
    """Takes names of a registry, which is looked into only when the option is used or its help is read."""

    def __init__(self, *given: Any, names: Callable[[], Iterable[str]], is_open: bool = False, **told: Any) -> None:  # noqa: ANN401  (whatever click takes)
        """An option of click's, its help with the names.

        Args:
            names: the registry's.
            is_open: whether there are others; then whoever uses the name refuses what is none.
        """
        super().__init__(*given, **told)
        self._names, self._is_open = names, is_open

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The help, and the names that there are."""
        record = super().get_help_record(ctx)
        return record and (record[0], f"{record[1]} [{', '.join(self._names())}]")

    def process_value(self, ctx: click.Context, value: object) -> Any:  # noqa: ANN401  (click's own signature)
        """The name or names, each of them one that there is."""
        found = super().process_value(ctx, value)
        # What is neither was not given; click says so in several ways.
        given = (found,) if isinstance(found, str) else found if isinstance(found, tuple) else ()
        if self._is_open or not given:
            return found
        from courseware.validate import not_one_of

        names = tuple(self._names())
        unknown = [Problem(self.opts[0], not_one_of(name, names)) for name in given if name not in names]
        if unknown:
            raise InputError(*unknown)
        return found


class NamesCommand(click.Command):
    """A command whose help ends in the names of a registry, which is looked into only when the help is read."""

    def __init__(self, *given: Any, names: Callable[[], Iterable[str]], **told: Any) -> None:  # noqa: ANN401  (whatever click takes)
        """A command of click's."""
        super().__init__(*given, **told)
        self._names = names

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help, and the names that there are."""
        told = copy.copy(self)
        told.help = f"{self.help} [{', '.join(self._names())}]"
        click.Command.format_help_text(told, ctx, formatter)


def profile_option(*names: str, **told: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # noqa: ANN401  (whatever click takes)
    """The option --profile, its help with the names that there are and how the others are made.

    Args:
        names: of the parameter, where it is not `profile`.
        told: what else click is told.
    """
    return click.option(
        "--profile", "-p", *names, metavar="PROFILE", cls=NamesOption, names=_profile_names, is_open=True, **told
    )


def _moment(_: click.Context, __: click.Parameter, given: str | None) -> int | None:
    """Milliseconds of "0:42" or "83.5"."""
    from courseware.times import parse_shift

    if given is None:
        return None
    found = parse_shift(given)
    if found is None or found < 0:
        raise InputError(Problem("--at", text("write it like 0:42 or 1:02:30.5")))
    return found


def moment_option(told: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option --at, a moment of a finished video, as the parameter `at_ms`; None when it is not given.

    Args:
        told: its help.
    """
    return click.option("--at", "at_ms", metavar="TIME", callback=_moment, help=told)


def _profile_names() -> Iterable[str]:
    from courseware.lessons.profiles import PROFILES, SIZED

    return (*PROFILES, SIZED)


class Amount(click.FloatRange):
    """A number of a range; "nan" is in none, though no comparison says so."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401  (click's)
        """The number.

        Raises:
            InputError: it is none that counts.
        """
        found = super().convert(value, param, ctx)
        if not math.isfinite(found):
            where = param.opts[0] if param else ""
            raise InputError(Problem(where, text("“{given}” is not a number; write one like 2 or 2.5", given=value)))
        return found


def _fold_unless(ctx: click.Context, _option: click.Parameter, whole: bool) -> None:
    """Let the console fold what it lists, for the command and for the errors that end it."""
    _change_console(ctx, folds=not whole)


ON = click.option(
    "--on", "farm", metavar="FARM", help="On a farm: tls://office-pc:8786, or tcp://127.0.0.1:8786 on this computer."
)
# For every command that may list problems by the hundred.
ALL = click.option(
    "--all",
    "whole",
    is_flag=True,
    expose_value=False,
    callback=_fold_unless,
    help="List every problem; else of many of one kind the first, and their number.",
)
