"""Calls passports back: the office's list of files that were issued, and of those whose owners it answers no more.

The latter is a revocation list as X.509 knows it, signed by the farm's authority, so that TLS itself refuses them.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import InputError, Problem, text
from courseware.files import replacing

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate

_YEARS = 10
_CLOCK_SLACK = timedelta(days=30)


def note_issued(folder: Path, certificate: Certificate, name: str) -> None:
    """Remember which certificate went out under a name, one a line.

    Raises:
        OSError: it cannot be written.
    """
    handle = os.open(_issued(folder), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as lines:
        lines.write(f"{certificate.serial_number:x} {_on_a_line(name)}\n")


def revoke(folder: Path, name: str, signer: tuple[Certificate, EllipticCurvePrivateKey]) -> int:
    """Put all files of a name on the list.

    Args:
        folder: of the office's passport.

    Returns:
        How many files that name has.

    Raises:
        InputError: no file was issued under the name.
        OSError: the list cannot be written.
    """
    issued = _known(folder)
    serials = {serial for serial, owner in issued if owner == _on_a_line(name)}
    if not serials:
        names = ", ".join(sorted({owner for _, owner in issued})) or "-"
        what = text("no file was issued under this name; there are: {names}", names=names)
        raise InputError(Problem(f"farm revoke {name}", what))
    with replacing(_list(folder)) as scratch:
        scratch.write_bytes(_signed(serials | _listed(folder), signer))
    return len(serials)


def revoked_list(folder: Path, authority: Certificate) -> Path | None:
    """The list of the farm with this authority; None when there is none, or another farm's."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.x509 import load_pem_x509_crl

    path, key = _list(folder), authority.public_key()
    if not path.is_file() or not isinstance(key, EllipticCurvePublicKey):
        return None
    return path if load_pem_x509_crl(path.read_bytes()).is_signature_valid(key) else None


def _on_a_line(name: str) -> str:
    return " ".join(name.split())


def _list(folder: Path) -> Path:
    return folder / "revoked.pem"


def _issued(folder: Path) -> Path:
    return folder / "issued.txt"


def _known(folder: Path) -> list[tuple[int, str]]:
    if not _issued(folder).is_file():
        return []
    lines = _issued(folder).read_text(encoding="utf-8").splitlines()
    parted = (line.partition(" ") for line in lines)
    return [(int(serial, 16), name) for serial, _, name in parted]


def _listed(folder: Path) -> set[int]:
    from cryptography.x509 import load_pem_x509_crl

    path = _list(folder)
    return {one.serial_number for one in load_pem_x509_crl(path.read_bytes())} if path.is_file() else set()


def _signed(serials: set[int], signer: tuple[Certificate, EllipticCurvePrivateKey]) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    authority, key = signer
    since = datetime.now(UTC) - _CLOCK_SLACK
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.subject)
        .last_update(since)
        .next_update(since + timedelta(days=365 * _YEARS))
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    for serial in sorted(serials):
        one = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since).build()
        builder = builder.add_revoked_certificate(one)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
