"""What is wrong with cues while they are typed, and how each breaks on the screens of the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from courseware.lessons.dictionary import words_of
from courseware.lessons.lesson import Lesson
from courseware.lessons.workspace import Workspace
from courseware.subtitles.cue import Cue, labels
from courseware.subtitles.cue_rules import CueFinding, check_cues
from courseware.subtitles.repair import Placed
from courseware.times import Span
from desk.cues.cue_files import EditedCue
from render.plan.captions import CaptionStyle, typeset
from render.plan.order import order_of
from render.plan.profiles import Profile, profile_named
from render.plan.screens import load_screens
from render.plan.watermark import caption_style_for
from render.subtitles.check import limits_for, screen_findings

_SHORTEST_MS = 1  # what an overlapping cue is given, so that it can still be set


class SetScreen(NamedTuple):
    """A screen of the workspace, and how captions are set on it."""

    profile: Profile
    style: CaptionStyle


@dataclass(frozen=True, slots=True)
class CueVerdict:
    """What was found.

    Attributes:
        findings: by the place of the cue among those that were asked for.
        broken: the chosen cue on each screen, by profile: pictures one after the other, each of lines.
    """

    findings: tuple[tuple[int, CueFinding], ...]
    broken: dict[str, tuple[tuple[str, ...], ...]]


def set_screens(workspace: Workspace, lesson: Lesson) -> tuple[SetScreen, ...]:
    """Every screen of the workspace, as a render sets captions on it.

    Raises:
        InputError: the settings of a screen, or the dictionary, are wrong.
    """
    bare = lesson.model_copy(update={"subtitles_path": None, "music_path": None, "picture_path": None})
    order, _ = order_of(bare, workspace.settings, load_screens(workspace.settings, workspace.root))
    order = replace(order, words=words_of(workspace.root))
    profiles = [profile_named(name, "yuanjiao.toml: render.profiles") for name in workspace.settings.render.profiles]
    return tuple(SetScreen(profile, caption_style_for(order, profile)) for profile in profiles)


def judge_cues(
    edited: Sequence[EditedCue],
    screens: Sequence[SetScreen],
    *,
    video_ms: int | None,
    named: bool,
    chosen: int | None,
) -> CueVerdict:
    """Judge cues that follow one another; those that cannot be shown (no text, no time) are passed over.

    Args:
        video_ms: length of the video, where it is known.
        named: whether several speak in all of the subtitles, so that speakers are named.
        chosen: the place of the cue that is also set; None for none.
    """
    usable = [(place, one) for place, one in enumerate(edited) if one.text.strip() and one.start < one.end]
    cues = [Cue(Span(one.start, one.end), one.text.strip(), one.speaker, one.place) for _, one in usable]
    placed = [Placed(str(place), place, cue) for (place, _), cue in zip(usable, cues, strict=True)]
    # What several screens find is told once.
    findings = {(one.line, one.what.render(str)): (one.line, one) for one in _found(placed, screens, video_ms)}
    at = next((index for index, (place, _) in enumerate(usable) if place == chosen), None)
    broken = {} if at is None else _broken(cues, at, screens, named=named)
    return CueVerdict(tuple(findings.values()), broken)


def _found(placed: Sequence[Placed], screens: Sequence[SetScreen], video_ms: int | None) -> list[CueFinding]:
    """By the strictest screen's reading speed, and by what each screen can show."""
    strictest = min((limits_for(screen.profile) for screen in screens), key=lambda one: one.error_cps, default=None)
    found = list(check_cues(placed, strictest or limits_for(None), video_ms)) if placed else []
    for screen in screens:
        found += screen_findings(placed, screen.style)
    return found


def _broken(
    cues: Sequence[Cue], at: int, screens: Sequence[SetScreen], *, named: bool
) -> dict[str, tuple[tuple[str, ...], ...]]:
    """As typeset breaks it between its neighbours: with the speaker's name where another one begins."""
    label = labels(cues, 1 if named else len(cues) + 1)[at]
    cue = replace(cues[at], text=label + cues[at].text, speaker="")
    following = cues[at + 1] if at + 1 < len(cues) else None
    if following and following.span.start_ms < cue.span.end_ms:
        end_ms = max(following.span.start_ms, cue.span.start_ms + _SHORTEST_MS)
        cue = replace(cue, span=Span(cue.span.start_ms, end_ms))
    together = [cue, replace(following, speaker="")] if following else [cue]
    if following and following.span.start_ms < cue.span.end_ms:
        together = [cue]
    return {screen.profile.name: _pictures(together, screen.style) for screen in screens}


def _pictures(cues: Sequence[Cue], style: CaptionStyle) -> tuple[tuple[str, ...], ...]:
    """The pictures of the first of one or two cues."""
    before_ms = cues[1].span.start_ms if len(cues) > 1 else None
    shown = [part for part in typeset(cues, style) if before_ms is None or part.span.start_ms < before_ms]
    return tuple(tuple(part.text.split("\n")) for part in shown)
