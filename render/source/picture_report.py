"""What a picture or an animation is, and how it will stand on a screen, in plain words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from courseware.errors import Text, text
from courseware.media.animations import look_at_animation
from courseware.media.photos import open_photo
from courseware.terminal.console import Console
from render.footage.focus import is_page
from render.footage.plates import LEAST_KEPT
from render.plan.profiles import Profile

_LOOKED_AT = (1024, 1024)


@dataclass(frozen=True, slots=True)
class ProbedPicture:
    """What is known of a picture.

    Attributes:
        pictures: how many; 1 for a photo.
        duration_ms: of an animation, once through; 0 for a photo.
        loops: how often it plays, 0 for without end.
        page: it is writing, of which nothing may be cut off.
    """

    width: int
    height: int
    pictures: int = 1
    duration_ms: int = 0
    loops: int = 0
    page: bool = False


def picture_facts(path: Path) -> ProbedPicture:
    """Look into a picture, all of it.

    Raises:
        MediaError: it cannot be used.
    """
    animation = look_at_animation(path)
    if animation is not None:
        count = len(animation.lasts_ms)
        return ProbedPicture(animation.width, animation.height, count, animation.duration_ms, animation.loops)
    whole = open_photo(path)
    small = whole.copy()
    small.thumbnail(_LOOKED_AT)
    return ProbedPicture(*whole.size, page=is_page(small))


def tell_picture(console: Console, name: str, facts: ProbedPicture, profile: Profile) -> None:
    """In plain words."""
    size = {"name": name, "width": facts.width, "height": facts.height}
    if facts.duration_ms:
        length = f"{facts.duration_ms / 1000:.1f}"
        what = text(
            "{name}: usable, an animation of {count} pictures, {length} s long, {width}×{height}",
            count=facts.pictures,
            length=length,
            **size,
        )
        console.say(what)
    else:
        console.say(text("{name}: usable, a picture, {width}×{height}", **size))
    console.say(text("What will be done, for {profile}:", profile=profile.name))
    for sentence in picture_treatment(facts, profile):
        console.say(text("- {sentence}", sentence=sentence))


def picture_document(console: Console, name: str, facts: ProbedPicture, profile: Profile) -> dict[str, Any]:
    """As JSON, sentences in the user's language."""
    return {
        "file": name,
        "picture": {
            "width": facts.width,
            "height": facts.height,
            "pictures": facts.pictures,
            "loops": facts.loops,
            "page": facts.page,
        },
        "duration_ms": facts.duration_ms,
        "profile": profile.name,
        "treatment": [console.tr(sentence) for sentence in picture_treatment(facts, profile)],
    }


def picture_treatment(facts: ProbedPicture, profile: Profile) -> Iterator[Text]:
    """How it will stand on the screen where nobody says otherwise."""
    wide, high = profile.canvas
    shape = (facts.width * high) / (facts.height * wide)
    kept = min(shape, 1 / shape)
    if kept >= LEAST_KEPT and not facts.page:
        lost = round((1 - kept) * 100)
        yield text(
            "It fills the screen ({width}×{height}); {lost} % of it is cut off", width=wide, height=high, lost=lost
        )
    else:
        yield text("It stands whole on the screen ({width}×{height}), blurred around it", width=wide, height=high)
    if facts.width < wide and facts.height < high:
        yield text("It is smaller than the screen and will look soft")
