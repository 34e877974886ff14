import json
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from playlists.kits.keys import OfficeKey, make_key, sign
from playlists.kits.sums import dump_sums, parse_sums
from playlists.kits.verifying import verify_kit
from playlists.kits.writing import write_kit
from tests.playlists.kits.sticks import NOW, contents, office, old_plan, verified

CHANCE = 13


@pytest.fixture
def key(tmp_path: Path) -> OfficeKey:
    return office(tmp_path)


@pytest.fixture
def kit(tmp_path: Path, key: OfficeKey) -> Path:
    """A good one."""
    home = tmp_path / "stick" / "远教"
    write_kit(home, contents(old_plan(), tmp_path / "videos", key), key)
    return home


def said(kit: Path, key: OfficeKey, **given: Any) -> str:
    return "\n".join(one.render(str) for one in verified(kit, key, **given).problems)


def reseal(kit: Path, key: OfficeKey, sums: bytes) -> None:
    """Sign other checksums, as an office that is wrong, or a thief with its key, would."""
    signature, second = sign(key, sums)
    for name, content in (("", sums), (".sig", signature), (".p256", second)):
        (kit / f"SHA256SUMS{name}").write_bytes(content)


def test_a_stick_may_be_named_as_a_whole(kit: Path, key: OfficeKey) -> None:
    assert verified(kit.parent, key).is_good
    assert verified(kit, key).size == sum(path.stat().st_size for path in kit.rglob("*") if path.is_file()) - sum(
        path.stat().st_size for path in kit.glob("SHA256SUMS*")
    )


def test_every_changed_byte_of_every_file_is_found(kit: Path, key: OfficeKey) -> None:
    chance = random.Random(CHANCE)
    for path in sorted(one for one in kit.rglob("*") if one.is_file()):
        before = path.read_bytes()
        for _ in range(12):
            changed = bytearray(before)
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
            path.write_bytes(changed)
            found = verified(kit, key)
            assert not found.is_good, path
            assert found.signer is None or path.name in str([one.where for one in found.problems])
        path.write_bytes(before)
    assert verified(kit, key).is_good


def test_a_file_cut_off_emptied_or_longer_is_found(kit: Path, key: OfficeKey) -> None:
    for path in sorted(one for one in kit.rglob("*") if one.is_file()):
        before = path.read_bytes()
        for changed in (before[:-1], b"", before + b"\0"):
            path.write_bytes(changed)
            assert not verified(kit, key).is_good, path
        path.write_bytes(before)


def test_of_a_thousand_changed_manifests_none_is_accepted(kit: Path, key: OfficeKey) -> None:
    chance = random.Random(CHANCE)
    path = kit / "SHA256SUMS"
    before = path.read_bytes()
    lines = before.splitlines(keepends=True)
    for _ in range(1000):
        match chance.randrange(4):
            case 0:
                changed = b"".join(chance.sample(lines, chance.randrange(len(lines))))
            case 1:
                at = chance.randrange(len(before))
                changed = before[:at] + bytes([chance.randrange(256)]) + before[at:]
            case 2:
                changed = b"".join((*lines, chance.choice(lines)))
            case _:
                flipped = bytearray(before)
                flipped[chance.randrange(len(before))] ^= 1 << chance.randrange(8)
                changed = bytes(flipped)
        if changed != before:
            path.write_bytes(changed)
            assert not verified(kit, key).is_good, changed


def test_what_is_missing_changed_and_foreign_is_all_named_at_once(kit: Path, key: OfficeKey) -> None:
    (kit / "播放.html").unlink()
    (kit / "fallback" / "card.png").write_bytes(b"carD")
    (kit / "player" / "evil.lua").write_bytes(b"x")
    text = said(kit, key)
    assert "播放.html: is missing" in text
    assert "fallback/card.png: is not as it was built" in text
    assert "player/evil.lua: does not belong to the kit" in text


def test_a_kit_that_was_not_finished_is_told(kit: Path, key: OfficeKey) -> None:
    (kit / "SHA256SUMS.sig").unlink()
    assert "not signed, or was not finished" in said(kit, key)
    (kit / "SHA256SUMS").unlink()
    assert "no finished kit" in said(kit, key)


def test_an_unknown_key_is_told_with_its_number_and_how_to_trust_it(kit: Path, key: OfficeKey) -> None:
    found = verify_kit(kit, {}, NOW)
    assert len(found.problems) == 1
    text = found.problems[0].render(str)
    assert key.public.fingerprint in text
    assert "yuanjiao key trust" in text


def test_who_signs_anew_with_another_key_is_unknown_and_cannot_pass_for_the_office(
    tmp_path: Path, kit: Path, key: OfficeKey
) -> None:
    thief = make_key(tmp_path / "thief", "测试县远教办")
    reseal(kit, thief, (kit / "SHA256SUMS").read_bytes())
    assert "signature is wrong" in said(kit, key)


def test_the_signature_for_windows_counts_too(tmp_path: Path, kit: Path, key: OfficeKey) -> None:
    thief = make_key(tmp_path / "thief", "x")
    (kit / "SHA256SUMS.p256").write_bytes(sign(thief, (kit / "SHA256SUMS").read_bytes())[1])
    assert "signature is wrong" in said(kit, key)


@pytest.mark.parametrize(
    "path",
    ["../x", "/etc/passwd", "media/../../x", "C:/x", "a\\b", "media//x", "./plan.json", "asrun/x", "SHA256SUMS"],
)
def test_a_manifest_that_leads_out_of_the_kit_is_refused_though_it_is_signed(
    path: str, kit: Path, key: OfficeKey
) -> None:
    sums = parse_sums((kit / "SHA256SUMS").read_bytes())
    reseal(kit, key, dump_sums({**sums, path: "0" * 64}))
    assert "outside of itself" in said(kit, key)


def test_names_that_are_one_on_a_stick_are_refused(kit: Path, key: OfficeKey) -> None:
    sums = parse_sums((kit / "SHA256SUMS").read_bytes())
    reseal(kit, key, dump_sums({**sums, "PLAN.json": "0" * 64}))
    assert "is damaged" in said(kit, key)


def test_a_link_is_not_a_file_of_the_kit(tmp_path: Path, kit: Path, key: OfficeKey) -> None:
    card = kit / "fallback" / "card.png"
    (tmp_path / "card.png").write_bytes(card.read_bytes())
    card.unlink()
    card.symlink_to(tmp_path / "card.png")
    assert "fallback/card.png: is not as it was built" in said(kit, key)


def test_checksums_that_leave_out_what_the_plan_plays_are_refused(kit: Path, key: OfficeKey) -> None:
    sums = parse_sums((kit / "SHA256SUMS").read_bytes())
    video = next(path for path in sums if path.startswith("media/"))
    (kit / video).unlink()
    reseal(kit, key, dump_sums({path: digest for path, digest in sums.items() if path != video}))
    assert f"{video}: the plan needs it" in said(kit, key)


def test_what_has_ended_is_told_and_what_has_not_begun_is_no_fault(kit: Path, key: OfficeKey) -> None:
    end = old_plan().valid.end
    assert "has ended on 2026-12-07" in said(kit, key, now=end)
    assert verified(kit, key, now=end - timedelta(seconds=1)).is_good
    early = verified(kit, key, now=NOW - timedelta(days=3))
    assert early.is_good
    assert "begins on 2026-11-30" in str(early.notes[0].what)


def test_what_is_older_than_what_is_there_is_told(kit: Path, key: OfficeKey) -> None:
    assert verified(kit, key, newest=3).is_good
    assert "is revision 3, and there is a newer one, 4" in said(kit, key, newest=4)


def test_since_json_excuses_nothing_unless_it_is_signed(kit: Path, key: OfficeKey) -> None:
    video = next((kit / "media").iterdir())
    video.unlink()
    since = {"schema": "yuanjiao-since/1", "kit": "x", "media": [video.stem]}
    (kit / "since.json").write_text(json.dumps(since))
    text = said(kit, key)
    assert f"media/{video.name}: is missing" in text
    assert "since.json: does not belong" in text
