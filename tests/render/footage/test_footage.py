from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from courseware.media.photos import open_photo
from render.footage.footage import feed_arguments, footage_job, plan_footage
from render.footage.kinds import raw_pictures
from render.footage.photo import _enough
from render.plan.montage import Reel
from render.plan.profiles import profile_named
from render.scene import Feed, Scene, SceneKind, scene_facts
from render.source.picture_sources import look_at_picture
from render.work.ffmpeg import find_ffmpeg, run
from render.work.jobs import dump_job, load_job
from templates.cards.pictures import Picture
from templates.cards.steps.card import StepCard
from tests.render.samples import ORDER

LED, TV = profile_named("led-320x160"), profile_named("station-tv")
PHOTO = Reel(scene_facts(800, 600, 2000), "blur", path=Path("a.jpg"), sha256="a", content="a", scene=Scene("photo"))
WIDE, HIGH = 64, 32


def key(reel: Reel, version: str = "n9") -> str:
    footage = plan_footage(reel, ORDER, LED, version)
    assert footage is not None
    return footage.key


def test_a_video_needs_no_footage() -> None:
    assert plan_footage(replace(PHOTO, scene=None), ORDER, LED, "n9") is None


def test_where_a_photo_lies_changes_nothing_and_all_that_is_seen_does() -> None:
    assert key(replace(PHOTO, path=Path("b/c.jpg"))) == key(PHOTO)
    others = [
        key(replace(PHOTO, content="b")),
        key(replace(PHOTO, facts=replace(PHOTO.facts, duration_ms=2040))),
        key(replace(PHOTO, fit="crop")),
        key(replace(PHOTO, turn=90)),
        key(replace(PHOTO, scene=Scene("photo", "in"))),
        key(replace(PHOTO, scene=Scene("photo", fills=True))),
        key(PHOTO, "n10"),
    ]
    assert len({key(PHOTO), *others}) == len(others) + 1


def test_the_file_is_said_to_be_what_it_will_be_and_its_job_can_be_sent() -> None:
    footage = plan_footage(PHOTO, ORDER, TV, "n9")
    assert footage is not None
    reel = footage.reel(Path("store/x.mp4"))
    assert (reel.facts.width, reel.facts.height, reel.frames(TV.fps)) == (1920, 1080, 50)
    assert (reel.scene, reel.content, reel.sha256, reel.facts.keyframes_ms) == (None, footage.key, "", (0, 1000))
    job = footage_job(footage, "L1")
    assert load_job(dump_job(job)) == job
    assert job.outputs[0].frames == 50
    still = footage.still(30)
    assert (still.feed.first, still.feed.count, still.feed.lasts) == (30, 1, 50)


def feed(path: Path, kind: SceneKind = "photo", count: int = 25, **changes: object) -> Feed:
    usual = Feed(Scene(kind, fills=True), "1", path, WIDE, HIGH, Fraction(25), count, 0, count)
    return replace(usual, **changes)  # type: ignore[arg-type]


def drawn(feed: Feed) -> list[NDArray[np.uint8]]:
    return [np.frombuffer(one, np.uint8).reshape(feed.height, feed.width, 3) for one in raw_pictures(feed)]


def test_a_slow_zoom_does_not_tremble_and_is_the_same_every_time(tmp_path: Path) -> None:
    """A line's centre of mass moves evenly: by parts of a pixel each time, never back, never in leaps."""
    picture = np.full((320, 640, 3), 20, np.uint8)
    picture[:, 396:404] = 230
    Image.fromarray(picture).save(tmp_path / "a.png")
    wanted = feed(tmp_path / "a.png", "photo", 75, scene=Scene("photo", "in", fills=True), width=320, height=160)
    pictures = drawn(wanted)
    rows = np.stack(pictures)[:, 80, :, 0].astype(float) - 20
    centres = (rows * np.arange(320)).sum(axis=1) / rows.sum(axis=1)
    steps = np.diff(centres)
    assert abs(centres[-1] - centres[0]) > 1
    assert abs(steps - steps.mean()).max() < 0.05
    assert [one.tobytes() for one in drawn(wanted)] == [one.tobytes() for one in pictures]
    assert drawn(replace(wanted, first=40, count=1))[0].tobytes() == pictures[40].tobytes()


@pytest.mark.parametrize("turn", [0, 90])
def test_one_picture_of_a_photo_is_opened_no_larger_than_it_is_shown_and_looks_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turn: int
) -> None:
    x, y = np.meshgrid(np.arange(1600), np.arange(1200))
    rings = (127 + 120 * np.sin(np.hypot(x - 700, y - 500) / 60)).astype(np.uint8)
    Image.fromarray(rings).convert("RGB").save(tmp_path / "a.jpg")
    opened = list[tuple[int, int]]()

    def noted(path: Path, around: tuple[int, int]) -> Image.Image:
        picture = open_photo(path, around)
        opened.append(picture.size)
        return picture

    monkeypatch.setattr("render.footage.photo.open_photo", noted)
    wanted = feed(tmp_path / "a.jpg", "photo", turn=turn, width=320, height=180)
    whole, (still,) = drawn(wanted), drawn(replace(wanted, first=20, count=1))
    assert opened == [(512, 384), (384, 288) if not turn else (512, 384)]
    assert abs(whole[20].astype(int) - still).mean() < 1


@pytest.mark.parametrize(("name", "opened"), [("a.jpg", (2016, 1512)), ("a.png", (2304, 1728))])
def test_one_picture_of_a_jpeg_is_opened_at_the_half_that_its_reader_gives_if_that_covers_the_canvas(
    tmp_path: Path, name: str, opened: tuple[int, int]
) -> None:
    Image.new("L", (4032, 3024)).save(tmp_path / name)
    wanted = feed(tmp_path / name, "photo", 50, width=1920, height=1080)
    assert open_photo(wanted.path, _enough(replace(wanted, first=3, count=1))).size == opened


def test_a_photo_that_stands_is_drawn_once_and_becomes_the_file_that_drawing_each_picture_makes(
    tmp_path: Path,
) -> None:
    Image.radial_gradient("L").convert("RGB").save(tmp_path / "a.png")
    still = feed(tmp_path / "a.png", count=12, scene=Scene("photo", "none", fills=True))
    moving = replace(still, scene=Scene("photo", "in", fills=True))
    (once,) = raw_pictures(still)
    assert len(list(raw_pictures(moving))) == still.count
    made = []
    for scene, pictures in ((still, [once]), (moving, [once] * still.count)):
        run(find_ffmpeg(), feed_arguments(scene), tmp_path, frames=pictures)
        made.append((tmp_path / "bridge.mp4").read_bytes())
    assert made[0] == made[1]


def test_a_picture_for_one_look_is_handed_on_as_it_is_and_one_for_the_store_is_not() -> None:
    footage = plan_footage(PHOTO, ORDER, TV, "n9")
    assert footage is not None
    assert "rawvideo" in footage_job(footage.still(3), "L1", passing=True).arguments
    assert "libx264" in footage_job(footage, "L1").arguments


@pytest.mark.parametrize(("fit", "dark"), [("pad", 0), ("blur", 40)])
def test_a_photo_of_another_shape_stands_whole_on_its_ground(tmp_path: Path, fit: str, dark: int) -> None:
    Image.new("RGB", (100, 300), (200, 200, 200)).save(tmp_path / "a.png")
    first, *_ = drawn(feed(tmp_path / "a.png", fit=fit))
    assert first[HIGH // 2, WIDE // 2].tolist() == [200, 200, 200]
    assert abs(int(first[HIGH // 2, 2, 0]) - (110 if dark else 0)) < 3


def test_pictures_of_an_animation_come_at_their_own_times_and_again_as_often_as_it_loops(tmp_path: Path) -> None:
    greys = [Image.new("RGB", (64, 32), (grey,) * 3) for grey in (0, 80, 160)]
    path = tmp_path / "a.png"
    greys[0].save(path, save_all=True, append_images=greys[1:], duration=[80, 40, 120], loop=2)
    shown = [int(one[5, 5, 0]) for one in drawn(feed(path, "animation", 14))]
    once = [0, 0, 80, 160, 160, 160]
    assert shown == [*once, *once, 160, 160]
    assert [int(one[5, 5, 0]) for one in drawn(feed(path, "animation", 3, first=7, lasts=14))] == [0, 80, 160]


def test_a_sequence_is_spread_over_its_time_and_is_one_file_by_its_bytes(tmp_path: Path) -> None:
    for number in (9, 10):
        Image.new("RGB", (64, 32), (number * 20,) * 3).save(tmp_path / f"f-{number}.png")
    source = look_at_picture(tmp_path / "f-%d.png", tmp_path / "cache")
    assert source.facts.duration_ms == 80
    assert source.read_from is not None
    shown = [int(one[5, 5, 0]) for one in drawn(feed(source.read_from, "sequence", 6))]
    assert shown == [180, 180, 180, 200, 200, 200]
    again = look_at_picture(tmp_path / "f-%d.png", tmp_path / "elsewhere")
    assert again.sha256 == source.sha256


def test_the_pages_of_a_card_share_its_time_and_its_picture_may_be_any_photo(tmp_path: Path) -> None:
    Image.new("RGB", (64, 48), (30, 160, 60)).save(tmp_path / "a.bmp")
    lines = tuple(f"第{number}步要把病枝、枯枝、过密的枝条剪去，再涂上伤口保护剂" for number in range(4))
    card = StepCard(320, 160, ORDER.look, "冬季修剪", lines, Picture(Path(), "a"))
    wanted = feed(tmp_path / "a.bmp", "card", 40, card=card, width=320, height=160)
    seen = [one.tobytes() for one in drawn(wanted)]
    pages = list(dict.fromkeys(seen))
    assert 2 <= len(pages) <= 6
    assert seen == sorted(seen, key=pages.index)
    assert min(map(seen.count, pages)) >= 4
