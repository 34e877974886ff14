"""Measures how well scripts are timed, on recordings with true times; prints one table.

Run: python -m tests.bench.bench_align FOLDER [--seed N] [--quick]. FOLDER holds recordings and their true times: for
each X.wav, X.flac or X.mp3 an X.srt, X.sentence.srt or X.TextGrid, anywhere below it (a cue is a clause or a
sentence). Without FOLDER the narrations that the package ships are measured.

Every recording is also measured in white noise and babble (made of the other recordings), over music, slower and
faster, composed anew in random order with random pauses, with music before, between and after, and with sentences
missing from the recording or the script. Where clauses have true times, they are also joined to sentences, and the
cues that begin with a clause inside a sentence are measured apart ("phrases inside").
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from courseware.align.confidence import SURE
from courseware.align.cutting import cut
from courseware.align.making import align_script
from courseware.align.sound import RATE, samples_of, sound_of
from courseware.align.spoken import syllables
from courseware.script import Line, Script
from courseware.subtitles import load_cues
from tests.courseware.align.narration import NAMES, samples, truth

Samples = NDArray[np.int16]
SOUNDS = (".wav", ".flac", ".mp3")
LONG_MS = 1_000  # what is shorter is a single word, not a clause
TOGETHER = 5  # clauses to a line, at most


@dataclass(frozen=True)
class Clause:
    """What is said and when; start_ms None: it is in the script but not in the recording."""

    text: str
    start_ms: int | None
    end_ms: int | None


@dataclass(frozen=True)
class Case:
    """A recording and what is said in it; `joined`: as lines of several clauses, of which the first do not count."""

    name: str
    group: str
    samples: Samples
    clauses: tuple[Clause, ...]
    joined: bool = False


@dataclass
class Tally:
    """Errors of one group; all in ms."""

    errors: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)
    sure: list[bool] = field(default_factory=list)
    lost: int = 0
    ghosts: int = 0
    sure_ghosts: int = 0


def recordings(folder: Path | None) -> dict[str, tuple[Samples, tuple[Clause, ...]]]:
    """Every recording with its true times."""
    if folder is None:
        return {
            name: (samples(name), tuple(Clause(c.text, c.span.start_ms, c.span.end_ms) for c in truth(name)))
            for name in NAMES
        }
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in SOUNDS and (clauses := _true_times(path, folder)):
            found[path.stem] = (np.concatenate(list(samples_of(path))), clauses)
    return found


def _true_times(path: Path, folder: Path) -> tuple[Clause, ...]:
    for name in (f"{path.stem}.srt", f"{path.stem}.sentence.srt"):
        for times in folder.rglob(name):
            cues = load_cues(times)[0]
            return tuple(Clause(cue.text, cue.span.start_ms, cue.span.end_ms) for cue in cues)
    for times in folder.rglob(f"{path.stem}.TextGrid"):
        return tuple(_phrases(times))
    return ()


def _phrases(path: Path, pause_ms: int = 150) -> Iterator[Clause]:
    """Words of a TextGrid's first tier of words, long or short form, gathered between pauses."""
    content = path.read_text(encoding="utf-8")
    tier = re.split(r'"(?:IntervalTier|phones)"', content[content.index("words") :])[0]
    words = [
        (round(float(start) * 1000), round(float(end) * 1000), said.strip())
        for start, end, said in re.findall(r"([\d.]+)\s+(?:xmax = )?([\d.]+)\s+(?:text = )?\"([^\"]*)\"", tier)
        if said.strip() and said.strip() not in {"sil", "sp", "spn"}
    ]
    start, end, text = words[0] if words else (0, 0, "")
    for first, last, said in words[1:]:
        if first - end >= pause_ms:
            yield Clause(text, start, end)
            start, text = first, said
        else:
            text += " " + said
        end = last
    if text:
        yield Clause(text, start, end)


def mixed(voice: Samples, other: NDArray[np.float64], decibels: float) -> Samples:
    """With something else, so many decibels below the louder half of the voice."""
    signal = voice.astype(np.float64)
    loud = signal[np.abs(signal) > np.median(np.abs(signal))]
    scaled = other * np.sqrt(np.mean(loud**2) / np.mean(other**2) / 10 ** (decibels / 10))
    whole: Samples = np.clip(signal + scaled, -32768, 32767).astype(np.int16)
    return whole


def babble(length: int, voices: Sequence[Samples], rng: np.random.Generator) -> NDArray[np.float64]:
    """Six people talking at once."""
    total = np.zeros(length)
    for _ in range(6):
        voice = voices[int(rng.integers(len(voices)))].astype(np.float64)
        total += np.roll(np.resize(voice, length), int(rng.integers(len(voice))))
    return total


def music(length: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """A slow tune of plucked chords."""
    total = np.zeros(length)
    note = RATE // 2
    clock = np.arange(2 * RATE) / RATE
    for at in range(0, length - len(clock), note):
        root = 220 * 2 ** (rng.integers(0, 24) / 12)
        for ratio in (1, 1.26, 1.5, 2, 3):
            total[at : at + len(clock)] += np.sin(2 * np.pi * root * ratio * clock) * np.exp(-2 * clock) / ratio
    return total + 1e-9


def at_speed(voice: Samples, factor: float) -> Samples:
    """Faster or slower at the same pitch."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="s16", layout="mono")
    tempo = graph.add("atempo", str(factor))
    sink = graph.add("abuffersink")
    source.link_to(tempo)
    tempo.link_to(sink)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(voice[None, :], format="s16", layout="mono")
    frame.sample_rate = RATE
    graph.push(frame)
    graph.push(None)
    parts = []
    while True:
        try:
            parts.append(graph.pull().to_ndarray().reshape(-1))
        except (av.error.EOFError, av.error.BlockingIOError):
            return np.concatenate(parts).astype(np.int16)


def interlude(voice: Samples, rng: np.random.Generator) -> Samples:
    """Some seconds of music, faded in and out, at most as loud as the voice."""
    tune = music(int(rng.uniform(3, 8) * RATE), rng)
    fade = np.minimum(1, np.minimum(np.arange(len(tune)), np.arange(len(tune))[::-1]) / (0.3 * RATE))
    loud = voice.astype(np.float64)[np.abs(voice) > np.median(np.abs(voice))]
    level = np.sqrt(np.mean(loud**2) / np.mean(tune**2)) * 10 ** (rng.uniform(-12, 0) / 20)
    faded: Samples = np.clip(tune * fade * level, -32768, 32767).astype(np.int16)
    return faded


def with_interludes(
    voice: Samples, clauses: Sequence[Clause], rng: np.random.Generator
) -> tuple[Samples, tuple[Clause, ...]]:
    """The clauses in their order, with music before, after and between some of them."""
    sound = [interlude(voice, rng), _room(rng, 0.1, 0.6)]
    moved = []
    length = sum(map(len, sound))
    for one in clauses:
        part = voice[_at(one.start_ms) : _at(one.end_ms)]
        moved.append(Clause(one.text, length * 1000 // RATE, (length + len(part)) * 1000 // RATE))
        between = [_room(rng, 0.2, 1)]
        if rng.random() < min(0.5, 6 / len(clauses)):
            between = [_room(rng, 0.1, 0.6), interlude(voice, rng), _room(rng, 0.1, 0.6)]
        sound += [part, *between]
        length += len(part) + sum(map(len, between))
    return np.concatenate([*sound, interlude(voice, rng)]), tuple(moved)


def _room(rng: np.random.Generator, least_s: float, most_s: float) -> Samples:
    quiet: Samples = (rng.standard_normal(int(rng.uniform(least_s, most_s) * RATE)) * 8).astype(np.int16)
    return quiet


def composed(
    clips: Sequence[tuple[Samples, str]], rng: np.random.Generator, *, unspoken: float = 0, unwritten: float = 0
) -> tuple[Samples, tuple[Clause, ...]]:
    """Clips in random order with random pauses and levels; shares of them are left out of the sound or the script."""
    sound = [rng.standard_normal(RATE) * 8]
    clauses = []
    length = RATE
    for index in rng.permutation(len(clips)):
        voice, text = clips[index]
        if rng.random() < unspoken:
            clauses.append(Clause(text, None, None))
            continue
        if rng.random() >= unwritten:
            clauses.append(Clause(text, length * 1000 // RATE, (length + len(voice)) * 1000 // RATE))
        pause = rng.standard_normal(int(rng.uniform(0.15, 1.2) * RATE)) * 8
        sound += [voice * 10 ** (rng.uniform(-3, 3) / 20), pause]
        length += len(voice) + len(pause)
    return np.clip(np.concatenate(sound), -32768, 32767).astype(np.int16), tuple(clauses)


def cases(folder: Path | None, seed: int) -> Iterator[Case]:
    """All that is measured."""
    rng = np.random.default_rng(seed)
    base = recordings(folder)
    voices = [voice for voice, _ in base.values()]
    for name, (voice, clauses) in base.items():
        yield Case(name, "clean", voice, clauses)
        for decibels in (20, 12):
            yield Case(name, f"white {decibels} dB", mixed(voice, rng.standard_normal(len(voice)), decibels), clauses)
            crowd = babble(len(voice), voices, rng)
            yield Case(name, f"babble {decibels} dB", mixed(voice, crowd, decibels), clauses)
        yield Case(name, "music -20 dB", mixed(voice, music(len(voice), rng), 20), clauses)
        for factor in (0.8, 1.25):
            moved = tuple(_at_speed(clause, factor) for clause in clauses)
            yield Case(name, f"speed {factor}", at_speed(voice, factor), moved)
    for name, (voice, clauses) in base.items():
        clips = [(voice[_at(one.start_ms) : _at(one.end_ms)], one.text) for one in clauses]
        if len(clips) < 5:
            continue
        yield Case(name, "composed", *composed(clips, rng))
        for _ in range(3):
            yield Case(name, "10 % not spoken", *composed(clips, rng, unspoken=0.1))
            yield Case(name, "10 % not written", *composed(clips, rng, unwritten=0.1))
    for name, (voice, clauses) in base.items():
        yield Case(name, "music between", *with_interludes(voice, clauses, rng))
    for name, (voice, clauses) in (base | recordings(None)).items():
        if sum(not _ends_sentence(clause.text) for clause in clauses) > 1 and np.median(_lengths(clauses)) > LONG_MS:
            yield Case(name, "phrases inside", voice, clauses, joined=True)


def _ends_sentence(said: str) -> bool:
    return said.rstrip()[-1] in "。！？.!?"


def _lengths(clauses: Sequence[Clause]) -> list[int]:
    return [(one.end_ms or 0) - (one.start_ms or 0) for one in clauses]


def _at(ms: int | None) -> int:
    return (ms or 0) * RATE // 1000


def _at_speed(clause: Clause, factor: float) -> Clause:
    return Clause(clause.text, round((clause.start_ms or 0) / factor), round((clause.end_ms or 0) / factor))


def measure_phrases(case: Case, tally: Tally) -> None:
    """Align lines of several clauses, and compare the cues that begin with a clause inside a line with the truth."""
    lines, places = joined(case.clauses)
    script = Script(tuple(map(Line, lines)), ())
    alignment = align_script(sound_of([case.samples]), script)
    plain = proportional(case)
    for piece, cue in zip(cut(script.lines), alignment.cues, strict=True):
        number = places.get((piece.line, piece.start))
        if number is None or piece.start == 0:
            continue
        start = case.clauses[number].start_ms or 0
        if cue.span is None:
            tally.lost += 1
        else:
            tally.errors.append(abs(cue.span.start_ms - start))
            tally.plain.append(abs(plain[number] - start))
            tally.sure.append(cue.confidence >= SURE)


def joined(clauses: Sequence[Clause]) -> tuple[list[str], dict[tuple[int, int], int]]:
    """Clauses as lines that end where sentences end; and which clause begins at each line and character."""
    lines = [""]
    places = {}
    together = 0
    for number, clause in enumerate(clauses):
        places[len(lines) - 1, len(lines[-1])] = number
        together += 1
        # What was cut at pauses has no marks of its own.
        said = clause.text if clause.text[-1] in "。！？，；：、.!?,;:" else clause.text + ", "
        lines[-1] += said
        if _ends_sentence(said) or together == TOGETHER:
            lines.append("")
            together = 0
    return [line for line in lines if line], places


def measure(case: Case, tally: Tally) -> None:
    """Align, and compare the first cue of each line with the truth."""
    if case.joined:
        measure_phrases(case, tally)
        return
    alignment = align_script(sound_of([case.samples]), Script(tuple(Line(one.text) for one in case.clauses), ()))
    first = {cue.line: cue for cue in reversed(alignment.cues) if cue.span}
    plain = proportional(case)
    for line, clause in enumerate(case.clauses):
        cue = first.get(line)
        if clause.start_ms is None:
            tally.ghosts += cue is not None
            tally.sure_ghosts += cue is not None and cue.confidence >= SURE
        elif cue is None or cue.span is None:
            tally.lost += 1
        else:
            tally.errors.append(abs(cue.span.start_ms - clause.start_ms))
            tally.plain.append(abs(plain[line] - clause.start_ms))
            tally.sure.append(cue.confidence >= SURE)


def proportional(case: Case) -> list[float]:
    """Starts if the time from the first to the last sound were shared out by syllables."""
    loud = np.flatnonzero(np.abs(case.samples.astype(np.int32)) > 500)
    start, end = (float(loud[0]), float(loud[-1])) if len(loud) else (0.0, float(len(case.samples)))
    sizes = np.array([max(1, syllables(clause.text)) for clause in case.clauses])
    shares = np.concatenate(([0], np.cumsum(sizes)[:-1])) / sizes.sum()
    return [float((start + share * (end - start)) * 1000 / RATE) for share in shares]


def line_of(group: str, tally: Tally) -> str:
    errors, plain, sure = (np.array(one, float) for one in (tally.errors, tally.plain, tally.sure))
    median = float(np.median(errors))
    bad, good = errors > 500, errors <= 500
    caught = f"{100 * (1 - sure[bad].mean()):.0f} %" if bad.any() else "—"
    return (
        f"{group:18} {len(errors):5} {median:7.0f} {np.percentile(errors, 90):7.0f} {errors.max():7.0f} "
        f"{np.median(plain) / max(1.0, median):7.1f} {tally.lost:5} {tally.ghosts:6} {tally.sure_ghosts:6} "
        f"{bad.sum():5} {caught:>7} {100 * (1 - sure[good].mean()):6.0f} %"
    )


def speed(folder: Path | None, seed: int) -> str:
    """A recording of twenty minutes."""
    rng = np.random.default_rng(seed)
    clips = [
        (voice[_at(one.start_ms) : _at(one.end_ms)], one.text)
        for voice, clauses in recordings(folder).values()
        for one in clauses
    ]
    many = [clips[at] for at in rng.integers(len(clips), size=10_000)]
    total = np.cumsum([len(voice) / RATE + 0.7 for voice, _ in many])
    sound, clauses = composed(many[: int(np.searchsorted(total, 1_200))], rng)
    began, worked = time.monotonic(), time.process_time()
    tally = Tally()
    measure(Case("20 minutes", "", sound, clauses), tally)
    wall, work = time.monotonic() - began, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return f"{line_of('20 minutes', tally)}\n{wall:.1f} s, {work:.1f} s of processor time, {memory} MB at most"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="without the twenty minutes")
    options = parser.parse_args()
    tallies: dict[str, Tally] = {}
    each: dict[str, Tally] = {}
    for case in cases(options.folder, options.seed):
        measure(case, tallies.setdefault(case.group, Tally()))
        if case.group == "clean":
            measure(case, each.setdefault(case.name, Tally()))
    heads = ("what", "n", "median", "p90", "max", "× better", "lost", "ghosts", "unseen", "bad", "caught", "false")
    write = sys.stdout.write
    write("{:18} {:>5} {:>7} {:>7} {:>7} {:>7} {:>5} {:>6} {:>6} {:>5} {:>7} {:>8}\n".format(*heads))
    for group, tally in (*tallies.items(), *each.items()):
        write((line_of(group[:18], tally) if tally.errors else f"{group}: nothing found") + "\n")
    if not options.quick:
        write(speed(options.folder, options.seed) + "\n")


if __name__ == "__main__":
    main()
