"""Files that were made, sent to be looked at: pages bear their styles in themselves, and no script runs in them."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import FileResponse, HTMLResponse, Response

from courseware.errors import InputError, Problem
from courseware.files import is_plain
from desk.session.asking import NOT_FOUND, Ask

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; font-src data:; base-uri 'none'"
KINDS = {
    ".html": "text/html",
    ".txt": "text/plain",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def send_look(content: str, *, is_ours: bool = False) -> Response:
    """A page that one of ours shows within itself; it runs no script either.

    Args:
        is_ours: whether it has the looks of the desk, not its own.
    """
    policy = "default-src 'none'; style-src 'self'; base-uri 'none'" if is_ours else _POLICY
    headers = {
        "Content-Security-Policy": f"{policy}; form-action 'none'; frame-ancestors 'self'",
        "X-Frame-Options": "SAMEORIGIN",
    }
    return HTMLResponse(content, headers=headers)


def send_from(ask: Ask, folder: Path | None, name: str) -> Response:
    """A file of the folder, of a kind that is known.

    Raises:
        InputError: there is none.
    """
    path = folder / name if folder and is_plain(name) else None
    kind = KINDS.get(path.suffix) if path else None
    if path is None or kind is None or not path.is_file():
        raise InputError(Problem(ask.request.url.path, NOT_FOUND))
    headers = {"Content-Security-Policy": f"{_POLICY}; frame-ancestors 'none'"}
    return FileResponse(path, media_type=kind, filename=name, content_disposition_type="inline", headers=headers)
