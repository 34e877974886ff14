from __future__ import annotations

import json
import os
from dataclasses import asdict, fields, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courseware.profile import Canvas
from render.keys import rendition_key
from render.order import Order
from render.plan import Encode, RenditionPlan, WriteText, cover_size, inside_size, plan_rendition, source_url
from render.profiles import Profile, profile_named
from render.sound import Level, Levels
from tests.render.samples import FACTS, ORDER

GOLDEN = Path(__file__).parent / "golden"
LEVELS = Levels(Level(-23.0, -3.1), Level(-30.0, -3.0))  # the jingle reaches the ceiling of its peaks
VERTICAL = replace(FACTS, width=1080, height=1920)
VARIANTS = {
    "station-tv": (ORDER, FACTS),
    "led-512x320": (replace(ORDER, fit="blur"), replace(FACTS, fps=Fraction(60), interlaced=True, rotation=90)),
    "wechat": (replace(ORDER, cues=(), fit="crop"), replace(FACTS, audio_index=None, sar=Fraction(16, 15))),
}


def as_json(plan: RenditionPlan, order: Order) -> str:
    steps = [{"kind": type(step).__name__, **asdict(step)} for step in plan.steps]
    document = {**asdict(plan), "steps": steps}
    written = json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n"
    # The drive that an absolute path begins with is another on every machine.
    return written.replace(json.dumps(source_url(order), ensure_ascii=False), '"SOURCE"')


def encoded(order: Order, profile: Profile, levels: Levels | None = None) -> Encode:
    (step,) = (one for one in plan_rendition(order, FACTS, profile, levels).steps if isinstance(one, Encode))
    return step


@pytest.mark.parametrize("name", VARIANTS)
def test_the_plan_is_as_it_was(name: str) -> None:
    """Set YUANJIAO_GOLDEN=write to accept a change; then raise RECIPE if the arguments stayed the same."""
    order, facts = VARIANTS[name]
    path = GOLDEN / f"plan-{name}.json"
    plan = as_json(plan_rendition(order, facts, profile_named(name), LEVELS), order)
    if os.environ.get("YUANJIAO_GOLDEN") == "write":
        path.write_text(plan, encoding="utf-8", newline="\n")
    assert plan == path.read_text(encoding="utf-8")


CHANGES: dict[str, Any] = {
    "name": "station-tv-b",
    "canvas": Canvas(1280, 720),
    "led": True,
    "preset": "fast",
    "h264_profile": "main",
    "fps": Fraction(50),
}


@pytest.mark.parametrize("field", [field.name for field in fields(Profile)])
def test_every_setting_of_a_profile_changes_the_plan(field: str) -> None:
    base = profile_named("station-tv")
    value: Any = CHANGES[field] if field in CHANGES else getattr(base, field) + 1
    changed = replace(base, **{field: value})
    steps = [plan_rendition(ORDER, FACTS, profile, LEVELS).steps for profile in (base, changed)]
    # The name is written beside the file, not into it.
    assert field == "name" or steps[0] != steps[1]
    keys = {rendition_key(plan_rendition(ORDER, FACTS, one), ORDER, "", "") for one in (base, changed)}
    assert len(keys) == 2


@pytest.mark.parametrize(
    "field", ["lesson", "title", "series", "form", "presenter", "producer", "reviewer", "office", "credit", "link"]
)
def test_every_text_of_a_lesson_changes_the_key(field: str) -> None:
    tv = profile_named("station-tv")
    other: dict[str, Any] = {field: "另一个"}
    keys = {
        rendition_key(plan_rendition(order, FACTS, tv), order, "0" * 64, "n9")
        for order in (ORDER, replace(ORDER, **other))
    }
    assert len(keys) == 2


def test_where_the_source_lies_does_not_change_the_key_but_its_bytes_do() -> None:
    tv = profile_named("station-tv")
    moved = replace(ORDER, source=Path("/elsewhere/raw.mp4"))
    key = rendition_key(plan_rendition(ORDER, FACTS, tv), ORDER, "0" * 64, "n9")
    assert rendition_key(plan_rendition(moved, FACTS, tv), moved, "0" * 64, "n9") == key
    assert rendition_key(plan_rendition(ORDER, FACTS, tv), ORDER, "1" * 64, "n9") != key
    assert rendition_key(plan_rendition(ORDER, FACTS, tv), ORDER, "0" * 64, "n10") != key


def test_a_changed_subtitle_changes_the_key() -> None:
    tv = profile_named("station-tv")
    fewer = replace(ORDER, cues=ORDER.cues[:1])
    keys = {rendition_key(plan_rendition(one, FACTS, tv), one, "", "") for one in (ORDER, fewer)}
    assert len(keys) == 2


@pytest.mark.parametrize("title", ["老张's", "a:b", "{x}", "\\N", "100%", "[a],[b];c=d", "很" * 60])
def test_no_text_of_a_user_reaches_an_argument(title: str) -> None:
    hostile = replace(ORDER, title=title, presenter=title, cues=(replace(ORDER.cues[0], text=title),))
    assert encoded(hostile, profile_named("led-512x320")) == encoded(ORDER, profile_named("led-512x320"))


def test_the_source_is_a_file_whatever_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    order = replace(ORDER, source=Path("-rf http:x.mp4"))
    assert source_url(order) == f"file:{tmp_path / '-rf http:x.mp4'}"
    assert source_url(order) in encoded(order, profile_named("wechat")).args


def test_a_lesson_without_cues_writes_no_captions() -> None:
    silent = replace(ORDER, cues=())
    plan = plan_rendition(silent, FACTS, profile_named("station-tv"))
    assert not [step for step in plan.steps if isinstance(step, WriteText)]
    assert "ass=" not in " ".join(encoded(silent, profile_named("station-tv")).args)


def test_captions_are_drawn_after_scaling() -> None:
    graph = next(arg for arg in encoded(ORDER, profile_named("led-512x320")).args if "concat" in arg)
    assert graph.index("ass=") > graph.index("scale=flags=lanczos")


def test_gain_reaches_the_sound() -> None:
    graph = " ".join(encoded(ORDER, profile_named("station-tv"), LEVELS).args)
    assert "volume=volume=-1.0dB" in graph  # -23 to -24
    assert "volume=volume=0.5dB" in graph  # the jingle: half a decibel below the ceiling of -2


canvases = st.builds(Canvas, st.integers(32, 2048).map(lambda n: n * 2), st.integers(32, 2048).map(lambda n: n * 2))
sides = st.integers(2, 5000)


@given(canvases, sides, sides)
def test_a_fitted_picture_is_even_lies_inside_and_touches_two_sides(canvas: Canvas, width: int, height: int) -> None:
    inside = inside_size(replace(FACTS, width=width, height=height), canvas)
    assert not any(side % 2 for side in inside)
    assert inside.width <= canvas.width
    assert inside.height <= canvas.height
    assert inside.width == canvas.width or inside.height == canvas.height


@given(canvases, sides, sides)
def test_a_covering_picture_is_even_and_leaves_nothing_open(canvas: Canvas, width: int, height: int) -> None:
    cover = cover_size(replace(FACTS, width=width, height=height), canvas)
    assert not any(side % 2 for side in cover)
    assert cover.width >= canvas.width
    assert cover.height >= canvas.height


def test_pixels_that_are_not_square_and_turned_cameras_keep_their_shape() -> None:
    canvas = Canvas(1920, 1080)
    assert inside_size(replace(FACTS, width=720, height=576, sar=Fraction(64, 45)), canvas) == (1920, 1080)
    assert inside_size(VERTICAL, canvas) == (608, 1080)
    assert inside_size(replace(VERTICAL, width=1920, height=1080, rotation=270), canvas) == (608, 1080)
