"""Opens a desk: on the workspace that was named, on the one around, or on none yet."""

from __future__ import annotations

from pathlib import Path

from cli import make_console
from courseware.errors import InputError, Problem, text
from courseware.lessons.workspace import find_root, open_workspace, root_around
from courseware.terminal.console import Console
from desk.apart import Apart, carried_out_apart, in_process
from desk.people.logins import Logins
from desk.people.managing import needed_administrator
from desk.serving.server import EVERY_ADDRESS, LOOPBACK, addresses_of, bound_socket, hosts_of, serve
from desk.session.state import Desk
from desk.work import WorkBoard

_PROPOSED = "远教工作区"


def open_desk(console: Console, workspace: Path | None, port: int | None, *, browser: bool, in_network: bool) -> None:
    """Serve a desk until it is ended.

    Args:
        in_network: whether others in the network reach it, who log in.

    Raises:
        InputError: the folder is no workspace, the port is taken, or there is no administrator to log in.
    """
    root = find_root(workspace) if workspace is not None else root_around(Path.cwd())
    logins = _door_of(root) if in_network else None
    listening = bound_socket(port, EVERY_ADDRESS if in_network else LOOPBACK)
    taken = listening.getsockname()[1]
    desk = Desk(
        consoles={language: make_console(language) for language in ("zh", "en")},
        language=console.language,
        hosts=hosts_of(taken, in_network=in_network),
        root=root,
        proposed=Path.cwd() / _PROPOSED,
        logins=logins,
        apart=Apart(in_process),
        work=WorkBoard(carried_out_apart),
    )
    if root is not None:
        desk.workspace()  # what is wrong in its settings is told here, not in the browser

    def tell(address: str) -> None:
        console.say(text("The desk is open: {address}", address=address))
        for reached in addresses_of(taken) if in_network else ():
            console.say(text("From other computers in this network: {address}", address=reached))
        console.note(text("It stays open until this window is closed or Ctrl-C is pressed."))

    serve(desk, listening, tell, browser=browser)


def _door_of(root: Path | None) -> Logins:
    """Where people log in.

    Raises:
        InputError: there is no workspace, or no administrator in it.
    """
    if root is None:
        raise InputError(Problem("--lan", text("name a workspace; a first start is made alone on this computer")))
    cache_dir = open_workspace(root).cache_dir
    needed_administrator(cache_dir)
    return Logins(cache_dir)
