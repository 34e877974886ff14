"""Serves a desk on one address of this computer until it is ended, and opens the browser."""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable

import uvicorn

from courseware.errors import InputError, Problem, reason_of, text
from desk.serving.app import make_app
from desk.session.state import Desk

LOOPBACK = "127.0.0.1"
USUAL_PORT = 8787
_TRIED = 20  # ports after the usual one, when no port was named and it is taken


def bound_socket(port: int | None) -> socket.socket:
    """A socket of this computer that nobody else uses, reachable from this computer alone.

    Args:
        port: the one to take; None for the usual one, or the next that is free.

    Raises:
        InputError: the port is taken.
    """
    wanted = [port] if port is not None else [*range(USUAL_PORT, USUAL_PORT + _TRIED)]
    refusal: OSError | None = None
    for number in wanted:
        found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            found.bind((LOOPBACK, number))
        except OSError as error:
            found.close()
            refusal = error
        else:
            return found
    assert refusal is not None  # noqa: S101  (for the type checker)
    what = text("this port cannot be used ({reason}); name another one", reason=reason_of(refusal))
    raise InputError(Problem("--port", what))


def hosts_of(port: int) -> frozenset[str]:
    """How a browser on this computer may name us."""
    return frozenset({f"{LOOPBACK}:{port}", f"localhost:{port}"})


def serve(desk: Desk, listening: socket.socket, started: Callable[[str], None], *, browser: bool) -> None:
    """Answer until Ctrl-C; what runs is stopped then, and what was finished is kept."""
    address = f"http://{LOOPBACK}:{listening.getsockname()[1]}/"
    config = uvicorn.Config(
        make_app(desk), log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=2
    )
    started(address)
    if browser:
        # The socket listens already, so the browser may come before the server does.
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        desk.work.close()
