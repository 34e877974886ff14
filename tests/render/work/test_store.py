from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from courseware.errors import Text
from courseware.files import sha256
from courseware.times import Span
from render.work.piece_facts import PieceFacts, dump_piece_facts, load_piece_facts
from render.work.store import KINDS, Collected, Store, Usage
from tests.render.engine import change_byte

KEY, OTHER = "ab" * 32, "cd" * 32
FACTS = PieceFacts(Span(0, 40), seen="{}", notes=(Text("too loud: {lkfs}", {"lkfs": "-12"}),))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def put(store: Store, key: str = KEY, content: bytes = b"a piece of picture", used: int = 0) -> Path:
    made = store.root.parent / "made.mp4"
    made.write_bytes(content)
    stored = store.put(key, "picture", made, FACTS)
    assert not made.exists()
    if used:
        os.utime(stored.path.with_suffix(".json"), (used, used))
    return stored.path


def files(store: Store) -> set[str]:
    return {path.name for path in store.root.rglob("*") if path.is_file()}


def test_what_was_put_there_is_found_with_all_that_is_known_of_it(store: Store) -> None:
    path = put(store)
    found = store.find(KEY)
    assert found is not None
    assert (found.key, found.kind, found.path, found.size) == (KEY, "picture", path, 18)
    assert found.sha256 == sha256(path)
    assert found.facts == FACTS
    assert store.find(KEY, check=True) == found
    assert files(store) == {f"{KEY}.mp4", f"{KEY}.json"}


def test_what_was_never_put_there_is_not_found(store: Store) -> None:
    assert store.find(KEY) is None
    assert not store.root.exists()


def test_the_same_piece_put_twice_is_one_piece(store: Store) -> None:
    put(store)
    put(store)
    assert store.usage()[0] == Usage("picture", 1, 18)


def test_a_flipped_byte_is_found_by_its_checksum_and_the_piece_removed(store: Store) -> None:
    change_byte(put(store))
    assert store.find(KEY) is not None
    assert store.find(KEY, check=True) is None
    assert files(store) == set()


def test_a_piece_of_another_length_is_found_without_reading_it(store: Store) -> None:
    put(store).write_bytes(b"half")
    assert store.find(KEY) is None
    assert files(store) == set()


@pytest.mark.parametrize("note", ["", "{", "[]", "{}", '{"file": "x"}', '{"file": "../../etc/passwd"}', "\udcff"])
def test_a_note_that_cannot_be_read_is_no_note(store: Store, note: str) -> None:
    put(store)
    (store.root / KEY[:2] / f"{KEY}.json").write_bytes(note.encode("utf-8", "surrogateescape"))
    assert store.find(KEY) is None
    put(store)
    assert store.find(KEY, check=True) is not None


def test_a_piece_without_its_note_is_not_there(store: Store) -> None:
    put(store).with_suffix(".json").unlink()
    assert store.find(KEY) is None


def test_a_note_without_its_piece_is_not_there(store: Store) -> None:
    put(store).unlink()
    assert store.find(KEY) is None


def test_forgetting_a_piece_leaves_the_others(store: Store) -> None:
    put(store)
    put(store, OTHER)
    store.discard(KEY)
    store.discard(KEY)
    assert files(store) == {f"{OTHER}.mp4", f"{OTHER}.json"}


def test_a_full_disk_leaves_nothing_of_a_piece(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:4])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "move", full)
    made = store.root.parent / "made.mp4"
    made.write_bytes(b"a piece of picture")
    with pytest.raises(OSError, match="No space left"):
        store.put(KEY, "picture", made)
    assert files(store) == set()
    assert store.find(KEY) is None


def test_usage_is_told_by_kind(store: Store) -> None:
    put(store)
    made = store.root.parent / "made.m4a"
    made.write_bytes(b"sound")
    store.put(OTHER, "sound", made)
    assert store.usage() == tuple(
        Usage(kind, *{"picture": (1, 18), "sound": (1, 5)}.get(kind, (0, 0))) for kind in KINDS
    )


def test_what_was_not_used_for_the_longest_time_goes_first(store: Store) -> None:
    keys = [letter * 64 for letter in "abc"]
    for key, used in zip(keys, (2000, 1000, 3000), strict=True):
        put(store, key, bytes(100), used)
    assert store.collect(250) == Collected(1, 100, 200)
    assert [store.find(key) is not None for key in keys] == [True, False, True]


def test_looking_a_piece_through_counts_as_use(store: Store) -> None:
    keys = [letter * 64 for letter in "ab"]
    for key, used in zip(keys, (1000, 2000), strict=True):
        put(store, key, bytes(100), used)
    store.find(keys[0], check=True)
    store.collect(100)
    assert [store.find(key) is not None for key in keys] == [True, False]


def test_nothing_is_removed_while_there_is_room(store: Store) -> None:
    put(store)
    assert store.collect(18) == Collected(0, 0, 18)
    assert store.collect(17) == Collected(1, 18, 0)
    assert files(store) == set()


def test_what_a_power_cut_left_is_cleared_away_but_not_what_may_be_coming(store: Store) -> None:
    folder = put(store).parent
    old, young = folder / ("ab00" * 16 + ".mp4"), folder / ("ab11" * 16 + ".mp4")
    scratch = folder / ".part-999999999-x.mp4"
    for path in (old, young, scratch):
        path.write_bytes(b"stray")
    os.utime(old, (1000, 1000))
    store.collect(10**9)
    assert files(store) == {f"{KEY}.mp4", f"{KEY}.json", young.name}


def test_pieces_that_were_made_long_ago_are_no_strays(store: Store) -> None:
    old = put(store)
    for path in (old, old.with_suffix(".json")):
        os.utime(path, (1000, 1000))
    store.collect(10**9)
    assert files(store) == {old.name, f"{KEY}.json"}


def test_a_piece_whose_note_cannot_be_written_is_not_left_behind(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("render.work.store.write_text", refuse)
    with pytest.raises(OSError, match="No space"):
        put(store)
    assert files(store) == set()


def test_no_encoder_waits_for_the_disk_and_what_a_power_cut_halved_is_no_piece(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = list[int]()
    monkeypatch.setattr("os.fsync", waited.append)
    path = put(store)
    assert not waited
    path.write_bytes(bytes(path.stat().st_size))
    assert store.find(KEY, check=True) is None


@pytest.mark.parametrize(
    "lie",
    [
        {"key": "../../../precious"},
        {"key": "cd" * 32},
        {"kind": "../precious"},
        {"kind": ["picture"]},
        {"size": "18"},
        {"sha256": None},
        {"facts": []},
        {"facts": {"damaged": [40, 0]}},
        {"facts": {"damaged": "all"}},
        {"facts": {"notes": [{"values": {}}]}},
    ],
)
def test_a_note_that_lies_leads_nowhere_and_nothing_outside_is_removed(store: Store, lie: dict[str, object]) -> None:
    note = put(store).with_suffix(".json")
    precious = store.root.parent / "precious.mp4"
    precious.write_bytes(b"the only one")
    note.write_text(json.dumps(json.loads(note.read_text()) | lie))
    assert store.find(KEY) is None
    store.collect(0)
    assert precious.exists()


def test_a_file_named_in_a_note_is_never_believed(store: Store) -> None:
    note = put(store).with_suffix(".json")
    (store.root.parent / "precious.mp4").write_bytes(note.with_suffix(".mp4").read_bytes())
    note.write_text(json.dumps(json.loads(note.read_text()) | {"file": "../../precious.mp4"}))
    found = store.find(KEY)
    assert found is not None
    assert found.path == note.with_suffix(".mp4")


def test_what_is_no_folder_of_the_store_is_left_alone(store: Store) -> None:
    put(store)
    outside = store.root.parent / "videos"
    for folder in (outside, store.root / "notes"):
        folder.mkdir()
        (folder / "precious.mp4").write_bytes(b"the only one")
        os.utime(folder / "precious.mp4", (1000, 1000))
    (store.root / "cd").symlink_to(outside, target_is_directory=True)
    store.collect(0)
    assert (outside / "precious.mp4").exists()
    assert (store.root / "notes" / "precious.mp4").exists()


def test_an_empty_store_has_nothing_to_give(store: Store) -> None:
    assert store.collect(0) == Collected(0, 0, 0)
    assert all(one.count == 0 for one in store.usage())


def test_notes_of_sounds_that_also_hold_how_they_were_levelled_are_still_read() -> None:
    levelled = {"lkfs": -16.02, "gain_db": 3.5, "limited": False, "notes": [], "heard": "{}"}
    assert load_piece_facts(levelled) == PieceFacts(heard="{}")


def test_numbers_in_a_remark_are_kept_as_they_are_printed() -> None:
    remark = Text("{count} of {name}", {"count": 3, "name": "a"})
    told = load_piece_facts(dump_piece_facts(PieceFacts(notes=(remark,))))
    assert told.notes == (Text("{count} of {name}", {"count": "3", "name": "a"}),)
