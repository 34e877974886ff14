"""Lessons of pictures: exact to the frame, each picture made by itself, previewed as they will be."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from courseware.errors import MediaError
from courseware.lessons.clips import Clip
from render.making.stills import draw_frames
from render.plan.order import Order
from render.work.workshop import Workshop
from tests.render.engine import BODY_FROM_S, LED, render, stored
from tests.render.samples import ORDER

COLOURS = {"a.jpg": (200, 30, 40), "b.png": (30, 160, 60), "c.webp": (20, 60, 220)}


def photos(folder: Path, size: tuple[int, int] = (300, 200)) -> Order:
    """Two seconds, one second and five seconds, each going over into the next for a fifth."""
    for name, colour in COLOURS.items():
        Image.new("RGB", size, colour).save(folder / name, quality=95)
    lengths = {"a.jpg": 2000, "b.png": 1000, "c.webp": None}
    clips = tuple(
        Clip(f"clip.{number}", folder / name, to_ms=length, fit="blur", fade_ms=200 if number > 1 else 0, fills=True)
        for number, (name, length) in enumerate(lengths.items(), 1)
    )
    return replace(ORDER, source=None, cues=(), clips=clips)


def shown(path: Path) -> list[tuple[int, int, int]]:
    """The colour in the middle of every picture of the body."""
    with av.open(str(path)) as opened:
        body = islice(opened.decode(video=0), BODY_FROM_S * 25, None)
        middles = [frame.to_ndarray(format="rgb24")[32, 48] for frame in body]
    return [(int(r), int(g), int(b)) for r, g, b in middles]


def alike(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) < 12


def test_pictures_change_at_their_frame_and_a_changed_one_is_made_anew_alone(
    workshop: Workshop, tmp_path: Path
) -> None:
    order = photos(tmp_path)
    (outcome,) = render(workshop, [order], [LED], tmp_path / "out")
    assert outcome.state == "made", outcome.problems
    body = shown(outcome.target.path)
    red, green, blue = COLOURS.values()
    assert all(alike(colour, red) for colour in body[:45])
    assert not alike(body[47], red)
    assert all(alike(colour, green) for colour in body[50:65])
    assert all(alike(colour, blue) for colour in body[70 : 65 + 125])
    assert not alike(body[65 + 125], blue)
    before = stored(workshop)
    Image.new("RGB", (300, 200), (120, 120, 120)).save(tmp_path / "a.jpg", quality=95)
    render(workshop, [order], [LED], tmp_path / "out")
    fresh = [workshop.store.find(key) for key in stored(workshop).keys() - before.keys()]
    # Its footage, its own piece, and the one in which it goes over into the next.
    assert sorted(one.kind for one in fresh if one) == ["footage", "picture", "picture"]


def test_a_picture_is_previewed_as_it_will_be_without_its_footage_being_made(
    workshop: Workshop, tmp_path: Path
) -> None:
    order, before = photos(tmp_path, (330, 220)), stored(workshop)
    moments = [BODY_FROM_S * 1000 + ms for ms in (1000, 1880, 2200)]
    drawn = draw_frames(workshop, order, LED, lambda _: moments, tmp_path)
    assert stored(workshop) == before
    colours = []
    for one in drawn:
        with Image.open(one.path) as opened:
            colours.append(np.asarray(opened)[32, 48])
    red, green, _ = COLOURS.values()
    assert alike(tuple(map(int, colours[0])), red)
    assert alike(tuple(map(int, colours[2])), green)
    assert not alike(tuple(map(int, colours[1])), red)
    assert not alike(tuple(map(int, colours[1])), green)


def test_what_is_no_picture_fails_its_lesson_by_name(workshop: Workshop, tmp_path: Path) -> None:
    order = photos(tmp_path)
    (tmp_path / "b.png").write_bytes(b"<html>")
    with pytest.raises(MediaError, match=r"b\.png: this is no picture that can be read"):
        draw_frames(workshop, order, LED, lambda _: [6000], tmp_path)
    (outcome,) = render(workshop, [order], [LED], tmp_path / "out")
    assert [problem.where for problem in outcome.problems] == [f"{ORDER.lesson}: b.png"]
