"""Opens a desk: on the workspace that was named, on the one around, or on none yet."""

from __future__ import annotations

from pathlib import Path

from cli import make_console
from courseware.errors import text
from courseware.lessons.workspace import find_root, root_around
from courseware.terminal.console import Console
from desk.serving.server import bound_socket, hosts_of, serve
from desk.session.state import Desk
from render.work.machine import compute_on_one_thread

_PROPOSED = "远教工作区"


def open_desk(console: Console, workspace: Path | None, port: int | None, *, browser: bool) -> None:
    """Serve a desk until it is ended.

    Raises:
        InputError: the folder is no workspace, or the port is taken.
    """
    root = find_root(workspace) if workspace is not None else root_around(Path.cwd())
    compute_on_one_thread()
    listening = bound_socket(port)
    desk = Desk(
        consoles={language: make_console(language) for language in ("zh", "en")},
        language=console.language,
        hosts=hosts_of(listening.getsockname()[1]),
        root=root,
        proposed=Path.cwd() / _PROPOSED,
    )
    if root is not None:
        desk.workspace()  # what is wrong in its settings is told here, not in the browser

    def tell(address: str) -> None:
        console.say(text("The desk is open: {address}", address=address))
        console.note(text("It stays open until this window is closed or Ctrl-C is pressed."))

    serve(desk, listening, tell, browser=browser)
