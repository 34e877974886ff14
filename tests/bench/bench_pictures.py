"""Photo lessons of pictures made elsewhere: each becomes a lesson, exact to the frame, or a clear reason is given.

Usage: python -m tests.bench.bench_pictures FOLDER… [--most 50]

Takes what looks like a picture below the folders (e.g. unpacked packages: gnome-backgrounds, lomiri-wallpapers,
python3-skimage, scikit-learn, pillow-heif's and Pillow's tests: `pip download --no-deps --no-binary :all:
pillow-heif` holds 51 HEIC of telephones and cameras), two to a lesson, and renders all for an LED wall.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from time import process_time

from cli import make_console
from courseware.lessons.clips import Clip
from courseware.lessons.lesson_files import is_footage
from courseware.media.pictures import pictures_at
from render.making.batch import lots_for, render_all
from render.plan.order import Order
from render.plan.profiles import profile_named
from render.work.ffmpeg import find_ffmpeg
from render.work.workshop import open_workshop
from tests.render.samples import ORDER

_A_LESSON, _SECONDS = 2, 2
_LED = profile_named("led-320x160")


def main() -> int:
    """Make the lessons and say what became of each."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folders", nargs="+", type=Path)
    asked.add_argument("--most", type=int, default=50)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        return made_of(given.folders, given.most, Path(name))


def made_of(folders: Iterable[Path], most: int, work: Path) -> int:
    """How many lessons failed without a reason that names a file."""
    orders = list(islice(_lessons(folders), most))
    workshop = open_workshop(find_ffmpeg(), work / "cache")
    begun, lots = process_time(), lots_for(orders, [_LED], work / "out", salvage=False)
    outcomes = render_all(workshop, lots, make_console("en"), threads=2, dry_run=False)
    unclear = 0
    for order, outcome in zip(orders, outcomes, strict=True):
        names = [clip.path.name for clip in order.clips]
        if outcome.state == "made":
            print(f"{order.lesson}: {outcome.seconds} s of {', '.join(names)}")
            pictures_at(outcome.target.path, [outcome.seconds * 1000 - 40])
        else:
            print(f"{order.lesson}: {outcome.state}: {'; '.join(map(str, outcome.problems))}")
            unclear += not all(any(name in one.where for name in names) for one in outcome.problems)
    made = sum(one.state == "made" for one in outcomes)
    spent = process_time() - begun
    print(f"{made} of {len(orders)} made, {unclear} without a clear reason; {spent:.0f} s beside ffmpeg")
    return unclear


def _lessons(folders: Iterable[Path]) -> Iterator[Order]:
    found = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file() and is_footage(path))
    pictures = (path for path in found if path.suffix != ".json" and path.stat().st_size)
    number = 0
    while chosen := list(islice(pictures, _A_LESSON)):
        number += 1
        clips = tuple(
            Clip(f"clip.{at}", path, to_ms=_SECONDS * 1000, fit="blur", fade_ms=400 * (at > 1), fills=True)
            for at, path in enumerate(chosen, 1)
        )
        yield replace(ORDER, lesson=f"photos-{number:02}", source=None, cues=(), clips=clips)


if __name__ == "__main__":
    sys.exit(main())
