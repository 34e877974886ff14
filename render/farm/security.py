"""What a computer of a farm shows and wants to be shown. Loads the engine.

The office believes whom the farm's authority signed, but for those it called back. The others believe the office
alone: their authority is the office's own certificate, which can sign nothing.
"""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

from distributed.security import Security


class FarmSecurity(Security):
    """Dask's, whose connections refuse the certificates on a revocation list."""

    def __init__(self, serial: int, revoked: Path | None, **given: Any) -> None:  # noqa: ANN401  (Dask's)
        """As Dask's.

        Args:
            serial: of the certificate that is shown.
            revoked: the list, as PEM; read whenever a connection is prepared.
            given: of Dask.
        """
        super().__init__(**given)  # type: ignore[no-untyped-call]
        self.serial = serial
        self._list = revoked

    def _get_tls_context(self, tls: dict[str, Any], purpose: ssl.Purpose) -> ssl.SSLContext | None:
        context: ssl.SSLContext | None = super()._get_tls_context(tls, purpose)  # type: ignore[no-untyped-call]
        if context is not None:
            context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # an authority need not have signed itself
            if self._list is not None:
                context.load_verify_locations(cafile=str(self._list))
                context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
        return context
