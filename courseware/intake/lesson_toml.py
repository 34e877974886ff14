"""lesson.toml as an import writes it: keys changed, everything that a person wrote beside them kept."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from courseware.errors import InputError, Problem, text
from courseware.lessons.lesson import LessonFile
from courseware.validate import read_text

_ORDER = tuple(LessonFile.model_fields)
# What is written into a workspace is for the office, in Chinese.
_HEADER = "# 由课件目录导入。可以直接修改；改过的内容再次导入时不会被悄悄覆盖。\n\n"
_DATES = ("reviewed_on", "valid_from", "valid_until")


def edited_lesson(path: Path, where: str, changes: Mapping[str, object]) -> str:
    """lesson.toml with these keys changed; comments, order and all else stay."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    content = read_text(path, where) if path.is_file() else _HEADER
    try:
        document = tomlkit.parse(content)
        for key in sorted(changes, key=_ORDER.index):
            if changes[key] is None:
                document.remove(key)
            else:
                document[key] = _written(key, changes[key])
        edited = tomlkit.dumps(document)
        tomllib.loads(edited)
    except (TOMLKitError, tomllib.TOMLDecodeError):
        what = text("cannot be changed; run “yuanjiao check” and correct the file first")
        raise InputError(Problem(where, what)) from None
    return edited


def _written(key: str, value: object) -> object:
    """As a person would write it: paragraphs on lines of their own."""
    import tomlkit

    if key == "clip" and isinstance(value, list):
        clips = tomlkit.aot()
        for clip in value:
            clips.append(tomlkit.item(clip))
        return clips
    if key == "notice" and isinstance(value, str) and "\n" in value:
        return tomlkit.string("\n" + value, multiline=True)
    return date.fromisoformat(value) if key in _DATES and isinstance(value, str) else value
