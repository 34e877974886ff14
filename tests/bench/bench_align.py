"""Measures how well scripts are timed, on recordings with true times; prints one table.

Run: python -m tests.bench.bench_align FOLDER [--seed N] [--quick | --long MINUTES]. FOLDER holds recordings and their
true times: for each X.wav, X.flac or X.mp3 an X.srt, X.sentence.srt or X.TextGrid, anywhere below it (a cue is a
clause or a sentence). Without FOLDER the narrations that the package ships are measured.

Every recording is also measured in white noise and babble (made of the other recordings), over music, slower and
faster, composed anew in random order with random pauses, with music before, between and after, and with sentences
missing from the recording or the script. Where clauses have true times, they are also joined to sentences, and the
cues that begin with a clause inside a sentence are measured apart ("phrases inside"). With other scripts only the
confidence in the whole is measured: how many recordings are refused. Last comes a recording of twenty minutes, or as
long as --long says; --quick goes without.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from courseware.align.confidence import SURE
from courseware.align.cues import Alignment
from courseware.align.cutting import cut
from courseware.align.making import LEAST_SURE, align_script
from courseware.script.script import Script, ScriptLine
from courseware.speech.sound import RATE, sound_of
from courseware.speech.spoken import syllables
from tests.bench.align_material import Case, Clause, cases, ends_sentence, long_case, wrong_cases

TOGETHER = 5  # clauses to a line, at most
PARTS = {True: "zh", False: "en"}
HEADS = (
    *(
        "what",
        "n",
        "median",
        "p90",
        "max",
        "× better",
        "lost",
        "ghosts",
        "unseen",
        "bad",
        "caught",
        "false",
        "refused",
    ),
)
WIDTHS = (24, 5, 7, 7, 7, 8, 5, 6, 6, 5, 7, 6, 8)


@dataclass
class Tally:
    """Errors of one group; all in ms."""

    errors: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)
    sure: list[bool] = field(default_factory=list)
    lost: int = 0
    ghosts: int = 0
    sure_ghosts: int = 0
    recordings: int = 0
    refused: int = 0

    def add(self, other: Tally) -> None:
        """Count another's, too."""
        self.errors += other.errors
        self.plain += other.plain
        self.sure += other.sure
        self.lost += other.lost
        self.ghosts += other.ghosts
        self.sure_ghosts += other.sure_ghosts
        self.recordings += other.recordings
        self.refused += other.refused


def aligned(case: Case, script: Script, tally: Tally) -> Alignment:
    """The script's cues."""
    alignment = align_script(sound_of([case.samples]), script)
    tally.recordings += 1
    tally.refused += alignment.confidence < LEAST_SURE
    return alignment


def measure_phrases(case: Case) -> Tally:
    """Align lines of several clauses, and compare the cues that begin with a clause inside a line with the truth."""
    tally = Tally()
    lines, places = joined(case.clauses)
    script = Script(tuple(map(ScriptLine, lines)), ())
    alignment = aligned(case, script, tally)
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
    return tally


def joined(clauses: tuple[Clause, ...]) -> tuple[list[str], dict[tuple[int, int], int]]:
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
        if ends_sentence(said) or together == TOGETHER:
            lines.append("")
            together = 0
    return [line for line in lines if line], places


def measure(case: Case) -> Tally:
    """Align, and compare the first cue of each line with the truth."""
    if case.joined:
        return measure_phrases(case)
    tally = Tally()
    alignment = aligned(case, Script(tuple(ScriptLine(one.text) for one in case.clauses), ()), tally)
    if case.wrong:
        return tally
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
    return tally


def proportional(case: Case) -> list[float]:
    """Starts if the time from the first to the last sound were shared out by syllables."""
    loud = np.flatnonzero(np.abs(case.samples.astype(np.int32)) > 500)
    start, end = (float(loud[0]), float(loud[-1])) if len(loud) else (0.0, float(len(case.samples)))
    sizes = np.array([max(1, syllables(clause.text)) for clause in case.clauses])
    shares = np.concatenate(([0], np.cumsum(sizes)[:-1])) / sizes.sum()
    return [float((start + share * (end - start)) * 1000 / RATE) for share in shares]


def row_of(what: str, tally: Tally) -> tuple[str, ...]:
    """A row of the table."""
    errors, plain, sure = (np.array(one, float) for one in (tally.errors, tally.plain, tally.sure))
    refused = f"{tally.refused}/{tally.recordings}"
    if not len(errors):
        return (what, *["—"] * (len(HEADS) - 2), refused)
    median = float(np.median(errors))
    bad, good = errors > 500, errors <= 500
    counts = (tally.lost, tally.ghosts, tally.sure_ghosts, int(bad.sum()))
    return (
        *(what, str(len(errors)), f"{median:.0f}", f"{np.percentile(errors, 90):.0f}", f"{errors.max():.0f}"),
        *(f"{np.median(plain) / max(1.0, median):.1f}", *map(str, counts)),
        *(share(~sure.astype(bool)[bad]), share(~sure.astype(bool)[good]), refused),
    )


def share(marked: np.ndarray) -> str:
    """How many of these are marked, in percent."""
    return f"{100 * marked.mean():.0f} %" if len(marked) else "—"


def write_row(cells: tuple[str, ...]) -> None:
    fields = (
        cell.ljust(width) if not at else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    )
    sys.stdout.write(" ".join(fields).rstrip() + "\n")
    sys.stdout.flush()


def rows(folder: Path | None, seed: int) -> Iterator[tuple[str, Tally]]:
    """By condition, Chinese and English apart; all together; by recording; and with wrong scripts."""
    tallies: dict[str, dict[str, Tally]] = {}
    each: dict[str, Tally] = {}
    for case in (*cases(folder, seed), *wrong_cases(folder, seed)):
        found = measure(case)
        kinds = (case.group, *([] if case.joined or case.wrong else ["all of these"]))
        for group in kinds:
            for part in ("", PARTS[case.chinese]):
                tallies.setdefault(group, {}).setdefault(part, Tally()).add(found)
        if case.group == "clean":
            each.setdefault(case.name, Tally()).add(found)
    for group, parts in sorted(tallies.items(), key=lambda one: one[0] == "all of these"):
        for part in ("", *(sorted(parts.keys() - {""}, reverse=True) if len(parts) > 2 else ())):
            yield f"  {part}" if part else group, parts[part]
    yield from ((f"clean {name}"[: WIDTHS[0]], tally) for name, tally in each.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="without the long recording")
    parser.add_argument("--long", type=float, metavar="MINUTES", help="only a recording as long as this")
    options = parser.parse_args()
    write_row(HEADS)
    if options.long is None:
        for what, tally in rows(options.folder, options.seed):
            write_row(row_of(what, tally))
    if options.quick:
        return
    case = long_case(options.folder, options.seed, options.long or 20)
    began, worked = time.monotonic(), time.process_time()
    write_row(row_of(case.group, measure(case)))
    wall, work = time.monotonic() - began, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"{wall:.1f} s, {work:.1f} s of processor time, {memory} MB at most\n")


if __name__ == "__main__":
    main()
