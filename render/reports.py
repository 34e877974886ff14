"""What the render commands say: of a source, of a batch. Words and documents only; nothing here acts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from courseware.console import Console
from courseware.errors import Text, text
from courseware.media import MediaFacts
from courseware.times import clock
from render.batch import Outcome
from render.doctor import Finding

_STATES = {
    "made": text("made"),
    "kept": text("already there"),
    "due": text("would be made"),
    "failed": text("failed"),
}


def tell_facts(console: Console, name: str, facts: MediaFacts) -> None:
    """A source in plain words."""
    length = f"{clock(facts.duration_ms // 1000)}.{facts.duration_ms % 1000 // 100}"
    console.say(text("{name}: usable, {length} long", name=name, length=length))
    for sentence in _picture(facts):
        console.say(sentence)
    if facts.audio_index is None:
        console.say(text("Sound: none; the lesson will be silent"))
        return
    sound = text("Sound: {codec}, {rate} Hz, {channels} channels")
    if facts.audio_channels == 1:
        sound = text("Sound: {codec}, {rate} Hz, one channel, which will be heard on both sides")
    values = {"codec": facts.audio_codec, "rate": facts.audio_rate, "channels": facts.audio_channels}
    console.say(Text(sound.pattern, values))


def _picture(facts: MediaFacts) -> Iterable[Text]:
    rate = f"{float(facts.fps):.3f}".rstrip("0").rstrip(".")
    yield text(
        "Picture: {codec}, {width}×{height}, {rate} pictures a second",
        codec=facts.video_codec,
        width=facts.width,
        height=facts.height,
        rate=rate,
    )
    if facts.rotation:
        yield text("The camera was turned by {degrees}°; the picture will be shown upright", degrees=facts.rotation)
    if facts.sar != 1:
        shape = f"{facts.sar.numerator}:{facts.sar.denominator}"
        yield text("Its pixels are not square ({shape}); the proportions will be put right", shape=shape)
    if facts.interlaced:
        yield text("It is interlaced; the combs will be removed")


def facts_document(name: str, facts: MediaFacts) -> dict[str, Any]:
    """A source as JSON; fractions as "25/2"."""
    return {
        "file": name,
        "container": facts.container,
        "duration_ms": facts.duration_ms,
        "video": {
            "stream": facts.video_index,
            "codec": facts.video_codec,
            "width": facts.width,
            "height": facts.height,
            "sar": str(facts.sar),
            "rotation": facts.rotation,
            "fps": str(facts.fps),
            "pixel_format": facts.pixel_format,
            "interlaced": facts.interlaced,
        },
        "audio": None
        if facts.audio_index is None
        else {
            "stream": facts.audio_index,
            "codec": facts.audio_codec,
            "channels": facts.audio_channels,
            "rate": facts.audio_rate,
        },
    }


def tell_outcomes(console: Console, outcomes: Iterable[Outcome]) -> None:
    """A table of what became of each rendition, then what a person should look at."""
    listed = tuple(outcomes)
    rows = [
        [
            one.job.order.lesson,
            one.job.order.title,
            one.job.profile.name,
            clock(one.seconds) if one.seconds else "-",
            console.tr(_STATES[one.state]),
        ]
        for one in listed
    ]
    headings = [text("lesson"), text("title"), text("profile"), text("length"), text("result")]
    console.table(headings, rows)
    for one in listed:
        for note in one.notes:
            console.note(text("{job}: {note}", job=one.job.name, note=note))


def outcomes_document(console: Console, outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """The same as JSON."""
    return [
        {
            "lesson": one.job.order.lesson,
            "profile": one.job.profile.name,
            "file": str(one.job.target),
            "state": one.state,
            "seconds": one.seconds,
            "notes": [console.tr(note) for note in one.notes],
            "problems": [{"where": problem.where, "what": console.tr(problem.what)} for problem in one.problems],
        }
        for one in outcomes
    ]


def tell_findings(console: Console, findings: Iterable[Finding]) -> None:
    """The doctor's report as a table; what is wrong says what to do."""
    rows = [
        [
            console.tr(one.what),
            one.found,
            console.tr(text("good")) if one.remedy is None else console.tr(one.remedy),
        ]
        for one in findings
    ]
    console.table([text("what"), text("found"), text("verdict")], rows)


def findings_document(console: Console, findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """The same as JSON."""
    return [
        {
            "id": one.id,
            "found": one.found,
            "ok": one.remedy is None,
            "needed": one.needed,
            "remedy": console.tr(one.remedy) if one.remedy else "",
        }
        for one in findings
    ]
