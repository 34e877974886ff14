"""What the office shows and wants to be shown, with a list of those it answers no more. Loads the engine."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

from distributed.security import Security


class RefusingSecurity(Security):
    """Dask's, whose connections refuse the certificates on a revocation list."""

    def __init__(self, revoked: Path, **given: Any) -> None:  # noqa: ANN401  (Dask's)
        """As Dask's.

        Args:
            revoked: the list, as PEM; read whenever a connection is prepared.
            given: of Dask.
        """
        super().__init__(**given)  # type: ignore[no-untyped-call]
        self._list = revoked

    def _get_tls_context(self, tls: dict[str, Any], purpose: ssl.Purpose) -> ssl.SSLContext | None:
        context: ssl.SSLContext | None = super()._get_tls_context(tls, purpose)  # type: ignore[no-untyped-call]
        if context is not None:
            context.load_verify_locations(cafile=str(self._list))
            context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
        return context
