import hashlib
import json
import os
from pathlib import Path

import pytest

from courseware.lessons.rendition import Rendition, damaged_renditions, describe, load_rendition, load_renditions


def made(folder: Path, lesson: str = "L1", size: int = 4) -> Rendition:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{lesson}.mp4").write_bytes(b"1234")
    one = Rendition(
        lesson=lesson,
        title="标题",
        series="扶贫实用技术",
        form="微视频",
        profile=folder.name,
        file=f"{lesson}.mp4",
        seconds=60,
        width=512,
        height=320,
        size=size,
        sha256=hashlib.sha256(b"1234").hexdigest(),
        key="k",
    )
    describe(one, folder)
    return one


def test_a_description_reads_back_what_was_written(tmp_path: Path) -> None:
    one = made(tmp_path / "led-512x320")
    assert load_rendition(tmp_path / "led-512x320", "L1") == one


def test_a_file_of_another_size_is_not_finished(tmp_path: Path) -> None:
    made(tmp_path / "wechat", size=5)
    assert load_rendition(tmp_path / "wechat", "L1") is None


def test_a_description_without_its_file_is_not_finished(tmp_path: Path) -> None:
    made(tmp_path / "wechat")
    (tmp_path / "wechat" / "L1.mp4").unlink()
    assert load_rendition(tmp_path / "wechat", "L1") is None


def test_a_spoilt_description_hides_no_other(tmp_path: Path) -> None:
    one = made(tmp_path / "wechat", "L1")
    (tmp_path / "wechat" / "L2.json").write_text("{")
    assert load_renditions(tmp_path, "wechat") == {"L1": one}


def test_a_profile_never_made_has_no_renditions(tmp_path: Path) -> None:
    assert load_renditions(tmp_path, "wechat") == {}


def test_a_file_of_which_one_bit_is_another_is_not_finished_and_is_told(tmp_path: Path) -> None:
    one = made(tmp_path / "wechat")
    assert load_renditions(tmp_path, "wechat") == {"L1": one}
    assert damaged_renditions(tmp_path, "wechat") == ()
    media = tmp_path / "wechat" / "L1.mp4"
    status = media.stat()
    media.write_bytes(b"1235")
    os.utime(media, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert load_renditions(tmp_path, "wechat") == {}
    assert damaged_renditions(tmp_path, "wechat") == (one,)
    media.write_bytes(b"1234")
    assert load_renditions(tmp_path, "wechat") == {"L1": one}


@pytest.mark.parametrize(
    "lie",
    [
        {"file": "../../secret.mp4"},
        {"file": "/etc/passwd"},
        {"file": "C:secret.mp4"},
        {"file": "..\\secret.mp4"},
        {"file": ".."},
        {"lesson": "../secret"},
        {"lesson": "L2"},
        {"profile": "../secret"},
    ],
)
def test_a_description_that_leads_elsewhere_is_none(tmp_path: Path, lie: dict[str, str]) -> None:
    folder = tmp_path / "wechat"
    made(folder)
    (tmp_path.parent / "secret.mp4").write_bytes(b"1234")
    path = folder / "L1.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | lie), encoding="utf-8")
    assert load_rendition(folder, "L1") is None
    assert damaged_renditions(tmp_path, "wechat") == ()
