"""How often what is told of a sound is false, and how often missed: python -m tests.bench.bench_soundness [FOLDER].

Every good sound is encoded as a rendition would have it, for television and for squares, and nothing may be said of
it; then faults are seeded into a voice at several strengths. With FOLDER, its sounds and videos are good ones, too.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from courseware.errors import YuanjiaoError
from render.quality.checks.expected import Expected
from render.quality.checks.soundness import judge_soundness
from render.quality.sound import listen
from render.sound.track import make_soundtrack
from render.work.ffmpeg import find_ffmpeg
from tests.bench.bench_sound import plan_of
from tests.conftest import run_ffmpeg
from tests.render.sounds import TALK, make_sound

FOOTAGE = Path(__file__).parents[2] / "templates" / "county" / "media"
VOICES = ("check-quality.mp4", "new-project.mp4", "read-results.mp4")
HISS = "anoisesrc=amplitude=0.003:seed=1:sample_rate=48000"
_BASS = "aevalsrc='0.2*sin(2*PI*49*t)+0.1*sin(2*PI*98*t)+0.1*sin(2*PI*(196+24.5*floor(mod(t,4)))*t)':s=48000"
_CHORD = "aevalsrc='0.2*(sin(2*PI*262*t)+sin(2*PI*330*t)+sin(2*PI*392*t))*exp(-mod(t,0.8)*2)':s=48000"
GOOD = {
    "talk": (TALK, ()),
    "talk in hiss": (f"{TALK}[t];{HISS}[n];[t][n]amix=normalize=0", ()),
    "talk, limited by 12 dB": (TALK, ("volume=12dB", "alimiter=limit=0.5:level=0")),
    "talk, compressed": (TALK, ("acompressor=threshold=0.05:ratio=6:makeup=4",)),
    "talk in a hall": (TALK, ("aecho=0.8:0.6:60|90|140:0.4|0.3|0.2",)),
    "talk by telephone": (TALK, ("highpass=300", "lowpass=3400")),
    "sides apart": (f"{TALK}[a];{TALK.replace('seed=7', 'seed=8')}[b];[a][b]amerge", ()),
    "wide": (TALK, ("aformat=channel_layouts=stereo", "extrastereo=m=1.6")),
    "rain": ("anoisesrc=color=pink:amplitude=0.2:seed=2:sample_rate=48000", ()),
    "brook": ("anoisesrc=color=brown:amplitude=0.4:seed=2:sample_rate=48000", ()),
    "applause": ("anoisesrc=amplitude=0.3:seed=2:sample_rate=48000,tremolo=f=9:d=0.8", ()),
    "chords": (_CHORD, ()),
    "a low note held": (_BASS, ()),
    "beeps": ("aevalsrc='0.4*sin(2*PI*1000*t)*lt(mod(t,2),0.2)':s=48000", ()),
    "one tone": ("sine=frequency=440:sample_rate=48000", ()),
    "hum of 60 Hz": (f"{TALK}[t];aevalsrc='0.01*sin(2*PI*60*t)+0.005*sin(2*PI*120*t)':s=48000[h];[t][h]amix", ()),
    "silence": ("anullsrc", ()),
}


def _hum(decibels: int) -> str:
    tones = "+".join(f"sin(2*PI*{50.03 * times:.2f}*t)/{times}" for times in range(1, 8))
    return f"aevalsrc='{10 ** (decibels / 20) * 0.08:.5f}*({tones})':s=48000"


def _faults(voice: Path, folder: Path) -> Iterator[tuple[str, str, Path]]:
    """What must be said, how it was seeded, and the file."""
    for decibels in (-15, -20, -30):
        mixed = f"[0:a]volume=-3dB[v];{_hum(decibels)}[h];[v][h]amix=normalize=0:duration=first"
        yield _fault("hum", f"hum {decibels} dB", voice, folder, mixed)
    for decibels in (6, 12, 18, 24):
        graph = f"[0:a]volume={decibels}dB,asoftclip=type=hard,volume=-6dB"
        yield _fault("clipped", f"{decibels} dB too loud", voice, folder, graph)
    turned = "aeval='val(0)|val(0)*(1-2*gt(t,10))':c=stereo,aformat=channel_layouts=stereo"
    opposed = f"[0:a]aformat=channel_layouts=mono,{turned}"
    yield _fault("mono", "opposed from 10 s on", voice, folder, opposed)


def _fault(kind: str, name: str, voice: Path, folder: Path, graph: str) -> tuple[str, str, Path]:
    path = folder / "fault.m4a"
    run_ffmpeg("-i", str(voice), "-filter_complex", graph, "-vn", "-b:a", "128k", str(path))
    return kind, f"{name}, {voice.stem}", path


def _sources(folder: Path) -> Iterator[tuple[str, Path]]:
    for number, (name, (source, filters)) in enumerate(GOOD.items()):
        yield name, make_sound(folder / f"{number}.flac", source, *filters, seconds=24, channels=2)
    folders = [FOOTAGE, *map(Path, sys.argv[1:])]
    for path in sorted(path for one in folders for path in one.rglob("*")):
        if path.is_file() and path.stat().st_size:
            yield path.name, path


def _kinds(path: Path) -> list[str]:
    sound = listen(path, find_ffmpeg())
    return [one.kind for one in judge_soundness(None, sound, Expected(None))]


def _check_good(folder: Path) -> None:
    made = alarms = clips = 0
    for name, path in _sources(folder):
        plan = plan_of(path)
        if plan is None:
            continue
        clips += 1
        for loudness, peak in ((-24, -2), (-15, -1)):
            wanted = replace(plan, loudness_lkfs=loudness, true_peak_dbtp=peak, jingle=False)
            try:
                make_soundtrack(find_ffmpeg(), wanted, None, folder, folder / "good.m4a")
            except YuanjiaoError as error:
                _say(f"refused  {name}: {str(error)[:60]}")
                continue
            made += 1
            kinds = _kinds(folder / "good.m4a")
            alarms += bool(kinds)
            _say(f"{'ALARM  ' if kinds else 'quiet  '}  {name[:44]:44} {loudness} {' '.join(kinds)}")
    _say(f"false alarms {alarms}/{made} of {clips} clips")


def _check_faults(folder: Path) -> None:
    found = count = 0
    for voice in VOICES:
        for kind, name, path in _faults(FOOTAGE / voice, folder):
            count += 1
            hit = kind in _kinds(path)
            found += hit
            _say(f"{'found  ' if hit else 'MISSED '}  {name}")
    _say(f"found {found}/{count}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Both tables."""
    began = time.process_time()
    with tempfile.TemporaryDirectory() as name:
        _check_faults(Path(name))
        _check_good(Path(name))
    _say(f"{time.process_time() - began:.0f} s of CPU of our own")


if __name__ == "__main__":
    main()
