"""The page of a lesson's review: what was gathered, as printed words, with a video that browsers play."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from courseware.errors import InputError, Problem, text
from courseware.files import copy_file, replacing, write_text
from courseware.lessons.rendition import Rendition
from courseware.lessons.workspace import Workspace, lock_around, open_workspace
from courseware.reviews.comments import ReviewComment
from courseware.reviews.items import ReviewItem
from courseware.reviews.ledger import LedgerEntry
from courseware.reviews.telling import PRINTED_ACTIONS, standing
from courseware.storage.outputs import refuse_clashes, refuse_existing
from courseware.terminal.console import Console
from courseware.times import clock
from render.quality.findings import QualityFinding
from render.quality.report import exact_clock, labels
from render.reviewing.material import ReviewMaterial, ReviewScreen, draw_pictures, gather_review
from render.reviewing.proxy import small_video
from templates.pages.quality_report import in_chinese
from templates.pages.review_page import (
    CardPicture,
    ReviewedScreen,
    ReviewFilm,
    ReviewPage,
    ReviewStepRow,
    TimedWords,
    review_page,
)

FOLDER_NAME = "reviews"
# More than that no mail takes and no chat; a browser would need three times as much memory for it.
_LARGEST_INSIDE = 40_000_000


@dataclass(frozen=True, slots=True)
class PageWish:
    """What a person wants.

    Attributes:
        profile: whose video the page shows; "" for that of the largest screen.
        target: the page; None for its place in the workspace, where it is replaced.
        beside: leave the video beside the page, however small it is.
        force: replace a page that is there already, elsewhere.
    """

    lesson: str
    profile: str = ""
    target: Path | None = None
    beside: bool = False
    force: bool = False


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """A page that was written.

    Attributes:
        video: beside it; None where the page carries it.
        size: bytes of the page.
        video_size: bytes of the video.
    """

    page: Path
    video: Path | None
    size: int
    video_size: int
    problems: tuple[Problem, ...]


def write_review_page(folder: Path, wish: PageWish, console: Console) -> WrittenPage:
    """Gather, make the small video, write the page.

    Raises:
        InputError: no such lesson, nothing of it is finished, or the page is there already.
        MediaError, ToolError, StorageError: the video cannot be read, or the page not written.
    """
    workspace = open_workspace(folder)
    target = wish.target or workspace.root / FOLDER_NAME / f"{wish.lesson}.html"
    if target.suffix.lower() not in {".html", ".htm"}:
        raise InputError(Problem(str(target), text("a page is written as HTML; give it a name ending in .html")))
    beside = target.with_suffix(".mp4")
    refuse_clashes([target, beside])
    if wish.target and not wish.force:
        refuse_existing([target, *([beside] if wish.beside else [])])
    material = gather_review(workspace, wish.lesson, console)
    shown = material.screen_named(wish.profile).item.rendition
    small = small_video(workspace, shown, console)
    size = small.stat().st_size
    inside = not wish.beside and size <= _LARGEST_INSIDE
    film = _film(shown, size, small if inside else beside, inside=inside)
    page = review_page(page_of(workspace, material, film))
    with lock_around(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        if not inside:
            with replacing(beside) as scratch:
                copy_file(small, scratch)
        write_text(target, page)
    return WrittenPage(target, None if inside else beside, target.stat().st_size, size, material.problems)


def page_of(workspace: Workspace, material: ReviewMaterial, film: ReviewFilm) -> ReviewPage:
    """The page as printed; pictures of all screens are read from their videos."""
    zone, settings = workspace.settings.zone, workspace.settings
    pictures = {one.profile: _pictures(workspace, one) for one in material.screens}
    cues = tuple(
        TimedWords(cue.span.start_ms, exact_clock(cue.span.start_ms), _flat(cue.text), cue.speaker)
        for cue in material.screen_named(film.screen).cues
    )
    return ReviewPage(
        title=material.lesson.title,
        office=settings.office.name,
        made=f"{datetime.now(zone):%Y-%m-%d %H:%M}",
        draft=material.draft,
        facts=tuple(_facts(material, settings.series_shown(material.lesson.series))),
        film=film,
        cues=cues,
        comments=tuple(map(_comment, material.comments)),
        screens=tuple(replace(_screen(one), pictures=pictures[one.profile]) for one in material.screens),
        missing="、".join(material.missing),
        steps=tuple(_steps(workspace, material)),
        history=tuple(_history(material.history, zone)),
    )


def _comment(one: ReviewComment) -> TimedWords:
    settled = one.settled
    more = f"已处理：{settled.by}{f'，{settled.note}' if settled.note else ''}" if settled else ""
    return TimedWords(one.at_ms, one.at, one.said.note, one.said.by, "settled" if settled else "open", more)


def _film(made: Rendition, size: int, place: Path, *, inside: bool) -> ReviewFilm:
    return ReviewFilm(
        made.profile,
        made.width,
        made.height,
        f"{size / 1_000_000:.1f} MB",
        name="" if inside else place.name,
        content=base64.b64encode(place.read_bytes()).decode("ascii") if inside else "",
    )


def _flat(said: str) -> str:
    return said.replace("\n", " ")


def _facts(material: ReviewMaterial, series: str) -> Iterator[tuple[str, str]]:
    lesson = material.lesson
    made = material.screens[0].item.rendition
    yield "系列·形式", f"{series}·{lesson.form}"
    yield "时长", clock(made.seconds)
    told = {
        "编号": lesson.id,
        "主讲": lesson.presenter,
        "制作": lesson.producer,
        "审核": lesson.reviewer,
        "来源": lesson.credit,
        "链接": lesson.link,
        "标签": "、".join(lesson.tags),
        "简介": lesson.summary,
    }
    yield from ((name, value) for name, value in told.items() if value)
    days = (lesson.valid_from, lesson.valid_until)
    if any(days):
        yield "有效期", "至".join(str(day) if day else "" for day in days)


def _screen(screen: ReviewScreen) -> ReviewedScreen:
    item = screen.item
    made = item.rendition
    return ReviewedScreen(
        name=made.profile,
        size=f"{made.width}×{made.height}，{made.size / 1_000_000:.1f} MB",
        state=in_chinese(standing(item)),
        approved=item.state == "approved",
        mark=made.sha256[:12],
        since=_since(item),
        findings=tuple(map(_finding, screen.findings)),
        pictures=(),
    )


def _since(item: ReviewItem) -> tuple[str, ...]:
    if item.approved is None:
        return ("就是通过的文件",) if item.state == "approved" else ("此前没有通过过",)
    return tuple(map(in_chinese, item.since)) or ("内容没有改动，只是重新制作",)


def _finding(one: QualityFinding) -> TimedWords:
    timed = one.to_ms > one.from_ms or one.from_ms
    return TimedWords(
        one.from_ms,
        exact_clock(one.from_ms) if timed else "",
        in_chinese(one.sentence),
        labels()[one.kind],
        one.severity,
        in_chinese(one.remedy),
    )


def _pictures(workspace: Workspace, screen: ReviewScreen) -> tuple[CardPicture, ...]:
    return tuple(
        CardPicture(
            one.at_ms, exact_clock(one.at_ms), one.width, one.height, base64.b64encode(one.jpeg).decode("ascii")
        )
        for one in draw_pictures(workspace, screen)
    )


def _steps(workspace: Workspace, material: ReviewMaterial) -> Iterator[ReviewStepRow]:
    """The steps of the review, who took each for which screens, and who may take what is open."""
    zone = workspace.settings.zone
    for step in workspace.settings.review.taken_in:
        taken = [
            (screen.profile, decision)
            for screen in material.screens
            for decision in screen.item.decisions
            if decision.action == "approved" and decision.step in {step.name, ""}
        ]
        if not taken:
            yield ReviewStepRow("", step.name, f"待{'、'.join(step.by) or '审核'}", "", "")
            continue
        last = taken[-1][1]
        screens = "、".join(profile for profile, _ in taken)
        yield ReviewStepRow(_when(last, zone), step.name, last.by, screens, last.note)


def _history(entries: Sequence[LedgerEntry], zone: ZoneInfo) -> Iterator[ReviewStepRow]:
    """What one person did at one time for several screens, in one row; the newest first."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for entry in reversed(entries):
        action = f"{entry.step}{PRINTED_ACTIONS[entry.action]}"
        who = f"{entry.by}（{entry.office}）" if entry.office else entry.by
        rows.setdefault((_when(entry, zone), action, who, entry.note), []).append(entry.profile)
    for (when, action, who, note), screens in rows.items():
        yield ReviewStepRow(when, action, who, "、".join(sorted(set(screens))), note)


def _when(entry: LedgerEntry, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(entry.at, zone):%Y-%m-%d %H:%M}"
