"""Options that commands of every package share."""

from __future__ import annotations

from pathlib import Path

import click

FOLDER = click.Path(file_okay=False, path_type=Path)
WORKSPACE = click.option(
    "--workspace", "folder", type=FOLDER, default=".", help="The workspace, when it is not here."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
