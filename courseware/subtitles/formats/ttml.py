"""TTML (Timed Text, also DFXP). Holds times in milliseconds, text, speakers and the top of the picture.

Entities are refused, so that a small file cannot grow into a large one. What stands before a damaged place is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Any
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import Locator

from courseware.errors import text
from courseware.subtitles.cue import Cue
from courseware.subtitles.entry import FileCue, Lost, written
from courseware.subtitles.formats.markup import tidied

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesImpl

_ROOT = re.compile(r"<(?:\w+:)?tt[\s>]")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d\d)(?:\.(\d+)|:(\d+)(?:\.\d+)?)?")
_OFFSET = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|f|t|)")
_UNITS = {"h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1, "": 1_000}
_SKIPPED_RUBY = {"text", "textContainer", "delimiter"}
_UPPER_HALF = 50.0
_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata"\
 xmlns:tts="http://www.w3.org/ns/ttml#styling" xml:lang="zh-Hans" xml:space="preserve">
<head>{agents}<layout>\
<region xml:id="top" tts:origin="10% 5%" tts:extent="80% 30%" tts:displayAlign="before" tts:textAlign="center"/>\
<region xml:id="bottom" tts:origin="10% 65%" tts:extent="80% 30%" tts:displayAlign="after" tts:textAlign="center"/>\
</layout></head>
<body><div>
"""


def is_it(content: str) -> bool:
    """Whether the root element, near the file's beginning, is TTML's."""
    return content.lstrip().startswith("<") and bool(_ROOT.search(content[:5_000]))


def parse(content: str) -> Iterator[FileCue | Lost]:
    """The paragraphs, or the spans in them that have times of their own; last, the place of damage, if any."""
    from xml.sax import SAXException, SAXParseException

    from defusedxml import DefusedXmlException
    from defusedxml.expatreader import DefusedExpatParser

    reader = _Reader()
    parser: Any = DefusedExpatParser(forbid_entities=True, forbid_external=True)
    parser.setContentHandler(reader)
    reader.setDocumentLocator(parser)
    try:
        # The encoding has been dealt with; a declaration that says otherwise must not be believed.
        parser.feed(re.sub(r"^\s*<\?xml[^>]*\?>", lambda found: re.sub(r"\S", " ", found[0]), content).lstrip(" "))
        parser.close()
    except SAXParseException as error:
        yield from reader.entries
        what = text("the XML is damaged here ({reason}); what follows is left out", reason=error.getMessage())
        yield Lost(error.getLineNumber() or 1, what)
        return
    except (SAXException, DefusedXmlException):
        yield Lost(1, text("the file defines entities, which no subtitles need and which may do harm; left out"))
        return
    yield from reader.entries


def dump(cues: Sequence[Cue]) -> str:
    """The file's text."""
    speakers = tuple(dict.fromkeys(cue.speaker for cue in cues if cue.speaker))
    ids = {speaker: f"speaker-{number}" for number, speaker in enumerate(speakers, 1)}
    named = ((name, escape(speaker, quote=False)) for speaker, name in ids.items())
    agents = "".join(
        f'<ttm:agent xml:id="{name}" type="person"><ttm:name type="full">{speaker}</ttm:name></ttm:agent>'
        for name, speaker in named
    )
    metadata = f"<metadata>{agents}</metadata>" if agents else ""
    return _HEAD.format(agents=metadata) + "".join(_paragraph(cue, ids) for cue in cues) + "</div></body>\n</tt>\n"


def _paragraph(cue: Cue, ids: Mapping[str, str]) -> str:
    agent = f' ttm:agent="{ids[cue.speaker]}"' if cue.speaker else ""
    times = f'begin="{written(cue.span.start_ms)}" end="{written(cue.span.end_ms)}"'
    return f'<p {times} region="{cue.place}"{agent}>{escape(cue.text, quote=False).replace(chr(10), "<br/>")}</p>\n'


@dataclass(slots=True)
class _Element:
    """An open element; its times are absolute, None where nothing is said."""

    name: str
    begin_ms: int | None
    end_ms: int | None
    time: str
    line: int
    agent: str
    region: str
    preserve: bool
    hidden: bool
    pieces: list[str] = field(default_factory=list)

    @property
    def timed(self) -> bool:
        return bool(self.time)


class _Reader(ContentHandler):
    """Collects entries while the file is read, so that they survive damage further down."""

    def __init__(self) -> None:
        super().__init__()
        self.locator = Locator()
        self.found: list[tuple[FileCue, str, str]] = []
        self.open: list[_Element] = []
        self.rate, self.ticks = Fraction(30), Fraction(1)
        self.tops: set[str] = set()
        self.names: dict[str, str] = {}
        self.hidden_styles: set[str] = set()
        self.agent = ""
        self.absolute = False

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802  (SAX calls it so)
        """Keep what knows the current line."""
        self.locator = locator

    @property
    def entries(self) -> list[FileCue]:
        """With the speakers' names and places, which may stand anywhere in the file."""
        return [
            replace(
                entry,
                number=str(number),
                speaker=tidied(self.names.get(agent, "")),
                place="top" if region in self.tops else "bottom",
            )
            for number, (entry, agent, region) in enumerate(self.found, 1)
        ]

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802  (SAX calls it so)
        """Open an element with its times, looked up in the one around it."""
        local = name.rpartition(":")[2]
        # getValue by any prefix: files use many, and mean the same by each.
        values = {key.rpartition(":")[2]: value for key, value in attrs.items()}
        match local:
            case "tt":
                self._rates(values)
                # Apple's lyrics count every time from the start of the song, against the standard.
                self.absolute = any(key.startswith("itunes:") for key in attrs.getNames())
            case "region":
                self._region(values)
            case "style":
                if values.get("ruby") in _SKIPPED_RUBY and self.open and self.open[-1].name == "styling":
                    self.hidden_styles.add(values.get("id", ""))
            case "agent":
                self.agent = values.get("id", "")
            case "br" if self.open:
                self.open[-1].pieces.append("\n")
        self.open.append(self._element(local, values))

    def characters(self, content: str) -> None:
        """Text between tags."""
        if self.open and not self.open[-1].hidden:
            whole = self.open[-1].preserve
            # A run of blanks ends only where the next text begins, so single characters are joined later.
            self.open[-1].pieces.append(content if whole else re.sub(r"\s", "\0", content))

    def endElement(self, name: str) -> None:  # noqa: N802  (SAX calls it so)
        """Close an element: a paragraph or timed span becomes an entry, other text goes to the element around it."""
        del name
        element = self.open.pop()
        said = "".join(element.pieces)
        if element.name == "name" and self.agent:
            self.names[self.agent] = said.replace("\0", " ")
        elif element.name == "p" or (element.name == "span" and element.timed and not self._in_timed_paragraph()):
            self._add(element, said)
        elif self.open and element.name in {"span", "br"}:
            self.open[-1].pieces.append(said)

    def _add(self, element: _Element, said: str) -> None:
        said = tidied(re.sub("\0*\n\0*", "\n", re.sub("\0+", "\0", said)).replace("\0", " "))
        if said or (element.timed and not self._found_inside(element)):
            time = element.time or ("-" if element.begin_ms is not None else "")
            entry = FileCue("", element.line, time, element.begin_ms, element.end_ms, said)
            self.found.append((entry, element.agent, element.region))

    def _found_inside(self, element: _Element) -> bool:
        """Whether spans of this paragraph have become entries."""
        return any(entry.line >= element.line for entry, _, _ in self.found[-1:])

    def _in_timed_paragraph(self) -> bool:
        return any(one.name == "p" and one.timed for one in self.open)

    def _element(self, name: str, values: Mapping[str, str]) -> _Element:
        around = self.open[-1] if self.open else None
        base_ms = (around.begin_ms or 0) if around and not self.absolute else 0
        begin, end, length = (values.get(key, "") for key in ("begin", "end", "dur"))
        begin_ms = self._ms(begin, base_ms) if begin else (around.begin_ms if around else None)
        end_ms = self._ms(end, base_ms) if end else (around.end_ms if around else None)
        if length and not end:
            end_ms = self._ms(length, begin_ms or base_ms)
        if name == "p" and begin_ms is None and (end or length):
            begin_ms = base_ms
        styles = set(values.get("style", "").split())
        return _Element(
            name,
            begin_ms,
            end_ms,
            " ".join(filter(None, (begin, end, length))),
            self.locator.getLineNumber() or 1,
            values.get("agent", around.agent if around else ""),
            values.get("region", around.region if around else ""),
            values.get("space", "preserve" if around and around.preserve else "") == "preserve",
            bool(around and around.hidden)
            or values.get("ruby") in _SKIPPED_RUBY
            or bool(styles & self.hidden_styles),
        )

    def _rates(self, values: Mapping[str, str]) -> None:
        if values.get("frameRate", "").isdecimal() and int(values["frameRate"]):
            self.rate = Fraction(int(values["frameRate"]))
        match values.get("frameRateMultiplier", "").replace(":", " ").split():
            case [above, below] if above.isdecimal() and below.isdecimal() and int(above) and int(below):
                self.rate *= Fraction(int(above), int(below))
        ticks = values.get("tickRate", "")
        # Without a tick rate a tick is a frame where a frame rate is given, else a second (TTML2 §7.2.12).
        self.ticks = Fraction(int(ticks)) if ticks.isdecimal() and int(ticks) else self.ticks
        if not ticks and "frameRate" in values:
            self.ticks = self.rate

    def _region(self, values: Mapping[str, str]) -> None:
        origin = re.fullmatch(r"\s*\S+\s+(-?\d+(?:\.\d+)?)%\s*", values.get("origin", ""))
        high = bool(origin) and float(origin[1]) < _UPPER_HALF if origin else False
        align = values.get("displayAlign", "")
        if align == "before" and (high or not origin):
            self.tops.add(values.get("id", ""))

    def _ms(self, time: str, base_ms: int) -> int | None:
        clock, offset = _CLOCK.fullmatch(time.strip()), _OFFSET.fullmatch(time.strip())
        if clock:
            hours, minutes, seconds, fraction, frames = clock.groups()
            whole_ms = (int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)) * 1000
            part_ms = int(fraction[:3].ljust(3, "0")) if fraction else int(int(frames or 0) * 1000 / self.rate)
            return base_ms + whole_ms + part_ms
        if offset:
            count, unit = Fraction(offset[1]), offset[2]
            per_unit = _UNITS.get(unit) or 1000 / (self.rate if unit == "f" else self.ticks)
            return base_ms + round(count * per_unit)
        return None
