"""Turn what a person wrote into frozen models, with every problem at once and in plain words."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from courseware.errors import InputError, Problem, Text, reason_of, text
from courseware.text_bytes import marked_encoding

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Model = TypeVar("Model", bound=BaseModel)
Loc = tuple[int | str, ...]

_LONGEST_SHOWN = 40  # characters of a wrong value, and choices of a list, that a message repeats
_MOST_SHOWN = 12
_NAME_ITSELF = "[key]"  # what pydantic puts behind the name of a table that is wrong
_POSITION = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*')
_FULL_WIDTH = re.compile("[“”‘’＂＇＝，：［］【】]")
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Complaint(ValueError):
    """Raised inside a pydantic validator to say something more exact than pydantic would."""

    def __init__(self, what: Text) -> None:
        self.what = what
        super().__init__(str(what))


class Wrong(NamedTuple):
    """A key that is wrong: where in the model it stands, and what is wrong with it."""

    loc: Loc
    what: Text

    @property
    def key(self) -> str:
        """The key as messages name it, list items counted from 1: "series.2.name"."""
        named = (part for part in self.loc if part != _NAME_ITSELF)
        return ".".join(str(part + 1 if isinstance(part, int) else part) for part in named)


def read_text(path: Path, where: str | None = None) -> str:
    """The content of a text file in UTF-8, or in UTF-16 or UTF-32 if a BOM says so.

    Raises:
        InputError: missing, unreadable or not in these.
    """
    where = where or path.name
    try:
        data = path.read_bytes()
        return data.decode(marked_encoding(data) or "utf-8")
    except FileNotFoundError:
        raise InputError(Problem(where, text("the file is missing"))) from None
    except UnicodeDecodeError:
        what = text("the file is not UTF-8; save it again with the encoding UTF-8")
        raise InputError(Problem(where, what)) from None
    except OSError as error:
        raise InputError(Problem(where, text("cannot be read: {reason}", reason=reason_of(error)))) from error


def read_toml(path: Path, where: str | None = None) -> dict[str, Any]:
    """A TOML file as nested dicts.

    Raises:
        InputError: missing, unreadable, not UTF-8 or not TOML.
    """
    content = read_text(path, where)
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InputError(Problem(where or path.name, _not_toml(str(error), content))) from None


def parse(model: type[Model], values: Mapping[str, object], where: str, prefix: str = "") -> Model:
    """Build `model` from `values`.

    Args:
        where: the file (and row) the values came from.
        prefix: what stands before each key in messages, e.g. "programme 2, ".

    Raises:
        InputError: with one problem per wrong, missing or unknown key.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        found = _wrongs(model, error)
        raise InputError(*(Problem(_place(where, prefix, one.key), one.what) for one in found)) from None


def find_wrong(model: type[BaseModel], values: Mapping[str, object]) -> tuple[Wrong, ...]:
    """Everything about `values` that `model` would refuse; empty when it would not."""
    try:
        model.model_validate(values)
    except ValidationError as error:
        return _wrongs(model, error)
    return ()


def one_line(value: str) -> str:
    """A validator: text that can stand on a card or in a title, without blanks around it.

    Raises:
        Complaint: a line break, control character or mark that turns the direction of writing.
    """
    if any(unicodedata.category(ch) in {"Cc", "Zl", "Zp", "Cs"} or ch in _DIRECTIONS for ch in value):
        raise Complaint(text("must be one line without control characters"))
    return value.strip()


def web_link(value: str) -> str:
    """A validator: empty, or a link that a phone can open.

    Raises:
        Complaint: not http or https, or with blanks in it.
    """
    value = one_line(value)
    if value and not re.fullmatch(r"https?://[^\s/]\S*", value, re.IGNORECASE):
        raise Complaint(text("{given} is not a link; it begins with https:// or http://", given=_shown(value)))
    return value


def nearest(value: str, choices: Iterable[str]) -> str | None:
    """The choice a person most likely meant, or None when nothing is close."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(value, list(choices), scorer=fuzz.ratio, processor=str.casefold, score_cutoff=45)
    return found[0] if found else None


def not_one_of(value: str, choices: Iterable[str]) -> Text:
    """That a value is not known, with the nearest choice, or all of them when nothing is near."""
    options = tuple(filter(None, choices))
    guess = nearest(value, options)
    if guess:
        return text("“{value}” is not known; did you mean {guess}?", value=value, guess=guess)
    if not options:
        return text("“{value}” is not known; there is none yet", value=value)
    shown = "、".join(options[:_MOST_SHOWN]) + ("…" if len(options) > _MOST_SHOWN else "")
    return text("“{value}” is not known; write one of: {choices}", value=value, choices=shown)


def _place(where: str, prefix: str, key: str) -> str:
    return f"{where}: {prefix}{key}" if key else f"{where}: {prefix}".rstrip(": ,")


def _wrongs(model: type[BaseModel], error: ValidationError) -> tuple[Wrong, ...]:
    return tuple(Wrong(item["loc"], _explain(item, model)) for item in error.errors())


def _explain(item: ErrorDetails, model: type[BaseModel]) -> Text:
    context = item.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, Complaint):
        return cause.what
    kind, given = item["type"], item.get("input")
    if kind == "extra_forbidden":
        return _unknown_key(item["loc"], model)
    if kind in {"literal_error", "enum"}:
        expected = str(context.get("expected", ""))
        return not_one_of(str(given), re.findall(r"'([^']*)'", expected) or re.findall(r"\d+", expected))
    limits = ("ge", "gt", "le", "lt", "max_length", "min_length")
    limit = next((context[name] for name in limits if name in context), "")
    for start, sentence in _SENTENCES.items():
        if kind.startswith(start):
            size = len(given) if isinstance(given, str | list | tuple) else 0
            return Text(sentence.pattern, {"given": _shown(given), "limit": limit, "size": size})
    return text("{given} is not allowed here ({reason})", given=_shown(given), reason=item["msg"])


def _unknown_key(loc: Loc, model: type[BaseModel]) -> Text:
    """An unknown key is most often misspelt, or stands in the wrong table."""
    key = str(loc[-1])
    here = _model_at(model, loc[:-1])
    guess = nearest(key, _keys(here))
    if len(loc) > 1 and key in _keys(model):
        return text("unknown key here; it belongs at the top of the file, above every [table]")
    for name, field in model.model_fields.items():
        if len(loc) == 1 and any(key in _keys(part) for part in _models_in(field.annotation)):
            return text("unknown key here; it belongs below [{table}]", table=field.alias or name)
    return text("unknown key; did you mean “{guess}”?", guess=guess) if guess else text("unknown key; remove it")


def _model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel]:
    """The model that the keys below `loc` belong to; the last one known when the way is lost in a union."""
    for part in loc:
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        if part in fields:
            model = next(iter(_models_in(fields[str(part)].annotation)), model)
    return model


def _keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def _models_in(annotation: object) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _models_in(argument)


def _shown(value: object) -> Text | str:
    """A wrong value as its writer would recognise it."""
    match value:
        case bool():
            return "true" if value else "false"
        case date() | time():
            return value.isoformat()
        case str():
            return f"“{value[:_LONGEST_SHOWN]}…”" if len(value) > _LONGEST_SHOWN else f"“{value}”"
        case list() | tuple():
            return text("a list")
        case dict():
            return text("a table")
    return str(value)


def _not_toml(reason: str, content: str) -> Text:
    """What tomllib says, with the line and in words a person who never heard of TOML can act on."""
    at = _POSITION.search(reason)
    lines = content.splitlines() or [""]
    number = min(int(at[1]), len(lines)) if at and at[1] else len(lines)
    hint = _toml_hint(_POSITION.sub("", reason), lines[number - 1])
    return text("this is not valid TOML, line {line}: {hint}", line=number, hint=hint)


def _toml_hint(reason: str, line: str) -> Text:
    bare = _QUOTED.sub("", line)
    if _FULL_WIDTH.search(bare):
        return text('use the signs = " , : [ ] of the English keyboard, not the Chinese ones')
    for start, hint in _TOML_HINTS.items():
        if reason.startswith(start):
            return hint
    if "=" in bare and not bare.partition("=")[0].isascii():
        return text("a key is written in English, like title")
    return text('this line cannot be understood; write it like title = "..."')


# By how tomllib's message begins.
_TOML_HINTS: Mapping[str, Text] = {
    "Cannot overwrite": text("this key appears twice; remove one"),
    "Cannot declare": text("this table appears twice; remove one"),
    "Illegal character": text("a closing quote is missing, or the line holds a control character"),
    "Unterminated string": text("a closing quote is missing"),
    "Unclosed array": text("a closing ] is missing"),
    "Unescaped '\\'": text("write / instead of \\, or put the text in single quotes"),
    "Invalid date": text("there is no such day or time of day; a date is written 2026-11-23, a time 19:30:00"),
    "Invalid value": text("text stands in quotes; a date is written 2026-11-23"),
    "Expected newline": text("text stands in quotes, and each key on a line of its own"),
    "Expected '='": text("a key is followed by ="),
}

# By how pydantic's name for the error begins.
_SENTENCES: Mapping[str, Text] = {
    "missing": text("this key is missing"),
    "string_type": text("must be text in quotes, not {given}"),
    "string_too_short": text("must not be empty"),
    "string_too_long": text("is {size} characters long; at most {limit}: shorten it"),
    "string_pattern": text("{given} is not allowed here; use small letters a to z, digits and “-”"),
    "int": text("must be a whole number, not {given}"),
    "float": text("must be a number, not {given}"),
    "greater_than_equal": text("{given} is too small; at least {limit}"),
    "greater_than": text("{given} is too small; it must be more than {limit}"),
    "less_than_equal": text("{given} is too large; at most {limit}"),
    "less_than": text("{given} is too large; it must be less than {limit}"),
    "date": text("{given} is not a date; write 2026-11-23"),
    "time_delta": text("{given} is not a length of time"),
    "time": text("{given} is not a time of day; write 19:30"),
    "bool": text("must be true or false, not {given}"),
    "too_short": text("must have at least {limit} entries"),
    "too_long": text("has {size} entries; at most {limit}"),
    "tuple": text("must be a list in square brackets, not {given}"),
    "list": text("must be a list in square brackets, not {given}"),
    "model": text("must be a table with keys of its own, not {given}"),
    "dict": text("must be a table with keys of its own, not {given}"),
}
