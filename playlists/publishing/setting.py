"""Sets and writes what is not the same any more: all of it beside, then all of it into its place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from courseware.errors import InputError, Problem
from courseware.files import is_plain, moving_in
from courseware.lessons.workspace import Workspace
from courseware.storage.handwork import WrittenFiles, remembering
from courseware.validate import Complaint
from playlists.publishing.memory import KeptFile, WeekMemory
from playlists.publishing.outputs import WeekFile
from templates.pages.press import typeset_all
from templates.pages.typeset import Sheet, SheetPress
from templates.type import webfont
from templates.type.printed import printable, visible

Product = str | bytes | Sheet
_PLAIN = "".join(map(chr, range(32, 127))) + "\n"


@dataclass(slots=True)
class WeekFolder:
    """The folder of a published week: what was written into it, and what is known of that.

    Attributes:
        records: folder → what was written there, so that what a person touched is told.
        kept: what was kept of a person's.
    """

    target: Path
    memory: WeekMemory
    records: dict[Path, WrittenFiles]
    kept: list[Problem] = field(default_factory=list)

    def is_current(self, output: WeekFile) -> bool:
        """Whether the file is there as it was made last, of just these sources."""
        known = self.memory.files.get(output.name)
        return known is not None and known.source == output.source and self._stands(output.name)

    def is_same(self, output: WeekFile, product: str) -> bool:
        """Whether what would be made is what is there; then it is known to be current from now on."""
        known = self.memory.files.get(output.name)
        if known is None or known.product != product or not self._stands(output.name):
            return False
        self.memory.files[output.name] = KeptFile(source=output.source, product=product)
        return True

    def spare(self, name: str, content: bytes) -> None:
        """Keep what a person touched, before it is replaced."""
        path = self.target / name
        self.kept += self.records[path.parent].spare(path, content)

    def placed(self, output: WeekFile, product: str, mark: str) -> None:
        """Remember a file that has its place now."""
        path = self.target / output.name
        self.records[path.parent].marks[path.name] = mark
        self.memory.files[output.name] = KeptFile(source=output.source, product=product)

    def remove(self, name: str) -> Path | None:
        """Take a file away that nothing says any more; None where there is none."""
        path = self.target / name
        self.memory.files.pop(name, None)
        if path.parent not in self.records or not path.is_file():
            return None
        self.kept += self.records[path.parent].remove(path)
        return path

    def _stands(self, name: str) -> bool:
        path = self.target / name
        return path.is_file() and not self.records[path.parent].is_touched(path)


class OpenedFolder(ExitStack):
    """The folder of a week with all its records open; they are kept when the block is left."""

    def open(self, workspace: Workspace, week: str, memory: WeekMemory, outputs: Sequence[WeekFile]) -> WeekFolder:
        """Open the records of the folders that the outputs lie in."""
        target, edited = workspace.published_dir / week, workspace.edited_dir / week
        folders = {(target / name).parent for name in (*(one.name for one in outputs), *memory.files, *FONT_NAMES)}
        records = {
            folder: self.enter_context(remembering(workspace.root, folder, edited / folder.relative_to(target)))
            for folder in sorted(folders)
            if folder.is_relative_to(target) and all(map(is_plain, folder.relative_to(target).parts))
        }
        return WeekFolder(target, memory, records)


FONT_NAMES = tuple(face.url for face in webfont.FACES)


def write_stale(
    folder: WeekFolder,
    outputs: Sequence[WeekFile],
    base: str,
    progress: Callable[[str], None],
    press: SheetPress | None = None,
) -> tuple[str, ...]:
    """Make what is not current, and put it into its place when all of it is made; the names of what is new.

    Args:
        press: what typesets; this computer when None.

    Raises:
        InputError: words that cannot be printed; nothing is written then.
        ToolError: a page cannot be typeset; nothing is written then.
        OSError: e.g. a full disk; nothing has its place then.
    """
    products: list[tuple[WeekFile, Product]] = [(one, one.make()) for one in outputs if not folder.is_current(one)]
    refuse_unprintable(products, folder.memory.characters)
    products += tuple(_fonts(folder, products, base))
    stale = [(one, made, key) for one, made in products if not folder.is_same(one, key := _product(made))]
    marks: dict[str, str] = {}
    with moving_in(folder.target) as scratch:
        for (one, _, _), content in zip(stale, contents_of([made for _, made, _ in stale], press), strict=True):
            folder.spare(one.name, content)
            path = scratch / one.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            marks[one.name] = hashlib.sha256(content).hexdigest()
            progress(one.name)
    for one, _, key in stale:
        folder.placed(one, key, marks[one.name])
    return tuple(one.name for one, _, _ in stale)


def contents_of(products: Sequence[Product], press: SheetPress | None = None) -> Iterator[bytes]:
    """The bytes of each; what is to be typeset, is set by as many processes as there are cores, or by the press."""
    made = (press or typeset_all)([one for one in products if isinstance(one, Sheet)])
    for product in products:
        if isinstance(product, Sheet):
            yield next(made)
        else:
            yield product.encode() if isinstance(product, str) else product


def refuse_unprintable(products: Sequence[tuple[WeekFile, Product]], known: str = "") -> None:
    """Let only words be set that there are characters for.

    Args:
        known: characters that were printed before.

    Raises:
        InputError: those that cannot be printed, wherever they came from.
    """
    if wrong := tuple(_unprintable(products, known)):
        raise InputError(*wrong)


def _product(made: Product) -> str:
    if isinstance(made, Sheet):
        return made.key
    return hashlib.sha256(made.encode() if isinstance(made, str) else made).hexdigest()


def _fonts(
    folder: WeekFolder, products: Iterable[tuple[WeekFile, Product]], base: str
) -> Iterator[tuple[WeekFile, Product]]:
    """The fonts beside the pages, when pages show a character that they lack."""
    if not folder.memory.characters:
        pages = (path for path in folder.target.rglob("*.html") if path.is_file())
        folder.memory.characters = "".join(path.read_text(encoding="utf-8", errors="replace") for path in pages)
    shown = {ch for one, made in products if isinstance(made, str) and one.kind == "pages" for ch in made}
    folder.memory.characters = "".join(sorted((shown | set(folder.memory.characters)) - {"\n"}))
    source = hashlib.sha256(f"{base} {folder.memory.characters}".encode("utf-8", "surrogatepass")).hexdigest()
    wanted = [WeekFile(name, "pages", source, str) for name in FONT_NAMES]
    if any(one.kind == "pages" for one, _ in products) and not all(map(folder.is_current, wanted)):
        made = dict(webfont.make_fonts(folder.memory.characters))
        yield from ((one, made[one.name]) for one in wanted if one.name in made)


def _unprintable(products: Sequence[tuple[WeekFile, Product]], known: str) -> Iterator[Problem]:
    """The words that cannot be printed, wherever they came from."""
    # What JSON and HTML are written with is no word.
    able = {*known, *_PLAIN} if known else set[str]()
    for one, made in products:
        if isinstance(made, bytes) or not set(made_text := made.data if isinstance(made, Sheet) else made) - able:
            continue
        wrong = list(_complaints(one, made.words if isinstance(made, Sheet) else made.splitlines()))
        yield from wrong
        if not wrong:
            able |= set(made_text)


def _complaints(output: WeekFile, words: Iterable[str]) -> Iterator[Problem]:
    for said in dict.fromkeys(words):
        try:
            printable(said.strip())
        except Complaint as complaint:
            yield Problem(f"{output.venue or output.name}: {visible(said.strip())}", complaint.what)
