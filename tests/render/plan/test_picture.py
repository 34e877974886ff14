from __future__ import annotations

import subprocess
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg
import imageio_ffmpeg
import numpy as np
import pytest

from courseware.lessons.profile import Canvas
from courseware.media.facts import probe
from render.plan.picture import fitted, input_options, inside_size, kept, normal, shape_of
from tests.conftest import ClipFactory, run_ffmpeg
from tests.render.samples import FACTS
from tests.sources import BARS, QUARTERS, bars, combs, film, moving, quarters, woven

SMALL = Canvas(96, 64)
# Through 8 bits, quarter chroma and back.
NEAR = 5
LOSSLESS = ("-c:v", "ffv1")


def bar_film(path: Path, *filters: str, options: tuple[str, ...] = LOSSLESS, frames: int = 2) -> Path:
    """Bars, turned by the filters into what the test names."""
    return film(path, [bars()] * frames, *options, filters=",".join(filters) or "null")


def shown(path: Path, fit: str = "pad", canvas: Canvas = SMALL) -> Any:
    """The first picture on the canvas as a television shows it: (height, width, 3), RGB."""
    facts = probe(path)
    source = ffmpeg.input(str(path), **input_options(facts))[str(facts.video_index)]
    picture = fitted(normal(source, facts), facts, fit, canvas)
    rgb = picture.filter("scale", in_color_matrix="bt709", in_range="tv", flags="accurate_rnd").filter(
        "format", pix_fmts="rgb24"
    )
    args = ffmpeg.output(rgb, "-", format="rawvideo", loglevel="warning", **{"frames:v": 1}).get_args()
    done = subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", *args], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert b"failed" not in done.stderr.lower(), done.stderr.decode()
    return np.frombuffer(done.stdout, np.uint8).reshape(canvas.height, canvas.width, 3).astype(int)


def bar_colours(picture: Any) -> list[tuple[int, ...]]:
    """The colour in the middle of each bar."""
    height, width, _ = picture.shape
    step = width // len(BARS)
    return [tuple(int(v) for v in picture[height // 2, step * n + step // 2]) for n in range(len(BARS))]


def assert_bars(picture: Any, near: int = NEAR) -> None:
    for seen, wanted in zip(bar_colours(picture), BARS, strict=True):
        assert np.abs(np.subtract(seen, wanted)).max() <= near, (bar_colours(picture), BARS)


SD_TAGS = "setparams=colorspace=smpte170m:color_primaries=smpte170m:color_trc=smpte170m:range=tv"
NO_TAGS = "setparams=colorspace=unknown:color_primaries=unknown:color_trc=unknown:range=unknown"


@pytest.mark.parametrize(
    ("pixels", "matrix", "levels", "tags"),
    [
        ("yuv420p", "bt601", "tv", SD_TAGS),
        ("yuv420p", "bt601", "tv", NO_TAGS),
        ("yuv444p", "bt709", "tv", "setparams=colorspace=bt709:range=tv"),
        ("yuv422p10le", "bt709", "tv", "setparams=colorspace=bt709:range=tv"),
        ("yuv420p12le", "bt601", "tv", "setparams=colorspace=bt470bg:range=tv"),
        ("yuv420p", "bt709", "pc", "setparams=colorspace=bt709:range=pc"),
        ("yuvj444p", "bt601", "pc", "setparams=colorspace=bt470bg:range=pc"),
        ("yuv411p", "bt601", "tv", NO_TAGS),
        ("yuv410p", "bt601", "tv", NO_TAGS),
    ],
)
def test_colours_come_out_as_they_were(tmp_path: Path, pixels: str, matrix: str, levels: str, tags: str) -> None:
    scaled = f"scale=out_color_matrix={matrix}:out_range={levels}:flags=accurate_rnd"
    assert_bars(shown(bar_film(tmp_path / "a.mkv", scaled, f"format={pixels}", tags)))


@pytest.mark.parametrize("pixels", ["bgr0", "gbrp", "gbrp10le", "bgra", "gbrap"])
def test_rgb_comes_out_as_it_was(tmp_path: Path, pixels: str) -> None:
    assert_bars(shown(bar_film(tmp_path / "a.mkv", f"format={pixels}")))


def test_an_untagged_picture_is_taken_for_hd_when_it_is_large(tmp_path: Path) -> None:
    made = bar_film(
        tmp_path / "a.mp4",
        "scale=1152x648:out_color_matrix=bt709:out_range=tv",
        "format=yuv420p",
        NO_TAGS,
        options=("-c:v", "libx264", "-qp", "2"),
    )
    assert probe(made).matrix == ""
    assert_bars(shown(made))


@pytest.mark.parametrize("levels", ["tv", "pc"])
def test_grey_keeps_its_levels(tmp_path: Path, levels: str) -> None:
    filters = (f"scale=out_range={levels}:out_color_matrix=bt601", "format=gray", f"setparams=range={levels}")
    grey = bar_colours(shown(bar_film(tmp_path / "a.mkv", *filters)))
    assert [abs(grey[n][0] - BARS[n][0]) <= NEAR for n in (0, 4, 5)] == [True] * 3, grey


@pytest.mark.parametrize("suffix", [".gif", ".avi"])
def test_a_palette_comes_out_as_it_was(tmp_path: Path, suffix: str) -> None:
    options = () if suffix == ".gif" else ("-c:v", "msrle")
    split = "split[a][b];[a]palettegen=reserve_transparent=0[p];[b][p]paletteuse=dither=none"
    assert_bars(shown(bar_film(tmp_path / f"a{suffix}", split, options=options, frames=3)))


@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        (".webm", ("-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p", "-crf", "8", "-b:v", "0")),
        (".mov", ("-c:v", "qtrle", "-pix_fmt", "argb")),
        (".mov", ("-c:v", "png", "-pix_fmt", "rgba")),
        (".mov", ("-c:v", "prores_ks", "-profile:v", "4444", "-pix_fmt", "yuva444p10le")),
    ],
)
def test_what_is_transparent_becomes_black(tmp_path: Path, suffix: str, options: tuple[str, ...]) -> None:
    # The right half of every bar is transparent; its colour is still in the file.
    holes = "format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='255*lt(mod(X,16),8)'"
    made = bar_film(tmp_path / f"a{suffix}", holes, options=options)
    assert probe(made).alpha
    picture = shown(made)
    for number, wanted in enumerate(BARS):
        seen, hole = picture[32, 16 * number + 3], picture[32, 16 * number + 12]
        assert np.abs(seen - wanted).max() <= 16, (number, seen)
        assert hole.max() <= 16, (number, hole)


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_hdr_becomes_ordinary_with_its_greys_where_they_were(tmp_path: Path, transfer: str) -> None:
    paper = "setparams=color_primaries=bt709:color_trc=bt709:colorspace=gbr,format=gbrpf32le,zscale=transfer=linear"
    hdr = f"zscale=transfer={transfer}:primaries=bt2020:matrix=bt2020nc:range=tv:npl=203,format=yuv420p10le"
    made = bar_film(tmp_path / "a.mkv", f"{paper}:npl=203", hdr)
    facts = probe(made)
    assert (facts.transfer, facts.primaries, facts.matrix, facts.bits) == (transfer, "bt2020", "bt2020nc", 10)
    white, red, green, blue, grey, black = (np.array(one) for one in bar_colours(shown(made)))
    assert 195 <= white.min() <= white.max() <= 240
    assert np.abs(grey - 128).max() <= 16
    assert black.max() <= 4
    for seen, main in ((red, 0), (green, 1), (blue, 2)):
        assert seen[main] - np.delete(seen, main).max() > 80


def test_a_large_hdr_picture_is_made_smaller_before_its_colours_are_converted() -> None:
    large = replace(FACTS, width=3840, height=2160, transfer="smpte2084", primaries="bt2020", rotation=90)
    graph = ffmpeg.output(normal(ffmpeg.input("x"), large), "y").get_args()[3]
    assert "scale=flags" in graph
    assert ":h=1920:w=1080" in graph
    assert graph.index("h=1920:w=1080") < graph.index("tonemap")


def test_a_wide_gamut_comes_out_as_it_was(tmp_path: Path) -> None:
    wide = "zscale=transferin=bt709:primariesin=bt709:transfer=bt709:primaries=bt2020:matrix=bt2020nc:range=tv"
    made = bar_film(tmp_path / "a.mkv", wide, "format=yuv420p10le")
    assert probe(made).primaries == "bt2020"
    assert_bars(shown(made), near=8)


@pytest.mark.parametrize("mirror", [(), ("-display_hflip",), ("-display_vflip",)])
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_every_turn_and_mirror_comes_out_upright(tmp_path: Path, degrees: int, mirror: tuple[str, ...]) -> None:
    stored = film(tmp_path / "a.mp4", [quarters()] * 2, "-c:v", "libx264", "-qp", "4")
    turned = tmp_path / "turned.mp4"
    run_ffmpeg("-display_rotation", str(degrees), *mirror, "-i", str(stored), "-c", "copy", str(turned))
    facts = probe(turned)
    upright = np.rot90(quarters()[:, ::-1] if facts.mirrored else quarters(), facts.rotation // 90)
    height, width, _ = upright.shape
    assert facts.mirrored == bool(mirror)
    assert shape_of(facts) == Fraction(width, height)
    seen = shown(turned, canvas=Canvas(width, height))
    for y in (height // 4, height * 3 // 4):
        for x in (width // 4, width * 3 // 4):
            assert np.abs(seen[y, x] - upright[y, x]).max() <= 12, (facts.rotation, facts.mirrored, x, y, seen[y, x])


def covered(picture: Any) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is not black."""
    rows, columns = np.nonzero(picture.max(axis=2) > 24)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def test_pixels_that_are_not_square_become_square(tmp_path: Path) -> None:
    made = film(tmp_path / "a.mp4", [quarters(72, 64)] * 2, "-c:v", "libx264", filters="setsar=4/3")
    assert covered(shown(made, canvas=Canvas(128, 64))) == (16, 0, 112, 64)


def test_a_portrait_picture_is_padded_blurred_or_cropped(tmp_path: Path) -> None:
    made = film(tmp_path / "a.mp4", [quarters(64, 96)] * 2, "-c:v", "libx264", "-qp", "4")
    canvas = Canvas(160, 96)
    assert covered(shown(made, "pad", canvas)) == (48, 0, 112, 96)
    blurred, cropped = shown(made, "blur", canvas), shown(made, "crop", canvas)
    assert covered(blurred)[::2] == covered(cropped)[::2] == (0, 160)
    inside = blurred[:, 52:108]
    assert np.abs(inside[20, 5] - QUARTERS[0]).max() <= 16
    # The surround is the picture, softer and darker.
    assert 40 < blurred[20, 8].max() < QUARTERS[0][0]
    assert np.abs(cropped[20, 20] - QUARTERS[0]).max() <= 16
    assert np.abs(cropped[76, 140] - QUARTERS[3]).max() <= 16


@pytest.mark.parametrize("size", [(161, 91), (33, 97), (1, 1), (17, 900), (1400, 18)])
def test_odd_sizes_fit_every_canvas(tmp_path: Path, size: tuple[int, int]) -> None:
    made = film(
        tmp_path / "a.mp4", [np.full((size[1], size[0], 3), 200)] * 2, "-c:v", "libx264", "-pix_fmt", "yuv444p"
    )
    for fit in ("pad", "blur", "crop"):
        middle = shown(made, fit)[30:34, 46:50]
        assert middle.min(axis=2).max() > 180


@pytest.mark.parametrize("first", ["tff", "bff"])
@pytest.mark.parametrize("flagged", [True, False])
def test_combs_are_removed_whether_the_file_says_so_or_not(tmp_path: Path, first: str, *, flagged: bool) -> None:
    pictures = woven(moving(60), first)
    options = ("-c:v", "mpeg2video", "-q:v", "2", *(("-flags", "+ildct+ilme") if flagged else ()))
    made = film(tmp_path / "a.mkv", pictures, *options, filters=f"setfield={first if flagged else 'prog'}")
    facts = probe(made)
    assert (facts.interlaced, facts.field_order) == (True, first)
    assert combs(pictures[0]) > 2
    assert combs(shown(made, canvas=Canvas(96, 576))) < 0.5


def test_the_result_is_what_television_expects(make_clip: ClipFactory, tmp_path: Path) -> None:
    made = make_clip(sound=False, options=("-pix_fmt", "yuvj444p"))
    facts = probe(made)
    picture = fitted(normal(ffmpeg.input(str(made))["0"], facts), facts, "pad", SMALL)
    out = tmp_path / "out.mkv"
    run_ffmpeg(*ffmpeg.output(picture, str(out), **{"c:v": "libx264", "frames:v": 2}).get_args())
    result = probe(out)
    assert (result.width, result.height, result.sar, result.pixel_format) == (96, 64, Fraction(1), "yuv420p")
    tags = (result.primaries, result.transfer, result.matrix, result.color_range)
    assert tags == ("bt709", "bt709", "bt709", "tv")


def test_sizes_keep_the_shape_and_are_even() -> None:
    wide = replace(FACTS, width=720, height=576, sar=Fraction(64, 45))
    assert inside_size(wide, Canvas(1920, 1080)) == (1920, 1080)
    assert inside_size(wide, Canvas(512, 320)) == (512, 288)
    assert kept(wide, Canvas(512, 320)) == (Fraction(9, 10), Fraction(1))
    assert kept(wide, Canvas(1920, 800)) == (Fraction(1), Fraction(20, 27))
    upright = replace(wide, sar=Fraction(1), rotation=270)
    assert inside_size(upright, Canvas(1920, 1080)) == (864, 1080)


def test_no_option_is_needed_for_the_input_of_an_opaque_source() -> None:
    assert input_options(FACTS) == {}
    assert input_options(replace(FACTS, alpha=True, video_codec="vp9", video_index=1)) == {"c:1": "libvpx-vp9"}


@pytest.mark.parametrize(
    ("changed", "uncut", "left_out"),
    [({}, True, True), ({}, False, False), ({"fps": Fraction(12)}, True, False), ({"interlaced": True}, True, False)],
    ids=["a lively video", "one that is cut", "one of few pictures", "one of fields"],
)
def test_a_rough_look_leaves_out_what_no_picture_is_made_from_where_nobody_misses_it(
    changed: dict[str, Any], uncut: bool, left_out: bool
) -> None:
    facts = replace(FACTS, **{"fps": Fraction(25), "interlaced": False} | changed)
    assert ("skip_frame" in input_options(facts, Canvas(480, 270), uncut=uncut)) == left_out
    assert "skip_frame" not in input_options(facts, uncut=uncut)
