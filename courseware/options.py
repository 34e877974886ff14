"""Options that commands of every package share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

FOLDER = click.Path(file_okay=False, path_type=Path)
WORKSPACE = click.option(
    "--workspace", "folder", type=FOLDER, default=".", help="The workspace, when it is not here."
)


def WRITES(command: Callable[..., Any]) -> Callable[..., Any]:  # noqa: N802  (stands among the options, like them)
    """The option --workspace of a command that writes there: it runs under the workspace's lock, unless dry."""

    @wraps(command)
    def alone(*given: Any, folder: Path, **options: Any) -> Any:  # noqa: ANN401  (whatever click hands over)
        from courseware.workspace import lock_at

        if options.get("dry_run"):
            return command(*given, folder=folder, **options)
        with lock_at(folder):
            return command(*given, folder=folder, **options)

    return WORKSPACE(alone)


JSON = click.option("--json", "as_json", is_flag=True, help="Report as JSON.")


def _fold_unless(ctx: click.Context, _option: click.Parameter, whole: bool) -> None:  # noqa: FBT001  (click's call)
    """Let the console fold what it lists, for the command and for the errors that end it."""
    console = replace(ctx.obj, folds=not whole)
    here: click.Context | None = ctx
    while here is not None:
        here.obj, here = console, here.parent


# For every command that may list problems by the hundred.
ALL = click.option(
    "--all",
    "whole",
    is_flag=True,
    expose_value=False,
    callback=_fold_unless,
    help="List every problem; else of many of one kind the first, and their number.",
)
