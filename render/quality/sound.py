"""Listens to a finished sound once: loudness, true peak, range, silence, exact length. Judges nothing.

Shares no code with what makes the sound. Right after a render it is handed the loudness that was measured of the
encoded sound then; for any other file it measures itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import NamedTuple, TypeAlias

from courseware.errors import Problem, ToolError, text
from courseware.media.facts import PROTOCOLS
from courseware.times import Span
from render.quality.speech import find_speech
from render.quality.waves import Waves, dump_waves, load_waves, look_at
from render.work.ffmpeg import Ffmpeg, run

UNHEARD_LKFS = -70.0  # the absolute gate of BS.1770; what is quieter has no loudness
_SILENT_DB = -55  # below the room noise of a recording at -24 LKFS, above the dither of one that was muted
_SHORTEST_S = 3  # shorter pauses are how people speak
_DUMP_VERSION = 3
_NUMBER = r"(-?[\d.]+|-?inf|nan)"

Filter: TypeAlias = tuple[str, dict[str, str | int]]


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """What a sound is.

    Attributes:
        rate: samples a second.
        samples: of the decoded sound, of one channel.
        lkfs: integrated loudness (BS.1770-4), UNHEARD_LKFS when it has none.
        peak_dbtp: true peak.
        range_lu: loudness range (EBU Tech 3342).
        silences: stretches of at least 3 s, in order.
        damaged: how many packets could not be decoded.
        waves: what the samples show.
        speech: where somebody speaks, in order; None where nobody listened for it.
    """

    rate: int
    samples: int
    lkfs: float
    peak_dbtp: float
    range_lu: float
    silences: tuple[Span, ...] = ()
    damaged: int = 0
    waves: Waves = field(default_factory=Waves)
    speech: tuple[Span, ...] | None = None

    @property
    def length_ms(self) -> int:
        """Rounded."""
        return round(self.samples * 1000 / self.rate)


class Figures(NamedTuple):
    """Of a sound that was measured already: loudness, true peak, loudness range."""

    lkfs: float
    peak_dbtp: float
    range_lu: float


def listen(path: Path, tool: Ffmpeg, stop: Event | None = None, figures: Figures | None = None) -> SoundFacts:
    """Measure the first sound of a file.

    Args:
        figures: when they are known, since measuring them costs five times what decoding does.

    Raises:
        ToolError: it has none, or it cannot be decoded.
    """
    import ffmpeg

    heard = ffmpeg.input(f"file:{path.absolute()}", protocol_whitelist=PROTOCOLS, vn=None)["a:0"]
    for name, values in _CHAIN if figures else (*_CHAIN, _METER):
        heard = heard.filter(name, **values)
    args = heard.output("-", format="null").global_args("-loglevel", "info").get_args()
    facts = parse_facts(run(tool, args, path.absolute().parent, stop=stop), figures)
    return replace(facts, waves=look_at(path, stop), speech=find_speech(path))


_CHAIN: tuple[Filter, ...] = (
    ("aformat", {"channel_layouts": "stereo|mono"}),
    ("silencedetect", {"noise": f"{_SILENT_DB}dB", "duration": _SHORTEST_S}),
    ("astats", {"measure_perchannel": "none", "measure_overall": "Number_of_samples"}),
)
# Mono is heard from two loudspeakers, so it is measured as two channels.
_METER: Filter = ("ebur128", {"peak": "true", "framelog": "quiet", "dualmono": "true"})


def parse_facts(said: str, figures: Figures | None = None) -> SoundFacts:
    """What the filters printed.

    Args:
        figures: when they were not measured.

    Raises:
        ToolError: a figure is missing, so nothing was decoded.
    """
    rate = re.findall(r"Stream #0:0.*Audio: .* (\d+) Hz", said)
    samples = re.findall(r"Number of samples: (\d+)", said)
    read = [re.findall(rf"^\s+{name}:\s+{_NUMBER} {unit}", said, re.MULTILINE) for name, unit in _FIGURES]
    if not rate or not samples or not (figures or all(read)):
        raise ToolError(Problem("ffmpeg", text("the sound could not be measured; save the video again as MP4")))
    lkfs, peak, range_lu = figures or Figures(*(_decibels(found[-1]) for found in read))
    length_ms = int(samples[-1]) * 1000 // int(rate[-1])
    return SoundFacts(
        int(rate[-1]),
        int(samples[-1]),
        max(lkfs, UNHEARD_LKFS),
        max(peak, UNHEARD_LKFS),
        max(range_lu, 0.0),
        tuple(_silences(said, length_ms)),
        len(re.findall(r"Error submitting packet to decoder|Error while decoding stream", said)),
    )


_FIGURES = (("I", "LUFS"), ("Peak", "dBFS"), ("LRA", "LU"))


def _decibels(word: str) -> float:
    return UNHEARD_LKFS if word in {"-inf", "inf", "nan"} else float(word)


def _silences(said: str, length_ms: int) -> Iterator[Span]:
    """What silencedetect said, within the sound; without an end it lasts to the sound's."""
    start_ms: int | None = None
    for kind, seconds in re.findall(r"silence_(start|end): (-?[\d.]+(?:e-?\d+)?)", said):
        at_ms = min(max(round(float(seconds) * 1000), 0), length_ms)
        if kind == "start":
            start_ms = at_ms
        elif start_ms is not None:
            if start_ms < at_ms:
                yield Span(start_ms, at_ms)
            start_ms = None
    # Silence to the end needs no end in the filter's words.
    if start_ms is not None and start_ms < length_ms:
        yield Span(start_ms, length_ms)


def dump_sound(facts: SoundFacts) -> str:
    """One line of JSON."""
    return json.dumps(
        {
            "version": _DUMP_VERSION,
            "rate": facts.rate,
            "samples": facts.samples,
            "lkfs": facts.lkfs,
            "peak_dbtp": facts.peak_dbtp,
            "range_lu": facts.range_lu,
            "silences": [[one.start_ms, one.end_ms] for one in facts.silences],
            "damaged": facts.damaged,
            "waves": dump_waves(facts.waves),
            "speech": None if facts.speech is None else [[one.start_ms, one.end_ms] for one in facts.speech],
        },
        separators=(",", ":"),
    )


def load_sound(content: str) -> SoundFacts:
    """What `dump_sound` wrote.

    Raises:
        ValueError: it is something else, or of another version.
    """
    try:
        values = json.loads(content)
        if values.pop("version") != _DUMP_VERSION:
            raise ValueError("facts of another version")
        silences = tuple(Span(start_ms, end_ms) for start_ms, end_ms in values.pop("silences"))
        said = values.pop("speech", None)
        speech = None if said is None else tuple(Span(start_ms, end_ms) for start_ms, end_ms in said)
        return SoundFacts(**values | {"waves": load_waves(values["waves"])}, silences=silences, speech=speech)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"no sound facts: {error}") from error
