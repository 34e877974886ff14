from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from courseware.errors import InputError, MediaError, Problem, text
from render.making.batch import lots_for
from render.plan.order import Order
from render.plan.profiles import Profile
from render.source import examine as module
from render.source.examine import Due, Outcome, examine
from render.work.workshop import Workshop, open_workshop
from tests.conftest import ClipFactory
from tests.render.engine import LED, SMALL, change_byte, render
from tests.render.samples import ORDER


@pytest.fixture
def order(make_clip: ClipFactory) -> Order:
    return replace(ORDER, source=make_clip(seconds=1))


def examined(workshop: Workshop, order: Order, folder: Path) -> list[Due | Outcome]:
    (lot,) = lots_for([order], [LED, SMALL], folder)
    return examine(workshop, lot)


def test_each_target_is_due_or_kept(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    render(workshop, [order], [SMALL], tmp_path)
    due, kept = examined(workshop, order, tmp_path)
    assert isinstance(due, Due)
    assert isinstance(kept, Outcome)
    assert (due.target.profile, kept.target.profile) == (LED, SMALL)
    assert (kept.state, kept.seconds) == ("kept", 12)


def test_in_an_empty_store_everything_is_missing_once(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    (due, _) = examined(open_workshop(workshop.tool, tmp_path / "cache"), order, tmp_path)
    assert isinstance(due, Due)
    assert [one.key for one in due.missing] == list(dict.fromkeys(due.keys))
    assert due.sound_missing


@pytest.mark.parametrize("sound", [False, True])
def test_another_video_wants_another_sound_where_it_has_one(
    workshop: Workshop, order: Order, make_clip: ClipFactory, tmp_path: Path, sound: bool
) -> None:
    keys = set()
    for filters in ("null", "negate"):
        source = make_clip(seconds=1, sound=sound, filters=filters)
        (due, _) = examined(workshop, replace(order, lesson=filters, source=source), tmp_path)
        assert isinstance(due, Due)
        keys.add(due.sound_key)
    assert len(keys) == (2 if sound else 1)


def test_a_piece_that_was_damaged_is_missing(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    shop = open_workshop(workshop.tool, tmp_path / "cache")
    render(shop, [order], [LED], tmp_path / "out")
    (due, _) = examined(shop, order, tmp_path / "elsewhere")
    assert isinstance(due, Due)
    assert due.missing == ()
    found = shop.store.find(due.keys[2])
    assert found is not None
    change_byte(found.path)
    (due, _) = examined(shop, order, tmp_path / "elsewhere")
    assert isinstance(due, Due)
    assert [one.key for one in due.missing] == [due.keys[2]]


def test_a_lesson_whose_texts_cannot_be_drawn_is_refused_before_its_source_is_read(
    workshop: Workshop, order: Order, tmp_path: Path
) -> None:
    found = examined(workshop, replace(order, title="喷药💧", source=tmp_path / "gone.mp4"), tmp_path)
    assert [isinstance(one, Outcome) and "U+1F4A7" in str(one.problems) for one in found] == [True, True]


def _refusing(profile: Profile, kept: Callable[..., object]) -> Callable[..., object]:
    def refuse(*given: object) -> object:
        if profile in given:
            raise InputError(Problem("title", text("is empty")))
        return kept(*given)

    return refuse


def test_what_cannot_be_made_for_one_profile_is_due_for_the_other(
    workshop: Workshop, order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("check_glyphs", "plan_soundtrack"):
        with monkeypatch.context() as patched:
            patched.setattr(module, name, _refusing(SMALL, vars(module)[name]))
            led, small = examined(workshop, replace(order, title=name), tmp_path)
        assert isinstance(led, Due)
        assert isinstance(small, Outcome)
        assert small.state == "failed"


def test_a_source_or_music_that_is_gone_is_told(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="no such file"):
        examined(workshop, replace(order, source=tmp_path / "gone.mp4"), tmp_path)
    with pytest.raises(OSError, match=r"gone\.mp3"):
        examined(workshop, replace(order, music=tmp_path / "gone.mp3"), tmp_path)


def test_looking_twice_probes_once(
    workshop: Workshop, order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examined(workshop, order, tmp_path)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("probed again")

    monkeypatch.setattr("render.source.sources.probe", never)
    assert len(examined(workshop, order, tmp_path)) == 2


def test_words_alone_need_no_source(workshop: Workshop, tmp_path: Path) -> None:
    slogan = replace(ORDER, source=None, cues=(), slogan="勤劳能致富")
    due, _ = examined(workshop, slogan, tmp_path)
    assert isinstance(due, Due)
    assert due.sources == ()
    assert due.notes == ()
    assert (len(due.keys), len(due.missing)) == (8, 2)  # fifteen seconds, all alike but the last one
