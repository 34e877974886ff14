from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from courseware.errors import InputError, StorageError
from courseware.storage.state import FILE_NAME, open_state

METADATA = MetaData()
TABLE = Table("thing", METADATA, Column("number", Integer, primary_key=True))


def numbers(folder: Path) -> list[int]:
    with open_state(folder, METADATA) as connection:
        return [row[0] for row in connection.execute(TABLE.select())]


def test_what_is_written_is_kept(tmp_path: Path) -> None:
    with open_state(tmp_path / "new", METADATA) as connection:
        connection.execute(TABLE.insert(), [{"number": 7}])
    assert numbers(tmp_path / "new") == [7]


def test_of_a_block_that_fails_nothing_is_kept(tmp_path: Path) -> None:
    def fail() -> None:
        with open_state(tmp_path, METADATA) as connection:
            connection.execute(TABLE.insert(), [{"number": 7}])
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert numbers(tmp_path) == []


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database " * 100)
    with pytest.raises(InputError, match="is not a history of ours"), open_state(tmp_path, METADATA):
        pass


def test_who_finds_the_history_in_use_waits_for_it(tmp_path: Path) -> None:
    with open_state(tmp_path, METADATA) as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10_000


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(StorageError, match="cannot be written"), open_state(tmp_path, METADATA):
        pass
