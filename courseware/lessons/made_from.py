"""What a rendition was made from, as `render` keeps it in .yuanjiao/made/<profile>/<lesson>.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from courseware.errors import Text, text
from courseware.files import write_text

_WORDS: Mapping[str, Text] = {
    "source": text("the video was changed"),
    "clips": text("what is shown of the video was changed"),
    "captions": text("the subtitles were changed"),
    "mark": text("the logo or watermark was changed"),
    "title": text("the title card was changed"),
    "ident": text("the ident was changed"),
    "end": text("the end card was changed"),
    "body": text("the words were changed"),
    "fit": text("how the picture fills the screen was changed"),
    "sound": text("the sound, or how it is treated, was changed"),
    "profile": text("the settings of the profile were changed"),
    "fonts": text("the fonts were changed"),
    "ffmpeg": text("ffmpeg is another one"),
    "description": text("the series or form was changed"),
}


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a rendition was made from: a hash of each thing, "" for what it does not have."""

    source: str = ""
    captions: str = ""
    mark: str = ""
    title: str = ""
    ident: str = ""
    end: str = ""
    body: str = ""
    fit: str = ""
    sound: str = ""
    profile: str = ""
    fonts: str = ""
    ffmpeg: str = ""
    description: str = ""
    pieces: str = ""
    clips: str = ""


def changes(before: Inputs, now: Inputs) -> tuple[Text, ...]:
    """What a person would call the differences; nothing where only the way of making it differs."""
    return tuple(what for name, what in _WORDS.items() if getattr(before, name) != getattr(now, name))


def dump_inputs(inputs: Inputs) -> str:
    """On one line, without what is empty."""
    return json.dumps({name: value for name, value in asdict(inputs).items() if value}, separators=(",", ":"))


def parse_inputs(said: str) -> Inputs | None:
    """What `dump_inputs` wrote; None when it is something else."""
    try:
        return Inputs(**json.loads(said))
    except (ValueError, TypeError):
        return None


def remember(cache_dir: Path, profile: str, lesson: str, inputs: Inputs) -> None:
    """Keep what a rendition was made from."""
    write_text(_record(cache_dir, profile, lesson), json.dumps(asdict(inputs), indent=1), lasting=False)


def load_inputs(cache_dir: Path, profile: str, lesson: str) -> Inputs | None:
    """What a rendition was made from; None when that is not known."""
    try:
        return parse_inputs(_record(cache_dir, profile, lesson).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _record(cache_dir: Path, profile: str, lesson: str) -> Path:
    return cache_dir / "made" / profile / f"{lesson}.json"
