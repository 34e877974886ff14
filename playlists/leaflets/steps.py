"""The steps of a lesson, out of its script or its subtitles, and where in the video each is shown. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from courseware.script.script import Script
from courseware.subtitles.cue import Cue

MOST_STEPS = 8  # two pages of A4 hold no more that can be read at arm's length
MOST_TITLE, MOST_LEAD = 12, 66  # characters
_MOST_BODY = {6: 88, MOST_STEPS: 60}  # with at most so many steps each has room for so many characters
_NUMBER = "[一二三四五六七八九十百0-9]{1,3}"
_STEP = re.compile(rf"(?:第{_NUMBER}步|步骤{_NUMBER})\s*(?:骤)?\s*[:：，,、.．]?\s*")
_HEADED = re.compile(r"([^，。：；！？,:;!?]{2,12})[：:。](.+)", re.DOTALL)
_SENTENCE = re.compile(r"[^。！？；!?;]*[。！？；!?;]?")
_LEAST_STEPS = 2
_KEY = 24  # characters by which a step is looked for in the subtitles
_ALIKE = 55  # percent; below, the subtitles say something else
_SURE = 3  # characters in a row that are the same
_INTO = 0.4  # of a step's time: what it is about has been begun by then


@dataclass(frozen=True, slots=True)
class LeafletStep:
    """A step, or a point where nothing is told in steps.

    Attributes:
        title: in a few words; "" where it has none.
        at_ms: where the lesson's own video shows it; None while that is not known.
    """

    title: str
    body: str
    at_ms: int | None = None

    @property
    def words(self) -> str:
        """All of it."""
        return self.title + self.body


@dataclass(frozen=True, slots=True)
class LeafletText:
    """What a leaflet says.

    Attributes:
        numbered: whether it is told in steps; else in points.
        lead: before the first of them; "" for nothing.
        left_out: steps that have no room.
        shortened: steps whose words are not all there.
    """

    steps: tuple[LeafletStep, ...]
    numbered: bool
    lead: str = ""
    left_out: int = 0
    shortened: int = 0


def text_of_script(script: Script) -> LeafletText:
    """The steps that a script numbers or heads; where it does neither, its paragraphs as points."""
    lines = [line.text for line in script.lines]
    heads = {one.line: one.text for one in script.doubts if one.kind == "heading" and one.place is None}
    numbered = {one.line for one in script.doubts if one.kind == "numbering"}
    counted = [place for place, line in enumerate(lines) if _STEP.match(line)]
    counted += [place for place, head in heads.items() if _STEP.match(head) and place not in counted]
    headed = [place for place in heads if 0 < place < len(lines)]
    for starts in (sorted(counted), sorted(numbered), sorted(headed)):
        if len(starts) >= _LEAST_STEPS:
            return _fitted(_steps(lines, starts, heads), "".join(lines[: starts[0]]), numbered=True)
    return _fitted([LeafletStep("", part) for part in _points(lines)], "", numbered=False)


def text_of_cues(cues: Sequence[Cue]) -> LeafletText:
    """What is said as points, each with its moment."""
    size = max(1, -(-len(cues) // MOST_STEPS))
    groups = [cues[at : at + size] for at in range(0, len(cues), size)]
    points = [LeafletStep("", _said(group), group[0].span.start_ms) for group in groups]
    return _fitted(points, "", numbered=False)


def timed(text: LeafletText, cues: Sequence[Cue], duration_ms: int) -> LeafletText:
    """With the moment of each step: where the subtitles say it; else as far into the video as into the words."""
    if all(step.at_ms is not None for step in text.steps):
        begins = [step.at_ms or 0 for step in text.steps]
    else:
        total = max(1, sum(len(step.words) for step in text.steps))
        guessed = _running(len(step.words) * duration_ms // total for step in text.steps)
        begins = _in_order([_heard(step, cues, guess) for step, guess in zip(text.steps, guessed, strict=False)])
    ends = [*begins[1:], duration_ms]
    moments = (begin + int(max(0, end - begin) * _INTO) for begin, end in zip(begins, ends, strict=True))
    return replace(
        text, steps=tuple(replace(step, at_ms=moment) for step, moment in zip(text.steps, moments, strict=True))
    )


def _steps(lines: Sequence[str], starts: Sequence[int], heads: dict[int, str]) -> list[LeafletStep]:
    """From each start to the next; of the last one the first paragraph alone: behind it people say good-bye."""
    ends = [*starts[1:], starts[-1] + 1]
    found = []
    for start, end in zip(starts, ends, strict=True):
        said = _STEP.sub("", "".join(lines[start:end]), count=1)
        title = _STEP.sub("", heads.get(start, ""), count=1).strip("：: ")
        split = _HEADED.fullmatch(said) if not title else None
        found.append(LeafletStep(split[1], split[2].strip()) if split else LeafletStep(title, said.strip()))
    return found


def _points(lines: Sequence[str]) -> list[str]:
    """Paragraphs, several in one where there are many."""
    size = max(1, -(-len(lines) // MOST_STEPS))
    return ["".join(lines[at : at + size]) for at in range(0, len(lines), size)]


def _said(cues: Sequence[Cue]) -> str:
    """Subtitles as a sentence: they bear no marks at their ends."""
    parts = ["".join(cue.text.split("\n")).strip() for cue in cues]
    joined = "".join(part if part[-1] in "。！？，；：、!?,;:" else f"{part}，" for part in parts)
    return joined.rstrip("，；：、,;:") + ("" if joined[-1] in "。！？!?" else "。")


def _fitted(steps: Sequence[LeafletStep], lead: str, *, numbered: bool) -> LeafletText:
    shown, left_out = steps[:MOST_STEPS], max(0, len(steps) - MOST_STEPS)
    most = next(room for count, room in _MOST_BODY.items() if len(shown) <= count)
    kept = [_cut(step, most) for step in shown]
    cut = sum(one.words != step.words for one, step in zip(kept, shown, strict=True))
    return LeafletText(tuple(kept), numbered, shortened(lead, MOST_LEAD), left_out, cut)


def _cut(step: LeafletStep, most: int) -> LeafletStep:
    """What there is room for; a title that is too long is the beginning of the words."""
    title, body = (step.title, step.body) if len(step.title) <= MOST_TITLE else ("", f"{step.title}。{step.body}")
    return replace(step, title=title, body=shortened(body, most))


def shortened(said: str, most: int) -> str:
    """At most so many characters: whole sentences where the first fits, else what there is room for, and "…"."""
    if len(said) <= most:
        return said
    kept = ""
    for sentence in _SENTENCE.findall(said):
        if len(kept) + len(sentence) > most:
            break
        kept += sentence
    return kept or said[: most - 1].rstrip("，、：；") + "…"


def _running(lengths: Iterable[int]) -> list[int]:
    """Where each begins, when one follows the other."""
    begins = [0]
    for length in lengths:
        begins.append(begins[-1] + length)
    return begins


def _heard(step: LeafletStep, cues: Sequence[Cue], guess: int) -> int:
    """When the subtitles begin to say the step."""
    from rapidfuzz.fuzz import partial_ratio_alignment

    key = (step.body or step.title)[:_KEY]
    texts = ["".join(cue.text.split()) for cue in cues]
    spoken = "".join(texts)
    found = partial_ratio_alignment(key, spoken, score_cutoff=_ALIKE) if key and spoken else None
    if found is None:
        return guess
    # The stretch that was found is as long as the key: it may begin with what is said before.
    stretch = spoken[found.dest_start : found.dest_end]
    blocks = SequenceMatcher(None, key, stretch, autojunk=False).get_matching_blocks()
    at = found.dest_start + next((block.b for block in blocks if block.size >= _SURE), 0)
    for cue, said in zip(cues, texts, strict=True):
        at -= len(said)
        if at < 0:
            return cue.span.start_ms
    return guess


def _in_order(begins: Sequence[int]) -> list[int]:
    """Steps follow each other: one that was found before its predecessor begins with it."""
    found = list(begins[:1])
    for _, begin in pairwise(begins):
        found.append(max(found[-1], begin))
    return found
