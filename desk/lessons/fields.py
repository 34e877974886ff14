"""The keys of lesson.toml that the desk's form has: how each is asked for, shown, and written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from courseware.errors import Text, text
from courseware.lessons.clipping.clashes import bare_key
from courseware.lessons.settings import Settings
from courseware.speaking.kokoro import SHIPPED, is_installed

FieldKind = Literal["line", "lines", "words", "files", "number", "date", "choice", "yes"]
FieldGroup = Literal["lesson", "picture", "sound"]
Option = tuple[object, str | Text]  # a value of TOML, None for the key left out; what it is called

GROUPS: Mapping[FieldGroup, Text] = {
    "lesson": text("What the lesson is"),
    "picture": text("Picture"),
    "sound": text("Sound"),
}
_UNSAID = "—"


@dataclass(frozen=True, slots=True)
class LessonField:
    """A key of lesson.toml on the form.

    Attributes:
        kind: how it is filled in; "words" are separated by commas, "files" stand on lines of their own.
        options: of a choice; empty where the workspace knows them.
        lessons: which lessons it is for: "shown" are those of videos, pictures and cards, "bare" slogans and notices.
    """

    key: str
    name: Text
    kind: FieldKind = "line"
    help: Text | None = None
    group: FieldGroup = "lesson"
    options: tuple[Option, ...] = ()
    lessons: Literal["all", "shown", "bare"] = "all"

    def shown(self, value: object) -> str:
        """A value of TOML as the form shows it."""
        match value:
            case None:
                return ""
            case bool():
                return "on" if value else "" if self.kind == "yes" else "off"
            case float():
                return f"{value:g}"
            case list():
                return ("\n" if self.kind == "files" else "，").join(map(str, value))
        return str(value)

    def written(self, given: str) -> Any:  # noqa: ANN401  (any value of TOML)
        """What a filled-in field means; None takes the key away. What means nothing stays as it is."""
        match self.kind:
            case "yes":
                return given == "on" or None
            case "choice":
                return next((value for value, _ in self.options if self.shown(value) == given), given or None)
            case "words":
                return _parts(given.replace("、", ",").replace("，", ",").split(","))
            case "files":
                return _parts(given.split("\n"))
            case "number":
                return _number(given)
        return given or None


FIELDS = (
    LessonField("title", text("Title"), help=text("on the cards and in every list; at most 60 characters")),
    LessonField("series", text("Series"), "choice"),
    LessonField("form", text("Form"), "choice"),
    LessonField("slogan", text("Slogan"), help=text("one sentence, at most 60 characters"), lessons="bare"),
    LessonField("notice", text("Scrolling notice"), "lines", text("a paragraph a line"), lessons="bare"),
    LessonField("seconds", text("Seconds that a slogan stands"), "number", text("5 to 120, else 15"), lessons="bare"),
    LessonField("ident", text("Ident of the series"), "yes", lessons="bare"),
    LessonField("presenter", text("Presenter")),
    LessonField("producer", text("Producer")),
    LessonField("reviewer", text("Reviewer")),
    LessonField("reviewed_on", text("Reviewed on"), "date"),
    LessonField("summary", text("Summary"), "lines"),
    LessonField("tags", text("Tags"), "words", text("separated by commas")),
    LessonField("season", text("Farming season"), "words", text("when it is to be shown, such as 3月, 春分 or 立秋")),
    LessonField("valid_from", text("Valid from"), "date"),
    LessonField("valid_until", text("Valid until"), "date"),
    LessonField("link", text("Link"), help=text("behind the QR code of the end card")),
    LessonField("credit", text("Credit")),
    LessonField(
        "exactly",
        text("Seconds of the whole video, exactly"),
        "number",
        text("for spots: 15 or 30; empty for as long as it takes"),
        lessons="shown",
    ),
    LessonField(
        "source",
        text("Video file"),
        help=text("its name in the lesson's folder, where several videos lie there"),
        group="picture",
        lessons="shown",
    ),
    LessonField(
        "subtitles",
        text("Subtitle file"),
        help=text("its name in the lesson's folder, where several lie there; for a song its words (.lrc)"),
        group="picture",
        lessons="shown",
    ),
    LessonField(
        "subtitles_second",
        text("Subtitles in a second language"),
        help=text("the file of the smaller line below"),
        group="picture",
        lessons="shown",
    ),
    LessonField(
        "fit",
        text("Picture of another shape"),
        "choice",
        group="picture",
        options=(
            (None, _UNSAID),
            ("pad", text("black bars")),
            ("blur", text("blurred picture around it")),
            ("crop", text("cropped to fill the screen")),
        ),
    ),
    LessonField(
        "rotate",
        text("Turn clockwise"),
        "choice",
        group="picture",
        options=((None, _UNSAID), (90, "90°"), (180, "180°"), (270, "270°")),
        lessons="shown",
    ),
    LessonField(
        "cut",
        text("Cut out"),
        "words",
        text("what the video is shown without, such as 1:20-1:45"),
        group="picture",
        lessons="shown",
    ),
    LessonField("slides", text("Slides, which stand still"), "yes", group="picture", lessons="shown"),
    LessonField(
        "picture", text("Picture behind the title"), help=text("a photo in the lesson's folder"), group="picture"
    ),
    LessonField(
        "audio",
        text("Sound track"),
        "number",
        text("which one of the video, 1 to 32"),
        group="sound",
        lessons="shown",
    ),
    LessonField("denoise", text("Take noise out of the sound"), "yes", group="sound", lessons="shown"),
    LessonField(
        "narration",
        text("Recorded narration or song"),
        "files",
        text("files in the lesson's folder, one a line; heard instead of the video's sound"),
        group="sound",
        lessons="shown",
    ),
    LessonField(
        "song",
        text("What is heard is a song or music"),
        "choice",
        group="sound",
        options=((None, text("as the form says: only of an MV")), (True, text("yes")), (False, text("no"))),
        lessons="shown",
    ),
    LessonField("beat", text("Pictures change on the beat of the song"), "yes", group="sound", lessons="shown"),
    LessonField("voice", text("Spoken by the computer"), "choice", group="sound", lessons="shown"),
    LessonField(
        "speech_speed",
        text("Speed of the voice"),
        "number",
        text("0.5 to 2, else 1"),
        group="sound",
        lessons="shown",
    ),
    LessonField(
        "pause",
        text("Pause between what is said, in seconds"),
        "number",
        text("0 to 10, else 0.5"),
        group="sound",
        lessons="shown",
    ),
    LessonField("music", text("Background music"), help=text("a file in the lesson's folder"), group="sound"),
    LessonField(
        "music_gain",
        text("Music louder or softer, in dB"),
        "number",
        text("−30 to 12, such as -4 for softer"),
        group="sound",
    ),
)


def fields_for(values: Mapping[str, str], wrong: Collection[str]) -> dict[FieldGroup, list[LessonField]]:
    """The fields of a lesson's form, by group: those for such a lesson, and what is filled in or wrong all the same.

    Args:
        values: what each field shows.
        wrong: keys with something wrong.
    """
    kind = "bare" if bare_key(values) else "shown"
    asked = [field for field in FIELDS if field.lessons in ("all", kind) or values[field.key] or field.key in wrong]
    return {group: [field for field in asked if field.group == group] for group in GROUPS}


def choices_of(field: LessonField, settings: Settings, present: str) -> Sequence[tuple[str, str | Text]]:
    """What a field can be chosen from: how the form gives it back, and what it is called.

    Args:
        present: what it shows now, which stays among them whatever it is.
    """
    known: Mapping[str, Sequence[str]] = {
        "series": [series.name for series in settings.all_series],
        "form": settings.all_forms,
        "voice": ("", *(SHIPPED if is_installed() else ())),
    }
    options = [(field.shown(value), name) for value, name in field.options]
    options += [(name, name or _UNSAID) for name in known.get(field.key, ())]
    return options if present in dict(options) else [(present, present or _UNSAID), *options]


def _parts(given: Sequence[str]) -> list[str] | None:
    return [part.strip() for part in given if part.strip()] or None


def _number(given: str) -> int | float | str | None:
    plain = given.replace("−", "-").replace("－", "-")
    try:
        return int(plain) if plain.lstrip("+-").isdecimal() else float(plain)
    except ValueError:
        return given or None
