"""How much of what is wrong is found, and how often an alarm is false: python -m tests.bench.bench_quality [FOLDER].

Makes small renditions out of the sample county's footage and of drawn pictures: a good one and one for each seeded
fault, and a set of good ones that are hard to tell from faulty (night, slides, pauses, photographs). With FOLDER, its
videos are made into renditions, too, and count among the good ones.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

import imageio_ffmpeg

from courseware.files import sha256
from courseware.subtitles import Placed, load_subtitles
from courseware.subtitles.cue import Cue
from courseware.subtitles.cue_rules import Limits, check_cues
from courseware.times import Span
from render.plan.profiles import profile_named
from render.plan.timeline import Timeline, plan_timeline
from render.quality.checking import CheckedFile, Known, check_file
from render.quality.checks.expected import Expected
from render.quality.findings import Kind
from render.quality.sound import UNHEARD_LKFS, listen
from render.work.ffmpeg import find_ffmpeg
from tests.render.quality.parts import parts_of

FOOTAGE = Path(__file__).parents[2] / "templates" / "county" / "media"
PROFILE = profile_named("led-320x160")
SIZE = f"{PROFILE.canvas.width}x{PROFILE.canvas.height}"
FIT = f"fps=25,scale={PROFILE.canvas.width}:{PROFILE.canvas.height}:out_range=tv,setsar=1,format=yuv420p"
BODY_S = 16
NARRATED = "check-quality.mp4"
H264 = ("-c:v", "libx264", "-preset", "medium", "-crf", "18", "-g", "50", "-level", "3.0", "-threads", "1")
AAC = ("-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2")


@dataclass(frozen=True)
class Made:
    """How a rendition is made.

    Attributes:
        picture: ffmpeg's input arguments for the body's picture.
        look: filters of the body's picture before it is fitted.
        sound: input arguments for the body's sound; None for digital silence.
        video, audio: filters over the whole length, where a fault is seeded.
        options: of the output, after ours.
        damage: changes the finished bytes.
        shown: when subtitles are shown, in the body's time; None when nothing is known of them.
        shape: of the source.
    """

    picture: tuple[str, ...] = ("-i", str(FOOTAGE / NARRATED))
    look: str = "null"
    sound: tuple[str, ...] | None = ("-i", str(FOOTAGE / NARRATED))
    video: str = "null"
    audio: str = "anull"
    options: tuple[str, ...] = ("-movflags", "+faststart")
    damage: Callable[[bytes], bytes] | None = None
    slides: bool = False
    silent: bool = False
    cues: tuple[tuple[int, int, str], ...] = ()
    shown: tuple[Span, ...] | None = None
    shape: Fraction | None = None


@dataclass(frozen=True)
class Fault:
    """A seeded fault, and what must be said of it."""

    name: str
    kinds: tuple[Kind, ...]
    made: Made


def _truth(name: str) -> tuple[Span, ...]:
    """When the subtitles of the county's narration are shown."""
    path = next(path for path in FOOTAGE.glob(f"{Path(name).stem}.*") if path.suffix in {".srt", ".vtt"})
    return tuple(placed.cue.span for placed in load_subtitles(path).placed)


def _lavfi(graph: str) -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", graph)


def _blank(start: float, end: float) -> str:
    return f"drawbox=t=fill:color=black:enable='between(t,{start},{end})'"


def _boxes(start: float, end: float) -> str:
    """White strokes low in the picture, as a caption of twelve characters is for a detector."""
    strokes = (f"drawbox=x={40 + 20 * n}:y={118 + n % 3 * 4}:w=14:h=5:t=fill:color=white" for n in range(12))
    return ",".join(f"{one}:enable='between(t,{start},{end})'" for one in strokes)


def _held(start: float, end: float) -> str:
    """The picture at `start` stays on until `end`."""
    return f"select='not(between(t,{start},{end}))',fps=25"


def _zeroed(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes(6000) + content[middle + 6000 :]


def _flipped(content: bytes) -> bytes:
    at = len(content) * 2 // 3
    return content[:at] + bytes((content[at] ^ 1,)) + content[at + 1 :]


WOVEN = "tpad=start=1:start_mode=clone,tblend=all_expr='if(mod(Y,2),A,B)'"
NARRATIONS = ("check-quality.mp4", "new-project.mp4", "project-data.mp4", "read-results.mp4")
NIGHT = ("-stream_loop", "-1", "-i", str(Path(__file__).with_name("city-night.mpg")))
HILLS = ("-stream_loop", "-1", "-i", str(FOOTAGE / "green-hills.webm"))


def _filmed(name: str) -> Made:
    own = ("-i", str(FOOTAGE / name))
    return Made(picture=own, sound=own)


FAULTS = (
    Fault("black for 3 s", ("black",), Made(video=_blank(11, 14))),
    Fault("black for 3 s behind a caption", ("black",), Made(video=f"{_blank(11, 14)},{_boxes(11, 14)}")),
    Fault("black from the body's start", ("black",), Made(video=_blank(7, 9.5))),
    Fault("black to the body's end", ("black",), Made(video=_blank(19, 23))),
    Fault("black with a lens cap's noise", ("black",), Made(video=f"{_blank(10, 13)},noise=alls=6:allf=t")),
    Fault("black end card", ("black",), Made(video=_blank(23, 30))),
    Fault("black title card", ("black",), Made(video=_blank(3, 7))),
    Fault("frozen for 6 s", ("freeze",), Made(video=_held(10, 16))),
    Fault("frozen to the body's end", ("freeze",), Made(look="trim=0:9,tpad=stop_mode=clone:stop_duration=10")),
    Fault(
        "frozen behind changing captions",
        ("freeze",),
        Made(video=f"{_held(9, 18)},{_boxes(10, 12)},{_boxes(14, 16)}"),
    ),
    Fault("5 pictures a second", ("jerky",), Made(look="fps=5")),
    Fault("muted for 6 s", ("silence",), Made(audio="volume=0:enable='between(t,11,17)'")),
    Fault("muted from the middle on", ("silence",), Made(audio="volume=0:enable='gt(t,15)'")),
    Fault("no sound at all", ("no-sound",), Made(audio="volume=0")),
    Fault("no sound track", ("no-sound",), Made(options=("-movflags", "+faststart", "-an"))),
    Fault("6 LU too loud", ("loudness",), Made(audio="volume=6dB,alimiter=limit=0.8:level=false")),
    Fault("7 LU too quiet", ("loudness",), Made(audio="volume=-7dB")),
    Fault(
        "peaks at 0 dBTP",
        ("peak",),
        Made(audio="volume=9dB:enable='between(t,12,12.3)',alimiter=limit=1:level=false"),
    ),
    Fault("clipped", ("peak", "loudness"), Made(audio="volume=15dB")),
    Fault("cut 2 s short", ("length",), Made(options=("-movflags", "+faststart", "-t", "25"))),
    Fault("sound ends 0.4 s early", ("offset",), Made(audio="atrim=0:26.6")),
    Fault("sound lasts 0.6 s longer", ("offset",), Made(audio="apad=pad_dur=0.6")),
    Fault("sound begins 0.3 s late", ("offset",), Made(audio="asetpts=PTS+0.3/TB")),
    Fault("pixels are not square", ("picture",), Made(video="setsar=10/9")),
    Fault("wrong canvas", ("picture",), Made(video="scale=352:176")),
    Fault("30 pictures a second", ("picture",), Made(video="fps=30")),
    Fault(
        "pictures dropped",
        ("picture", "length"),
        Made(
            video="select='not(between(n,300,312))'", options=("-movflags", "+faststart", "-fps_mode", "passthrough")
        ),
    ),
    Fault("level too high", ("picture",), Made(options=("-movflags", "+faststart", "-level", "5.1"))),
    Fault("4:4:4 colour", ("picture",), Made(video="format=yuv444p")),
    Fault("mono, 44.1 kHz", ("container",), Made(options=("-movflags", "+faststart", "-ac", "1", "-ar", "44100"))),
    Fault("index at the end", ("container",), Made(options=())),
    Fault("6000 zero bytes in the middle", ("damaged",), Made(damage=_zeroed)),
    Fault("one flipped bit", ("changed",), Made(damage=_flipped)),
    Fault("four fifths of the file", ("unreadable",), Made(damage=lambda content: content[: len(content) * 4 // 5])),
    Fault(
        "four fifths, index at the end",
        ("unreadable",),
        Made(options=(), damage=lambda content: content[: len(content) * 4 // 5]),
    ),
    Fault("zero bytes", ("unreadable",), Made(damage=lambda _: b"")),
    Fault("no video but text", ("unreadable",), Made(damage=lambda _: b"<html>404</html>" * 99)),
    Fault("fields woven in", ("combs",), Made(video=WOVEN)),
    Fault("fields woven in, in two thirds", ("combs",), Made(video=f"{WOVEN}:enable='gt(t,12)'")),
    Fault("fields of a night woven in", ("combs",), Made(picture=NIGHT, video=WOVEN)),
    Fault("fields of an animation woven in", ("combs",), Made(picture=HILLS, video=WOVEN)),
    Fault("black all around", ("frame",), Made(look="pad=iw*1.3:ih*1.3:-1:-1")),
    Fault("black all around, narrow", ("frame",), Made(look="pad=iw*1.1:ih*1.1:-1:-1")),
    Fault("black all around a night", ("frame",), Made(picture=NIGHT, look="pad=iw*1.3:ih*1.3:-1:-1")),
    Fault(
        "black all around, with captions", ("frame",), Made(look="pad=iw*1.3:ih*1.3:-1:-1", video=f"{_boxes(8, 20)}")
    ),
    Fault("4:3 stretched to 2:1", ("stretched",), Made(look="crop=ih*4/3:ih", shape=Fraction(4, 3))),
    Fault("portrait stretched to 2:1", ("stretched",), Made(look="crop=ih*9/16:ih", shape=Fraction(9, 16))),
    Fault("16:9 stretched to 2:1", ("stretched",), Made(shape=Fraction(16, 9))),
    *(
        Fault(f"{kept} of its subtitles, {name}", ("unsubtitled",), replace(_filmed(name), shown=_truth(name)[cut]))
        for name in NARRATIONS
        for kept, cut in (
            ("half", slice(0, None, 2)),
            ("the first half", slice(0, 3 if name != "project-data.mp4" else 1)),
            ("none", slice(0, 0)),
        )
    ),
    Fault("subtitle beyond the end", ("cue",), Made(cues=((1000, 3000, "开园前修剪"), (20_000, 22_000, "谢谢收看")))),
    Fault("subtitle too fast", ("cue",), Made(cues=((1000, 2000, "先把老枝枯枝病枝全部剪掉再追肥"),))),
)

STILL = "trim=4:4.04,loop=-1:1,setpts=N/25/TB"
FADE = "fade=out:st=12:d=0.7:enable='lt(t,12.7)',fade=in:st=12.7:d=0.7:enable='gte(t,12.7)'"
HANDS = f"split[a][b];[b]crop=iw:ih/2:0:ih/2[b];[a]{STILL}[a];[a][b]overlay=0:H/2:shortest=1"
HAND_OF_CLOCK = "color=white:s=640x320:r=25[w];color=red:s=20x40:r=25[r];[w][r]overlay=x='mod(t*40,600)':y=140"
LINE = "drawbox=x=90:y={}:w=140:h=8:t=fill:color=white:enable='between(t,10,13)'"
CREDITS = f"{_blank(10, 13)},{LINE.format(50)},{LINE.format(90)}"
MELODY = "aevalsrc='0.2*sin(2*PI*(220+110*floor(mod(t*2,4)))*t)*exp(-2*mod(t*2,1))':s=48000"


CLEAN = (
    *((name, replace(_filmed(name), shown=_truth(name))) for name in NARRATIONS),
    *((f"music, {name}", Made(sound=_lavfi(MELODY), shown=())) for name in NARRATIONS[:1]),
    ("wind, no subtitles", Made(sound=_lavfi("anoisesrc=c=pink:a=0.2:r=48000"), shown=())),
    ("brook, no subtitles", Made(sound=_lavfi("anoisesrc=c=brown:a=0.4:r=48000"), shown=())),
    ("animation's own sound, no subtitles", Made(picture=HILLS, sound=HILLS, shown=())),
    ("night in town", Made(picture=NIGHT)),
    ("dark night", Made(picture=NIGHT, look="eq=brightness=-0.12:contrast=0.8")),
    ("hills", Made(picture=HILLS)),
    ("dusk", Made(picture=HILLS, look="eq=brightness=-0.25:contrast=0.7")),
    ("under-exposed speaker", Made(look="eq=brightness=-0.3:contrast=0.6")),
    ("slides, declared", Made(look=STILL, slides=True)),
    ("photograph for 4 s", Made(video=_held(10, 14))),
    ("two photographs of 4 s", Made(video=f"{_held(9, 13)},{_held(14, 18)}")),
    ("slow zoom into a photograph", Made(look=f"{STILL},scale=1280:-2,zoompan=z='1+0.0008*on':d=1:s=640x360:fps=25")),
    ("slow pan over a photograph", Made(look=f"{STILL},scale=1280:720,crop=960:540:x='t*8':y=60")),
    ("fade through black", Made(video=FADE)),
    ("fade in from black", Made(look="fade=in:d=1.5")),
    ("4:3 with pillars", Made(look="crop=ih*4/3:ih,pad=ih*2:ih:-1:-1", shape=Fraction(4, 3))),
    ("portrait with pillars", Made(look="crop=ih*9/16:ih,pad=ih*2:ih:-1:-1", shape=Fraction(9, 16))),
    ("cinema bars", Made(look="crop=iw:iw/2.39,pad=iw:iw/2:-1:-1", shape=Fraction(239, 100))),
    ("captions", Made(video=f"{_boxes(8, 10)},{_boxes(11, 13)},{_boxes(14, 19)}")),
    ("hands below, wall above", Made(look=HANDS)),
    ("noise of a poor camera", Made(look="noise=alls=20:allf=t")),
    ("10 pictures a second", Made(look="fps=10")),
    ("cells", Made(picture=_lavfi("life=s=160x80:mold=10:r=25:ratio=0.1"))),
    ("drawn animation", Made(picture=_lavfi("testsrc2=s=640x320:r=25"))),
    ("stopwatch on white", Made(picture=_lavfi(HAND_OF_CLOCK))),
    ("flashes of light", Made(video="drawbox=t=fill:color=white:enable='lt(mod(t,2),0.1)'")),
    ("credits on black", Made(video=CREDITS)),
    ("pause of 4 s", Made(audio="volume=0:enable='between(t,12,16)'")),
    ("quiet passage", Made(audio="volume=-18dB:enable='between(t,11,16)'")),
    ("music alone", Made(sound=_lavfi(MELODY))),
    ("wind and rain", Made(sound=_lavfi("anoisesrc=c=pink:a=0.2:r=48000"))),
    ("lesson without sound", Made(sound=None, silent=True)),
    ("subtitles well timed", Made(cues=((1000, 3000, "开园前修剪"), (3200, 5200, "先剪枯枝")))),
)


def _run(*args: str) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", *args]
    subprocess.run(command, check=True)


def _timeline(body_s: int = BODY_S) -> Timeline:
    return plan_timeline(body_s * 25, Fraction(25))


def _levelled(made: Made, folder: Path) -> tuple[str, ...]:
    """The body's sound at the profile's loudness, as a file; kept, since many have the same."""
    if made.sound is None:
        return _lavfi("anullsrc=r=48000:cl=stereo")
    target = folder / f"{abs(hash(made.sound))}.wav"
    if not target.exists():
        gain = 0.0
        for _ in range(3):
            limited = f"aresample=48000,volume={gain:.2f}dB,alimiter=limit=0.8:level=false:attack=1"
            _run(*made.sound, "-map", "0:a:0", "-af", limited, "-ac", "2", "-t", str(BODY_S), str(target))
            heard = listen(target, find_ffmpeg())
            gain += PROFILE.loudness_lkfs - max(heard.lkfs, UNHEARD_LKFS)
    return ("-i", str(target))


def make(made: Made, target: Path, folder: Path) -> None:
    """A rendition with ident, title card, body and end card, as `made` says."""
    line = _timeline()
    end_s = line["end"].frames / 25
    cards = (
        (f"testsrc2=s={SIZE}:r=25:d=3", "null"),
        (f"color=0x1E5B3A:s={SIZE}:r=25:d=4", "drawbox=x=60:y=60:w=200:h=30:t=fill:color=white"),
        (f"color=0x24486B:s={SIZE}:r=25:d={end_s}", "drawbox=x=120:y=40:w=80:h=80:t=fill:color=white"),
    )
    inputs: list[str] = [*made.picture, *_levelled(made, folder)]
    lasting = f"tpad=stop_mode=clone:stop_duration={BODY_S},trim=0:{BODY_S},setpts=PTS-STARTPTS"
    graph = f"[0:v]{made.look},{FIT},{lasting}[body];"
    for number, (source, drawn) in enumerate(cards):
        graph += f"{source},{drawn},setsar=1,format=yuv420p[card{number}];"
    graph += f"[card0][card1][body][card2]concat=n=4,{made.video}[v];"
    jingle = "sine=f=660:d=3,volume=-6dB,aformat=sample_rates=48000:channel_layouts=stereo"
    stereo = "aformat=sample_rates=48000:channel_layouts=stereo"
    hush = "anullsrc=r=48000:cl=stereo:d="
    graph += f"{jingle}[jingle];{hush}4[hush];[1:a]{stereo},apad,atrim=0:{BODY_S}[said];{hush}{end_s}[still];"
    graph += f"[jingle][hush][said][still]concat=n=4:v=0:a=1,{made.audio}[a]"
    maps = ["-map", "[v]", "-map", "[a]"]
    if "-an" in made.options:
        graph, maps = graph + ";[a]anullsink", maps[:2]
    _run(*inputs, "-filter_complex", graph, *maps, *H264, *AAC, *made.options, str(target))


def check(made: Made, folder: Path) -> CheckedFile:
    """Make a rendition and check it as `yuanjiao qc` does."""
    target = folder / "rendition.mp4"
    make(made, target, folder)
    known = Known(sha256=sha256(target))
    if made.damage is not None:
        target.write_bytes(made.damage(target.read_bytes()))
        # A file that a stick or a cable damaged has no record of what it should be, but for the flipped bit.
        known = known if made.damage is _flipped else Known()
    placed = [
        Placed(str(number), number, Cue(Span(start, end), said))
        for number, (start, end, said) in enumerate(made.cues, 1)
    ]
    line = _timeline()
    expected = Expected(
        PROFILE,
        seconds=line.seconds,
        slides=made.slides,
        silent=made.silent,
        parts=parts_of(line),
        shown=made.shown,
        shape=made.shape,
        cues=check_cues(placed, Limits(error_cps=7, line_columns=None, cue_columns=None), BODY_S * 1000),
    )
    return check_file(target, expected, find_ffmpeg(), known=known)


def alarms(checked: CheckedFile) -> list[str]:
    """What a person would have to look at."""
    return [
        f"{one.kind} {one.from_ms / 1000:.1f}-{one.to_ms / 1000:.1f}: {one.sentence}"
        for one in checked.findings
        if one.severity != "info"
    ]


def _own(folder: Path) -> Iterator[tuple[str, Made]]:
    """The videos of a folder as bodies, with the sample's sound; "slides" in a name declares them."""
    for path in sorted(folder.iterdir()):
        if path.is_file():
            looped = ("-stream_loop", "-1", "-i", str(path))
            yield path.name, replace(Made(), picture=looped, slides="slides" in path.name)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> None:
    """Tell each miss and each false alarm, then both rates."""
    clean = (*CLEAN, *(_own(Path(arguments[0])) if arguments else ()))
    found = 0
    false: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for fault in FAULTS:
            checked = check(fault.made, folder)
            kinds = {one.kind for one in checked.findings if one.severity != "info"}
            hit = any(one.kind in fault.kinds for one in checked.findings)
            found += hit
            others = "" if kinds <= set(fault.kinds) else f"   also {sorted(kinds - set(fault.kinds))}"
            _say(f"{'found ' if hit else 'MISSED'}  {fault.name:40}{others}")
        for title, made in clean:
            raised = alarms(check(made, folder))
            false += [title] if raised else []
            _say(f"{'ALARM ' if raised else 'quiet '}  {title:40}{'; '.join(raised)}")
    cpu = sum(getrusage(who).ru_utime + getrusage(who).ru_stime for who in (RUSAGE_SELF, RUSAGE_CHILDREN))
    _say(f"recall {found}/{len(FAULTS)} = {100 * found / len(FAULTS):.1f} %")
    _say(
        f"false alarms {len(false)}/{len(clean)} = {100 * len(false) / len(clean):.1f} %  ({cpu:.0f} s of CPU in all)"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
