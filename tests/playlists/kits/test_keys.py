import base64
import json
import os
import random
from pathlib import Path

import pytest

from courseware.errors import InputError, StorageError
from courseware.storage.keys_folder import keys_folder
from playlists.kits.keys import (
    Signature,
    distrust,
    dump_public,
    is_signed,
    load_key,
    make_key,
    needed_key,
    parse_public,
    parse_signature,
    sign,
    trust,
    trusted_keys,
)

SAID = b"0" * 64 + b"  plan.json\n"


def test_a_key_is_made_once_and_read_again(tmp_path: Path) -> None:
    made = make_key(tmp_path / "keys", "测试县远教办")
    again = load_key(tmp_path / "keys")
    assert again
    assert again.public == made.public
    assert again.public.office == "测试县远教办"
    with pytest.raises(StorageError, match="already"):
        make_key(tmp_path / "keys", "测试县远教办")
    assert load_key(tmp_path / "keys")


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in the profile's folder")
def test_only_its_owner_may_read_the_private_key(tmp_path: Path) -> None:
    make_key(tmp_path, "县")
    path = tmp_path / "office.key"
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(InputError, match="chmod 600"):
        load_key(tmp_path)


def test_without_a_key_the_command_to_make_one_is_named(tmp_path: Path) -> None:
    assert load_key(tmp_path) is None
    with pytest.raises(InputError, match="yuanjiao key init"):
        needed_key(tmp_path)


@pytest.mark.parametrize("content", ["", "{}", '{"office": "x", "private": ["a", "b"]}', "[]", '{"private": 3}'])
def test_a_damaged_private_key_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "office.key"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(InputError, match="damaged"):
        load_key(tmp_path)


def test_both_signatures_hold_for_the_content_and_for_no_other(tmp_path: Path) -> None:
    key = make_key(tmp_path, "县")
    first, second = sign(key, SAID)
    found = parse_signature(first)
    assert found
    assert is_signed(key.public, SAID, found, second)
    assert not is_signed(key.public, SAID + b"\n", found, second)
    other = make_key(tmp_path / "other", "县")
    assert not is_signed(other.public, SAID, found, second)


def test_the_public_key_and_the_signature_have_one_way_of_writing(tmp_path: Path) -> None:
    key = make_key(tmp_path, "县")
    said = dump_public(key.public)
    assert parse_public(said) == key.public
    with pytest.raises(InputError):
        parse_public(said.replace(b"\n", b"\r\n"))
    first, _ = sign(key, SAID)
    assert parse_signature(first.replace(b" ", b"  ", 1)) is None
    loose = json.loads(first)
    # The last letter before the padding has bits that decode to nothing.
    loose["ed25519"] = loose["ed25519"][:-3] + chr(ord(loose["ed25519"][-3]) + 1) + "=="
    assert not is_signed(key.public, SAID, Signature.model_validate(loose), sign(key, SAID)[1])


def test_of_a_thousand_changed_signatures_none_is_accepted(tmp_path: Path) -> None:
    key = make_key(tmp_path, "县")
    seals = sign(key, SAID)
    chance = random.Random(13)
    for _ in range(1000):
        which = chance.randrange(2)
        changed = bytearray(seals[which])
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        first, second = (bytes(changed) if n == which else seals[n] for n in range(2))
        found = parse_signature(first)
        assert not (found and is_signed(key.public, SAID, found, second)), changed


def test_no_point_of_the_curve_is_no_key(tmp_path: Path) -> None:
    key = make_key(tmp_path, "县").public
    wrong = key.model_copy(update={"p256": base64.b64encode(b"\1" * 64).decode()})
    with pytest.raises(InputError, match="not the public key"):
        parse_public(dump_public(wrong))


def test_other_offices_are_trusted_until_they_are_not(tmp_path: Path) -> None:
    own, other = make_key(tmp_path / "own", "甲县"), make_key(tmp_path / "other", "乙县")
    trust(tmp_path / "own", other.public)
    assert {one.office for one in trusted_keys(tmp_path / "own").values()} == {"甲县", "乙县"}
    assert distrust(tmp_path / "own", other.public.fingerprint)
    assert not distrust(tmp_path / "own", other.public.fingerprint)
    assert list(trusted_keys(tmp_path / "own")) == [own.public.fingerprint]


def test_the_keys_lie_in_the_profile_or_where_the_variable_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YUANJIAO_KEYS", str(tmp_path))
    assert keys_folder() == tmp_path
    monkeypatch.delenv("YUANJIAO_KEYS")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert "yuanjiao" in keys_folder().parts
