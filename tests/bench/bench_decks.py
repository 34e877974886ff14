"""Which files of folders become lessons, and why others do not: decks, PDFs, photos, animations made elsewhere.

    python -m tests.bench.bench_decks FOLDER… [--most 60] [--sheets DIR]

Each file becomes a lesson of a workspace that is made for it, as `yuanjiao lesson new` does it; a photo that of a
folder with nothing else in it. Anything but a lesson or a message of ours is a fault, and so is a folder that a
refused file leaves behind. At the end a table by kind, as Markdown. With --sheets the first pages are laid out on
pictures there, to be looked at. Files to try: `apt-get source` of libreoffice (sd/qa/unit/data: 400 PPTX, 76 PDF),
libapache-poi-java (test-data/slideshow), libpdfbox2-java, pypdf, pdfminer, exiv2 (test/data: photos of 40 cameras),
libheif; `pip download --no-deps --no-binary :all:` of python-pptx, pillow (Tests/images), pillow-heif, pikepdf.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from courseware.errors import YuanjiaoError
from courseware.lessons.lesson_files import ANIMATION_SUFFIXES, PHOTO_SUFFIXES
from courseware.lessons.workspace import Workspace, load_catalogue, open_workspace
from courseware.media.photos import open_photo
from courseware.origins.making import PlannedLesson, make_lesson, plan_lesson
from courseware.origins.origin import DraftWish

_KINDS = {
    "PPTX": (".pptx", ".pptm", ".ppsx", ".ppsm"),
    "PPT, ODP": (".ppt", ".pps", ".odp"),
    "PDF": (".pdf",),
    "photos": PHOTO_SUFFIXES,
    "animations": tuple(suffix for suffix in ANIMATION_SUFFIXES if suffix != ".json"),
}
_KIND_OF = {suffix: kind for kind, suffixes in _KINDS.items() for suffix in suffixes}
_SETTINGS = '[office]\nname = "示例"\ncounty = "示例县"\n[render]\nprofiles = ["station-tv", "led-320x160"]\n'
_CELL, _ACROSS, _A_SHEET = (240, 150), 8, 48


@dataclass(slots=True)
class Tried:
    """What became of the files of a kind."""

    files: int = 0
    lessons: int = 0
    faults: int = 0
    slowest: float = 0
    reasons: Counter[str] = field(default_factory=Counter)


def main() -> int:
    """Try all, and say how many were at fault."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folders", nargs="+", type=Path)
    asked.add_argument("--most", type=int, default=60, help="files of a kind")
    asked.add_argument("--sheets", type=Path)
    given = asked.parse_args()
    tried: dict[str, Tried] = {}
    shown: list[tuple[str, Image.Image]] = []
    for kind, path in files_of(given.folders, given.most):
        with tempfile.TemporaryDirectory() as home:
            shown += try_one(path, tried.setdefault(kind, Tried()), Path(home))
    if given.sheets:
        lay_out(shown, given.sheets)
    print(table_of(tried))
    return sum(one.faults for one in tried.values())


def files_of(folders: Iterable[Path], most: int) -> Iterator[tuple[str, Path]]:
    """Of each kind so many files, evenly out of all."""
    found = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    for kind in _KINDS:
        fitting = [path for path in found if _KIND_OF.get(path.suffix.lower()) == kind]
        yield from ((kind, path) for path in fitting[:: max(1, len(fitting) // most)][:most])


def try_one(path: Path, tried: Tried, home: Path) -> Iterator[tuple[str, Image.Image]]:
    """Make its lesson, count what came of it; its first page."""
    (home / "yuanjiao.toml").write_text(_SETTINGS, encoding="utf-8")
    workspace = open_workspace(home)
    began = time.process_time()
    tried.files += 1
    try:
        plan = planned(path, workspace, home)
        make_lesson(plan, path.name)
        problems = load_catalogue(workspace).problems
        said = f"{len(plan.values['clip'])} clips, {len(plan.remarks)} told"
        said += f", UNUSABLE: {problems}" * bool(problems)
        tried.lessons += 1
        tried.faults += bool(problems)
        yield from ((path.name, page) for page in first_page(plan))
    except YuanjiaoError as error:
        left = list(home.glob("courseware/*"))
        tried.reasons[str(error.problems[0].what)] += 1
        tried.faults += bool(left)
        said = f"refused: {error.problems[0].what}" + f" LEFT BEHIND: {left}" * bool(left)
    except Exception as error:  # noqa: BLE001  (what the script is to find)
        tried.faults += 1
        said = f"FAULT: {error!r}"
    spent = time.process_time() - began
    tried.slowest = max(tried.slowest, spent)
    print(f"{path.name[:50]:50} {spent:5.1f} s  {said}", flush=True)


def planned(path: Path, workspace: Workspace, home: Path) -> PlannedLesson:
    """As the command plans it."""
    source = path
    if path.suffix.lower() in (*PHOTO_SUFFIXES, *ANIMATION_SUFFIXES):
        source = home / "photos"
        source.mkdir()
        shutil.copy(path, source / path.name)
    return plan_lesson(workspace, DraftWish(source, "tried", values={"title": "试", "series": "扶贫实用技术"}))


def first_page(plan: PlannedLesson) -> Iterator[Image.Image]:
    """As it is shown."""
    for content in list(plan.files.values())[:1]:
        with Image.open(BytesIO(content)) if isinstance(content, bytes) else open_photo(content, _CELL) as page:
            page.thumbnail((_CELL[0] - 4, _CELL[1] - 16))
            yield page.convert("RGB")


def lay_out(pages: Iterable[tuple[str, Image.Image]], folder: Path) -> None:
    """Sheets of first pages with the names of their files."""
    folder.mkdir(parents=True, exist_ok=True)
    held = list(pages)
    for number, begin in enumerate(range(0, len(held), _A_SHEET), 1):
        part = held[begin : begin + _A_SHEET]
        sheet = Image.new("RGB", (_CELL[0] * _ACROSS, _CELL[1] * -(-len(part) // _ACROSS)), "#d8b0c8")
        draw = ImageDraw.Draw(sheet)
        for at, (name, page) in enumerate(part):
            left, top = at % _ACROSS * _CELL[0], at // _ACROSS * _CELL[1]
            sheet.paste(page, (left, top))
            draw.text((left, top + _CELL[1] - 13), name[-38:], fill="black")
        sheet.save(folder / f"sheet-{number:02}.png")


def table_of(tried: Mapping[str, Tried]) -> str:
    """By kind, and the reasons of those that were refused."""
    rows = ["| kind | files | lessons | refused | faults | slowest, s of CPU |", "|---|---|---|---|---|---|"]
    rows += [
        f"| {kind} | {one.files} | {one.lessons} | {sum(one.reasons.values())} | {one.faults} | {one.slowest:.1f} |"
        for kind, one in tried.items()
    ]
    rows += [f"* {kind}: {count} × {why}" for kind, one in tried.items() for why, count in one.reasons.most_common()]
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
