"""The office's signing key, in the user's profile and nowhere else, and the keys of offices that are trusted.

An office has two key pairs that go together: Ed25519, and ECDSA P-256, which Windows verifies with nothing installed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from courseware.errors import InputError, Problem, StorageError, reason_of, text
from courseware.files import write_bytes
from courseware.lessons.workspace import Workspace
from courseware.storage.keys_folder import keys_folder

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PUBLIC_NAME = "key.pub"
_PRIVATE_NAME = "office.key"
_TRUSTED = "trusted"
_POINT = 32  # bytes of a coordinate, and of each half of a signature, on P-256
_FINGERPRINT = 32  # hex digits


class PublicKey(BaseModel):
    """What everybody may know of an office's key.

    Attributes:
        office: the office's name, for people; only the fingerprint tells whose it is.
        ed25519: base64 of the 32 bytes.
        p256: base64 of X and Y, 32 bytes each.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: str = Field(default="yuanjiao-key/1", alias="schema", pattern="^yuanjiao-key/1$")
    office: str = Field(max_length=80)
    ed25519: str
    p256: str

    @property
    def fingerprint(self) -> str:
        """By which people compare keys, and files name them: of both keys together."""
        both = base64.b64decode(self.ed25519) + base64.b64decode(self.p256)
        return hashlib.sha256(both).hexdigest()[:_FINGERPRINT]


class Signature(BaseModel):
    """What SHA256SUMS.sig says."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: str = Field(default="yuanjiao-signature/1", alias="schema", pattern="^yuanjiao-signature/1$")
    key: str
    ed25519: str


@dataclass(frozen=True, slots=True)
class OfficeKey:
    """A private key with its public half."""

    ed25519: Ed25519PrivateKey
    p256: EllipticCurvePrivateKey
    public: PublicKey


def make_key(folder: Path, office: str) -> OfficeKey:
    """Make the office's key; only its owner may read the file.

    Raises:
        StorageError: there is one already, or the folder cannot be written.
    """
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    made = _with_public(ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256R1()), office)
    path = folder / _PRIVATE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Never over a key: what it signed would be a stranger's.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            json.dump({"office": office, "private": _private_text(made)}, stream, ensure_ascii=False)
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError:
        raise StorageError(Problem(str(path), text("there is a key already; it is kept"))) from None
    except OSError as error:
        what = text("cannot be written to: {reason}", reason=reason_of(error))
        raise StorageError(Problem(str(path), what)) from error
    return made


def load_key(folder: Path) -> OfficeKey | None:
    """The office's key; None when none was made.

    Raises:
        InputError: others can read it, or it is damaged.
    """
    path = folder / _PRIVATE_NAME
    if not path.is_file():
        return None
    if os.name != "nt" and path.stat().st_mode & 0o077:
        what = text("others on this computer can read the private key; run “chmod 600 {file}”", file=path)
        raise InputError(Problem(str(path), what))
    found = _parsed_private(path.read_bytes())
    if found is None:
        what = text("the private key is damaged; bring it back from your copy, or move it away and make another")
        raise InputError(Problem(str(path), what))
    return found


def office_key(workspace: Workspace) -> OfficeKey:
    """The key of the workspace's office, made in the user's profile unless there is one.

    Raises:
        InputError: it would lie in the workspace, or the one that is there cannot be used.
        StorageError: as make_key.
    """
    home = keys_folder()
    if home.resolve().is_relative_to(workspace.root.resolve()):
        what = text("the key may not lie in the workspace, which is copied and shared; choose another folder")
        raise InputError(Problem(str(home), what))
    return load_key(home) or make_key(home, workspace.settings.office.name)


def needed_key(folder: Path) -> OfficeKey:
    """The office's key, for whoever has to sign.

    Raises:
        InputError: there is none, or it cannot be used.
    """
    found = load_key(folder)
    if found is None:
        raise InputError(Problem(str(folder), text("there is no key to sign with; run “yuanjiao key init”")))
    return found


def own_key() -> OfficeKey:
    """This user's office's key; raises as `needed_key`."""
    return needed_key(keys_folder())


def dump_public(key: PublicKey) -> bytes:
    """The text of key.pub."""
    return _dumped(key)


def parse_public(content: bytes, where: str = PUBLIC_NAME) -> PublicKey:
    """Read a key.pub; only in the one way of writing that `dump_public` has.

    Raises:
        InputError: it is none.
    """
    try:
        found = PublicKey.model_validate_json(content)
        _verifiers(found)
        if _dumped(found) == content:
            return found
    except ValueError:
        pass
    raise InputError(Problem(where, text("this is not the public key of an office; copy key.pub again")))


def trust(folder: Path, key: PublicKey) -> Path:
    """From now on believe what is signed with the key."""
    path = folder / _TRUSTED / f"{key.fingerprint}.pub"
    write_bytes(path, dump_public(key))
    return path


def distrust(folder: Path, fingerprint: str) -> bool:
    """Believe it no longer; whether it was believed."""
    found = [path for path in (folder / _TRUSTED).glob("*.pub") if path.stem == fingerprint]
    for path in found:
        path.unlink()
    return bool(found)


def trusted_keys(folder: Path) -> Mapping[str, PublicKey]:
    """Fingerprint → the key, of the office's own and of all that are trusted.

    Raises:
        InputError: the private key cannot be used, or one of the others is damaged.
    """
    own = load_key(folder)
    found = [parse_public(path.read_bytes(), str(path)) for path in sorted((folder / _TRUSTED).glob("*.pub"))]
    return {one.fingerprint: one for one in ([own.public] if own else []) + found}


def sign(key: OfficeKey, content: bytes) -> tuple[bytes, bytes]:
    """The bytes of SHA256SUMS.sig and of SHA256SUMS.p256 for a SHA256SUMS."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    first = Signature(key=key.public.fingerprint, ed25519=_text_of(key.ed25519.sign(content)))
    r, s = decode_dss_signature(key.p256.sign(content, _ecdsa()))
    second = _text_of(r.to_bytes(_POINT) + s.to_bytes(_POINT)) + "\n"
    return _dumped(first), second.encode("ascii")


def parse_signature(content: bytes) -> Signature | None:
    """Read a SHA256SUMS.sig; None unless every byte is as `sign` would write it."""
    try:
        found = Signature.model_validate_json(content)
    except ValueError:
        return None
    return found if _dumped(found) == content else None


def is_signed(key: PublicKey, content: bytes, signature: Signature, second: bytes) -> bool:
    """Whether both signatures of the content are of the key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    ed25519, p256 = _verifiers(key)
    try:
        halves = _bytes_of(second.decode("ascii").removesuffix("\n"), 2 * _POINT)
        if signature.key != key.fingerprint or not second.endswith(b"\n"):
            return False
        ed25519.verify(_bytes_of(signature.ed25519, 64), content)
        r, s = int.from_bytes(halves[:_POINT]), int.from_bytes(halves[_POINT:])
        p256.verify(encode_dss_signature(r, s), content, _ecdsa())
    except (ValueError, InvalidSignature):
        return False
    return True


def _verifiers(key: PublicKey) -> tuple[Ed25519PublicKey, EllipticCurvePublicKey]:
    """Both public keys.

    Raises:
        ValueError: one of them is none.
    """
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    point = b"\x04" + _bytes_of(key.p256, 2 * _POINT)
    first = ed25519.Ed25519PublicKey.from_public_bytes(_bytes_of(key.ed25519, 32))
    return first, ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


def _with_public(first: Ed25519PrivateKey, second: EllipticCurvePrivateKey, office: str) -> OfficeKey:
    numbers = second.public_key().public_numbers()
    point = numbers.x.to_bytes(_POINT) + numbers.y.to_bytes(_POINT)
    public = PublicKey(office=office, ed25519=_text_of(first.public_key().public_bytes_raw()), p256=_text_of(point))
    return OfficeKey(first, second, public)


def _parsed_private(content: bytes) -> OfficeKey | None:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        said = json.loads(content)
        first, second = (load_pem_private_key(one.encode(), None) for one in said["private"])
        office = str(said["office"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    if not isinstance(first, ed25519.Ed25519PrivateKey) or not isinstance(second, ec.EllipticCurvePrivateKey):
        return None
    return _with_public(first, second, office)


def _private_text(key: OfficeKey) -> list[str]:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    made = (one.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) for one in (key.ed25519, key.p256))
    return [one.decode("ascii") for one in made]


def _ecdsa() -> ECDSA:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256

    return ECDSA(SHA256())


def _dumped(model: BaseModel) -> bytes:
    values = model.model_dump(by_alias=True)
    return (json.dumps(values, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _text_of(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _bytes_of(said: str, length: int) -> bytes:
    """The bytes of base64; its last letter holds bits that say nothing, and only zeros are accepted there."""
    found = base64.b64decode(said, validate=True)
    if len(found) != length or _text_of(found) != said:
        raise ValueError(said)
    return found
