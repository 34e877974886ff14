"""Where a farm is: tls://host:port for who has a passport, tcp:// for this computer alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import InputError, Problem, text
from render.farm.passport import Passport, load_passport, office_passport
from render.farm.shared.objects import Objects

if TYPE_CHECKING:
    from render.farm.security import FarmSecurity

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_ADDRESS = re.compile(r"(tcp|tls)://([^/\s:]+|\[[0-9a-fA-F:]+\]):(\d{1,5})/?")


@dataclass(frozen=True, slots=True)
class FarmPlace:
    """A scheduler's address, and the passport to show there; none on this computer alone."""

    address: str
    passport: Passport | None

    def security(self) -> FarmSecurity | None:
        """What Dask shows."""
        return self.passport.security() if self.passport else None

    def objects(self, told: str, wanted: str = "") -> Objects:
        """The farm's store: what is wanted, else what the passport says, else what the scheduler told."""
        if self.passport and not wanted:
            return self.passport.objects
        known = self.passport.objects.access if self.passport else {}
        return Objects(wanted or told, known)


def find_place(given: str, option: str) -> FarmPlace:
    """The farm that a passport's file or an address names.

    Args:
        option: the one it was given with.

    Raises:
        InputError: it is neither, or an address of another computer without TLS, or there is no passport for it.
    """
    if "://" not in given:
        passport = load_passport(Path(given))
        return FarmPlace(passport.scheduler, passport)
    found = _ADDRESS.fullmatch(given)
    if found is None:
        raise InputError(Problem(option, text("write it like tls://office-pc:8786, or name a farm's file")))
    scheme, host, port = found.groups()
    address = f"{scheme}://{host}:{port}"
    if scheme == "tls":
        return FarmPlace(address, load_passport(office_passport()))
    if host not in _LOOPBACK:
        what = text("without TLS a farm is for this computer alone; use tls:// and a farm's file")
        raise InputError(Problem(f"{option} {given}", what))
    return FarmPlace(address, None)
