from __future__ import annotations

import os
from pathlib import Path

import pytest

from courseware.errors import InputError, StorageError
from courseware.files import sha256
from render.farm.shared import shelf as shelves
from render.farm.shared.objects import Objects
from render.farm.shared.shelf import ChangedError, Content, LyingError, PieceShelf
from render.work.piece_facts import PieceFacts
from render.work.store import Store
from tests.render.engine import change_byte


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "BLOCK", 10)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(range(47)))
    return path


def content_of(path: Path) -> Content:
    return Content(sha256(path), path.stat().st_size, path.suffix)


def objects(shelf: PieceShelf) -> list[Path]:
    return sorted(path for path in (Path(shelf.objects.place) / "content").rglob("*") if path.is_file())


def test_what_is_offered_is_fetched_whole(shelf: PieceShelf, film: Path, tmp_path: Path) -> None:
    content = content_of(film)
    shelf.offer(film, content)
    shelf.fetch(content, tmp_path / "there" / content.name)
    assert (tmp_path / "there" / content.name).read_bytes() == film.read_bytes()
    assert [path.name for path in (tmp_path / "there").iterdir()] == [content.name]


def test_what_was_half_sent_is_gone_on_with(shelf: PieceShelf, film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put, sent = Objects.put, list[str]()

    def broken(own: Objects, name: str, content: bytes) -> None:
        sent.append(name)
        if len(sent) == 3:
            raise StorageError
        put(own, name, content)

    monkeypatch.setattr(Objects, "put", broken)
    with pytest.raises(StorageError):
        shelf.offer(film, content_of(film))
    shelf.offer(film, content_of(film))
    assert len(sent) == 3 + 3 + 1  # two were there; three blocks were left, and their list
    assert len(set(sent)) == 6


def test_what_was_half_fetched_is_gone_on_with(
    shelf: PieceShelf, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, target = content_of(film), tmp_path / "target.mp4"
    shelf.offer(film, content)
    (tmp_path / "target.mp4.half").write_bytes(bytes(range(20)) + b"torn")
    get, got = Objects.get, list[str]()

    def noted(own: Objects, name: str) -> bytes | None:
        got.append(name)
        return get(own, name)

    monkeypatch.setattr(Objects, "get", noted)
    shelf.fetch(content, target)
    assert target.read_bytes() == film.read_bytes()
    assert len(got) == 1 + 3


@pytest.mark.parametrize("which", range(6))
def test_a_shelf_that_lies_is_found_out_and_can_be_put_right(
    shelf: PieceShelf, film: Path, tmp_path: Path, which: int
) -> None:
    content, target = content_of(film), tmp_path / "target.mp4"
    shelf.offer(film, content)
    change_byte(objects(shelf)[which])
    with pytest.raises(LyingError):
        shelf.fetch(content, target)
    assert not target.exists()
    shelf.offer(film, content)
    shelf.fetch(content, target)
    assert target.read_bytes() == film.read_bytes()


def test_a_file_that_was_changed_is_not_taken_for_what_it_was(shelf: PieceShelf, film: Path, tmp_path: Path) -> None:
    content = content_of(film)
    change_byte(film)
    with pytest.raises(ChangedError):
        shelf.offer(film, content)
    with pytest.raises(LyingError):
        shelf.fetch(content, tmp_path / "target.mp4")


def test_a_note_speaks_of_its_own_piece_and_only_when_the_content_is_there(shelf: PieceShelf, tmp_path: Path) -> None:
    made = tmp_path / "piece.mp4"
    made.write_bytes(b"picture")
    key, other = "ab" * 32, "cd" * 32
    piece = Store(tmp_path / "store").put(key, "picture", made, PieceFacts(seen="what was seen"))
    shelf.note(piece, "wang")
    assert shelf.find(key) is None
    shelf.offer(piece.path, Content(piece.sha256, piece.size))
    note = shelf.find(key)
    assert note is not None
    assert (note.kind, note.maker, note.facts, note.content.sha256) == ("picture", "wang", piece.facts, piece.sha256)
    shelf.objects.put(f"notes/cd/{other}.json", shelf.objects.get(f"notes/ab/{key}.json") or b"")
    assert shelf.find(other) is None
    shelf.discard(key)
    assert shelf.find(key) is None
    assert objects(shelf) == []


def test_a_folder_that_is_not_connected_is_never_written_to(shelf: PieceShelf, film: Path) -> None:
    place = Path(shelf.objects.place)
    (place / "yuanjiao-farm").unlink()
    with pytest.raises(StorageError, match="not connected"):
        shelf.offer(film, content_of(film))
    assert list(place.iterdir()) == []


def test_what_killed_writers_left_is_removed_a_day_later(shelf: PieceShelf, film: Path) -> None:
    shelf.offer(film, content_of(film))
    folder = objects(shelf)[0].parent
    for name, age_s in ((".part-1-old", 90_000), (".part-2-young", 3000)):
        (folder / name).write_bytes(b"half")
        moment = film.stat().st_mtime - age_s
        os.utime(folder / name, (moment, moment))
    shelf.objects.tidy()
    assert not (folder / ".part-1-old").exists()
    assert (folder / ".part-2-young").exists()
    assert len(objects(shelf)) == 7


def test_a_store_is_a_folder_that_is_there_or_a_bucket(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        Objects(str(tmp_path / "nowhere")).found()
    with pytest.raises(InputError, match="s3://bucket"):
        Objects("ftp://office/farm").found()


def test_a_store_that_gives_back_other_bytes_is_refused(shelf: PieceShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Objects, "get", lambda *_: b"something else")
    with pytest.raises(StorageError, match="other bytes"):
        shelf.objects.check()
