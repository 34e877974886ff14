"""A lesson (课件): what lesson.toml says. Reading it finds the source, subtitles, music and picture beside it.

A lesson is a video, or pictures and cards one after the other; or a slogan (标语) that stands, a notice (通知) that
scrolls, the ident (片头) of its series and nothing else; never two of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from courseware.clutter import listed
from courseware.errors import InputError, Problem, text
from courseware.files import is_safe_id
from courseware.lessons.clipping.clashes import bare_key, clashes, is_song
from courseware.lessons.clipping.clip_file import MOST_CLIPS, ClipFile, CutOut, Fit, Turn
from courseware.lessons.clipping.lesson_paths import (
    ClipWish,
    LessonPaths,
    paths_of,
    shown_files,
    shown_paths,
    videos_of,
)
from courseware.lessons.clips import Clip, one_video
from courseware.lessons.lesson_files import (
    MUSIC_SUFFIXES,
    PHOTO_SUFFIXES,
    SUBTITLE_SUFFIXES,
    VIDEO_SUFFIXES,
    find_named,
    fits,
)
from courseware.lessons.narrated import Utterance
from courseware.lessons.settings import Settings
from courseware.validate import Complaint, one_line, parse, read_toml, web_link

FILE_NAME = "lesson.toml"
SLOGAN_SECONDS = 15  # a page that stands still is to stand so long: Shenzhen's rule for LED screens on streets
MOST_NARRATIONS = 100  # files
Line = Annotated[str, AfterValidator(one_line)]
Label = Annotated[str, Field(min_length=1, max_length=20), AfterValidator(one_line)]


class LessonFile(BaseModel):
    """The keys of lesson.toml; docs/formats.md describes each."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = ""
    title: Line = Field(min_length=1, max_length=60)
    series: str
    form: str
    source: str = ""
    subtitles: str = ""
    subtitles_second: str = ""
    presenter: Line = Field(default="", max_length=60)
    producer: Line = Field(default="", max_length=60)
    reviewer: Line = Field(default="", max_length=60)
    reviewed_on: date | None = None
    credit: Line = Field(default="", max_length=200)
    summary: str = Field(default="", max_length=500)
    tags: tuple[Label, ...] = ()
    season: tuple[Label, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    link: Annotated[str, AfterValidator(web_link)] = Field(default="", max_length=300)
    fit: Fit = "pad"
    rotate: Turn = 0
    cut: tuple[CutOut, ...] = Field(default=(), max_length=MOST_CLIPS)
    clip: tuple[ClipFile, ...] = Field(default=(), max_length=MOST_CLIPS)
    audio: int | None = Field(default=None, ge=1, le=32)
    denoise: bool = False
    music: str = ""
    music_gain: float = Field(default=0, ge=-30, le=12)
    narration: tuple[str, ...] = Field(default=(), max_length=MOST_NARRATIONS)
    pause: float = Field(default=0.5, ge=0, le=10)
    voice: Annotated[str, AfterValidator(one_line)] = Field(default="", max_length=40)
    speech_speed: float = Field(default=1, ge=0.5, le=2)
    song: bool | None = None
    beat: bool = False
    slides: bool = False
    slogan: Line = Field(default="", max_length=60)
    notice: str = Field(default="", max_length=1000)
    seconds: int | None = Field(default=None, ge=5, le=120)
    exactly: int | None = Field(default=None, ge=5, le=120)
    picture: str = ""
    ident: bool = False

    def is_valid_on(self, day: date) -> bool:
        """Whether the day lies in the time for which its facts hold."""
        return (self.valid_from or day) <= day <= (self.valid_until or day)

    @property
    def is_song(self) -> bool:
        """Whether its main sound is a song or other music: it keeps its sides and its dynamics."""
        return is_song(vars(self))

    @field_validator("title")
    @classmethod
    def _title(cls, value: str) -> str:
        if not value:
            raise Complaint(text("must not be empty"))
        return value

    @field_validator("summary")
    @classmethod
    def _summary(cls, value: str) -> str:
        if any(unicodedata.category(ch) == "Cc" and ch not in "\t\r\n" for ch in value):
            raise Complaint(text("must not hold control characters"))
        return value.strip()

    @field_validator("slogan", "notice")
    @classmethod
    def _visible(cls, value: str) -> str:
        if value and all(ch.isspace() or unicodedata.category(ch) == "Cf" for ch in value):
            raise Complaint(text("must not be empty"))
        return value

    @field_validator("notice")
    @classmethod
    def _notice(cls, value: str) -> str:
        try:
            lines = [one_line(line) for line in re.split(r"\r\n?|\n", value.expandtabs(2))]
        except Complaint:
            raise Complaint(text("must not hold control characters")) from None
        return "\n".join(filter(None, lines))

    @field_validator("reviewed_on", "valid_from", "valid_until", mode="before")
    @classmethod
    def _no_timestamp(cls, value: object) -> object:
        # pydantic would take 86400 for the second of January 1970.
        if isinstance(value, int | float):
            raise Complaint(text("{given} is not a date; write 2026-11-23", given=value))
        return value

    @field_validator("valid_until")
    @classmethod
    def _after_start(cls, value: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get("valid_from")
        if start and value and value < start:
            raise Complaint(text("lies before valid_from ({start})", start=start.isoformat()))
        return value


class Lesson(LessonFile):
    """A lesson of the catalogue: its file, checked against the settings, with paths found.

    Attributes:
        id: the folder's name.
        folder: where its files lie.
        source_path: the raw video, the first of several; None for pictures and cards alone, a slogan, a notice or an
            ident.
        clips: what is shown of videos, pictures and cards, in order; empty when it is one video, shown whole.
        subtitles_path: None when the lesson has no cues.
        subtitles_second_path: the same in a second language, e.g. English; None for none.
        music_path: what plays under it; None for none.
        script_path: what its voice speaks because no clip says anything; None for nothing.
        narration_paths: recorded sound files that are heard instead of the videos', in order.
        utterances: what is heard of its narration; empty until render/narration has found it out.
        picture_path: behind the words of the title card or the slogan; None for the series' own scenery.
    """

    folder: Path = Path()
    source_path: Path | None
    clips: tuple[Clip, ...] = ()
    subtitles_path: Path | None
    subtitles_second_path: Path | None = None
    music_path: Path | None = None
    script_path: Path | None = None
    narration_paths: tuple[Path, ...] = ()
    utterances: tuple[Utterance, ...] = ()
    picture_path: Path | None = None

    @property
    def is_bare(self) -> bool:
        """Whether it is a slogan, a notice or an ident: made without a video to fill time, and never counted."""
        return bool(self.slogan or self.notice or self.ident)

    @property
    def videos(self) -> tuple[Path, ...]:
        """All videos it shows something of, each once."""
        return videos_of(self.clips, self.source_path)

    @property
    def shown_paths(self) -> tuple[Path, ...]:
        """What its clips name, each once: videos, pictures, and sequences by their pattern."""
        return shown_paths(self.clips, self.source_path)

    @property
    def shown_files(self) -> tuple[Path, ...]:
        """All files that its picture comes from, each once: videos, photos, every picture of a sequence."""
        return shown_files(self.clips, self.source_path)

    @property
    def is_of_one_video(self) -> bool:
        """Whether all it shows is of one video, in whose time its subtitles stand."""
        return self.source_path is not None and one_video(self.clips) and not self.is_narrated

    @property
    def is_narrated(self) -> bool:
        """Whether a narration is heard instead of the videos' own sound."""
        return bool(self.narration_paths) or self.is_voiced

    @property
    def is_voiced(self) -> bool:
        """Whether what clips say, or the script, is spoken by a voice of the computer; without one it is shown."""
        return bool(self.voice) and (self.script_path is not None or any(clip.says for clip in self.clips))

    @property
    def has_footage(self) -> bool:
        """Whether it shows videos, pictures or cards one after the other: all that is not made of words alone."""
        return bool(self.clips) or self.source_path is not None


def load_lesson(path: Path, settings: Settings, where: str | None = None) -> Lesson:
    """Read a lesson.toml; paths in it are relative to its folder and may not leave it.

    Args:
        where: how messages name the file; its own name when None.

    Raises:
        InputError: any key missing, unknown or wrong, or a file not there; all problems at once.
    """
    where = where or f"{path.parent.name}/{path.name}"
    return lesson_of(read_toml(path, where), path.parent, settings, where)


def lesson_of(values: dict[str, Any], folder: Path, settings: Settings, where: str) -> Lesson:
    """The lesson that a lesson.toml with these values would be in that folder.

    Raises:
        InputError: as load_lesson; the problem of a key is at "<where>: <key>".
    """
    problems: list[Problem] = []
    given: LessonFile | None = None
    try:
        given = parse(LessonFile, values, where)
    except InputError as error:
        problems += error.problems
    # What does not parse is reported together with what parses but names nothing.
    problems += _name_problems(values, folder.name, settings, where)
    problems += (Problem(f"{where}: {key}", what) for key, what in clashes(values).items())
    paths = LessonPaths()
    if bare_key(values):
        problems += _spare_video(values, folder, where)
    else:
        wish = (
            ClipWish(given.clip, given.cut, given.fit if "fit" in values else None, given.rotate) if given else None
        )
        paths = paths_of(folder, values, wish, where, problems)
    music = find_named(folder, values.get("music"), MUSIC_SUFFIXES, f"{where}: music", problems)
    second = find_named(
        folder, values.get("subtitles_second"), SUBTITLE_SUFFIXES, f"{where}: subtitles_second", problems
    )
    narration = _narration(folder, values.get("narration"), f"{where}: narration", problems)
    picture = find_named(folder, values.get("picture"), PHOTO_SUFFIXES, f"{where}: picture", problems)
    if problems or given is None:
        raise InputError(*problems)
    # In a song nothing is said, though words stand on its cards.
    clips = tuple(replace(clip, says="") for clip in paths.clips) if given.is_song else paths.clips
    return Lesson(
        **{name: value for name, value in given if name != "id"},
        id=folder.name,
        folder=folder,
        source_path=paths.source,
        clips=clips,
        subtitles_path=paths.subtitles,
        subtitles_second_path=second,
        music_path=music,
        script_path=paths.script,
        narration_paths=narration,
        picture_path=picture,
    )


def _narration(folder: Path, names: object, where: str, problems: list[Problem]) -> tuple[Path, ...]:
    given = names if isinstance(names, list | tuple) else ()
    found = (
        find_named(folder, name, MUSIC_SUFFIXES, f"{where}.{number}", problems)
        for number, name in enumerate(given, 1)
    )
    return tuple(filter(None, found))


def _spare_video(values: Mapping[str, object], folder: Path, where: str) -> list[Problem]:
    """A video beside what is made without one."""
    video = next((path.name for path in listed(folder) if fits(path, VIDEO_SUFFIXES)), None)
    if video is None or values.get("source"):
        return []
    what = text("the folder holds a video too ({name}); make two lessons of them", name=video)
    return [Problem(f"{where}: {bare_key(values)}", what)]


def _name_problems(values: Mapping[str, object], folder: str, settings: Settings, where: str) -> list[Problem]:
    problems = []
    given = values.get("id", folder)
    if isinstance(given, str) and given != folder:
        what = text("is {given}, but the folder is called {folder}; make them the same", given=given, folder=folder)
        problems.append(Problem(f"{where}: id", what))
    if not is_safe_id(folder):
        what = text("a lesson's folder may have letters, digits, “-” and “_” in its name, nothing else")
        problems.append(Problem(where, what))
    for key, unknown in (("series", settings.unknown_series), ("form", settings.unknown_form)):
        value = values.get(key)
        if isinstance(value, str) and (wrong := unknown(value)) is not None:
            problems.append(Problem(f"{where}: {key}", wrong))
    return problems
