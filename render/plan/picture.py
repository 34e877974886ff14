"""How a source's pictures get onto a canvas: whole, upright, in television's colours, in their right shape.

Pure: builds filters, runs nothing. Keeps every picture's time; when pictures are shown is decided elsewhere.
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import isqrt
from typing import Any

from courseware.lessons.profile import Canvas
from courseware.media.facts import MediaFacts
from courseware.media.parts import PictureKind

Stream = Any  # of ffmpeg-python, which has no types

# The same bytes on every processor; exact rounding costs little beside decoding.
_FLAGS = "lanczos+accurate_rnd+bitexact"
_SOFT_FLAGS = "bicubic+accurate_rnd+bitexact"
_HDR = frozenset({"smpte2084", "arib-std-b67"})
_WIDE = frozenset({"bt2020", "smpte431", "smpte432"})
# Television's own numbers for colours, ITU-R BT.709, in its limited range.
_TO_TV = {"out_color_matrix": "bt709", "out_range": "tv"}
_TV = {"range": "tv", "color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709"}
# Colours are converted in floating point; more than a TV's width of them would only cost time.
_HDR_LONGEST = 1920
_WHITE_NITS = 203  # ITU-R BT.2408: white paper in an HDR picture
_PEAK = 5  # times that, about 1000 nits, becomes white. What files claim of their brightest spot is too often wrong.
_RGB = ("rgb", "bgr", "gbr", "argb", "abgr", "0rgb", "0bgr", "x2rgb", "x2bgr", "pal8", "mono", "bayer")
# What ffmpeg's quick converter reads, when width and height are even.
_PLANAR = re.compile(r"yuvj?4(20|22|44)p(10le|12le)?")
_MATRICES = frozenset({"bt709", "fcc", "bt470bg", "smpte170m", "smpte240m", "bt2020nc"})
_RIGHT, _UPSIDE_DOWN = 90, 180
_LIVELY_FPS = 20
_CUTTABLE = 16  # pixels; of less, a part is nothing
_PACKED_ALPHA = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
_HD_WIDTH, _PAL_HEIGHT = 1280, 576  # as in every player: an untagged picture larger than PAL's is HD


def input_options(facts: MediaFacts, rough: Canvas | None = None, *, uncut: bool = False) -> dict[str, str | None]:
    """Options of ffmpeg's input: the decoder that sees transparency, where the usual one does not.

    Args:
        rough: the canvas that `roughly` makes pictures small for; the seams of blocks, which nobody sees there, are
            left as they are, which is a sixth of decoding.
        uncut: the video is shown whole; for a rough look pictures that no other one is made from are left out, half
            of most videos and a quarter of their decoding. At a cut the picture before it would stand in for them.
    """
    options: dict[str, str | None] = {"skip_loop_filter": "all"} if rough and _times(facts, rough) > 1 else {}
    if rough and uncut and facts.fps >= _LIVELY_FPS and not facts.interlaced:
        options["skip_frame"] = "noref"
    if facts.alpha and facts.video_codec in _PACKED_ALPHA:
        return options | {f"c:{facts.video_index}": _PACKED_ALPHA[facts.video_codec]}
    if facts.parts:
        # Filters that began anew at a change would forget where in time they are.
        return options | {"reinit_filter": "0", "noautorotate": None}
    return options


def sorted_out(stream: Stream, kind: PictureKind) -> Stream:
    """Pictures of one part alone, as what they are: filters were told of the first part's."""
    return stream.filter("scale", w=kind.width, h=kind.height, flags=_FLAGS).filter(
        "format", pix_fmts=kind.pixel_format
    )


def turned(stream: Stream, kind: PictureKind) -> Stream:
    """Upright, as ffmpeg itself turns what does not change midway."""
    return rotated(stream.filter("hflip") if kind.mirrored else stream, -kind.rotation % 360)


def rotated(stream: Stream, degrees: int) -> Stream:
    """Turned clockwise by a multiple of 90 degrees."""
    if degrees == _UPSIDE_DOWN:
        return stream.filter("hflip").filter("vflip")
    return stream.filter("transpose", dir="clock" if degrees == _RIGHT else "cclock") if degrees else stream


def normal(stream: Stream, facts: MediaFacts) -> Stream:
    """Once per decode: pictures that every later filter takes, without combs, in ordinary colours, on black."""
    return coloured(whole(stream, facts), facts)


def whole(stream: Stream, facts: MediaFacts) -> Stream:
    """Fields put together to pictures. Must see every picture of the source."""
    if not facts.interlaced:
        return stream
    return stream.filter("bwdif", mode="send_frame", parity=facts.field_order or "auto", deint="all")


def coloured(stream: Stream, facts: MediaFacts) -> Stream:
    """Colours named as they are, HDR and wide gamuts made ordinary, transparency put on black.

    Looks at one picture at a time, so it may come after pictures were dropped: it is dear for HDR.
    """
    if facts.alpha:
        return _on_black(stream, facts)
    if facts.pixel_format.startswith(_RGB):
        return stream.filter("format", pix_fmts="gbrp") if _is_odd(facts) else stream
    tagged = stream.filter("setparams", **_tags(facts))
    if is_hdr(facts):
        return _tone_mapped(tagged, facts)
    return _narrowed(tagged) if is_wide(facts) else _converted(tagged, facts)


def is_hdr(facts: MediaFacts) -> bool:
    """Whether highlights are brighter than television's white (PQ or HLG)."""
    return facts.transfer in _HDR


def is_wide(facts: MediaFacts) -> bool:
    """Whether colours may lie outside of television's."""
    # Who names only the matrix means the whole standard.
    return (facts.primaries or facts.matrix.removesuffix("nc")) in _WIDE


def _is_odd(facts: MediaFacts) -> bool:
    """Formats that the scaler reads, but not with every flag."""
    return facts.pixel_format.startswith(("bayer", "mono", "pal8"))


def _on_black(stream: Stream, facts: MediaFacts) -> Stream:
    tagged = stream if facts.pixel_format.startswith(_RGB) else stream.filter("setparams", **_tags(facts))
    clear = tagged.filter("scale", flags=_FLAGS).filter("format", pix_fmts="gbrap")
    return clear.filter("premultiply", inplace=1).filter("format", pix_fmts="gbrp")


def _tags(facts: MediaFacts) -> dict[str, str]:
    """What the numbers mean; where the file does not say, what players assume from the size."""
    high = facts.width >= _HD_WIDTH or facts.height > _PAL_HEIGHT
    usual = "bt2020nc" if facts.primaries == "bt2020" else "bt709" if high else "smpte170m"
    matrix = facts.matrix if facts.matrix not in {"", "gbr"} else usual
    return {
        "range": facts.color_range or ("pc" if facts.pixel_format.startswith("yuvj") else "tv"),
        "color_primaries": facts.primaries or ("bt2020" if is_hdr(facts) or is_wide(facts) else "bt709"),
        "color_trc": facts.transfer or "bt709",
        "colorspace": matrix,
    }


def _tone_mapped(stream: Stream, facts: MediaFacts) -> Stream:
    """HDR to ordinary: light as it was, highlights rolled off, colours brought inside television's."""
    size = _affordable(facts)
    if size is not None:
        stream = stream.filter("scale", w=size.width, h=size.height, flags=_SOFT_FLAGS)
    light = stream.filter("zscale", transfer="linear", npl=_WHITE_NITS, primaries="bt709")
    rolled = light.filter("format", pix_fmts="gbrpf32le").filter("tonemap", tonemap="mobius", desat=0, peak=_PEAK)
    return rolled.filter("zscale", transfer="bt709", matrix="bt709", range="tv").filter("format", pix_fmts="yuv420p")


def _affordable(facts: MediaFacts) -> Canvas | None:
    """The size to which a larger HDR picture is made smaller first, upright; None when it is small enough."""
    longest = max(facts.width, facts.height)
    if longest <= _HDR_LONGEST:
        return None
    size = Canvas(*(_even(Fraction(side * _HDR_LONGEST, longest)) for side in (facts.width, facts.height)))
    return Canvas(size.height, size.width) if facts.rotation % 180 else size


def _converted(stream: Stream, facts: MediaFacts) -> Stream:
    """The numbers of another matrix or range as television's.

    The scaler could do it, too, but goes by way of RGB, which costs more than all the scaling.
    """
    tags = _tags(facts)
    same = (tags["colorspace"], tags["range"]) == (_TV["colorspace"], _TV["range"])
    if same or tags["colorspace"] not in _MATRICES or not _is_plain(facts):
        return stream
    # Primaries are left as they are: no player heeds the small difference between the old ones.
    given = {"ispace": tags["colorspace"], "irange": tags["range"], "iprimaries": "bt709", "itrc": "bt709"}
    return stream.filter("colorspace", space="bt709", range="tv", primaries="bt709", trc="bt709", **given)


def _is_plain(facts: MediaFacts) -> bool:
    """Whether the quick converter reads it."""
    return bool(_PLANAR.fullmatch(facts.pixel_format)) and not (facts.width % 2 or facts.height % 2)


def _narrowed(stream: Stream) -> Stream:
    """A wide gamut's colours, without HDR's light, as television has them."""
    light = stream.filter("zscale", primaries="bt709", transfer="bt709", matrix="bt709", range="tv")
    return light.filter("format", pix_fmts="yuv420p")


def roughly(stream: Stream, facts: MediaFacts, canvas: Canvas) -> Stream:
    """Pictures made smaller by a whole number, to no fewer pixels than the canvas has: whatever follows is cheap."""
    times = _times(facts, canvas)
    if times <= 1:
        return stream
    return stream.filter("scale", w=f"trunc(iw/{2 * times})*2", h=f"trunc(ih/{2 * times})*2", flags="area")


def _times(facts: MediaFacts, canvas: Canvas) -> int:
    """How many times as wide and high as the canvas pictures are; as a whole number, rounded down."""
    return isqrt(facts.width * facts.height // (canvas.width * canvas.height))


def fitted(stream: Stream, facts: MediaFacts, fit: str, canvas: Canvas) -> Stream:
    """Pictures of `normal` on exactly the canvas, in the right proportions, as television expects them.

    Args:
        fit: "pad" leaves the rest black, "blur" fills it with the picture itself, "crop" cuts off what is too much.
    """
    return _named(_placed(stream, facts, fit, canvas))


def _placed(stream: Stream, facts: MediaFacts, fit: str, canvas: Canvas) -> Stream:
    """Scaled onto the canvas: cut to cover it, or whole beside black or beside itself blurred; at even pixels."""
    if fit == "crop":
        return _covering(stream, facts, canvas)
    inside = inside_size(facts, canvas)
    if inside == canvas:
        return _scaled(stream, inside)
    x, y = ((canvas[side] - inside[side]) // 4 * 2 for side in (0, 1))
    if fit == "pad":
        return _scaled(stream, inside).filter("pad", width=canvas.width, height=canvas.height, x=x, y=y)
    twice = stream.filter_multi_output("split")
    return _blurred(twice[0], facts, canvas).overlay(_scaled(twice[1], inside), x=x, y=y)


def _blurred(stream: Stream, facts: MediaFacts, canvas: Canvas) -> Stream:
    """The picture as its own background: covering, out of focus, darker."""
    small = Canvas(_even(Fraction(canvas.width, 8)), _even(Fraction(canvas.height, 8)))
    soft = (
        _covering(stream, facts, small)
        .filter("gblur", sigma=max(4, small.width // 24))
        .filter("eq", brightness=-0.12)
    )
    return soft.filter("scale", w=canvas.width, h=canvas.height, flags=_SOFT_FLAGS).filter("setsar", sar=1)


def _covering(stream: Stream, facts: MediaFacts, canvas: Canvas) -> Stream:
    """Cut to the canvas's shape, then scaled: so nothing is scaled that is not shown."""
    wide, high = kept(facts, canvas)
    if min(facts.width, facts.height) >= _CUTTABLE and wide * high != 1:
        stream = stream.filter("crop", w=f"iw*{wide}", h=f"ih*{high}")
    return _scaled(stream, canvas)


def _scaled(stream: Stream, size: Canvas) -> Stream:
    scaled = stream.filter("scale", w=size.width, h=size.height, flags=_FLAGS, **_TO_TV)
    return scaled.filter("setsar", sar=1).filter("format", pix_fmts="yuv420p")


def _named(stream: Stream) -> Stream:
    """The tags of what the numbers are now."""
    return stream.filter("setparams", **_TV)


def inside_size(facts: MediaFacts, canvas: Canvas) -> Canvas:
    """The largest even size of the source's shape that the canvas holds."""
    shape = shape_of(facts)
    if shape >= Fraction(canvas.width, canvas.height):
        return Canvas(canvas.width, min(canvas.height, _even(canvas.width / shape)))
    return Canvas(min(canvas.width, _even(canvas.height * shape)), canvas.height)


def kept(facts: MediaFacts, canvas: Canvas) -> tuple[Fraction, Fraction]:
    """The share of the source's width and of its height that is seen when it covers the canvas."""
    narrower = Fraction(canvas.width, canvas.height) / shape_of(facts)
    return (narrower, Fraction(1)) if narrower < 1 else (Fraction(1), 1 / narrower)


def shape_of(facts: MediaFacts) -> Fraction:
    """Width over height as a person sees it: square pixels, upright."""
    shape = Fraction(facts.width, facts.height) * facts.sar
    return 1 / shape if facts.rotation % 180 else shape


def _even(length: Fraction) -> int:
    return max(2, round(length / 2) * 2)
