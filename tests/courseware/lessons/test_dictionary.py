"""The workspace's own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from courseware.errors import InputError
from courseware.lessons.dictionary import load_words, nearby_words, words_of


def test_words_stand_one_on_a_line_with_comments_and_what_other_dictionaries_add(tmp_path: Path) -> None:
    path = tmp_path / "dictionary.txt"
    path.write_bytes("# 地名\n五里镇\n\n汉滨区 5 ns\n茶\n".encode("gb18030"))
    assert load_words(path) == {"五里镇", "汉滨区"}


def test_a_sentence_is_no_word(tmp_path: Path) -> None:
    path = tmp_path / "dictionary.txt"
    path.write_text("五里镇\n" + "很长" * 20, encoding="utf-8")
    with pytest.raises(InputError, match=r"line 2: .* is too long for a word"):
        load_words(path)


def test_a_workspace_needs_no_dictionary(tmp_path: Path) -> None:
    assert words_of(tmp_path) == frozenset()
    (tmp_path / "dictionary.txt").write_bytes(b"")
    assert words_of(tmp_path) == frozenset()


def test_the_dictionary_of_the_workspace_is_found_from_below(tmp_path: Path) -> None:
    below = tmp_path / "courseware" / "a"
    below.mkdir(parents=True)
    (tmp_path / "dictionary.txt").write_text("五里镇", encoding="utf-8")
    assert nearby_words(below) == frozenset()
    (tmp_path / "yuanjiao.toml").write_text("", encoding="utf-8")
    assert nearby_words(below) == {"五里镇"}
