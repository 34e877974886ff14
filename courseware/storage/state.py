"""Opens .yuanjiao/state.sqlite, where a workspace keeps what accumulates: showings, reviews. Knows no table.

Whoever keeps something there hands in the tables, which are made when they are not there yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from courseware.errors import InputError, Problem, StorageError, text

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, MetaData

FILE_NAME = "state.sqlite"
_PATIENCE_MS = 10_000
# A county's week changes many times the 2 MB that SQLite keeps by itself, and each time these overflow it waits for
# the disk.
_KEPT_KB = 65_536


@contextmanager
def open_state(folder: Path, tables: MetaData) -> Iterator[Connection]:
    """A connection in which all is kept or nothing; the file is made when there is none.

    Args:
        folder: the workspace's .yuanjiao.

    Raises:
        InputError: the file is no state of ours.
        StorageError: it cannot be written, or another process holds it.
    """
    from sqlalchemy.exc import DatabaseError, OperationalError

    folder.mkdir(parents=True, exist_ok=True)
    engine = _engine(folder / FILE_NAME)
    try:
        with engine.begin() as connection:
            tables.create_all(connection)
            yield connection
    except OperationalError as error:
        what = text("the history cannot be written: {reason}", reason=str(error.orig))
        raise StorageError(Problem(f"{folder.name}/{FILE_NAME}", what)) from error
    except DatabaseError as error:
        what = text("is not a history of ours; move it away and run “yuanjiao schedule history --rebuild”")
        raise InputError(Problem(f"{folder.name}/{FILE_NAME}", what)) from error
    finally:
        engine.dispose()


def _engine(path: Path) -> Engine:
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    engine = create_engine(f"sqlite+pysqlite:///{path.as_posix()}", poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _patient(connection: object, _record: object) -> None:
        connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA cache_size = -{_KEPT_KB}")  # type: ignore[attr-defined]

    return engine
