"""Which of the presentations and PDFs of a folder become lessons, and why the others do not.

    python -m tests.bench.bench_decks FOLDER [MOST [SHEETS]]

Meant for what others made: the test files of LibreOffice (sd/qa/unit/data), python-pptx (its sdist: `pip download
--no-deps --no-binary :all: python-pptx`, 67 decks), pikepdf, pypdf, pdf.js. Anything but a lesson or a message of
ours is a fault. With SHEETS, a folder, the pages of each deck are laid out on a picture there, to be looked at.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image

from courseware.errors import YuanjiaoError
from courseware.lessons.clipping.clip_file import ClipFile
from courseware.origins.kinds.slides import ORIGIN
from courseware.origins.origin import DraftWish

_PAGE, _ACROSS, _DOWN = (240, 180), 5, 3


def main(folder: Path, most: int, sheets: Path | None) -> None:
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ORIGIN.suffixes and path.is_file())
    found: Counter[str] = Counter()
    for path in files[:: max(1, len(files) // most)][:most]:
        began = time.process_time()
        try:
            draft = ORIGIN.read(DraftWish(path))
        except YuanjiaoError as error:
            found["refused"] += 1
            said = f"refused: {error.problems[0].what}"
        except Exception as error:  # noqa: BLE001  (what the script is to find)
            found["FAULT"] += 1
            said = f"FAULT: {error!r}"
        else:
            clips = draft.values["clip"]
            for clip in clips:
                ClipFile.model_validate(clip)
            found["lesson"] += 1
            pages = sum("source" in clip for clip in clips)
            size = sum(len(data) for data in draft.files.values() if isinstance(data, bytes)) // 1000
            notes, told = sum("says" in clip for clip in clips), len(draft.remarks)
            if sheets:
                lay_out(
                    [data for data in draft.files.values() if isinstance(data, bytes)], sheets / f"{path.stem}.png"
                )
            said = f"{pages} pages, {len(clips) - pages} cards, {notes} notes, {size} kB, {told} told"
        print(f"{path.name[:50]:50} {time.process_time() - began:5.1f} s  {said}", flush=True)
    print(dict(found))


def lay_out(pictures: Sequence[bytes], target: Path) -> None:
    """The first pages of a deck side by side."""
    shown = [Image.open(BytesIO(data)).convert("RGB").resize(_PAGE) for data in pictures[: _ACROSS * _DOWN]]
    if not shown:
        return
    sheet = Image.new("RGB", (_PAGE[0] * _ACROSS, _PAGE[1] * -(-len(shown) // _ACROSS)), "grey")
    for number, picture in enumerate(shown):
        sheet.paste(picture, (number % _ACROSS * _PAGE[0], number // _ACROSS * _PAGE[1]))
    target.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(target)


if __name__ == "__main__":
    main(
        Path(sys.argv[1]),
        int(sys.argv[2]) if sys.argv[2:] else 20,
        Path(sys.argv[3]) if sys.argv[3:] else None,
    )
