"""What a command says: results on stdout, messages on stderr, in the user's language.

The only place that prints. Knows nothing of click, so that the core may be handed one.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from courseware.documents import said
from courseware.errors import Problem, Text
from courseware.terminal.folding import folded

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

if TYPE_CHECKING:
    from rich.console import Console as RichConsole
    from rich.progress import Progress


@dataclass(frozen=True, slots=True)
class Console:
    """Speaks one language.

    Attributes:
        language: "zh" or "en".
        translate: English pattern in, local pattern out.
        answers_json: whether the result is one JSON document on stdout, also when it is an error.
        documents: the documents that were written.
        folds: whether of many problems of one kind only the first are shown; the command's --all shows each.
    """

    language: str
    translate: Callable[[str], str]
    folds: bool = False
    answers_json: bool = False
    documents: list[object] = field(default_factory=list)

    def tr(self, sentence: Text) -> str:
        """The sentence in the user's language."""
        return sentence.render(self.translate)

    def say(self, sentence: Text | str) -> None:
        """A line of the result, on stdout."""
        _write(sys.stdout, self.tr(sentence) if isinstance(sentence, Text) else sentence)

    def note(self, sentence: Text) -> None:
        """A message beside the result, on stderr."""
        _write(sys.stderr, self.tr(sentence))

    def problems(self, problems: Sequence[Problem]) -> None:
        """Each problem on a line of its own, on stderr; of many alike the first few where the console folds."""
        for problem in folded(problems) if self.folds else problems:
            _write(sys.stderr, problem.render(self.translate))

    def document(self, value: object) -> None:
        """The result as one JSON document on stdout, whole and valid whatever the terminal's encoding lacks."""
        self.documents.append(value)
        is_utf8 = _encoding(sys.stdout).lower().replace("-", "").replace("_", "") == "utf8"
        _write(sys.stdout, json.dumps(value, ensure_ascii=not is_utf8, indent=2))

    def failure(self, problems: Sequence[Problem]) -> None:
        """The problems that end a command: on stderr, and as the document where none was written yet."""
        self.problems(problems)
        if self.answers_json and not self.documents:
            self.document({"problems": said(problems, self.tr)})

    def table(self, headings: Sequence[Text], rows: Sequence[Sequence[str]], title: str = "") -> None:
        """A table on stdout; cells are shown as they are, never as markup."""
        from rich.table import Table
        from rich.text import Text as Cell

        grid = Table(title=Cell(title) if title else None, title_justify="left", header_style="bold")
        for heading in headings:
            grid.add_column(self.tr(heading))
        for row in rows:
            grid.add_row(*(Cell(_CONTROL.sub("\ufffd", cell)) for cell in row))
        self._rich(sys.stdout).print(grid)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Bars with the time left, on stderr; plain lines when stderr is not a terminal."""
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self._rich(sys.stderr)) as bars:
            yield bars

    def _rich(self, stream: TextIO | None) -> RichConsole:
        from rich.console import Console as RichConsole

        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
        # Piped output must not be cut at 80 columns.
        width = None if stream is not None and stream.isatty() else 160
        return RichConsole(file=stream or io.StringIO(), width=width, highlight=False, emoji=False)


def _encoding(stream: TextIO | None) -> str:
    return getattr(stream, "encoding", None) or "utf-8"


def _write(stream: TextIO | None, line: str) -> None:
    """Print even where the terminal's encoding lacks a character, as on an old Windows console."""
    if stream is None:  # closed, or a program without a console on Windows
        return
    encoding = _encoding(stream)
    # A file name or a title may hold an escape sequence that would repaint the terminal.
    line = _CONTROL.sub("\ufffd", line)
    try:
        stream.write(line.encode(encoding, "replace").decode(encoding) + "\n")
        stream.flush()
    except BrokenPipeError:
        # Whoever reads (head, less) has seen enough. What is still in the buffer may go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        raise SystemExit(1) from None
