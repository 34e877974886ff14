from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import pytest

from courseware.lessons.clipping.clip_file import Fit
from courseware.lessons.profile import Canvas
from courseware.lessons.series import MOTIFS
from courseware.media.facts import MediaFacts
from courseware.subtitles.cue import Cue
from courseware.times import Span
from render.plan.keys import font_hashes, ident_key, jingle_key, piece_keys, rendition_key
from render.plan.order import Order
from render.plan.plan import ident_of
from render.plan.profiles import Profile, profile_named
from render.plan.screens import CornerMark, Screen
from render.sound.track import plan_soundtrack, soundtrack_key
from templates.cards.looks import Look
from templates.cards.pictures import Picture
from tests.render.samples import FACTS, ORDER, planned

TV = profile_named("station-tv")
PIECES = ["ident", "title", "body 0", "body 250", "body 500", "end"]
SHA, VERSION = "0" * 64, "n9"


def keys(
    order: Order = ORDER,
    facts: MediaFacts | None = FACTS,
    profile: Profile = TV,
    sha256: str = SHA,
    version: str = VERSION,
) -> dict[str, str]:
    """The key of each piece, by its name."""
    plan = planned(order, facts, profile, sha256)
    names = [f"body {one.chunk.start}" if one.chunk.segment == "body" else one.chunk.segment for one in plan.pieces]
    return dict(zip(names, piece_keys(plan, version), strict=True))


def changed(**how: Any) -> list[str]:
    """The pieces whose key another call gives otherwise."""
    before, now = keys(), keys(**how)
    assert list(now) == PIECES
    return [name for name in PIECES if before[name] != now[name]]


def sound(order: Order = ORDER, facts: MediaFacts = FACTS, profile: Profile = TV) -> str:
    plan = plan_soundtrack(order, facts, profile, planned(order, facts, profile).timeline)
    return soundtrack_key(plan, SHA, "", jingle_key(order.look), VERSION)


def finished(order: Order = ORDER, facts: MediaFacts = FACTS, profile: Profile = TV) -> str:
    described = (order.lesson, order.title, order.series, order.form)
    pieces = tuple(keys(order, facts, profile).values())
    return rendition_key(planned(order, facts, profile), pieces, sound(order, facts, profile), described)


def test_each_piece_has_a_key_of_its_own_and_the_same_one_twice() -> None:
    assert list(keys()) == PIECES
    assert len(set(keys().values())) == len(PIECES)
    assert keys() == keys()


OTHER_VALUES: dict[str, Any] = {
    "name": "station-tv-b",
    "canvas": Canvas(1280, 720),
    "preset": "fast",
    "h264_profile": "main",
    "fps": Fraction(50),
}
SOUND_ONLY = {"loudness_lkfs", "true_peak_dbtp", "audio_kbps", "audio_rate"}


@pytest.mark.parametrize(
    "field", sorted({field.name for field in fields(Profile)} - SOUND_ONLY - {"name", "led", "quick"})
)
def test_every_setting_of_a_profile_changes_every_piece(field: str) -> None:
    other = replace(TV, **{field: OTHER_VALUES.get(field) or getattr(TV, field) + 1})
    before, now = keys(), keys(profile=other)
    assert not set(before.values()) & set(now.values())
    assert finished(profile=other) != finished()


@pytest.mark.parametrize("field", sorted(SOUND_ONLY))
def test_a_setting_of_the_sound_changes_the_sound_and_no_picture(field: str) -> None:
    other = replace(TV, **{field: getattr(TV, field) + 1})
    assert changed(profile=other) == []
    assert sound(profile=other) != sound()
    assert finished(profile=other) != finished()


def test_a_screen_on_a_square_has_other_captions_and_the_same_cards() -> None:
    assert changed(profile=replace(TV, led=True)) == ["body 0"]


def test_two_profiles_that_differ_in_name_share_their_pieces_but_not_their_rendition() -> None:
    other = replace(TV, name="station-tv-b")
    assert changed(profile=other) == []
    assert finished(profile=other) != finished()


def test_a_changed_cue_changes_only_the_chunks_that_show_it() -> None:
    cues = tuple(Cue(Span(start, start + 2000), "早晚喷一次。") for start in (1000, 9000, 15_000, 21_000))
    order = replace(ORDER, cues=cues)
    for index, expected in enumerate((["body 0"], ["body 0", "body 250"], ["body 250"], ["body 500"])):
        other = [replace(cue, text="中午喷一次。") if number == index else cue for number, cue in enumerate(cues)]
        before, now = keys(order), keys(replace(order, cues=tuple(other)))
        assert [name for name in PIECES if before[name] != now[name]] == expected, index


def test_a_cue_that_moves_changes_where_it_was_and_where_it_is() -> None:
    before = keys(replace(ORDER, cues=(Cue(Span(1000, 2000), "浇水"),)))
    now = keys(replace(ORDER, cues=(Cue(Span(21_000, 22_000), "浇水"),)))
    assert [name for name in PIECES if before[name] != now[name]] == ["body 0", "body 500"]


@pytest.mark.parametrize(
    ("field", "pieces"),
    [
        ("title", ["title", "end"]),
        ("printed_series", ["ident", "title"]),
        ("form", ["title"]),
        ("presenter", ["title"]),
        ("producer", ["title", "end"]),
        ("reviewer", ["end"]),
        ("office", ["ident", "end"]),
        ("credit", ["end"]),
        ("link", ["end"]),
    ],
)
def test_a_changed_text_changes_only_the_cards_it_stands_on(field: str, pieces: list[str]) -> None:
    other: dict[str, Any] = {field: "另一个"}
    order = replace(ORDER, **other)
    assert changed(order=order) == pieces
    assert finished(order) != finished()


def test_the_look_changes_ident_and_cards_but_no_footage() -> None:
    assert changed(order=replace(ORDER, look=Look("#7A1F1F", "#E6C229", "sprout"))) == ["ident", "title", "end"]


def test_another_motif_has_another_jingle_and_other_colours_have_the_same() -> None:
    other = next(motif for motif in MOTIFS if motif != ORDER.look.motif)
    assert sound(replace(ORDER, look=replace(ORDER.look, motif=other))) != sound()
    assert sound(replace(ORDER, look=replace(ORDER.look, colour="#7A1F1F"))) == sound()


def test_a_background_changes_the_title_card_alone_and_only_by_its_bytes() -> None:
    pictured = replace(ORDER, picture=Picture(Path("/a/cover.png"), "1" * 64))
    moved = replace(ORDER, picture=Picture(Path("/b/cover.png"), "1" * 64))
    assert changed(order=pictured) == ["title"]
    assert keys(pictured) == keys(moved)
    assert keys(pictured) != keys(replace(ORDER, picture=Picture(Path("/a/cover.png"), "2" * 64)))


BODY = ["body 0", "body 250", "body 500"]


@pytest.mark.parametrize("fit", [fit for fit in get_args(Fit) if fit != ORDER.fit])
def test_how_the_picture_fills_the_screen_changes_the_body(fit: Fit) -> None:
    portrait = replace(FACTS, width=432, height=768)
    before, now = keys(facts=portrait), keys(replace(ORDER, fit=fit), portrait)
    assert [name for name in PIECES if before[name] != now[name]] == BODY


def test_a_mark_changes_the_body_and_only_by_its_bytes() -> None:
    def marked(path: str, sha256: str) -> Order:
        return replace(ORDER, screens=(Screen(mark=CornerMark(logo=Picture(Path(path), sha256))),))

    assert changed(order=marked("/a/logo.png", "1" * 64)) == BODY
    assert keys(marked("/a/logo.png", "1" * 64)) == keys(marked("/b/logo.png", "1" * 64))
    assert keys(marked("/a/logo.png", "1" * 64)) != keys(marked("/a/logo.png", "2" * 64))


@pytest.mark.parametrize(
    "facts",
    [
        replace(FACTS, rotation=90),
        replace(FACTS, sar=Fraction(16, 15)),
        replace(FACTS, width=640, height=480),
        replace(FACTS, interlaced=True, field_order="tff"),
        replace(FACTS, origin=Fraction(1, 2)),
        replace(FACTS, fps=Fraction(50)),
        replace(FACTS, matrix="bt709"),
        replace(FACTS, video_index=1),
    ],
)
def test_how_the_source_is_to_be_read_changes_the_body(facts: MediaFacts) -> None:
    assert changed(facts=facts) == BODY


@pytest.mark.parametrize(
    "facts",
    [
        replace(FACTS, keyframes_ms=(0, 9000), longest_gap_ms=40),
        replace(FACTS, seekable=False),
        replace(FACTS, last_picture_ms=24_980),
        replace(FACTS, audio_index=2),
    ],
)
def test_how_far_is_sought_changes_no_picture(facts: MediaFacts) -> None:
    assert changed(facts=facts) == []


def test_where_the_source_lies_and_what_its_lesson_is_called_change_no_piece() -> None:
    assert changed(order=replace(ORDER, source=Path("/elsewhere/other.mkv"), lesson="other")) == []
    assert sound(replace(ORDER, source=Path("/elsewhere/other.mkv"))) == sound()
    assert finished(replace(ORDER, source=Path("/elsewhere/other.mkv"))) == finished()
    assert finished(replace(ORDER, lesson="other")) != finished()


def test_the_bytes_of_the_source_change_the_body_alone() -> None:
    assert changed(sha256="1" * 64) == BODY


def test_another_ffmpeg_changes_everything() -> None:
    assert changed(version="n10") == PIECES
    ident = ident_of(ORDER, TV)
    assert ident_key(ident, "n9") != ident_key(ident, "n10")


def test_other_fonts_change_what_has_text(monkeypatch: pytest.MonkeyPatch) -> None:
    before = keys()
    monkeypatch.setattr("render.plan.keys.font_hashes", lambda: ("another",))
    now = keys()
    assert [name for name in PIECES if before[name] != now[name]] == ["ident", "title", "body 0", "end"]
    assert len(font_hashes()) >= 1


@pytest.mark.parametrize("recipe", ["CARD_RECIPE", "IDENT_RECIPE", "RECIPE"])
def test_a_raised_recipe_changes_what_it_stands_for(recipe: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = keys()
    monkeypatch.setattr(f"render.plan.keys.{recipe}", 99)
    now = keys()
    expected = {"CARD_RECIPE": ["title", "end"], "IDENT_RECIPE": ["ident"], "RECIPE": PIECES}[recipe]
    assert [name for name in PIECES if before[name] != now[name]] == expected


def test_slogans_are_known_by_their_words() -> None:
    def slogan(words: str) -> dict[str, str]:
        return keys(replace(ORDER, source=None, cues=(), slogan=words), None)

    assert slogan("致富靠自己") == slogan("致富靠自己")
    assert slogan("致富靠自己") != slogan("扶贫先扶志")


def test_music_that_is_as_loud_as_usual_leaves_the_sound_as_it_was() -> None:
    music = replace(ORDER, music=Path("/music.mp3"))
    assert sound(music) != sound(replace(music, music_gain_db=-4))
    assert sound(ORDER) == sound(replace(ORDER, music_gain_db=-4)), "there is none"
