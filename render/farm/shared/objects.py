"""Where a farm's computers put things for each other: a folder that all of them reach, or an S3 bucket, by fsspec.

Objects are whole or not there. A folder that is not connected is not mistaken for an empty one.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from typing import Any

from courseware.errors import InputError, Problem, StorageError, reason_of, text
from courseware.files import replacing, write_text

_BUCKET = "s3://"
_DAY_S = 86_400
_MARK = "yuanjiao-farm"  # lies in a folder that is a farm's; a drive that is not connected lacks it


@dataclass(frozen=True)
class Objects:
    """A folder, or s3://bucket/folder.

    Attributes:
        access: for a bucket: endpoint_url, key, secret; what is empty is looked up as the system's tools do.
    """

    place: str
    access: Mapping[str, str] = field(default_factory=dict)

    def found(self) -> None:
        """Make the place a farm's.

        Raises:
            InputError: it is written in a way that is not understood, or it is a folder that is not there.
            StorageError: it does not answer, or refuses, or lies.
        """
        if not self._in_bucket:
            self._refuse_other()
            with self.faults():
                write_text(Path(self._root) / _MARK, f"{_MARK}\n")
        self.check()

    def check(self) -> None:
        """Find out whether things can be put there and are given back; raises as `found`."""
        self._refuse_other()
        trial, word = f".trial-{token_hex(8)}", token_hex(8).encode()
        self.put(trial, word)
        given = self.get(trial)
        self.remove(trial)
        if given != word:
            raise StorageError(Problem(self.place, text("the store gives back other bytes than it was given")))

    def tidy(self) -> None:
        """Remove what killed writers left, a day old by the folder's own clock; a bucket keeps no such things."""
        if self._in_bucket:
            return
        mark = Path(self._root) / _MARK
        with self.faults():
            write_text(mark, f"{_MARK}\n")
            now = mark.stat().st_mtime
            for path in Path(self._root).rglob(".part-*"):
                with suppress(FileNotFoundError):
                    if now - path.stat().st_mtime > _DAY_S:
                        path.unlink()

    def get(self, name: str) -> bytes | None:
        """The bytes of an object; None when there is none."""
        with self.faults(), suppress(FileNotFoundError):
            return bytes(self._fs.cat_file(self._path(name)))
        return None

    def put(self, name: str, content: bytes) -> None:
        """Put an object, all of it or nothing."""
        with self.faults():
            if self._in_bucket:
                self._fs.pipe_file(self._path(name), content)
                return
            if not (Path(self._root) / _MARK).is_file():
                raise FileNotFoundError(errno.ENOTCONN, "", self._root)
            # Whoever fetches it proves it; what a power cut left half written is made again.
            with replacing(Path(self._path(name)), lasting=False) as scratch:
                scratch.write_bytes(content)

    def size(self, name: str) -> int | None:
        """How many bytes an object has; None when there is none."""
        with self.faults(), suppress(FileNotFoundError):
            return int(self._fs.size(self._path(name)))
        return None

    def remove(self, name: str) -> None:
        """Take an object away, if it is there."""
        with self.faults(), suppress(FileNotFoundError):
            self._fs.rm_file(self._path(name))

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Turn what the place refuses into one sentence that names it."""
        try:
            yield
        except OSError as error:
            lost = error.errno == errno.ENOTCONN
            reason = text("the folder is not connected, or no farm's") if lost else reason_of(error)
            raise self._refused(reason) from error
        except Exception as error:
            # botocore's errors have no root but this one; what is a fault of ours must be seen as such.
            if not type(error).__module__.startswith(("botocore", "aiobotocore", "aiohttp")):
                raise
            raise self._refused(str(error)) from error

    def _refused(self, reason: object) -> StorageError:
        return StorageError(Problem(self.place, text("the farm's store cannot be used: {reason}", reason=reason)))

    def _refuse_other(self) -> None:
        if "://" in self.place and not self._in_bucket:
            raise InputError(Problem(self.place, text("a farm's store is a folder or s3://bucket/folder")))
        if not self._in_bucket and not Path(self.place).is_dir():
            raise InputError(Problem(self.place, text("there is no such folder; is the network drive connected?")))

    @property
    def _in_bucket(self) -> bool:
        return self.place.startswith(_BUCKET)

    @cached_property
    def _root(self) -> str:
        return self.place.removeprefix(_BUCKET).rstrip("/") if self._in_bucket else str(Path(self.place).absolute())

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    @cached_property
    def _fs(self) -> Any:  # noqa: ANN401  (fsspec has no types)
        import fsspec

        if not self._in_bucket:
            return fsspec.filesystem("file")
        named = {name: value for name, value in self.access.items() if value}
        return fsspec.filesystem("s3", use_listings_cache=False, **named)
