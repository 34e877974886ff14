"""Builds ffmpeg's arguments: one decode of a range of the source for many outputs, and cards. Pure.

Time stamps are the source's own throughout, so a chunk that was sought is the same, to the bit, as one that was
reached by decoding everything before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Any, Literal

from courseware.lessons.profile import Canvas
from courseware.media.facts import PROTOCOLS, MediaFacts
from render.plan.chunks import Chunk
from render.plan.montage import Reel
from render.plan.notices import notice_picture, scroll_of, stands
from render.plan.picture import Stream, coloured, fitted, input_options, rotated, roughly, sorted_out, turned, whole
from render.plan.profiles import Profile
from render.plan.watermark import overlaid
from templates.cards.cards import Card
from templates.cards.idents import Ident
from templates.cards.notices import Scroll

SOURCE, SECOND = "SOURCE", "SECOND"  # stand for sources in the arguments; where they lie is the runner's business
DRAWN_OUTPUT, BRIDGE_OUTPUT = "drawn.mp4", "bridge.mp4"
PICTURE_SUFFIX = ".png"
FONTS = "../fonts"  # from a work folder
# Any colour space in, what television expects out.
_TO_TV = {"out_color_matrix": "bt709", "out_range": "tv"}
TAGS = {"color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709"}
# Bit-exact and without the source's metadata: the same input gives the same bytes.
_FAITHFUL: dict[str, Any] = {
    "c:v": "libx264",
    "flags:v": "+bitexact+cgop",
    "pix_fmt": "yuv420p",
    "fps_mode": "passthrough",
    "map_metadata": -1,
    "map_chapters": -1,
    "fflags": "+bitexact",
    "color_range": "tv",
    **TAGS,
}
_STILL: dict[str, Any] = {"frames:v": 1, "c:v": "png", "compression_level": 1, "f": "image2", "update": 1}
# Deinterlacing looks one picture back, and the picture on the screen may have begun one gap before.
_GAPS_BEFORE = 3
_MOST_LEFT_OUT = 16  # pictures of H.264 one after the other that no other one is made from
_MARGIN_MS = 80
_Ticks = dict[str, Any]  # options of the filter fps
_DECODER_THREADS = 2  # more would only wait for the encoders
# Two of x264's threads look at each other's progress where the rate limit binds: other bytes in each run.
_ENCODER_THREADS = 1


@dataclass(frozen=True, slots=True)
class WantedChunk:
    """One chunk for one profile, as a file; one picture of it, where the file ends in .png.

    Attributes:
        captions, mark: files in the work folder; "" for none.
        file: to be made there.
    """

    profile: Profile
    chunk: Chunk
    file: str
    captions: str = ""
    mark: str = ""


def footage_arguments(reel: Reel, wanted: Sequence[WantedChunk], *, seek: bool) -> tuple[str, ...]:
    """Decode a range of the source once and encode all that is wanted of it.

    Args:
        wanted: chunks of the body, all with one frame rate.
        seek: begin at a key frame that is early enough, not at the beginning.
    """
    stream, ticks = _opened(reel, min(one.chunk.start for one in wanted), wanted[0].profile, seek=seek)
    outputs: list[Stream] = []
    profiles = list(dict.fromkeys(one.profile for one in wanted))
    for profile, part in zip(profiles, _parts(stream, len(profiles)), strict=True):
        picture = fitted(part, reel.shown, reel.fit, profile.canvas)
        if ticks:
            picture = picture.filter("fps", **ticks)
        outputs += _chunks_of(picture, reel, [one for one in wanted if one.profile == profile])
    return compiled(outputs, reel.facts)


def fade_arguments(
    reels: Sequence[Reel], starts: Sequence[int], frames: int, wanted: WantedChunk, *, seek: bool
) -> tuple[str, ...]:
    """Encode the pictures of one source that go over into those of another.

    Args:
        reels, starts: both, and where on its grid the stretch of each begins.
        frames: of the whole cross-fade, of which the chunk may be a part.
    """
    import ffmpeg

    profile, shown = wanted.profile, []
    for reel, start, name in zip(reels, starts, (SOURCE, SECOND), strict=True):
        stream, ticks = _opened(reel, start, profile, seek=seek, name=name)
        picture = fitted(stream, reel.shown, reel.fit, profile.canvas)
        held = (picture.filter("fps", **ticks) if ticks else picture).filter("tpad", stop_mode="clone", stop=-1)
        shown.append(_cut(held, start, start + frames).filter("setpts", expr="PTS-STARTPTS"))
    length = float(frames / profile.fps)
    faded = ffmpeg.filter(shown, "xfade", transition="fade", duration=f"{length:.6f}", offset=0)
    steady = faded.filter("fps", fps=rate_of(profile.fps), start_time=0)
    return compiled([_finished(_cut(steady, wanted.chunk.start, wanted.chunk.end), wanted)])


def bridge_arguments(reel: Reel, canvas: Canvas, fps: Fraction, frames: int) -> tuple[str, ...]:
    """Decode all of a source once and write it anew: pictures as in the result, a key frame every second.

    Args:
        canvas: of the source's own size and shape, upright; that of the profile for pictures of several shapes.
    """
    facts = reel.facts
    stream = _from_origin(_source(facts, 0, SOURCE, input_options(facts)), facts)
    shown = _joined(stream, reel, canvas, fps, frames) if facts.parts else _held(stream, reel, canvas, fps)
    cut = _cut(shown, 0, frames)
    return compiled([cut.output(BRIDGE_OUTPUT, **standing_in(fps, frames), format="mp4")], facts)


def standing_in(fps: Fraction, frames: int) -> dict[str, Any]:
    """Output options of what stands in for a source. Key frames are where they are said, not at changes of scene."""
    steady_keys = {"g": round(fps), "sc_threshold": 0, "bf": 0}
    return _FAITHFUL | {"preset": "superfast", "crf": 12, "threads": 2, "frames:v": frames, **steady_keys}


def _held(stream: Stream, reel: Reel, canvas: Canvas, fps: Fraction, start: int = 0) -> Stream:
    """The pictures at even intervals from frame `start` on, on the canvas; the last one stands without end."""
    ticks: dict[str, Any] = {"fps": rate_of(fps), "start_time": float(start / fps) if start else 0}
    early = reel.facts.fps > fps
    picture = fitted(_at_first(stream, reel, ticks if early else {}), reel.shown, reel.fit, canvas)
    steady = picture if early else picture.filter("fps", **ticks)
    return steady.filter("tpad", stop_mode="clone", stop=-1)


def _joined(stream: Stream, reel: Reel, canvas: Canvas, fps: Fraction, frames: int) -> Stream:
    """The parts of a source whose pictures change midway, each made as if it were alone, in step with the sound."""
    import ffmpeg

    facts = reel.facts
    starts = [round(part.start_ms * fps / 1000) for part in facts.parts]
    ends = [*starts[1:], frames]
    until_ms = [*(part.start_ms for part in facts.parts[1:]), None]
    shown = []
    for part, own, start, end, end_ms in zip(
        facts.parts, _parts(stream, len(facts.parts)), starts, ends, until_ms, strict=True
    ):
        until = {} if end_ms is None else {"end": f"{end_ms}ms"}
        alike = turned(sorted_out(own.filter("trim", start=f"{part.start_ms}ms", **until), part.kind), part.kind)
        held = _held(alike, replace(reel, facts=facts.within(part)), canvas, fps, start)
        shown.append(held.filter("trim", start_pts=start, end_pts=end).filter("setpts", expr="PTS-STARTPTS"))
    return ffmpeg.concat(*shown).filter("fps", fps=rate_of(fps))


def drawn_arguments(
    picture: Card | Ident, wanted: Sequence[WantedChunk], colours: Literal["once", "each"] = "once"
) -> tuple[str, ...]:
    """Encode chunks of what was drawn as `drawn_file`: a card or an ident, held or cut; or a sheet that moves.

    Args:
        wanted: one, or several of a card that stands; all for one profile.
        colours: found once of a picture that is held, or of each anew. The bytes are the same; keys are made of
            "each", so that what is in the store already stays of use.
    """
    fps = wanted[0].profile.fps
    scroll = None if isinstance(picture, Ident) else scroll_of(picture, fps)
    if stands(picture, fps):
        # All chunks of a card are alike; of what moves each is another.
        wanted = [replace(one, chunk=Chunk("body", 0, one.chunk.frames, last=True)) for one in wanted]
    return _shown_arguments(drawn_file(picture), scroll, tuple(wanted), colours)


@cache  # cards are many, and of one length
def _shown_arguments(
    file: str, scroll: Scroll | None, wanted: tuple[WantedChunk, ...], colours: str
) -> tuple[str, ...]:
    import ffmpeg

    profile, first = wanted[0].profile, wanted[0].chunk.start
    drawn = ffmpeg.input(file, **({"framerate": rate_of(profile.fps)} if file.endswith(".png") else {}))
    if scroll is not None:
        shown, first = to_tv(notice_picture(drawn, scroll, *profile.canvas, first)), 0
    else:
        steady = drawn.video.filter("fps", fps=rate_of(profile.fps), start_time=0)
        held = (to_tv(steady) if colours == "once" else steady).filter("tpad", stop_mode="clone", stop=-1)
        shown = to_tv(held) if colours == "each" else held
    outputs = []
    for wish, part in zip(wanted, _parts(shown, len(wanted)), strict=True):
        cut = _marked(_cut(part, first, first + wish.chunk.frames), wish.mark)
        outputs.append(_encoded(cut, profile, wish.chunk.frames, wish.file))
    return compiled(outputs)


def drawn_file(picture: Card | Ident) -> str:
    """The name of a card or an ident in the work folder."""
    return "drawn.mkv" if isinstance(picture, Ident) else "drawn.png"


def rate_of(fps: Fraction) -> str:
    """A frame rate as ffmpeg reads it."""
    return f"{fps.numerator}/{fps.denominator}"


def to_tv(stream: Stream) -> Stream:
    """Red, green and blue in television's colours."""
    return stream.filter("scale", **_TO_TV).filter("format", pix_fmts="yuv420p")


def _opened(reel: Reel, first: int, profile: Profile, *, seek: bool, name: str = SOURCE) -> tuple[Stream, _Ticks]:
    """A source read from where frame `first` of its grid needs it, and how its pictures are still to be chosen."""
    facts, rate = reel.facts, profile.fps
    needed_ms = _needed_ms(reel, first, rate, _MOST_LEFT_OUT if profile.quick else 0) if seek else 0
    # A picture that begins late stands from the beginning.
    ticks: _Ticks = {"fps": rate_of(rate)} | ({} if needed_ms else {"start_time": 0})
    small = profile.canvas if profile.quick else None
    stream = _from_origin(_source(facts, needed_ms, name, input_options(facts, small, uncut=reel.whole)), facts)
    if needed_ms:
        stream = stream.filter("trim", start=f"{needed_ms}ms")
    if reel.speed != 1:
        stream = stream.filter("setpts", expr=f"PTS*{reel.speed.denominator}/{reel.speed.numerator}")
    # Pictures that are dropped need no work; those of a slow source are scaled once and then repeated.
    early = reel.fps > rate
    return _at_first(stream, reel, ticks if early else {}, small), {} if early else ticks


def _needed_ms(reel: Reel, first: int, rate: Fraction, left_out: int) -> int:
    """From which moment of the file on pictures are needed for frame `first`; 0 when all from the beginning are."""
    facts = reel.facts
    if not facts.seekable:
        return 0
    shown = int(first * 1000 * reel.speed / rate)
    if facts.last_picture_ms is not None:
        shown = min(shown, facts.last_picture_ms)  # the last picture stands on after its time
    needed = shown - (_GAPS_BEFORE + left_out) * facts.longest_gap_ms - _MARGIN_MS
    return needed if needed > 0 and _key_frame_ms(facts, needed) > 0 else 0


def _key_frame_ms(facts: MediaFacts, moment_ms: int) -> int:
    """The last key frame at or before a moment, 0 when only the beginning is."""
    return max((one for one in facts.keyframes_ms if one <= moment_ms), default=0)


def _source(facts: MediaFacts, needed_ms: int, name: str, decoding: dict[str, str | None]) -> Stream:
    import ffmpeg

    options: dict[str, Any] = {"protocol_whitelist": PROTOCOLS, "threads": _DECODER_THREADS}
    options |= decoding
    if needed_ms:
        # A millisecond later, since the moment was rounded down: else the key frame before would be taken.
        options |= {"noaccurate_seek": None, "ss": f"{_key_frame_ms(facts, needed_ms) + 1}ms"}
    return ffmpeg.input(name, **options)[str(facts.video_index)]


def _from_origin(stream: Stream, facts: MediaFacts) -> Stream:
    """The moment that players call 0 becomes 0."""
    if not facts.origin or facts.jumps:
        return stream
    return stream.filter("setpts", expr=f"PTS-({facts.origin.numerator}/{facts.origin.denominator})/TB")


def _at_first(stream: Stream, reel: Reel, ticks: _Ticks, rough: Canvas | None = None) -> Stream:
    """What is done once for all profiles; with `ticks` also the choice of pictures, before the dear part."""
    pictures = whole(stream, reel.facts)
    chosen = pictures.filter("fps", **ticks) if ticks else pictures
    small = roughly(chosen, reel.facts, rough) if rough else chosen
    return rotated(coloured(small, reel.facts), reel.turn)


def _parts(stream: Stream, count: int) -> list[Stream]:
    if count == 1:
        return [stream]
    split = stream.filter_multi_output("split", count)
    return [split[number] for number in range(count)]


def _chunks_of(picture: Stream, reel: Reel, wanted: Sequence[WantedChunk]) -> Iterator[Stream]:
    """The outputs of one profile. Where the source still has pictures none is held: a missing one must be noticed."""
    if any(one.chunk.last or _ends_later(one, reel) for one in wanted):
        picture = picture.filter("tpad", stop_mode="clone", stop=-1)
    for one, part in zip(wanted, _parts(picture, len(wanted)), strict=True):
        yield _finished(_cut(part, one.chunk.start, one.chunk.end), one)


def _finished(cut: Stream, one: WantedChunk) -> Stream:
    """A chunk's output: captions and marks come after scaling, on the screen's pixels, in the grid's time."""
    if one.captions:
        cut = cut.filter("ass", filename=one.captions, fontsdir=FONTS)
    return _encoded(_marked(cut, one.mark), one.profile, one.chunk.frames, one.file)


def _ends_later(one: WantedChunk, reel: Reel) -> bool:
    """Whether a chunk goes on after the last picture of its source, as when the sound is longer."""
    last_ms = reel.facts.last_picture_ms
    return last_ms is not None and one.chunk.end * 1000 * reel.speed > last_ms * one.profile.fps


def _marked(stream: Stream, mark: str) -> Stream:
    import ffmpeg

    return overlaid(stream, ffmpeg.input(mark)) if mark else stream


def _cut(stream: Stream, start: int, end: int) -> Stream:
    """The frames from `start` to before `end`, tagged as what they are."""
    cut = stream.filter("trim", start_pts=start, end_pts=end)
    return cut.filter("setsar", sar=1).filter("setparams", range="tv", **TAGS)


def _encoded(stream: Stream, profile: Profile, frames: int, output: str) -> Stream:
    from_zero = stream.filter("setpts", expr="PTS-STARTPTS")
    if output.endswith(PICTURE_SUFFIX):
        red_green_blue = from_zero.filter("scale", in_color_matrix="bt709", in_range="tv", out_range="pc")
        return red_green_blue.filter("format", pix_fmts="rgb24").output(output, **_STILL)
    return from_zero.output(output, **encoder(profile), **{"frames:v": frames, "format": "mp4"})


def encoder(profile: Profile) -> dict[str, Any]:
    """Output options of a chunk."""
    return {
        **_FAITHFUL,
        "preset": profile.preset,
        "crf": profile.crf,
        "maxrate": f"{profile.maxrate_kbps}k",
        "bufsize": f"{profile.bufsize_kbps}k",
        "profile:v": profile.h264_profile,
        "level:v": f"{profile.level // 10}.{profile.level % 10}",
        "refs": profile.refs,
        "bf": 0 if profile.quick else 2,
        "g": profile.gop,
        "threads": _ENCODER_THREADS,
    }


def compiled(outputs: Sequence[Stream], facts: MediaFacts | None = None) -> tuple[str, ...]:
    """All outputs as one run's arguments."""
    import ffmpeg

    merged = ffmpeg.merge_outputs(*outputs) if len(outputs) > 1 else outputs[0]
    words = merged.overwrite_output().get_args()
    # Where the source's clock starts again in the middle, ffmpeg makes one that goes on; it begins at 0.
    clock = () if facts and facts.jumps else ("-copyts",)
    return ("-loglevel", "warning", *clock, *words)
