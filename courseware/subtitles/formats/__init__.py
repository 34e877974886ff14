"""The subtitle formats, by name. A further one is a module with `is_it`, `parse` and `dump`, and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from courseware.errors import InputError, Problem, text
from courseware.subtitles.cue import Cue
from courseware.subtitles.entry import FileCue, Lost
from courseware.subtitles.formats import ass, bcc, jianying, lrc, sbv, srt, transcript, ttml, txt, vtt


class Format(NamedTuple):
    """What is known of a format.

    Attributes:
        suffixes: the usual one first; none for what is only known by its text.
        is_it: whether a file's text is in it.
        parse: a file's text as entries, in the order of the file.
        dump: cues, in order of time, as a file's text.
        speakers, places: whether it holds them; where not, speakers are named in the text.
        hundredths: whether its times are hundredths of a second, not thousandths.
        read_only: whether the file holds much more than cues, so that none are written into it.
    """

    suffixes: tuple[str, ...]
    is_it: Callable[[str], bool]
    parse: Callable[[str], Iterable[FileCue | Lost]]
    dump: Callable[[Sequence[Cue]], str]
    speakers: bool = True
    places: bool = True
    hundredths: bool = False
    read_only: bool = False


# In the order in which a file's text is tried on them.
FORMATS = {
    "ass": Format((".ass", ".ssa"), ass.is_it, ass.parse, ass.dump, hundredths=True),
    "ttml": Format((".ttml", ".dfxp", ".xml"), ttml.is_it, ttml.parse, ttml.dump),
    "vtt": Format((".vtt",), vtt.is_it, vtt.parse, vtt.dump),
    "srt": Format((".srt",), srt.is_it, srt.parse, srt.dump, speakers=False),
    "bcc": Format((".bcc",), bcc.is_it, bcc.parse, bcc.dump, speakers=False),
    "lrc": Format((".lrc",), lrc.is_it, lrc.parse, lrc.dump, speakers=False, places=False, hundredths=True),
    "sbv": Format((".sbv",), sbv.is_it, sbv.parse, sbv.dump, speakers=False, places=False),
    "txt": Format((".txt",), txt.is_it, txt.parse, txt.dump, speakers=False, places=False),
    "transcript": Format((), transcript.is_it, transcript.parse, txt.dump),
    "jianying": Format((), jianying.is_it, jianying.parse, srt.dump, speakers=False, read_only=True),
}


def format_of(content: str, name: str) -> str | None:
    """The name of the format a text is in; the suffix of the file decides only when it fits."""
    by_suffix = [key for key, one in FORMATS.items() if Path(name).suffix.lower() in one.suffixes]
    return next((key for key in (*by_suffix, *FORMATS) if FORMATS[key].is_it(content)), None)


def format_named(path: Path) -> str:
    """The name of the format that a file to be written has by its suffix.

    Raises:
        InputError: none has it.
    """
    found = next((key for key, one in FORMATS.items() if path.suffix.lower() in one.suffixes), None)
    if found is None:
        what = text(
            "no subtitle format ends in “{suffix}”; use one of {suffixes}",
            suffix=path.suffix,
            suffixes="、".join(written_suffixes()),
        )
        raise InputError(Problem(path.name, what))
    return found


def written_suffixes() -> tuple[str, ...]:
    """The usual suffix of each format that a file can be written in."""
    return tuple(form.suffixes[0] for form in FORMATS.values() if form.suffixes)
