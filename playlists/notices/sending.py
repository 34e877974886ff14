"""Sends a notice, and withdraws one: kits for every venue, page and message, and the line in the ledger; or nothing.

Videos come from whoever is handed in: what makes them lies outside of this package.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.files import copy_file, making_folder, sha256, sweep, together, write_bytes, write_text
from courseware.lessons.alert import Alert
from courseware.lessons.profile import canvas_of
from courseware.lessons.rendition import Rendition
from courseware.lessons.workspace import Workspace, lock_at
from playlists.files.venues import Venue
from playlists.kits.keys import PUBLIC_NAME, OfficeKey, dump_public
from playlists.kits.plan import FILE_NAME as PLAN_NAME
from playlists.kits.plan import KitPlan, dump_plan, media_path
from playlists.kits.playerfiles import installer_files
from playlists.kits.writing import Contents, Video, write_kit
from playlists.notices.asked import NoticeOrder
from playlists.notices.ledger import NoticeAct, NoticeRecord, add_act, load_ledger, records_of
from playlists.notices.planned import CARD_PATH, plan_notice, plan_withdrawal
from playlists.notices.wording import message_of, page_of
from templates.cards.alerts import AlertCard, draw_alert
from templates.pages.alert import dump_alert

KITS = "notices"  # the folder beside 远教 on a stick, and in the home of an installed player
PAGE_NAME, MESSAGE_NAME, VENUES, VIDEOS = "通知.html", "通知.txt", "venues", "videos"
MakeVideos = Callable[[Alert, Sequence[str], Path], Sequence[Rendition]]


@dataclass(frozen=True, slots=True)
class SentNotice:
    """What was done, and where it lies.

    Attributes:
        seconds: profile → how long one showing is; empty for a withdrawal.
    """

    act: NoticeAct
    folder: Path
    seconds: Mapping[str, int]


def send(
    order: NoticeOrder, workspace: Workspace, key: OfficeKey, now: datetime, make_videos: MakeVideos
) -> SentNotice:
    """Make the videos, once for each canvas, and a signed kit for each venue.

    Raises:
        YuanjiaoError: something cannot be made, or the ledger does not hold together; nothing is left of it.
    """
    load_ledger(workspace.notices_dir)
    profiles = list(dict.fromkeys(venue.profile for venue in order.venues))
    with _scratch(workspace.notices_dir) as folder:
        made = {one.profile: one for one in make_videos(order.alert, profiles, folder)}
        cards = {profile: _card(order.alert, profile) for profile in profiles}
        with lock_at(workspace.root):
            act = _act_of(order, workspace, key, now, made)
            plans = [_planned(act, venue, made, workspace) for venue in order.venues]
            files = {profile: folder / one.file for profile, one in made.items()}
            target = folder_of(workspace, act.notice)
            with making_folder(target) as scratch, together():
                for plan, venue in zip(plans, order.venues, strict=True):
                    video = Video(files[venue.profile], made[venue.profile].size, made[venue.profile].sha256)
                    _write_kit(scratch, plan, {media_path(video.sha256): video}, cards[venue.profile], key)
                for profile, file in files.items():
                    (scratch / VIDEOS).mkdir(exist_ok=True)
                    copy_file(file, scratch / VIDEOS / f"{profile}.mp4")
                _write_papers(scratch, act, order.venues, workspace)
                add_act(workspace.notices_dir, act)
    return SentNotice(act, target, {profile: one.seconds for profile, one in made.items()})


def withdraw(
    number: int, by: str, remark: str, workspace: Workspace, venues: Sequence[Venue], key: OfficeKey, now: datetime
) -> SentNotice:
    """Put in the place of a notice's kits such that take it off the screens.

    Args:
        venues: all of the county.

    Raises:
        InputError: there is no such notice, or it is over or withdrawn already.
    """
    record = _standing(number, workspace, now)
    update = {"act": "withdrawn", "at": now, "by": by, "remark": remark, "key": key.public.fingerprint}
    act = record.sent.model_copy(update={**update, "office": workspace.settings.office.name})
    meant = [venue for venue in venues if venue.id in act.venues]
    county, zone = workspace.settings.office.county, workspace.settings.zone
    cards = {
        venue.profile: _card(Alert(act.title, "已撤回", act.office), venue.profile)
        for venue in {venue.profile: venue for venue in meant}.values()
    }
    target = folder_of(workspace, number)
    with making_folder(target, over=True) as scratch, together():
        for venue in meant:
            _write_kit(scratch, plan_withdrawal(act, venue, county, zone), {}, cards[venue.profile], key)
        _write_papers(scratch, act, meant, workspace)
        add_act(workspace.notices_dir, act)
    return SentNotice(act, target, {})


def folder_of(workspace: Workspace, number: int) -> Path:
    """Where a notice lies."""
    return workspace.notices_dir / f"{number:04}"


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder for videos that is gone afterwards, on the disk where the kits will be."""
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    prefix = f".part-{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=folder, ignore_cleanup_errors=True) as name:
        yield Path(name)


def _act_of(
    order: NoticeOrder, workspace: Workspace, key: OfficeKey, now: datetime, made: Mapping[str, Rendition]
) -> NoticeAct:
    acts = load_ledger(workspace.notices_dir)
    return NoticeAct(
        act="sent",
        notice=max((act.notice for act in acts), default=0) + 1,
        at=now,
        by=order.by,
        office=workspace.settings.office.name,
        key=key.public.fingerprint,
        title=order.alert.title,
        content=order.alert.content,
        start=order.start,
        end=order.end,
        every_s=order.every_s,
        venues=tuple(venue.id for venue in order.venues),
        voice=sha256(order.alert.voice) if order.alert.voice else "",
        videos={profile: one.sha256 for profile, one in made.items()},
    )


def _planned(act: NoticeAct, venue: Venue, made: Mapping[str, Rendition], workspace: Workspace) -> KitPlan:
    settings = workspace.settings
    return plan_notice(act, venue, made[venue.profile], settings.office.county, settings.zone)


def _standing(number: int, workspace: Workspace, now: datetime) -> NoticeRecord:
    records = {one.sent.notice: one for one in records_of(load_ledger(workspace.notices_dir))}
    record = records.get(number)
    if record is None:
        what = text("there is no notice of this number; see “yuanjiao notice list”")
        raise InputError(Problem(str(number), what))
    if record.state_at(now) == "withdrawn":
        raise InputError(Problem(str(number), text("is withdrawn already")))
    if record.state_at(now) == "over":
        raise InputError(Problem(str(number), text("is over; there is nothing to withdraw")))
    return record


def _card(alert: Alert, profile: str) -> bytes:
    """The first page, for players that cannot show the video."""
    picture = draw_alert(AlertCard(*canvas_of(profile), alert.title, alert.content, alert.signature))
    stream = BytesIO()
    picture.save(stream, format="PNG")
    return stream.getvalue()


def _write_kit(home: Path, plan: KitPlan, videos: Mapping[str, Video], card: bytes, key: OfficeKey) -> None:
    papers: dict[str, bytes | Path] = {
        PLAN_NAME: dump_plan(plan).encode(),
        PUBLIC_NAME: dump_public(key.public),
        CARD_PATH: card,
        **installer_files(),
    }
    write_kit(home / VENUES / plan.venue.id / KITS / plan.kit, Contents(videos, papers), key)


def _write_papers(home: Path, act: NoticeAct, venues: Sequence[Venue], workspace: Workspace) -> None:
    office = workspace.settings.office
    write_text(home / PAGE_NAME, dump_alert(page_of(act, venues, office)))
    # For the notepad of any Windows, from which it is copied into the group.
    said = message_of(act, venues, office).replace("\n", "\r\n")
    write_bytes(home / MESSAGE_NAME, said.encode("utf-8-sig"))
