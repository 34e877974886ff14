"""What a cell of the list of lessons says, as lesson.toml has it: dates, numbers, lists, yes and no."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from courseware.dates import narrow, parse_date
from courseware.errors import text
from courseware.lessons.lesson import LessonFile
from courseware.validate import Complaint

Value = str | list[str] | int | float | None

_NUMBER = re.compile(r"(\d{1,6}) ?秒?")
_DECIMAL = re.compile(r"([-+]?\d{1,4}(?:\.\d{1,3})?) ?(?:秒|倍|分贝|dB|db|DB)?")
_YES = {"是", "有", "对", "√", "✓", "✔", "y", "yes", "true", "1"}
_NO = {"否", "无", "不", "×", "✗", "x", "n", "no", "false", "0", "-", "—"}
_FOREVER = {"长期", "长期有效", "永久", "无", "-", "—"}
_FITS = {"留黑边": "pad", "黑边": "pad", "虚化": "blur", "模糊": "blur", "裁切": "crop", "铺满": "crop"}
_SEPARATORS = re.compile(r"[、,，;；|/\s]+")
_BETWEEN = re.compile(r"[、,，;；|/\n]+")
_BETWEEN_FILES = re.compile(r"[、,，;；\n]+")  # a name may have its folder before it


def says_nothing(key: str, value: object) -> bool:
    """Whether a value says no more than its key left out: nothing written, or 否 where that goes unsaid."""
    field = LessonFile.model_fields.get(key)
    return value in (None, "", []) or (not value and field is not None and value == field.default)


def _list(given: str) -> Value:
    return [part for part in _SEPARATORS.split(given) if part]


def _stretches(given: str) -> Value:
    """Stretches of time, which may have blanks in them."""
    return [part.strip() for part in _BETWEEN.split(given) if part.strip()]


def _files(given: str) -> Value:
    return [part.strip() for part in _BETWEEN_FILES.split(given) if part.strip()]


def _date(given: str) -> Value:
    """As TOML has it; None for "长期" (without end)."""
    return None if narrow(given).strip() in _FOREVER else parse_date(given).isoformat()


def _number(given: str) -> Value:
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", given))
    if found is None:
        raise Complaint(text("“{value}” is not a whole number", value=given))
    return int(found[1])


def _decimal(given: str) -> Value:
    found = _DECIMAL.fullmatch(unicodedata.normalize("NFKC", given).replace("−", "-").strip())
    if found is None:
        raise Complaint(text("“{value}” is not a number", value=given))
    value = float(found[1])
    return int(value) if value.is_integer() else value


def _degrees(given: str) -> Value:
    return _number(given.strip().removesuffix("°").removesuffix("度"))


def _switch(given: str) -> Value:
    plain = unicodedata.normalize("NFKC", given).casefold()
    if plain not in _YES | _NO:
        raise Complaint(text("“{value}” is neither 是 nor 否", value=given))
    return plain in _YES


def _fit(given: str) -> Value:
    """Other words are left for lesson.toml to refuse."""
    return _FITS.get(given, given)


def _paragraphs(given: str) -> Value:
    return "\n".join(line.strip() for line in given.splitlines() if line.strip())


READERS: Mapping[str, Callable[[str], Value]] = {
    "tags": _list,
    "season": _list,
    "reviewed_on": _date,
    "valid_from": _date,
    "valid_until": _date,
    "notice": _paragraphs,
    "seconds": _number,
    "audio": _number,
    "exactly": _number,
    "rotate": _degrees,
    "fit": _fit,
    "cut": _stretches,
    "narration": _files,
    "speech_speed": _decimal,
    "pause": _decimal,
    "music_gain": _decimal,
    "ident": _switch,
    "denoise": _switch,
    "slides": _switch,
    "song": _switch,
    "beat": _switch,
}
