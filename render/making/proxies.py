"""Proxies: lessons made small and quickly, to look at them whole. No playlist, review or check knows of them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from courseware.lessons.workspace import Workspace, load_catalogue, open_workspace
from courseware.storage.locks import lock_renders
from courseware.terminal.console import Console
from render.making.batch import render_all
from render.making.workflow import Asked, BatchResult, chosen_of, ordered_of
from render.plan.order import Order
from render.plan.profiles import proxy_profile
from render.source.examine import Lot, Target
from render.work.ffmpeg import find_ffmpeg
from render.work.workshop import open_workshop


def render_proxies(start: Path, lessons: Sequence[str], console: Console, asked: Asked) -> BatchResult:
    """Make <workspace>/proxies/<id>.mp4 of lessons, or of all.

    Raises:
        YuanjiaoError: as render_workspace.
    """
    workspace = open_workspace(start)
    catalogue = load_catalogue(workspace)
    good, broken = chosen_of(catalogue, lessons)
    chosen = catalogue.select(good) if good or not lessons else ()
    with nullcontext() if asked.dry_run else lock_renders(workspace.cache_dir):
        ordered = ordered_of(chosen, workspace, asked)
        workshop = open_workshop(find_ffmpeg(), workspace.cache_dir, asked.stop)
        lots = [Lot(order, (_proxy(order, workspace),), asked.salvage) for order in ordered.orders]
        made = render_all(workshop, lots, console, threads=asked.threads, dry_run=asked.dry_run)
    return BatchResult(made, ordered.skipped, (*broken, *ordered.broken))


def _proxy(order: Order, workspace: Workspace) -> Target:
    path = workspace.proxies_dir / f"{order.lesson}.mp4"
    return Target(order.lesson, order.title, proxy_profile(), path, described=False)
