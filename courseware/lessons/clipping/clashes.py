"""Which keys of lesson.toml do not go together, each with what is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from courseware.errors import Text, text
from courseware.lessons.series import SONG_FORM

BARE_KEYS = ("slogan", "notice", "ident")  # each makes a lesson that needs no video
_ONLY_WITH_VIDEO = (
    "source", "subtitles", "audio", "denoise", "slides", "cut", "clip", "rotate", "narration", "voice", "exactly",
    "subtitles_second", "song", "beat"
)  # fmt: skip
_GO_WITH = (
    ("music_gain", "music", text("goes with music, and none is named")),
    ("subtitles_second", "subtitles", text("goes below “subtitles”; name the Chinese file there")),
    ("beat", "narration", text("goes with a song; name its file under “narration”")),
)

GOES_WITH: Mapping[str, str] = {key: other for key, other, _ in _GO_WITH}


def is_song(values: Mapping[str, object]) -> bool:
    """Whether a song or other music is the main sound, not speech: said by “song”, else by its form or its beat."""
    said = values.get("song")
    if said is not None:
        return said is True
    return not values.get("voice") and (values.get("form") == SONG_FORM or values.get("beat") is True)


def bare_key(values: Mapping[str, object]) -> str:
    """Which key makes it a lesson without a video: "slogan", "notice", "ident"; "" for none."""
    for key in BARE_KEYS:
        value = values.get(key)
        if value is True or (isinstance(value, str) and value.strip()):
            return key
    return ""


def clashes(values: Mapping[str, object]) -> dict[str, Text]:
    """The keys of a lesson.toml that do not go with its others, each with what is wrong."""
    bare = bare_key(values)
    wrong: dict[str, Text] = {}
    if values.get("cut") and values.get("clip"):
        wrong["cut"] = text("is for one video; where there are clips, leave it out by their “from” and “to”")
    if bare:
        what = text("goes with a video, but {key} is given too; remove one of the two", key=bare)
        wrong |= {key: what for key in _ONLY_WITH_VIDEO if values.get(key)}
    if bare == "slogan" and values.get("notice"):
        wrong["notice"] = text("a lesson is either a slogan or a notice; make two lessons of them")
    if bare and bare != "ident" and values.get("ident"):
        wrong["ident"] = text("is a lesson of its own; make another one for {key}", key=bare)
    if bare == "ident":
        what = text("is not for an ident, which has picture and sound of its own; remove it")
        wrong |= {key: what for key in ("picture", "music") if values.get(key)}
    if bare == "notice" and values.get("picture"):
        wrong["picture"] = text("stands behind a title or a slogan; a notice has no picture")
    wrong |= {
        key: what for key, other, what in _GO_WITH if values.get(key) and not values.get(other) and key not in wrong
    }
    wrong |= _clashes_of_song(values)
    if values.get("narration") and values.get("voice"):
        wrong["voice"] = text("speaks where no narration is recorded; remove it, or “narration”")
    if bare != "slogan" and values.get("seconds") is not None:
        wrong["seconds"] = text("is how long a slogan stands; remove it")
    return wrong


def _clashes_of_song(values: Mapping[str, object]) -> dict[str, Text]:
    wrong: dict[str, Text] = {}
    if values.get("song") and values.get("voice"):
        wrong["song"] = text("is for music, but a voice is to speak; remove “song” or “voice”")
    if values.get("beat") and values.get("song") is False:
        wrong["beat"] = text("goes with a song; remove “song = false”, or “beat”")
    clips = values.get("clip")
    says = any(isinstance(clip, Mapping) and clip.get("says") for clip in clips) if isinstance(clips, list) else False
    if says and values.get("narration") and is_song(values):
        wrong["narration"] = text(
            "is a song, in which nobody looks for what clips say; write its words into an .lrc file under “subtitles”"
            " and remove “says”; if somebody speaks in it, write song = false"
        )
    return wrong
