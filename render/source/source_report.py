"""What a source is and what will be done to it, in plain words and as JSON. Words only; nothing here acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from courseware.errors import Text, text
from courseware.lessons.profile import Canvas
from courseware.media.facts import MediaFacts, SoundTrack
from courseware.media.parts import SourcePart
from courseware.media.tracks import described
from courseware.terminal.console import Console
from courseware.times import clock
from render.plan.picture import inside_size, is_hdr, is_wide
from render.plan.profiles import Profile

_UNEQUAL_MS = 1000  # picture and sound of nearly every file end some frames apart
_LATE_MS = 100
_STEREO = 2
_MOST_PLACES = 5  # of damage that are named


def tell_facts(console: Console, name: str, facts: MediaFacts, profile: Profile) -> None:
    """A source in plain words: what it is, what will be done to it, what a person should look at."""
    console.say(text("{name}: usable, {length} long", name=name, length=_moment(facts.duration_ms)))
    for sentence in _is(facts):
        console.say(sentence)
    done = tuple(treatment(facts, profile))
    if done:
        console.say(text("What will be done, for {profile}:", profile=profile.name))
    for sentence in done:
        console.say(text("- {sentence}", sentence=sentence))
    for sentence in remarks(facts):
        console.say(text("Look at this: {sentence}", sentence=sentence))


def facts_document(console: Console, name: str, facts: MediaFacts, profile: Profile) -> dict[str, Any]:
    """A source as JSON; fractions as "25/2", sentences in the user's language."""
    return {
        "file": name,
        "container": facts.container,
        "duration_ms": facts.duration_ms,
        "origin": str(facts.origin),
        "seekable": facts.seekable,
        "broken_at_ms": facts.broken_at_ms,
        "damaged": [[one.start_ms, one.end_ms] for one in facts.damaged],
        "jumps": facts.jumps,
        "video": _video_document(facts),
        "audio": None
        if facts.audio_index is None
        else {
            "stream": facts.audio_index,
            "codec": facts.audio_codec,
            "channels": facts.audio_channels,
            "rate": facts.audio_rate,
        },
        "tracks": [{"audio": number, **asdict(track)} for number, track in enumerate(facts.tracks, 1)],
        "profile": profile.name,
        "treatment": [console.tr(sentence) for sentence in treatment(facts, profile)],
        "remarks": [console.tr(sentence) for sentence in remarks(facts)],
    }


def _video_document(facts: MediaFacts) -> dict[str, Any]:
    return {
        "stream": facts.video_index,
        "codec": facts.video_codec,
        "width": facts.width,
        "height": facts.height,
        "sar": str(facts.sar),
        "rotation": facts.rotation,
        "mirrored": facts.mirrored,
        "fps": str(facts.fps),
        "pixel_format": facts.pixel_format,
        "bits": facts.bits,
        "interlaced": facts.interlaced,
        "field_order": facts.field_order,
        "primaries": facts.primaries,
        "transfer": facts.transfer,
        "matrix": facts.matrix,
        "color_range": facts.color_range,
        "hdr": is_hdr(facts),
        "alpha": facts.alpha,
        "first_picture_ms": facts.keyframes_ms[0],
        "last_picture_ms": facts.last_picture_ms,
        "longest_gap_ms": facts.longest_gap_ms,
        "gop_pictures": facts.gop_pictures,
        "keyframes_ms": list(facts.keyframes_ms),
        "parts": [_part_document(part) for part in facts.parts],
    }


def _part_document(part: SourcePart) -> dict[str, Any]:
    return {"start_ms": part.start_ms, **asdict(part.kind), "sar": str(part.kind.sar)}


def treatment(facts: MediaFacts, profile: Profile) -> Iterator[Text]:
    """What will be done to the source for a profile; nothing for one that is as it should be."""
    yield from _turned(facts)
    yield from _coloured(facts)
    yield from _placed(facts, profile.canvas)
    yield from _timed(facts, profile.fps)
    yield from _heard(facts)


def remarks(facts: MediaFacts) -> Iterator[Text]:
    """What a person should look at, because nothing can be done about it."""
    if facts.broken_at_ms is not None:
        moment = _moment(facts.broken_at_ms)
        yield text("the video breaks off at {moment}; only what comes before is taken", moment=moment)
    if facts.damaged:
        shown = "、".join(f"{_moment(one.start_ms)}–{_moment(one.end_ms)}" for one in facts.damaged[:_MOST_PLACES])
        damage = text("the file is damaged at {where}; watch the result there, or copy it again")
        if len(facts.damaged) > _MOST_PLACES:
            damage = text("the file is damaged at {where} and elsewhere; watch the result, or copy it again")
        yield Text(damage.pattern, {"where": shown})


def _is(facts: MediaFacts) -> Iterator[Text]:
    yield text(
        "Picture: {codec}, {width}×{height}, {rate} pictures a second",
        codec=facts.video_codec,
        width=facts.width,
        height=facts.height,
        rate=_rate(facts.fps),
    )
    if facts.audio_index is None:
        yield text("Sound: none")
        return
    sound = text("Sound: {codec}, {rate} Hz, {channels} channels")
    if facts.audio_channels == 1:
        sound = text("Sound: {codec}, {rate} Hz, one channel")
    values = {"codec": facts.audio_codec, "rate": facts.audio_rate, "channels": facts.audio_channels}
    yield Text(sound.pattern, values)


def _turned(facts: MediaFacts) -> Iterator[Text]:
    if facts.rotation:
        yield text("The camera was turned by {degrees}°; the picture will be shown upright", degrees=facts.rotation)
    if facts.mirrored:
        yield text("The picture is stored mirrored; left and right will be put right")
    if facts.sar != 1:
        shape = f"{facts.sar.numerator}:{facts.sar.denominator}"
        yield text("Its pixels are not square ({shape}); the proportions will be put right", shape=shape)
    if facts.parts:
        where = "、".join(_moment(part.start_ms) for part in facts.parts[1:])
        changes = text("Its picture changes its size, shape or format at {where}; each part is fitted by itself")
        yield Text(changes.pattern, {"where": where})
    if facts.interlaced:
        yield text("It is interlaced; the combs will be removed")


def _coloured(facts: MediaFacts) -> Iterator[Text]:
    if is_hdr(facts):
        kind = "HDR10 (PQ)" if facts.transfer == "smpte2084" else "HLG"
        yield text("It is HDR ({kind}); its colours will be made those of an ordinary television", kind=kind)
    elif is_wide(facts):
        yield text("It has more colours than a television; they will be brought inside")
    if facts.alpha:
        yield text("Parts of it may be transparent; they will be black")


def _placed(facts: MediaFacts, canvas: Canvas) -> Iterator[Text]:
    inside = inside_size(facts, canvas)
    if inside == canvas:
        return
    values = {"width": canvas.width, "height": canvas.height}
    sides = text(
        "It is narrower than the screen ({width}×{height}): black left and right;"
        ' fit = "blur" or "crop" in lesson.toml fills the screen'
    )
    ends = text(
        "It is wider than the screen ({width}×{height}): black above and below;"
        ' fit = "blur" or "crop" in lesson.toml fills the screen'
    )
    yield Text((sides if inside.width < canvas.width else ends).pattern, values)


def _timed(facts: MediaFacts, fps: Fraction) -> Iterator[Text]:
    if facts.jumps:
        yield text("Several recordings were joined in it and its clock starts again; they will follow each other")
    rates = {"given": _rate(facts.fps), "wanted": _rate(fps)}
    if facts.fps and facts.longest_gap_ms > 2 * 1000 / facts.fps + 1:
        steady = text(
            "Its pictures come at uneven times; they will come {wanted} times a second, in step with the sound"
        )
        yield Text(steady.pattern, rates)
    elif facts.fps > fps:
        fewer = text("{given} pictures a second become {wanted}; some are left out")
        yield Text(fewer.pattern, rates)
    elif facts.fps < fps:
        more = text("{given} pictures a second become {wanted}; some are shown twice or more")
        yield Text(more.pattern, rates)
    if facts.keyframes_ms[0] >= _LATE_MS:
        late = f"{facts.keyframes_ms[0] / 1000:.1f}"
        yield text("The picture begins {late} s after the sound; until then its first picture stands", late=late)


def _heard(facts: MediaFacts) -> Iterator[Text]:
    track = next((one for one in facts.tracks if one.index == facts.audio_index), None)
    if facts.audio_index is None:
        yield text("There is no sound; the lesson will be silent")
        return
    if len(facts.tracks) > 1 and track is not None:
        yield from _chosen(facts, track)
    if facts.audio_channels == 1:
        yield text("Its sound has one channel, which will be heard on both sides")
    elif facts.audio_channels > _STEREO:
        yield text("Its sound has {count} channels, which will be mixed to two", count=facts.audio_channels)
    if track is not None:
        yield from _in_step(facts, track)


def _chosen(facts: MediaFacts, track: SoundTrack) -> Iterator[Text]:
    others = [
        f"{number} ({described(one)})" for number, one in enumerate(facts.tracks, 1) if one.index != track.index
    ]
    yield text(
        "It has several sound tracks; number {number} ({track}) is taken;"
        " for another, write audio = … in lesson.toml: {others}",
        number=facts.tracks.index(track) + 1,
        track=described(track),
        others=" · ".join(others),
    )


def _in_step(facts: MediaFacts, track: SoundTrack) -> Iterator[Text]:
    if track.start_ms >= _LATE_MS:
        yield text(
            "The sound begins {late} s after the picture; silence until then", late=f"{track.start_ms / 1000:.1f}"
        )
    if facts.last_picture_ms is None:
        return
    # A last picture stands for one gap, whatever the file says.
    picture_ms = facts.last_picture_ms + min(facts.longest_gap_ms, _UNEQUAL_MS)
    sound_ms = track.start_ms + track.duration_ms
    if picture_ms - sound_ms > _UNEQUAL_MS:
        yield text(
            "The sound ends {by} s before the picture; silence follows", by=f"{(picture_ms - sound_ms) / 1000:.1f}"
        )
    if sound_ms - picture_ms > _UNEQUAL_MS:
        by = f"{(sound_ms - picture_ms) / 1000:.1f}"
        yield text("The picture ends {by} s before the sound; its last picture stands until then", by=by)


def _moment(ms: int) -> str:
    return f"{clock(ms // 1000)}.{ms % 1000 // 100}"


def _rate(fps: Fraction) -> str:
    return f"{float(fps):.3f}".rstrip("0").rstrip(".")
