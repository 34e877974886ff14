"""What alignment is measured on: recordings with true times, also in noise and music, at other speeds, with gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from courseware.speech.sound import RATE, samples_of
from courseware.speech.spoken import is_han
from courseware.subtitles import load_cues
from tests.courseware.align.narration import NAMES, samples, truth

Samples = NDArray[np.int16]
SOUNDS = (".wav", ".flac", ".mp3")
LONG_MS = 1_000  # what is shorter is a single word, not a clause


@dataclass(frozen=True)
class Clause:
    """What is said and when; start_ms None: it is in the script but not in the recording."""

    text: str
    start_ms: int | None
    end_ms: int | None


@dataclass(frozen=True)
class Case:
    """A recording and what is said in it.

    Attributes:
        joined: as lines of several clauses, of which the first do not count.
        wrong: the clauses are of another script; nothing but the whole is judged.
    """

    name: str
    group: str
    samples: Samples
    clauses: tuple[Clause, ...]
    joined: bool = False
    wrong: bool = False

    @property
    def chinese(self) -> bool:
        """Whether most letters are Chinese characters."""
        letters = [ch for one in self.clauses for ch in one.text if ch.isalnum()]
        return sum(map(is_han, letters)) > len(letters) / 2


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
        if sum(not ends_sentence(clause.text) for clause in clauses) > 1 and np.median(_lengths(clauses)) > LONG_MS:
            yield Case(name, "phrases inside", voice, clauses, joined=True)


def wrong_cases(folder: Path | None, seed: int) -> Iterator[Case]:
    """Every recording, clean and in babble, with the words of its script in another order and with another script."""
    rng = np.random.default_rng([seed, 1])
    base = recordings(folder)
    voices = [voice for voice, _ in base.values()]
    for name, (voice, clauses) in base.items():
        loud = mixed(voice, babble(len(voice), voices, rng), 12)
        right = Case(name, "", voice, clauses)
        others = [Case(other, "", *base[other]) for other in base if other != name]
        scripts = [("order", shuffled(right, rng))]
        scripts += [
            ("script", _as_long(other, right)) for other in others if other.chinese == right.chinese and other.clauses
        ]
        for what, script in scripts:
            yield Case(name, f"wrong {what}", voice, script, wrong=True)
            yield Case(name, f"wrong {what}, babble", loud, script, wrong=True)


def shuffled(case: Case, rng: np.random.Generator) -> tuple[Clause, ...]:
    """The same words, or Chinese characters, in another order, in clauses of the same length."""
    parts = [list(one.text) if case.chinese else one.text.split() for one in case.clauses]
    words = [word for part in parts for word in part]
    order = iter([words[at] for at in rng.permutation(len(words))])
    blank = "" if case.chinese else " "
    return tuple(Clause(blank.join(next(order) for _ in part), None, None) for part in parts)


def _as_long(other: Case, case: Case) -> tuple[Clause, ...]:
    """The other's clauses, again and again, until they are as long as the case's."""
    wanted = sum(len(one.text) for one in case.clauses)
    taken: list[Clause] = []
    while wanted > 0:
        one = other.clauses[len(taken) % len(other.clauses)]
        taken.append(Clause(one.text, None, None))
        wanted -= max(1, len(one.text))
    return tuple(taken)


def long_case(folder: Path | None, seed: int, minutes: float) -> Case:
    """The clips of all recordings in random order, some of them often."""
    rng = np.random.default_rng(seed)
    clips = [
        (voice[_at(one.start_ms) : _at(one.end_ms)], one.text)
        for voice, clauses in recordings(folder).values()
        for one in clauses
    ]
    taken, length = [], 0.0
    while length < minutes * 60:
        taken.append(clips[int(rng.integers(len(clips)))])
        length += len(taken[-1][0]) / RATE + 0.7
    return Case("long", f"{minutes:g} minutes", *composed(taken, rng))


def ends_sentence(said: str) -> bool:
    """Whether a clause is the last of its sentence."""
    return said.rstrip()[-1] in "。！？.!?"


def _lengths(clauses: Sequence[Clause]) -> list[int]:
    return [(one.end_ms or 0) - (one.start_ms or 0) for one in clauses]


def _at(ms: int | None) -> int:
    return (ms or 0) * RATE // 1000


def _at_speed(clause: Clause, factor: float) -> Clause:
    return Clause(clause.text, round((clause.start_ms or 0) / factor), round((clause.end_ms or 0) / factor))
