"""Serves a desk on one address of this computer until it is ended, and opens the browser."""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable
from typing import Any

import uvicorn

from courseware.errors import InputError, Problem, reason_of, text
from desk.serving.ahead import LookAhead
from desk.serving.app import make_app
from desk.session.state import Desk

LOOPBACK, EVERY_ADDRESS = "127.0.0.1", "0.0.0.0"  # noqa: S104  (only with --lan, behind a login)
USUAL_PORT = 8787
_HTTP = 80  # the port that browsers do not name
_MOST_AT_ONCE, _KEPT_ALIVE_S = 300, 30  # connections; longer than between two looks of a person
_TRIED = 20  # ports after the usual one, when no port was named and it is taken


def bound_socket(port: int | None, address: str = LOOPBACK) -> socket.socket:
    """A socket of this computer that nobody else uses.

    Args:
        port: the one to take; None for the usual one, or the next that is free.
        address: reachable from this computer alone, or at every address of it.

    Raises:
        InputError: the port is taken.
    """
    wanted = [port] if port is not None else [*range(USUAL_PORT, USUAL_PORT + _TRIED)]
    refusal: OSError | None = None
    for number in wanted:
        found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            found.bind((address, number))
        except OSError as error:
            found.close()
            refusal = error
        else:
            return found
    assert refusal is not None  # noqa: S101  (for the type checker)
    what = text("this port cannot be used ({reason}); name another one", reason=reason_of(refusal))
    raise InputError(Problem("--port", what))


def hosts_of(port: int, *, in_network: bool = False) -> frozenset[str]:
    """How a browser may name us: on this computer; in the network by the computer's name, too."""
    name = socket.gethostname().lower()
    names = {LOOPBACK, "localhost", *((name, f"{name}.local") if in_network and name else ())}
    return frozenset(f"{one}:{port}" for one in names) | (frozenset(names) if port == _HTTP else frozenset())


def addresses_of(port: int) -> list[str]:
    """What others in the network type to come here."""
    import psutil

    found = sorted({one.address for many in psutil.net_if_addrs().values() for one in many if _is_ours(one)})
    return [f"http://{address}:{port}/" for address in found]


def _is_ours(found: Any) -> bool:  # noqa: ANN401  (psutil says no types)
    """Whether others may reach us there: not this computer alone, nor one that it gave itself for want of another."""
    return found.family == socket.AF_INET and not found.address.startswith(("127.", "169.254."))


def serve(desk: Desk, listening: socket.socket, started: Callable[[str], None], *, browser: bool) -> None:
    """Answer until Ctrl-C; what runs is stopped then, and what was finished is kept."""
    address = f"http://{LOOPBACK}:{listening.getsockname()[1]}/"
    config = uvicorn.Config(
        make_app(desk),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MOST_AT_ONCE,
        timeout_keep_alive=_KEPT_ALIVE_S,
        timeout_graceful_shutdown=2,
    )
    LookAhead(desk).begin()
    started(address)
    if browser:
        # The socket listens already, so the browser may come before the server does.
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        desk.work.close()
        desk.apart.close()
