from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from courseware.lessons.made_from import Inputs, load_inputs
from render.plan.order import Order
from render.plan.screens import CornerMark, Screen
from render.source.examine import Outcome
from render.work.workshop import Workshop
from tests.conftest import ClipFactory
from tests.render.engine import LED, render
from tests.render.samples import ORDER


@pytest.fixture
def order(make_clip: ClipFactory) -> Order:
    return replace(ORDER, source=make_clip(seconds=1))


def why(workshop: Workshop, order: Order, folder: Path) -> list[str]:
    (outcome,) = render(workshop, [order], [LED], folder, dry_run=True)
    return said(outcome)


def said(outcome: Outcome) -> list[str]:
    return [reason.pattern.format(**reason.values) for reason in outcome.reasons]


CHANGES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "cues": ({"cues": ()}, ["the subtitles were changed"]),
    "presenter": ({"presenter": "赵老师"}, ["the title card was changed"]),
    "reviewer": ({"reviewer": "赵主任"}, ["the end card was changed"]),
    "office": ({"office": "别的办公室"}, ["the ident was changed", "the end card was changed"]),
    "fit": ({"fit": "crop"}, ["how the picture fills the screen was changed"]),
    "mark": ({"screens": (Screen(mark=CornerMark(words="安康")),)}, ["the logo or watermark was changed"]),
    "denoise": ({"denoise": True}, ["the sound, or how it is treated, was changed"]),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_changed_is_named(workshop: Workshop, order: Order, tmp_path: Path, what: str) -> None:
    change, expected = CHANGES[what]
    render(workshop, [order], [LED], tmp_path)
    assert why(workshop, replace(order, **change), tmp_path)[:-1] == expected


def test_another_video_and_its_sound_are_named(workshop: Workshop, make_clip: ClipFactory, tmp_path: Path) -> None:
    render(workshop, [replace(ORDER, source=make_clip(seconds=1))], [LED], tmp_path)
    found = why(workshop, replace(ORDER, source=make_clip(seconds=1, filters="hue=h=33")), tmp_path)
    assert found[0] == "the video was changed"


def test_a_rendition_that_is_not_there_says_so_and_how_much_is_to_be_made(
    workshop: Workshop, make_clip: ClipFactory, tmp_path: Path
) -> None:
    fresh = replace(ORDER, source=make_clip(seconds=1, filters="hue=h=77"))
    first, amount = why(workshop, fresh, tmp_path)
    assert "not there yet" in first
    assert amount.startswith("to make: ")
    assert amount.endswith(" of 6 pieces, and the sound")


def test_when_everything_is_in_the_store_it_only_has_to_be_joined(
    workshop: Workshop, order: Order, tmp_path: Path
) -> None:
    render(workshop, [order], [LED], tmp_path / "before")
    assert why(workshop, order, tmp_path / "now")[-1] == (
        "all 6 pieces are in the store; they only have to be joined"
    )


def test_a_made_rendition_says_why_it_was_due(workshop: Workshop, order: Order, tmp_path: Path) -> None:
    render(workshop, [order], [LED], tmp_path)
    (outcome,) = render(workshop, [replace(order, reviewer="孙主任")], [LED], tmp_path)
    assert said(outcome) == ["the end card was changed", "to make: 1 of 6 pieces"]


@pytest.mark.parametrize("content", [None, "", "[]", "{"])
def test_a_memory_that_is_lost_is_no_obstacle(
    workshop: Workshop, order: Order, tmp_path: Path, content: str | None
) -> None:
    render(workshop, [order], [LED], tmp_path)
    record = workshop.cache_dir / "made" / LED.name / "dose.json"
    if content is None:
        record.unlink()
    else:
        record.write_text(content, encoding="utf-8")
    assert why(workshop, replace(order, reviewer="李书记"), tmp_path)[0] == "it was made by another version"


def test_a_memory_that_names_only_what_there_was_is_read(tmp_path: Path) -> None:
    (tmp_path / "made" / LED.name).mkdir(parents=True)
    (tmp_path / "made" / LED.name / "dose.json").write_text('{"source": "ab", "body": "cd"}', encoding="utf-8")
    assert load_inputs(tmp_path, LED.name, "dose") == Inputs(source="ab", body="cd")
