"""A kit on a FAT32 image, written and read by mtools, keeps every name and byte."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from playlists.kits.writing import write_kit
from tests.playlists.kits.sticks import contents, office, old_plan, verified

TOOLS = ("mkfs.vfat", "mcopy")


@pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason="needs dosfstools and mtools")
def test_a_kit_survives_a_fat32_stick(tmp_path: Path) -> None:
    key = office(tmp_path)
    write_kit(tmp_path / "made" / "远教", contents(old_plan(), tmp_path / "videos", key), key)
    image, back = tmp_path / "stick.img", tmp_path / "back"
    with image.open("wb") as stream:
        stream.truncate(40 * 2**20)
    back.mkdir()
    utf8 = {**os.environ, "LC_ALL": "C.UTF-8"}
    for command in (
        ["mkfs.vfat", "-F", "32", str(image)],
        ["mcopy", "-s", "-i", str(image), str(tmp_path / "made" / "远教"), "::"],
        ["mcopy", "-s", "-i", str(image), "::远教", str(back)],
    ):
        subprocess.run(command, check=True, capture_output=True, env=utf8)
    assert verified(back, key).is_good
