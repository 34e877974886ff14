"""Whether what lessons and settings name can be shown: files that open, words that print and fit. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.lessons import settings as settings_file
from courseware.lessons.lesson import Lesson
from courseware.lessons.narrated import NOTHING_SAID
from courseware.lessons.profile import canvas_of
from courseware.lessons.rendition import load_renditions
from courseware.lessons.settings import Settings
from courseware.lessons.workspace import Workspace
from courseware.reviews.approval import Approval, unaccepted
from courseware.reviews.book import load_book
from courseware.slides.legibility import read_screens, small_pages, written_letters
from courseware.speaking.kokoro import SHIPPED
from courseware.subtitles import why_not_shown
from courseware.validate import not_one_of
from playlists.almanac.clock import present_week
from playlists.files.venues import Venue
from playlists.lists.recall import refused_problems
from playlists.schedules.holding import find_holding
from templates.cards.looks import look_of
from templates.cards.notices import NoticeSheet, check_notice
from templates.cards.pictures import open_ground, picture_problems
from templates.cards.slogans import SloganCard, plan_slogan
from templates.type.printed import unprintable

_PRINTED = ("title", "presenter", "producer", "reviewer", "credit", "slogan", "notice")
# Metres for each millimetre of pitch from which captions of 24 pixels, the usual least, are read: GB/T 29458-2012
# has a character read from 345 times its height.
_USUAL_REACH = 345 * 24 / 1000


def lesson_problems(lesson: Lesson, settings: Settings, root: Path) -> Iterator[Problem]:
    """What of a lesson, right in itself, cannot be shown."""
    where = lesson.folder.relative_to(root).as_posix()
    beside = (lesson.subtitles_path, lesson.subtitles_second_path, lesson.music_path, *lesson.narration_paths)
    for path in (*lesson.shown_files, *beside, lesson.picture_path):
        if path and not path.stat().st_size:
            yield Problem(f"{where}/{path.name}", text("the file is empty; copy it again"))
        elif path and path == lesson.picture_path:
            yield from picture_problems(path, f"{where}/{path.name}", open_ground)
    for key in _PRINTED:
        yield from printed_problems(f"{where}/lesson.toml: {key}", getattr(lesson, key))
    yield from _clip_problems(lesson, f"{where}/lesson.toml")
    yield from _voice_problems(lesson, settings, f"{where}/lesson.toml")
    yield from _room_problems(lesson, settings, f"{where}/lesson.toml")


def printed_problems(where: str, content: str) -> Iterator[Problem]:
    """That the fonts lack a character."""
    if missing := unprintable(content):
        yield Problem(where, text("no font can print {characters}; write it otherwise", characters=" ".join(missing)))


def _clip_problems(lesson: Lesson, where: str) -> Iterator[Problem]:
    """What clips print; what they say is printed below them where no subtitles are given."""
    for number, clip in enumerate(lesson.clip, 1):
        says = "" if lesson.subtitles_path else " ".join(clip.says.split())
        printed = {"caption": clip.caption, "card": clip.card, "lines": " ".join(clip.lines), "says": says}
        for key, content in printed.items():
            yield from printed_problems(f"{where}: clip.{number}.{key}", content)


def _voice_problems(lesson: Lesson, settings: Settings, where: str) -> Iterator[Problem]:
    """Voices that have nothing to say, or that nobody has; those of a model folder are known when they speak."""
    if lesson.voice and not lesson.is_narrated:
        yield Problem(f"{where}: voice", NOTHING_SAID)
    if settings.render.voice_model:
        return
    speakers = {"voice": lesson.voice, **{f"clip.{n}.speaker": clip.speaker for n, clip in enumerate(lesson.clip, 1)}}
    for key, name in speakers.items():
        if name and name not in SHIPPED:
            yield Problem(f"{where}: {key}", not_one_of(name, SHIPPED))


def rejected_problems(workspace: Workspace) -> Iterator[Problem]:
    """What was rejected, and stands in a planned or published week or in a list."""
    rejected = load_book(workspace.cache_dir, workspace.settings.review).rejected
    found = find_holding(workspace.schedules_dir, rejected, present_week(workspace))
    yield from (one.problem for one in found)
    yield from refused_problems(workspace)


def unfit_notes(workspace: Workspace) -> Iterator[Problem]:
    """Finished videos that the quality check would have made again, so that they are not shown."""
    approval = Approval(unfit=unaccepted(workspace))
    for profile in workspace.settings.render.profiles:
        for made in load_renditions(workspace.renditions_dir, profile).values():
            if made.sha256 in approval.unfit:
                yield Problem(f"renditions/{profile}/{made.file}", approval.why_not(made.sha256))


def telemetry_notes(lessons: Sequence[Lesson]) -> Iterator[Problem]:
    """What lies beside a lesson's video like subtitles and is for no reader."""
    for lesson in lessons:
        for useless in why_not_shown(lesson.subtitles_path) if lesson.subtitles_path else ():
            yield Problem(f"{lesson.id}/{useless.where}", useless.what)


def page_notes(lessons: Sequence[Lesson], settings: Settings) -> Iterator[Problem]:
    """Pages of slides whose words are too small for a screen."""
    screens = tuple(read_screens(settings))
    for lesson in lessons if screens else ():
        shown = [clip.path for clip in lesson.clips if clip.is_footage and clip.path.name] if lesson.slides else []
        pages = [page for path in dict.fromkeys(shown) if (page := written_letters(path))]
        yield from (Problem(f"courseware/{lesson.id}", what) for what in small_pages(pages, screens))


def distance_notes(venues: Sequence[Venue], settings: Settings) -> Iterator[Problem]:
    """Places that are watched from farther than their screen's captions are made for."""
    for profile in dict.fromkeys(venue.profile for venue in venues):
        given = settings.render.screen(profile)
        reach = given.distance_m / given.pitch_mm if given.distance_m and given.pitch_mm else _USUAL_REACH
        far = max((venue for venue in venues if venue.profile == profile), key=_reach_of)
        if _reach_of(far) > reach:
            what = text(
                "{venue} is watched from farther than captions are made for; write distance_m = {distance:g} and "
                "pitch_mm = {pitch:g}",
                venue=far.id,
                distance=far.distance_m,
                pitch=far.pitch_mm,
            )
            yield Problem(f'{settings_file.FILE_NAME}: render.screens."{profile}"', what)


def _reach_of(venue: Venue) -> float:
    return venue.distance_m / venue.pitch_mm if venue.distance_m and venue.pitch_mm else 0.0


def _room_problems(lesson: Lesson, settings: Settings, where: str) -> Iterator[Problem]:
    """The screens on which a slogan or a notice has no room."""
    look = look_of(settings.series_named(lesson.series))
    office, series = settings.office.name, settings.series_shown(lesson.series)
    for width, height in map(canvas_of, settings.render.profiles):
        try:
            if lesson.slogan:
                plan_slogan(SloganCard(width, height, look, lesson.slogan, series, office))
            elif lesson.notice:
                check_notice(NoticeSheet(width, height, look, lesson.title, lesson.notice, office))
        except InputError as error:
            yield from (Problem(f"{where}: {one.where}", one.what) for one in error.problems)
