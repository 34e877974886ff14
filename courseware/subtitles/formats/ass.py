r"""Advanced SubStation and its ancestor SSA. Holds times in hundredths, text, speakers and the top of the picture.

Not by pysubs2: it takes the fields in their usual order whatever the Format line says, and one time that it cannot
read loses the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from courseware.subtitles.cue import Cue, Place
from courseware.subtitles.entry import FileCue, lines_of, milliseconds
from courseware.subtitles.formats.karaoke import DialogueLine, joined
from courseware.subtitles.formats.markup import LONGEST_RAW, plain, tidied, with_guards

_HEADING = re.compile(r"^[ \t]*\[(?:script info|events|v4\+? styles)\]", re.IGNORECASE | re.MULTILINE)
_FIELDS = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"]
_PIECES = re.compile(r"(\\[{}]|\{[^{}]*\})")
# Stand for escaped braces until overrides have been looked for.
_BRACES = {r"\{": "\ue0fe", r"\}": "\ue0ff"}
_DRAWING = re.compile(r"\\p(\d)")
_ALIGNMENT = re.compile(r"\\(an?)(\d{1,2})")
_BREAK = re.compile(r"\\[Nn]")
_TOP, _OLD_TOP = {"7", "8", "9"}, {"5", "6", "7"}
_HEADER = """\
[Script Info]
ScriptType: v4.00+
PlayResX: 1920
PlayResY: 1080
WrapStyle: 0

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, Bold, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV
Style: Default,Noto Sans SC,78,&H00FFFFFF,&H00000000,-1,1,4,0,2,77,77,43

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""  # noqa: E501  (the format's own lines)


def is_it(content: str) -> bool:
    """Whether the file has one of the format's headings."""
    return bool(_HEADING.search(content))


def parse(content: str) -> Iterator[FileCue]:
    """The dialogue lines, karaoke joined; drawings have no text and are no cues."""
    return joined(_events(content))


def _events(content: str) -> Iterator[DialogueLine]:
    fields, style_fields, tops = _FIELDS, ["name"], dict[str, Place]()
    number = 0
    for index, line in enumerate(lines_of(content), 1):
        kind, _, rest = line.lstrip().partition(":")  # a blank at the end of a syllable ends a word
        if kind == "Format":
            named = [field.strip().lower() for field in rest.split(",")]
            fields, style_fields = (named, style_fields) if "start" in named else (fields, named)
        elif kind == "Style":
            style = _values(rest, style_fields)
            old = "tertiarycolour" in style_fields
            tops[style.get("name", "")] = _where("a" if old else "an", style.get("alignment", "2"))
        elif kind == "Dialogue":
            number += 1
            values = _values(rest, fields)
            entry = _dialogue(number, index, values, tops)
            if entry:
                yield DialogueLine(entry, values.get("text", ""), (values.get("style", ""), values.get("effect", "")))


def dump(cues: Sequence[Cue]) -> str:
    """The file's text, to be edited or played elsewhere; what we burn in is set by another module."""
    return _HEADER + "".join(f"{_event(cue)}\n" for cue in cues)


def _values(rest: str, fields: Sequence[str]) -> dict[str, str]:
    values = rest.split(",", len(fields) - 1)
    return {field: value if field == "text" else value.strip() for field, value in zip(fields, values, strict=False)}


def _dialogue(number: int, line: int, values: Mapping[str, str], tops: Mapping[str, Place]) -> FileCue | None:
    start, end, raw = values.get("start", ""), values.get("end", ""), values.get("text", "")
    said = place = None
    if len(raw) <= LONGEST_RAW:
        said, place = _said(raw)
        if raw.strip() and not said:
            return None
    return FileCue(
        str(number),
        line,
        f"{start} {end}".strip(),
        milliseconds(start),
        milliseconds(end),
        raw if said is None else said,
        tidied(values.get("name", values.get("actor", ""))),
        place or tops.get(values.get("style", "").lstrip("*"), "bottom"),
    )


def _said(dialogue: str) -> tuple[str, Place | None]:
    """Text without override blocks, and without what is drawn after a p1 tag and before p0; and where it is put."""
    said, drawing, place = "", False, None
    for piece in filter(None, _PIECES.split(dialogue)):
        if piece[0] == "{" and piece[-1] == "}":
            for scale in _DRAWING.findall(piece):
                drawing = scale != "0"
            for tag, digits in _ALIGNMENT.findall(piece):
                place = place or _where(tag, digits)
        elif not drawing:
            said += _BRACES.get(piece, piece)
    said = plain(_BREAK.sub("\n", said))
    for escaped, stand_in in _BRACES.items():
        said = said.replace(stand_in, escaped[1])
    return said, place


def _where(tag: str, digits: str) -> Place:
    return "top" if digits in (_TOP if tag == "an" else _OLD_TOP) else "bottom"


def _event(cue: Cue) -> str:
    start_cs = (cue.span.start_ms + 5) // 10
    end_cs = max(start_cs + 1, (cue.span.end_ms + 5) // 10)
    said = with_guards(cue.text).replace("{", r"\{").replace("}", r"\}").replace("\n", r"\N")
    top = r"{\an8}" if cue.place == "top" else ""
    name = cue.speaker.replace(",", "，")
    return f"Dialogue: 0,{clock(start_cs)},{clock(end_cs)},Default,{name},0,0,0,,{top}{said}"


def clock(centiseconds: int) -> str:
    """A time as the format writes it."""
    seconds, cs = divmod(centiseconds, 100)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{cs:02}"
