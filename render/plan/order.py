"""What is to be made: a lesson's texts, source and cues, with everything looked up. Knows no profile."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from courseware.errors import InputError, Problem, Text, text
from courseware.files import sha256
from courseware.lessons.clipping.clip_file import Fit
from courseware.lessons.clipping.lesson_paths import shown_files, shown_paths, videos_of
from courseware.lessons.clips import Clip
from courseware.lessons.lesson import SLOGAN_SECONDS, Lesson
from courseware.lessons.narrated import Utterance
from courseware.lessons.settings import ALL_SCREENS, Settings
from courseware.subtitles import load_shown
from courseware.subtitles.cue import Cue
from courseware.subtitles.cue_rules import offset_ms
from courseware.times import clock
from render.plan.screens import Screen
from templates.cards.looks import Look, look_of
from templates.cards.pictures import Picture


@dataclass(frozen=True, slots=True)
class Order:
    """One lesson, ready to be made for any profile.

    Attributes:
        lesson: id; names the file.
        series: the name by which it is planned.
        printed_series: the one that cards show.
        source: the raw video, the first of several; None for pictures and cards alone, and for a slogan, a notice
            or an ident, which have no title or end card either.
        clips: what is shown of videos, pictures and cards, in order; empty when it is one video, shown whole.
        cues: in the source's own time; in that of the whole where there are several videos.
        second: the cues of a second language, shown below `cues` where the canvas holds both.
        fit: what fills the canvas beside a picture of another shape.
        rotate: degrees by which the picture is turned, clockwise.
        words: which no line of a subtitle breaks, beside those of the dictionary.
        audio: the source's sound track, counted from 1; None to let it be chosen.
        denoise: whether hum and hiss are to be taken out of the sound.
        song: its main sound is a song or other music, which keeps its sides and its dynamics.
        music: plays under the speech; None for none.
        voiced: what is said was not said by a person, which the end card tells.
        utterances: the narration that is heard in place of the videos' own sound; `cues` are then in the time of the
            whole.
        music_gain_db: how much louder than usual.
        slides: a picture that stands still is no fault.
        slogan: the sentence that a slogan shows; "" for anything else.
        notice: the paragraphs that a notice scrolls; "" for anything else.
        seconds: how long a slogan stands; an emergency notice, at least.
        urgent: the notice is an emergency: pages that stand, not a sheet that scrolls.
        voice: heard with an emergency notice, once; None for silence.
        exactly_s: how many seconds all of it lasts, cards and all; None for as long as it takes.
        ident: it is nothing but the ident of its series.
        picture: behind the words of the title card or the slogan; None for the series' own scenery.
        screens: what the places ask for, see `screen_of`.
    """

    lesson: str
    title: str
    series: str
    form: str
    look: Look
    source: Path | None
    printed_series: str
    clips: tuple[Clip, ...] = ()
    cues: tuple[Cue, ...] = ()
    presenter: str = ""
    producer: str = ""
    reviewer: str = ""
    office: str = ""
    credit: str = ""
    link: str = ""
    second: tuple[Cue, ...] = ()
    fit: Fit = "pad"
    rotate: int = 0
    words: frozenset[str] = frozenset()
    audio: int | None = None
    denoise: bool = False
    song: bool = False
    music: Path | None = None
    music_gain_db: float = 0
    voiced: bool = False
    utterances: tuple[Utterance, ...] = ()
    slides: bool = False
    slogan: str = ""
    notice: str = ""
    seconds: int = SLOGAN_SECONDS
    urgent: bool = False
    voice: Path | None = None
    exactly_s: int | None = None
    ident: bool = False
    picture: Picture | None = None
    screens: tuple[Screen, ...] = ()

    @property
    def is_bare(self) -> bool:
        """Whether it is a slogan, a notice or an ident, made without a video."""
        return bool(self.slogan or self.notice or self.ident)

    @property
    def videos(self) -> tuple[Path, ...]:
        """All videos it shows something of, each once."""
        return videos_of(self.clips, self.source)

    @property
    def shown_paths(self) -> tuple[Path, ...]:
        """What its clips name, each once: videos, pictures, and sequences by their pattern."""
        return shown_paths(self.clips, self.source)

    @property
    def files(self) -> tuple[Path, ...]:
        """All files that it reads."""
        return (*shown_files(self.clips, self.source), *filter(None, [self.music]))

    def screen_of(self, profile: str) -> Screen:
        """What the place of that profile asks for; what all places ask for when it asks for nothing of its own."""
        by_profile = {screen.profile: screen for screen in self.screens}
        return by_profile.get(profile) or by_profile.get(ALL_SCREENS) or Screen()


def order_of(
    lesson: Lesson, settings: Settings, screens: tuple[Screen, ...] = ()
) -> tuple[Order, tuple[Problem, ...]]:
    """The order for a lesson of the catalogue, and what was left out of its subtitles.

    Args:
        screens: of the workspace, from `render.screens.load_screens`.

    Raises:
        InputError: the subtitles cannot be used.
    """
    cues, skipped = load_shown(lesson.subtitles_path) if lesson.subtitles_path else ((), ())
    second, worse = load_shown(lesson.subtitles_second_path) if lesson.subtitles_second_path else ((), ())
    order = Order(
        lesson=lesson.id,
        title=lesson.title,
        series=lesson.series,
        form=lesson.form,
        look=look_of(settings.series_named(lesson.series)),
        source=lesson.source_path,
        printed_series=settings.series_shown(lesson.series),
        clips=lesson.clips,
        cues=cues,
        second=second,
        presenter=lesson.presenter,
        producer=lesson.producer,
        reviewer=_reviewed(lesson),
        office=settings.office.name,
        credit=lesson.credit,
        link=lesson.link or settings.office.url,
        fit=lesson.fit,
        rotate=lesson.rotate,
        audio=lesson.audio,
        denoise=lesson.denoise,
        song=lesson.is_song,
        music=lesson.music_path,
        music_gain_db=lesson.music_gain,
        voiced=lesson.is_voiced and not lesson.narration_paths,
        utterances=lesson.utterances,
        slides=lesson.slides,
        slogan=lesson.slogan,
        notice=lesson.notice,
        seconds=lesson.seconds or SLOGAN_SECONDS,
        exactly_s=lesson.exactly,
        ident=lesson.ident,
        picture=Picture(lesson.picture_path, sha256(lesson.picture_path)) if lesson.picture_path else None,
        screens=screens,
    )
    return order, (*skipped, *worse)


def unseen_cues(order: Order, duration_ms: int) -> tuple[Text, ...]:
    """What a person should know of cues that begin when the video has ended.

    Args:
        duration_ms: of the source.

    Raises:
        InputError: all of them do, so they belong to another video.
    """
    late = sum(cue.span.start_ms >= duration_ms for cue in order.cues)
    if late and late == len(order.cues):
        what = text("every subtitle begins after the video has ended; name the file that belongs to it")
        late_ms = offset_ms(order.cues)
        if late_ms:
            what = text(
                "all subtitles begin {clock} late; “yuanjiao subtitle shift FILE --by -{clock} -o OUT” moves them",
                clock=clock(late_ms // 1000),
            )
        raise InputError(Problem("subtitles", what))
    if late:
        what = text("subtitles that begin after the video has ended: {count}; is it the right file?", count=late)
        return (what,)
    return ()


def _reviewed(lesson: Lesson) -> str:
    """Who reviewed the lesson and, when it is known, on what day."""
    day = lesson.reviewed_on.isoformat() if lesson.reviewed_on and lesson.reviewer else ""
    return f"{lesson.reviewer} {day}".rstrip()
