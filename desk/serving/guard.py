"""What stands before every request: who may ask, from where, how much; and what the browser may do with the answer.

Plain ASGI. A page of another site must not be able to act through the browser of somebody who has the desk open:
the host must be ours (DNS rebinding), and what changes something must come from our own page (CSRF).
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.serving.throttle import Throttle

_SIX, _HTTP = 6, 80
_KEPT = "/static/"  # what browsers may keep, and ask each time whether it is still the same
SAFE_METHODS = frozenset({"GET", "HEAD"})
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:;"
        " font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Guard:
    """Refuses what is not for us, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], throttle: Throttle, *, in_network: bool) -> None:
        """Before an application.

        Args:
            hosts: the names that we go by, with the port.
            in_network: whether the address at which this computer was reached is ours, too.
        """
        self._app, self._hosts, self._throttle, self._in_network = app, hosts, throttle, in_network

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        app = self._refusal(scope) or self._app

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-cache" if scope["path"].startswith(_KEPT) else "no-store")
            await send(message)

        await app(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        """What answers instead of the application; None where nothing does."""
        method, client = scope["method"], scope.get("client")
        hosts = self._hosts | reached_at(scope.get("server")) if self._in_network else self._hosts
        refusal = refused(method, Headers(scope=scope), hosts)
        if refusal:
            return PlainTextResponse(refusal, status_code=403)
        if not self._throttle.allows(client[0] if client else "", reads=method in SAFE_METHODS):
            return PlainTextResponse("too many requests", status_code=429, headers={"Retry-After": "10"})
        return None


def reached_at(server: tuple[str, int | None] | None) -> frozenset[str]:
    """The address at which the request came in, as browsers name it: a number, for names can be made to lead here."""
    host, port = server or ("", None)
    try:
        found = ip_address(host)
    except ValueError:
        return frozenset()
    said = f"[{found}]" if found.version == _SIX else str(found)
    return frozenset({f"{said}:{port}", said} if port == _HTTP else {f"{said}:{port}"})


def refused(method: str, headers: Headers, hosts: frozenset[str]) -> str:
    """Why a request is refused, in English, for it is no page of ours that asks; "" when it is not."""
    host = headers.get("host", "").lower()
    if host not in hosts:
        return "unknown host"
    if method in SAFE_METHODS:
        return ""
    # Over plain http in a local network browsers send only Origin.
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site != "same-origin":
        return "from another site"
    if origin is not None:
        return "" if urlsplit(origin).netloc.lower() == host else "from another site"
    return "" if site == "same-origin" else "neither Origin nor Sec-Fetch-Site"
