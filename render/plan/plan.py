"""Plans a rendition: data in, pieces out. Pure: starts nothing, reads nothing, knows no clock.

User text reaches ffmpeg only through the files that steps make, under names of our choosing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain

from courseware.subtitles.bilingual import side_by_side
from courseware.subtitles.cue import Cue
from courseware.subtitles.moving import TimeMap, moved
from courseware.times import Span, frames_for_ms
from render.plan.alerts import alert_cards, alert_chunks
from render.plan.ass import dump_ass
from render.plan.captions import CaptionStyle, holds_two_languages, typeset
from render.plan.chunks import Chunk, cut, cut_standing, cut_stretch
from render.plan.montage import Montage, Reel, within
from render.plan.notices import stands, words_card, words_frames
from render.plan.order import Order
from render.plan.profiles import Profile
from render.plan.timeline import END_MIN_MS, IDENT_MS, SegmentName, Timeline, plan_bare_timeline, plan_timeline
from render.plan.watermark import Watermark, caption_style_for, watermark_of
from templates.cards.cards import Card, EndCard, TitleCard
from templates.cards.idents import Ident

SYNTHETIC = "合成语音"  # on the end card, where a voice of the computer speaks


@dataclass(frozen=True, slots=True)
class SourceStretch:
    """A stretch of a source, as long as its chunk and where that lies on the source's grid.

    Attributes:
        captions: an ASS file that holds just the cues of the stretch, in the grid's time; "" for none.
        reel: number of the source in the plan.
    """

    captions: str = ""
    reel: int = 0


@dataclass(frozen=True, slots=True)
class CrossFade:
    """One stretch of a source that goes over into another; its chunk counts from the beginning of both.

    Attributes:
        captions: as of a SourceStretch, in the time of the chunk.
        reels: numbers of the two sources in the plan.
        starts: where each stretch begins on its source's grid.
        frames: how long it takes.
    """

    captions: str
    reels: tuple[int, int]
    starts: tuple[int, int]
    frames: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk and what it shows.

    Attributes:
        mark: a logo or watermark upon it.
    """

    chunk: Chunk
    picture: SourceStretch | CrossFade | Card | Ident
    mark: Watermark | None = None


@dataclass(frozen=True, slots=True)
class RenditionPlan:
    """How the picture of one lesson is made for one profile: pieces in order, without gap.

    Attributes:
        reels: what the pictures of the body come from; none when the lesson needs no video.
        stretches: of a body that is cut, where each stretch is in it, and which one of the subtitles' time.
    """

    lesson: str
    profile: Profile
    timeline: Timeline
    reels: tuple[Reel, ...]
    pieces: tuple[Piece, ...]
    stretches: tuple[tuple[Span, Span], ...] = ()


def plan_rendition(order: Order, montage: Montage | None, profile: Profile) -> RenditionPlan:
    """Plan a rendition; every chunk of the body carries the cues that it shows and no others.

    Args:
        montage: of the lesson's videos, with the copies that stand in for them; None for a lesson without one.
    """
    mark = watermark_of(order, profile)
    if order.urgent:
        shown = tuple(alert_chunks(order, profile))
        timeline = plan_bare_timeline(sum(chunk.frames for chunk, _ in shown), profile.fps)
        pieces = tuple(Piece(chunk, card, mark) for chunk, card in shown)
        return RenditionPlan(order.lesson, profile, timeline, (), pieces)
    if montage is None:
        timeline = _bare_timeline(order, profile)
        (picture,) = cards_of(order, profile)
        (segment,) = timeline.segments
        pieces = _drawn(timeline, segment.name, picture, profile, mark)
        return RenditionPlan(order.lesson, profile, timeline, (), pieces)
    timeline = plan_timeline(montage.frames, profile.fps, order.exactly_s)
    footage = (Piece(chunk, picture, mark) for chunk, picture in _body(order, montage, profile))
    cards = dict(zip(("ident", "title", "end"), cards_of(_readable_in(order, timeline), profile), strict=True))
    names = [segment.name for segment in timeline.segments if segment.name != "body"]
    *before, end = (_drawn(timeline, name, cards[name], profile) for name in names)
    pieces = (*chain.from_iterable(before), *footage, *end)
    stretches = montage.stretches if order.clips else ()
    return RenditionPlan(order.lesson, profile, timeline, montage.reels, pieces, stretches)


def _drawn(
    timeline: Timeline, name: SegmentName, picture: Card | Ident, profile: Profile, mark: Watermark | None = None
) -> tuple[Piece, ...]:
    """The pieces of a segment in which something drawn is seen."""
    if stands(picture, profile.fps):
        chunks = cut_standing(timeline[name], profile.gop)
    else:
        chunks = tuple(chunk for chunk in cut(timeline) if chunk.segment == name)
    return tuple(Piece(chunk, picture, mark) for chunk in chunks)


def _readable_in(order: Order, timeline: Timeline) -> Order:
    """Without what nobody reads, or finds with a phone, on an end card that stands for a moment only."""
    if timeline["end"].frames >= frames_for_ms(END_MIN_MS, timeline.fps):
        return order
    return replace(order, reviewer="", link="")


def _body(order: Order, montage: Montage, profile: Profile) -> Iterator[tuple[Chunk, SourceStretch | CrossFade]]:
    """The chunks of the body and what they show: of each take what it does not share, and then what it does."""
    style = caption_style_for(order, profile)
    spoken = side_by_side(order.cues, order.second) if holds_two_languages(style) else order.cues
    cues = typeset(spoken, style) if spoken else ()
    printed = [_caption(montage, number, style, cues) for number in range(len(montage.takes))]
    for number, take in enumerate(montage.takes):
        own = (*_burned(montage, number, cues), *printed[number])
        after = montage.takes[number + 1 : number + 2]
        goes = after[0].fade if after else 0
        start, end, whole = take.start + take.fade, take.end - goes, montage.reels[take.reel].frames(profile.fps)
        for chunk in cut_stretch(start, end, whole, profile.fps) if start < end else ():
            shown = _within(own, chunk, profile)
            yield chunk, SourceStretch(dump_ass(shown, style) if shown else "", take.reel)
        if goes:
            said = _fading_cues(montage, number, cues, printed)
            fade = CrossFade(
                dump_ass(said, style) if said else "", (take.reel, after[0].reel), (end, after[0].start), goes
            )
            yield Chunk("body", 0, goes, last=True), fade


def _burned(montage: Montage, number: int, cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
    """The subtitles that are printed upon a take, in its grid's time."""
    return () if montage.takes[number].is_card else montage.cues_on(number, cues)


def _caption(montage: Montage, number: int, style: CaptionStyle, cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
    """What is printed with a take, in its grid's time: at the bottom, unless subtitles stand there; not twice."""
    caption = montage.takes[number].caption
    said = "".join(cue.text for cue in _burned(montage, number, cues))
    if not caption or _letters(caption) == _letters(said):
        return ()
    return typeset((Cue(montage.seen(number), caption, place="top" if cues else "bottom"),), style)


def _letters(words: str) -> str:
    return "".join(filter(str.isalnum, words))


def _fading_cues(
    montage: Montage, number: int, cues: tuple[Cue, ...], printed: Sequence[tuple[Cue, ...]]
) -> tuple[Cue, ...]:
    """The cues of a cross-fade after a take, from its beginning on: those of that take, then those of the next."""
    goes, fps = montage.takes[number + 1].fade, montage.fps
    found: list[Cue] = []
    for at, start in ((number, montage.takes[number].end - goes), (number + 1, montage.takes[number + 1].start)):
        later = TimeMap(offset_ms=-Fraction(start * 1000) / fps)
        own = (*_burned(montage, at, cues), *printed[at])
        found += moved(within(own, montage.seen(at)), later)
    end_ms = int(goes * 1000 / fps)
    return tuple(cue for cue in found if cue.span.start_ms < end_ms)


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
        "；".join(filter(None, (order.credit, SYNTHETIC if order.voiced else ""))),
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


def _within(cues: Sequence[Cue], chunk: Chunk, profile: Profile) -> tuple[Cue, ...]:
    """The cues that a chunk shows some picture of."""
    start, end = (int(frame * 1000 / profile.fps) for frame in (chunk.start, chunk.end))
    span = Span(start, end)
    return tuple(cue for cue in cues if cue.span.start_ms < span.end_ms and cue.span.end_ms > span.start_ms)
