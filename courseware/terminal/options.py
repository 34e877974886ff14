"""Options that commands of every package share."""

from __future__ import annotations

import math
from collections.abc import Callable
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


def _answer_in_json(ctx: click.Context, _option: click.Parameter, wanted: bool) -> bool:  # noqa: FBT001  (click's call)
    if wanted:
        _change_console(ctx, answers_json=True)
    return wanted


# Eager: also what is wrong with the other options is answered so.
JSON = click.option(
    "--json", "as_json", is_flag=True, is_eager=True, callback=_answer_in_json, help="Report as JSON."
)


class Amount(click.FloatRange):
    """A number of a range; "nan" is in none, though no comparison says so."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401
        """The number.

        Raises:
            InputError: it is none that counts.
        """
        found = super().convert(value, param, ctx)
        if not math.isfinite(found):
            where = param.opts[0] if param else ""
            raise InputError(Problem(where, text("“{given}” is not a number; write one like 2 or 2.5", given=value)))
        return found


def _fold_unless(ctx: click.Context, _option: click.Parameter, whole: bool) -> None:  # noqa: FBT001  (click's call)
    """Let the console fold what it lists, for the command and for the errors that end it."""
    _change_console(ctx, folds=not whole)


# For every command that may list problems by the hundred.
ALL = click.option(
    "--all",
    "whole",
    is_flag=True,
    expose_value=False,
    callback=_fold_unless,
    help="List every problem; else of many of one kind the first, and their number.",
)
