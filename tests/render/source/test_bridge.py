from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from courseware.files import sha256
from courseware.media.facts import MediaFacts, probe
from render.source import bridge as module
from render.source.bridge import plan_bridge
from render.work.workshop import Workshop
from tests.conftest import run_ffmpeg
from tests.render.engine import LED, SMALL, body_numbers, numbered, render, rewrapped, stored
from tests.render.samples import FACTS, ORDER, reel

COUNT = 90
LONG = replace(FACTS, duration_ms=120_000, seekable=False)


@pytest.mark.parametrize(
    "facts",
    [
        replace(LONG, duration_ms=60_000),
        replace(LONG, seekable=True, keyframes_ms=tuple(range(0, 120_000, 2000))),
    ],
    ids=["short", "seekable"],
)
def test_a_source_that_can_be_used_as_it_is_needs_no_copy(facts: MediaFacts) -> None:
    assert plan_bridge(reel(facts), LED, "n9") is None


@pytest.mark.parametrize("facts", [LONG, replace(LONG, seekable=True, keyframes_ms=(0,))])
def test_a_long_source_that_cannot_be_sought_gets_a_copy_that_can(facts: MediaFacts) -> None:
    found = plan_bridge(reel(facts), LED, "n9")
    assert found is not None
    assert found.facts.seekable
    assert found.facts.duration_ms == facts.duration_ms
    assert (found.facts.audio_index, found.facts.audio_channels) == (facts.audio_index, facts.audio_channels)
    assert found.frames == 3000
    assert plan_bridge(reel(facts, sha256="1" * 64), LED, "n9") != found


def test_a_copy_is_upright_and_has_square_pixels() -> None:
    wide = replace(LONG, width=720, height=576, sar=Fraction(64, 45))
    turned = replace(wide, rotation=90)
    for facts, size in ((wide, (1024, 576)), (turned, (576, 1024))):
        found = plan_bridge(reel(facts), LED, "")
        assert found is not None
        assert (found.facts.width, found.facts.height) == size
        assert found.facts.sar == 1
        assert found.facts.rotation == 0


@pytest.mark.usefixtures("short_chunks")
def test_no_picture_is_lost_over_a_copy_and_two_profiles_share_it(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FROM_MS", 1000)
    source = rewrapped(numbered(tmp_path / "a.mp4", COUNT, g="12", bf="2"), tmp_path / "a.ts")
    before = stored(workshop)
    order = replace(ORDER, source=source, cues=())
    found = render(workshop, [order], [LED, SMALL], tmp_path / "out")
    assert [one.state for one in found] == ["made", "made"]
    assert body_numbers(found[0].target.path, COUNT) == list(range(COUNT))
    fresh = [workshop.store.find(key) for key in stored(workshop).keys() - before.keys()]
    assert [one.kind for one in fresh if one].count("bridge") == 1


@pytest.mark.usefixtures("short_chunks")
def test_what_is_said_of_a_copy_is_what_probing_it_finds(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FROM_MS", 1000)
    made = numbered(tmp_path / "a.mp4", COUNT, g="12")
    source = tmp_path / "b.ts"
    run_ffmpeg("-i", str(made), "-c", "copy", "-bsf:v", "h264_metadata=sample_aspect_ratio=4/3", str(source))
    order = replace(ORDER, source=source, cues=())
    render(workshop, [order], [LED], tmp_path / "out")
    facts = probe(source)
    planned = plan_bridge(reel(facts, order, sha256(source)), LED, workshop.tool.version)
    assert planned is not None
    copy = workshop.store.find(planned.key)
    assert copy is not None
    found = probe(copy.path)
    for name in (
        "width",
        "height",
        "sar",
        "rotation",
        "fps",
        "origin",
        "last_picture_ms",
        "seekable",
        "pixel_format",
    ):
        assert getattr(found, name) == getattr(planned.facts, name), name
    assert set(found.keyframes_ms) == set(planned.facts.keyframes_ms)
