"""Plans a rendition: data in, pieces out. Pure: starts nothing, reads nothing, knows no clock.

User text reaches ffmpeg only through the files that steps make, under names of our choosing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from courseware.media.facts import MediaFacts
from courseware.subtitles.cue import Cue
from courseware.times import Span, frames_for_ms
from render.plan.alerts import alert_cards, alert_chunks
from render.plan.ass import dump_ass
from render.plan.captions import CaptionStyle, typeset
from render.plan.chunks import Chunk, cut
from render.plan.notices import words_card, words_frames
from render.plan.order import Fit, Order
from render.plan.profiles import Profile
from render.plan.timeline import IDENT_MS, Timeline, plan_bare_timeline, plan_timeline
from render.plan.watermark import Watermark, caption_style_for, watermark_of
from templates.cards.cards import Card, EndCard, TitleCard
from templates.cards.idents import Ident


@dataclass(frozen=True, slots=True)
class SourceStretch:
    """A stretch of the source.

    Attributes:
        captions: an ASS file that holds just the cues of the stretch, in the body's time; "" for none.
    """

    captions: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk and what it shows.

    Attributes:
        mark: a logo or watermark upon it.
    """

    chunk: Chunk
    picture: SourceStretch | Card | Ident
    mark: Watermark | None = None


@dataclass(frozen=True, slots=True)
class RenditionPlan:
    """How the picture of one lesson is made for one profile: pieces in order, without gap.

    Attributes:
        facts: of the file the picture comes from; None when the lesson needs none.
    """

    lesson: str
    profile: Profile
    timeline: Timeline
    facts: MediaFacts | None
    fit: Fit
    pieces: tuple[Piece, ...]


def plan_rendition(
    order: Order, facts: MediaFacts | None, profile: Profile, bridge: MediaFacts | None = None
) -> RenditionPlan:
    """Plan a rendition; every chunk of the body carries the cues that it shows and no others.

    Args:
        facts: of the source; None for a lesson without one.
        bridge: of the copy that stands in for the source's picture, if there is one.
    """
    mark = watermark_of(order, profile)
    if order.urgent:
        shown = tuple(alert_chunks(order, profile))
        timeline = plan_bare_timeline(sum(chunk.frames for chunk, _ in shown), profile.fps)
        pieces = tuple(Piece(chunk, card, mark) for chunk, card in shown)
        return RenditionPlan(order.lesson, profile, timeline, None, order.fit, pieces)
    if facts is None:
        timeline = _bare_timeline(order, profile)
        (picture,) = cards_of(order, profile)
        pieces = tuple(Piece(chunk, picture, mark) for chunk in cut(timeline))
        return RenditionPlan(order.lesson, profile, timeline, None, order.fit, pieces)
    timeline = plan_timeline(facts.duration_ms, profile.fps)
    style = caption_style_for(order, profile)
    cues = typeset(order.cues, style) if order.cues else ()
    pieces = tuple(
        Piece(chunk, _picture(chunk, order, profile, cues, style), mark if chunk.segment == "body" else None)
        for chunk in cut(timeline)
    )
    return RenditionPlan(order.lesson, profile, timeline, bridge or facts, order.fit, pieces)


def still_piece(plan: RenditionPlan, frame: int) -> Piece:
    """The piece of one picture: frame `frame` of the rendition, with what is shown upon it.

    Raises:
        IndexError: the rendition ends before.
    """
    first = 0
    for piece in plan.pieces:
        chunk = piece.chunk
        if first <= frame < first + chunk.frames:
            return replace(piece, chunk=replace(chunk, start=chunk.start + frame - first, frames=1))
        first += chunk.frames
    raise IndexError(frame)


def cards_of(order: Order, profile: Profile) -> tuple[Card | Ident, ...]:
    """Everything that is drawn for a lesson beside its captions."""
    if order.ident:
        return (ident_of(order, profile),)
    if order.urgent:
        return alert_cards(order, profile)
    if order.is_bare:
        return (words_card(order, profile),)
    return ident_of(order, profile), title_card(order, profile), end_card(order, profile)


def ident_of(order: Order, profile: Profile) -> Ident:
    """The ident of the lesson's series on the profile's canvas."""
    width, height = profile.canvas
    return Ident(width, height, order.look, order.printed_series, order.office, profile.fps, IDENT_MS)


def title_card(order: Order, profile: Profile) -> TitleCard:
    """The card before the body."""
    return TitleCard(
        *profile.canvas,
        order.look,
        order.title,
        order.printed_series,
        order.form,
        order.presenter,
        order.producer,
        order.picture,
        **_clear(order, profile),
    )


def end_card(order: Order, profile: Profile) -> EndCard:
    """The card after the body."""
    return EndCard(
        *profile.canvas,
        order.look,
        order.title,
        order.producer,
        order.reviewer,
        order.office,
        order.credit,
        order.link,
        **_clear(order, profile),
    )


def _clear(order: Order, profile: Profile) -> dict[str, int]:
    """What a clock or a ticker of the player's covers, as the cards name it."""
    screen = order.screen_of(profile.name)
    return {"clear_top_px": screen.clear_top_px, "clear_bottom_px": screen.clear_bottom_px}


def _bare_timeline(order: Order, profile: Profile) -> Timeline:
    """Of a lesson without a source."""
    if order.ident:
        return plan_bare_timeline(frames_for_ms(IDENT_MS, profile.fps), profile.fps, "ident")
    return plan_bare_timeline(words_frames(order, profile), profile.fps)


def _picture(
    chunk: Chunk, order: Order, profile: Profile, cues: Sequence[Cue], style: CaptionStyle
) -> SourceStretch | Card | Ident:
    match chunk.segment:
        case "ident":
            return ident_of(order, profile)
        case "title":
            return title_card(order, profile)
        case "end":
            return end_card(order, profile)
    shown = _within(cues, chunk, profile)
    return SourceStretch(dump_ass(shown, style) if shown else "")


def _within(cues: Sequence[Cue], chunk: Chunk, profile: Profile) -> tuple[Cue, ...]:
    """The cues that a chunk shows some picture of."""
    start, end = (int(frame * 1000 / profile.fps) for frame in (chunk.start, chunk.end))
    span = Span(start, end)
    return tuple(cue for cue in cues if cue.span.start_ms < span.end_ms and cue.span.end_ms > span.start_ms)
