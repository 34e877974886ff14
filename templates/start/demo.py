"""The sample county (templates/county) and how it becomes a workspace of the user's own."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from courseware.clutter import listed
from courseware.errors import InputError, Problem, text

COUNTY_DIR = Path(__file__).parents[1] / "county"


def copy_county(directory: Path) -> None:
    """Copy the sample county into `directory`; over an earlier copy nothing is written.

    Raises:
        InputError: the folder holds something else.
    """
    if (directory / "yuanjiao.toml").is_file() and (directory / "catalogue.xlsx").is_file():
        return
    if listed(directory):
        what = text("the folder is not empty; name another one, or an earlier demo")
        raise InputError(Problem(str(directory), what))
    shutil.copytree(COUNTY_DIR, directory, dirs_exist_ok=True)


def coming_week() -> str:
    """The ISO week after the present one, like "2026-W48", by Chinese time."""
    year, week, _ = (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02}"
