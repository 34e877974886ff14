"""Options that several commands share. What is typed for weeks and days is read in playlists/almanac/typed.py."""

from __future__ import annotations

import click

# Of a week that is to be planned.
COMING_WEEK = click.option(
    "--week",
    metavar="WEEK",
    default="",
    help="Like 下周, 第49周, 2026-11-30 or 2026-W49; the coming week when not given.",
)
# Of one that is planned: without it, the same week as that of `schedule plan`.
WEEK = click.option(
    "--week",
    metavar="WEEK",
    default="",
    help="Like 下周, 第49周, 2026-11-30 or 2026-W49; when not given, the coming week, or the present one where that"
    " is not planned yet.",
)
DAY = click.option("--day", metavar="DAY", default="", help="One day of the week: 2026-11-24, 11.24, 今天 or 周二.")
DESPITE_CLOCK = click.option("--despite-clock", is_flag=True, help="Though the last review is of a later time.")
