"""Options that several commands about weeks share."""

from __future__ import annotations

import click

WEEK = click.option(
    "--week",
    metavar="WEEK",
    default="",
    help="Like 2026-W48, 本周, 第48周 or a day in it; the present week, or the next planned one, when not given.",
)
DAY = click.option("--day", metavar="DAY", default="", help="One day of the week: 2026-11-24, 11.24, 今天 or 周二.")
