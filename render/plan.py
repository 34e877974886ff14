"""Plans a rendition: data in, steps out. Pure: starts nothing, reads nothing, knows no clock.

User text reaches ffmpeg only through the files that WriteText and DrawCard make, under names of our choosing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from courseware.media import PROTOCOLS, MediaFacts
from courseware.profile import Canvas
from render.captions import caption_style, dump_ass, typeset
from render.order import Order
from render.profiles import Profile
from render.sound import Levels, gain_db, to_stereo
from render.timeline import IDENT_MS, Segment, Timeline, plan_timeline
from templates.cards import Card, EndCard, TitleCard
from templates.idents import Ident

RECIPE = 1  # raise when the same plan would be carried out differently
OUTPUT = "out.mp4"
FONTS = "../fonts"  # from a work folder
_IDENT_VIDEO, _IDENT_SOUND = "ident.mkv", "jingle.wav"
_TITLE, _END, _CAPTIONS = "title.png", "end.png", "captions.ass"
# Any colour space in, what television expects out.
_TO_TV = {"out_color_matrix": "bt709", "out_range": "tv"}


@dataclass(frozen=True, slots=True)
class MakeIdent:
    """Make the ident, or take it from the cache, and put picture and jingle into the work folder."""

    ident: Ident
    video: str
    sound: str


@dataclass(frozen=True, slots=True)
class DrawCard:
    """Draw a card as a PNG into the work folder."""

    card: Card
    file: str


@dataclass(frozen=True, slots=True)
class WriteText:
    """Write a UTF-8 file into the work folder."""

    file: str
    content: str


@dataclass(frozen=True, slots=True)
class Encode:
    """Run ffmpeg in the work folder; the last argument, OUTPUT, stands for the file to make."""

    args: tuple[str, ...]
    frames: int


Stream = Any  # of ffmpeg-python, which has no types

Step = MakeIdent | DrawCard | WriteText | Encode


@dataclass(frozen=True, slots=True)
class RenditionPlan:
    """How one lesson is made for one profile; steps in order.

    Attributes:
        loudness_lkfs, true_peak_dbtp: aimed at. Gains in the steps follow from them and from the measured levels.
    """

    lesson: str
    profile: str
    loudness_lkfs: int
    true_peak_dbtp: int
    timeline: Timeline
    steps: tuple[Step, ...]


def plan_rendition(order: Order, facts: MediaFacts, profile: Profile, levels: Levels | None = None) -> RenditionPlan:
    """Plan a rendition.

    Args:
        facts: of the source.
        levels: of source and jingle; None plans without gain, which is enough to tell whether anything changed.
    """
    timeline = plan_timeline(facts.duration_ms, profile.fps)
    captions = _captions(order, profile)
    steps: list[Step] = [
        MakeIdent(ident_of(order, profile), _IDENT_VIDEO, _IDENT_SOUND),
        DrawCard(title_card(order, profile), _TITLE),
        DrawCard(end_card(order, profile), _END),
    ]
    if captions:
        steps.append(WriteText(_CAPTIONS, captions))
    args = _arguments(order, facts, profile, timeline, levels or Levels(None, None), captioned=bool(captions))
    steps.append(Encode(args, timeline.frames))
    target = (profile.loudness_lkfs, profile.true_peak_dbtp)
    return RenditionPlan(order.lesson, profile.name, *target, timeline, tuple(steps))


def ident_of(order: Order, profile: Profile) -> Ident:
    """The ident of the lesson's series on the profile's canvas."""
    width, height = profile.canvas
    return Ident(width, height, order.look, order.series, order.office, profile.fps, IDENT_MS)


def title_card(order: Order, profile: Profile) -> TitleCard:
    """The card before the body."""
    return TitleCard(
        *profile.canvas, order.look, order.title, order.series, order.form, order.presenter, order.producer
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
    )


def ident_arguments(ident: Ident, video: str) -> tuple[str, ...]:
    """Ffmpeg's arguments that turn an ident's raw frames (standard input) into a lossless file."""
    import ffmpeg

    raw = ffmpeg.input(
        "pipe:0", format="rawvideo", pix_fmt="rgb24", s=f"{ident.width}x{ident.height}", framerate=_rate(ident.fps)
    )
    picture = raw.filter("scale", **_TO_TV).filter("format", pix_fmts="yuv420p")
    options = {"c:v": "libx264", "preset": "ultrafast", "qp": 0, "threads": 1, "loglevel": "warning", **_tags()}
    return tuple(picture.output(video, **options).overwrite_output().get_args())


def _captions(order: Order, profile: Profile) -> str:
    if not order.cues:
        return ""
    style = replace(caption_style(profile.canvas, profile.led), words=order.words)
    return dump_ass(typeset(order.cues, style), style)


def _arguments(
    order: Order, facts: MediaFacts, profile: Profile, timeline: Timeline, levels: Levels, *, captioned: bool
) -> tuple[str, ...]:
    """One run makes the whole rendition: four pictures and two sounds, joined and encoded."""
    import ffmpeg

    source = ffmpeg.input(source_url(order), protocol_whitelist=PROTOCOLS)
    pictures = [
        _still(ffmpeg.input(_IDENT_VIDEO), timeline["ident"], profile),
        _still(ffmpeg.input(_TITLE, framerate=_rate(profile.fps)), timeline["title"], profile),
        _body(source[str(facts.video_index)], order, facts, profile, timeline["body"], captioned=captioned),
        _still(ffmpeg.input(_END, framerate=_rate(profile.fps)), timeline["end"], profile),
    ]
    picture = ffmpeg.concat(*pictures, v=1, a=0)
    sound = _sound(source, facts, profile, timeline, levels)
    made = ffmpeg.output(picture, sound, OUTPUT, **_encoder(profile, timeline))
    return tuple(made.overwrite_output().get_args())


def source_url(order: Order) -> str:
    """The source as an ffmpeg input: absolute, and a file whatever its name looks like."""
    return f"file:{order.source.absolute()}"


def _rate(fps: Fraction) -> str:
    return f"{fps.numerator}/{fps.denominator}"


def _still(stream: Stream, segment: Segment, profile: Profile) -> Stream:
    """A picture of the canvas's own size, held, or cut, to the segment's length."""
    picture = stream.video.filter("scale", **_TO_TV).filter("format", pix_fmts="yuv420p")
    return _exactly(picture, segment, profile)


def _exactly(stream: Stream, segment: Segment, profile: Profile) -> Stream:
    """Exactly so many frames: the last picture is held, what is too much is cut."""
    held = stream.filter("fps", fps=_rate(profile.fps), start_time=0).filter("tpad", stop_mode="clone", stop=-1)
    cut = held.filter("trim", end_frame=segment.frames).filter("setpts", expr="PTS-STARTPTS")
    primaries = {"color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709"}
    return cut.filter("setsar", sar=1).filter("setparams", range="tv", **primaries)


def _body(
    stream: Stream,
    order: Order,
    facts: MediaFacts,
    profile: Profile,
    segment: Segment,
    *,
    captioned: bool,
) -> Stream:
    """The source, upright, whole pictures only, on the canvas, with its captions on the canvas's own pixels."""
    if facts.interlaced:
        stream = stream.filter("bwdif", mode="send_frame", deint="interlaced")
    if facts.fps > profile.fps:
        # Pictures that are dropped need no scaling; those of a slow source are scaled once and then repeated.
        stream = stream.filter("fps", fps=_rate(profile.fps), start_time=0)
    stream = _fitted(stream, order, facts, profile.canvas)
    # Cut to length before the captions are drawn: they stay on the last picture for as long as the sound goes on.
    stream = _exactly(stream, segment, profile)
    return stream.filter("ass", filename=_CAPTIONS, fontsdir=FONTS) if captioned else stream


def _fitted(stream: Stream, order: Order, facts: MediaFacts, canvas: Canvas) -> Stream:
    """Scaled to the canvas with the right proportions; the rest is black, or the picture itself, or cut off."""
    if order.fit == "crop":
        whole = cover_size(facts, canvas)
        return _scaled(stream, whole).filter("crop", w=canvas.width, h=canvas.height, exact=1)
    inside = inside_size(facts, canvas)
    x, y = ((canvas[side] - inside[side]) // 4 * 2 for side in (0, 1))
    if inside == canvas:
        return _scaled(stream, inside)
    if order.fit == "pad":
        return _scaled(stream, inside).filter("pad", width=canvas.width, height=canvas.height, x=x, y=y)
    twice = stream.filter_multi_output("split")
    ground = _blurred(twice[0], facts, canvas)
    return ground.overlay(_scaled(twice[1], inside), x=x, y=y)


def _blurred(stream: Stream, facts: MediaFacts, canvas: Canvas) -> Stream:
    """The picture as its own background: covering, out of focus, darker."""
    small = Canvas(_even(Fraction(canvas.width, 8)), _even(Fraction(canvas.height, 8)))
    whole = _scaled(stream, cover_size(facts, small)).filter("crop", w=small.width, h=small.height, exact=1)
    soft = whole.filter("gblur", sigma=4).filter("eq", brightness=-0.12)
    return soft.filter("scale", w=canvas.width, h=canvas.height, flags="bicubic").filter("setsar", sar=1)


def _scaled(stream: Stream, size: Canvas) -> Stream:
    scaled = stream.filter("scale", w=size.width, h=size.height, flags="lanczos", **_TO_TV)
    return scaled.filter("setsar", sar=1).filter("format", pix_fmts="yuv420p")


def inside_size(facts: MediaFacts, canvas: Canvas) -> Canvas:
    """The largest even size of the source's shape that the canvas holds."""
    shape = _shape(facts)
    if shape >= Fraction(canvas.width, canvas.height):
        return Canvas(canvas.width, min(canvas.height, _even(canvas.width / shape)))
    return Canvas(min(canvas.width, _even(canvas.height * shape)), canvas.height)


def cover_size(facts: MediaFacts, canvas: Canvas) -> Canvas:
    """The smallest even size of the source's shape that covers the canvas."""
    shape = _shape(facts)
    if shape >= Fraction(canvas.width, canvas.height):
        return Canvas(max(canvas.width, _even(canvas.height * shape)), canvas.height)
    return Canvas(canvas.width, max(canvas.height, _even(canvas.width / shape)))


def _shape(facts: MediaFacts) -> Fraction:
    """Width over height as a person sees it: square pixels, upright."""
    shape = Fraction(facts.width, facts.height) * facts.sar
    return 1 / shape if facts.rotation % 180 else shape


def _even(length: Fraction) -> int:
    return max(2, round(length / 2) * 2)


def _sound(
    source: Stream,
    facts: MediaFacts,
    profile: Profile,
    timeline: Timeline,
    levels: Levels,
) -> Stream:
    """The jingle, silence under the title card, the body's sound, silence to the end."""
    import ffmpeg

    rate, spoken = profile.audio_rate, timeline["body"].start
    jingle = to_stereo(ffmpeg.input(_IDENT_SOUND).audio, rate).filter(
        "volume", volume=f"{gain_db(levels.jingle, profile)}dB"
    )
    if facts.audio_index is None:
        return _lasting(jingle, timeline.samples(timeline.frames, rate))
    heard = to_stereo(source[str(facts.audio_index)], rate).filter(
        "volume", volume=f"{gain_db(levels.body, profile)}dB"
    )
    heard = _lasting(heard, timeline.samples(timeline["body"].frames, rate))
    before = timeline.samples(spoken, rate)
    after = timeline.samples(timeline.frames, rate) - before
    parts: Sequence[Stream] = (_lasting(jingle, before), _lasting(heard, after))
    return ffmpeg.concat(*parts, v=0, a=1)


def _lasting(stream: Stream, samples: int) -> Stream:
    return stream.filter("atrim", end_sample=samples).filter("apad", whole_len=samples)


def _encoder(profile: Profile, timeline: Timeline) -> dict[str, Any]:
    """Output options. Bit-exact and without the source's metadata: the same input gives the same bytes."""
    return {
        "c:v": "libx264",
        "preset": profile.preset,
        "crf": profile.crf,
        "maxrate": f"{profile.maxrate_kbps}k",
        "bufsize": f"{profile.bufsize_kbps}k",
        "profile:v": profile.h264_profile,
        "level:v": f"{profile.level // 10}.{profile.level % 10}",
        "refs": profile.refs,
        "bf": 2,
        "g": profile.gop,
        "pix_fmt": "yuv420p",
        "fps_mode": "cfr",
        "r": _rate(profile.fps),
        "frames:v": timeline.frames,
        "threads": profile.threads,
        "c:a": "aac",
        "b:a": f"{profile.audio_kbps}k",
        "ar": profile.audio_rate,
        "ac": 2,
        "map_metadata": -1,
        "map_chapters": -1,
        "fflags": "+bitexact",
        "flags:v": "+bitexact",
        "flags:a": "+bitexact",
        "movflags": "+faststart",
        "format": "mp4",
        "loglevel": "warning",
        **_tags(),
    }


def _tags() -> dict[str, str]:
    return {"color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709", "color_range": "tv"}
