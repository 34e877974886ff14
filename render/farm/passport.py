"""A farm's passports: the one file by which a computer belongs to it. It names scheduler and store, and holds keys.

`make_farm` founds a farm: an authority, whose key stays in the office, and the office's own passport. `issue` makes
one more for a worker. Both sides of every connection show theirs; without one nobody is answered.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from courseware.errors import InputError, Problem, StorageError, reason_of, text
from courseware.storage.keys_folder import keys_folder
from courseware.validate import parse, read_toml
from render.farm.revoking import note_issued, revoke, revoked_list
from render.farm.shared.objects import Objects

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate

    from render.farm.security import FarmSecurity

PORT = 8786
SUFFIX = ".farm"
_YEARS = 10
_CLOCK_SLACK = timedelta(days=30)  # a computer whose clock is behind must not find its passport not yet valid


class Passport(BaseModel):
    """One computer's.

    Attributes:
        scheduler: tls://host:port.
        store: a folder that all reach, or s3://bucket/folder; endpoint, user and secret are of the latter.
        authority, certificate, private: PEM; a worker's authority is the office's certificate.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: str = Field(default="yuanjiao-farm/1", alias="schema", pattern="^yuanjiao-farm/1$")
    name: str = Field(max_length=80)
    scheduler: str = Field(pattern=r"^tls://[^/\s]+:\d{1,5}$")
    store: str = Field(min_length=1)
    endpoint: str = ""
    user: str = ""
    secret: str = ""
    authority: str = Field(pattern="BEGIN CERTIFICATE")
    certificate: str = Field(pattern="BEGIN CERTIFICATE")
    private: str = Field(pattern="BEGIN PRIVATE KEY")

    @property
    def objects(self) -> Objects:
        """The farm's store."""
        return Objects(self.store, {"endpoint_url": self.endpoint, "key": self.user, "secret": self.secret})

    @property
    def is_office(self) -> bool:
        """Whether it is the office's: a worker's authority, which is that certificate, has signed nothing."""
        shown, authority = _certificate_of(self.certificate), _certificate_of(self.authority)
        return shown.issuer == authority.subject

    def security(self) -> FarmSecurity:
        """What Dask shows, and wants to be shown; in the office not by those that were called back."""
        from render.farm.security import FarmSecurity

        shown = {
            f"tls_{role}_{what}": value
            for role in ("scheduler", "worker", "client")
            for what, value in (("cert", self.certificate), ("key", self.private))
        }
        given = {"require_encryption": True, "tls_ca_file": self.authority, **shown}
        revoked = revoked_list(office_passport().parent, _certificate_of(self.authority))
        return FarmSecurity(_certificate_of(self.certificate).serial_number, revoked, **given)


def office_passport() -> Path:
    """Where the office's lies."""
    return keys_folder() / "farm" / f"office{SUFFIX}"


def load_passport(path: Path) -> Passport:
    """Read a passport.

    Raises:
        InputError: it is none.
    """
    if not path.is_file():
        what = text("there is no such file; “yuanjiao farm key” makes the farm's files")
        raise InputError(Problem(str(path), what))
    return parse(Passport, read_toml(path), path.name)


def make_farm(host: str, store: str, endpoint: str = "") -> Passport:
    """Found a farm; the office's passport and the authority's key are written into the user's profile.

    Raises:
        InputError: the store cannot be one.
        StorageError: it does not answer, there is a farm already, or the profile cannot be written.
    """
    access = {"user": os.environ.get("AWS_ACCESS_KEY_ID", ""), "secret": os.environ.get("AWS_SECRET_ACCESS_KEY", "")}
    if not store.startswith("s3://"):
        access = {}
    authority, key = _authority()
    made = _passport("office", f"tls://{host}:{PORT}", store, endpoint, access, (authority, key), _pem_of(authority))
    made.objects.found()
    _write_private(office_passport().with_name("authority.key"), _pem_of_key(key))
    _write_private(office_passport(), dump_passport(made))
    return made


def issue(office: Passport, name: str, target: Path) -> None:
    """Write a worker's passport.

    Raises:
        InputError: the authority's key is not there.
        StorageError: there is such a file already, or it cannot be written.
    """
    access = {"user": office.user, "secret": office.secret}
    signer, trusted = _signer(office), office.certificate  # a worker takes the office's word alone
    made = _passport(name, office.scheduler, office.store, office.endpoint, access, signer, trusted)
    _write_private(target, dump_passport(made))
    folder = office_passport().parent
    with _faults(folder):
        note_issued(folder, _certificate_of(made.certificate), name)


def call_back(office: Passport, name: str) -> int:
    """Answer those no more who have a file of this name.

    Returns:
        How many there are.

    Raises:
        InputError: there is none, or the authority's key is not there.
        StorageError: the list cannot be written.
    """
    folder = office_passport().parent
    with _faults(folder):
        return revoke(folder, name, _signer(office))


def _signer(office: Passport) -> tuple[Certificate, EllipticCurvePrivateKey]:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    path = office_passport().with_name("authority.key")
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError):
        key = None
    if not isinstance(key, EllipticCurvePrivateKey):
        what = text("the farm's private key is not there or damaged; bring it back from your copy")
        raise InputError(Problem(str(path), what))
    return _certificate_of(office.authority), key


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError) -> StorageError:
    return StorageError(Problem(str(path), text("cannot be written to: {reason}", reason=reason_of(error))))


def dump_passport(one: Passport) -> str:
    """As TOML."""
    import tomlkit

    document = tomlkit.document()
    for name, value in one.model_dump(by_alias=True).items():
        document[name] = tomlkit.string(value, multiline="\n" in value)
    return tomlkit.dumps(document)


def _passport(
    name: str,
    scheduler: str,
    store: str,
    endpoint: str,
    access: dict[str, str],
    signer: tuple[Certificate, EllipticCurvePrivateKey],
    trusted: str,
) -> Passport:
    certificate, private = _signed(name, *signer)
    values = {
        "schema": "yuanjiao-farm/1",
        "name": name,
        "scheduler": scheduler,
        "store": store,
        "endpoint": endpoint,
        **access,
        "authority": trusted,
        "certificate": _pem_of(certificate),
        "private": _pem_of_key(private),
    }
    return parse(Passport, values, "farm key")


def _write_private(path: Path, content: str) -> None:
    """Write what only its owner may read; never over another."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        what = text("is there already and is kept; move it away, or choose another name")
        raise StorageError(Problem(str(path), what)) from None
    except OSError as error:
        raise _refused(path, error) from error
    with _faults(path), os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _authority() -> tuple[Certificate, EllipticCurvePrivateKey]:
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    return _certificate("yuanjiao farm", key, None, key), key


def _signed(
    name: str, authority: Certificate, key: EllipticCurvePrivateKey
) -> tuple[Certificate, EllipticCurvePrivateKey]:
    from cryptography.hazmat.primitives.asymmetric import ec

    own = ec.generate_private_key(ec.SECP256R1())
    return _certificate(name, own, authority, key), own


def _certificate(
    name: str, own: EllipticCurvePrivateKey, authority: Certificate | None, signer: EllipticCurvePrivateKey
) -> Certificate:
    """A certificate as OpenSSL wants them at its strictest; the authority's own when there is none yet."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    usage = {
        one: one == "digital_signature" if authority else one in {"key_cert_sign", "crl_sign"} for one in _USAGES
    }
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority.subject if authority else subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SLACK)
        .not_valid_after(now + timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=authority is None, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if authority:
        both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        made = made.add_extension(x509.ExtendedKeyUsage(both), critical=False)
    return made.sign(signer, hashes.SHA256())


_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def _certificate_of(pem: str) -> Certificate:
    from cryptography.x509 import load_pem_x509_certificate

    return load_pem_x509_certificate(pem.encode())


def _pem_of(certificate: Certificate) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM).decode()


def _pem_of_key(key: EllipticCurvePrivateKey) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
