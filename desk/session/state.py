"""What the desk knows while it runs: the workspace it stands on, the languages it speaks, the work in hand."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from courseware.lessons.workspace import Workspace, open_workspace
from courseware.terminal.console import Console
from desk.apart import Apart
from desk.county.editweek import EditHistory
from desk.county.glance import Lookout
from desk.county.outlook import Outlook
from desk.people.logins import Logins
from desk.session.kept import KeptRows
from desk.work import WorkBoard


@dataclass(slots=True)
class Desk:
    """One running desk.

    Attributes:
        consoles: one for each language, by "zh" and "en".
        language: which of them speaks when the browser has not chosen.
        hosts: names that the browser may know us by, with the port; any other is refused.
        root: of the workspace; None until a first start has chosen one.
        proposed: where a first start would make a workspace.
        apart: computes for long beside the pages.
        edits: changes of weeks that can be undone.
        rows: of the pages' tables, as they were drawn last.
        turn: whose it is to make a page that reads much.
        logins: the door, where others on the network reach the desk; None alone on this computer.
        failed: the profiles that the last render could not make, by lesson.
    """

    consoles: Mapping[str, Console]
    language: str
    hosts: frozenset[str]
    root: Path | None
    proposed: Path
    apart: Apart = field(default_factory=Apart)
    work: WorkBoard = field(default_factory=WorkBoard)
    lookout: Lookout = field(default_factory=Lookout)
    outlook: Outlook = field(default_factory=Outlook)
    failed: dict[str, set[str]] = field(default_factory=dict)
    edits: EditHistory = field(default_factory=EditHistory)
    rows: KeptRows = field(default_factory=KeptRows)
    turn: threading.Lock = field(default_factory=threading.Lock)
    logins: Logins | None = None

    def workspace(self) -> Workspace:
        """The workspace with its settings as they are now.

        Raises:
            InputError: its settings are wrong, or it is gone.
        """
        if self.root is None:
            raise LookupError("no workspace was chosen")
        return open_workspace(self.root)
