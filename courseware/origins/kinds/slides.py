"""Slides: a PDF or a presentation. Its pages become pictures, its notes what is said; or its words become cards.

A presentation's pages are drawn by LibreOffice where it is installed; where it is not, its words and pictures become
cards. Which pages are too small to be read on the workspace's screens is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from courseware.errors import InputError, Problem, ToolError, text
from courseware.origins.composing import ClipValues, compose, too_many
from courseware.origins.origin import DraftLesson, DraftWish, Origin
from courseware.origins.passages import Passage
from courseware.slides.legibility import Lettered, listed_pages, small_pages
from courseware.slides.office import convert, find_office
from courseware.slides.pages import DeckPage, chosen_pages, read_pdf
from courseware.slides.presentation import IrregularDeckError, Presentation, Slide, is_old, read_presentation

LONGEST_NOTES = 2000  # characters that a clip may say
_USUAL_SIZE = (1920, 1080)
_LONGEST_HEADING = 30
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*\n?")


def read_slides(wish: DraftWish) -> DraftLesson:
    """The lesson that slides make.

    Raises:
        InputError: no slides, damaged, protected, too many of them; all problems of the pages at once.
        ToolError: only LibreOffice opens it, and that is not there or fails.
    """
    path = wish.source
    if path.suffix.lower() == ".pdf":
        return _of_pages(wish, read_pdf(path, path.name, wish.pages, _size(wish)), (), ())
    office = find_office()
    with TemporaryDirectory(prefix="yuanjiao-slides-") as home:
        presentation = _presentation(path, office, Path(home) / "deck")
        shown = [slide for slide in presentation.slides if not slide.hidden]
        remarks = [Problem(path.name, remark) for remark in presentation.remarks]
        remarks += _hidden(path.name, presentation.slides)
        numbers = chosen_pages(wish.pages, len(shown), path.name)
        chosen = [shown[number - 1] for number in numbers]
        if wish.as_cards or office is None:
            what = text(
                "Without LibreOffice slides become cards of their words; save them as PDF to keep their looks."
            )
            return _of_words(wish, chosen, remarks if wish.as_cards else [*remarks, Problem(path.name, what)])
        try:
            pdf = _opened(office, path, "pdf", Path(home) / "pages")
        except ToolError as error:
            what = text("The slides became cards of their words instead.")
            return _of_words(wish, chosen, [*remarks, *error.problems, Problem(path.name, what)])
        pages = read_pdf(pdf, path.name, wish.pages, _size(wish))
    if len(pages) != len(numbers):
        what = text(
            "LibreOffice makes {pages} pages of {slides} slides; the notes are left out",
            pages=len(pages),
            slides=len(numbers),
        )
        return _of_pages(wish, pages, (), [*remarks, Problem(path.name, what)])
    return _of_pages(wish, pages, chosen, remarks)


ORIGIN = Origin((".pdf", ".pptx", ".pptm", ".ppsx", ".ppsm", ".ppt", ".pps", ".odp"), read_slides)


def _presentation(path: Path, office: str | None, home: Path) -> Presentation:
    """As the file says it; of an older form, or an irregular one, as LibreOffice writes it anew."""
    if not is_old(path):
        try:
            return read_presentation(path, path.name)
        except IrregularDeckError:
            if office is None:
                raise
    return read_presentation(_opened(office, path, "pptx", home), path.name)


def _opened(office: str | None, path: Path, suffix: str, home: Path) -> Path:
    if office is None:
        what = text("only LibreOffice opens this kind, and it is not installed; save it as PPTX or PDF")
        raise ToolError(Problem(path.name, what))
    home.mkdir()
    return convert(office, path, suffix, home)


def _size(wish: DraftWish) -> tuple[int, int]:
    """Of the largest screen, for which a page is drawn."""
    canvases = [screen.canvas for screen in wish.screens]
    if not canvases:
        return _USUAL_SIZE
    return max(canvas.width for canvas in canvases), max(canvas.height for canvas in canvases)


def _hidden(name: str, slides: Sequence[Slide]) -> Iterable[Problem]:
    hidden = [slide.number for slide in slides if slide.hidden]
    if hidden:
        yield Problem(name, text("Hidden slides are left out: {items}.", items=listed_pages(list(map(str, hidden)))))


def _of_pages(
    wish: DraftWish, pages: Sequence[DeckPage], slides: Sequence[Slide], remarks: Sequence[Problem]
) -> DraftLesson:
    """A picture for each page, with its notes."""
    if wish.as_cards:
        words = [Slide(page.number, *_headed(page.lines), "", hidden=False, pictures=()) for page in pages]
        return _of_words(wish, words, remarks)
    name, width = wish.source.name, max(2, len(str(len(pages))))
    clips: list[ClipValues] = []
    files: dict[str, bytes | Path] = {}
    told = list(remarks)
    for at, page in enumerate(pages):
        file = f"page-{at + 1:0{width}}{page.suffix}"
        files[file] = page.data
        clip: ClipValues = {"source": file, "move": "none", "fit": "blur"}  # words at the edge are not cut off
        if slides and slides[at].notes:
            clip["says"] = _notes(slides[at], name, told)
        clips.append(clip)
    if empty := [str(page.number) for page in pages if page.empty]:
        what = text(
            "Nothing is seen on pages {items}; remove their clips, or save them anew.", items=listed_pages(empty)
        )
        told.append(Problem(name, what))
    lettered = [Lettered(str(page.number), page.letters, page.ratio) for page in pages if page.letters]
    told += (Problem(name, what) for what in small_pages(lettered, wish.screens))
    title = slides[0].title if slides else ""
    return DraftLesson({"title": _title(title, wish.source), "slides": True, "clip": clips}, files, tuple(told))


def _of_words(wish: DraftWish, slides: Sequence[Slide], remarks: Sequence[Problem]) -> DraftLesson:
    """Cards of each slide's words, its largest picture beside them; notes are said meanwhile."""
    told, clips = list(remarks), []
    files: dict[str, bytes | Path] = {}
    title = _title(slides[0].title if slides else "", wish.source)
    for slide in slides:
        picture = ""
        if slide.pictures:
            suffix, data = slide.pictures[0]
            picture = f"picture-{slide.number:02}{suffix}"
            files[picture] = data
        cards = _cards(slide, picture, title)
        if slide.notes and cards:
            _say(cards, _notes(slide, wish.source.name, told))
        clips += cards
    problems = list(too_many(clips, wish.source.name))
    if problems:
        raise InputError(*problems)
    return DraftLesson({"title": title, "clip": clips}, files, tuple(told))


def _cards(slide: Slide, picture: str, title: str) -> list[ClipValues]:
    """Of a slide; one without a heading stands under the title of the whole, as every card has one."""
    heading, lines = slide.title, slide.lines
    if not heading or len(heading) > _LONGEST_HEADING:
        heading, lines = _headed((*filter(None, [heading]), *lines))
    if not lines and picture:
        clip: ClipValues = {"source": picture}
        return [clip | ({"caption": heading} if heading else {})]
    passages = [Passage(heading, line, picture=picture) for line in lines] or [Passage(heading, "")]
    return compose(passages, title) if heading or lines else []


def _headed(lines: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The first line as a heading, where it is short enough for one."""
    if lines and len(lines[0]) <= _LONGEST_HEADING:
        return lines[0], tuple(lines[1:])
    return "", tuple(lines)


def _say(cards: list[ClipValues], notes: str) -> None:
    """The notes in as many parts as there are cards; what has no part says its own words."""
    sentences = [part.strip() for part in _SENTENCE.findall(notes) if part.strip()]
    share = -(-len(sentences) // len(cards))
    for at, card in enumerate(cards):
        if said := "".join(sentences[at * share : (at + 1) * share]):
            card["says"] = said


def _notes(slide: Slide, name: str, told: list[Problem]) -> str:
    if len(slide.notes) > LONGEST_NOTES:
        what = text(
            "the notes of slide {number} are {size} characters long; the first {limit} are taken",
            number=slide.number,
            size=len(slide.notes),
            limit=LONGEST_NOTES,
        )
        told.append(Problem(name, what))
    return slide.notes[:LONGEST_NOTES]


def _title(title: str, path: Path) -> str:
    return title if 0 < len(title) <= _LONGEST_HEADING else path.stem
