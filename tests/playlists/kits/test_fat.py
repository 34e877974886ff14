"""Sticks as they are: FAT32 images, written and read by mtools and fusefat."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from playlists.kits.writing import Video, write_kit
from playlists.sticks import numbered
from tests.playlists.kits.sticks import contents, office, old_plan, verified
from tests.playlists.kits.weeks import content_of, week

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


@contextmanager
def mounted(image: Path, folder: Path) -> Iterator[None]:
    """The image as a folder that can be written to; skips where nobody may mount."""
    folder.mkdir()
    done = subprocess.run(["fusefat", "-o", "rw+", str(image), str(folder)], capture_output=True, check=False)
    if done.returncode or not os.path.ismount(folder):
        pytest.skip(f"no FAT stick can be mounted here: {done.stderr.decode(errors='replace').strip()[-200:]}")
    try:
        yield
    finally:
        subprocess.run(["fusermount", "-u", str(folder)], check=True)


@contextmanager
def at_its_name(target: Path, **_: bool) -> Iterator[Path]:
    """The folder itself in place of a scratch one that is renamed."""
    target.mkdir()
    yield target


@pytest.mark.skipif(
    not all(map(shutil.which, (*TOOLS, "fusefat", "fusermount"))), reason="needs dosfstools, mtools and fusefat"
)
def test_a_televisions_folder_lists_its_files_in_the_order_of_their_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # fusefat knows ASCII names only, does not say how much is free, and loses what is in a folder that is renamed.
    monkeypatch.setattr(numbered, "SHEET_NAME", "sheet.pdf")
    monkeypatch.setattr(numbered, "making_folder", at_its_name)
    monkeypatch.setattr(numbered, "refuse_full", lambda *_: False)
    image, stick = tmp_path / "stick.img", tmp_path / "stick"
    with image.open("wb") as stream:
        stream.truncate(40 * 2**20)
    subprocess.run(["mkfs.vfat", "-F", "32", str(image)], check=True, capture_output=True)
    videos = {}
    for number in range(3):
        path = tmp_path / f"lesson{number}.mp4"
        path.write_bytes(content_of(number))
        digest = hashlib.sha256(content_of(number)).hexdigest()
        videos[digest] = Video(path, path.stat().st_size, digest)
    with mounted(image, stick):
        numbered.write_folders(stick / "TV", numbered.plan_folders(week().days), videos, b"sheet")
    said = subprocess.run(
        ["mdir", "-a", "-i", str(image), "::TV/2026-11-30_1830"], check=True, capture_output=True, text=True
    ).stdout
    # mtools lists a folder's entries as they lie there, which is the order in which a television plays them.
    assert re.findall(r"\d+\.mp4", said) == ["01.mp4", "02.mp4", "03.mp4", "04.mp4"]
